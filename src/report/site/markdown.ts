/**
 * Markdown as HTML of this site: read by `marked`, written by `html`, so that nothing in it can be markup but what
 * Markdown itself makes. HTML in a text is shown as text.
 */
import { Marked, type Token, type Tokens } from 'marked';
import { findRule } from '../../../model/index.ts';
import { type Anchor, link, ruleLink } from './anchors.ts';
import { html, NOTHING, type Piece, trusted } from './html.ts';
import { heading } from './parts.ts';

export interface Rendering {
  /** The anchor of a heading. */
  readonly anchorOf: (heading: string) => Anchor;
  /** What a word in code type stands for, if that can be linked to. */
  readonly placeOf: (word: string) => Anchor | undefined;
  /** Where a link leads on this site; undefined if what it leads to is not on it. */
  readonly pageOf: (href: string) => string | undefined;
  /** Drawings that stand beside the text, by their names. */
  readonly drawings: ReadonlyMap<string, string>;
  /** A row of a table, by the text of its first cell: its anchor, if it has one. */
  readonly anchorOfRow?: (firstCell: string) => Anchor | undefined;
}

/** The parts of a text. */
export const tokensOf = (text: string): readonly Token[] => new Marked().lexer(text);

/** All of a text. Headings of the second level and below; that of the first is the title of the page. */
export const markdown = (tokens: readonly Token[], how: Rendering): Piece =>
  tokens.map((token) => block(token as Tokens.Generic, how));

function block(token: Tokens.Generic, how: Rendering): Piece {
  const inside = (): Piece => inline(token.tokens ?? [], how);
  switch (token.type) {
    case 'heading':
      return token['depth'] === 1 ? NOTHING : headingOf(token as Tokens.Heading, how);
    case 'paragraph':
      return html`<p>${inside()}</p>\n`;
    case 'code':
      return html`<pre tabindex="0"><code>${String(token['text'])}</code></pre>\n`;
    case 'list': {
      const { ordered, items } = token as Tokens.List;
      const all = items.map((item) => html`<li>${markdown(item.tokens, how)}</li>\n`);
      return ordered ? html`<ol>\n${all}</ol>\n` : html`<ul>\n${all}</ul>\n`;
    }
    case 'table':
      return tableOf(token as Tokens.Table, how);
    case 'blockquote':
      return html`<blockquote>${markdown(token.tokens ?? [], how)}</blockquote>\n`;
    case 'hr':
      return html`<hr>\n`;
    case 'space':
    case 'def':
      return NOTHING;
    default:
      return inline([token], how);
  }
}

function headingOf(token: Tokens.Heading, how: Rendering): Piece {
  const anchor = how.anchorOf(plain(token.tokens));
  const level = token.depth === 2 || token.depth === 3 ? token.depth : 4;
  return html`<div id="${anchor.id}">${heading(level, anchor, inline(token.tokens, how))}</div>\n`;
}

function tableOf({ header, rows }: Tokens.Table, how: Rendering): Piece {
  const cells = (row: readonly Tokens.TableCell[]): readonly Piece[] =>
    row.map(({ tokens }) => inline(tokens, how));
  const idOf = (row: readonly Tokens.TableCell[]): Piece => {
    const anchor = how.anchorOfRow?.(plain(row[0]?.tokens ?? []));
    return anchor === undefined ? NOTHING : html` id="${anchor.id}"`;
  };
  const label = header.map(({ tokens }) => plain(tokens)).join(', ');
  return html`<div class="scroll" role="region" aria-label="Table: ${label}" tabindex="0">
<table class="prose">
<thead><tr>${cells(header).map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr${idOf(row)}>${cells(row).map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>
</div>
`;
}

const inline = (tokens: readonly Token[], how: Rendering): Piece =>
  tokens.map((token) => inlineOf(token as Tokens.Generic, how));

function inlineOf(token: Tokens.Generic, how: Rendering): Piece {
  const inside = (): Piece => inline(token.tokens ?? [], how);
  const text = typeof token['text'] === 'string' ? token['text'] : token.raw;
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? withRules(text) : inside();
    case 'escape':
      return text;
    case 'codespan':
      return codeOf(text, how);
    case 'strong':
      return html`<strong>${inside()}</strong>`;
    case 'em':
      return html`<em>${inside()}</em>`;
    case 'del':
      return html`<s>${inside()}</s>`;
    case 'br':
      return html`<br>`;
    case 'link': {
      const href = how.pageOf(String(token['href']));
      return href === undefined ? inside() : html`<a href="${href}">${inside()}</a>`;
    }
    case 'image': {
      const drawing = how.drawings.get(String(token['href']));
      return drawing === undefined ? text : html`<span class="drawing">${trusted(drawing)}</span>`;
    }
    default:
      // HTML, and whatever else there may be: as it was written.
      return token.raw;
  }
}

function codeOf(text: string, how: Rendering): Piece {
  if (findRule(text) !== undefined) return ruleLink(text);
  const place = how.placeOf(text);
  const code = html`<code>${text}</code>`;
  return place === undefined ? code : link(place, code);
}

/** Ids of rules that stand in a sentence become links. */
const withRules = (text: string): Piece =>
  text
    .split(/(\b(?:RFC\d{4}|IPSECHA\d{2})-[A-Z0-9.-]*[A-Z0-9])/)
    .map((part, index) => (index % 2 === 1 && findRule(part) !== undefined ? ruleLink(part) : part));

/** What one reads of a piece of text, without its type. */
export const plain = (tokens: readonly Token[]): string =>
  tokens
    .map((token) => {
      const { type, tokens: inner, text, raw } = token as Tokens.Generic & { readonly text?: unknown };
      if (inner !== undefined && type !== 'image') return plain(inner);
      return typeof text === 'string' ? text : raw;
    })
    .join('');
