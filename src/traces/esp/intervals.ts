/** A set of numbers as a few intervals: exact as long as they suffice, and then honest about what it no longer knows. */

/** More intervals are not kept: with more gaps, the smallest one is closed. */
export const MOST_INTERVALS = 64;

interface Interval {
  first: number;
  last: number;
  /** Whether every number in it is in the set; otherwise any of them may be. */
  exact: boolean;
}

export class Intervals {
  /** In order, with a gap between any two. */
  readonly #intervals: Interval[] = [];

  /** The highest number in the set; -1 of the empty one. */
  get highest(): number {
    return this.#intervals.at(-1)?.last ?? -1;
  }

  /** Adds the numbers from `first` up to and with `last`. */
  add(first: number, last: number): void {
    const all = this.#intervals;
    // What is added is mostly above all that is there.
    let at = all.length;
    while (at > 0 && all[at - 1]!.last + 1 >= first) at -= 1;
    let end = at;
    let joined: Interval = { first, last, exact: true };
    while (end < all.length && all[end]!.first <= last + 1) {
      joined = join(joined, all[end]!);
      end += 1;
    }
    all.splice(at, end - at, joined);
    if (all.length > MOST_INTERVALS) this.#closeSmallestGap();
  }

  has(number: number): 'yes' | 'maybe' | 'no' {
    const interval = this.#intervals.find((each) => each.first <= number && number <= each.last);
    if (interval === undefined) return 'no';
    return interval.exact ? 'yes' : 'maybe';
  }

  #closeSmallestGap(): void {
    const all = this.#intervals;
    let best = 1;
    for (let at = 2; at < all.length; at += 1) {
      if (all[at]!.first - all[at - 1]!.last < all[best]!.first - all[best - 1]!.last) best = at;
    }
    const [one, other] = [all[best - 1]!, all[best]!];
    all.splice(best - 1, 2, { first: one.first, last: other.last, exact: false });
  }
}

const join = (one: Interval, other: Interval): Interval => ({
  first: Math.min(one.first, other.first),
  last: Math.max(one.last, other.last),
  exact: one.exact && other.exact,
});
