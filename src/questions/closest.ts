/** The name that was meant, as far as one can guess. */

/** The one of some names that is most like another one; undefined if none is like it. */
export function closest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const each of names) {
    const far = distance(name.toLowerCase(), each.toLowerCase());
    if (far >= least) continue;
    best = each;
    least = far;
  }
  return best;
}

/** `; did you mean ...?`, or nothing. */
export const orDidYouMean = (name: string, names: readonly string[]): string => {
  const meant = closest(name, names);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
};

/** Characters to change, add, leave out, or exchange with the next one. Long names are not like anything. */
function distance(one: string, other: string): number {
  if (one.length > 100 || other.length > 100) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[other.length]!;
}
