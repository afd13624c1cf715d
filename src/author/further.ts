/**
 * What an author's revision has beside the slots of its four parts: exchanges, properties and scenarios, records in which
 * some values are functions. They are sent from the thread of the file as plain data, each function as its name.
 */
import type { Revision } from '../../model/index.ts';

/** The parts of a revision that are not made of slots alone. */
export const FURTHER = ['exchanges', 'properties', 'scenarios'] as const;

export type Further = Pick<Revision, (typeof FURTHER)[number]>;

type AnyFunction = (...args: readonly unknown[]) => unknown;

/** Stands for a function where it is sent. */
interface NamedSlot {
  readonly 'is the slot': string;
}

const isNamedSlot = (value: object): value is NamedSlot => 'is the slot' in value;

/** What is data and has no functions in it, whatever its keys are called. */
const DATA = /^(?:exchanges\.(?:memory|notifications)|properties\.[^.]+\.watch\.initial)$/u;

/** The value with each function replaced; by their names, as in `exchanges.messages.confirmation.receive`. */
function changed(value: unknown, name: string, change: (leaf: unknown, name: string) => unknown): unknown {
  if (DATA.test(name)) return value;
  if (typeof value === 'function') return change(value, name);
  if (typeof value !== 'object' || value === null) return value;
  if (isNamedSlot(value)) return change(value, name);
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => changed(each, `${name}.${nameIn(each) ?? index}`, change));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, changed(each, `${name}.${key}`, change)]),
  );
}

/** A property is known by its id. */
function nameIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined;
  return typeof value.id === 'string' ? value.id : undefined;
}

const partsOf = (further: Further): Further =>
  Object.fromEntries(FURTHER.flatMap((part) => (further[part] === undefined ? [] : [[part, further[part]]])));

/** Its functions, by their names. */
export function furtherSlots(further: Further): ReadonlyMap<string, AnyFunction> {
  const found = new Map<string, AnyFunction>();
  for (const [part, value] of Object.entries(partsOf(further))) {
    changed(value, part, (leaf, name) => found.set(name, leaf as AnyFunction));
  }
  return found;
}

/** The same as plain data. */
export const asData = (further: Further): unknown =>
  Object.fromEntries(
    Object.entries(partsOf(further)).map(([part, value]) => [
      part,
      changed(value, part, (_leaf, name): NamedSlot => ({ 'is the slot': name })),
    ]),
  );

/** Plain data, or a revision itself, with a function in the place of each slot. */
export const withSlots = (data: unknown, slot: (name: string) => AnyFunction): Further =>
  // The very parts that were looked at where the file was loaded.
  Object.fromEntries(
    Object.entries((data ?? {}) as object).map(([part, value]: [string, unknown]) => [
      part,
      changed(value, part, (_leaf, name) => slot(name)),
    ]),
  );

/** The parts of a revision that have functions or data beside its slots. */
export const furtherOf = partsOf;
