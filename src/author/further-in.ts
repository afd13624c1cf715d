/**
 * What an author's revision has beside its rules, held to what there can be: exchanges, properties and scenarios of its
 * own. What their functions return is looked at when they are called (`guard.ts`).
 */
import {
  type Exchanges,
  findRule,
  type OwnNotification,
  type OwnProperty,
  type OwnScenario,
  properties,
  type Revision,
  type Settings,
  scenarios,
  settingSpecs,
  usual,
} from '../../model/index.ts';
import { invisibleIn } from '../explore/visible.ts';
import { orDidYouMean } from '../questions/closest.ts';
import { UsageError } from '../questions/usage-error.ts';
import { described } from './described.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SEE = 'model/revisions/exchanges.ts says what there is';

/** @throws UsageError naming what is wrong, and what there is */
export function furtherIn(
  revision: Fields,
  file: string,
): Pick<Revision, 'exchanges' | 'properties' | 'scenarios'> {
  const { exchanges, properties: own, scenarios: places } = revision;
  return {
    ...(exchanges === undefined ? {} : { exchanges: exchangesIn(exchanges, file) }),
    ...(own === undefined ? {} : { properties: propertiesIn(own, file) }),
    ...(places === undefined ? {} : { scenarios: scenariosIn(places, file) }),
  };
}

/** A record with fields of these names and no others. */
function recordWith(value: unknown, what: string, names: readonly string[], file: string): Fields {
  if (!isFields(value)) {
    throw new UsageError(
      `${file}: ${what} is ${described(value)}; it has to be a record`,
      `it has: ${names.join(', ')}`,
    );
  }
  const odd = Object.keys(value).find((field) => !names.includes(field));
  if (odd === undefined) return value;
  throw new UsageError(
    `${file}: ${what} has no '${odd}'${orDidYouMean(odd, names)}`,
    `it has: ${names.join(', ')}`,
  );
}

/** Slots that are functions. */
const FUNCTIONS = ['writes', 'sendsAgain', 'handsOver', 'takesIn', 'takesOver', 'tells'] as const;

const EXCHANGES: readonly string[] = Object.keys({
  memory: true,
  notifications: true,
  messages: true,
  begins: true,
  receives: true,
  writes: true,
  sendsAgain: true,
  handsOver: true,
  takesIn: true,
  takesOver: true,
  tells: true,
} satisfies Readonly<Record<keyof Exchanges, true>>);

/** Kinds of messages that there are anyway. */
const KINDS: readonly string[] = Object.keys({
  request: true,
  response: true,
  'sync-request': true,
  'sync-response': true,
  esp: true,
} satisfies Readonly<Record<keyof NonNullable<Exchanges['receives']>, true>>);

function exchangesIn(value: unknown, file: string): Exchanges {
  const exchanges = recordWith(value, "'exchanges'", EXCHANGES, file);
  for (const slot of FUNCTIONS) {
    const filled = exchanges[slot];
    if (filled !== undefined) mustBeFunction(filled, `exchanges.${slot}`, file);
  }
  const { memory, notifications, messages, begins, receives } = exchanges;
  if (memory !== undefined) {
    if (!isFields(memory)) {
      throw new UsageError(
        `${file}: 'exchanges.memory' is ${described(memory)}; it has to be a record of what a box remembers at first`,
        SEE,
      );
    }
    mustBeData(memory, 'exchanges.memory', file);
  }
  for (const [name, each] of entriesOf(notifications, 'exchanges.notifications', file)) {
    mustBeNotification(each, `exchanges.notifications.${name}`, file);
  }
  for (const [name, each] of entriesOf(messages, 'exchanges.messages', file)) {
    const what = `exchanges.messages.${name}`;
    if (KINDS.includes(name)) {
      throw new UsageError(
        `${file}: '${what}' is of a kind that there is anyway`,
        `what becomes of it goes under 'receives': receives: { '${name}': { receive: ... } }`,
      );
    }
    if (!/^[^\s.]+$/.test(name)) {
      throw new UsageError(`${file}: '${what}' is not a name of one word without a full stop`, SEE);
    }
    const kind = recordWith(each, `'${what}'`, ['exchange', 'receive', 'obsolete'], file);
    if (kind['exchange'] !== 'INFORMATIONAL' && kind['exchange'] !== 'CREATE_CHILD_SA') {
      throw new UsageError(
        `${file}: '${what}.exchange' is ${described(kind['exchange'])}`,
        'the exchange types after IKE_AUTH are INFORMATIONAL and CREATE_CHILD_SA',
      );
    }
    mustReceive(kind, what, file);
  }
  for (const [name, each] of entriesOf(begins, 'exchanges.begins', file)) {
    const what = `exchanges.begins.${name}`;
    if (!/^[^\s.]+$/.test(name)) {
      throw new UsageError(`${file}: '${what}' is not a name of one word without a full stop`, SEE);
    }
    mustBeFunction(recordWith(each, `'${what}'`, ['step'], file)['step'], `${what}.step`, file);
  }
  const received = receives === undefined ? {} : recordWith(receives, "'exchanges.receives'", KINDS, file);
  for (const [name, each] of Object.entries(received)) {
    const what = `exchanges.receives.${name}`;
    mustReceive(recordWith(each, `'${what}'`, ['receive', 'obsolete'], file), what, file);
  }
  // Every field was looked at.
  return exchanges as unknown as Exchanges;
}

