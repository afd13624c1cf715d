/** The rules: a list to look through, then each with all that is known of it. */
import {
  ablatable,
  type CatalogueEntry,
  catalogue,
  confidenceSays,
  properties,
  revisions,
  rfc6311,
} from '../../../model/index.ts';
import { ANCHOR, link, listed, propertyLink, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING, type Piece } from './html.ts';
import { facts, heading, section, table } from './parts.ts';

export const rulesSection = (content: SiteContent): Piece =>
  section(
    'rules',
    'Rules',
    html`<p>Each rule is a pure function, and what is said of it. The wording is ours; the texts themselves are not
quoted. An id never changes once it is published, so it can be cited, and so can the address of this page with
<code>#</code> and the id.</p>
`,
    html`<div class="legend"><p>Confidence: how sure we are that the text says this</p><dl>
${Object.entries(confidenceSays).map(([letter, meaning]) => html`<div><dt>${letter}</dt><dd>${meaning}</dd></div>\n`)}</dl></div>
`,
    table(
      'All rules',
      ['Rule', 'Level', 'Confidence', 'What it says, in short'],
      catalogue.map(({ id, level, confidence, title }) => [ruleLink(id), level, confidence, title]),
      'index',
    ),
    catalogue.map((entry) => ruleArticle(entry, content)),
  );

function ruleArticle(entry: CatalogueEntry, { sources, overview }: SiteContent): Piece {
  const { id, title, says, document, section: where, level, actor, confidence, file, functionName } = entry;
  const source = sources.get(id);
  const serves = properties.filter(({ rules }) => rules.includes(id));
  const proofs = overview.proofs.filter(({ obligation }) => obligation.rules.includes(id));
  return html`<article id="${id}" class="rule">
${heading(3, id, html`<code>${id}</code>`)}
<p class="title">${title}</p>
<p>${says}</p>
${facts([
  ['Where', `${documentName(document)}, section ${where}`],
  ['Level', html`<span class="chip">${level}</span>`],
  ['Kept by', actor],
  ['Confidence', html`<span class="chip">${confidence}</span> ${confidenceSays[confidence]}; wording ours`],
  [
    'Properties',
    listed(
      serves.map((property) => propertyLink(property.id)),
      'none rests on it directly',
    ),
  ],
  [
    'Proofs',
    listed(
      proofs.map((proof) => link(ANCHOR.proof(proof.id), proof.id)),
      'none rests on it',
    ),
  ],
  ['Broken in', listed(brokenIn(id, overview), 'no shipped trace')],
])}
${source === undefined ? NOTHING : html`<figure><figcaption><code>${functionName}</code> in <code>${file}</code>, line ${source.line}</figcaption><pre tabindex="0"><code>${source.code}</code></pre></figure>`}
${withoutIt(id)}
</article>
`;
}

const documentName = (document: string): string =>
  document
    .replace(/^RFC/, 'RFC ')
    .replace(/^IPSECHA(\d+)$/, 'draft-ietf-ipsecme-ipsecha-protocol-$1 (October 2010 slides)');

/** Shipped traces with findings of the rule, and their frames. */
const brokenIn = (id: string, { traces }: SiteContent['overview']): readonly Piece[] =>
  traces.flatMap(({ golden, validation }) => {
    const frames = validation.findings.flatMap(({ rule, frame, event }) =>
      rule === id ? [frame ?? event] : [],
    );
    if (frames.length === 0) return [];
    const where = `${frames.length === 1 ? 'frame' : 'frames'} ${frames.join(', ')}`;
    return [html`${link(ANCHOR.trace(golden.file), golden.file)} (${where})`];
  });

/** How to see what the rule is there for, if it can be left out. */
function withoutIt(id: string): Piece {
  // The drafts share most rules of the RFC, and ablation tells more where the rest holds.
  const revision = [rfc6311, ...revisions].find((each) => ablatable(each).includes(id));
  return revision === undefined
    ? NOTHING
    : html`<p class="try">What it is there for: <code>npx ipsecha check ${revision.name} --without ${id}</code></p>`;
}
