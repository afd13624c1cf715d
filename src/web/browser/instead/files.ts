/** What `traces/sources/files.ts` is in Node.js, in a page: the files that were given to it, by their names. */

import type * as node from '../../../traces/sources/files.ts';
import { InputError } from '../../../traces/sources/input-error.ts';

const given = new Map<string, File>();

/** Lets files be read; those that were given before are forgotten. */
export function giveFiles(files: readonly File[]): void {
  given.clear();
  for (const file of files) given.set(file.name, file);
}

/** What a page reads and works on at a time. */
const CHUNK = 1024 * 1024;

/** A file that is asked for "beside" another one has no folder here. */
const fileOf = (path: string): File | undefined => given.get(path.replace(/^\.\//, ''));

async function* storedChunksOf(
  ...[path, onProgress, signal]: Parameters<typeof node.storedChunksOf>
): ReturnType<typeof node.storedChunksOf> {
  const file = fileOf(path);
  if (file === undefined) throw new InputError({ file: path }, 'it was not given to the page');
  for (let at = 0; at < file.size && signal?.aborted !== true; at += CHUNK) {
    const octets = await file
      .slice(at, at + CHUNK)
      .arrayBuffer()
      .catch((error: unknown) => {
        throw unreadable(path, error);
      });
    yield new Uint8Array(octets);
    onProgress({ file: path, read: Math.min(at + CHUNK, file.size), total: file.size });
  }
}

const contentIfAny: typeof node.contentIfAny = async (path) => {
  const file = fileOf(path);
  return file === undefined ? undefined : new Uint8Array(await file.arrayBuffer());
};

/** Browsers have no codes. */
const codeOf: typeof node.codeOf = () => undefined;

const unreadable: typeof node.unreadable = (file, error) =>
  new InputError(
    { file },
    `the browser cannot read it: ${error instanceof Error ? error.message : error}`,
    'Give it again: a file that has changed since cannot be read.',
  );

export { codeOf, contentIfAny, storedChunksOf, unreadable };

({ codeOf, contentIfAny, storedChunksOf, unreadable }) satisfies typeof node;
