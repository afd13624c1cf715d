/** What `report/site/documents.ts` is in a checkout, in the package, in which not all lie as files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as checkout from '../../report/site/documents.ts';

/** What the file holds. */
export type PackedDocuments = Readonly<Record<keyof checkout.Documents, Readonly<Record<string, string>>>>;

async function documentsIn(root: string): Promise<checkout.Documents> {
  const { documents, drawings } = JSON.parse(
    await readFile(join(root, 'dist/documents.json'), 'utf8'),
  ) as PackedDocuments;
  return {
    documents: new Map(Object.entries(documents)),
    drawings: new Map(Object.entries(drawings)),
  };
}

export { documentsIn };

({ documentsIn }) satisfies typeof checkout;
