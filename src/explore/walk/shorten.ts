/**
 * Shorter paths to the same violation: first fast-check drops choices, then what it leaves is shortened directly.
 *
 * The result is a path from which no two choices can be dropped. It need not be the shortest that there is:
 * only an exploration can tell.
 */
import type { Choice, Path } from './path.ts';

/** Follows a path: the choices up to the violation, as they were taken; undefined if there is none. */
export type Follow = (path: Path) => Path | undefined;

/** Paths that are tried at most, by either. */
const MOST_TRIES = 20_000;
/** The highest way that is tried in place of another one. */
const MOST_OTHER_WAYS = 4;

/**
 * A shorter path to the violation.
 *
 * @param path - leads to the violation
 * @param seed - for fast-check; shrinking takes no chances, so the result does not depend on it
 */
export async function shorten(path: Path, follow: Follow, seed: number): Promise<Path> {
  const shrunk = await shrinkByFastCheck(path, follow, seed);
  return shortenDirectly(shrunk, follow);
}

/** Drops choices in the way of `fc.subarray`, until no drop that it knows keeps the violation. */
export async function shrinkByFastCheck(path: Path, follow: Follow, seed: number): Promise<Path> {
  const { default: fc } = await import('fast-check');
  const positions = path.choices.map((_, index) => index);
  let best = path;
  let tries = 0;
  fc.check(
    fc.property(fc.subarray(positions), (kept) => {
      if (++tries > MOST_TRIES) return true;
      const shorter = follow({ ...path, choices: kept.map((index) => path.choices[index]!) });
      if (shorter === undefined) return true;
      if (shorter.choices.length < best.choices.length) best = shorter;
      return false;
    }),
    { examples: [[positions]], numRuns: 1, seed },
  );
  return best;
}

/** Drops blocks of choices and pairs of them, and takes other ways, until nothing of it keeps the violation. */
export function shortenDirectly(path: Path, follow: Follow): Path {
  let tries = 0;
  const attempt = (choices: readonly Choice[]): Path | undefined =>
    ++tries > MOST_TRIES ? undefined : follow({ ...path, choices });
  let best = path;
  for (;;) {
    const better =
      withoutBlocks(best, attempt) ??
      withOtherWays(best, attempt) ??
      withoutPairs(best, attempt) ??
      withoutOneAndOtherWay(best, attempt);
    if (better === undefined) return best;
    best = better;
  }
}

type Attempt = (choices: readonly Choice[]) => Path | undefined;

const isShorter = (path: Path | undefined, than: Path): path is Path =>
  path !== undefined && path.choices.length < than.choices.length;

/** Large blocks first. */
function withoutBlocks(path: Path, attempt: Attempt): Path | undefined {
  const { choices } = path;
  for (let size = choices.length >>> 1; size >= 1; size >>>= 1) {
    for (let at = choices.length - size; at >= 0; at -= size) {
      const shorter = attempt([...choices.slice(0, at), ...choices.slice(at + size)]);
      if (isShorter(shorter, path)) return shorter;
    }
  }
  return undefined;
}

/** One choice taken in its first way, and possibly another one dropped for it. */
function withOtherWays(path: Path, attempt: Attempt): Path | undefined {
  const { choices } = path;
  for (let at = 0; at < choices.length; at++) {
    const choice = choices[at]!;
    for (let pick = 0; pick < choice.pick; pick++) {
      const other = choices.with(at, { ...choice, pick });
      const same = attempt(other);
      // Lower, or shorter: either way it comes to an end.
      if (same !== undefined && same.choices.length <= choices.length && weightOf(same) < weightOf(path)) {
        return same;
      }
    }
  }
  return undefined;
}

const weightOf = ({ choices }: Path): number =>
  choices.reduce((sum, { pick }) => sum + pick, choices.length * 1_000_000);

function withoutPairs(path: Path, attempt: Attempt): Path | undefined {
  const { choices } = path;
  for (let first = choices.length - 2; first >= 0; first--) {
    for (let second = choices.length - 1; second > first; second--) {
      const shorter = attempt(choices.filter((_, index) => index !== first && index !== second));
      if (isShorter(shorter, path)) return shorter;
    }
  }
  return undefined;
}

/** Without a step, there may be fewer messages to choose from: a later choice may have to be counted anew. */
function withoutOneAndOtherWay(path: Path, attempt: Attempt): Path | undefined {
  for (let dropped = path.choices.length - 2; dropped >= 0; dropped--) {
    const choices = path.choices.toSpliced(dropped, 1);
    for (let at = dropped; at < choices.length; at++) {
      const choice = choices[at]!;
      for (let pick = 0; pick <= MOST_OTHER_WAYS; pick++) {
        if (pick === choice.pick) continue;
        const shorter = attempt(choices.with(at, { ...choice, pick }));
        if (isShorter(shorter, path)) return shorter;
      }
    }
  }
  return undefined;
}
