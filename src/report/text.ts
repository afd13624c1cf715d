/**
 * Text as a terminal shows it: made harmless, measured in columns, and wrapped without losing anything.
 */

import { withColours } from './tone.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters that act on the reader's terminal or on the order of the text instead of being read. */
const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

/** The same without the line end. */
const actingInLine = new RegExp(`(?!\\n)${acting.source}`, acting.flags);

/** East Asian wide and full-width ranges; emoji are asked for by their property. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]|\ufe0f/u;

const spelled: Readonly<Record<string, string>> = {
  '§': 'sec. ',
  '–': '-',
  '—': '-',
  '‑': '-',
  '−': '-',
  '→': '->',
  '←': '<-',
  '⇒': '=>',
  '↔': '<->',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '×': 'x',
  '·': '.',
  '…': '...',
  '✗': 'x',
  '✓': 'ok',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/**
 * The text on one line with nothing in it that could act on a terminal. White space becomes a space; escape
 * sequences, direction marks, invisible characters and broken surrogates become visible, as `\x1b` or
 * `\u{202e}`. Labels may come from captured data, so everything drawn passes through here.
 */
export function clean(text: string): string {
  return text.replace(/\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g, ' ').replace(acting, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/**
 * A text of several lines as it is written out: everything that could act on a terminal but line ends becomes visible,
 * whoever brought it along; our own colours stay.
 */
export const shown = (text: string): string =>
  withColours(text, (between) => between.split(/\r?\n/u).map(clean).join('\n'));

/** JSON in which everything that could act on a terminal is escaped. It must be JSON already. */
export const jsonEscaped = (text: string): string =>
  text.replace(actingInLine, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );

/** The clean text in ASCII: accents dropped, known signs spelled, anything else as its code point. */
export function ascii(text: string): string {
  let out = '';
  for (const character of clean(text)) {
    const plain = spelled[character] ?? character.normalize('NFKD').replace(/\p{M}/gu, '');
    for (const part of plain) {
      const code = part.codePointAt(0) ?? 0;
      out += code < 0x80 ? part : `\\u{${code.toString(16)}}`;
    }
  }
  return out;
}

/** What the reader sees as single characters, each with the number of columns it takes (0, 1 or 2). */
export function cellsOf(text: string): readonly { readonly text: string; readonly columns: 0 | 1 | 2 }[] {
  return [...graphemes.segment(text)].map(({ segment }) => ({
    text: segment,
    columns: /^\p{M}+$/u.test(segment) ? 0 : wide.test(segment) ? 2 : 1,
  }));
}

/** Width in terminal columns. The text should be clean. */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return cellsOf(text).reduce((sum, cell) => sum + cell.columns, 0);
}

/** Width in columns of the longest word. */
export function longestWord(text: string): number {
  return Math.max(0, ...text.split(/\s+/).map(displayWidth));
}

/**
 * The text as lines of at most `limit` columns, broken at white space. A word wider than a line is continued
 * on the next one rather than cut. Always at least one line.
 */
export function wrap(text: string, limit: number): string[] {
  const room = Math.max(2, limit);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = () => {
    if (line !== '') lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const size = displayWidth(word);
    if (used > 0 && used + 1 + size <= room) {
      line += ` ${word}`;
      used += 1 + size;
      continue;
    }
    flush();
    if (size <= room) {
      line = word;
      used = size;
      continue;
    }
    for (const cell of cellsOf(word)) {
      if (used + cell.columns > room) flush();
      line += cell.text;
      used += cell.columns;
    }
  }
  flush();
  return lines.length > 0 ? lines : [''];
}
