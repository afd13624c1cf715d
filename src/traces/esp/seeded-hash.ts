/**
 * A hash of a few words that nobody can choose collisions for: for each octet of each word a random number, all put
 * together by exclusive or (simple tabulation). Whoever makes a capture chooses SPIs, addresses and numbers; without the
 * seed he would choose such as end up in one place.
 *
 * Source: Pătraşcu and Thorup, The Power of Simple Tabulation Hashing (chaining and linear probing stay constant).
 */
import { randomWords } from '../crypto/primitives.ts';

/** Words that can be put into one hash. */
const MOST_WORDS = 6;
const TABLES = randomWords(MOST_WORDS * 4 * 256);

/** The share of a word in a hash, by its place from 0 to 5; shares are put together by `^`. */
export function share(place: number, word: number): number {
  const table = place << 10;
  return (
    TABLES[table | (word & 255)]! ^
    TABLES[table | 256 | ((word >>> 8) & 255)]! ^
    TABLES[table | 512 | ((word >>> 16) & 255)]! ^
    TABLES[table | 768 | (word >>> 24)]!
  );
}
