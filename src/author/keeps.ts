/**
 * What an author's rules keep from one question to the next: a count of calls, a cache, the last arguments. However
 * long such a rule behaves as if it kept nothing, it is not a function of its arguments, and no number of questions
 * would show that for certain. So it is looked at itself: all that it can reach, by its closures and modules, before the
 * questions and after them. The inspector shows closures; it looks at this thread only.
 */

import type { Session } from 'node:inspector';
import { createRequire } from 'node:module';

export interface Keeping {
  /** All that functions can reach and that may change, by where it is. */
  stateOf(slots: ReadonlyMap<string, unknown>): State;
}

/** Tokens of all that was found, each after where it was found. */
export type State = readonly (readonly [where: string, what: string])[];

/** More than this is not looked through. */
const MOST = 20_000;
/** Of what the inspector has to be asked about, not more than this. */
const MOST_HIDDEN = 2_000;

const CUT = 'more than is looked through';

/** Whether there was more than is looked through. */
export const isCut = (state: State): boolean => state.at(-1)?.[1] === CUT;

/** Where values are handed over to the inspector and back. */
const HANDED = '__ipsecha_handed__';

/**
 * Before an author's file is loaded: all that there is now is not the file's.
 *
 * @param ours objects with all that can be reached from them
 * @param inScopeWith functions, under the names by which they stand in their scopes: these scopes are not looked into
 */
export function keepingOf(ours: readonly unknown[], inScopeWith: readonly Named[] = []): Keeping {
  const inspector = inspectorOf(inScopeWith);
  const known = new WeakSet<object>();
  for (const each of [...ours, ...realm()]) mark(each, known);
  const globals = new Set(Reflect.ownKeys(globalThis));
  return {
    stateOf: (slots) => {
      const walk = new Walk(known, inspector);
      for (const [name, slot] of slots) walk.visit(slot, name);
      for (const key of Reflect.ownKeys(globalThis)) {
        if (!globals.has(key) && key !== HANDED)
          walk.visit(Reflect.get(globalThis, key), `globalThis.${String(key)}`);
      }
      // Each by itself: what differs is shown, and the others are nobody's business.
      for (const key of Object.keys(process.env).sort()) walk.visit(process.env[key], `process.env.${key}`);
      for (const [holder, name] of BUILT_IN) walk.note(name, Reflect.ownKeys(holder).length.toString());
      if (walk.isCut) walk.note('', CUT);
      return walk.tokens;
    },
  };
}

/** Where two states differ, in words; undefined if nowhere. */
export function differenceOf(before: State, after: State): string | undefined {
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    const [one, other] = [before[i], after[i]];
    if (one !== undefined && other !== undefined && one[0] === other[0] && one[1] === other[1]) continue;
    const where = other?.[0] ?? one?.[0] ?? '';
    const values = one?.[0] === other?.[0] ? `: ${one?.[1]}, and then ${other?.[1]}` : '';
    return `${where} changes from one call to the next${values}`;
  }
  return undefined;
}

const BUILT_IN: readonly (readonly [object, string])[] = [
  [Math, 'Math'],
  [Array.prototype, 'Array.prototype'],
  [Object.prototype, 'Object.prototype'],
  [Function.prototype, 'Function.prototype'],
  [String.prototype, 'String.prototype'],
  [Number.prototype, 'Number.prototype'],
  [JSON, 'JSON'],
  [Object, 'Object'],
  [Array, 'Array'],
];

function realm(): readonly unknown[] {
  const require = createRequire(import.meta.url);
  return [
    ...Reflect.ownKeys(globalThis)
      .filter((key) => Object.getOwnPropertyDescriptor(globalThis, key)?.get === undefined)
      .map((key): unknown => Reflect.get(globalThis, key)),
    ...['assert', 'util', 'fs', 'path', 'crypto', 'buffer', 'os', 'url'].map((name): unknown =>
      require(`node:${name}`),
    ),
  ];
}

/** Marks an object, and all that can be reached from it by its properties. */
function mark(value: unknown, known: WeakSet<object>): void {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!isHolder(next) || known.has(next)) continue;
    known.add(next);
    waiting.push(Object.getPrototypeOf(next));
    for (const key of Reflect.ownKeys(next)) {
      const property = Object.getOwnPropertyDescriptor(next, key);
      if (property === undefined) continue;
      waiting.push(property.value, property.get, property.set);
    }
  }
}

const isHolder = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

class Walk {
  readonly tokens: [string, string][] = [];
  readonly #known: WeakSet<object>;
  readonly #inspector: Inspector | undefined;
  readonly #numbers = new Map<object, number>();
  #hidden = 0;
  isCut = false;

  constructor(known: WeakSet<object>, inspector: Inspector | undefined) {
    this.#known = known;
    this.#inspector = inspector;
  }

  note(where: string, what: string): void {
    this.tokens.push([where, what]);
  }

