/** The revisions: each text, the rules that it is made of, and its verdicts. */
import { type Revision, type RuleId, revisions, rulesOf, scenarios } from '../../../model/index.ts';
import { ANCHOR, link, listed, PAGE, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { findingLinks, findingsAbout } from './findings.ts';
import { html } from './html.ts';
import { checksOf } from './matrix.ts';
import type { Page } from './page.ts';
import { facts, section, table } from './parts.ts';
import { walkLink } from './walk.ts';

export const revisionsPage = (): Page => ({
  file: PAGE.revisions,
  title: 'Revisions',
  groups: revisions.map(({ name }) => ({ anchor: ANCHOR.revision(name), title: name, entries: [] })),
  body: html`<p>A revision is one text: a record of rule functions. An author’s own is such a record too, and can be
checked the same way. <code>npx ipsecha compare REVISION REVISION</code> tells two apart.</p>
${table(
  'All revisions',
  ['Revision', 'What it is', 'Source'],
  revisions.map(({ name, title, source }) => [
    link(ANCHOR.revision(name), html`<code>${name}</code>`),
    title,
    source,
  ]),
  'index',
)}
${table(
  'Rules by revision',
  ['Rule', ...revisions.map(({ name }) => name)],
  [...new Set(revisions.flatMap(ruleIdsOf))]
    .sort()
    .map((id) => [
      ruleLink(id),
      ...revisions.map((revision) => (ruleIdsOf(revision).includes(id) ? 'yes' : '')),
    ]),
  'compact',
)}`,
});

export const revisionPages = (content: SiteContent): readonly Page[] =>
  revisions.map((revision) => revisionPage(revision, content));

function revisionPage(revision: Revision, content: SiteContent): Page {
  const { name, title, source, counterSync } = revision;
  const at = (id: string) => ({ page: ANCHOR.revision(name).page, id });
  return {
    file: ANCHOR.revision(name).page,
    parent: PAGE.revisions,
    title: name,
    isId: true,
    groups: [{ anchor: at('verdicts'), title: 'Verdicts', entries: [] }],
    body: html`<p class="title">${title}</p>
${facts([
  ['Source', source],
  [
    'Walk',
    walkLink(
      { revision: name, scenario: scenarios[0]?.name ?? '' },
      'step by step, or check it in your browser',
    ),
  ],
  ['Counter sync', counterSync === null ? 'none: a newly active member just goes on' : 'yes'],
  ['Rules that it is made of', listed(ruleIdsOf(revision).map(ruleLink), 'none')],
  ['Findings', listed(findingLinks(findingsAbout(name, content)), 'none speaks of it')],
])}
${section(
  at('verdicts'),
  'Verdicts',
  checksOf(content.overview.checks.filter((each) => each.revision === name)),
)}`,
  };
}

/** Ids of the rules of a revision. */
export const ruleIdsOf = (revision: Revision): readonly RuleId[] => rulesOf(revision).map(({ id }) => id);
