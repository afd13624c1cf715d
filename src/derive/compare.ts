/** Comparisons of numbers, at least one of which is not known: answered on the way that is looked at. */
import { plus, question, Sum } from './linear.ts';
import { decide } from './paths.ts';

/** a <= b */
export function isAtMost(a: Sum | number, b: Sum | number): boolean {
  if (a === Infinity || b === -Infinity || Number.isNaN(a) || Number.isNaN(b)) return false;
  if (b === Infinity || a === -Infinity) return true;
  // All that is not known is whole.
  const difference = plus(whole(a, Math.ceil), whole(b, Math.floor), -1);
  return typeof difference === 'number'
    ? difference <= 0
    : decide(question('at-most', reduced(difference, factorOf(difference))));
}

/** What divides the factors of all that is not known. */
const factorOf = ({ terms }: Sum): number =>
  terms.reduce((common, [, many]) => commonDivisor(common, Math.abs(many)), 0);

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** A sum that is at most 0 if and only if the one given is: all that is not known is whole. */
const reduced = (sum: Sum, factor: number): Sum =>
  factor === 1
    ? sum
    : new Sum(
        Math.ceil(sum.constant / factor),
        sum.terms.map(([variable, many]) => [variable, many / factor] as const),
      );

const whole = (a: Sum | number, round: (value: number) => number): Sum | number =>
  typeof a === 'number' ? round(a) : a;

/** a === b */
export function isSameNumber(a: Sum | number, b: Sum | number): boolean {
  if ((typeof a === 'number' && !Number.isInteger(a)) || (typeof b === 'number' && !Number.isInteger(b)))
    return false;
  const difference = plus(a, b, -1);
  if (typeof difference === 'number') return difference === 0;
  const factor = factorOf(difference);
  return difference.constant % factor === 0 && decide(question('is', reduced(difference, factor)));
}
