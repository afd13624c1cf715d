/**
 * Builds what is installed (`npm run build`): the command line and the two libraries in one program of several files, so that it
 * starts at once and needs few packages; their types in two files; and what only a checkout knows. Sources of
 * `model/` and `proofs/` are installed as well: `prove` derives what it proves from them.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { build, type Metafile, type Plugin } from 'esbuild';
import { type GetModuleInfo, rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { goldenRuns, goldenTraces, originsOfTraces } from '../overview/golden.ts';
import { buildDigest } from '../questions/build.ts';
import { documentsIn } from '../report/site/documents.ts';
import { COMMIT_FILE, commitByGit } from '../report/site/edition.ts';
import { placesIn } from '../report/site/places.ts';
import { builtFile, bundled, PROGRAMS } from '../web/bundle.ts';
import type { PackedDocuments } from './instead/documents.ts';
import type { PackedPlaces } from './instead/places.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

/** What is not bundled: what reads an author's TypeScript, and what his file may import. */
const EXTERNAL = ['esbuild', 'tsx', 'tsx/esm/api', 'sucrase'];

/** Programs that something starts or imports by name. */
const ENTRIES = {
  main: 'src/cli/main.ts',
  worker: 'src/explore/worker.ts',
  'compare-thread': 'src/questions/compare-thread.ts',
  'check-thread': 'src/questions/check-thread.ts',
  index: 'src/index.ts',
};

/**
 * The specification is a program of its own, and so is the thread in which an author's file runs: what that keeps is looked for in
 * all that its functions can reach, and scopes of ours are told by what stands in them. Other modules of it that something imports by their paths.
 */
const MODEL: Readonly<Record<string, string>> = {
  model: 'model/index.ts',
  'model-composition': 'model/machine/composition.ts',
  'model-number-set': 'model/state/number-set.ts',
  'model-numbers': 'model/state/numbers.ts',
};

/** Modules of a checkout that have another one in the package, in `instead/`. */
const INSTEAD: Readonly<Record<string, string>> = {
  'src/author/model-url.ts': 'model-url.ts',
  'src/prove/z3-program.ts': 'z3-program.ts',
  'src/overview/traces-folder.ts': 'traces-folder.ts',
  'src/report/site/places.ts': 'places.ts',
  'src/report/site/documents.ts': 'documents.ts',
};

/** Modules that start a thread whose program lies beside them, in the package as well. */
const STARTS_THREADS = [
  'src/explore/workers.ts',
  'src/author/rule-thread.ts',
  'src/questions/second-thread.ts',
];

const packing: Plugin = {
  name: 'packing',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, importer }) => {
      const file = relative(ROOT, join(resolveDir, path)).replaceAll('\\', '/');
      if (file.startsWith('model/') && !importer.startsWith(join(ROOT, 'model/'))) {
        const [name] = Object.entries(MODEL).find((each) => each[1] === file) ?? [];
        if (name === undefined) return { errors: [{ text: `${file} has no program in the package` }] };
        return { path: `./${name}.js`, external: true };
      }
      const instead = INSTEAD[file];
      if (instead === undefined || importer.includes('instead')) return undefined;
      return { path: join(ROOT, 'src/packed/instead', instead) };
    });
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(ROOT, path).replaceAll('\\', '/');
      if (file.startsWith('node_modules/')) return undefined;
      if (file === 'src/questions/build.ts') {
        // Of the same text it is the same: what one has begun the other can go on with.
        return {
          contents: `export const buildDigest = () => ${JSON.stringify(buildDigest())};`,
          loader: 'js',
        };
      }
      const text = readFileSync(path, 'utf8');
      const isPlaced = file.startsWith('src/packed/') || STARTS_THREADS.includes(file);
      // Files of the package are found from where the module stands in a checkout.
      const contents = isPlaced
        ? text
        : text.replaceAll(
            'import.meta.url',
            `new URL(${JSON.stringify(`../${file}`)}, import.meta.url).href`,
          );
      return { contents, loader: 'ts' };
    });
  },
};

