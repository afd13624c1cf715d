/**
 * Version 1 of the schema of events, checked at run time and published as JSON Schema.
 *
 * Loading it takes a fifth of a second, so only what reads JSON Lines imports it.
 */
import * as Schema from '@effect/schema/Schema';
import * as SchemaIssue from '@effect/schema/SchemaIssue';
import type { Event } from './event.ts';

/** Version of the schema, which the header of a file names. */
export const SCHEMA_VERSION = 1;

// The flag u is what lets a pattern into the JSON Schema.
const text = (pattern: RegExp, expected: string) =>
  Schema.String.check(Schema.isPattern(pattern, { expected }));
const integer = (minimum: number, maximum: number) =>
  Schema.Int.check(
    Schema.isBetween({ minimum, maximum }, { expected: `an integer from ${minimum} to ${maximum}` }),
  );

const hex = text(/^(?:[0-9a-f]{2})*$/u, 'an even number of lower-case hexadecimal digits');
const filled = text(/^.+$/u, 'text that is not empty');
const uint8 = integer(0, 2 ** 8 - 1);
const uint16 = integer(0, 2 ** 16 - 1);
const uint32 = integer(0, 2 ** 32 - 1);
const end = Schema.Literals(['initiator', 'responder']);

const payload = Schema.Union([
  Schema.Struct({ type: Schema.Literal('N'), notify: uint16, protocol: uint8, spi: hex, data: hex }),
  Schema.Struct({ type: Schema.Literal('D'), protocol: uint8, spis: Schema.Array(hex) }),
  Schema.Struct({ type: Schema.Literal('other'), name: filled }),
]);

const message = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal('ike'),
    exchange: text(
      /^(?:IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL|[0-9]{1,3})$/u,
      'IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL or the number of an exchange type',
    ),
    response: Schema.Boolean,
    id: uint32,
    payloads: Schema.optionalKey(Schema.Array(payload)),
  }),
  Schema.Struct({
    kind: Schema.Literal('esp'),
    protocol: Schema.optionalKey(Schema.Literal('ah')),
    spi: text(/^[0-9a-f]{8}$/u, '8 lower-case hexadecimal digits'),
    sequence: uint32,
    upper: Schema.optionalKey(uint32),
    counter: Schema.optionalKey(Schema.Boolean),
    replays: Schema.optionalKey(uint32),
  }),
]);

const common = {
  time: Schema.optionalKey(Schema.Finite),
  observer: Schema.optionalKey(filled),
  sa: Schema.optionalKey(
    text(/^[0-9a-f]{16}:[0-9a-f]{16}$/u, 'two SPIs of 16 lower-case hexadecimal digits with a colon between'),
  ),
  frame: Schema.optionalKey(integer(1, Number.MAX_SAFE_INTEGER)),
};

const MESSAGE_EVENTS = ['seen', 'sent', 'received', 'accepted', 'dropped'] as const;
const CLUSTER_EVENTS = ['failover', 'state-sync'] as const;

const messageEvent = Schema.Struct({
  ...common,
  event: Schema.Literals(MESSAGE_EVENTS),
  from: Schema.optionalKey(end),
  source: Schema.optionalKey(filled),
  destination: Schema.optionalKey(filled),
  message,
  octets: Schema.optionalKey(filled),
  octetsBeforeIntegrity: Schema.optionalKey(filled),
  integrityValue: Schema.optionalKey(hex),
  integrity: Schema.Literals(['good', 'bad', 'unchecked']),
});

const clusterCommon = { ...common, event: Schema.Literals(CLUSTER_EVENTS) };
const ofMember = { member: Schema.optionalKey(filled), ongoing: Schema.optionalKey(Schema.Boolean) };
const clusterOfEnd = Schema.Struct({ ...clusterCommon, end, ...ofMember });
const clusterAtAddress = Schema.Struct({ ...clusterCommon, address: filled, ...ofMember });

const gapEvent = Schema.Struct({
  ...common,
  event: Schema.Literal('gap'),
  reason: filled,
});

export const eventSchema = Schema.Union([messageEvent, clusterOfEnd, clusterAtAddress, gapEvent]);

