/**
 * What steps, messages and observations have to look like that an author's exchanges return. The tables below are held
 * to the types of the model by the compiler; what an author writes without one is held to them here.
 */
import {
  type Answer,
  type Exchanges,
  type FieldKind,
  findRule,
  type Message,
  type Observation,
} from '../../model/index.ts';
import { orDidYouMean } from '../questions/closest.ts';
import { shown } from '../questions/shown.ts';

/** What a field holds. */
type Form = 'count' | 'end' | 'name' | 'truth' | 'yes' | 'texts' | 'record' | 'records' | 'holds';
type FormsOf<T> = {
  readonly [F in Exclude<keyof T, 'kind'>]-?: Record<never, never> extends Pick<T, F> ? `${Form}?` : Form;
};

const ike = { from: 'end', ikeSa: 'name?', id: 'count' } as const;
const sync = {
  ...ike,
  nonce: 'name',
  wellFormed: 'truth',
  otherPayloads: 'texts',
  delta: 'count?',
  perSa: 'records?',
  holds: 'holds?',
} as const;

const MESSAGES: { readonly [K in Message['kind']]: FormsOf<Extract<Message, { kind: K }>> } = {
  request: { ...ike, content: 'name', asks: 'record?', holds: 'holds?' },
  response: { ...ike, answers: 'name', refused: 'yes?', later: 'yes?', holds: 'holds?' },
  'sync-request': { ...sync, m1: 'count', p1: 'count', failoverCount: 'count?' },
  'sync-response': { ...sync, p2: 'count', m2: 'count' },
  esp: { from: 'end', spi: 'name', number: 'count', content: 'name' },
  own: { ...ike, name: 'name', response: 'truth', holds: 'holds' },
};

const by = { by: 'end' } as const;
const under = { ...by, ikeSa: 'name?' } as const;
const numbered = { ...under, id: 'count', content: 'name' } as const;
const packet = { ...by, spi: 'name', number: 'count', content: 'name', cycles: 'yes?' } as const;

type Observed<K, O = Observation> = O extends { readonly kind: infer Kinds }
  ? K extends Kinds
    ? O
    : never
  : never;

