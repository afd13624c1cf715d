/** The examples of the texts: a list, and each as a chart with what the readings make of it. */
import {
  type ExampleReading,
  type ExampleVerdict,
  exampleReadings,
  otherEnd,
  type Pair,
  runOf,
  settingTable,
  type TextExample,
  usual,
  verdictOn,
} from '../../model/index.ts';
import type { Chart, Row } from './chart/chart.ts';
import { drawChart } from './chart/draw.ts';
import type { Sheet } from './sheet.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { messageWords } from './words.ts';

/** Every example, with the readings under which it comes out as its text prints it. */
export const textExamplesTable = (examples: readonly TextExample[], style: Terminal): string =>
  `${drawTable(
    {
      head: ['example', 'source', 'what it shows', 'as printed under'],
      rows: examples.map((example) => [example.id, example.source, example.title, allowing(example)]),
    },
    style,
  )}\nipsecha example ID draws it, and says which clause forbids it under the other readings\n`;

/** The example as the rules lead to it, under the first reading that allows it. */
export function textExampleText(example: TextExample, style: Terminal): string {
  const judged = exampleReadings.map((reading) => ({ reading, verdict: verdictOn(example, reading) }));
  return [
    ...wrap(`${example.id}  ${example.title} (${example.source})`, style.width),
    ...wrap(example.says, style.width),
    '',
    drawChart(chartOf(example, readingShown(example)), style),
    drawTable(
      {
        head: READINGS,
        rows: judged.map(({ reading, verdict }) => readingRow(reading, verdict)),
      },
      style,
    ),
    ...wrap(USUAL, style.width),
    '',
  ].join('\n');
}

/** Examples for a draft or a mail. */
export const textExampleSheets = (examples: readonly TextExample[]): readonly Sheet[] =>
  examples.map((example) => ({
    title: `${example.id}: ${example.title} (${example.source})`,
    says: [example.says],
    tables: [
      {
        label: 'Readings',
        head: READINGS,
        rows: exampleReadings.map((reading) => readingRow(reading, verdictOn(example, reading))),
      },
    ],
    charts: [chartOf(example, readingShown(example))],
    closing: [USUAL],
  }));

const READINGS = ['m1-compare', 'adopt', 'what comes of it', 'by the clause'];

const readingRow = (reading: ExampleReading, verdict: ExampleVerdict): readonly string[] => [
  reading.m1Compare,
  reading.adopt,
  verdict.kind === 'as printed' ? verdict.kind : verdict.because,
  'rule' in verdict ? (verdict.rule ?? '') : '',
];

const USUAL = `usual: m1-compare=${usual.m1Compare} adopt=${usual.adopt}; ipsecha explain m1-compare says whose reading each is`;

/** The reading that is drawn: the first under which it comes out as printed, else the usual one. */
export const readingShown = (example: TextExample): ExampleReading =>
  exampleReadings.find((reading) => verdictOn(example, reading).kind === 'as printed') ?? usual;

/** The values of `m1-compare` under which it comes out as printed; with `adopt` where that matters. */
export function allowing(example: TextExample): string {
  const allowed = exampleReadings.filter((reading) => verdictOn(example, reading).kind === 'as printed');
  if (allowed.length === exampleReadings.length) return 'every reading';
  const adopts = Object.keys(settingTable.adopt.values).length;
  const values = [...new Set(allowed.map(({ m1Compare }) => m1Compare))];
  return values
    .map((value) => {
      const own = allowed.filter(({ m1Compare }) => m1Compare === value);
      const also = own.length === adopts ? '' : ` adopt=${own.map(({ adopt }) => adopt).join('|')}`;
      return `m1-compare=${value}${also}`;
    })
    .join(', ');
}

/** The run of an example under a reading. */
export function chartOf(example: TextExample, reading: ExampleReading): Chart {
  const { arrivals, after } = runOf(example, reading);
  const crosses = example.exchanges.length > 1;
  const rows = arrivals.flatMap(({ message, refusal }): readonly Row[] => {
    const to = otherEnd(message.from);
    const arrow = {
      kind: 'message',
      from: message.from,
      to,
      label: messageWords(message),
      received: refusal === null,
    } as const;
    return refusal === null
      ? [arrow]
      : [
          { ...arrow, mark: 'bad' },
          { kind: 'local', at: to, text: `dropped: ${refusal.because}`, mark: 'bad' },
        ];
  });
  return {
    title: `${example.id}, m1-compare=${reading.m1Compare} adopt=${reading.adopt}`,
    lifelines: [
      { id: 'cluster', label: 'newly active member' },
      { id: 'peer', label: crosses ? 'newly active member of the peer' : 'peer' },
    ],
    rows: [
      { kind: 'state', notes: notesOf(pairsBefore(example)) },
      ...rows,
      { kind: 'state', notes: notesOf(after) },
    ],
    foot: crosses ? ['The sync requests cross: each is sent before the other one arrives.'] : [],
  };
}

const pairsBefore = ({ before }: TextExample): TextExample['after'] => ({
  cluster: { sends: before.cluster.expectedSend, expects: before.cluster.expectedReceive },
  peer: { sends: before.peer.expectedSend, expects: before.peer.expectedReceive },
});

const notesOf = ({ cluster, peer }: TextExample['after']): Readonly<Record<string, string>> => ({
  cluster: pairWords(cluster),
  peer: pairWords(peer),
});

const pairWords = ({ sends, expects }: Pair): string => `sends ${sends}, expects ${expects}`;

/** As it stands in `--json`. */
export const textExampleDocument = (example: TextExample) => ({
  id: example.id,
  title: example.title,
  source: example.source,
  ...(example.link === null ? {} : { link: example.link }),
  says: example.says,
  before: pairsBefore(example),
  exchanges: example.exchanges.map(({ asks, request, response }) => ({
    asks,
    request: { m1: request.sends, p1: request.expects },
    response: { p2: response.sends, m2: response.expects },
  })),
  after: example.after,
  readings: exampleReadings.map((reading) => ({
    settings: { 'm1-compare': reading.m1Compare, adopt: reading.adopt },
    ...verdictDocument(verdictOn(example, reading)),
  })),
});

const verdictDocument = (verdict: ExampleVerdict) =>
  verdict.kind === 'as printed'
    ? { outcome: verdict.kind }
    : {
        outcome: verdict.kind,
        ...(verdict.rule === null ? {} : { rule: verdict.rule }),
        because: verdict.because,
      };
