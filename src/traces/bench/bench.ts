/**
 * `npm run bench:traces`: how fast traces are judged, and in how much memory, beside tshark on the same file.
 *
 * Sizes can be set: `npm run bench:traces -- --packets 1e6`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeEspCapture, writeEventLines } from './generate.ts';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '1e7' },
    sas: { type: 'string', default: '1000' },
    flood: { type: 'string', default: '100000' },
    events: { type: 'string', default: '2e6' },
  },
});
const packets = Number(values.packets);
const sas = Number(values.sas);
const flood = Number(values.flood);
const events = Number(values.events);

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

function measured(path: string): Measured {
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

  const begun = performance.now();
  const fields = ['-e', 'frame.number', '-e', 'ip.dst', '-e', 'esp.spi', '-e', 'esp.sequence'];
  const tshark = spawnSync('tshark', ['-n', '-r', capture, '-T', 'fields', ...fields], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  if (tshark.error !== undefined) console.log('tshark is not installed: no comparison');
  else {
    const seconds = (performance.now() - begun) / 1000;
    const theirs = packets / seconds;
    console.log(
      `tshark -T fields on the same file: ${seconds.toFixed(2)} s, ${Math.round(theirs).toLocaleString('en')} a second; this program is ${(rate / theirs).toFixed(1)} times as fast`,
    );
  }
  rmSync(capture);

  const many = join(folder, 'flood.pcap');
  writeEspCapture(many, 2 * flood, flood);
  show(`a flood of ${flood} SAs`, 2 * flood, measured(many));

  const lines = join(folder, 'events.jsonl');
  writeEventLines(lines, events, sas);
  show(`${events} events in JSON Lines`, events, measured(lines));
} finally {
  rmSync(folder, { recursive: true });
}
