/**
 * Findings of a source that has not ended, each told once, and only when it is certain. One that its messages show by
 * themselves is told at once. Of another, a message that comes late could make an order of it that is allowed: it is told
 * when it is certain still after a while. And so is that it is not certain any more: often that passes, as while a
 * response is under way.
 */
import type { SoFar } from '../findings/account.ts';
import type { Finding } from '../findings/finding.ts';

/** Nothing comes later than this, in seconds: beyond it, times that go back are no queue's doing. */
export const LATE = 5;

/** What is to be told now. */
export interface ToTell {
  readonly found: readonly Finding[];
  /** Findings that were told as certain, and are not any more. */
  readonly weakened: readonly Finding[];
}

interface Known {
  /** What was told last of a finding: whether it is certain. */
  readonly told: Map<string, boolean>;
  /** Since when something else than that seems to be so. */
  since: Map<string, number>;
}

export class Announced {
  /** By IKE SA. */
  readonly #sas = new Map<string, Known>();

  /** How many IKE SAs something is remembered of. */
  get remembered(): number {
    return this.#sas.size;
  }

  /** Whether anything waits for its time. */
  waiting(sa: string): boolean {
    return (this.#sas.get(sa)?.since.size ?? 0) > 0;
  }

  soFar(sa: string, soFar: readonly SoFar[], now: number): ToTell {
    const known = this.#sas.get(sa) ?? { told: new Map<string, boolean>(), since: new Map<string, number>() };
    this.#sas.set(sa, known);
    const { told, since: before } = known;
    known.since = new Map();
    const due = soFar.flatMap(({ finding, isPlain }) => {
      const key = keyOf(finding);
      const isCertain = finding.condition === undefined;
      if (isCertain === (told.get(key) ?? false)) return [];
      const since = before.get(key) ?? now;
      if (!(isCertain && isPlain) && now - since < LATE) {
        known.since.set(key, since);
        return [];
      }
      told.set(key, isCertain);
      return [finding];
    });
    return byCertainty(due);
  }

  /** The IKE SA is done with. @returns of its findings, what was not told */
  closed(sa: string, findings: readonly Finding[]): ToTell {
    const told = this.#sas.get(sa)?.told ?? new Map<string, boolean>();
    this.#sas.delete(sa);
    const isToldAs = (finding: Finding): boolean | undefined => told.get(keyOf(finding));
    const news = findings.filter((finding) => isToldAs(finding) !== (finding.condition === undefined));
    const weakened = news.filter((finding) => isToldAs(finding) === true);
    return { found: news.filter((finding) => isToldAs(finding) !== true), weakened };
  }
}

const byCertainty = (findings: readonly Finding[]): ToTell => ({
  found: findings.filter(({ condition }) => condition === undefined),
  weakened: findings.filter(({ condition }) => condition !== undefined),
});

/** What a finding is known by: its words may change, when it turns out which end is a cluster. */
const keyOf = ({ rule, event, property = '' }: Finding): string => `${event} ${rule} ${property}`;