const OBSERVATIONS: { readonly [K in Observation['kind']]: FormsOf<Observed<K>> } = {
  'request-sent': { ...numbered, lowest: 'count', window: 'count' },
  'request-processed': { ...numbered, expected: 'count', window: 'count', declared: 'count?' },
  'response-taken': { ...by, id: 'count', request: 'name', answers: 'name' },
  'sync-request-sent': {
    ...{ ...under, nonce: 'name', m1: 'count', failoverCount: 'count?' },
    ...{ announced: 'record', again: 'yes?' },
  },
  'failover-counted': { ...by, count: 'count', known: 'count' },
  'sync-request-accepted': {
    ...{ ...under, nonce: 'name', p2: 'count', m2: 'count' },
    ...{ announced: 'record', wellFormed: 'truth' },
  },
  'sync-response-accepted': { ...under, nonce: 'name', pending: 'name', p2: 'count', m2: 'count' },
  'iv-used': { ...under, iv: 'count' },
  'delta-applied': { ...by, request: 'name', announced: 'record' },
  'esp-sent': packet,
  'esp-accepted': packet,
  'esp-misread': { ...by, spi: 'name', number: 'count', inferred: 'count' },
  own: { ...by, name: 'name', holds: 'record' },
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Counts can be -1, which stands for none. */
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= -1;
const isName = (value: unknown): boolean => typeof value === 'string' || Number.isSafeInteger(value);

/** Whether a field holds what it should. */
function fits(value: unknown, form: Form): boolean {
  switch (form) {
    case 'count':
      return isCount(value);
    case 'end':
      return value === 'cluster' || value === 'peer';
    case 'name':
      return isName(value);
    case 'truth':
      return typeof value === 'boolean';
    case 'yes':
      return value === true;
    case 'texts':
      return Array.isArray(value) && value.every((each) => typeof each === 'string');
    case 'record':
    case 'holds':
      return isFields(value);
    case 'records':
      return Array.isArray(value) && value.every(isFields);
  }
}

/** What is wrong with a record by a table of its kinds; undefined if nothing is. */
function faultByTable(
  value: unknown,
  what: string,
  table: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string | undefined {
  if (!isFields(value)) return `${what} that is ${shown(value)}`;
  const { kind } = value;
  const forms = typeof kind === 'string' && Object.hasOwn(table, kind) ? table[kind] : undefined;
  if (forms === undefined) {
    const meant = typeof kind === 'string' ? orDidYouMean(kind, Object.keys(table)) : '';
    return `${what} of the kind ${shown(kind)}, which there is not${meant}`;
  }
  const odd = Object.keys(value).find((field) => field !== 'kind' && !Object.hasOwn(forms, field));
  if (odd !== undefined) {
    return `${what} (${String(kind)}) with the field ${odd}, which there is not${orDidYouMean(odd, Object.keys(forms))}`;
  }
  for (const [field, form] of Object.entries(forms)) {
    const held = value[field];
    if (held === undefined && form.endsWith('?')) continue;
    if (held === undefined) return `${what} (${String(kind)}) without ${field}`;
    if (!fits(held, form.replace('?', '') as Form)) {
      return `${what} (${String(kind)}) with ${field} ${shown(held)}`;
    }
  }
  return undefined;
}

/** What is wrong with a message that an end sends. */
export function faultOfMessage(
  value: unknown,
  from: unknown,
  exchanges: Pick<Exchanges, 'messages' | 'notifications'>,
): string | undefined {
  const fault = faultByTable(value, 'a message', MESSAGES);
  if (fault !== undefined) return fault;
  const message = value as Message;
  if (message.from !== from) return `a message from ${message.from} that the ${String(from)} sends`;
  if (message.kind === 'own') {
    const known = Object.keys(exchanges.messages ?? {});
    if (!known.includes(message.name)) {
      return `a message with the name ${message.name}, which is not among 'messages' of the exchanges${orDidYouMean(message.name, known)}`;
    }
  }
  return message.kind === 'esp' ? undefined : faultOfHeld(message.holds ?? {}, exchanges);
}

function faultOfHeld(
  holds: Fields,
  { notifications = {} }: Pick<Exchanges, 'notifications'>,
): string | undefined {
  for (const [name, held] of Object.entries(holds)) {
    const known = Object.hasOwn(notifications, name) ? notifications[name] : undefined;
    if (known === undefined) {
      return `a message with the notification ${name}, which is not among 'notifications' of the exchanges${orDidYouMean(name, Object.keys(notifications))}`;
    }
    const fault = faultOfFields(held, name, known.fields);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOfFields(
  held: unknown,
  name: string,
  kinds: Readonly<Record<string, FieldKind>>,
): string | undefined {
  if (!isFields(held)) return `a notification ${name} that is ${shown(held)}`;
  const odd = Object.keys(held).find((field) => !Object.hasOwn(kinds, field));
  if (odd !== undefined) {
    return `a notification ${name} with the field ${odd}, which there is not${orDidYouMean(odd, Object.keys(kinds))}`;
  }
  for (const [field, kind] of Object.entries(kinds)) {
    const value = held[field];
    if (value === undefined) return `a notification ${name} without ${field}`;
    if (value !== null && !isOfKind(value, kind))
      return `a notification ${name} with ${field} ${shown(value)}`;
  }
  return undefined;
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  switch (kind) {
    case 'truth':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string';
    case 'nonce':
      return isName(value);
    default:
      return isCount(value);
  }
}

const ANSWERS: readonly string[] = ['none', 'anew', 'again'] satisfies readonly Answer[];
const TAKEN: readonly string[] = ['enabled', 'answer', 'member', 'sent', 'observations', 'rules'];
const REFUSED: readonly string[] = ['enabled', 'rule', 'because'];

/**
 * What is wrong with a step that an exchange returned; undefined if nothing is.
 *
 * @param end that takes the step
 * @param faultInMember what is wrong with the member after it
 */
export function faultOfStep(
  value: unknown,
  end: unknown,
  exchanges: Pick<Exchanges, 'messages' | 'notifications'>,
  faultInMember: (member: Fields) => string | undefined,
): string | undefined {
  if (!isFields(value) || typeof value['enabled'] !== 'boolean') return shown(value);
  const fields = value['enabled'] ? TAKEN : REFUSED;
  const odd = Object.keys(value).find((field) => !fields.includes(field));
  if (odd !== undefined) {
    return `a step with the field ${odd}, which there is not${orDidYouMean(odd, fields)}`;
  }
  const lost = fields.find((field) => value[field] === undefined);
  if (lost !== undefined) return `a step without ${lost}`;
  const { rule, because, answer, member, sent, observations, rules } = value;
  if (!value['enabled']) {
    if (typeof because !== 'string') return `a step with because ${shown(because)}`;
    return rule === null || isRuleId(rule) ? undefined : `a step with the rule ${shown(rule)}`;
  }
  if (typeof answer !== 'string' || !ANSWERS.includes(answer)) return `a step with answer ${shown(answer)}`;
  if (!isFields(member) || member['role'] !== 'active') return `a step with member ${shown(member)}`;
  if (!Array.isArray(sent)) return `a step with sent ${shown(sent)}`;
  if (!Array.isArray(observations)) return `a step with observations ${shown(observations)}`;
  if (!Array.isArray(rules) || !rules.every(isRuleId)) return `a step with rules ${shown(rules)}`;
  const faults = [
    faultInMember(member),
    ...sent.map((message) => faultOfMessage(message, end, exchanges)),
    ...observations.map((seen) => faultByTable(seen, 'an observation', OBSERVATIONS)),
  ];
  return faults.find((fault) => fault !== undefined);
}

const isRuleId = (value: unknown): boolean => typeof value === 'string' && findRule(value) !== undefined;

/** What is wrong with what a monitor returned. */
export function faultOfSeen(value: unknown): string | undefined {
  if (!isFields(value) || typeof value['ok'] !== 'boolean') return shown(value);
  const fields = value['ok'] ? ['ok', 'state'] : ['ok', 'because'];
  const odd = Object.keys(value).find((field) => !fields.includes(field));
  if (odd !== undefined) return `a record with the field ${odd}, which there is not`;
  if (value['ok']) return value['state'] === undefined ? 'no state' : undefined;
  return typeof value['because'] === 'string' ? undefined : `because ${shown(value['because'])}`;
}
