/**
 * Judging a property of progress takes as long as the search did, or longer; so it can be interrupted in the midst.
 *
 * Whatever takes long is written as work: a generator that says now and then how far it is. Only there can it be
 * given up, and then there is no result; a verdict is what comes out of work that was done to its end.
 */
import { breathe } from './host.ts';
import type { Judging } from './options.ts';
import type { Stopped } from './result.ts';

/** What takes long: how far it is in its present stage, again and again, and what it comes to in the end. */
export type Work<T> = Generator<HowFar, T, undefined>;

/** How far work is. */
export type HowFar = Omit<Judging, 'property'>;

/** States, or what takes as long as a state, that are looked at between two words: some milliseconds. */
export const EACH_TIME = 4096;

/** Milliseconds between two returns to the event loop. */
const BREATH = 100;

/** Work that came to nothing, since somebody interrupted it or there was no time left. */
export interface GivenUp {
  readonly givenUp: 'interrupted' | 'time';
}

/**
 * Does work to its end, or until it is to be given up; it may not even begin.
 *
 * @param ended - asked at the beginning and whenever the work says how far it is
 * @param tell - told how far it is, about ten times a second
 */
export async function workedOn<T>(
  work: Work<T>,
  ended: () => Extract<Stopped['reason'], 'interrupted' | 'time'> | undefined,
  tell: (howFar: HowFar) => void,
): Promise<{ readonly result: T } | GivenUp> {
  let breathed = performance.now();
  // An interruption may be waiting to be heard.
  await breathe();
  for (;;) {
    const givenUp = ended();
    if (givenUp !== undefined) return { givenUp };
    const { done, value } = work.next();
    if (done === true) return { result: value };
    if (performance.now() - breathed < BREATH) continue;
    tell(value);
    await breathe();
    breathed = performance.now();
  }
}

/** Calls for each number below `count`, with a word now and then. */
export function* forEachBelow(count: number, stage: string, call: (index: number) => void): Work<void> {
  for (let from = 0; from < count; from += EACH_TIME) {
    yield { stage, done: from, of: count };
    const to = Math.min(from + EACH_TIME, count);
    for (let index = from; index < to; index++) call(index);
  }
}

/** The result of work that nobody interrupts. */
export function resultOf<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}
