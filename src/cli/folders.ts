/** What is said of folders that were named. */
import { basename } from 'node:path';
import type { Expanded } from '../traces/sources/folders.ts';
import { say } from './out.ts';

/** Names of files that are listed. */
const MOST = 5;

/** Says on standard error which files of a folder are no traces: nothing is passed over without a word. */
export function sayOthers(others: Expanded['others']): void {
  for (const { folder, files } of others) {
    const names = files.slice(0, MOST).map((file) => basename(file));
    const more = files.length > MOST ? `, and ${files.length - MOST} more` : '';
    const count = files.length === 1 ? 'one file is no trace' : `${files.length} files are no traces`;
    say(`${folder}: ${count} (${names.join(', ')}${more})`);
  }
}
