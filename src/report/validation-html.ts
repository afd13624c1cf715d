/** Validations as one page that needs nothing else: verdicts, findings, charts as SVG. */
import { findRule } from '../../model/index.ts';
import type { Neighbourhoods } from '../traces/events/neighbourhood.ts';
import { type Finding, type Validation, whyNotJudged } from '../traces/findings/finding.ts';
import { chartSvg } from './chart/svg.ts';
import { onePage } from './one-page.ts';
import { readingsText } from './readings.ts';
import { type Html, html, NOTHING, type Piece, trusted } from './site/html.ts';
import { badge, command, count, table } from './site/parts.ts';
import { traceChart } from './trace-chart.ts';
import { saidOf, seenText } from './validation.ts';
import { folded, foldedPlaces, foldedSays } from './verdict/folded.ts';
import { clockText, placesText, whoText } from './verdict/place.ts';
import { type Experiments, frameFilters, NO_EXPERIMENTS, rulesOf, ruleUrl } from './verdict/pointers.ts';
import { summaryOf } from './verdict/summary.ts';

/** Findings of a trace that have a chart. */
const CHARTS = 50;

export interface JudgedTrace {
  readonly validation: Validation;
  readonly around: Neighbourhoods;
}

/** The style of what only verdicts on traces have. */
export const verdictStyle = `
.filter{user-select:all}
.page pre.command{white-space:pre-wrap}
.page table td{overflow-wrap:normal}
@media (max-width:44rem){.page table thead{display:none}
.page table :is(tbody,tr,td){display:block;min-width:0}
.page table td{border:0;padding:.15rem 0}
.page table tr{border-bottom:1px solid var(--line);padding:.5rem 0}
.page table td:is(:first-child,:last-child){min-width:0;overflow-wrap:break-word}}`;

/** The verdicts, a section each; of several with a table first. */
export const verdictSections = (
  traces: readonly JudgedTrace[],
  experiments: Experiments = NO_EXPERIMENTS,
): Html => html`${traces.length < 2 ? NOTHING : summary(traces)}
${traces.map((trace, index) => traceSection(trace, index, experiments))}`;

/** The same results give the same page, octet for octet: it tells no times. */
export const validationPage = (
  traces: readonly JudgedTrace[],
  version: string,
  experiments: Experiments = NO_EXPERIMENTS,
): string =>
  onePage({
    command: 'validate',
    version,
    about: traces.map(({ validation }) => validation.files.join(', ')).join('; '),
    heading: 'Traces',
    style: verdictStyle,
    body: verdictSections(traces, experiments),
  }).markup;

/** Many traces in one table, each with a link to what is said of it. */
const summary = (traces: readonly JudgedTrace[]): Piece =>
  table(
    'All traces',
    ['Verdict', 'Trace', 'Rules broken, or what is missing'],
    traces.map(({ validation }, index) => [
      badge(validation.verdict),
      html`<a href="#trace-${index + 1}">${validation.files.join(', ')}</a>`,
      validation.findings.length > 0
        ? rulesOf(validation.findings).join(', ')
        : (validation.missing[0] ?? NOTHING),
    ]),
  );

const traceSection = (
  { validation, around }: JudgedTrace,
  index: number,
  experiments: Experiments,
): Piece => {
  const readings = readingsText(validation.readings);
  return html`<section id="trace-${index + 1}">
<h2>${validation.files.join(', ')}</h2>
<p>${badge(validation.verdict)}</p>
<p>${summaryOf(validation)}</p>
<p>Judged by <code>${validation.revision}</code>. <span class="quiet">${seenText(validation)}.</span></p>
${readings === undefined ? NOTHING : html`<p>${readings}.</p>`}
${items('Missing', validation.missing)}
${items(`Not judged, ${whyNotJudged(validation)}`, validation.notJudged)}
${validation.findings.length === 0 ? NOTHING : findingsTable(validation, index)}
${next(validation, experiments)}
${validation.findings.slice(0, CHARTS).map((finding, number) => findingArticle(finding, validation, around, `${index + 1}-${number + 1}`))}
${items(
  'Notes',
  validation.remarks.map(({ frame, line, message }) =>
    frame !== undefined
      ? `frame ${frame}: ${message}`
      : line !== undefined
        ? `line ${line}: ${message}`
        : message,
  ),
)}
${items(
  'Not read',
  validation.unread.map(({ at, reason }) => (at === undefined ? reason : `frame or line ${at}: ${reason}`)),
)}
</section>
`;
};

