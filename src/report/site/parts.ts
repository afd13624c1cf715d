/** Small parts that every section is made of. */
import { html, type Piece } from './html.ts';

/** A heading that one can link to. */
export const heading = (level: 2 | 3 | 4, anchor: string, text: Piece): Piece => {
  const inside = html`${text} <a class="anchor" href="#${anchor}" aria-label="permanent link">#</a>`;
  if (level === 2) return html`<h2>${inside}</h2>`;
  return level === 3 ? html`<h3>${inside}</h3>` : html`<h4>${inside}</h4>`;
};

/** A section of the page; its anchor is on the section itself. */
export const section = (anchor: string, title: string, ...content: readonly Piece[]): Piece =>
  html`<section id="${anchor}">
${heading(2, anchor, title)}
${content}
</section>
`;

/** A table that scrolls by itself where it is too wide. */
export const table = (
  label: string,
  head: readonly Piece[],
  rows: readonly (readonly Piece[])[],
  kind = '',
): Piece => html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
<table class="${kind}">
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
</div>
`;

/** Names and what they stand for. */
export const facts = (all: readonly (readonly [name: Piece, value: Piece])[]): Piece =>
  html`<dl class="facts">
${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
`;

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
