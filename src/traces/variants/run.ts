/** `npm run variants`: 10,000 variants of the shipped traces, and how many findings survive in them. */
import { fileURLToPath } from 'node:url';
import { findingsOf, goldenTraces, TRACES } from '../../overview/golden.ts';
import { readTrace } from '../read-trace.ts';
import { validate } from '../validate.ts';
import { judgeVariant, KINDS, random, variant } from './variants.ts';

const COUNT = Number(process.argv[2] ?? 10_000);
const pick = random(Number(process.argv[3] ?? 6311));

const traces: {
  file: string;
  events: Awaited<ReturnType<typeof readTrace>>['events'];
  whole: readonly string[];
}[] = [];
for (const { file } of await goldenTraces()) {
  const { events } = await readTrace(fileURLToPath(new URL(file, TRACES)));
  if (events.length > 400 || !file.endsWith('.pcap')) continue;
  traces.push({ file, events, whole: findingsOf(validate(events, { complete: true })) });
}
const table = KINDS.map((kind) => ({ kind, variants: 0, findings: 0, survived: 0, appeared: 0 }));
for (let number = 0; number < COUNT; number++) {
  const row = table[number % KINDS.length];
  const trace = traces[pick(traces.length)];
  if (row === undefined || trace === undefined) break;
  const { appeared, survived } = judgeVariant(variant(trace.events, row.kind, pick), trace.whole);
  row.variants++;
  row.findings += trace.whole.length;
  row.survived += survived;
  row.appeared += appeared.length;
  for (const each of appeared) process.stderr.write(`${trace.file}, ${row.kind}: ${each} appeared\n`);
}
process.stdout.write(
  '| variant | traces | findings | survived | appeared |\n| --- | --: | --: | --: | --: |\n',
);
for (const { kind, variants, findings, survived, appeared } of table) {
  process.stdout.write(`| ${kind} | ${variants} | ${findings} | ${survived} | ${appeared} |\n`);
}
process.exitCode = table.some(({ appeared }) => appeared > 0) ? 1 : 0;
