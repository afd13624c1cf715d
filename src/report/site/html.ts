/** HTML by construction: whatever is put into a template is escaped, unless it is HTML already. */
import { clean } from '../text.ts';

/** A piece of a page. Made by `html`, or by `trusted` from markup that escapes its own contents. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What a template takes; lists are joined without anything between. */
export type Piece = Html | string | number | readonly Piece[];

/** Tag of a template: html`<p>${text}</p>`. */
export const html = (markup: TemplateStringsArray, ...pieces: readonly Piece[]): Html =>
  new Html(markup.map((part, index) => part + markupOf(pieces[index] ?? '')).join(''));

/** Markup of our own making that is known to be safe, such as a chart. */
export const trusted = (markup: string): Html => new Html(markup);

/** What every page begins with: `head` is open after it. */
export const BEGINNING = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">`;

/** Pieces with a separator between. */
export const joined = (pieces: readonly Piece[], separator: Piece): Piece =>
  pieces.flatMap((piece, index): readonly Piece[] => (index === 0 ? [piece] : [separator, piece]));

/** Nothing at all. */
export const NOTHING: Piece = [];

function markupOf(piece: Piece): string {
  if (piece instanceof Html) return piece.markup;
  if (typeof piece === 'object') return piece.map(markupOf).join('');
  return escaped(String(piece));
}

/** Text for contents and quoted attributes. Characters that are not for reading become visible; lines stay. */
function escaped(text: string): string {
  return text
    .split('\n')
    .map(clean)
    .join('\n')
    .replace(/[&<>"']/g, (character) => NAMES[character] ?? '');
}

const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
