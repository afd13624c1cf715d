/**
 * What a rule of an author is called with: its own copy, frozen, whose fields can be read by their right names only.
 * A misspelt field would be undefined, and the rule would go on with that.
 */
import type { Beginning, Exchanges, OwnMessageKind, OwnProperty, Revision } from '../../model/index.ts';
import { closest } from '../questions/closest.ts';

/** A rule asked for a field that there is not. */
export class UnknownField extends Error {
  override readonly name = 'UnknownField';
}

type Part = 'ike' | 'esp' | 'counterSync' | 'replaySync';
type Plain = string | number | boolean | null | undefined;
type AnyFunction = (...args: never[]) => unknown;

/** Fields that are optional in a record, at any depth. One of a union is asked for once it is known which it is. */
type AtTimes<T> = T extends Plain | AnyFunction
  ? never
  : T extends readonly (infer Each)[]
    ? AtTimes<Each>
    : // Of a record whose fields the author names, none is known here.
      string extends keyof T
      ? never
      : Optional<T> | { readonly [K in keyof T]-?: AtTimes<T[K]> }[keyof T];
type Optional<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K> ? K : never;
}[keyof T];

type OfCall<F> = F extends (...args: infer Args) => infer Result
  ? { readonly [I in keyof Args]: AtTimes<Args[I]> }[number & keyof Args] | AtTimes<Result>
  : never;
type OfResult<F> = F extends (...args: never[]) => infer Result
  ? Result extends Plain
    ? never
    : Optional<Result>
  : never;

/** What the types of the model say of the slots of all parts. */
type FieldAtTimes = {
  readonly [P in Part]: {
    readonly [S in keyof NonNullable<Revision[P]>]-?: OfCall<NonNullable<Revision[P]>[S]>;
  }[keyof NonNullable<Revision[P]>];
}[Part];
/** And of the exchanges of a revision's own, and of its properties. */
type FieldOfExchangeAtTimes =
  | {
      readonly [S in Exclude<
        keyof Exchanges,
        'memory' | 'notifications' | 'messages' | 'begins' | 'receives'
      >]-?: OfCall<NonNullable<Exchanges[S]>>;
    }[Exclude<keyof Exchanges, 'memory' | 'notifications' | 'messages' | 'begins' | 'receives'>]
  | OfCall<Beginning['step']>
  | OfCall<OwnMessageKind['receive']>
  | OfCall<NonNullable<OwnMessageKind['obsolete']>>
  | OfCall<OwnProperty['watch']['observe']>;
type FieldOfResultAtTimes = {
  readonly [P in Part]: {
    readonly [S in keyof NonNullable<Revision[P]>]-?: OfResult<NonNullable<Revision[P]>[S]>;
  }[keyof NonNullable<Revision[P]>];
}[Part];

/**
 * Fields that a state or a message of the model has at times only: a rule may ask for them. All others that a value
 * can have are in the value. The compiler holds the list to the types of the model: it lacks none and has no others.
 */
export const FIELDS_AT_TIMES: readonly string[] = Object.keys({
  again: true,
  answered: true,
  asks: true,
  cycles: true,
  declared: true,
  delta: true,
  esn: true,
  failoverCount: true,
  holds: true,
  ikeSa: true,
  ivsSpent: true,
  lacks: true,
  late: true,
  later: true,
  learns: true,
  m1Seen: true,
  owed: true,
  own: true,
  p1Sent: true,
  perSa: true,
  refused: true,
  rekeys: true,
  replacedBy: true,
  replaces: true,
  response: true,
  shows: true,
  superseded: true,
  unconfirmed: true,
  unsent: true,
  untold: true,
  yetToAsk: true,
} satisfies Readonly<Record<FieldAtTimes | FieldOfExchangeAtTimes, true>>);

/**
 * Fields that a state or a window that a rule returns has at times only, what it holds aside; held in the same way. What
 * a revision has a box remember besides (`own`) it has always, or never.
 */
export const FIELDS_OF_RESULTS_AT_TIMES: readonly string[] = Object.keys({
  ikeSa: true,
  ivsSpent: true,
  learns: true,
  m1Seen: true,
  p1Sent: true,
  replacedBy: true,
  replaces: true,
  unconfirmed: true,
} satisfies Readonly<Record<Exclude<FieldOfResultAtTimes, 'own'>, true>>);

const { freeze, isFrozen, keys } = Object;
const { ownKeys, get, has } = Reflect;
const { isArray } = Array;

/** Fields that code asks for without meaning a field of the value. */
const ASKED_BY_ANY = ['toJSON', 'then'];

/** The values that stand behind what a rule was given for the question at hand. */
let behind = new Map<object, object>();

/** Forgets what was given for other questions: so many entries that all live on cost more than the rules themselves. */
export function beginQuestion(): void {
  behind = new Map();
}

/** The value behind what a rule was given, or that itself. */
export const unwrapped = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (behind.get(value) ?? value) : value;

/**
 * A value as a rule is given it; `value` must be nobody else's. It may stand in a place twice: a request that arrives again
 * is the one that its cached response is kept with.
 */
export function wrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Few are there twice, so that nothing is kept for them.
  if (isFrozen(value)) for (const [before, own] of behind) if (own === value) return before;
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = wrapped(value[i]);
  } else {
    const fields = value as Record<string, unknown>;
    for (const key of keys(fields)) {
      const field = fields[key];
      // Most are numbers.
      if (typeof field === 'object') fields[key] = wrapped(field);
    }
  }
  freeze(value);
  const proxy = new Proxy(value, reading);
  behind.set(proxy, value);
  return proxy;
}

const reading: ProxyHandler<object> = {
  get(target, key) {
    const field: unknown = get(target, key);
    if (field !== undefined || has(target, key)) return field;
    return isKnown(target, key) ? undefined : refused(target, key);
  },
};

function isKnown(target: object, key: string | symbol): boolean {
  // What the language itself asks for: how a value is iterated, or turned into a text.
  if (typeof key === 'symbol') return wellKnown.has(key);
  if (ASKED_BY_ANY.includes(key)) return true;
  // Nothing is there beyond the end of an array; that is how its end is found at times.
  return isArray(target) ? /^\d+$/.test(key) : FIELDS_AT_TIMES.includes(key);
}

const wellKnown: ReadonlySet<symbol> = new Set(
  ownKeys(Symbol)
    .map((key): unknown => get(Symbol, key))
    .filter((value) => typeof value === 'symbol')
    .concat(Symbol.for('nodejs.util.inspect.custom')) as readonly symbol[],
);

function refused(target: object, key: string | symbol): never {
  if (typeof key === 'symbol') throw new UnknownField(`it asks for ${String(key)}, which no value has`);
  const names = isArray(target)
    ? Object.getOwnPropertyNames(Array.prototype)
    : [...keys(target), ...FIELDS_AT_TIMES];
  const meant = closest(key, names);
  throw new UnknownField(
    `it asks for the field ${key} of a value that has ${isArray(target) ? 'none: an array' : keys(target).join(', ')}${
      meant === undefined ? '' : `; did you mean ${meant}?`
    }`,
  );
}
