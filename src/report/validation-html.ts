/** Validations as one page that needs nothing else: verdicts, findings, charts as SVG. */
import { findRule } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/finding.ts';
import type { Neighbourhoods } from '../traces/neighbourhood.ts';
import { chartSvg } from './chart/svg.ts';
import { readingsText } from './readings.ts';
import { html, NOTHING, type Piece, trusted } from './site/html.ts';
import { badge, count, table } from './site/parts.ts';
import { style } from './site/style.ts';
import { traceChart } from './trace-chart.ts';
import { framesText, saidOf, seenText } from './validation.ts';

/** Findings of a trace that have a chart. */
const CHARTS = 50;

export interface JudgedTrace {
  readonly validation: Validation;
  readonly around: Neighbourhoods;
}

/** The same results give the same page, octet for octet: it tells no times. */
export const validationPage = (traces: readonly JudgedTrace[], version: string): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>ipsecha validate: ${traces.map(({ validation }) => validation.files.join(', ')).join('; ')}</title>
<style>${trusted(style)}
.page{display:block;max-width:72rem}</style>
</head>
<body>
<div class="page">
<main>
<h1>Traces <span class="version">ipsecha ${version}</span></h1>
${traces.map(traceSection)}
<footer>Written by <code>ipsecha validate --html</code>.</footer>
</main>
</div>
</body>
</html>
`.markup;

const traceSection = ({ validation, around }: JudgedTrace, index: number): Piece => {
  const readings = readingsText(validation.readings);
  return html`<section id="trace-${index + 1}">
<h2>${validation.files.join(', ')}</h2>
<p>${badge(validation.verdict)} by <code>${validation.revision}</code>. <span class="quiet">${seenText(validation)}.</span></p>
${readings === undefined ? NOTHING : html`<p>${readings}.</p>`}
${items('Missing', validation.missing)}
${items('Not judged, for want of contents', validation.notJudged)}
${validation.findings.length === 0 ? NOTHING : findingsTable(validation, index)}
${validation.findings.slice(0, CHARTS).map((finding, number) => findingArticle(finding, validation, around, `${index + 1}-${number + 1}`))}
${items(
  'Notes',
  validation.remarks.map(({ frame, message }) =>
    frame === undefined ? message : `frame ${frame}: ${message}`,
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
    ['Frame', 'Who', 'Rule', 'What happened'],
    findings.map((finding, number) => [
      number < CHARTS
        ? html`<a href="#finding-${index + 1}-${number + 1}">${framesText(finding)}</a>`
        : framesText(finding),
      finding.address === undefined
        ? finding.actor
        : html`${finding.actor}<br><small>${finding.address}</small>`,
      html`<code>${finding.rule}</code>`,
      saidOf(finding),
    ]),
    'findings',
  );

function findingArticle(
  finding: Finding,
  validation: Validation,
  around: Neighbourhoods,
  anchor: string,
): Piece {
  const near = around.of(finding.event);
  const { prefixes = [] } = finding;
  return html`<article id="finding-${anchor}">
<h3>${finding.frame === undefined ? `Event ${finding.event}` : `Frame ${finding.frame}`}: <code>${finding.rule}</code></h3>
<p>${findRule(finding.rule)?.says ?? NOTHING}</p>
<p>${saidOf(finding)}. Instead, the specification would have allowed: ${finding.allowed}. Everything up to event ${finding.explainedUntil} is explained.</p>
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
