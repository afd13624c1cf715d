/**
 * Figures of the whole program, on the protocol: how soon it says something, how long small scenarios take, how fast
 * it walks, and what liveness costs. It is run as a user runs it; nothing of it is imported here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { plainEnvironment } from './tools.ts';

/** One figure, and what it was wanted to be. */
export interface ProductFigure {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  /** Whether the target is met; absent where it is none. */
  readonly isMet?: boolean;
  /** Load of the machine when it began; on a machine with other work, times are longer than they need to be. */
  readonly load: number;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAM = ['src/cli/ipsecha.mjs'];
/** Milliseconds within which `check` has to say how far it is. */
const START_TARGET = 500;
const SMALL_TARGET = 1;
const STEPS_TARGET = 1e6;
const TRANSITIONS_TARGET = 20e6;
const MEMORY_TARGET = 4 * 2 ** 30;

interface Statistics {
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
}

/** What is read of a document that `--json` prints. */
interface Document {
  readonly results: readonly {
    readonly scenario: string;
    readonly statistics: Statistics & { readonly steps: number };
    readonly properties: readonly { readonly id: string; readonly verdict: string }[];
  }[];
}

/** Those that take seconds, or those of liveness, which take minutes; one after the other. */
export async function productFigures(part: 'product' | 'liveness'): Promise<readonly ProductFigure[]> {
  const figures: ProductFigure[] = [];
  const add = (figure: Omit<ProductFigure, 'load'>, load: number): void => {
    figures.push({ ...figure, load });
    console.log(`${figure.what}: ${figure.measured} (wanted: ${figure.target})`);
  };
  for (const measure of part === 'product' ? [start, small, steps] : [liveness]) {
    const load = loadavg()[0]!;
    for (const figure of await measure()) add(figure, load);
  }
  return figures;
}

/** The time until `check` first says how far it is, on a terminal made for it. */
async function start(): Promise<readonly Omit<ProductFigure, 'load'>[]> {
  const what = 'start of `check` to its first progress line';
  const target = `${START_TARGET / 1000} s`;
  const command = `node ${PROGRAM[0]} check rfc6311 --scenario multiple-failover --time 3`;
  const times: number[] = [];
  for (let run = 0; run < 15; run++) {
    const began = performance.now();
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: plainEnvironment(),
    });
    const first = await new Promise<number | undefined>((resolve) => {
      child.on('error', () => resolve(undefined));
      child.on('close', () => resolve(undefined));
      child.stdout.on('data', (data: Buffer) => {
        if (data.includes('states')) resolve(performance.now() - began);
      });
    });
    child.kill();
    if (first === undefined)
      return [{ what, measured: 'not measured: no `script` (util-linux) here', target }];
    times.push(first);
  }
  const best = Math.min(...times);
  return [
    { what, measured: `${(best / 1000).toFixed(2)} s (best of 15)`, target, isMet: best <= START_TARGET },
  ];
}

/** Each scenario in its small size: of three runs, the one in which it took the least time. */
function small(): readonly Omit<ProductFigure, 'load'>[] {
  const runs = [1, 2, 3].map(() => ran(['check', 'rfc6311', '--json']).document.results);
  const bySeconds = runs[0]!
    .map((_, scenario) =>
      runs
        .map((results) => results[scenario]!)
        .reduce((a, b) => (b.statistics.seconds < a.statistics.seconds ? b : a)),
    )
    .toSorted((a, b) => b.statistics.seconds - a.statistics.seconds);
  const slow = bySeconds.filter(({ statistics }) => statistics.seconds > SMALL_TARGET);
  const told = (each: (typeof bySeconds)[number]): string =>
    `${each.scenario} ${each.statistics.seconds.toFixed(2)} s`;
  const measured =
    slow.length === 0
      ? `longest (best of 3): ${bySeconds.slice(0, 3).map(told).join(', ')}`
      : `above it (best of 3): ${slow.map(told).join(', ')}; median ${bySeconds[bySeconds.length >> 1]!.statistics.seconds.toFixed(2)} s`;
  const what = `exploration of each of the ${bySeconds.length} small scenarios, rfc6311, all properties`;
  return [{ what, measured, target: `${SMALL_TARGET} s each`, isMet: slow.length === 0 }];
}

/** Random walks of the protocol. */
function steps(): readonly Omit<ProductFigure, 'load'>[] {
  const { document, cpuSeconds } = ran([
    ...['simulate', 'rfc6311', '--scenario', 'multiple-failover', '--time', '10', '--json'],
  ]);
  const { statistics } = document.results[0]!;
  const [wall, processor] = [statistics.steps / statistics.seconds, statistics.steps / cpuSeconds];
  return [
    {
      what: 'random walks of rfc6311 in multiple-failover',
      measured: `${millions(wall)} M steps/s by the clock, ${millions(processor)} M by processor time, start included`,
      target: `${millions(STEPS_TARGET)} M steps/s`,
      isMet: Math.max(wall, processor) >= STEPS_TARGET,
    },
  ];
}

/** Both properties of recovery, where they hold and where one does not. */
function liveness(): readonly Omit<ProductFigure, 'load'>[] {
  const cached = ['--set', 'stale-sync=answer-from-cache'];
  const properties = ['--property', 'recovery-possible', '--property', 'recovery-fair'];
  return (
    [
      [12, []],
      [9, cached],
    ] as const
  ).map(([requests, setting]) => {
    const size = [
      '--scenario',
      'single-failover',
      '--set',
      `requests=${requests}`,
      '--set',
      `bump=${requests}`,
    ];
    const { document, seconds, peakBytes } = ran([
      'check',
      'rfc6311',
      ...size,
      ...setting,
      ...properties,
      '--json',
    ]);
    const { statistics, properties: judged } = document.results[0]!;
    const verdicts = judged.map(({ id, verdict }) => `${id} ${verdict}`).join(', ');
    const isJudged = judged.every(({ verdict }) => verdict !== 'inconclusive');
    return {
      what: `recovery-possible and recovery-fair of rfc6311, single-failover with ${requests} requests${setting.length > 0 ? ', answers from the cache' : ''}`,
      measured: `${verdicts}; ${statistics.states.toLocaleString('en')} states, ${statistics.transitions.toLocaleString('en')} transitions, ${seconds.toFixed(0)} s, peak ${(peakBytes / 2 ** 30).toFixed(2)} GiB`,
      target: `${TRANSITIONS_TARGET / 1e6} million transitions within ${MEMORY_TARGET / 2 ** 30} GiB`,
      isMet: isJudged && statistics.transitions >= TRANSITIONS_TARGET && peakBytes <= MEMORY_TARGET,
    };
  });
}

const millions = (n: number): string => (n / 1e6).toFixed(2);

/** Runs a command of the program to its end under GNU time. */
function ran(args: readonly string[]) {
  const format = '\n%e %U %S %M';
  const { stdout, stderr, error } = spawnSync(
    '/usr/bin/time',
    ['-f', format, process.execPath, ...PROGRAM, ...args],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 28, env: plainEnvironment() },
  );
  if (error !== undefined) throw new Error('GNU time is not installed (Debian: apt-get install time)');
  const [seconds, user, system, kib] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
  if (stdout === '') throw new Error(`ipsecha ${args.join(' ')} failed: ${stderr}`);
  return {
    document: JSON.parse(stdout) as Document,
    seconds: seconds!,
    cpuSeconds: user! + system!,
    peakBytes: kib! * 1024,
  };
}
