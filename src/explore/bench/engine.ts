/**
 * Explores the yardstick system once, and prints the figures as one line of JSON.
 *
 *     tsx engine.ts K F Q B [--reduce] [--two]
 */
import { syncModel } from '../examples/sync-model.ts';
import { explore } from '../explore.ts';
import { REDUCTIONS } from '../options.ts';

const [members, failovers, requests, bump] = process.argv.slice(2, 6).map(Number);
const isReduced = process.argv.includes('--reduce');
const workers = process.argv.includes('--two') ? 2 : 1;
const began = process.cpuUsage();
const { statistics, properties } = await explore(
  syncModel({ members: members!, failovers: failovers!, requests: requests!, bump: bump! }),
  isReduced ? { workers } : { workers, noReductions: REDUCTIONS },
);
const used = process.cpuUsage(began);
const cpuSeconds = (used.user + used.system) / 1e6;
const { states, transitions, depth, seconds, bytesPerState } = statistics;
const verdicts = properties.map(({ verdict }) => verdict);
console.log(JSON.stringify({ states, transitions, depth, seconds, cpuSeconds, bytesPerState, verdicts }));