function entriesOf(value: unknown, what: string, file: string): readonly (readonly [string, unknown])[] {
  if (value === undefined) return [];
  if (!isFields(value)) {
    throw new UsageError(
      `${file}: '${what}' is ${described(value)}; it has to be a record, with a name for each`,
      SEE,
    );
  }
  return Object.entries(value);
}

function mustReceive({ receive, obsolete }: Fields, what: string, file: string): void {
  mustBeFunction(receive, `${what}.receive`, file);
  if (obsolete !== undefined) mustBeFunction(obsolete, `${what}.obsolete`, file);
}

function mustBeFunction(value: unknown, what: string, file: string): void {
  if (typeof value !== 'function') {
    throw new UsageError(`${file}: the slot ${what} is ${described(value)}, not a function`, SEE);
  }
}

function mustBeData(value: unknown, what: string, file: string): void {
  const invisible = invisibleIn(value);
  if (invisible === undefined) return;
  throw new UsageError(
    `${file}: '${what}' has ${invisible}`,
    'it is plain data: whole numbers, texts, true and false, null, and arrays and objects of these',
  );
}

const FIELD_KINDS: readonly string[] = [
  'number',
  'nonce',
  'truth',
  'text',
  'message-id-of-sender',
  'message-id-of-receiver',
] satisfies readonly OwnNotification['fields'][string][];

function mustBeNotification(value: unknown, what: string, file: string): void {
  const { type, fields } = recordWith(value, `'${what}'`, ['type', 'fields'], file);
  if (!Number.isSafeInteger(type) || Number(type) < 0 || Number(type) > 0xffff) {
    throw new UsageError(
      `${file}: '${what}.type' is ${described(type)}`,
      'it is the number of the notification on the wire, of two octets; 40960 to 65535 are for private use',
    );
  }
  for (const [name, kind] of entriesOf(fields ?? null, `${what}.fields`, file)) {
    if (typeof kind === 'string' && FIELD_KINDS.includes(kind)) continue;
    throw new UsageError(
      `${file}: '${what}.fields.${name}' is ${described(kind)}${typeof kind === 'string' ? orDidYouMean(kind, FIELD_KINDS) : ''}`,
      `a field is one of: ${FIELD_KINDS.join(', ')}`,
    );
  }
}

const PROPERTY =
  "a property is what 'safety' of ipsecha/model makes: safety({ id, title, says, rules: [], watch })";

