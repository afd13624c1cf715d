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

/** Characters of a list that is written out. */
const SHORT = 90;

/** Names of a long list that are told. */
const NEAREST = 5;

/**
 * What there is, for a hint: all names, if they fit on a line; else the nearest, and what lists them.
 *
 * @param what the names are of, in the plural
 * @param lists a command that lists them
 */
export function namesHint(what: string, name: string, names: readonly string[], lists: string): string {
  const all = `${what} are: ${names.join(', ')}`;
  if (all.length <= SHORT) return all;
  const near = nearest(name, names);
  const some = near.length === 0 ? '' : `like it: ${near.join(', ')}; `;
  return `${some}${lists} lists them all`;
}

/** The names that are most like another one, or have it or a word of it in them, the nearest first. */
function nearest(name: string, names: readonly string[]): readonly string[] {
  const wanted = name.toLowerCase();
  const words = wanted.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2);
  return names
    .map((each) => {
      const other = each.toLowerCase();
      const isLike = distance(wanted, other) <= Math.max(1, Math.floor(wanted.length / 3));
      const has = wanted !== '' && other.includes(wanted);
      const shared = words.filter((word) => other.includes(word)).length;
      return { each, rank: (isLike ? 4 : 0) + (has ? 2 : 0) + shared };
    })
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, NEAREST)
    .map(({ each }) => each);
}

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
