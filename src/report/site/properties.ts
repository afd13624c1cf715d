/** The properties: what has to hold, by which rules, how it is judged, and where it is broken. */
import { type PropertyText, properties, safetyProperties } from '../../../model/index.ts';
import { checkedProperties } from '../../check/check.ts';
import { ANCHOR, link, listed, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { html, type Piece } from './html.ts';
import { facts, heading, section } from './parts.ts';

export const propertiesSection = ({ overview }: SiteContent): Piece =>
  section(
    'properties',
    'Properties',
    html`<p>What the rules are there for. A safety property watches what both ends do, over their whole history and
across failovers, and says when something happened that must not; <code>recovery-possible</code> asks whether the
two ends can always find together again.</p>
`,
    properties.map((property) => propertyArticle(property, overview)),
  );

const propertyArticle = (property: PropertyText, overview: SiteContent['overview']): Piece =>
  html`<article id="${property.id}">
${heading(3, property.id, html`<code>${property.id}</code>`)}
<p class="title">${property.title}</p>
<p>${property.says}</p>
${facts([
  ['Rules', listed(property.rules.map(ruleLink), 'none')],
  ['Judged', judged(property.id)],
  ['Broken by', listed(brokenBy(property.id, overview), 'no revision, no shipped trace')],
])}
</article>
`;

function judged(id: string): string {
  const watched = safetyProperties.some((each) => each.id === id);
  if (!checkedProperties.includes(id)) return 'on traces';
  return watched ? 'by exploration and on traces' : 'by exploration';
}

const brokenBy = (id: string, { checks, traces }: SiteContent['overview']): readonly Piece[] => [
  ...checks.flatMap(({ revision, scenario, properties: verdicts }) =>
    verdicts.flatMap(({ id: own, counterexample }) =>
      own === id && counterexample !== undefined
        ? [link(ANCHOR.counterexample(revision, scenario, id), `${revision}, ${scenario}`)]
        : [],
    ),
  ),
  ...traces.flatMap(({ golden, validation }) =>
    validation.findings.some(({ property }) => property === id)
      ? [link(ANCHOR.trace(golden.file), golden.file)]
      : [],
  ),
];
