/**
 * Loads modules twice removed from how Node does: put together, stripped of their types, rewritten (`instrument.ts`).
 * What comes of it runs beside the modules themselves, and shares nothing with them.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, relative, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { instrument } from './instrument.ts';
import { NotFollowed, takeRefusal } from './linear.ts';
import { operations } from './symbolic.ts';

/** A file that was read, and the SHA-256 of what it holds. */
export interface Source {
  /** As seen from the folder of the package, or from where the user is. */
  readonly file: string;
  readonly sha256: string;
}

export interface Loaded {
  /** What the module exports, rewritten. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** Every file that is in it, by name. */
  readonly sources: readonly Source[];
}

/** The folder of the package, wherever this file stands in it. */
export const PACKAGE = dirname(createRequire(import.meta.url).resolve('ipsecha/package.json'));

/** A file of the package, by its path in it, without an ending: as it was written, which the package has too. */
export const packageFile = (path: string): string => resolve(PACKAGE, `${path}.ts`);

/** The package under its own name is the same as its files, so that there is one of each. */
const own: Plugin = {
  name: 'own',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^ipsecha\/model$/ }, () => ({ path: packageFile('model/index') }));
    onResolve(
      { filter: /^(?:node:|fs$|os$|child_process$|net$|http$|https$|crypto$|worker_threads$)/ },
      ({ path }) => ({
        errors: [{ text: `it imports ${path}, which is none of its arguments` }],
      }),
    );
  },
};

/**
 * @param text of the module to be loaded; it imports files by their whole paths
 * @throws NotFollowed where something in it cannot be followed
 */
export async function loadRewritten(text: string): Promise<Loaded> {
  const bundle = await build({
    stdin: { contents: text, resolveDir: PACKAGE, loader: 'js' },
    bundle: true,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2023',
    write: false,
    metafile: true,
    logLevel: 'silent',
    absWorkingDir: PACKAGE,
    plugins: [own],
  }).catch((error: unknown) => {
    const [first] = (error as { readonly errors?: readonly { readonly text: string }[] }).errors ?? [];
    throw first === undefined ? error : new NotFollowed(first.text);
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  const rewritten = instrument(code, placesIn(code));
  const module = { exports: {} as Readonly<Record<string, unknown>> };
  takeRefusal();
  new Function('$op', 'module', 'exports', rewritten)(operations, module, module.exports);
  const refused = takeRefusal();
  if (refused !== null) throw refused;
  const files = Object.keys(bundle.metafile.inputs)
    .filter((file) => file !== '<stdin>')
    .map((file) => resolve(PACKAGE, file));
  return {
    exports: module.exports,
    sources: files
      .map((file) => ({
        file: nameOf(file),
        sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
      }))
      .sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

/** No folder of the machine is in a name: what is neither of the package nor below where the user is has its own name. */
function nameOf(file: string): string {
  const [inPackage = file, here = file] = [PACKAGE, process.cwd()].map((folder) => relative(folder, file));
  if (!inPackage.startsWith('..') && !inPackage.startsWith('node_modules')) return inPackage;
  const inModules = file.lastIndexOf('node_modules/');
  if (inModules >= 0) return file.slice(inModules);
  return here.startsWith('..') ? basename(file) : here;
}

/** The file that an offset of the bundle comes from: esbuild names each before its code. */
function placesIn(code: string): (offset: number) => string {
  const files = [...code.matchAll(/^\/\/ (\S+\.(?:ts|mts|js|mjs))$/gm)].map((found) => ({
    at: found.index,
    file: nameOf(resolve(PACKAGE, found[1] ?? '')),
  }));
  return (offset) => files.findLast(({ at }) => at <= offset)?.file ?? 'the module';
}
