/**
 * Files that are there as a whole or not at all: written beside their place under a name of their own, and renamed.
 *
 * Never onto something that is read, never over what is no plain file. What can be written to but not replaced (a
 * terminal, `/dev/null`, a pipe that somebody reads) is written to as it is.
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  type BigIntStats,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A place that is not written to: what is wrong with it, and what to do. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly hint: string;

  constructor(file: string, why: string, hint: string) {
    super(`${file} cannot be written: ${why}`);
    this.hint = hint;
  }
}

/** Where an output goes: a file that is replaced, or something that is written to as it is. */
type Target =
  | { readonly kind: 'file'; readonly file: string; readonly mode: number | undefined }
  | { readonly kind: 'stream'; readonly file: string; readonly own: 1 | 2 | undefined };

/** What an output must not be, besides what is no plain file. */
export interface Reserved {
  /** Files that are read. Those that are not there do not matter. */
  readonly inputs?: readonly string[];
  /** Whether it is replaced again and again, so that only a file will do. */
  readonly plain?: boolean;
}

/** Unfinished files of this process, removed when it ends. */
const unfinished = new Set<string>();
let watching = false;

function removeUnfinished(): void {
  for (const each of unfinished) rmSync(each, { force: true });
}

/** One output. Nothing is opened, and nothing is changed, before there is something to write. */
export class WholeFile {
  readonly #named: string;
  readonly #target: Target;
  readonly #reserved: Reserved;
  #fd: number | undefined;
  /** The name under which it is written. */
  #beside: string | undefined;

  /**
   * Looks whether it can be written.
   *
   * @throws OutputError if not
   */
  constructor(path: string, reserved: Reserved = {}) {
    this.#named = path;
    this.#reserved = reserved;
    this.#target = this.#telling(() => targetOf(path, reserved));
  }

  /** The file itself, links followed: equal for two names of one output. */
  get place(): string {
    return this.#target.file;
  }

