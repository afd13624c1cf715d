/**
 * The pages of the site, the anchors on them, and links to them. The page of a rule or property is called by its id,
 * and `index.html` has the ids as anchors: neither changes once published, they are what one cites.
 */
import { type Clause, findRule, properties, revisions, scenarios } from '../../../model/index.ts';
import { html, joined, type Piece } from './html.ts';

/** A place that one can link to and cite. */
export interface Anchor {
  /** Name of a file of the site. */
  readonly page: string;
  /** Unique on its page. */
  readonly id: string;
}

/** The anchor of all of a page: what is on it can be cited without one. */
const TOP = 'top';

/** The files of the site that stand in the list of pages; those of the documents are in `references.ts`. */
export const PAGE = {
  index: 'index.html',
  rules: 'rules.html',
  clauses: 'clauses.html',
  properties: 'properties.html',
  findings: 'findings.html',
  examples: 'examples.html',
  checks: 'checks.html',
  ablation: 'ablation.html',
  revisions: 'revisions.html',
  scenarios: 'scenarios.html',
  settings: 'settings.html',
  traces: 'traces.html',
  proofs: 'proofs.html',
  events: 'events.html',
  walk: 'walk.html',
  judge: 'judge.html',
  cite: 'cite.html',
  search: 'search.html',
} as const;

const whole = (page: string): Anchor => ({ page, id: TOP });

/** Where each thing is told of. Each rule, property, revision, scenario, check and trace has a page of its own. */
export const ANCHOR = {
  rule: (id: string): Anchor => whole(`${id}.html`),
  property: (id: string): Anchor => whole(`${id}.html`),
  /** Of RFC 6311 the id alone, which is what one cites; of the other texts their name before it. */
  clause: ({ document, id }: Pick<Clause, 'document' | 'id'>): Anchor => ({
    page: PAGE.clauses,
    id: document === 'RFC6311' ? id : `${document}-${id}`,
  }),
  /** By the id in its heading, `F-01`, which is what one cites. */
  finding: (heading: string): Anchor => ({ page: PAGE.findings, id: headingId(heading) }),
  /** An example of a text, by its id: `A.2`, `9-sent`, `slides`. */
  example: (id: string): Anchor => ({ page: PAGE.examples, id: slug(id) }),
  revision: (name: string): Anchor => whole(`revision-${slug(name)}.html`),
  scenario: (name: string): Anchor => whole(`scenario-${slug(name)}.html`),
  setting: (key: string): Anchor => ({ page: PAGE.settings, id: `setting-${slug(key)}` }),
  check: (revision: string, scenario: string): Anchor =>
    whole(`check-${slug(revision)}-${slug(scenario)}.html`),
  counterexample: (revision: string, scenario: string, property: string): Anchor => ({
    page: ANCHOR.check(revision, scenario).page,
    id: `counterexample-${slug(property)}`,
  }),
  /** The row of a rule in the table of what breaks without it. */
  without: (rule: string): Anchor => ({ page: PAGE.ablation, id: `without-${slug(rule)}` }),
  trace: (file: string): Anchor => whole(`trace-${slug(file)}.html`),
  anomaly: (input: string): Anchor => ({ page: 'anomalies.html', id: `anomaly-${slug(input)}` }),
  proof: (id: string): Anchor => ({ page: PAGE.proofs, id: `proof-${slug(id)}` }),
} as const;

/** Letters, digits, dots and hyphens; the name of a capture is that of its folder, and more if it has more. */
const slug = (text: string): string =>
  text
    .replace(/(?:\/capture)?\.pcap$/, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** The words of a heading, in small letters. */
export const words = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .replace(/^-+|[-.]+$/g, '');

/** The anchor of a heading: the permanent id that it begins with, `F-01` or `Q-01`; else its words. */
export const headingId = (heading: string): string =>
  /^([FQ]-\d{2,})(?::|$)/.exec(heading)?.[1] ?? words(heading);

/** Where a link goes. Within its own page, `localLinks` leaves the name of the file out. */
export const hrefTo = ({ page, id }: Anchor): string => (id === TOP ? page : `${page}#${id}`);

/** A page that calls itself by its name only where it has to: so a copy under another name still works. */
export const localLinks = (markup: string, page: string): string =>
  markup.replaceAll(`href="${page}#`, 'href="#');

/** A link to a place. */
export const link = (anchor: Anchor, text: Piece): Piece => html`<a href="${hrefTo(anchor)}">${text}</a>`;

/** A rule by its id; without a link if the catalogue does not have it. */
export const ruleLink = (id: string): Piece => {
  const entry = findRule(id);
  return entry === undefined
    ? html`<code>${id}</code>`
    : html`<a href="${hrefTo(ANCHOR.rule(id))}" title="${entry.title}"><code>${id}</code></a>`;
};

/** A property by its id; without a link if there is none such. */
export const propertyLink = (id: string): Piece => {
  const property = properties.find((each) => each.id === id);
  return property === undefined
    ? html`<code>${id}</code>`
    : html`<a href="${hrefTo(ANCHOR.property(id))}" title="${property.title}"><code>${id}</code></a>`;
};

/** A scenario by its name; without a link if there is none such. */
export const scenarioLink = (name: string): Piece =>
  scenarios.some((each) => each.name === name) ? link(ANCHOR.scenario(name), name) : name;

/** A revision by its name; without a link if it is not one that is shipped. */
export const revisionLink = (name: string): Piece =>
  revisions.some((each) => each.name === name) ? link(ANCHOR.revision(name), name) : name;

/** Links in a sentence; or what to say if there are none. */
export const listed = (links: readonly Piece[], none: string): Piece =>
  links.length === 0 ? html`<span class="quiet">${none}</span>` : joined(links, ', ');
