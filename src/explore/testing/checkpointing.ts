/**
 * Explores the yardstick system with checkpoints, and goes on from the last one if there is one: for a test that kills
 * it. Prints what it found as one line of JSON.
 *
 *     tsx checkpointing.ts FILE WORKERS
 */
import { existsSync } from 'node:fs';
import { syncModel } from '../examples/sync-model.ts';
import { explore } from '../explore.ts';
import { REDUCTIONS } from '../options.ts';

const [file, workers] = process.argv.slice(2);
const { statistics, completeness, properties } = await explore(
  syncModel({ members: 2, failovers: 2, requests: 3, bump: 1 }),
  {
    noReductions: REDUCTIONS,
    workers: Number(workers),
    threadsFrom: 0,
    checkpoint: { file: file!, seconds: 0.05 },
    ...(existsSync(file!) ? { resume: file! } : {}),
  },
);
const { states, transitions, depth, steps, distinct, evaluations } = statistics;
console.log(
  JSON.stringify({
    states,
    transitions,
    depth,
    steps,
    distinct,
    evaluations,
    completeness: completeness.kind,
    properties,
  }),
);
