/**
 * `npm run variants [COUNT] [SEED]`: so many variants (10,000) of the shipped captures. No conformant one may become
 * `violates`, and nothing may convict that does not in the whole; a table says how many findings survive.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { goldenTraces, TRACES } from '../../overview/golden.ts';
import type { Event } from '../events/event.ts';
import { readTrace } from '../sources/read-trace.ts';
import { validate } from '../validate.ts';
import {
  type Convicted,
  convicted,
  type Judged,
  judgeCut,
  judgeEvents,
  KINDS,
  OF_EVENTS,
  random,
  variant,
} from './variants.ts';

const COUNT = Number(process.argv[2] ?? 10_000);
const pick = random(Number(process.argv[3] ?? 6311));

interface Capture {
  readonly file: string;
  readonly events: readonly Event[];
  readonly octets: Uint8Array;
  readonly keys: readonly string[];
  readonly isConformant: boolean;
  /** What convicts if nothing is missing. */
  readonly whole: readonly Convicted[];
}

const captures: Capture[] = [];
for (const { file } of await goldenTraces()) {
  if (!file.endsWith('.pcap')) continue;
  const path = fileURLToPath(new URL(file, TRACES));
  const { events } = await readTrace(path);
  const { verdict, findings } = validate(events, { complete: true, readings: false });
  captures.push({
    ...{ file, events, octets: await readFile(path), whole: convicted(findings) },
    keys: ['keys.csv', 'esp_keys.csv'].map((name) => join(dirname(path), name)).filter(existsSync),
    isConformant: verdict === 'conformant',
  });
}

const rows = new Map(
  KINDS.map((kind) => [kind, { variants: 0, findings: 0, survived: 0, renamed: 0, appeared: 0, accused: 0 }]),
);

function count(kind: (typeof KINDS)[number], capture: Capture, judged: Judged): void {
  const row = rows.get(kind);
  if (row === undefined) return;
  row.variants += 1;
  row.findings += capture.whole.length;
  row.survived += judged.survived;
  row.renamed += judged.renamed;
  row.appeared += judged.appeared.length;
  const isAccused = capture.isConformant && judged.verdict === 'violates';
  row.accused += isAccused ? 1 : 0;
  for (const { frames, rule } of judged.appeared) {
    process.stderr.write(`${capture.file}, ${kind}: ${rule} at frame ${frames.join(', ')} appeared\n`);
  }
  if (isAccused) process.stderr.write(`${capture.file}, ${kind}: a conformant capture is accused\n`);
}

let done = 0;
for (let round = 0; done < COUNT; round++) {
  const capture = captures[round % captures.length];
  if (capture === undefined) break;
  for (const kind of OF_EVENTS) {
    count(kind, capture, judgeEvents(variant(capture.events, kind, pick), capture.whole));
  }
  const { octets, keys, whole } = capture;
  const parts = await judgeCut(octets, keys, pick, whole);
  count('cut into files, together', capture, parts['cut into files, together']);
  count('cut into files, each alone', capture, parts['cut into files, each alone']);
  done += KINDS.length;
}

process.stdout.write(
  `${done} variants of ${captures.length} captures: what convicts in the whole ones, and in the variants\n\n` +
    '| variant | captures | findings | survived | under another rule | appeared | conformant, accused |\n' +
    '| --- | --: | --: | --: | --: | --: | --: |\n',
);
for (const [kind, { variants, findings, survived, renamed, appeared, accused }] of rows) {
  process.stdout.write(
    `| ${kind} | ${variants} | ${findings} | ${survived} | ${renamed} | ${appeared} | ${accused} |\n`,
  );
}
const isWrong = [...rows.values()].some(({ appeared, accused }) => appeared + accused > 0);
process.exitCode = isWrong || done < COUNT || captures.length === 0 ? 1 : 0;
