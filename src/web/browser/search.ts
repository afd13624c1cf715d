/** The program of the search: what is looked for stands in the address, `search.html?q=WORDS`. */
import type { SearchEntry } from '../../report/site/search.ts';
import { at, fill, make } from './elements.ts';

/** Stands before the program in its page. */
declare const INDEX: readonly SearchEntry[];

/** More are not shown. */
const MOST = 60;
/** Characters of a text that are shown before and after what was found. */
const AROUND = 90;

const query = at('query') as HTMLInputElement;
query.value = new URLSearchParams(location.search).get('q') ?? '';
query.addEventListener('input', show);
show();

function show(): void {
  const words = query.value
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) {
    fill(at('count'));
    fill(at('results'));
    return;
  }
  const found = INDEX.map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  fill(
    at('count'),
    `${found.length} ${found.length === 1 ? 'place' : 'places'}${found.length > MOST ? `, the first ${MOST} of them here` : ''}`,
  );
  fill(
    at('results'),
    found
      .slice(0, MOST)
      .map(({ entry: { href, title, page, text } }) =>
        make(
          'li',
          {},
          make('a', { href }, title),
          page !== '' && make('span', { class: 'quiet' }, ` ${page}`),
          make('p', {}, ...excerpt(text, words)),
        ),
      ),
  );
}

/** 0 if a word is missing; a title counts more than a text, and one that is just what is looked for the most. */
function scoreOf({ title, page, text }: SearchEntry, words: readonly string[]): number {
  const [head, body] = [title.toLowerCase(), `${page} ${text}`.toLowerCase()];
  let score = page === '' ? 1 : 0;
  for (const word of words) {
    if (head === word) score += 100;
    else if (head.startsWith(word)) score += 40;
    else if (head.includes(word)) score += 20;
    else if (body.includes(word)) score += 2;
    else return 0;
  }
  return score;
}

/** The text around the first word that is found in it, which is marked. */
function excerpt(text: string, words: readonly string[]): readonly (Node | string)[] {
  const low = text.toLowerCase();
  const [first] = words
    .map((word) => ({ word, index: low.indexOf(word) }))
    .filter(({ index }) => index >= 0)
    .sort((a, b) => a.index - b.index);
  if (first === undefined) return [text.slice(0, 2 * AROUND)];
  const { word, index } = first;
  const from = Math.max(0, index - AROUND);
  const end = index + word.length;
  return [
    `${from > 0 ? '…' : ''}${text.slice(from, index)}`,
    make('mark', {}, text.slice(index, end)),
    `${text.slice(end, end + AROUND)}${text.length > end + AROUND ? '…' : ''}`,
  ];
}
