/** Whoever chooses the words does not choose where they end up. */
import { expect, it } from 'vitest';
import { share } from './seeded-hash.ts';

const BUCKETS = 4096;

/** The most of the hashes that end up in one bucket, by their lower bits. */
function fullest(hashes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const hash of hashes) counts.set(hash & (BUCKETS - 1), (counts.get(hash & (BUCKETS - 1)) ?? 0) + 1);
  return Math.max(...counts.values());
}

const each = (make: (n: number) => number): number[] => Array.from({ length: BUCKETS }, (_, n) => make(n));

it('spreads what is chosen to meet', () => {
  // What a hash of one multiplication takes to one place: words that differ in their upper bits, or in two words at once.
  const mixed = (n: number): number => Math.imul(n, 0x9e3779b1);
  const chosen = [
    each((n) => share(0, n << 20)),
    each((n) => share(0, n) ^ share(1, -n)),
    each((n) => share(0, n << 20) ^ share(1, n << 20)),
    each((n) => share(1, n) ^ share(2, mixed(n) ^ (mixed(n) >>> 15))),
  ];
  // Of as many balls as bins one has 7 or 8; 20 by chance once in 10^16 cases.
  for (const hashes of chosen) expect(fullest(hashes)).toBeLessThan(20);
});

it('is the same for the same words, and knows their places', () => {
  expect(share(3, 77)).toBe(share(3, 77));
  expect(each((n) => share(0, n)).filter((hash, n) => hash === share(1, n)).length).toBeLessThan(4);
});
