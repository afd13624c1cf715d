/** The texts that are written by hand, a page each: the guide, what is told of captures, and what else is in `docs/`. */
import type { Token, Tokens } from 'marked';
import { ANCHOR, headingId } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { DOCUMENTS } from './document-names.ts';
import { markdown, plain, tokensOf } from './markdown.ts';
import type { Page } from './page.ts';
import { pageOfDocument, renderingOf, traceNamed } from './references.ts';

export const guidePage = (content: SiteContent): Page => documentPage(DOCUMENTS.readme, content, 'Guide');

export const capturesPage = (content: SiteContent): Page =>
  documentPage(DOCUMENTS.captures, content, 'About the captures');

export const anomaliesPage = (content: SiteContent): Page =>
  documentPage(DOCUMENTS.anomalies, content, 'Anomalies');

/** Whatever else there is in `docs/`, such as sharding and performance, under the title that it has. */
export const otherPages = (content: SiteContent): readonly Page[] => {
  const shown: readonly string[] = Object.values(DOCUMENTS);
  return [...content.documents.keys()]
    .filter((path) => !shown.includes(path))
    .map((path) => documentPage(path, content));
};

/** Texts in which a word in code type may be the name of a captured run. */
const ABOUT_TRACES: readonly string[] = [DOCUMENTS.captures, DOCUMENTS.anomalies];

function documentPage(path: string, content: SiteContent, title?: string): Page {
  const tokens = tokensOf(content.documents.get(path) ?? '');
  const file = pageOfDocument(path, content) ?? '';
  const how = renderingOf(path, content);
  return {
    file,
    title: title ?? titleIn(tokens) ?? path,
    groups: headings(tokens, 2).map((text) => ({
      anchor: { page: file, id: headingId(text) },
      title: text,
      entries: [],
    })),
    body: markdown(tokens, {
      ...how,
      placeOf: (word) =>
        (ABOUT_TRACES.includes(path) ? traceNamed(word, content) : undefined) ?? how.placeOf(word),
      ...(path === DOCUMENTS.anomalies && { anchorOfRow: ANCHOR.anomaly }),
    }),
  };
}

const titleIn = (tokens: readonly Token[]): string | undefined => headings(tokens, 1)[0];

const headings = (tokens: readonly Token[], level: number): readonly string[] =>
  tokens.flatMap((token) =>
    token.type === 'heading' && token['depth'] === level ? [plain((token as Tokens.Heading).tokens)] : [],
  );
