/** The shipped traces with the verdicts that were computed, and every finding. */

import { type GoldenTrace, isAsExpected } from '../../overview/golden.ts';
import type { Overview } from '../../overview/overview.ts';
import type { Finding, Validation } from '../../traces/findings/finding.ts';
import { traceChart } from '../trace-chart.ts';
import { saidOf } from '../validation.ts';
import { verdictStyle } from '../validation-html.ts';
import { ANCHOR, link, PAGE, propertyLink, ruleLink } from './anchors.ts';
import { chartPiece } from './chart.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { badge, command, count, table } from './parts.ts';

type JudgedTrace = Overview['traces'][number];

export const tracesPage = ({ overview: { traces } }: SiteContent): Page => ({
  file: PAGE.traces,
  title: 'Traces',
  groups: [],
  body: html`<p>Captures of real implementations, judged when this page was made.
<a href="captures.html">About the captures</a> tells how they were made, <a href="anomalies.html">Anomalies</a> what was found
in the implementations. Judge one of your own, <a href="${PAGE.judge}">in your browser</a> or on the command line:</p>
${command('npx ipsecha validate YOUR.pcap --keys keys.csv')}
${table(
  'Shipped traces',
  ['Trace', 'Verdict', 'As expected', 'Findings', 'What it is'],
  traces.map(({ golden, validation }) => [
    link(ANCHOR.trace(golden.file), golden.file.replace(/\/capture\.pcap$/, '')),
    badge(validation.verdict),
    isAsExpected(golden, validation) ? 'yes' : html`<strong>no</strong>, ${difference(golden, validation)}`,
    html`<span class="number">${validation.findings.length}</span>`,
    golden.about,
  ]),
  'traces',
)}`,
});

const difference = ({ verdict }: GoldenTrace, validation: Validation): string =>
  verdict === validation.verdict ? 'other findings' : `expected: ${verdict}`;

/** A page for each trace, so that a finding can be cited by it and the number of the frame. */
export const tracePages = ({ overview: { traces } }: SiteContent): readonly Page[] => traces.map(tracePage);

const tracePage = ({ golden, validation, around }: JudgedTrace): Page => ({
  file: ANCHOR.trace(golden.file).page,
  parent: PAGE.traces,
  title: golden.file,
  isId: true,
  groups: [],
  style: verdictStyle,
  body: html`<p>${badge(validation.verdict)} by <code>${validation.revision}</code>: ${golden.about}. <span class="quiet">${seen(validation)}.</span></p>
${validation.missing.map((what) => html`<p>Missing: ${what}.</p>\n`)}
${validation.findings.length === 0 ? NOTHING : findingsTable(golden.file, validation.findings)}
${charts(validation, around)}
${readings(validation)}
${
  validation.remarks.length === 0
    ? NOTHING
    : html`<details><summary>${count(validation.remarks.length, 'note')}</summary><ul>
${validation.remarks.map(({ frame, message }) => html`<li>${frame === undefined ? NOTHING : `frame ${frame}: `}${message}</li>\n`)}</ul></details>`
}
${
  validation.unread.length === 0
    ? NOTHING
    : html`<details><summary>${count(validation.unread.length, 'record')} not read</summary><ul>
${validation.unread.map(({ at, reason }) => html`<li>${at === undefined ? NOTHING : `frame ${at}: `}${reason}</li>\n`)}</ul></details>`
}
<p class="try">Its files are in <code>traces/${golden.file.replace(/[^/]*$/, '')}</code>. Again, in a checkout: <code>npx ipsecha validate traces/${golden.file}</code>;
or give them to the page that <a href="${PAGE.judge}">judges captures</a>, and go through it message by message.</p>`,
});

/** Findings of a trace that have a chart. */
const CHARTS = 12;

/** The messages around each finding; of several in one place, around the first. */
function charts({ findings }: Validation, around: JudgedTrace['around']): Piece {
  const places = findings.filter(
    ({ event }, index) => findings.findIndex((each) => each.event === event) === index,
  );
  const drawn = places.slice(0, CHARTS).flatMap((finding) => {
    const near = around.of(finding.event);
    if (near === undefined) return [];
    const chart = traceChart(near, { findings }, finding);
    return [chartPiece(`${finding.rule}, ${chart.title ?? ''}`, chart)];
  });
  if (drawn.length === 0) return NOTHING;
  return html`<h2>The messages around them</h2>
${drawn}${places.length > CHARTS ? html`<p class="quiet">Of ${places.length} places, the first ${CHARTS} are drawn.</p>\n` : NOTHING}`;
}

const seen = ({ statistics }: Validation): string =>
  `${count(statistics.ikeMessages, 'IKE message')} of ${count(statistics.ikeSas, 'SA')}, ${count(statistics.espPackets, 'ESP packet')} of ${count(statistics.espSas, 'SA')}; ${statistics.repeated.toLocaleString('en')} seen before, ${statistics.notAuthentic.toLocaleString('en')} not authentic`;

const findingsTable = (file: string, findings: readonly Finding[]): Piece =>
  table(
    `Findings in ${file}`,
    ['Frame', 'Who', 'Rule', 'What happened, and what would have been allowed'],
    findings.map((finding) => [
      [finding.frame ?? `event ${finding.event}`, ...(finding.alsoFrames ?? [])].join(', '),
      finding.address === undefined
        ? finding.actor
        : html`${finding.actor}<br><small>${finding.address}</small>`,
      finding.property === undefined
        ? ruleLink(finding.rule)
        : html`${ruleLink(finding.rule)}<br><small>breaks ${propertyLink(finding.property)}</small>`,
      html`${saidOf(finding)}<br><small>Allowed: ${finding.allowed}.</small>`,
    ]),
    'findings',
  );

/** The readings in a sentence. */
function readings({ readings: all }: Validation): Piece {
  if (all.length === 0) return NOTHING;
  const conform = all.filter(({ verdict }) => verdict !== 'violates');
  const which =
    conform.length === all.length
      ? 'every reading'
      : conform.length === 0
        ? 'no reading'
        : `${conform.length} of ${all.length} readings`;
  const ofTheText =
    conform.length === 0 || conform.some((reading) => reading.ofTheText)
      ? ''
      : ' (none of the text, but what some implementation does)';
  return html`<p>It conforms under ${which} of what the text leaves open${ofTheText}.</p>`;
}
