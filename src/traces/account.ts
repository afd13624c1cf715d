/** The account of one IKE SA: findings, remarks, what is missing; and what the two ends are called in it. */
import { type Endpoint, otherEnd, type RuleId } from '../../model/index.ts';
import { CappedSet } from './capped-set.ts';
import type { End } from './event.ts';
import type { Tried } from './explanation.ts';
import type { Finding, Prefix, Remark } from './finding.ts';
import { frameOf, type NumberedIke } from './ike-event.ts';
import { ruleBrokenBy } from './refusal.ts';
import { list } from './wording.ts';

/** What is said of an event; the account adds who and where. */
export interface Told {
  readonly rule: RuleId;
  readonly property?: string | undefined;
  readonly message: string;
  readonly allowed: string;
  readonly alsoFrames?: readonly number[];
  readonly tried?: readonly Tried[];
  /** What would explain it all the same, if it were there: a message that could not be read. */
  readonly unless?: string;
}

/** One end, as far as the account needs it. */
export interface Party {
  /** Whether it showed that another member took over, or is told to be a cluster. */
  readonly actsAsCluster: boolean;
  readonly address: string | undefined;
}

export interface Entry {
  readonly told: Told;
  readonly by: Endpoint;
  readonly event: number;
  readonly at: ReturnType<typeof frameOf>;
}

interface Noted {
  readonly message: string;
  readonly at: ReturnType<typeof frameOf>;
}

/** So many findings, and so many remarks, are kept of one IKE SA; the rest is counted. */
const MOST = 1000;

/** And so many things that are missing. */
const MOST_MISSING = 100;

/** Which end of the specification an end of the trace stands for: the same throughout, whichever is a cluster. */
export const modelEnd = (end: End): Endpoint => (end === 'responder' ? 'cluster' : 'peer');

export const wireEnd = (end: Endpoint): End => (end === 'cluster' ? 'responder' : 'initiator');

/** Rules that a single message breaks by what it is, whatever came before it. */
const BY_ITSELF: ReadonlySet<RuleId> = new Set([
  'RFC6311-5.1-ALONE',
  'RFC6311-5.1-MID-ZERO',
  'RFC6311-6.3-FORMAT',
  'RFC6311-6.4-FORMAT',
]);

const GAP = 'messages where the trace has a hole: one of them may explain what seems not allowed';

export class Account {
  readonly missing: CappedSet;
  /** Whether something is known to be missing in the trace of this SA: it may explain what seems not allowed. */
  hasGap: boolean;
  readonly #entries: Entry[];
  readonly #noted: Noted[];
  #beyond: { readonly findings: number; readonly remarks: number };

  constructor(from?: Account) {
    this.missing = new CappedSet(MOST_MISSING, from?.missing);
    this.hasGap = from?.hasGap ?? false;
    this.#entries = from === undefined ? [] : [...from.#entries];
    this.#noted = from === undefined ? [] : [...from.#noted];
    this.#beyond = from === undefined ? { findings: 0, remarks: 0 } : from.#beyond;
  }

  /** @returns the finding, if it is listed */
  find(numbered: NumberedIke, by: Endpoint, told: Told): Entry | undefined {
    if (this.#entries.length < MOST) {
      const entry = { told, by, event: numbered.number, at: frameOf(numbered) };
      this.#entries.push(entry);
      return entry;
    }
    this.#beyond = { ...this.#beyond, findings: this.#beyond.findings + 1 };
    return undefined;
  }

  /** Takes back what turned out to be no fault. */
  takeBack(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  remark(numbered: NumberedIke | undefined, message: string): void {
    if (this.#noted.length < MOST) this.#noted.push({ message, at: frameOf(numbered) });
    else this.#beyond = { ...this.#beyond, remarks: this.#beyond.remarks + 1 };
  }

  /** How many findings there are so far, those that something unread may explain included. */
  get count(): number {
    return this.#entries.length + this.#beyond.findings;
  }

  /** Everything, in the words that fit what turned out: which end is a cluster. */
  result(parties: Readonly<Record<Endpoint, Party>>, holes: boolean) {
    const names = namesOf(parties);
    const excuseFor = ({ rule, unless }: Told): string | undefined =>
      this.hasGap && !BY_ITSELF.has(rule) ? GAP : holes ? unless : undefined;
    const kept = this.#entries.filter(({ told }) => excuseFor(told) === undefined);
    const explained = this.#entries.flatMap(({ told }) => excuseFor(told) ?? []);
    const { findings: more, remarks } = this.#beyond;
    return {
      findings: kept.map((entry) => findingOf(entry, parties, names)).toSorted((a, b) => a.event - b.event),
      remarks: [
        ...this.#noted.map(({ message, at }): Remark => ({ message: inWords(message, names), ...at })),
        ...(more === 0 ? [] : [{ message: `${more} further findings under this IKE SA are not listed` }]),
        ...(remarks === 0 ? [] : [{ message: `${remarks} further notes on this IKE SA are not listed` }]),
      ],
      missing: [...new Set([...this.missing.list(), ...explained])],
      clusters: clustersAmong(parties),
    };
  }
}

type Names = Readonly<Record<Endpoint, Finding['actor']>>;

/** `cluster` and `peer` only if one end showed that it is a cluster, and the other did not; else what the wire tells. */
function namesOf(parties: Readonly<Record<Endpoint, Party>>): Names {
  const [first, ...others] = (['cluster', 'peer'] as const).filter((end) => parties[end].actsAsCluster);
  if (first === undefined || others.length > 0) {
    return { cluster: wireEnd('cluster'), peer: wireEnd('peer') };
  }
  return first === 'cluster' ? { cluster: 'cluster', peer: 'peer' } : { cluster: 'peer', peer: 'cluster' };
}

/** The ends that showed that they are clusters. */
function clustersAmong(parties: Readonly<Record<Endpoint, Party>>): readonly End[] {
  const ends: readonly Endpoint[] = ['cluster', otherEnd('cluster')];
  return ends.filter((end) => parties[end].actsAsCluster).map(wireEnd);
}

/** The specification's words for the ends, in those of the trace. */
const inWords = (text: string, names: Names): string =>
  text.replace(/\bthe (cluster|peer)\b/g, (_, end: Endpoint) => `the ${names[end]}`);

function findingOf(
  { told, by, event, at }: Entry,
  parties: Readonly<Record<Endpoint, Party>>,
  names: Names,
): Finding {
  const { address } = parties[by];
  const { rule, property, alsoFrames = [], tried = [] } = told;
  return {
    rule,
    ...(property === undefined ? {} : { property }),
    actor: names[by],
    ...(address === undefined ? {} : { address }),
    event,
    ...at,
    message: inWords(told.message, names),
    allowed: inWords(told.allowed, names),
    explainedUntil: event - 1,
    ...(tried.length === 0 ? {} : { prefixes: tried.map((each) => prefixOf(each, names)) }),
    ...(alsoFrames.length === 0 ? {} : { alsoFrames }),
  };
}

const prefixOf = ({ way, events, refusal }: Tried, names: Names): Prefix => ({
  way:
    way === 'goes on'
      ? 'the active member goes on'
      : `another member takes over, with the state after ${list('event', events)}`,
  rule: ruleBrokenBy(refusal),
  because: inWords(refusal.because, names),
});
