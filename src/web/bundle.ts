/** The program of the page in which one walks (`browser/`), as one script without anything beside it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const beside = (path: string): string => resolve(here, path);

/** The modules that need Node.js, and those that stand for them in a page. */
const INSTEAD: Readonly<Record<string, string>> = {
  [beside('../explore/host.ts')]: beside('browser/instead/host.ts'),
  [beside('../explore/checkpoint.ts')]: beside('browser/instead/no-files.ts'),
  [beside('../explore/workers.ts')]: beside('browser/instead/no-threads.ts'),
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
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const instead = INSTEAD[resolve(resolveDir, path)];
      return instead === undefined ? undefined : { path: instead };
    });
  },
};

/** Where `npm run build` puts it, for the package: what bundles it is not installed with that. */
export const BUILT = beside('../../dist/walk-program.js');

/** The script, to stand in a page as it is: bundled from the sources where they can be, else as it was built. */
export const walkScript = (): Promise<string> =>
  canBundle() || !existsSync(BUILT) ? bundled() : readFile(BUILT, 'utf8');

/** Whether there is all that the page is made of. */
function canBundle(): boolean {
  try {
    return import.meta.resolve('esbuild') !== '' && import.meta.resolve('sucrase') !== '';
  } catch {
    return false;
  }
}

/**
 * The script, from the sources.
 *
 * @throws Error if something in it still needs Node.js
 */
export async function bundled(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [beside('browser/main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [withoutNode],
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  if (/<\/script|<!--/i.test(text)) throw new Error('the script of the walk cannot stand in a page as it is');
  return text;
}
