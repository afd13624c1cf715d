/**
 * What a message is as the first act of a newly active member, from each state that it may hold. The readings of a text
 * differ in little, and each of them tries the same states: what becomes of one is worked out once for a message.
 */
import { goOn, type Refused, type SaState } from '../../../model/index.ts';
import { textOf } from '../common/text-of.ts';
import type { Attempt, Made } from './explanation.ts';

export type Steps = readonly (Made | Refused)[];

const NONE: Steps = [];

export class Takeovers {
  #event = -1;
  /** By what the steps depend on besides the message and the state, and by the text of the state. */
  #known = new Map<string, Map<string, Steps>>();
  /** Equal steps are one and the same. */
  #steps: readonly (Made | Refused)[] = [];

  /**
   * The attempt for all readings that agree in `of`.
   *
   * @param event the number of the message
   */
  of(event: number, of: string, attempt: Attempt): (sa: SaState) => Steps {
    if (event !== this.#event) {
      this.#event = event;
      this.#known = new Map();
      this.#steps = [];
    }
    const known = this.#known.get(of) ?? new Map<string, Steps>();
    this.#known.set(of, known);
    return (sa) => {
      const text = textOf(sa);
      const found = known.get(text);
      if (found !== undefined) return found;
      const step = goOn(sa);
      const steps = step.enabled ? attempt(step.member, []).map((each) => this.#one(each)) : NONE;
      known.set(text, steps);
      return steps;
    };
  }

  #one(step: Made | Refused): Made | Refused {
    const known = this.#steps.find((each) => isSame(each, step));
    if (known !== undefined) return known;
    this.#steps = [step, ...this.#steps].slice(0, LATELY);
    return step;
  }
}

/** With so many steps a further one is compared. */
const LATELY = 16;

/** Whether two steps are the same in all that decides; of those that are made of other parts, it is not found. */
function isSame(one: Made | Refused, other: Made | Refused): boolean {
  if (!one.enabled || !other.enabled) {
    return !one.enabled && !other.enabled && one.rule === other.rule && one.because === other.because;
  }
  return (
    hasSameParts(one.member.sa, other.member.sa) &&
    (one.member.sync === other.member.sync ||
      (one.member.sync !== null &&
        other.member.sync !== null &&
        hasSameParts(one.member.sync, other.member.sync))) &&
    one.unsent === other.unsent &&
    one.observations.length === other.observations.length &&
    one.observations.every((each, index) => hasSameParts(each, other.observations[index]!))
  );
}

function hasSameParts<T extends object>(one: T, other: T): boolean {
  const keys = Object.keys(one) as (keyof T)[];
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}
