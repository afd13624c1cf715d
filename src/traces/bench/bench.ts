/**
 * `npm run bench:traces`: how fast traces are judged, and in how much memory, beside tshark on the same file.
 *
 * Sizes can be set: `npm run bench:traces -- --packets 1e6`. Each figure is the best of several runs (`--times 3`), since
 * others may use the machine; the memory is the most of all runs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeEspCapture, writeEventLines } from './generate.ts';
import { writeIkeFlood } from './ike-flood.ts';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '1e7' },
    sas: { type: 'string', default: '1000' },
    flood: { type: 'string', default: '100000' },
    events: { type: 'string', default: '2e6' },
    times: { type: 'string', default: '3' },
  },
});
const packets = Number(values.packets);
const sas = Number(values.sas);
const flood = Number(values.flood);
const events = Number(values.events);
const times = Number(values.times);

interface Measured {
  readonly seconds: number;
  /** Seconds of processor time: what a machine that does other things as well would have taken by itself. */
  readonly processor: number;
  /** MiB. */
  readonly memory: number;
  readonly verdict: string;
  readonly missing: readonly string[];
  readonly findings: number;
  readonly statistics: Readonly<Record<string, number>>;
}

/** The best of several runs, with the most memory of all. */
function measured(path: string): Measured {
  const runs = Array.from({ length: times }, () => measuredOnce(path)).toSorted(
    (one, other) => one.seconds - other.seconds,
  );
  const [best] = runs;
  if (best === undefined) throw new Error('--times has to be at least 1');
  return { ...best, memory: Math.max(...runs.map(({ memory }) => memory)) };
}

function measuredOnce(path: string): Measured {
  const one = fileURLToPath(new URL('one.ts', import.meta.url));
  const run = spawnSync(process.execPath, ['--import', 'tsx', one, path], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as Measured;
}

function show(
  what: string,
  count: number,
  { seconds, processor, memory, verdict, missing, statistics }: Measured,
): number {
  const rate = count / seconds;
  const own = Math.round(count / processor).toLocaleString('en');
  console.log(
    `${what}: ${seconds.toFixed(2)} s, ${Math.round(rate).toLocaleString('en')} a second (${processor.toFixed(2)} s of processor time, ${own} a second), ${memory.toFixed(0)} MiB at most; ` +
      `${verdict}, ${statistics['espPackets']} ESP packets of ${statistics['espSas']} SAs, ${statistics['ikeMessages']} IKE messages, ${statistics['repeated']} repeated`,
  );
  for (const each of missing) console.log(`  missing: ${each}`);
  return rate;
}

const folder = mkdtempSync(join(tmpdir(), 'ipsecha-bench-'));
try {
  console.log(`Node.js ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`);
  const capture = join(folder, 'esp.pcap');
  writeEspCapture(capture, packets, sas);
  const size = (statSync(capture).size / 2 ** 20).toFixed(0);
  const rate = show(`${packets} ESP packets of ${sas} SAs, ${size} MiB`, packets, measured(capture));

  const fields = ['-e', 'frame.number', '-e', 'ip.dst', '-e', 'esp.spi', '-e', 'esp.sequence'];
  const tshark = (): number => {
    const begun = performance.now();
    const { error } = spawnSync('tshark', ['-n', '-r', capture, '-T', 'fields', ...fields], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    return error === undefined ? (performance.now() - begun) / 1000 : Number.NaN;
  };
  const seconds = Math.min(...Array.from({ length: times }, tshark));
  if (Number.isNaN(seconds)) console.log('tshark is not installed: no comparison');
  else {
    const theirs = packets / seconds;
    console.log(
      `tshark -T fields on the same file: ${seconds.toFixed(2)} s, ${Math.round(theirs).toLocaleString('en')} a second; this program is ${(rate / theirs).toFixed(1)} times as fast`,
    );
  }
  rmSync(capture);

  const many = join(folder, 'flood.pcap');
  writeEspCapture(many, 2 * flood, flood);
  show(`a flood of ${flood} ESP SAs`, 2 * flood, measured(many));
  writeIkeFlood(many, flood, 0);
  show(`a flood of ${flood} half-open IKE SAs`, 2 * flood, measured(many));
  writeIkeFlood(many, flood, 4);
  show(`a flood of ${flood} IKE SAs in use`, 10 * flood, measured(many));

  const lines = join(folder, 'events.jsonl');
  writeEventLines(lines, events, sas);
  show(`${events} events in JSON Lines`, events, measured(lines));
} finally {
  rmSync(folder, { recursive: true });
}
