/**
 * What is remembered of an IKE SA that is done with, while its source goes on: findings that convict by all that was seen
 * of it, and that a hole which shows later would not let convict. They are weakened then as they would be if the IKE SA
 * were still followed.
 */
import type { IkeSaResult } from '../judge/ike-sa-readings.ts';
import { type ClosedAccount, firstOf, isCertain, type Loose, UNREAD } from './account.ts';
import type { Observation } from './conviction.ts';
import type { Finding } from './finding.ts';

/** What shows later: a hole that is told of in the trace, one outside it, or that not all of the IKE SA was judged. */
export type Later = 'gap' | 'holes' | 'more';

/** Puts frames and lines in place of the numbers of events. */
export interface Placing {
  readonly finding: (finding: Finding) => Finding;
  readonly text: (text: string) => string;
}

/** A result before, and after something has weakened it. */
export interface Weakened {
  readonly before: IkeSaResult;
  readonly result: IkeSaResult;
  /** Those of its findings that convicted before. */
  readonly findings: readonly Finding[];
}

export class ClosedSa {
  /** The two hosts, sorted, with a blank between. */
  readonly hosts: string;
  #observation: Observation;
  #hasGap = false;
  #result: IkeSaResult;
  #loose: readonly Loose[];
  readonly #own: ClosedAccount;
  /** Under each reading; none if they do not differ. */
  #readings: readonly ClosedAccount[];

  constructor(
    hosts: string,
    observation: Observation,
    result: IkeSaResult,
    { own, readings }: { readonly own: ClosedAccount; readonly readings: readonly ClosedAccount[] },
  ) {
    this.hosts = hosts;
    this.#observation = observation;
    this.#own = own;
    this.#loose = own.loose;
    this.#readings = readings;
    // What else is said of it was said when it was closed.
    this.#result = { ...result, remarks: [], missing: [] };
  }

  /** Whether something may still weaken a finding that convicts, under any reading. */
  get isLoose(): boolean {
    return this.#loose.length > 0 || this.#readings.some(({ loose }) => loose.length > 0);
  }

  /** How much is remembered, in findings. */
  get weight(): number {
    return this.#readings.reduce((sum, { loose }) => sum + loose.length, this.#result.findings.length);
  }

  place({ finding, text }: Placing): void {
    this.#result = { ...this.#result, findings: this.#result.findings.map(finding) };
    this.#loose = this.#loose.map((each) => ({
      ...each,
      condition: text(each.condition),
      missing: text(each.missing),
    }));
  }

  /** @returns what becomes of its findings; nothing if nothing does */
  weaken(later: Later): Weakened | undefined {
    this.#hasGap ||= later === 'gap';
    this.#observation = { ...this.#observation, holes: this.#observation.holes || later === 'holes' };
    const stays =
      (sequences: ClosedAccount['sequences']) =>
      ({ charge }: Loose): boolean =>
        later !== 'more' && isCertain(charge, this.#hasGap, this.#observation, sequences);
    const isLoose = stays(this.#own.sequences);
    const gone = new Map(this.#loose.flatMap((each) => (isLoose(each) ? [] : [[each.index, each]])));
    const readings = this.#readings.map((each): ClosedAccount => {
      const loose = each.loose.filter(stays(each.sequences));
      return {
        ...each,
        loose,
        standing: { ...each.standing, violates: loose.length + each.forGood > 0 },
      };
    });
    const isSame = readings.every(({ loose }, index) => loose.length === this.#readings[index]?.loose.length);
    if (gone.size === 0 && isSame) return undefined;
    const before = this.#result;
    const findings = before.findings.map((finding, index) => {
      const condition = gone.get(index)?.condition;
      return condition === undefined ? finding : { ...finding, condition };
    });
    this.#loose = this.#loose.filter(isLoose);
    this.#readings = readings;
    this.#result = {
      ...before,
      findings,
      missing: [
        ...(later === 'holes' && gone.size > 0 ? [UNREAD] : []),
        ...firstOf([...gone.values()].map(({ missing }) => missing)),
      ],
      readings: readings.map(({ standing }) => standing),
    };
    return { before, result: this.#result, findings: findings.filter((_, index) => gone.has(index)) };
  }
}
