/**
 * A quick digest of octets, for telling whether two packets with one sequence number are the same. It is keyed by
 * chance, so that nobody can make packets that look alike to it; two that differ do so with a probability of 2^-32.
 */
import { randomWords } from '../crypto/primitives.ts';

const [KEY = 0] = randomWords(1);

/** 32 bits of the octets of `view` from `start` up to `end`. */
export function digestOf(view: DataView, start: number, end: number): number {
  let hash = KEY ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixed(hash, view.getInt32(at, true));
  let rest = 0;
  for (; at < end; at += 1) rest = (rest << 8) | view.getUint8(at);
  hash = mixed(hash, rest);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** 32 bits of a text. */
export function digestOfText(text: string): number {
  let hash = KEY ^ text.length;
  for (let at = 0; at < text.length; at += 1) hash = mixed(hash, text.charCodeAt(at));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function mixed(hash: number, word: number): number {
  let part = Math.imul(word, 0xcc9e2d51);
  part = Math.imul((part << 15) | (part >>> 17), 0x1b873593);
  const both = hash ^ part;
  return (Math.imul((both << 13) | (both >>> 19), 5) + 0xe6546b64) | 0;
}
