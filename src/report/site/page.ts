/** The frame of every page: one file that needs nothing else; no script either, but for the one that is a program. */

import { chartStyle } from '../chart/svg.ts';
import { type Anchor, hrefTo, localLinks, PAGE } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { editionText, yearOf } from './edition.ts';
import { BEGINNING, html, NOTHING, type Piece, trusted } from './html.ts';
import { style, wideStyle } from './style.ts';

/** A page of the site. */
export interface Page {
  /** Name of its file. */
  readonly file: string;
  /** As in the list of pages. */
  readonly title: string;
  /** The page that it belongs to, if it is not in the list of pages itself. */
  readonly parent?: string;
  /** The title is an identifier: shown in code type. */
  readonly isId?: boolean;
  /** What can be found on it, for the contents. */
  readonly groups: readonly Group[];
  readonly body: Piece;
  /** It takes the whole width: the contents are above it. */
  readonly isWide?: boolean;
  /** The style of what only this page has. */
  readonly style?: string;
  /** The program of the page, if it is one; it stands in the page as it is. */
  readonly script?: string;
}

/** What the frame says of the whole. */
export type FrameContent = Pick<SiteContent, 'edition' | 'hasApi'>;

/** Entries of the contents under one heading. */
export interface Group {
  readonly anchor: Anchor;
  readonly title: string;
  readonly entries: readonly (readonly [anchor: Anchor, text: string])[];
}

/** The same content gives the same page, octet for octet: it tells no times. */
export const pageMarkup = (page: Page, all: readonly Page[], content: FrameContent): string =>
  localLinks(
    html`${BEGINNING}
<meta name="description" content="${page.title}: ${content.edition.description}">
<title>${page.title}: ipsecha ${content.edition.version}</title>
<style>${trusted(style)}${trusted(chartStyle)}${page.isWide === true ? trusted(wideStyle) : NOTHING}${trusted(page.style ?? '')}</style>
</head>
<body>
<a class="skip" href="#main">To the text</a>
<div class="${page.isWide === true ? 'page wide' : 'page'}">
${contents(page, all, content)}
<main id="main">
${page.file === PAGE.index ? NOTHING : titleOf(page, all, content)}
${page.body}
<footer>
<p>${content.edition.authors} (${yearOf(content.edition)}). ipsecha, ${editionText(content.edition)}, <code>${page.file}</code>, with <code>#</code> and the
anchor of the place if it has one: the # beside a heading is a link to it. <a href="${PAGE.cite}">How to cite</a>.</p>
<p>Written by <code>ipsecha report</code>. Every verdict was computed when it was written, unless
it says otherwise.</p>
</footer>
</main>
</div>
${page.script === undefined ? NOTHING : trusted(`<script id="program">${page.script}</script>\n`)}</body>
</html>
`.markup,
    page.file,
  );

const titleOf = (
  { title, parent, isId }: Page,
  all: readonly Page[],
  { edition: { version } }: FrameContent,
): Piece => {
  const above = all.find(({ file }) => file === parent);
  return html`<header id="top">
<p class="where"><a href="${PAGE.index}">ipsecha ${version}</a>${above === undefined ? NOTHING : html` › <a href="${above.file}">${above.title}</a>`}</p>
<h1>${isId === true ? html`<code>${title}</code>` : title}</h1>
</header>
`;
};

/** The pages, and what is on this one: beside it where there is room, above it where there is none. */
const contents = (page: Page, all: readonly Page[], { hasApi, edition: { version } }: FrameContent): Piece =>
  html`<nav aria-label="Contents">
<p class="brand"><a href="${PAGE.index}">ipsecha</a> <span class="version">${version}</span></p>
<form class="search" role="search" action="${PAGE.search}"><input type="search" name="q" placeholder="Search" aria-label="Search"></form>
${
  page.isWide === true
    ? html`<p class="short">${SHORT.map((file) => shortLink(file, page, all))}</p>
<details><summary>All pages</summary>${pageList(page, all, hasApi)}</details>
`
    : pageList(page, all, hasApi)
}</nav>
`;

/** What the contents of a page that takes the whole width name; the others are folded away there. */
const SHORT: readonly string[] = [PAGE.index, PAGE.findings, PAGE.rules, PAGE.checks, PAGE.walk, PAGE.judge];

const shortLink = (file: string, page: Page, all: readonly Page[]): Piece => {
  const found = all.find((each) => each.file === file);
  if (found === undefined) return NOTHING;
  return html`<a href="${file}"${file === page.file ? html` aria-current="page"` : NOTHING}>${found.title}</a> `;
};

const pageList = (page: Page, all: readonly Page[], hasApi: boolean): Piece => html`<ul>
${all
  .filter(({ parent }) => parent === undefined)
  .map(({ file, title }) => {
    const isHere = file === page.file;
    if (!isHere && file !== page.parent) return html`<li><a href="${file}">${title}</a></li>\n`;
    return html`<li class="here"><a href="${file}"${isHere ? html` aria-current="page"` : NOTHING}>${title}</a>
${isHere ? NOTHING : html`<p class="there" aria-current="page">${page.title}</p>\n`}${page.groups.length === 0 ? NOTHING : html`<ul>\n${page.groups.map(groupItem)}</ul>\n`}</li>\n`;
  })}
${hasApi ? html`<li><a href="api/index.html">API</a></li>` : NOTHING}
</ul>
`;

const groupItem = ({ anchor, title, entries }: Group): Piece =>
  entries.length === 0
    ? html`<li><a href="${hrefTo(anchor)}">${title}</a></li>\n`
    : html`<li><details><summary><a href="${hrefTo(anchor)}">${title}</a> <span class="quiet">${entries.length}</span></summary>
<ul>${entries.map(([to, text]) => html`<li><a href="${hrefTo(to)}">${text}</a></li>\n`)}</ul>
</details></li>
`;