/** Plain objects all the way down, so that types are compared by their fields, not by how they were made. */
type Plain<T> = T extends object ? { [K in keyof T]: Plain<T[K]> } : T;
/** Identity, not assignability: types that differ in an optional field alone are assignable both ways. */
type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;
/** An event as it is written: its line is where it stands. */
type Written<E> = E extends unknown ? Omit<E, 'line'> : never;
/** Does not compile unless the schema and the types of `event.ts` agree. */
export const SCHEMA_AGREES: Same<typeof eventSchema.Type, Written<Event>> = true;

/** What does not fit: the first misfit alone. */
export interface Misfit {
  /** `message.payloads[0].spi`; empty for the value as a whole. */
  readonly path: string;
  readonly expected: string;
  /** The value found there as JSON, shortened; `nothing` if there is none. */
  readonly found: string;
}

// A field that is not known is an error: a misspelt one would quietly take evidence away.
const options = { onExcessProperty: 'error' } as const;
const asMessage = Schema.decodeUnknownResult(messageEvent, options);
const asClusterOfEnd = Schema.decodeUnknownResult(clusterOfEnd, options);
const asClusterAtAddress = Schema.decodeUnknownResult(clusterAtAddress, options);
const asGap = Schema.decodeUnknownResult(gapEvent, options);
const flatten = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === 'UnexpectedKey') return 'no such field';
    return SchemaIssue.defaultLeafHook(issue);
  },
});

/** The event that a value is, or what does not fit. */
export function decodeEvent(value: unknown): { readonly event: Event } | { readonly misfit: Misfit } {
  const name = at(value, ['event']);
  const kinds: readonly string[] = [...MESSAGE_EVENTS, ...CLUSTER_EVENTS, 'gap'];
  if (typeof name !== 'string' || !kinds.includes(name)) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const expected = isObject ? oneOf(kinds.map((kind) => JSON.stringify(kind))) : 'an object';
    return { misfit: { path: isObject ? 'event' : '', expected, found: found(isObject ? name : value) } };
  }
  const cluster = CLUSTER_EVENTS.some((kind) => kind === name);
  const decode = cluster
    ? at(value, ['address']) === undefined
      ? asClusterOfEnd
      : asClusterAtAddress
    : name === 'gap'
      ? asGap
      : asMessage;
  const result = decode(value);
  if (result._tag === 'Success') return { event: result.success };
  return { misfit: misfitOf(value, result.failure.issue) };
}

function misfitOf(value: unknown, issue: SchemaIssue.Issue): Misfit {
  const paths = flatten(issue).issues.map(({ path = [], message: text }) => ({
    path: path.map((part) => (typeof part === 'object' ? part.key : part)),
    text,
  }));
  // Alternatives that fail early are those not meant: the deepest misfit is the one that matters.
  const depth = Math.max(...paths.map(({ path }) => path.length));
  const path = paths.find((each) => each.path.length === depth)?.path ?? [];
  const expected = paths
    .filter((each) => each.path.length === depth && pathText(each.path) === pathText(path))
    .map((each) => plain(each.text.replace(/^Expected /u, '')))
    .filter((each) => each !== 'Missing key');
  return {
    path: pathText(path),
    expected: expected.length === 0 ? 'a value' : oneOf([...new Set(expected)]),
    found: found(at(value, path)),
  };
}

/** Alternatives of an object as JSON begins them, not as TypeScript would declare them. */
const plain = (expected: string): string =>
  expected.replaceAll(
    /\{ readonly "(\w+)": ("[^"]*"), (?:readonly "\w+"\?: "[^"]*", )*\.\.\. \}/gu,
    '{"$1":$2,...}',
  );

const oneOf = (texts: readonly string[]): string =>
  texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;

/** The value at a path; nothing if the path leads nowhere. */
function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, part) => {
    if (typeof inside !== 'object' || inside === null) return undefined;
    const entry = Object.entries(inside).find(([key]) => key === String(part));
    return entry?.[1];
  }, value);
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = jsonOf(value);
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
}

/** A value as JSON, however deep it is. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing';
  } catch {
    // It was JSON, so it has no circles: there is no room to go that deep.
    return 'a value that is nested too deeply';
  }
}

/** The published schema of one event, in JSON Schema (draft 2020-12). */
export function eventJsonSchema(): Record<string, unknown> {
  const { schema, definitions } = Schema.toJsonSchemaDocument(eventSchema, {
    ...options,
    generateDescriptions: true,
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `ipsecha event, version ${SCHEMA_VERSION}`,
    ...schema,
    ...(Object.keys(definitions).length > 0 && { $defs: definitions }),
  };
}
