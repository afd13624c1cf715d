/** What words and links in the texts that are written by hand lead to. */
import { posix } from 'node:path';
import { properties, revisions, scenarios, settingSpecs, shortForms } from '../../../model/index.ts';
import { ANCHOR, type Anchor, headingId, PAGE } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { DOCUMENTS } from './document-names.ts';
import type { Rendering } from './markdown.ts';

/** The pages of the documents that are not called as the document is. */
const RENAMED: Readonly<Record<string, string>> = {
  [DOCUMENTS.readme]: 'guide.html',
  [DOCUMENTS.captures]: 'captures.html',
};

/**
 * The page that a document of the package is shown on; undefined if it is on none. It is called as the document is; with
 * its folder, `docs-captures.html`, where another has that name.
 */
export function pageOfDocument(
  path: string,
  { documents }: Pick<SiteContent, 'documents'>,
): string | undefined {
  if (!documents.has(path)) return undefined;
  const renamed = RENAMED[path];
  if (renamed !== undefined) return renamed;
  const page = path.replace(/^(?:docs|traces)\//, '').replace(/\.md$/, '.html');
  const isTaken = Object.values(RENAMED).includes(page) || (!hasOwnPage(path) && isPage(page));
  return isTaken ? path.replaceAll('/', '-').replace(/\.md$/, '.html') : page;
}

const hasOwnPage = (path: string): boolean => Object.values<string>(DOCUMENTS).includes(path);

/** Whether a page of the site that is made of other things is called so. */
const isPage = (page: string): boolean => Object.values<string>(PAGE).includes(page);

/** How a document is rendered. */
export const renderingOf = (path: string, content: SiteContent): Rendering => {
  const page = pageOfDocument(path, content) ?? PAGE.index;
  return {
    anchorOf: (heading) => ({ page, id: headingId(heading) }),
    placeOf: (word) => placeOf(word, content),
    pageOf: (href) => pageOf(href, path, content),
    drawings: content.drawings,
  };
};

/** A property, scenario, revision, setting or document. */
export function placeOf(word: string, content: SiteContent): Anchor | undefined {
  if (properties.some(({ id }) => id === word)) return ANCHOR.property(word);
  if (scenarios.some(({ name }) => name === word)) return ANCHOR.scenario(word);
  if (revisions.some(({ name }) => name === word)) return ANCHOR.revision(word);
  if ([...settingSpecs, ...shortForms].some(({ key }) => key === word)) return ANCHOR.setting(word);
  const page = pageOfDocument(word, content);
  return page === undefined ? undefined : { page, id: 'top' };
}

/** A captured run, by the name of its folder or of its file. */
export function traceNamed(word: string, { overview: { traces } }: SiteContent): Anchor | undefined {
  const names = [word, `${word}/capture.pcap`];
  const found = traces.find(({ golden }) => names.includes(golden.file));
  return found === undefined ? undefined : ANCHOR.trace(found.golden.file);
}

/** Elsewhere in the world as it is; within the package, the page that shows the document. */
function pageOf(href: string, from: string, content: SiteContent): string | undefined {
  if (/^https?:\/\//.test(href)) return href;
  const [path = '', fragment] = href.split('#');
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : '';
  const page =
    path === '' ? pageOfDocument(from, content) : pageOfDocument(posix.normalize(folder + path), content);
  if (page === undefined) return undefined;
  return fragment === undefined ? page : `${page}#${headingId(fragment)}`;
}
