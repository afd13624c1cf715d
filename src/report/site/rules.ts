/** The rules: a list to look through, and for each rule a page with all that is known of it. */
import {
  type CatalogueEntry,
  catalogue,
  clausesOf,
  confidenceSays,
  convictedBySays,
  levelSays,
  properties,
  revisions,
  type SeenBy,
  scenarios,
} from '../../../model/index.ts';
import { withoutPiece } from './ablation.ts';
import { ANCHOR, link, listed, PAGE, propertyLink, revisionLink, ruleLink } from './anchors.ts';
import { clauseReference } from './clauses.ts';
import type { SiteContent } from './content.ts';
import { sourceLink } from './edition.ts';
import { findingLinks, findingsAbout } from './findings.ts';
import { html, NOTHING, type Piece } from './html.ts';
import { checkLink } from './matrix.ts';
import type { Page } from './page.ts';
import { facts, folded, section, table } from './parts.ts';
import { needingRule } from './proofs.ts';
import { ruleIdsOf } from './revisions.ts';
import { walkLink } from './walk.ts';

export const rulesPage = (): Page => ({
  file: PAGE.rules,
  title: 'Rules',
  groups: [],
  body: html`<p>Each rule is a pure function, and what is said of it. The wording is ours; the texts themselves are not
quoted. An id never changes once it is published, so it can be cited, and so can the page of the rule, which is called
by it.</p>
<div class="legend"><p>Level: how binding the text makes it</p><dl>
${Object.entries(levelSays).map(([level, meaning]) => html`<div><dt>${level}</dt><dd>${meaning}</dd></div>\n`)}</dl></div>
<div class="legend"><p>Confidence: how sure we are that the text says this</p><dl>
${Object.entries(confidenceSays).map(([letter, meaning]) => html`<div><dt>${letter}</dt><dd>${meaning}</dd></div>\n`)}</dl></div>
${rulesTable()}`,
});

/** Every rule in a row. On `index.html` the id is an anchor, too: it was cited there before rules had pages. */
export const rulesTable = (page?: string): Piece =>
  table(
    'All rules',
    ['Rule', 'Level', 'Confidence', 'What it says, in short'],
    catalogue.map(({ id, level, confidence, title }) => ({
      ...(page === undefined ? {} : { anchor: { page, id } }),
      cells: [ruleLink(id), level, confidence, title],
    })),
    'index',
  );

export const rulePages = (content: SiteContent): readonly Page[] =>
  catalogue.map((entry) => rulePage(entry, content));

const notConvicted = (seenBy: CatalogueEntry['seenBy']): string =>
  seenBy === 'nobody'
    ? 'nothing on the wire'
    : 'nothing by its own name: a fault against it shows as one against another rule, or not at all';

