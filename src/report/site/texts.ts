/** Texts that are read from files. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What files hold, by their names in a folder. */
export const textsIn = async (
  folder: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> =>
  new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const)),
  );
