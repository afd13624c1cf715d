/**
 * Guards the rule functions of a revision of one's own: what goes wrong in one of them is said with the file and
 * the slot. A rule has to be a pure function that returns what its slot asks for. Each distinct question is put to it
 * once, and what it said is kept: in a ledger, from which everything is asked again in the end.
 */
import {
  type ActiveMember,
  catalogue,
  type Exchanges,
  type PendingSync,
  type Returns,
} from '../../model/index.ts';
import { freezeDeeply } from '../explore/canonical.ts';
import { Interner } from '../explore/intern.ts';
import { isSameStructure } from '../explore/structure.ts';
import { invisibleIn } from '../explore/visible.ts';
import { orDidYouMean } from '../questions/closest.ts';
import { shown } from '../questions/shown.ts';
import { UsageError } from '../questions/usage-error.ts';
import { FIELDS_AT_TIMES, FIELDS_OF_RESULTS_AT_TIMES } from './arguments.ts';
import { faultOfMessage, faultOfSeen, faultOfStep } from './forms.ts';
import { canBeAskedAhead, fromFile, given, type Ledger, type Said } from './ledger.ts';
import type { Reply } from './protocol.ts';

export type Slot = (...args: readonly unknown[]) => unknown;

/** What a slot of exchanges or a monitor returns. */
type ReturnsOfFurther = 'step' | 'step or closed' | 'message' | 'messages' | 'known state' | 'seen';

/** By slot. Of a slot that is not listed only its exceptions are caught, and what is no plain data. */
const kinds: Readonly<Record<string, Returns>> = Object.fromEntries(
  catalogue.map(({ functionName, returns }) => [functionName, returns]),
);

/** By slot of the exchanges, the last part of its name. */
const kindsOfFurther: Readonly<Record<string, Returns | ReturnsOfFurther>> = {
  receive: 'step',
  step: 'step',
  obsolete: 'truth',
  writes: 'message',
  sendsAgain: 'messages',
  handsOver: 'known state',
  takesIn: 'known state',
  takesOver: 'step or closed',
  tells: 'known state',
  observe: 'seen',
};

/** What is declared of messages, where a slot is one of exchanges. */
type Declared = Pick<Exchanges, 'messages' | 'notifications'>;

/** A rule of an author's file that went wrong, found while it was asked. */
export class RuleFault extends UsageError {}

/** What comes of a call. */
export function answerOnce(call: () => unknown): Reply {
  const value = call();
  const invisible = value === undefined ? undefined : invisibleIn(value);
  return invisible === undefined ? { value } : { invisible };
}

/** What comes of a call that is made twice in a row. */
export function answerTwice(call: () => unknown): Reply {
  const first = answerOnce(call);
  if (!('value' in first)) return first;
  const second = call();
  return isSameStructure(first.value, second) ? first : { value: first.value, second };
}

/**
 * One slot.
 *
 * @param ask puts a question to the rule
 * @param name part and slot: `counterSync.adopt`
 * @param declared what messages there are; given for slots of exchanges and for monitors
 * @param written where the slot is written, for faults that have no place of their own
 * @param askAll puts many questions to the rule at once
 */
export function guardedSlot(
  ask: (args: readonly unknown[]) => Reply,
  name: string,
  file: string,
  ledger: Ledger,
  text: unknown,
  declared?: Declared,
  written: () => string = () => file,
  askAll?: (questions: readonly (readonly unknown[])[]) => readonly Reply[],
): Slot {
  const last = name.replace(/^.*\./, '');
  const kind = declared === undefined ? kinds[last] : kindsOfFurther[last];
  const questions = new Interner<readonly unknown[]>();
  const answers: Said[] = [];
  /** Of questions that it has been asked, and that nobody wanted to know yet. */
  const ahead = new Map<number, Reply>();
  const checked = (...args: readonly unknown[]): unknown => {
    const question = questions.idOf(args);
    const known = answers[question];
    if (known !== undefined) {
      ledger.asked(known);
      return known.value;
    }
    const fault = (what: string, hint: string, place = ''): RuleFault =>
      new RuleFault(
        `${place === '' ? written() : place}: ${name} ${what}, when it was called with ${given(args)}`,
        hint,
      );
    const reply = ahead.get(question) ?? ask(args);
    ahead.delete(question);
    if ('threw' in reply) {
      const { threw, hint, place } = reply;
      throw hint === undefined
        ? fault(`threw ${threw}`, PURE, place)
        : fault(`is wrong: ${threw.replace(/^\w+: /, '')}`, hint === 'UnknownField' ? FIELDS : PURE, place);
    }
    if ('invisible' in reply) throw fault(`returned ${reply.invisible}`, VISIBLE);
    const { value } = reply;
    if ('second' in reply) {
      throw fault(
        `returned two results for the same values, ${shown(value)} and ${shown(reply.second)}`,
        PURE,
      );
    }
    const wrong = kind === undefined ? undefined : faultOf(value, kind, args, declared ?? {});
    if (wrong !== undefined) throw fault(`returned ${wrong}`, expected[kind ?? 'state']);
    answers[question] = ledger.note(name, args, freezeDeeply(value));
    return value;
  };
  ledger.expect(name, checked);
  if (askAll !== undefined) {
    canBeAskedAhead(checked, (asked) => {
      const unknown = new Map(asked.map((args) => [questions.idOf(args), args]));
      for (const question of unknown.keys()) {
        if (answers[question] !== undefined || ahead.has(question)) unknown.delete(question);
      }
      if (unknown.size === 0) return;
      const replies = askAll([...unknown.values()]);
      [...unknown.keys()].forEach((question, index) => {
        ahead.set(question, replies[index]!);
      });
    });
  }
  return fromFile(text === undefined ? checked : Object.assign(checked, { text }), ledger);
}