function rulePage(entry: CatalogueEntry, content: SiteContent): Page {
  const { id, title, says, document, section: where, level, actor, confidence, file, functionName } = entry;
  const { seenBy, convictedBy, formerly, link: textLink } = entry;
  const { sources, helpers, tests, overview } = content;
  const at = (anchor: string) => ({ page: ANCHOR.rule(id).page, id: anchor });
  const source = sources.get(id);
  const serves = properties.filter(({ rules }) => rules.includes(id));
  const places = tests.get(id) ?? [];
  const headings = [
    ['text', 'What it says'],
    ['function', 'The function'],
    ['without', 'Without it'],
    ['exercised', 'Where it is exercised'],
  ] as const;
  const part = (anchor: (typeof headings)[number][0], ...inside: readonly Piece[]): Piece =>
    section(at(anchor), headings.find(([name]) => name === anchor)?.[1] ?? '', inside);
  return {
    file: ANCHOR.rule(id).page,
    parent: PAGE.rules,
    title: id,
    isId: true,
    groups: headings.map(([anchor, heading]) => ({ anchor: at(anchor), title: heading, entries: [] })),
    body: html`<p class="title">${title}</p>
${part(
  'text',
  html`<p>${says}</p>
`,
  facts([
    [
      'Source',
      textLink === null
        ? `${documentName(document)}, section ${where}`
        : html`<a href="${textLink}">${documentName(document)}, section ${where}</a>`,
    ],
    ['Clauses', listed(clausesOf(id).map(clauseReference), 'none: its text is the slides')],
    ['Level', html`<span class="chip">${level}</span> ${levelSays[level]}`],
    ['Kept by', actor],
    ['Shown by a trace in', SEEN_IN[seenBy]],
    ['Convicted by', convictedBy === undefined ? notConvicted(seenBy) : convictedBySays[convictedBy]],
    ['Confidence', html`<span class="chip">${confidence}</span> ${confidenceSays[confidence]}; wording ours`],
    [
      'Properties that rest on it',
      listed(
        serves.map((property) => propertyLink(property.id)),
        'none directly',
      ),
    ],
    [
      'In the revisions',
      listed(
        revisions
          .filter((revision) => ruleIdsOf(revision).includes(id))
          .map(({ name }) => revisionLink(name)),
        'no revision has it as a part that can be exchanged',
      ),
    ],
    ['Findings', listed(findingLinks(findingsAbout(id, content)), 'none speaks of it')],
    ...(formerly === undefined ? [] : [['Wrong under this id in 0.1.0', formerly] as const]),
  ]),
)}
${part(
  'function',
  source === undefined
    ? NOTHING
    : html`<figure><figcaption><code>${functionName}</code> in ${sourceLink(file, source.line, content.edition)}</figcaption><pre tabindex="0"><code>${source.code}</code></pre></figure>
${(helpers.get(id) ?? []).map((helper) => html`<figure><figcaption>with <code>${helper.name}</code> in ${sourceLink(helper.file, helper.line, content.edition)}</figcaption><pre tabindex="0"><code>${helper.code}</code></pre></figure>\n`)}`,
)}
${part('without', withoutPiece(id, content))}
${part(
  'exercised',
  facts([
    ['Explored in', explored(id, overview)],
    ['Walk', walkWith(id, overview)],
    ['Proofs that fail without it', listed(needingRule(id, content), 'none that was tried')],
    ['Broken in the traces', listed(brokenIn(id, overview), 'none of the shipped traces')],
    [
      'Tests that name it',
      places.length === 0
        ? html`<span class="quiet">none by itself</span>`
        : html`<ul class="plain">${places.map(({ file: test, line }) => html`<li>${sourceLink(test, line, content.edition)}</li>`)}</ul>`,
    ],
  ]),
)}`,
  };
}

const SEEN_IN: Readonly<Record<SeenBy, string>> = {
  headers: 'headers: Message IDs, directions, exchange types, sequence numbers',
  contents: 'contents of messages, once decrypted',
  nobody: 'nothing on the wire: it is about what a box keeps to itself, or what members share',
};

const documentName = (document: string): string =>
  document
    .replace(/^RFC/, 'RFC ')
    .replace(/^IPSECHA(\d+)$/, 'draft-ietf-ipsecme-ipsecha-protocol-$1 (October 2010 slides)');

/** A scenario in which the rule comes into play, in the latest revision that has it. */
function walkWith(id: string, { checks }: SiteContent['overview']): Piece {
  const revision = revisions.findLast((each) => ruleIdsOf(each).some((rule) => rule === id));
  if (revision === undefined)
    return html`<span class="quiet">no revision has it as a part that can be exchanged</span>`;
  const own = checks.filter((each) => each.revision === revision.name);
  const shown = own.find(({ neverOccurred }) => !neverOccurred.includes(id)) ?? own[0];
  const scenario = shown?.scenario ?? scenarios[0]?.name ?? '';
  return walkLink({ revision: revision.name, scenario }, `${revision.name} in ${scenario}, step by step`);
}

/** The checks of revisions that have the rule, in which it came into play. */
function explored(id: string, { checks }: SiteContent['overview']): Piece {
  const having = checks.filter(({ revision }) =>
    revisions.some((each) => each.name === revision && ruleIdsOf(each).some((each) => each === id)),
  );
  if (having.length === 0)
    return html`<span class="quiet">not told: it is no part of a revision that is counted</span>`;
  const used = having.filter(({ neverOccurred }) => !neverOccurred.includes(id));
  const sum = `${used.length} of the ${having.length} checks of revisions that have it`;
  return used.length === 0 ? sum : folded(sum, html`<p>${listed(used.map(checkLink), '')}</p>`);
}

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
