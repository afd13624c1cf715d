/**
 * What decides a verdict beside the revision and the settings: the specification, the explorer, and what puts questions
 * to them. A version number stands for many commits; this stands for one text.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside this file: the folders that count. */
const FOLDERS = ['../../model/', '../explore/', '../author/', './'];

let known: string | undefined;

/** SHA-256 of the names and texts of all modules in these folders, as they were when first asked for. */
export function buildDigest(): string {
  known ??= digestOf(FOLDERS.map((folder) => fileURLToPath(new URL(folder, import.meta.url))));
  return known;
}

/** SHA-256 of all modules in folders; tests and measurements are none. */
export function digestOf(folders: readonly string[]): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.d|\.test|\.bench)\.[cm]?[jt]s$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((name) => !/[\\/](?:testing|bench|attack|examples)[\\/]/.test(relative(folder, name)))
      .sort();
    for (const name of names) {
      const text = readFileSync(name);
      hash.update(`${relative(folder, name).split(sep).join('/')} ${text.length}\n`).update(text);
    }
  }
  return hash.digest('hex');
}
