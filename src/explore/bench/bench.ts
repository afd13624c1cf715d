/**
 * Measures the explorer on the yardstick system beside the same system in C and for SPIN, which are made and run
 * here, one after the other; prints a table, and writes what `docs/performance.md` shows.
 *
 *     npm run bench -- [small] [medium] [large] [product] [liveness] [--runs N] [--write]     without sizes: medium
 *
 * `product` and `liveness` measure the whole program on the protocol. Of several runs (3 if nothing is said) the one that
 * took the least processor time counts; the tools take turns, so that other work on the machine does not meet only one of
 * them. With `--write`, docs/performance.json, docs/performance.svg and the tables in docs/performance.md are written;
 * sizes that were not measured keep their figures there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure, Figures } from './figures.ts';
import { plot } from './plot.ts';
import { type ProductFigure, productFigures } from './product.ts';
import { clockRateOf, millionsOf, rateOf, withTables } from './tables.ts';
import { type Measured, measured, type SizeOfModel, type Tool, tools } from './tools.ts';

const SIZES: Readonly<Record<string, SizeOfModel>> = {
  small: [2, 2, 3, 1],
  medium: [3, 3, 2, 1],
  large: [2, 2, 6, 1],
};

const FILE = new URL('../../../docs/performance.json', import.meta.url);
const PAGE = new URL('../../../docs/performance.md', import.meta.url);
const PLOT = new URL('../../../docs/performance.svg', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, write: { type: 'boolean', default: false } },
});
const PARTS = ['product', 'liveness'];
const wanted = positionals.length > 0 ? positionals : ['medium'];
const unknown = wanted.find((size) => SIZES[size] === undefined && !PARTS.includes(size));
if (unknown !== undefined) {
  throw new Error(
    `there is no size '${unknown}'; there are: ${Object.keys(SIZES).join(', ')}, ${PARTS.join(', ')}`,
  );
}
const times = Number(values.runs);
if (!Number.isInteger(times) || times < 1)
  throw new Error(`--runs ${values.runs}: a number from 1 is wanted`);
const sizes = wanted.filter((size) => !PARTS.includes(size));

const figures = sizes.flatMap((size) => {
  const found = figuresOf(size);
  checkCounts(size, found);
  return found;
});
const product: ProductFigure[] = [];
if (wanted.includes('product')) product.push(...(await productFigures('product')));
if (wanted.includes('liveness')) product.push(...(await productFigures('liveness')));
if (values.write) write(figures, product);

function figuresOf(size: string): readonly Figure[] {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const made: { readonly tool: Tool; readonly command: readonly string[]; readonly runs: Figure[] }[] = [];
    for (const tool of tools) {
      const command = tool.make(SIZES[size]!, directory);
      if (typeof command === 'string') {
        console.log(`${size.padEnd(7)} ${tool.name.padEnd(15)} not measured: ${command}`);
      } else made.push({ tool, command, runs: [] });
    }
    for (let run = 0; run < times; run++) {
      for (const { tool, command, runs } of made) {
        const load = loadavg()[0]!;
        runs.push({ size, tool: tool.name, load, ...measured(tool, command, directory) });
      }
    }
    return made.map(({ tool, runs }) => {
      const best = runs.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
      console.log(lineOf(size, tool.name, best));
      return best;
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function lineOf(size: string, tool: string, run: Measured): string {
  const { seconds, cpuSeconds, peakBytes, counts } = run;
  const { states, transitions, depth } = counts;
  return [
    size.padEnd(7),
    tool.padEnd(15),
    `${states.toLocaleString('en')} states`.padStart(18),
    `${transitions.toLocaleString('en')} transitions`.padStart(23),
    `depth ${depth}`,
    `${seconds.toFixed(2)} s`.padStart(9),
    `${cpuSeconds.toFixed(2)} s of processor`.padStart(22),
    `${millionsOf(run)} M transitions/s`,
    `${(peakBytes / 2 ** 20).toFixed(0)} MiB`.padStart(9),
    `${(peakBytes / states).toFixed(1)} B/state`.padStart(15),
  ].join('  ');
}

/** Whoever visits every state must have visited the same ones. */
function checkCounts(size: string, found: readonly Figure[]): void {
  const all = found.filter(({ tool }) => tools.find(({ name }) => name === tool)?.visitsAll === true);
  const texts = new Set(
    all.map(({ counts: { states, transitions, depth } }) => `${states} ${transitions} ${depth}`),
  );
  if (texts.size > 1) throw new Error(`the counts of ${size} differ: ${[...texts].join(' and ')}`);
  const [first] = all;
  for (const figure of found) {
    const { tool, cpuSeconds, seconds } = figure;
    if (first === undefined || tool === first.tool) continue;
    const by = (ratio: number): string => (ratio >= 1 ? ratio : 1 / ratio).toFixed(2);
    const than = first.cpuSeconds < cpuSeconds ? 'sooner' : 'later';
    console.log(
      `        ${first.tool} is done ${by(cpuSeconds / first.cpuSeconds)} times ${than} than ${tool} by processor time (wall clock: ${(seconds / first.seconds).toFixed(2)}; transitions/s without the start: ${(rateOf(first) / rateOf(figure)).toFixed(2)}, by the clock ${(clockRateOf(first) / clockRateOf(figure)).toFixed(2)})`,
    );
  }
}

function write(measuredNow: readonly Figure[], productNow: readonly ProductFigure[]): void {
  const before: Figures | undefined = readIfThere();
  const kept = (before?.figures ?? []).filter(({ size }) => !sizes.includes(size));
  const order = Object.keys(SIZES);
  const all = [...kept, ...measuredNow].sort((a, b) => order.indexOf(a.size) - order.indexOf(b.size));
  const productKept = (before?.product ?? []).filter(
    (figure) => !productNow.some(({ what }) => what === figure.what),
  );
  const written: Figures = {
    machine: `${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), Linux ${release()}, Node.js ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
    tools: Object.fromEntries(tools.map(({ name, what }) => [name, what])),
    figures: all,
    product: [...productKept, ...productNow],
  };
  writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
  writeFileSync(PLOT, plot(written));
  writeFileSync(PAGE, withTables(readFileSync(PAGE, 'utf8'), written));
}

function readIfThere(): Figures | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Figures;
  } catch {
    return undefined;
  }
}