  /** @throws OutputError if it cannot be written */
  write(part: string | ArrayBufferView): void {
    this.#telling(() => {
      this.#fd ??= this.#open();
      const bytes =
        typeof part === 'string'
          ? Buffer.from(part)
          : new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
      for (let at = 0; at < bytes.length; )
        at += writeSome(this.#fd, bytes, at, Math.min(AT_ONCE, bytes.length - at));
    });
  }

  /**
   * All is written: takes its place.
   *
   * @throws OutputError if it cannot; then what was there before still is
   */
  finish(): void {
    this.#telling(() => {
      this.#fd ??= this.#open();
      if (this.#beside === undefined) {
        this.#close();
        return;
      }
      fsyncSync(this.#fd);
      this.#close();
      // Meanwhile something else may have come there.
      targetOf(this.#named, this.#reserved);
      renameSync(this.#beside, this.#target.file);
      unfinished.delete(this.#beside);
      this.#beside = undefined;
    });
  }

  /** Leaves everything as it was. Does nothing after `finish`. */
  abandon(): void {
    this.#close();
    if (this.#beside === undefined) return;
    rmSync(this.#beside, { force: true });
    unfinished.delete(this.#beside);
    this.#beside = undefined;
  }

  #open(): number {
    const target = this.#target;
    if (target.kind === 'stream') {
      if (target.own !== undefined) return target.own;
      // A pipe without a reader would keep us waiting for ever.
      closeSync(openSync(target.file, constants.O_WRONLY | constants.O_NONBLOCK));
      return openSync(target.file, constants.O_WRONLY);
    }
    const name = `.${basename(target.file).slice(0, 40)}.${process.pid}-${randomBytes(6).toString('hex')}.unfinished`;
    const beside = join(dirname(target.file), name);
    const fd = openSync(beside, 'wx');
    this.#beside = beside;
    unfinished.add(beside);
    if (!watching) process.once('exit', removeUnfinished);
    watching = true;
    if (target.mode !== undefined) fchmodSync(fd, target.mode);
    return fd;
  }

  #close(): void {
    const { kind } = this.#target;
    if (this.#fd === undefined) return;
    if (kind === 'file' || this.#target.own === undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #telling<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      this.#discard();
      if (error instanceof OutputError) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      const [why, hint] = REASONS.get(code) ?? [
        error instanceof Error ? error.message : String(error),
        ANOTHER,
      ];
      throw new OutputError(this.#named, why, hint);
    }
  }

  #discard(): void {
    try {
      this.abandon();
    } catch {
      // What went wrong first is what matters.
    }
  }
}

/** Writes a whole file at once. @throws OutputError if it cannot be written */
export function writeWholeFile(
  path: string,
  parts: readonly (string | ArrayBufferView)[],
  reserved: Reserved = {},
): void {
  const file = new WholeFile(path, reserved);
  for (const part of parts) file.write(part);
  file.finish();
}

const FOLDER = 'name a file in a folder that exists';
const ANOTHER = 'name another file';

const REASONS: ReadonlyMap<string, readonly [why: string, hint: string]> = new Map([
  ['ENOENT', ['there is no such folder', FOLDER]],
  ['ENOTDIR', ['a part of the path is not a folder', FOLDER]],
  ['EACCES', ['writing is not permitted', 'name a file in a folder of yours']],
  ['EPERM', ['writing is not permitted', 'name a file in a folder of yours']],
  ['EROFS', ['the file system is for reading only', 'name a file elsewhere']],
  ['ENOSPC', ['there is no space left', 'make room, or name a file elsewhere']],
  ['EDQUOT', ['there is no space left for you', 'make room, or name a file elsewhere']],
  ['ENXIO', ['nobody reads from it', 'begin to read from it first, or name a file']],
  ['EPIPE', ['nobody reads from it any more', 'name a file']],
  ['ELOOP', ['its links lead round in a circle', ANOTHER]],
  ['ENAMETOOLONG', ['the name is too long', ANOTHER]],
]);

/** The names of our own outputs. */
const OWN: ReadonlyMap<string, 1 | 2> = new Map([
  ['/dev/stdout', 1],
  ['/dev/fd/1', 1],
  ['/proc/self/fd/1', 1],
  ['/dev/stderr', 2],
  ['/dev/fd/2', 2],
  ['/proc/self/fd/2', 2],
]);

function targetOf(path: string, { inputs = [], plain = false }: Reserved): Target {
  if (path === '') throw new OutputError("''", 'a file has a name', ANOTHER);
  const own = OWN.get(resolve(path));
  if (own !== undefined && !plain) return { kind: 'stream', file: resolve(path), own };
  const file = followed(resolve(path));
  const there = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (there === undefined) {
    if (path.endsWith('/')) throw new OutputError(path, 'the name is that of a folder', 'name a file in it');
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return { kind: 'file', file, mode: undefined };
  }
  if (there.isDirectory()) throw new OutputError(path, 'it is a folder', 'name a file in it');
  const read = inputs.find((input) =>
    isSame(there, statSync(input, { bigint: true, throwIfNoEntry: false })),
  );
  if (read !== undefined || isSame(there, ofDescriptor(0))) {
    const which = read === undefined ? 'standard input' : read === path ? 'it' : `it is ${read}, which`;
    throw new OutputError(
      path,
      `${which} is read${read === undefined ? ' from it' : ''}`,
      'name another file: what is read is never written to',
    );
  }
  if (there.isFile()) {
    if (isSame(there, ofDescriptor(1))) {
      throw new OutputError(path, 'standard output goes there', 'name another file');
    }
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return { kind: 'file', file, mode: Number(there.mode & 0o7777n) };
  }
  if (plain)
    throw new OutputError(path, 'it is no plain file', 'name a plain file, or one that is not there');
  if (there.isCharacterDevice() || there.isFIFO()) {
    accessSync(file, constants.W_OK);
    return { kind: 'stream', file, own: undefined };
  }
  throw new OutputError(path, 'it is no plain file', 'name a plain file, or one that is not there');
}

/** The path with all links followed, also where the last one leads to what is not there yet. */
function followed(path: string, links = 0): string {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link?.isSymbolicLink() === true && statSync(path, { throwIfNoEntry: false }) === undefined) {
    if (links > 40) throw Object.assign(new Error(path), { code: 'ELOOP' });
    return followed(resolve(realpathSync(dirname(path)), readlinkSync(path)), links + 1);
  }
  // A pipe of this process has a name in /proc that leads to none.
  if (link !== undefined && !statSync(path).isFile() && !statSync(path).isDirectory()) return path;
  return link === undefined ? join(realpathSync(dirname(path)), basename(path)) : realpathSync(path);
}

const isSame = (one: BigIntStats, other: BigIntStats | undefined): boolean =>
  other !== undefined &&
  one.dev === other.dev &&
  one.ino === other.ino &&
  // A terminal is where one types and where one reads.
  !one.isCharacterDevice();

/** Whether standard output is this very file; without a path, the one that standard input is. */
export function isPrintedOnto(path?: string): boolean {
  const there =
    path === undefined ? ofDescriptor(0) : statSync(path, { bigint: true, throwIfNoEntry: false });
  return there?.isFile() === true && isSame(there, ofDescriptor(1));
}

function ofDescriptor(fd: number): BigIntStats | undefined {
  try {
    return fstatSync(fd, { bigint: true });
  } catch {
    return undefined;
  }
}

/** The most bytes that are written at once. */
const AT_ONCE = 2 ** 26;

/** Waits where a pipe is full for now. */
function writeSome(fd: number, bytes: Uint8Array, at: number, length: number): number {
  for (;;) {
    try {
      return writeSync(fd, bytes, at, length);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}
