/** Small parts that every page is made of. */
import { type Anchor, hrefTo } from './anchors.ts';
import { html, NOTHING, type Piece } from './html.ts';

/** A heading that one can link to. */
export const heading = (level: 2 | 3 | 4, anchor: Anchor, text: Piece): Piece => {
  const inside = html`${text} <a class="anchor" href="${hrefTo(anchor)}" aria-label="permanent link">#</a>`;
  if (level === 2) return html`<h2>${inside}</h2>`;
  return level === 3 ? html`<h3>${inside}</h3>` : html`<h4>${inside}</h4>`;
};

/** A section of a page; its anchor is on the section itself. */
export const section = (anchor: Anchor, title: Piece, ...content: readonly Piece[]): Piece =>
  html`<section id="${anchor.id}">
${heading(2, anchor, title)}
${content}
</section>
`;

/** One thing that can be cited: a box with a heading; its anchor is on the box. */
export const article = (anchor: Anchor, title: Piece, ...content: readonly Piece[]): Piece =>
  html`<article id="${anchor.id}">
${heading(3, anchor, title)}
${content}
</article>
`;

/** A row of a table, and the anchor that it may have. */
export interface Row {
  readonly anchor?: Anchor;
  readonly cells: readonly Piece[];
}

/** A table that scrolls by itself where it is too wide. */
export const table = (
  label: string,
  head: readonly Piece[],
  rows: readonly (readonly Piece[] | Row)[],
  kind = '',
): Piece => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table class="${kind}">
<caption>${label}</caption>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(tableRow)}</tbody>
</table>
</div>
`;

const tableRow = (row: readonly Piece[] | Row): Piece => {
  const { anchor, cells } = 'cells' in row ? row : { anchor: undefined, cells: row };
  const id = anchor === undefined ? NOTHING : html` id="${anchor.id}"`;
  return html`<tr${id}>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
};

/** Names and what they stand for. */
export const facts = (all: readonly (readonly [name: Piece, value: Piece])[]): Piece =>
  html`<dl class="facts">
${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
`;

/** Something long that most readers skip. */
export const folded = (summary: Piece, ...content: readonly Piece[]): Piece =>
  html`<details>
<summary>${summary}</summary>
${content}</details>
`;

/** A command as one would type it. */
export const command = (text: string): Piece => html`<pre class="command"><code>${text}</code></pre>\n`;

const SIGNS: Readonly<Record<string, readonly [tone: string, sign: string]>> = {
  holds: ['good', '✓'],
  conformant: ['good', '✓'],
  proved: ['good', '✓'],
  violated: ['bad', '✗'],
  violates: ['bad', '✗'],
  refuted: ['bad', '✗'],
};

/** A verdict: told by sign, word and colour. */
export const badge = (verdict: string, more: Piece = ''): Piece => {
  const [tone, sign] = SIGNS[verdict] ?? ['doubt', '?'];
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${verdict}${more}</span>`;
};

/** `1 state`, `2 states`, `1,000 states`. */
export const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? what : what.replace(/y$/, 'ie').concat('s')}`;

/** A number in a table, with a comma between thousands. */
export const number = (value: number): Piece =>
  html`<span class="number">${value.toLocaleString('en')}</span>`;

/** Each value once, in the order of the first. */
export const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
