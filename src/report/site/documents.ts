/** The texts that are written by hand, and their drawings. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DOCUMENTS } from './document-names.ts';

export interface Documents {
  /** Markdown, by the names of the files. */
  readonly documents: ReadonlyMap<string, string>;
  /** The drawings in `docs/`, by their names: SVG. */
  readonly drawings: ReadonlyMap<string, string>;
}

export async function documentsIn(root: string): Promise<Documents> {
  const texts = async (files: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    new Map(
      await Promise.all(files.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)),
    );
  const inDocs = (await readdir(join(root, 'docs'))).sort();
  const drawings = await texts(inDocs.filter((name) => name.endsWith('.svg')).map((name) => `docs/${name}`));
  return {
    documents: await texts([
      ...Object.values(DOCUMENTS),
      ...inDocs
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`)
        .filter((file) => file !== DOCUMENTS.findings),
    ]),
    drawings: new Map([...drawings].map(([file, svg]) => [file.replace(/^docs\//, ''), svg])),
  };
}