  visit(value: unknown, where: string): void {
    if (!isHolder(value)) {
      this.note(where, typeof value === 'string' ? JSON.stringify(value) : String(value));
      return;
    }
    if (this.#known.has(value)) return;
    const number = this.#numbers.get(value);
    if (number !== undefined) {
      this.note(where, `object ${number}`);
      return;
    }
    this.#numbers.set(value, this.#numbers.size);
    if (this.isCut || this.#numbers.size > MOST) {
      this.isCut = true;
      return;
    }
    this.note(where, `a new ${typeof value}`);
    this.#contents(value, where);
  }

  #contents(value: object, where: string): void {
    if (value instanceof Date) this.note(where, String(value.getTime()));
    if (ArrayBuffer.isView(value)) {
      this.note(where, Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'));
      return;
    }
    if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
      this.note(where, Buffer.from(value).toString('base64'));
    }
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key);
      if (property === undefined) continue;
      const there = `${where}.${String(key)}`;
      if ('value' in property) this.visit(property.value, there);
      else for (const access of [property.get, property.set]) this.visit(access, there);
    }
    this.visit(Object.getPrototypeOf(value), `${where}'s prototype`);
    if (value instanceof Map || value instanceof Set) {
      let at = 0;
      for (const entry of value) {
        for (const part of Array.isArray(entry) && value instanceof Map ? entry : [entry]) {
          this.visit(part, `${where}'s entry ${at}`);
        }
        at++;
      }
      this.note(where, `${value.size} entries`);
      return;
    }
    if (Array.isArray(value) || isRecord(value)) return;
    // A function, or something of a class: closures, private fields, the state of a generator, weak entries.
    this.#hidden++;
    if (this.#hidden > MOST_HIDDEN) {
      this.isCut = true;
      return;
    }
    this.#inspector?.hiddenIn(value, (name, hidden) => {
      this.visit(hidden, name === '' ? where : `${name} of ${where}`);
    });
  }
}

const isRecord = (value: object): boolean =>
  typeof value !== 'function' && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object);

interface Inspector {
  hiddenIn(value: object, found: (name: string, hidden: unknown) => void): void;
}

/** What the inspector says of a value. */
interface Remote {
  readonly type: string;
  readonly subtype?: string;
  readonly description?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

interface Properties {
  readonly result: readonly { readonly name: string; readonly value?: Remote }[];
  readonly internalProperties?: readonly { readonly name: string; readonly value?: Remote }[];
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Remote }[];
}

/** A function by its name in its scope. */
export type Named = readonly [name: string, value: object];

/** Undefined if Node.js has none. */
function inspectorOf(inScopeWith: readonly Named[]): Inspector | undefined {
  let session: Session;
  try {
    const require = createRequire(import.meta.url);
    const inspector = require('node:inspector') as typeof import('node:inspector');
    session = new inspector.Session();
    session.connect();
  } catch {
    return undefined;
  }
  /** In this thread the inspector answers at once. */
  const post = (method: string, parameters: object): unknown => {
    let result: unknown;
    session.post(method, parameters, (_error: unknown, answer?: unknown) => {
      result = answer;
    });
    return result;
  };
  const handed = globalThis as unknown as Record<string, unknown>;
  const idOf = (value: object): string | undefined => {
    handed[HANDED] = value;
    const answer = post('Runtime.evaluate', { expression: HANDED }) as { result?: Remote } | undefined;
    delete handed[HANDED];
    return answer?.result?.objectId;
  };
  const realOf = (remote: Remote): unknown => {
    if (remote.objectId === undefined) return remote.unserializableValue ?? remote.value ?? remote.type;
    post('Runtime.callFunctionOn', {
      objectId: remote.objectId,
      functionDeclaration: `function () { globalThis.${HANDED} = this; }`,
    });
    const value = handed[HANDED];
    delete handed[HANDED];
    return value;
  };
  const propertiesOf = (objectId: string): Properties =>
    (post('Runtime.getProperties', { objectId, ownProperties: true }) as Properties | undefined) ?? {
      result: [],
    };
  const scopesOf = (objectId: string, found: (name: string, hidden: unknown) => void): void => {
    for (const { value: scope } of propertiesOf(objectId).result) {
      if (scope?.objectId === undefined || scope.description === 'Global') continue;
      const { result } = propertiesOf(scope.objectId);
      const isOurs = inScopeWith.some(([name, ours]) => {
        const value = result.find((each) => each.name === name)?.value;
        return value !== undefined && realOf(value) === ours;
      });
      if (isOurs) continue;
      for (const { name, value } of result) {
        if (value !== undefined) found(name, realOf(value));
      }
    }
  };
  return {
    hiddenIn: (value, found) => {
      const id = idOf(value);
      if (id === undefined) return;
      const { internalProperties = [], privateProperties = [] } = propertiesOf(id);
      for (const { name, value: hidden } of privateProperties) {
        if (hidden !== undefined) found(name, realOf(hidden));
      }
      for (const { name, value: hidden } of internalProperties) {
        if (hidden === undefined || IGNORED.includes(name)) continue;
        if (name === '[[Scopes]]') {
          if (hidden.objectId !== undefined) scopesOf(hidden.objectId, found);
        } else if (name === '[[Entries]]') {
          // Each is described anew; what it holds is not.
          found(name, hidden.description);
        } else found(name, realOf(hidden));
      }
      post('Runtime.releaseObject', { objectId: id });
    },
  };
}

/** Where a function stands, and what is among the properties already. */
const IGNORED = ['[[FunctionLocation]]', '[[Prototype]]', '[[GeneratorLocation]]', '[[IsGenerator]]'];
