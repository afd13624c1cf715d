/**
 * The anchors of the page, and links to them. Those of rules and properties are their ids, which never change
 * once published: they are what one cites.
 */
import { findRule, properties } from '../../../model/index.ts';
import { html, joined, type Piece } from './html.ts';

/** Anchors of everything that is not cited by an id of the specification. */
export const ANCHOR = {
  revision: (name: string): string => `revision-${slug(name)}`,
  scenario: (name: string): string => `scenario-${slug(name)}`,
  counterexample: (revision: string, scenario: string, property: string): string =>
    `counterexample-${slug(revision)}-${slug(scenario)}-${slug(property)}`,
  trace: (file: string): string => `trace-${slug(file)}`,
  proof: (id: string): string => `proof-${slug(id)}`,
} as const;

/** Letters, digits and hyphens; the name of a shipped trace is that of its folder, and more if it has more. */
const slug = (text: string): string =>
  text
    .replace(/\.pcap$/, '')
    .replace(/[^A-Za-z0-9.]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** A link within the page. */
export const link = (anchor: string, text: Piece): Piece => html`<a href="#${anchor}">${text}</a>`;

/** A rule by its id; without a link if the catalogue does not have it. */
export const ruleLink = (id: string): Piece => {
  const entry = findRule(id);
  return entry === undefined
    ? html`<code>${id}</code>`
    : html`<a href="#${id}" title="${entry.title}"><code>${id}</code></a>`;
};

/** A property by its id; without a link if there is none such. */
export const propertyLink = (id: string): Piece => {
  const property = properties.find((each) => each.id === id);
  return property === undefined
    ? html`<code>${id}</code>`
    : html`<a href="#${id}" title="${property.title}"><code>${id}</code></a>`;
};

/** Links in a sentence; or what to say if there are none. */
export const listed = (links: readonly Piece[], none: string): Piece =>
  links.length === 0 ? html`<span class="quiet">${none}</span>` : joined(links, ', ');
