/** Where messages may be missing in a trace: what could not be read of it, by the SAs that it may concern. */
import type { Unread } from '../events/event.ts';
import { type Concern, makesHole, type SourceFact } from '../events/source-facts.ts';

const NO_SPI = '0000000000000000';

export class Holes {
  /** Whether one of them may concern any SA. */
  readonly #everywhere: boolean;
  readonly #sas: ReadonlySet<string>;
  /** SPIs of initiators, where that of the responder was not given yet. */
  readonly #initiators: ReadonlySet<string>;
  /** Pairs of hosts, sorted, with a blank between. */
  readonly #hosts: ReadonlySet<string>;

  /** @param notAuthentic IKE SAs of which there were messages with a wrong integrity value */
  constructor(
    unread: readonly Unread[],
    facts: readonly SourceFact[],
    notAuthentic: ReadonlySet<string> = new Set(),
  ) {
    // Of some, events of their own say what they may hide.
    const concerns = [
      ...unread.filter(({ told }) => told !== true).map(({ concern }) => concern),
      ...facts.filter(makesHole).flatMap(concernsOf),
    ];
    this.#everywhere = concerns.includes(undefined);
    const named = concerns.flatMap((concern) => (concern?.kind === 'ike' ? [concern.sa] : []));
    this.#sas = new Set([...named, ...notAuthentic]);
    this.#initiators = new Set(named.flatMap((sa) => (sa.endsWith(`:${NO_SPI}`) ? [initiatorOf(sa)] : [])));
    this.#hosts = new Set(
      concerns.flatMap((concern) => (concern?.kind === 'hosts' ? [concern.hosts.join(' ')] : [])),
    );
  }

  /** Whether there is any. */
  get any(): boolean {
    return this.#everywhere || this.#sas.size > 0 || this.#hosts.size > 0;
  }

  /**
   * Whether one of them may concern an IKE SA.
   *
   * @param hosts the two hosts, sorted, with a blank between; empty if they are not known
   */
  concern(sa: string, hosts: string): boolean {
    return (
      this.#everywhere ||
      this.#sas.has(sa) ||
      this.#initiators.has(initiatorOf(sa)) ||
      (this.#hosts.size > 0 && (hosts.trim() === '' || this.#hosts.has(hosts)))
    );
  }
}

/** Which SAs a fact may concern; nothing in place of one if it may be any. */
const concernsOf = (fact: SourceFact): readonly (Concern | undefined)[] =>
  (fact.kind === 'passed-over' ? fact.concerns : undefined) ?? [undefined];

const initiatorOf = (sa: string): string => sa.slice(0, NO_SPI.length);

/**
 * Whether a record that could not be read may belong to something that is judged.
 *
 * @param isKnown whether a message of this IKE SA was seen
 */
export function isOfInterest(
  { incomplete, concern, told }: Unread,
  isKnown: (sa: string) => boolean,
): boolean {
  if (incomplete === true || told === true) return false;
  return concern?.kind !== 'ike' || isKnown(concern.sa);
}
