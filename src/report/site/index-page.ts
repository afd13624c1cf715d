/** The first page: what this is, how to cite it, whether all is as expected, and every rule and property by its id. */
import { catalogue, properties } from '../../../model/index.ts';
import { ANCHOR, link, PAGE, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { editionText, yearOf } from './edition.ts';
import { html, joined, NOTHING, type Piece } from './html.ts';
import { summaryMatrix } from './matrix.ts';
import type { Page } from './page.ts';
import { count, section } from './parts.ts';
import { propertiesTable } from './properties.ts';
import { rulesTable } from './rules.ts';

export function indexPage(content: SiteContent): Page {
  const sections = [
    ['verdicts', 'Verdicts at a glance', summaryMatrix(content.overview.checks)],
    ['rules', 'Rules', rulesTable(PAGE.index)],
    ['properties', 'Properties', propertiesTable(PAGE.index)],
  ] as const;
  const at = (id: string) => ({ page: PAGE.index, id });
  return {
    file: PAGE.index,
    title: 'Overview',
    groups: sections.map(([id, title]) => ({ anchor: at(id), title, entries: [] })),
    body: html`${header(content)}
${sections.map(([id, title, piece]) => section(at(id), title, piece))}`,
  };
}

const header = (content: SiteContent): Piece => html`<header id="top">
<h1>ipsecha <span class="version">${content.edition.version}</span></h1>
<p class="lead">${content.edition.description}.</p>
${cameOut(content)}${summary(content)}
<p><a href="${PAGE.walk}">Walk</a>: every run of the model step by step, in your browser; take another step, and see what
breaks. <a href="${PAGE.judge}">Judge a capture</a> of your own there, too: nothing leaves the machine.</p>
<div class="cite">
<h2>How to cite</h2>
<p>${content.edition.authors} (${yearOf(content.edition)}). <cite>ipsecha: ${content.edition.description}</cite>, ${editionText(content.edition)}.</p>
<p>Rules, properties, findings, questions, examples and traces are cited by their ids and this version, for example: ipsecha
${content.edition.version}, ${ruleLink('RFC6311-5.1-DROP-STALE')}. An id never changes, and keeps its page:
<a href="${PAGE.cite}">Cite</a> has BibTeX and says where each leads.</p>
</div>
</header>
`;

/** What came out, in a few sentences, each with links to the findings that it stands on. */
const cameOut = ({ overview: { conclusions } }: SiteContent): Piece =>
  conclusions.length === 0
    ? NOTHING
    : html`<h2>What came out</h2>
<ol>${conclusions.map(
        ({ says, findings }) =>
          html`<li>${says} (${joined(
            findings.map((id) => link(ANCHOR.finding(id), id)),
            ', ',
          )})</li>\n`,
      )}</ol>
`;

function summary({ overview: { checks, traces }, proofs, surprises }: SiteContent): Piece {
  const tiles: readonly (readonly [page: string, number: number, what: string])[] = [
    [PAGE.rules, catalogue.length, 'rule'],
    [PAGE.properties, properties.length, 'property'],
    [PAGE.checks, checks.length, 'exploration'],
    [PAGE.traces, traces.length, 'trace'],
    [PAGE.proofs, proofs.properties.filter(({ verdict }) => verdict === 'proved').length, 'proof'],
  ];
  return html`<ul class="tiles">
${tiles.map(([page, number, what]) => {
  const [amount = '', ...word] = count(number, what).split(' ');
  return html`<li><a href="${page}"><b>${amount}</b> ${word.join(' ')}</a></li>\n`;
})}</ul>
${
  surprises.length === 0
    ? html`<p class="outcome good"><span aria-hidden="true">✓</span> Every verdict is the expected one.</p>`
    : html`<div class="outcome bad"><p><span aria-hidden="true">✗</span> Not as expected:</p><ul>${surprises.map((surprise) => html`<li>${surprise}</li>`)}</ul></div>`
}`;
}
