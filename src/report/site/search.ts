/** The page that searches all others, by an index that is made with the site. */
import { PAGE } from './anchors.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** What can be found: a page, or a part of one that has an anchor. */
export interface SearchEntry {
  readonly href: string;
  /** The heading of the part, and the title of its page. */
  readonly title: string;
  readonly page: string;
  /** What one reads there. */
  readonly text: string;
}

/** Characters of a part that are looked through: none of those that say something is longer by much. */
const MOST = 1500;

/**
 * @param script the program of the page
 * @param index of all other pages
 */
export const searchPage = (script: string, index: readonly SearchEntry[]): Page => ({
  file: PAGE.search,
  title: 'Search',
  groups: [],
  // In a script, `<` could end it.
  script: `const INDEX=${JSON.stringify(index).replaceAll('<', '\\u003c')};\n${script}`,
  body: html`<noscript><p class="outcome bad">This page needs JavaScript.</p></noscript>
<form class="search" role="search" action="${PAGE.search}"><input type="search" id="query" name="q" aria-label="Words to search for"> <button>Search</button></form>
<p id="count" role="status"></p>
<ol id="results" class="results"></ol>
`,
});

/** The parts of a page: of what stands before its first anchor, the page itself. */
export function entriesOf(page: Page, markup: string): readonly SearchEntry[] {
  const [, main = ''] = /<main id="main">([\s\S]*)<footer>/.exec(markup) ?? [];
  const parts = main
    .replace(/<(svg|pre|style|header|noscript|nav)\b[\s\S]*?<\/\1>/g, ' ')
    .split(/<(?:section|article|tr|div|h[2-4])\b[^>]*? id="(?!top")([^"]+)"[^>]*>/);
  const [before = '', ...rest] = parts;
  const whole = { href: page.file, title: page.title, page: '', text: plainText(before) };
  const anchored = Array.from({ length: rest.length / 2 }, (_, index): SearchEntry => {
    const [id = '', inside = ''] = rest.slice(index * 2, index * 2 + 2);
    const [, heading = id] = /<h[2-4][^>]*>([\s\S]*?)<\/h[2-4]>/.exec(inside) ?? [];
    return {
      href: `${page.file}#${id}`,
      title: plainText(heading).replace(/ #$/, ''),
      page: page.title,
      text: plainText(inside.replace(/<h[2-4][^>]*>[\s\S]*?<\/h[2-4]>/, '')),
    };
  });
  return [whole, ...anchored];
}

const plainText = (markup: string): string =>
  markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name] ?? '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MOST);

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
