/** Folders named in place of files: the traces in them. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { chunksOf } from './chunks.ts';
import { unreadable } from './files.ts';
import { formatOf, LOOKED_AT } from './format.ts';
import { InputError } from './input-error.ts';

/** The files that a user means. */
export interface Expanded {
  readonly files: readonly string[];
  /** Files in the folders that are no traces, by folder. */
  readonly others: readonly { readonly folder: string; readonly files: readonly string[] }[];
}

/**
 * The files themselves, and those in the folders (and in theirs) that are in a known format, in the order of their
 * names.
 *
 * @throws InputError if a folder cannot be read, or has no trace in it
 */
export async function expandFolders(paths: readonly string[]): Promise<Expanded> {
  const files: string[] = [];
  const others: { folder: string; files: readonly string[] }[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const found = await filesIn(path);
    const kinds = new Map<string, boolean>();
    for (const file of found) kinds.set(file, await isTrace(file));
    const traces = found.filter((file) => kinds.get(file) === true);
    const rest = found.filter((file) => kinds.get(file) !== true);
    if (traces.length === 0) {
      const problem = `there is no trace in this folder (${rest.length} files in other formats)`;
      throw new InputError({ file: path }, problem, 'Name a folder with captures or logs in it.');
    }
    files.push(...traces);
    if (rest.length > 0) others.push({ folder: path, files: rest });
  }
  return { files, others };
}

/** What is not there is left to whoever reads it. */
const isFolder = (path: string): Promise<boolean> =>
  path === '-'
    ? Promise.resolve(false)
    : stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(folder, error);
  });
  const files: string[] = [];
  for (const entry of entries.toSorted((one, other) =>
    one.name.localeCompare(other.name, 'en', { numeric: true }),
  )) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(path);
  }
  return files;
}

/** An empty file may be one that a tap has just begun to write: whoever reads it says so. */
async function isTrace(path: string): Promise<boolean> {
  try {
    // A link may lead to a pipe, and nobody may ever write to that.
    if (!(await stat(path)).isFile()) return false;
    let start = Buffer.alloc(0);
    for await (const chunk of chunksOf(path)) {
      start = Buffer.concat([start, chunk]);
      if (start.length >= LOOKED_AT) break;
    }
    formatOf(path, start);
    return true;
  } catch {
    return false;
  }
}