function propertiesIn(value: unknown, file: string): readonly OwnProperty[] {
  const found = listOf(value, "'properties'", file, PROPERTY).map((each, index) => {
    const what = `properties[${index}]`;
    const property = recordWith(each, `'${what}'`, ['id', 'title', 'says', 'rules', 'watch'], file);
    const { id, title, says, rules = [], watch } = property;
    const name = wordIn(id, `${what}.id`, file);
    if (properties.some((shipped) => shipped.id === name)) {
      throw new UsageError(
        `${file}: the property '${name}' has the id of a shipped one`,
        'give it an id of its own',
      );
    }
    if (!Array.isArray(rules) || !rules.every((rule) => typeof rule === 'string' && findRule(rule))) {
      throw new UsageError(
        `${file}: '${what}.rules' is ${described(rules)}; it lists ids of rules, or nothing`,
        'ipsecha rules lists them',
      );
    }
    const { initial, observe } = recordWith(watch, `'${what}.watch'`, ['initial', 'observe'], file);
    if (initial === undefined) {
      throw new UsageError(`${file}: '${what}.watch.initial' is missing`, PROPERTY);
    }
    mustBeData(initial, `${what}.watch.initial`, file);
    mustBeFunction(observe, `${what}.watch.observe`, file);
    const own = {
      id: name,
      title: textIn(title, name),
      says: textIn(says, textIn(title, name)),
      rules,
      watch: { initial, observe },
    };
    // Every field was looked at.
    return own as unknown as OwnProperty;
  });
  mustDiffer(
    found.map(({ id }) => id),
    'properties',
    file,
  );
  return found;
}

const SCENARIO = 'a scenario is { name, title, about, sizes: { small: { members: 3, failovers: 2 } } }';

function scenariosIn(value: unknown, file: string): readonly OwnScenario[] {
  const found = listOf(value, "'scenarios'", file, SCENARIO).map((each, index): OwnScenario => {
    const what = `scenarios[${index}]`;
    const scenario = recordWith(each, `'${what}'`, ['name', 'title', 'about', 'sizes'], file);
    const name = wordIn(scenario['name'], `${what}.name`, file);
    if (scenarios.some((shipped) => shipped.name === name)) {
      throw new UsageError(
        `${file}: the scenario '${name}' has the name of a shipped one`,
        'give it a name of its own',
      );
    }
    const sizes = recordWith(scenario['sizes'], `'${what}.sizes'`, ['small', 'medium', 'large'], file);
    if (sizes['small'] === undefined) {
      throw new UsageError(`${file}: '${what}.sizes' has no 'small'`, SCENARIO);
    }
    const settings = Object.entries(sizes).flatMap(([size, some]) =>
      some === undefined ? [] : [[size, settingsIn(some, `${what}.sizes.${size}`, file)]],
    );
    return {
      name,
      title: textIn(scenario['title'], name),
      about: textIn(scenario['about'], textIn(scenario['title'], name)),
      sizes: Object.fromEntries(settings) as OwnScenario['sizes'],
    };
  });
  mustDiffer(
    found.map(({ name }) => name),
    'scenarios',
    file,
  );
  return found;
}

function settingsIn(value: unknown, what: string, file: string): Partial<Settings> {
  const fields: readonly string[] = Object.keys(usual);
  const settings = recordWith(value, `'${what}'`, fields, file);
  for (const spec of settingSpecs) {
    const set = settings[spec.field];
    if (set === undefined) continue;
    const isRight =
      spec.values === 'number'
        ? set === spec.follows ||
          (Number.isSafeInteger(set) && Number(set) >= spec.least && Number(set) <= spec.most)
        : typeof set === 'string' && spec.values.includes(set);
    if (isRight) continue;
    throw new UsageError(
      `${file}: '${what}.${spec.field}' cannot be ${described(set)}`,
      spec.values === 'number'
        ? `it is a whole number from ${spec.least} to ${spec.most}: ${spec.meaning}`
        : `its values are: ${spec.values.join(', ')}`,
    );
  }
  return settings;
}

function listOf(value: unknown, what: string, file: string, hint: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UsageError(`${file}: ${what} is ${described(value)}; it has to be a list`, hint);
}

function wordIn(value: unknown, what: string, file: string): string {
  if (typeof value === 'string' && /^[^\s.]+$/.test(value)) return value;
  throw new UsageError(
    `${file}: '${what}' is ${described(value)}`,
    'it has to be one word without a full stop, such as my-own',
  );
}

const textIn = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;

function mustDiffer(names: readonly string[], what: string, file: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new UsageError(`${file}: two of its ${what} are named '${twice}'`, 'give each a name of its own');
}
