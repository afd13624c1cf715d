/**
 * The thread of an author's file, made such that what a rule does is a matter of its arguments: while a rule runs, there
 * is no chance, no clock, no file, no environment, and nothing that happens later. While the file is loaded, it is a
 * program like any other, of which is noted what it reads (`surroundings.ts`); but it is the same one each time. What
 * it prints goes to standard error, since standard output is for verdicts.
 */
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';
import { fixedSequence, STANDING, Surroundings } from './surroundings.ts';

/** A rule asked for something that is not a matter of its arguments. */
export class Impurity extends Error {
  override readonly name = 'Impurity';
}

let isInRule = false;

/** Runs a rule. */
export function asRule<T>(act: () => T): T {
  isInRule = true;
  try {
    return act();
  } finally {
    isInRule = false;
  }
}

/** What the file reads while it is loaded. */
const surroundings = new Surroundings();
let isLoading = false;

/** From now on the file is loaded. */
export function beginLoading(): void {
  isLoading = true;
}

/** It is loaded. @returns what it has read */
export function endLoading(): Surroundings {
  isLoading = false;
  return surroundings;
}

type Members = Record<string, unknown>;
type Call = (target: unknown, self: unknown, args: unknown[], real: () => unknown) => unknown;

/** No rule may call this. */
function deny(
  holder: object,
  name: string,
  what: string,
  whileLoading: Call = (_target, _self, _args, real) => real(),
): void {
  const members = holder as Members;
  const real = members[name];
  if (typeof real !== 'function') return;
  const asked = (target: unknown, self: unknown, args: unknown[], call: () => unknown): unknown => {
    if (isInRule) throw new Impurity(`it asks for ${what}`);
    return isLoading ? whileLoading(target, self, args, call) : call();
  };
  const denying = new Proxy(real, {
    apply: (target, self, args: unknown[]) =>
      asked(target, self, args, (): unknown =>
        Reflect.apply(target as (...args: unknown[]) => unknown, self, args),
      ),
    construct: (target, args: unknown[], made) =>
      asked(target, undefined, args, () => Reflect.construct(target, args, made) as object) as object,
  });
  try {
    Object.defineProperty(holder, name, { value: denying, writable: true, configurable: true });
  } catch {
    // It cannot be replaced; what it gives is found out when the rule is asked again.
  }
}

function denyAll(
  holder: object,
  whose: string,
  which: (name: string) => boolean = () => true,
  whileLoading?: (name: string) => Call,
): void {
  for (const name of Object.getOwnPropertyNames(holder)) {
    const own = Object.getOwnPropertyDescriptor(holder, name);
    if (own !== undefined && 'value' in own && which(name)) {
      deny(holder, name, `${whose}${name}`, whileLoading?.(name));
    }
  }
}

/** Not even while the file is loaded: nobody could tell what comes of it. */
const never =
  (whose: string) =>
  (name: string): Call =>
  (_target, _self, args, real) => {
    // The loader of TypeScript has it translate what is required.
    if (/(?:^|[\\/])esbuild(?:\.exe)?$/u.test(String(args[0]))) return real();
    throw new Impurity(`it asks for ${whose}${name}`);
  };

const always =
  (value: () => unknown): Call =>
  () =>
    value();

/** What concerns the whole process: the file has no say in that. `process.exit` ends this thread only. */
const ENDS = ['abort', 'kill', '_kill', 'dlopen'];

