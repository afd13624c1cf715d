/** The program of the page in which one walks (`browser/`), as one script without anything beside it. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const beside = (path: string): string => resolve(here, path);

/** The modules that need Node.js, and those that stand for them in a page. */
const INSTEAD: Readonly<Record<string, string>> = {
  [beside('../explore/host.ts')]: beside('browser/instead/host.ts'),
  [beside('../explore/checkpoint.ts')]: beside('browser/instead/no-files.ts'),
  [beside('../explore/workers.ts')]: beside('browser/instead/no-threads.ts'),
};

const withoutNode: Plugin = {
  name: 'without Node.js',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const instead = INSTEAD[resolve(resolveDir, path)];
      return instead === undefined ? undefined : { path: instead };
    });
  },
};

/**
 * The script: to stand in a page as it is.
 *
 * @throws Error if something in it still needs Node.js
 */
export async function walkScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [beside('browser/main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    // Names of errors and of classes are told to people.
    keepNames: false,
    legalComments: 'none',
    charset: 'utf8',
    plugins: [withoutNode],
    logLevel: 'silent',
  });
  const text = outputFiles[0]?.text ?? '';
  if (/<\/script|<!--/i.test(text)) throw new Error('the script of the walk cannot stand in a page as it is');
  return text;
}
