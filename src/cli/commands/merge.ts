/** `ipsecha merge`: the results of shards, joined into what the whole command would have said. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { buildDigest } from '../../questions/build.ts';
import { joined, type ShardFile } from '../../questions/merge.ts';
import { UsageError } from '../../questions/usage-error.ts';
import type { Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { type Define, ends } from '../options.ts';
import { mustNotBePrintedOnto } from '../output-file.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<file...>', 'one file for each shard')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      helpText(
        '\nPrints what the command would have printed without --shard, and ends in the same status.\nRefuses (2) if a job is missing or there twice, and what is not of one question and one version.',
      ),
    )
    .action(ends(run));

const { version } = createRequire(import.meta.url)('ipsecha/package.json') as { readonly version: string };

/** The commands that have shards, each with how its joined results are printed. */
const commands = {
  check: async () => (await import('./check.ts')).merged,
  ablate: async () => (await import('./ablate.ts')).merged,
  synthesise: async () => (await import('./synthesise.ts')).merged,
};

export async function run(files: readonly string[], options: { readonly json?: boolean }): Promise<Exit> {
  mustNotBePrintedOnto(files);
  const result = joined(await Promise.all(files.map(read)), version, buildDigest());
  const [, load] = Object.entries(commands).find(([name]) => name === result.command) ?? [];
  if (load === undefined) {
    throw new UsageError(
      `ipsecha ${result.command} has no shards`,
      `those that have are: ${Object.keys(commands).join(', ')}`,
    );
  }
  return (await load())(result, options.json === true);
}

async function read(file: string): Promise<ShardFile> {
  try {
    return { file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw new UsageError(
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'name the --json results of all shards',
    );
  }
}
