/**
 * The command line as plain JavaScript, for tests that start it often: what a start from the sources takes is mostly
 * the translation of TypeScript, the same each time.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

/** The folder of the project, which commands are run in. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Whether these arguments name a revision in TypeScript, which takes a start from the sources. */
export const takesSources = (args: readonly string[]): boolean => args.some((each) => each.endsWith('.ts'));

/** The folders that hold sources. Everything else is the same for both. */
const SOURCES = ['model', 'proofs', 'src'];

/** Leaves each file on its own, as `tsc` does, with the name of every file that it imports as it is when built. */
const oneByOne: Plugin = {
  name: 'one by one',
  setup: ({ onResolve }) => {
    onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'entry-point'
        ? undefined
        : { path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path, external: true },
    );
  },
};

/**
 * Builds the command line into a folder that looks like the project's own but has JavaScript where that has
 * TypeScript. Revisions in TypeScript cannot be loaded by it.
 *
 * @param place an empty folder outside the project
 * @returns the program for Node to run
 */
export async function builtCommand(place: string): Promise<string> {
  const linked = (file: string): void => {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    symlinkSync(join(ROOT, file), join(place, file));
  };
  for (const name of readdirSync(ROOT)) {
    if (!SOURCES.includes(name) && !name.startsWith('.') && name !== 'dist') linked(name);
  }
  const sources: string[] = [];
  for (const folder of SOURCES) {
    for (const entry of readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name).slice(join(ROOT, '/').length);
      if (!entry.isFile() || file.endsWith('.test.ts')) continue;
      if (file.endsWith('.ts')) sources.push(file);
      else linked(file);
    }
  }
  await build({
    absWorkingDir: join(ROOT),
    entryPoints: sources,
    outbase: '.',
    outdir: place,
    bundle: true,
    plugins: [oneByOne],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    logLevel: 'warning',
  });
  const program = join(place, 'ipsecha.mjs');
  writeFileSync(program, "import { main } from './src/cli/main.js';\nawait main(process.argv);\n");
  return program;
}
