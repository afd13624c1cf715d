/**
 * Findings of a source that has not ended, each told once, and only when it is certain. One that its messages show by
 * themselves is told at once. Of another, a message that comes late could make an order of it that is allowed: it is told
 * when it is certain still after a while.
 */
import type { SoFar } from '../account.ts';
import type { Finding } from '../finding.ts';

/** Nothing comes later than this, in seconds: beyond it, times that go back are no queue's doing. */
export const LATE = 5;

export class Announced {
  /** By IKE SA: what was told, and since when the others are certain. */
  readonly #sas = new Map<string, { readonly told: Set<string>; since: Map<string, number> }>();

  /** How many IKE SAs something is remembered of. */
  get remembered(): number {
    return this.#sas.size;
  }

  /** Whether any finding waits for its time. */
  waiting(sa: string): boolean {
    return (this.#sas.get(sa)?.since.size ?? 0) > 0;
  }

  /** @returns findings that are to be told now */
  soFar(sa: string, soFar: readonly SoFar[], now: number): readonly Finding[] {
    const known = this.#sas.get(sa) ?? { told: new Set<string>(), since: new Map<string, number>() };
    this.#sas.set(sa, known);
    const { told, since: before } = known;
    known.since = new Map();
    return soFar.flatMap(({ finding, isFinal }) => {
      const key = keyOf(finding);
      if (told.has(key)) return [];
      const since = before.get(key) ?? now;
      if (!isFinal && now - since < LATE) {
        known.since.set(key, since);
        return [];
      }
      told.add(key);
      return [finding];
    });
  }

  /** The IKE SA is done with. @returns those of its findings that were not told */
  closed(sa: string, findings: readonly Finding[]): readonly Finding[] {
    const told = this.#sas.get(sa)?.told;
    this.#sas.delete(sa);
    return told === undefined ? findings : findings.filter((finding) => !told.has(keyOf(finding)));
  }
}

/** What a finding is known by: its words may change, when it turns out which end is a cluster. */
const keyOf = ({ rule, event, property = '' }: Finding): string => `${event} ${rule} ${property}`;
