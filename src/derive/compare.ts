/** Comparisons of numbers, at least one of which is not known: answered on the way that is looked at. */
import { plus, question, type Sum } from './linear.ts';
import { decide } from './paths.ts';

/** a <= b */
export function isAtMost(a: Sum | number, b: Sum | number): boolean {
  if (a === Infinity || b === -Infinity || Number.isNaN(a) || Number.isNaN(b)) return false;
  if (b === Infinity || a === -Infinity) return true;
  // All that is not known is whole.
  const difference = plus(whole(a, Math.ceil), whole(b, Math.floor), -1);
  return typeof difference === 'number' ? difference <= 0 : decide(question('at-most', difference));
}

const whole = (a: Sum | number, round: (value: number) => number): Sum | number =>
  typeof a === 'number' ? round(a) : a;

/** a === b */
export function isSameNumber(a: Sum | number, b: Sum | number): boolean {
  if ((typeof a === 'number' && !Number.isInteger(a)) || (typeof b === 'number' && !Number.isInteger(b)))
    return false;
  const difference = plus(a, b, -1);
  return typeof difference === 'number' ? difference === 0 : decide(question('is', difference));
}
