/** The examples of the texts as golden runs: appendix A of RFC 6311, section 9 and the slides, each with its chart. */
import {
  type ExampleReading,
  type ExampleVerdict,
  exampleReadings,
  rfc6311,
  type TextExample,
  textExamples,
  usual,
  verdictOn,
} from '../../../model/index.ts';
import { allowing, chartOf, readingShown } from '../text-examples.ts';
import { ANCHOR, hrefTo, PAGE, ruleLink } from './anchors.ts';
import { chartPiece } from './chart.ts';
import { html, NOTHING, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { command, facts, section, table } from './parts.ts';
import { type WalkLink, walkLink } from './walk.ts';

export const textExamplesPage = (): Page => ({
  file: PAGE.examples,
  title: 'Examples of the text',
  groups: textExamples.map((example) => ({
    anchor: ANCHOR.example(example.id),
    title: headingOf(example),
    entries: [],
  })),
  body: html`<p>RFC 6311 prints four exchanges in appendix A and two windows in section 9, and the slides of October 2010 one
exchange more. Each is run here by the rules of the model, under each reading of what M1 is compared with
(${setting('m1-compare')}) and of what the newly active member goes on with (${setting('adopt')}). Drawn is the first
reading under which the example comes out as printed.</p>
${table(
  'Which readings allow which example',
  ['Example', 'What it shows', 'As printed under'],
  textExamples.map((example) => [
    html`<a href="${hrefTo(ANCHOR.example(example.id))}">${example.id}</a>`,
    example.title,
    allowing(example),
  ]),
)}
${textExamples.map(examplePiece)}`,
});

/** Its chart alone, to stand beside what is said of it elsewhere. */
export const textExampleChart = (example: TextExample): Piece =>
  chartPiece(headingOf(example), chartOf(example, readingShown(example)));

const headingOf = ({ id, title }: TextExample): string => `${id}: ${title}`;

const setting = (key: string): Piece =>
  html`<a href="${hrefTo(ANCHOR.setting(key))}"><code>${key}</code></a>`;

const examplePiece = (example: TextExample): Piece =>
  section(
    ANCHOR.example(example.id),
    headingOf(example),
    html`<p>${example.says}</p>
`,
    facts([
      [
        'Source',
        example.link === null ? example.source : html`<a href="${example.link}">${example.source}</a>`,
      ],
      ['As printed under', allowing(example)],
    ]),
    command(`npx ipsecha example ${example.id}`),
    textExampleChart(example),
    html`<p>${walkLink(walkUnder(example), 'Walk a failover under this reading')}: with the same rules, in the whole model.</p>
`,
    table(
      `${example.id} under each reading`,
      ['m1-compare', 'adopt', 'What comes of it', 'By the clause'],
      exampleReadings.map((reading) => {
        const verdict = verdictOn(example, reading);
        return [
          valueCell('m1Compare', reading),
          valueCell('adopt', reading),
          verdict.kind === 'as printed' ? verdict.kind : verdict.because,
          clauseOf(verdict),
        ];
      }),
    ),
  );

/** The model under the reading that is drawn. */
function walkUnder(example: TextExample): WalkLink {
  const reading = readingShown(example);
  const isUsual = reading.m1Compare === usual.m1Compare && reading.adopt === usual.adopt;
  return {
    revision: rfc6311.name,
    scenario: example.exchanges.length > 1 ? 'simultaneous-failover' : 'single-failover',
    set: isUsual ? [] : [`m1-compare=${reading.m1Compare}`, `adopt=${reading.adopt}`],
  };
}

/** The value, and whether it is the usual one. */
const valueCell = (field: keyof ExampleReading, reading: ExampleReading): Piece =>
  html`<code>${reading[field]}</code>${reading[field] === usual[field] ? ' (usual)' : NOTHING}`;

const clauseOf = (verdict: ExampleVerdict): Piece =>
  'rule' in verdict && verdict.rule !== null ? ruleLink(verdict.rule) : NOTHING;
