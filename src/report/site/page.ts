/** The page: one file that needs nothing else, no script either. */
import { catalogue, properties, revisions, scenarios } from '../../../model/index.ts';
import { ANCHOR, link } from './anchors.ts';
import { checksSection } from './checks.ts';
import type { SiteContent } from './content.ts';
import { eventsSection } from './events.ts';
import { html, NOTHING, type Piece, trusted } from './html.ts';
import { count } from './parts.ts';
import { proofsSection } from './proofs.ts';
import { propertiesSection } from './properties.ts';
import { rulesSection } from './rules.ts';
import { revisionsSection, scenariosSection } from './scenarios.ts';
import { style } from './style.ts';
import { tracesSection } from './traces.ts';

/** The same content gives the same page, octet for octet: it tells no times. */
export const sitePage = (content: SiteContent): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${content.description}">
<title>ipsecha ${content.version}: rules, properties and verdicts</title>
<style>${trusted(style)}</style>
</head>
<body>
<div class="page">
${contents(content)}
<main>
${header(content)}
${rulesSection(content)}
${propertiesSection(content)}
${revisionsSection()}
${scenariosSection()}
${checksSection(content)}
${tracesSection(content)}
${proofsSection(content)}
${eventsSection(content)}
<footer>ipsecha ${content.version}. Written by <code>ipsecha report</code>; every verdict on this page was computed when it was written.</footer>
</main>
</div>
</body>
</html>
`.markup;

const header = (content: SiteContent): Piece => html`<header id="top">
<h1>ipsecha <span class="version">${content.version}</span></h1>
<p class="lead">${content.description}.</p>
${summary(content)}
${content.hasApi ? html`<p><a href="api/index.html">API of the library and of the specification</a></p>` : NOTHING}
<section id="cite" class="cite">
<h2>How to cite</h2>
<p><q>ipsecha: ${content.description}</q>, version ${content.version}.</p>
<p>Cite a rule or a property by its id and this version, for example: ipsecha ${content.version}, rule
${link('RFC6311-5.1-DROP-STALE', 'RFC6311-5.1-DROP-STALE')}. Ids, and the anchors of this page that are made of them,
are permanent.</p>
</section>
</header>
`;

function summary({ overview }: SiteContent): Piece {
  const { checks, traces, proofs, surprises } = overview;
  const tiles: readonly (readonly [anchor: string, number: number, what: string])[] = [
    ['rules', catalogue.length, 'rule'],
    ['properties', properties.length, 'property'],
    ['checks', checks.length, 'exploration'],
    ['traces', traces.length, 'trace'],
    ['proofs', proofs.length, 'proof'],
  ];
  return html`<ul class="tiles">
${tiles.map(([anchor, number, what]) => {
  const [amount = '', ...word] = count(number, what).split(' ');
  return html`<li><a href="#${anchor}"><b>${amount}</b> ${word.join(' ')}</a></li>\n`;
})}</ul>
${
  surprises.length === 0
    ? html`<p class="outcome good"><span aria-hidden="true">✓</span> Every verdict is the expected one.</p>`
    : html`<div class="outcome bad"><p><span aria-hidden="true">✗</span> Not as expected:</p><ul>${surprises.map((surprise) => html`<li>${surprise}</li>`)}</ul></div>`
}`;
}

/** The contents: beside the page where there is room, above it where there is none. */
const contents = ({ hasApi, overview }: SiteContent): Piece => html`<nav aria-label="Contents">
<p class="brand">${link('top', 'ipsecha')}</p>
<ul>
<li>${link('cite', 'How to cite')}</li>
${group(
  'rules',
  'Rules',
  catalogue.map(({ id }) => [id, id]),
)}
${group(
  'properties',
  'Properties',
  properties.map(({ id }) => [id, id]),
)}
${group(
  'revisions',
  'Revisions',
  revisions.map(({ name }) => [ANCHOR.revision(name), name]),
)}
${group('scenarios', 'Scenarios and settings', [
  ...scenarios.map(({ name }): Entry => [ANCHOR.scenario(name), name]),
  ['settings', 'settings'],
])}
<li>${link('checks', 'Checks')}</li>
${group(
  'traces',
  'Traces',
  overview.traces.map(({ golden: { file } }) => [ANCHOR.trace(file), file]),
)}
${group(
  'proofs',
  'Proofs',
  overview.proofs.map(({ id }) => [ANCHOR.proof(id), id]),
)}
<li>${link('events', 'Event schema')}</li>
${hasApi ? html`<li><a href="api/index.html">API</a></li>` : NOTHING}
</ul>
</nav>
`;

type Entry = readonly [anchor: string, text: string];

const group = (anchor: string, title: string, entries: readonly Entry[]): Piece =>
  html`<li>${link(anchor, title)}
<details><summary aria-label="${title}, one by one">${entries.length}</summary>
<ul>${entries.map(([to, text]) => html`<li>${link(to, text)}</li>\n`)}</ul>
</details></li>
`;
