/** The properties: what has to hold, by which rules, how it is judged, and where it is broken. */
import { type PropertyText, properties, revisions, safetyProperties } from '../../../model/index.ts';
import { breakagesIn } from '../../overview/ablation-record.ts';
import { checkedProperties } from '../../questions/check.ts';
import { walkOf } from '../../questions/walk-of.ts';
import { ANCHOR, link, listed, PAGE, propertyLink, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { findingLinks, findingsAbout } from './findings.ts';
import { html, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { facts, table } from './parts.ts';
import { provedOf } from './proofs.ts';
import { walkLink } from './walk.ts';

export const propertiesPage = (): Page => ({
  file: PAGE.properties,
  title: 'Properties',
  groups: [],
  body: html`<p>What the rules are there for. A safety property watches what both ends do, over their whole history and
across failovers, and says when something happened that must not; <code>recovery-possible</code> asks whether the
two ends can always find together again.</p>
${propertiesTable()}`,
});

/** Every property in a row; on `index.html` with its id as anchor, as rules have it. */
export const propertiesTable = (page?: string): Piece =>
  table(
    'All properties',
    ['Property', 'What it says, in short'],
    properties.map(({ id, title }) => ({
      ...(page === undefined ? {} : { anchor: { page, id } }),
      cells: [propertyLink(id), title],
    })),
  );

export const propertyPages = (content: SiteContent): readonly Page[] =>
  properties.map((property) => propertyPage(property, content));

const propertyPage = (property: PropertyText, content: SiteContent): Page => ({
  file: ANCHOR.property(property.id).page,
  parent: PAGE.properties,
  title: property.id,
  isId: true,
  groups: [],
  body: html`<p class="title">${property.title}</p>
<p>${property.says}</p>
${facts([
  ['Rules', listed(property.rules.map(ruleLink), 'none')],
  ['Judged', judged(property.id)],
  ['Proved for all numbers', provedOf(property.id, content)],
  ['Breaks without', listed(neededBy(property.id, content), 'no rule by itself')],
  ['Broken by revisions', listed(brokenByRevisions(property.id, content), 'none')],
  ['Broken in traces', listed(brokenInTraces(property.id, content), 'none that is shipped')],
  ['Findings', listed(findingLinks(findingsAbout(property.id, content)), 'none speaks of it')],
  ['Walk', walkTo(property.id, content)],
])}`,
});

/** The shortest run of a shipped revision that breaks it; else a scenario to look for one. */
function walkTo(id: string, { overview: { checks } }: SiteContent): Piece {
  if (!checkedProperties.includes(id))
    return html`<span class="quiet">it is judged on traces only, so no run breaks it</span>`;
  const [shortest] = checks
    .filter(({ revision }) => revisions.some(({ name }) => name === revision))
    .flatMap((result) =>
      result.properties.flatMap((checked) =>
        checked.id === id && checked.counterexample !== undefined
          ? [{ result, checked, depth: checked.counterexample.depth }]
          : [],
      ),
    )
    .toSorted((a, b) => a.depth - b.depth);
  const walk = shortest === undefined ? undefined : walkOf(shortest.result, shortest.checked);
  return walk === undefined
    ? walkLink({ revision: 'rfc6311', scenario: 'single-failover', property: id }, 'check it in your browser')
    : walkLink(walk, `${walk.revision} in ${walk.scenario}: a run that breaks it, step by step`);
}

function judged(id: string): string {
  const watched = safetyProperties.some((each) => each.id === id);
  if (!checkedProperties.includes(id)) return 'on traces';
  return watched ? 'by exploration and on traces' : 'by exploration';
}

/** Rules without which it breaks, though it holds with all of them. */
const neededBy = (id: string, { ablation }: SiteContent): readonly Piece[] =>
  Object.values(ablation).flatMap((rules) =>
    Object.entries(rules)
      .filter(([, cells]) =>
        Object.values(cells).some((said) => breakagesIn(said).some(({ property }) => property === id)),
      )
      .map(([rule]) => ruleLink(rule)),
  );

const brokenByRevisions = (id: string, { overview: { checks } }: SiteContent): readonly Piece[] =>
  checks.flatMap(({ revision, scenario, properties: verdicts }) =>
    verdicts.flatMap(({ id: own, counterexample }) =>
      own === id && counterexample !== undefined
        ? [link(ANCHOR.counterexample(revision, scenario, id), `${revision}, ${scenario}`)]
        : [],
    ),
  );

const brokenInTraces = (id: string, { overview: { traces } }: SiteContent): readonly Piece[] =>
  traces.flatMap(({ golden, validation }) =>
    validation.findings.some(({ property }) => property === id)
      ? [link(ANCHOR.trace(golden.file), golden.file)]
      : [],
  );