const PURE =
  'a rule is a pure function: it returns the same for the same values, and changes none ({ ...sa, ... } makes a new state)';

const VISIBLE =
  'a rule returns plain data: whole numbers, texts, true and false, null, and arrays and objects of these; what has no value is left out';

const FIELDS = 'the fields are those of the types in model/, SaState for what a box knows of the IKE SA';

const STEP =
  "a step is what 'taken' and 'refused' of model/state/step.ts make: { ...usual, ... } changes the one that the rules take";

const expected: Readonly<Record<Returns | ReturnsOfFurther, string>> = {
  number: 'it has to return a Message ID or another number: a whole one, 0 or more',
  truth: 'it has to return true or false',
  nonce: 'it has to return a nonce: the number or the string of a request',
  state: 'it has to return the state of the IKE SA that it was given, with what changes: { ...sa, ... }',
  value: 'it has to return a value like the one that it was given, with what changes',
  'known state':
    'it has to return the state of the IKE SA that it was given, with what changes: { ...sa, ... }',
  step: STEP,
  'step or closed': `${STEP}; or 'closed'`,
  message: 'it has to return the message that it was given, with what changes: { ...message, ... }',
  messages: 'it has to return a list of messages: those that it was given, and others',
  seen: "a monitor returns 'fine(state)' or 'broken(why)' (model/properties/property.ts)",
};

/** What is wrong with a returned value; undefined if nothing is. */
function faultOf(
  value: unknown,
  kind: Returns | ReturnsOfFurther,
  args: readonly unknown[],
  declared: Declared,
): string | undefined {
  const [first, second] = args;
  switch (kind) {
    case 'truth':
      return typeof value === 'boolean' ? undefined : shown(value);
    case 'number':
      return isCount(value) ? undefined : shown(value);
    case 'nonce':
      return typeof value === 'string' || Number.isSafeInteger(value) ? undefined : shown(value);
    case 'state':
    case 'value':
      return faultInState(value, first);
    case 'known state':
      // Of a member that was down, nothing is known but the copy.
      return faultInState(value, first ?? second);
    case 'step or closed':
    case 'step':
      return kind === 'step or closed' && value === 'closed'
        ? undefined
        : faultOfStep(value, first, declared, (member) => faultInMember(member, second));
    case 'message':
      return faultOfMessage(value, first, declared);
    case 'messages':
      return Array.isArray(value)
        ? value.map((each) => faultOfMessage(each, first, declared)).find((fault) => fault !== undefined)
        : shown(value);
    case 'seen':
      return faultOfSeen(value);
  }
}

const SYNC: readonly string[] = Object.keys({
  nonce: true,
  m1: true,
  p1: true,
  delta: true,
  perSa: true,
} satisfies Readonly<Record<keyof PendingSync, true>>);

/** Fields that an active member has at times only. */
const MEMBER_AT_TIMES: readonly string[] = Object.keys({
  answered: true,
  owed: true,
  yetToAsk: true,
  rekeys: true,
  superseded: true,
  untold: true,
  unsent: true,
} satisfies Readonly<Record<Exclude<keyof ActiveMember, 'role' | 'sa' | 'sync'>, true>>);

/** A member after a step, by the member before it, or by the snapshot that it took over with. */
function faultInMember(member: Readonly<Record<string, unknown>>, before: unknown): string | undefined {
  const sync = member['sync'];
  const odd = isRecord(sync) ? Object.keys(sync).find((field) => !SYNC.includes(field)) : undefined;
  if (odd !== undefined) return `a sync with the field ${odd}, which there is not${orDidYouMean(odd, SYNC)}`;
  if (isRecord(before) && 'role' in before) return faultInState(member, before, '', MEMBER_AT_TIMES);
  const lost = ['sa', 'sync'].find((field) => member[field] === undefined);
  return lost === undefined ? faultInState(member['sa'], before, 'sa.') : `a member without ${lost}`;
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** A state has to have the fields of the state that was given, each of the same kind, and no others. */
function faultInState(
  value: unknown,
  given: unknown,
  inside = '',
  atTimes = inside === '' || inside === 'sa.' ? FIELDS_OF_RESULTS_AT_TIMES : FIELDS_AT_TIMES,
): string | undefined {
  if (!isRecord(value) || !isRecord(given)) return shown(value);
  const lost = Object.keys(given).find((field) => value[field] === undefined && !atTimes.includes(field));
  if (lost !== undefined) return `a state without ${inside}${lost}`;
  const names = [...Object.keys(given), ...atTimes];
  const added = Object.keys(value).find((field) => !names.includes(field));
  if (added !== undefined) {
    return `a state with the field ${inside}${added}, which there is not${orDidYouMean(added, names)}`;
  }
  // What a revision has a box remember is its own affair, but for the names of the fields.
  if (/(?:^|\.)own\.$/.test(inside)) return undefined;
  const both = Object.entries(given).filter(([field]) => value[field] !== undefined);
  const wrong = both.find(([field, before]) => !isAlike(before, value[field]));
  if (wrong !== undefined) return `a state with ${inside}${wrong[0]} ${shown(value[wrong[0]])}`;
  for (const [field, before] of both) {
    const after = value[field];
    if (!isRecord(before) || !isRecord(after)) continue;
    const found = faultInState(after, before, `${inside}${field}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Numbers stay whole numbers (-1 stands for none); a record may be null at times. */
const isAlike = (before: unknown, after: unknown): boolean =>
  typeof before === 'number'
    ? Number.isSafeInteger(after) && Number(after) >= -1
    : typeof after === typeof before && Array.isArray(after) === Array.isArray(before);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
