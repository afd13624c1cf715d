/**
 * `npm run fuzz`: tries broken input on every reader, and prints how many cases it tried.
 *
 * `npm run fuzz -- --seconds 600 --first 1000000` goes on elsewhere; `--only 4711` tries one case again, which a failure
 * names. It ends in 1 if a case failed.
 */
import { parseArgs } from 'node:util';
import { broken, Chance, tried } from './cases.ts';
import { seeds, seedsInTurn } from './seeds.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    /** Not to be exceeded, whatever the machine. */
    seconds: { type: 'string', default: '300' },
    first: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
/** A case that takes longer hangs, in milliseconds of processor time: others may be at work on the machine. */
const LONGEST = 10_000;

const all = seeds();
const seedOf = seedsInTurn(all);
const first = Number(values.only ?? values.first);
const last = values.only === undefined ? first + Number(values.cases) : first + 1;
const begun = performance.now();
const counts = new Map<string, number>();
let failed = 0;
let [events, unread, slowest, cases] = [0, 0, 0, 0];

for (let number = first; number < last; number += 1) {
  if (performance.now() - begun > 1000 * Number(values.seconds)) break;
  const seed = seedOf(number);
  const chance = new Chance(number);
  const octets = broken(seed.octets, chance);
  const started = process.cpuUsage();
  cases += 1;
  try {
    const outcome = tried(seed, octets, chance);
    const what = `${seed.format} ${outcome.kind}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
    if (outcome.kind === 'judged') {
      events += outcome.events;
      unread += outcome.unread;
    }
  } catch (error) {
    failed += 1;
    const why = error instanceof Error ? error.stack : String(error);
    console.error(
      `case ${number} (${seed.name}, ${seed.format}): ${why}\n  again: npm run fuzz -- --only ${number}`,
    );
    if (failed >= 10) break;
  }
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1000;
  slowest = Math.max(slowest, took);
  if (took > LONGEST) {
    failed += 1;
    console.error(
      `case ${number} (${seed.name}, ${seed.format}) took ${(took / 1000).toFixed(1)} s of processor time`,
    );
  }
}

const seconds = ((performance.now() - begun) / 1000).toFixed(0);
const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0);
for (const [what, count] of [...counts].toSorted()) console.log(`${what}: ${count}`);
console.log(
  `${cases} cases of ${all.length} seeds, ${failed} failed: ${events} events were judged, ${unread} records told as unread; ${seconds} s, the slowest case ${slowest.toFixed(0)} ms, ${memory} MiB at most`,
);
process.exitCode = failed > 0 || cases < last - first ? 1 : 0;
