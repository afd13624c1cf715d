/** The files of a revision, so far as one sees them change. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What a relative import can look like, and much that is none, which is not there and never changes. */
const RELATIVE = /['"](\.\.?\/[^'"\n]+)['"]/gu;

/** All files that one names by a relative path, and those that they name, whether they are there or not. */
export function namedIn(file: string): readonly string[] {
  const found = new Set([file]);
  for (const each of found) {
    for (const [, name = ''] of textOf(each).matchAll(RELATIVE)) {
      const named = resolve(dirname(each), name);
      found.add(named);
      // By this name its source in TypeScript can be meant.
      found.add(named.replace(/\.([cm]?)js$/u, '.$1ts'));
    }
  }
  return [...found];
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What files are like: one that is edited is like something else. */
export type State = Readonly<Record<string, string>>;

/** What they are like now. */
export const stateOf = (files: readonly string[]): State =>
  Object.fromEntries(
    files.map((file) => {
      const found = statSync(file, { throwIfNoEntry: false, bigint: true });
      return [file, found === undefined ? 'none' : `${found.mtimeNs} ${found.size} ${found.ino}`];
    }),
  );
