/** A few of the cases that `npm run fuzz` tries, and others that fast-check finds. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sweep } from '../../testing/sweep.ts';
import { TRACE_FORMATS } from '../sources/format.ts';
import { broken, Chance, tried } from './cases.ts';
import { seeds, seedsInTurn } from './seeds.ts';

const all = seeds();
const seedOf = seedsInTurn(all);

it('judges or refuses whatever is broken, and never crashes', () => {
  const outcomes = new Map<string, number>();
  for (let number = 1; number <= sweep(1000, 3000); number += 1) {
    const seed = seedOf(number);
    const chance = new Chance(number);
    const { kind } = tried(seed, broken(seed.octets, chance), chance);
    outcomes.set(`${seed.format} ${kind}`, (outcomes.get(`${seed.format} ${kind}`) ?? 0) + 1);
  }
  // Every reader is tried, and most of what is broken is judged all the same.
  for (const format of ['keys', ...TRACE_FORMATS]) {
    expect(outcomes.get(`${format} judged`)).toBeGreaterThan(0);
  }
});

it('takes any octets at all', () => {
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.uint8Array({ maxLength: 600 }), fc.nat(), (seed, octets, n) => {
      const magic = seed.octets.subarray(0, seed.format === 'pcap' ? 24 : 0);
      tried(seed, Buffer.concat([magic, octets]), new Chance(n));
    }),
    { numRuns: 1000, seed: 4 },
  );
});
