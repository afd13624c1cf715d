/**
 * Measures the explorer on the yardstick system beside the same system in C and for SPIN, which are made and run
 * here, one after the other; prints a table, and writes what `docs/performance.md` shows.
 *
 *     npm run bench -- [small] [medium] [large] [--runs N] [--write]     without sizes: medium
 *
 * Of several runs the one that took the least processor time counts. With `--write`, docs/performance.json and
 * docs/performance.svg are written; sizes that were not measured keep their figures there.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plot } from './plot.ts';
import { type Measured, measured, type SizeOfModel, type Tool, tools } from './tools.ts';

const SIZES: Readonly<Record<string, SizeOfModel>> = {
  small: [2, 2, 3, 1],
  medium: [3, 3, 2, 1],
  large: [2, 2, 6, 1],
};

/** One line of the table. */
export interface Figure extends Measured {
  readonly size: string;
  readonly tool: string;
}

export interface Figures {
  readonly machine: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
}

const FILE = new URL('../../../docs/performance.json', import.meta.url);
const PLOT = new URL('../../../docs/performance.svg', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '1' }, write: { type: 'boolean', default: false } },
});
const sizes = positionals.length > 0 ? positionals : ['medium'];
const unknown = sizes.find((size) => SIZES[size] === undefined);
if (unknown !== undefined) throw new Error(`there is no size '${unknown}'; there are: ${Object.keys(SIZES)}`);

const figures = sizes.flatMap((size) => {
  const found = tools.flatMap((tool) => figureOf(tool, size));
  checkCounts(size, found);
  return found;
});
if (values.write) write(figures);

function figureOf(tool: Tool, size: string): readonly Figure[] {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const command = tool.make(SIZES[size]!, directory);
    if (typeof command === 'string') {
      console.log(`${size.padEnd(7)} ${tool.name.padEnd(15)} not measured: ${command}`);
      return [];
    }
    const runs = Array.from({ length: Number(values.runs) }, () => measured(tool, command, directory));
    const best = runs.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
    console.log(lineOf(size, tool.name, best));
    return [{ size, tool: tool.name, ...best }];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function lineOf(size: string, tool: string, { seconds, cpuSeconds, peakBytes, counts }: Measured): string {
  const { states, transitions, depth } = counts;
  return [
    size.padEnd(7),
    tool.padEnd(15),
    `${states.toLocaleString('en')} states`.padStart(18),
    `${transitions.toLocaleString('en')} transitions`.padStart(23),
    `depth ${depth}`,
    `${seconds.toFixed(2)} s`.padStart(9),
    `${cpuSeconds.toFixed(2)} s of processor`.padStart(22),
    `${(transitions / (counts.cpuSeconds ?? cpuSeconds) / 1e6).toFixed(2)} M transitions/s`,
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
    const rate = (figure: Figure): number =>
      figure.counts.transitions / (figure.counts.cpuSeconds ?? figure.cpuSeconds);
    const by = (ratio: number): string => (ratio >= 1 ? ratio : 1 / ratio).toFixed(2);
    const than = first.cpuSeconds < cpuSeconds ? 'sooner' : 'later';
    console.log(
      `        ${first.tool} is done ${by(cpuSeconds / first.cpuSeconds)} times ${than} than ${tool} by processor time (wall clock: ${(seconds / first.seconds).toFixed(2)}; transitions/s without the start: ${(rate(first) / rate(figure)).toFixed(2)})`,
    );
  }
}

function write(measuredNow: readonly Figure[]): void {
  const before: Figures | undefined = readIfThere();
  const kept = (before?.figures ?? []).filter(({ size }) => !sizes.includes(size));
  const order = Object.keys(SIZES);
  const all = [...kept, ...measuredNow].sort((a, b) => order.indexOf(a.size) - order.indexOf(b.size));
  const written: Figures = {
    machine: `${cpus().length} processors (${cpus()[0]?.model ?? 'unknown'}), Linux ${release()}, Node.js ${process.version}`,
    tools: Object.fromEntries(tools.map(({ name, what }) => [name, what])),
    figures: all,
  };
  writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
  writeFileSync(PLOT, plot(written));
}

function readIfThere(): Figures | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Figures;
  } catch {
    return undefined;
  }
}
