/**
 * Guards the rule functions of a revision of one's own: what goes wrong in one of them is said with the file and
 * the slot. A rule has to be a pure function that returns what its slot asks for.
 */
import { catalogue, type Returns } from '../../model/index.ts';
import { canonicalText, freezeDeeply } from '../explore/canonical.ts';
import { UsageError } from './usage-error.ts';

type Slot = (...args: readonly unknown[]) => unknown;
type Slots = Readonly<Record<string, Slot>>;

/** By slot. Of a slot that is not listed only its exceptions are caught, and what is no plain data. */
const kinds: Readonly<Record<string, Returns>> = Object.fromEntries(
  catalogue.map(({ functionName, returns }) => [functionName, returns]),
);

/**
 * The slots, each of which throws a UsageError instead of anything else, and instead of returning a value that is
 * not what the slot asks for.
 *
 * @param part of the revision: `ike`, `esp`, `counterSync` or `replaySync`
 * @param file as the user gave it
 */
export const guarded = (slots: Slots, part: string, file: string): Slots =>
  Object.fromEntries(
    Object.entries(slots).map(([name, slot]) => [
      name,
      guardedSlot(slot, kinds[name], `${part}.${name}`, file),
    ]),
  );

function guardedSlot(slot: Slot, kind: Returns | undefined, name: string, file: string): Slot {
  const call = (args: readonly unknown[]): { readonly value: unknown; readonly text: string } => {
    try {
      const value = slot(...args);
      return { value, text: value === undefined ? 'undefined' : canonicalText(value) };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw error instanceof Error && error.name === 'SystemDefect'
        ? new UsageError(`${file}: ${name} returned what is no plain data: ${error.message}`, PURE)
        : new UsageError(`${file}: ${name} threw ${said}`, PURE);
    }
  };
  const checked = (...args: readonly unknown[]): unknown => {
    // Who writes into what was given is found out at once.
    freezeDeeply(args);
    const { value, text } = call(args);
    const wrong = kind === undefined ? undefined : faultOf(value, kind, args[0]);
    if (wrong !== undefined)
      throw new UsageError(`${file}: ${name} returned ${wrong}`, expected[kind ?? 'state']);
    if (call(args).text !== text) {
      throw new UsageError(`${file}: ${name} returned two results for the same values`, PURE);
    }
    return value;
  };
  // The text of the rule that it embodies, if it is one of the specification's own.
  return 'text' in slot ? Object.assign(checked, { text: slot.text }) : checked;
}

const PURE =
  'a rule is a pure function: it returns the same for the same values, and changes none ({ ...sa, ... } makes a new state)';

const expected: Readonly<Record<Returns, string>> = {
  number: 'it has to return a Message ID or another number: a whole one, 0 or more',
  truth: 'it has to return true or false',
  nonce: 'it has to return a nonce: the number or the string of a request',
  state: 'it has to return the state of the IKE SA: { ...sa, ... }',
  value: 'it has to return a value like the one that it was given',
};

/** What is wrong with a returned value; undefined if nothing is. */
function faultOf(value: unknown, kind: Returns, given: unknown): string | undefined {
  switch (kind) {
    case 'truth':
      return typeof value === 'boolean' ? undefined : shown(value);
    case 'number':
      return isCount(value) ? undefined : shown(value);
    case 'nonce':
      return typeof value === 'string' || Number.isSafeInteger(value) ? undefined : shown(value);
    case 'state':
    case 'value':
      return faultInState(value, given);
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** A state has to have the fields of the state that was given, each of the same kind. */
function faultInState(value: unknown, given: unknown): string | undefined {
  if (!isRecord(value) || !isRecord(given)) return shown(value);
  const lost = Object.keys(given).find((field) => value[field] === undefined);
  if (lost !== undefined) return `a state without ${lost}`;
  const wrong = Object.entries(given).find(([field, before]) => !isAlike(before, value[field]));
  return wrong === undefined ? undefined : `a state with ${wrong[0]} ${shown(value[wrong[0]])}`;
}

/** Numbers stay whole numbers (-1 stands for none); a record may be null at times. */
const isAlike = (before: unknown, after: unknown): boolean =>
  typeof before === 'number'
    ? Number.isSafeInteger(after) && Number(after) >= -1
    : typeof after === typeof before && Array.isArray(after) === Array.isArray(before);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = value === undefined || typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `a value of type ${typeof value}` : text;
}