const items = (title: string, all: readonly string[]): Piece =>
  all.length === 0
    ? NOTHING
    : html`<details${trusted(all.length <= 5 ? ' open' : '')}><summary>${title}: ${count(all.length, 'entry')}</summary><ul>
${all.map((item) => html`<li>${item}</li>\n`)}</ul></details>
`;

const findingsTable = ({ files, findings }: Validation, index: number): Piece =>
  table(
    `Findings in ${files.join(', ')}`,
    ['Where', 'Time', 'Who', 'Rule', 'What happened'],
    folded(findings).map((each) => {
      const { first } = each;
      const number = findings.indexOf(first);
      const place = foldedPlaces(each, files);
      const url = ruleUrl(first.rule);
      return [
        number < CHARTS ? html`<a href="#finding-${index + 1}-${number + 1}">${place}</a>` : place,
        html`<span class="number">${clockText(first.time)}</span>`,
        first.address === undefined
          ? whoText(first)
          : html`${whoText(first)}<br><small>${first.address}</small>`,
        url === undefined
          ? html`<code>${first.rule}</code>`
          : html`<a href="${url}"><code>${first.rule}</code></a>`,
        foldedSays(each, saidOf),
      ];
    }),
    'findings',
  );

/** What to look at and to run next. */
function next(result: Validation, experiments: Experiments): Piece {
  const filters = frameFilters(result);
  const commands = rulesOf(result.findings).flatMap((rule) => experiments.get(rule) ?? []);
  return html`${filters.map(
    ({ file, filter }) =>
      html`<p>In Wireshark${result.files.length > 1 ? `, ${file}` : ''}: <code class="filter">${filter}</code></p>\n`,
  )}${commands.length === 0 ? NOTHING : html`<p>What comes of it where these rules are not kept:</p>\n${commands.map(command)}`}`;
}

/** `Frame 35, 12:00:31.250`. */
const headingOf = (finding: Finding, files: readonly string[]): string => {
  const file = files.length > 1 && finding.file !== undefined ? ` of ${finding.file}` : '';
  const text = `${placesText({ ...finding, alsoFrames: [] })}${file}`;
  const time = clockText(finding.time);
  return `${capital(text)}${time === '' ? '' : `, ${time}`}`;
};

function findingArticle(
  finding: Finding,
  validation: Validation,
  around: Neighbourhoods,
  anchor: string,
): Piece {
  const near = around.of(finding.event);
  const { prefixes = [] } = finding;
  return html`<article id="finding-${anchor}">
<h3>${headingOf(finding, validation.files)}: <code>${finding.rule}</code></h3>
<p>${findRule(finding.rule)?.says ?? NOTHING}</p>
<p>${capital(saidOf(finding))}. Instead, the specification would have allowed: ${finding.allowed}. Everything before is explained.</p>
${
  prefixes.length === 0
    ? NOTHING
    : html`<p>Explanations that get there, each with the first condition that fails:</p>
<ul>
${prefixes.map(({ way, rule, because }) => html`<li>${way}: ${because} (<code>${rule}</code>)</li>\n`)}</ul>`
}
${near === undefined ? NOTHING : html`<figure class="scroll">${trusted(chartSvg(traceChart(near, validation, finding)))}</figure>`}
</article>
`;
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
