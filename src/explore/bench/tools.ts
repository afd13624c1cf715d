/** The programs that are measured: how each is made, how it is run, and where it prints its counts. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exhaustedCounts, panOf, ran } from './spin.ts';

/** Members, failovers, requests, bump: see `../examples/sync-model.ts`. */
export type SizeOfModel = readonly [number, number, number, number];

export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Processor time without the start of the process, where it is told. */
  readonly cpuSeconds?: number;
  /** Time by the clock, likewise. */
  readonly seconds?: number;
}

export interface Tool {
  readonly name: string;
  /** What it is, for the reader of the table. */
  readonly what: string;
  /** Whether it visits every state, so that its counts must be those of the others. */
  readonly visitsAll: boolean;
  /** Makes the program in a directory of its own. Returns the command, or why it cannot be made. */
  readonly make: (size: SizeOfModel, directory: string) => readonly string[] | string;
  readonly counts: (output: string) => Counts;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const engine = (name: string, what: string, visitsAll: boolean, flags: readonly string[]): Tool => ({
  name,
  what,
  visitsAll,
  make: (size, directory) => {
    const place = join(directory, 'built');
    const problem = existsSync(place) ? undefined : built(place);
    return (
      problem ?? [process.execPath, join(place, 'src/explore/bench/engine.js'), ...size.map(String), ...flags]
    );
  },
  counts: jsonCounts,
});

/** Compiles the project as its package is: the others are compiled before they are measured, too. */
function built(place: string): string | undefined {
  const root = here('../../..');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const problem = ran(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--outDir', place], root);
  if (problem === undefined) writeFileSync(join(place, 'package.json'), '{ "type": "module" }');
  return problem;
}

/** What is measured to know how much more a machine gets done with two processors than with one. */
export const TWICE = 'engine-twice';

/** A tool that is run twice at once, each time on its own. It is done when both are. */
const twice = (tool: Tool): Tool => ({
  ...tool,
  make: (size, directory) => {
    const command = tool.make(size, directory);
    return typeof command === 'string'
      ? command
      : ['sh', '-c', '"$@" >/dev/null & "$@" && wait $!', 'sh', ...command];
  },
});

export const tools: readonly Tool[] = [
  engine('engine', 'this explorer, one worker, nothing reduced', true, []),
  engine('engine-two', 'this explorer, two workers, nothing reduced', true, ['--two']),
  engine('engine-reduced', 'this explorer, one worker, with its reductions', false, ['--reduce']),
  {
    name: 'c',
    what: 'sync-model.c, gcc -O3: one plain loop, keeps no predecessors',
    visitsAll: true,
    make: (size, directory) => {
      const program = join(directory, 'sync-model');
      return (
        ran('gcc', ['-O3', ...defined(size), '-o', program, here('sync-model.c')], directory) ?? [program]
      );
    },
    counts: jsonCounts,
  },
  {
    name: 'spin',
    what: 'sync-model.pml, SPIN -DBFS -O3, exact, reductions off',
    visitsAll: true,
    make: (size, directory) => {
      copyFileSync(here('sync-model.pml'), join(directory, 'sync-model.pml'));
      const pan = panOf('sync-model.pml', directory, { defined: defined(size), flags: ['-O3'] });
      return typeof pan === 'string' ? pan : [...pan, `-w${slotBits(size)}`, '-m100000'];
    },
    counts: exhaustedCounts,
  },
  twice(engine(TWICE, 'this explorer, one worker, twice at once; counts of one', true, [])),
];

const defined = (size: SizeOfModel): readonly string[] => size.map((n, i) => `-D${'KFQB'[i]}=${n}`);

/** SPIN wants to know the size of its hash table beforehand: enough for the largest size that is measured. */
const slotBits = ([, , requests]: SizeOfModel): number => (requests >= 6 ? 26 : requests >= 5 ? 24 : 22);

function jsonCounts(output: string): Counts {
  const { states, transitions, depth, cpuSeconds, seconds } = JSON.parse(output) as Counts;
  return {
    ...{ states, transitions, depth },
    ...(cpuSeconds === undefined ? {} : { cpuSeconds }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

export interface Measured {
  /** Wall-clock and processor time of the whole process, start included. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident set of the process. */
  readonly peakBytes: number;
  readonly counts: Counts;
}

/** Without settings for Node.js: some make it start later. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));

/** Runs a command to its end under GNU time. */
export function measured(tool: Tool, command: readonly string[], directory: string): Measured {
  const report = join(directory, 'time');
  const args = ['-f', '%e %U %S %M', '-o', report, ...command];
  const { error, status, stdout, stderr } = spawnSync('/usr/bin/time', args, {
    encoding: 'utf8',
    env: plainEnvironment(),
    maxBuffer: 2 ** 26,
  });
  if (error !== undefined) throw new Error('GNU time is not installed (Debian: apt-get install time)');
  if (status !== 0) throw new Error(`${tool.name} failed: ${stderr}${stdout}`);
  const [seconds, user, system, kib] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  return {
    seconds: seconds!,
    cpuSeconds: user! + system!,
    peakBytes: kib! * 1024,
    counts: tool.counts(stdout),
  };
}