rmSync(DIST, { recursive: true, force: true });
mkdirSync(DIST);
const bundles: Metafile[] = [];

async function programs(): Promise<void> {
  const parts = mkdtempSync(join(tmpdir(), 'ipsecha-parts-'));
  await bundledInto(DIST, MODEL, 'model-[hash]');
  await bundledInto(DIST, { thread: 'src/author/thread.ts' }, 'thread-[hash]');
  await bundledInto(parts, ENTRIES, 'part-[hash]');
  // What is split off is often tiny: it goes where it is needed.
  const bundle = await rollup({
    input: Object.fromEntries(Object.keys(ENTRIES).map((name) => [name, join(parts, `${name}.js`)])),
    external: (id) => IS_MODEL.test(id) || (!id.startsWith('.') && !id.startsWith('/')),
    onwarn: (warning) => {
      if (warning.code !== 'CIRCULAR_DEPENDENCY') console.error(warning.message);
    },
  });
  await bundle.write({
    dir: DIST,
    format: 'es',
    compact: true,
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[hash].js',
    experimentalMinChunkSize: SMALL,
    manualChunks: (id, { getModuleInfo }) => chunkOf(id, getModuleInfo),
  });
  rmSync(parts, { recursive: true });
}

const IS_MODEL = new RegExp(`(?:^|/)(?:${Object.keys(MODEL).join('|')})\\.js$`);

/** @param chunkNames of parts that several of the programs have in common */
async function bundledInto(
  outdir: string,
  entries: Readonly<Record<string, string>>,
  chunkNames: string,
): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: join(ROOT, path), out })),
    outdir,
    bundle: true,
    splitting: true,
    chunkNames,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    charset: 'utf8',
    external: EXTERNAL,
    plugins: [packing],
    metafile: true,
    // Packages that are CommonJS ask for modules of Node.js by `require`.
    banner: {
      js: "import{createRequire as requireOf}from'node:module';const require=/*@__PURE__*/requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
  bundles.push(metafile);
}

/** Characters of a part that is not worth a file. */
const SMALL = 10_000;

/** What is loaded at the start is one file, and so are all that are not worth one, nor is anything that is loaded with them. */
function chunkOf(id: string, getModuleInfo: GetModuleInfo): string | undefined {
  const atStart = reachedFrom(join(dirname(id), 'main.js'), getModuleInfo);
  if (atStart.has(id)) return 'start';
  const others = [...reachedFrom(id, getModuleInfo)].filter((each) => !atStart.has(each));
  return others.every((each) => isShort(each, getModuleInfo)) ? 'small' : undefined;
}

const isShort = (id: string, getModuleInfo: GetModuleInfo): boolean => {
  const info = getModuleInfo(id);
  return info === null || info.isExternal || (!info.isEntry && (info.code?.length ?? SMALL) < SMALL);
};

/** A part, and all that is loaded with it. */
function reachedFrom(
  id: string,
  getModuleInfo: GetModuleInfo,
  reached: Set<string> = new Set(),
): ReadonlySet<string> {
  if (reached.has(id)) return reached;
  reached.add(id);
  for (const each of getModuleInfo(id)?.importedIds ?? []) reachedFrom(each, getModuleInfo, reached);
  return reached;
}

/** Z3: its threads load the file that Emscripten made, so that one stays as it is. */
async function solver(): Promise<void> {
  const from = join(ROOT, 'node_modules/z3-solver/build');
  const to = join(DIST, 'z3');
  mkdirSync(to);
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(from, 'node.js')],
    outfile: join(to, 'solver.cjs'),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    plugins: [
      {
        name: 'built',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/z3-built$/ }, () => ({ path: './z3-built.cjs', external: true })),
      },
    ],
  });
  bundles.push(metafile);
  cpSync(join(from, 'z3-built.js'), join(to, 'z3-built.cjs'));
  writeFileSync(join(to, 'z3-built.wasm.br'), compressed(readFileSync(join(from, 'z3-built.wasm'))));
}

