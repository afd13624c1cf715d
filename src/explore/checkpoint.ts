/**
 * A search written to a file, from which it can go on.
 *
 *     magic line | length of the head (4 bytes) | head: JSON | typed arrays, one after the other | SHA-256 of all that
 *
 * What rules say is not in it: they are asked again for all values that they were asked for, which also shows
 * whether they are still the same. A file is written under another name first and then renamed, so that whenever the
 * process ends, there is a whole one or none.
 */
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { canonicalText } from './canonical.ts';
import type { Options } from './options.ts';
import type { SavedSearch } from './search.ts';
import type { System } from './system.ts';
import { OutputError, writeWholeFile } from './whole-file.ts';

/** A file that a search cannot go on from. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const MAGIC = 'explore checkpoint 3\n';

/** A head that is longer than this is none. */
const LONGEST_HEAD = 2 ** 30;

interface Head {
  /** Of what the search is. */
  readonly identity: Readonly<Record<string, string>>;
  readonly values: SavedSearch['knowledge']['values'];
  /** The rest, but for typed arrays: such a one is `{ array: index in `arrays` }`. */
  readonly rest: unknown;
  readonly arrays: readonly { readonly type: 'ints' | 'floats'; readonly length: number }[];
}

/**
 * What a search is of, as far as can be said without asking the rules: a checkpoint of another is refused. `options`
 * has whatever else the caller knows: settings, the version of a program.
 */
export function identityOf<C, M, O, A>(
  { name, components, initial, rules }: System<C, M, O, A>,
  properties: readonly string[],
  {
    identity,
    noReductions = [],
    hashCompaction = false,
  }: Pick<Options, 'identity' | 'noReductions' | 'hashCompaction'>,
): Readonly<Record<string, string>> {
  const shape = {
    components,
    initial,
    rules: rules.map(({ kind, touches, receives }) => ({ kind, touches, receives })),
  };
  return {
    ...identity,
    system: name,
    properties: properties.join(', ') || 'none',
    'reductions that are not made': noReductions.toSorted().join(', ') || 'none',
    'hash compaction': hashCompaction ? 'on' : 'off',
    'initial states and rules': createHash('sha256').update(canonicalText(shape)).digest('hex'),
  };
}

/** Writes a search to a file. */
type Rest = Omit<SavedSearch, 'knowledge'> & { readonly knowledge: Omit<SavedSearch['knowledge'], 'values'> };

export function writeCheckpoint(
  file: string,
  identity: Readonly<Record<string, string>>,
  saved: SavedSearch,
): void {
  const arrays: (Int32Array | Float64Array)[] = [];
  const { values, ...known } = saved.knowledge;
  const rest: unknown = JSON.parse(
    JSON.stringify({ ...saved, knowledge: known } satisfies Rest, (_, value: unknown) => {
      if (!(value instanceof Int32Array) && !(value instanceof Float64Array)) return value;
      return { array: arrays.push(value) - 1 };
    }),
  );
  const head: Head = {
    identity,
    values,
    rest,
    arrays: arrays.map((array) => ({
      type: array instanceof Int32Array ? 'ints' : 'floats',
      length: array.length,
    })),
  };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  try {
    writeWhole(file, [Buffer.from(MAGIC), length, text, ...arrays]);
  } catch (error) {
    if (error instanceof OutputError) throw new CheckpointError(error.message);
    throw error;
  }
}

/** Writes parts and their digest. */
function writeWhole(file: string, parts: readonly ArrayBufferView[]): void {
  const hash = createHash('sha256');
  for (const { buffer, byteOffset, byteLength } of parts)
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  writeWholeFile(file, [...parts, hash.digest()], { plain: true });
}

/**
 * Reads a search from a file.
 *
 * @throws CheckpointError if there is no such file, if it is not a whole checkpoint, or is one of another search
 */
export function readCheckpoint(file: string, identity: Readonly<Record<string, string>>): SavedSearch {
  const fd = opened(file);
  try {
    const hash = createHash('sha256');
    const read = (bytes: Uint8Array): void => readAll(fd, bytes, hash, file);
    const magic = Buffer.alloc(MAGIC.length);
    read(magic);
    if (magic.toString('latin1') !== MAGIC) throw new CheckpointError(`${file} is not a checkpoint`);
    const length = Buffer.alloc(4);
    read(length);
    if (length.readUInt32LE() > LONGEST_HEAD) throw damaged(file);
    const text = Buffer.alloc(length.readUInt32LE());
    read(text);
    const head = headOf(text.toString(), file);
    const arrays = head.arrays.map(({ type, length: elements }) => {
      const array = type === 'ints' ? new Int32Array(elements) : new Float64Array(elements);
      read(new Uint8Array(array.buffer));
      return array;
    });
    const expected = hash.digest();
    const found = Buffer.alloc(expected.length);
    if (readSome(fd, found) < found.length || !found.equals(expected)) throw damaged(file);
    const difference = firstDifference(head.identity, identity);
    if (difference !== undefined) {
      throw new CheckpointError(`${file} is a checkpoint of another exploration: ${difference}`);
    }
    const rest = JSON.parse(JSON.stringify(head.rest), (_, value: unknown) =>
      isArrayReference(value) ? arrays[value.array] : value,
    ) as Rest;
    return { ...rest, knowledge: { ...rest.knowledge, values: head.values } };
  } finally {
    closeSync(fd);
  }
}

function firstDifference(
  there: Readonly<Record<string, string>>,
  here: Readonly<Record<string, string>>,
): string | undefined {
  const key = [...new Set([...Object.keys(here), ...Object.keys(there)])].find(
    (each) => there[each] !== here[each],
  );
  return key === undefined ? undefined : `${key}: there ${there[key] ?? 'none'}, here ${here[key] ?? 'none'}`;
}

const damaged = (file: string): CheckpointError =>
  new CheckpointError(`${file} is damaged: it is not what was written`);

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    throw new CheckpointError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function headOf(text: string, file: string): Head {
  try {
    const head = JSON.parse(text) as Head;
    const total = head.arrays.reduce((sum, { length }) => sum + length, 0);
    if (Number.isSafeInteger(total) && head.arrays.every(({ length }) => length >= 0)) return head;
  } catch {
    // It is said below.
  }
  throw damaged(file);
}

const isArrayReference = (value: unknown): value is { readonly array: number } =>
  typeof value === 'object' &&
  value !== null &&
  Object.keys(value).join() === 'array' &&
  typeof (value as { readonly array: unknown }).array === 'number';

/** The most bytes that are read at once. */
const AT_ONCE = 2 ** 26;

function readAll(fd: number, bytes: Uint8Array, hash: Hash, file: string): void {
  if (readSome(fd, bytes) < bytes.length) throw damaged(file);
  hash.update(bytes);
}

function readSome(fd: number, bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const read = readSync(fd, bytes, at, Math.min(AT_ONCE, bytes.length - at), null);
    if (read === 0) break;
    at += read;
  }
  return at;
}
