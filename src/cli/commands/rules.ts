/** `ipsecha rules`: the catalogue, or with `--coverage` the clauses that the rules embody. */
import type { Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { run as runCoverage } from './coverage.ts';
import { listed } from './list.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .option('--coverage', 'list each clause of the texts, with its rules or why it has none')
    .option('--json', 'print one JSON document')
    .action(ends(run));

export async function run({
  coverage,
  ...options
}: {
  readonly coverage?: boolean;
  readonly json?: boolean;
}): Promise<Exit> {
  return coverage === true ? runCoverage(options) : listed('rules', options);
}
