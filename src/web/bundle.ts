/** The programs of pages (`browser/`), each as one script without anything beside it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const beside = (path: string): string => resolve(here, path);

const BUFFER = beside('browser/instead/buffer.ts');

/** The modules that need Node.js, and those that stand for them in a page. */
const INSTEAD: Readonly<Record<string, string>> = {
  [beside('../explore/host.ts')]: beside('browser/instead/host.ts'),
  [beside('../explore/checkpoint.ts')]: beside('browser/instead/no-files.ts'),
  [beside('../explore/workers.ts')]: beside('browser/instead/no-threads.ts'),
  [beside('../traces/crypto/primitives.ts')]: beside('browser/instead/primitives.ts'),
  [beside('../traces/sources/files.ts')]: beside('browser/instead/files.ts'),
  [beside('../traces/sources/decoders.ts')]: beside('browser/instead/decoders.ts'),
  'node:buffer': BUFFER,
  'node:path': beside('browser/instead/path.ts'),
};

const EXAMPLE = beside('../../docs/examples/own-revision-file.ts');

const withoutNode: Plugin = {
  name: 'without Node.js',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^ipsecha:example$/ }, ({ path }) => ({ path, namespace: 'text' }));
    onLoad({ filter: /.*/, namespace: 'text' }, async () => ({
      contents: (await readFile(EXAMPLE, 'utf8')).replace(/'[^']*model\/index.ts'.*/, "'ipsecha/model';"),
      loader: 'text',
    }));
    onResolve({ filter: /^(?:\.\.?\/|node:)/ }, ({ path, resolveDir }) => {
      const instead = INSTEAD[path.startsWith('node:') ? path : resolve(resolveDir, path)];
      return instead === undefined ? undefined : { path: instead };
    });
  },
};

/** What a page can be: where one walks, where captures are judged, or where one searches. */
export type Program = 'walk' | 'judge' | 'search';

export const PROGRAMS: readonly Program[] = ['walk', 'judge', 'search'];

/** Where `npm run build` puts it, for the package: what bundles it is not installed with that. */
export const builtFile = (program: Program): string => beside(`../../dist/${program}-program.js`);

/** A program, to stand in a page as it is: bundled from the sources where they can be, else as it was built. */
export const programOf = (program: Program): Promise<string> =>
  canBundle() || !existsSync(builtFile(program)) ? bundled(program) : readFile(builtFile(program), 'utf8');

/** Whether there is all that the page is made of. */
function canBundle(): boolean {
  try {
    return import.meta.resolve('esbuild') !== '' && import.meta.resolve('sucrase') !== '';
  } catch {
    return false;
  }
}

/**
 * A program, from the sources.
 *
 * @throws Error if something in it still needs Node.js
 */
export async function bundled(program: Program): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [beside(`browser/${program}.ts`)],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    // Readers of captures use it without importing it.
    inject: program === 'judge' ? [BUFFER] : [],
    plugins: [withoutNode],
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  if (/<\/script|<!--/i.test(text))
    throw new Error(`the program '${program}' cannot stand in a page as it is`);
  return text;
}