/** At a quality that takes a second for each ten megabytes. */
const compressed = (octets: Uint8Array): Buffer =>
  brotliCompressSync(octets, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });

/** The types of the two libraries, from what the compiler says of all modules. */
async function types(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ipsecha-types-'));
  try {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync(
      process.execPath,
      [tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--emitDeclarationOnly', '--outDir', folder],
      { stdio: 'inherit' },
    );
    const bundle = await rollup({
      input: { index: join(folder, 'src/index.d.ts'), model: join(folder, 'model/index.d.ts') },
      plugins: [dts()],
      external: (id) => !id.startsWith('.') && !id.startsWith('/'),
    });
    await bundle.write({
      dir: DIST,
      format: 'es',
      entryFileNames: '[name].d.ts',
      chunkFileNames: 'types.d.ts',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The traces that `npm start` judges, with their keys, in one file. */
async function traces(): Promise<void> {
  const names = new Set(['origins.json', 'no-keys.csv']);
  for (const { folders } of await originsOfTraces())
    for (const { name } of folders) names.add(`${name}/trace.json`);
  const judged = [
    ...(await goldenTraces()).map(({ file }) => file),
    ...(await goldenRuns()).flatMap(({ files }) => files),
  ];
  for (const file of judged) {
    names.add(file);
    for (const keys of readdirSync(join(ROOT, 'traces', dirname(file))).filter((name) =>
      name.endsWith('.csv'),
    ))
      names.add(`${dirname(file)}/${keys}`);
  }
  const files = [...names]
    .sort()
    .map((name) => [name, readFileSync(join(ROOT, 'traces', name)).toString('base64')] as const);
  writeFileSync(
    join(DIST, 'traces.json.br'),
    compressed(Buffer.from(JSON.stringify(Object.fromEntries(files)))),
  );
}

/** What only a checkout knows: where tests are, which commit it is, and what pages are made of. */
async function knowledge(): Promise<void> {
  const { tests, mapping } = await placesIn(ROOT);
  const places: PackedPlaces = { tests: [...tests], mapping };
  writeFileSync(join(DIST, 'places.json'), JSON.stringify(places));
  const { documents, drawings } = await documentsIn(ROOT);
  const packed: PackedDocuments = {
    documents: Object.fromEntries(documents),
    drawings: Object.fromEntries(drawings),
  };
  writeFileSync(join(DIST, 'documents.json'), JSON.stringify(packed));
  const commit = await commitByGit(ROOT);
  if (commit !== undefined) writeFileSync(join(ROOT, COMMIT_FILE), `${JSON.stringify(commit)}\n`);
  for (const program of PROGRAMS) writeFileSync(builtFile(program), await bundled(program));
}

/** Licences of what is bundled. */
function licences(): void {
  const inputs = bundles.flatMap((each) => Object.keys(each.inputs));
  const packages = new Set(
    [
      ...inputs.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
      'z3-solver',
      ...IN_PAGES,
    ].sort(),
  );
  const parts = [...packages].map((name) => {
    const folder = join(ROOT, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Readonly<
      Record<string, string>
    >;
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? `${license}\n` : readFileSync(join(folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  writeFileSync(join(DIST, 'LICENSES.txt'), parts.join(`\n${'-'.repeat(72)}\n\n`));
}

/** Packages in the programs of pages. */
const IN_PAGES = [
  'sucrase',
  '@noble/ciphers',
  '@noble/hashes',
  'des.js',
  'buffer',
  'base64-js',
  'ieee754',
  'inherits',
  'minimalistic-assert',
];

await programs();
await solver();
await types();
await traces();
await knowledge();
licences();
