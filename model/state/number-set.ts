/**
 * A set of numbers as a sorted list of intervals: numbers that are mostly used in order take no room.
 */
export type NumberSet = readonly (readonly [from: number, to: number])[];

export const emptySet: NumberSet = [];

export const has = (set: NumberSet, number: number): boolean =>
  set.some(([from, to]) => from <= number && number <= to);

/** The set with one more number. */
export function add(set: NumberSet, number: number): NumberSet {
  const last = set.at(-1);
  // Numbers mostly come in order.
  if (last !== undefined && number === last[1] + 1) return [...set.slice(0, -1), [last[0], number]];
  if (last === undefined || number > last[1]) return [...set, [number, number]];
  if (has(set, number)) return set;
  const merged: [number, number][] = [];
  for (const [from, to] of [...set, [number, number] as const].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && before[1] + 1 === from) before[1] = to;
    else merged.push([from, to]);
  }
  return merged;
}
