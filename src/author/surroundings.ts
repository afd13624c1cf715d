/**
 * What an author's file takes from its surroundings while it is loaded. What it reads decides what its rules are, as its
 * modules do: it is noted, with a digest. What nobody could note is the same each time: chance is a fixed sequence, and
 * the clock stands still.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** When RFC 6311 came out, in milliseconds: as good as any other time. */
export const STANDING = Date.UTC(2011, 6, 1);

/** Numbers from 0 to below 1, the same each time. */
export function fixedSequence(): () => number {
  let state = 6311;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Functions of `fs` that change something; what they are given is not read. */
const WRITING =
  /^(?:append|chmod|chown|cp|copy|fchmod|futimes|lchmod|lchown|link|lutimes|mk|rename|rm|symlink|truncate|unlink|utimes|write|createWrite)/u;

/** Variables that Node.js itself asks for when it loads a module. */
const OF_NODE: readonly string[] = ['NODE_V8_COVERAGE', 'WATCH_REPORT_DEPENDENCIES'];

export class Surroundings {
  readonly #environment = new Map<string, string | undefined>();
  readonly #files = new Map<string, 'contents' | 'names'>();
  readonly #computer = new Map<string, string>();

  /** A variable was asked for. */
  variable(name: string, value: string | undefined): void {
    if (!OF_NODE.includes(name) && !this.#environment.has(name)) this.#environment.set(name, value);
  }

  /** A function of `fs` was called. */
  file(name: string, [path]: readonly unknown[]): void {
    const found = pathOf(path);
    if (found === undefined || WRITING.test(name)) return;
    if (/^(?:readdir|opendir|glob)/u.test(name)) this.#files.set(found, 'names');
    else if (!this.#files.has(found)) this.#files.set(found, 'contents');
  }

  /** A function of `os` was called, and returned this. */
  computer(name: string, value: unknown): void {
    // How busy each processor was is another matter.
    const told = name === 'cpus' && Array.isArray(value) ? value.length : value;
    const said = typeof told === 'object' || typeof told === 'string' || typeof told === 'number';
    if (said && !this.#computer.has(name)) this.#computer.set(name, JSON.stringify(told));
  }

  /** The files that were read, with all links as they were named. */
  get files(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** A digest of each thing that was read, by what it is; of files by their paths seen from a folder. */
  digests(folder: string): Readonly<Record<string, string>> {
    return Object.fromEntries([
      ...[...this.#files].map(([path, what]) => [
        relative(folder, path).split(sep).join('/'),
        what === 'names' ? digestOfFolder(path) : digestOfFile(path),
      ]),
      ...[...this.#environment].map(([name, value]) => [
        `the variable ${name} of the environment`,
        value === undefined ? 'not set' : digest(value),
      ]),
      ...[...this.#computer].map(([name, value]) => [`os.${name}`, digest(value)]),
    ]);
  }
}

const digest = (contents: string | Uint8Array): string => createHash('sha256').update(contents).digest('hex');

function pathOf(given: unknown): string | undefined {
  try {
    if (typeof given === 'string') return resolve(given);
    if (given instanceof URL) return fileURLToPath(given);
    if (given instanceof Uint8Array) return resolve(Buffer.from(given).toString());
  } catch {
    // The call itself says what is wrong with it.
  }
  return undefined;
}

/** SHA-256 of a plain file; of anything else, what it is. */
export function digestOfFile(path: string): string {
  try {
    const there = statSync(path);
    if (there.isDirectory()) return 'a folder';
    return there.isFile() ? digest(readFileSync(path)) : 'no plain file';
  } catch {
    return 'cannot be read';
  }
}

function digestOfFolder(path: string): string {
  try {
    return digest(readdirSync(path).sort().join('\0'));
  } catch {
    return 'cannot be read';
  }
}