/** Confines this thread, before the file is loaded. */
export function confine(): void {
  const require = createRequire(import.meta.url);
  // A program that only has its standard error: what is printed there must not steer a terminal.
  const write = (text: unknown): boolean => {
    try {
      writeSync(2, shownOn(text));
    } catch {
      // Nobody reads it.
    }
    return true;
  };
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      write(chunk);
      done();
    },
  });
  // Without a look at the environment for colours.
  globalThis.console = new Console({ stdout: sink, stderr: sink, colorMode: false });
  process.stdout.write = write as typeof process.stdout.write;
  process.stderr.write = write as typeof process.stderr.write;
  for (const name of ENDS) {
    const end = (): never => {
      throw new Impurity(`it calls process.${name}`);
    };
    (process as unknown as Members)[name] = end;
  }
  confineChanceAndClock();
  confineEnvironment();
  // Those with an underscore are called by Node.js itself.
  denyAll(process, 'process.', (name) => !ENDS.includes(name) && !/^_|^emit|^nextTick$/.test(name));
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) {
    deny(globalThis, name, name);
  }
  deny(globalThis, 'fetch', 'fetch', never('')('fetch'));
  const fs = require('node:fs') as typeof import('node:fs');
  const noted =
    (name: string): Call =>
    (_target, _self, args, real) => {
      surroundings.file(name, args);
      return real();
    };
  denyAll(fs, 'fs.', undefined, noted);
  denyAll(fs.promises, 'fs.promises.', undefined, noted);
  denyAll(require('node:os') as object, 'os.', undefined, (name) => (_target, _self, _args, real) => {
    const value = real();
    surroundings.computer(name, value);
    return value;
  });
  denyAll(require('node:timers') as object, 'timers.');
  for (const name of ['child_process', 'net', 'http', 'https', 'http2', 'dgram', 'dns', 'tls']) {
    denyAll(require(`node:${name}`) as object, `${name}.`, undefined, never(`${name}.`));
  }
  syncBuiltinESMExports();
}

function confineChanceAndClock(): void {
  const require = createRequire(import.meta.url);
  deny(Math, 'random', 'Math.random', always(fixedSequence()));
  confineDate();
  for (const name of ['now', 'mark', 'measure', 'toJSON', 'getEntries']) {
    deny(performance, name, `performance.${name}`, name === 'now' ? always(() => 0) : undefined);
  }
  deny(
    process,
    'uptime',
    'process.uptime',
    always(() => 0),
  );
  deny(
    process.hrtime,
    'bigint',
    'process.hrtime.bigint',
    always(() => 0n),
  );
  deny(
    process,
    'hrtime',
    'process.hrtime',
    always(() => [0, 0]),
  );
  denyAll(
    Object.getPrototypeOf(globalThis.crypto) as object,
    'crypto.',
    (name) => name !== 'constructor',
    never('crypto.'),
  );
  denyAll(
    require('node:crypto') as object,
    'crypto.',
    (name) => /random|generate/i.test(name),
    never('crypto.'),
  );
}

function confineEnvironment(): void {
  const read = (name: string | symbol): void => {
    if (isInRule) throw new Impurity('it asks for the environment');
    if (isLoading && typeof name === 'string') surroundings.variable(name, real[name]);
  };
  const { env: real } = process;
  process.env = new Proxy(real, {
    get(target, name) {
      read(name);
      return Reflect.get(target, name) as unknown;
    },
    has(target, name) {
      read(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      read(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
    ownKeys(target) {
      const names = Reflect.ownKeys(target);
      for (const name of names) read(name);
      return names;
    },
    set(target, name, value) {
      if (isInRule) throw new Impurity('it changes the environment');
      return Reflect.set(target, name, value);
    },
  });
}

function confineDate(): void {
  const real = Date;
  deny(
    real,
    'now',
    'Date.now',
    always(() => STANDING),
  );
  const confined = new Proxy(real, {
    apply(target, self, args) {
      if (isInRule) throw new Impurity('it asks for the date');
      return isLoading ? new real(STANDING).toString() : (Reflect.apply(target, self, args) as string);
    },
    construct(target, args, made) {
      if (isInRule && args.length === 0) throw new Impurity('it asks for the date');
      const given = isLoading && args.length === 0 ? [STANDING] : args;
      return Reflect.construct(target, given, made) as object;
    },
  });
  Object.defineProperty(real.prototype, 'constructor', { value: confined, configurable: true });
  Object.defineProperty(globalThis, 'Date', { value: confined, writable: true, configurable: true });
}

/** A text without what a terminal would take for a command. */
function shownOn(text: unknown): string {
  const whole =
    typeof text === 'string' ? text : text instanceof Uint8Array ? Buffer.from(text).toString() : '';
  return whole.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
