/**
 * The thread of an author's file, made such that what a rule does is a matter of its arguments: while a rule runs, there
 * is no chance, no clock, no file, and nothing that happens later. What the file does while it is loaded is its own
 * affair: it is a program. What it prints goes to standard error, since standard output is for verdicts.
 */
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';

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

type Members = Record<string, unknown>;

function deny(holder: object, name: string, what: string): void {
  const members = holder as Members;
  const real = members[name];
  if (typeof real !== 'function') return;
  const denying = new Proxy(real, {
    apply(target, self, args) {
      if (isInRule) throw new Impurity(`it asks for ${what}`);
      return Reflect.apply(target as (...args: unknown[]) => unknown, self, args);
    },
    construct(target, args, made) {
      if (isInRule) throw new Impurity(`it asks for ${what}`);
      return Reflect.construct(target, args, made) as object;
    },
  });
  try {
    Object.defineProperty(holder, name, { value: denying, writable: true, configurable: true });
  } catch {
    // It cannot be replaced; what it gives is found out when the rule is asked again.
  }
}

function denyAll(holder: object, whose: string, which: (name: string) => boolean = () => true): void {
  for (const name of Object.getOwnPropertyNames(holder)) {
    const own = Object.getOwnPropertyDescriptor(holder, name);
    if (own !== undefined && 'value' in own && which(name)) deny(holder, name, `${whose}${name}`);
  }
}

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
  globalThis.console = new Console(sink, sink);
  process.stdout.write = write as typeof process.stdout.write;
  process.stderr.write = write as typeof process.stderr.write;
  for (const name of ENDS) {
    const end = (): never => {
      throw new Impurity(`it calls process.${name}`);
    };
    (process as unknown as Members)[name] = end;
  }
  deny(Math, 'random', 'Math.random');
  confineDate();
  for (const name of ['now', 'mark', 'measure', 'toJSON', 'getEntries']) {
    deny(performance, name, `performance.${name}`);
  }
  // Those with an underscore are called by Node.js itself.
  denyAll(process, 'process.', (name) => !ENDS.includes(name) && !/^_|^emit|^nextTick$/.test(name));
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch']) {
    deny(globalThis, name, name);
  }
  denyAll(Object.getPrototypeOf(globalThis.crypto) as object, 'crypto.', (name) => name !== 'constructor');
  for (const name of ['fs', 'child_process', 'os', 'timers']) {
    denyAll(require(`node:${name}`) as object, `${name}.`);
  }
  denyAll(require('node:crypto') as object, 'crypto.', (name) => /random|generate/i.test(name));
  syncBuiltinESMExports();
}

function confineDate(): void {
  const real = Date;
  deny(real, 'now', 'Date.now');
  const confined = new Proxy(real, {
    apply(target, self, args) {
      if (isInRule) throw new Impurity('it asks for the date');
      return Reflect.apply(target, self, args) as string;
    },
    construct(target, args, made) {
      if (isInRule && args.length === 0) throw new Impurity('it asks for the date');
      return Reflect.construct(target, args, made) as object;
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
