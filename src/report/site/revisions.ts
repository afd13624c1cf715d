/** The revisions: each text, the rules that it is made of, and its verdicts. */
import { type Revision, type RuleId, revisions, rulesOf, scenarios } from '../../../model/index.ts';
import { ANCHOR, link, listed, PAGE, ruleLink } from './anchors.ts';
import type { Draft, SiteContent } from './content.ts';
import { findingLinks, findingsAbout } from './findings.ts';
import { html, NOTHING } from './html.ts';
import { checksOf } from './matrix.ts';
import type { Page } from './page.ts';
import { facts, section, table } from './parts.ts';
import { walkLink } from './walk.ts';

export function revisionsPage({ drafts }: SiteContent): Page {
  const all = [...revisions, ...drafts.map(({ revision }) => revision)];
  return {
    file: PAGE.revisions,
    title: 'Revisions',
    groups: all.map(({ name }) => ({ anchor: ANCHOR.revision(name), title: name, entries: [] })),
    body: html`<p>A revision is one text: a record of rule functions. An author’s own is such a record too, and can be
checked the same way. <code>npx ipsecha compare REVISION REVISION</code> tells two apart.</p>
${table(
  'All revisions',
  ['Revision', 'What it is', 'Source'],
  all.map(({ name, title, source }) => [
    link(ANCHOR.revision(name), html`<code>${name}</code>`),
    title,
    source,
  ]),
  'index',
)}
${table(
  'Rules by revision',
  ['Rule', ...all.map(({ name }) => name)],
  [...new Set(all.flatMap(ruleIdsOf))]
    .sort()
    .map((id) => [ruleLink(id), ...all.map((revision) => (ruleIdsOf(revision).includes(id) ? 'yes' : ''))]),
  'compact',
)}`,
  };
}

export const revisionPages = (content: SiteContent): readonly Page[] => [
  ...revisions.map((revision) => revisionPage(revision, content)),
  ...content.drafts.map((draft) => revisionPage(draft.revision, content, draft)),
];

function revisionPage(revision: Revision, content: SiteContent, draft?: Draft): Page {
  const { name, title, source, counterSync } = revision;
  const at = (id: string) => ({ page: ANCHOR.revision(name).page, id });
  return {
    file: ANCHOR.revision(name).page,
    parent: PAGE.revisions,
    title: name,
    isId: true,
    groups: [
      { anchor: at('verdicts'), title: 'Verdicts', entries: [] },
      ...(draft === undefined ? [] : [{ anchor: at('text'), title: 'Its text', entries: [] }]),
    ],
    body: html`<p class="title">${title}</p>
${facts([
  ['Source', source],
  draft === undefined
    ? [
        'Walk',
        walkLink(
          { revision: name, scenario: scenarios[0]?.name ?? '' },
          'step by step, or check it in your browser',
        ),
      ]
    : [
        'Walk',
        html`<a href="${PAGE.walk}">in your browser</a>, under “A revision of your own”, with the text below`,
      ],
  ['Counter sync', counterSync === null ? 'none: a newly active member just goes on' : 'yes'],
  ['Rules that it is made of', listed(ruleIdsOf(revision).map(ruleLink), 'none')],
  ['Findings', listed(findingLinks(findingsAbout(name, content)), 'none speaks of it')],
])}
${section(
  at('verdicts'),
  'Verdicts',
  checksOf(content.overview.checks.filter((each) => each.revision === name)),
)}
${draft === undefined ? NOTHING : section(at('text'), 'Its text', html`<p>${draft.file}, as it was when this page was made:</p>\n<pre><code>${draft.text}</code></pre>`)}`,
  };
}

/** Ids of the rules of a revision. */
export const ruleIdsOf = (revision: Revision): readonly RuleId[] => rulesOf(revision).map(({ id }) => id);
