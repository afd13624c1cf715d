/** The texts that are written by hand, and their drawings. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCUMENTS } from './document-names.ts';
import { textsIn } from './texts.ts';

export interface Documents {
  /** Markdown, by the names of the files. */
  readonly documents: ReadonlyMap<string, string>;
  /** The drawings in `docs/`, by their names: SVG. */
  readonly drawings: ReadonlyMap<string, string>;
}

export async function documentsIn(root: string): Promise<Documents> {
  const inDocs = (await readdir(join(root, 'docs'))).sort();
  const drawings = await textsIn(
    root,
    inDocs.filter((name) => name.endsWith('.svg')).map((name) => `docs/${name}`),
  );
  return {
    documents: await textsIn(root, [
      ...Object.values(DOCUMENTS),
      ...inDocs
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`)
        .filter((file) => file !== DOCUMENTS.findings),
    ]),
    drawings: new Map([...drawings].map(([file, svg]) => [file.replace(/^docs\//, ''), svg])),
  };
}
