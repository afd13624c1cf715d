/**
 * What an author's file exports, held to what a revision is. Every mistake is said with the file and the slot, never
 * with a stack trace.
 */
import {
  ikev2,
  type PolicyField,
  type Revision,
  revisions,
  settingSpecs,
  shortForms,
  specsOfShortForm,
} from '../../model/index.ts';
import { orDidYouMean } from '../questions/closest.ts';
import { UsageError } from '../questions/usage-error.ts';
import { described } from './described.ts';
import { furtherIn } from './further-in.ts';

/** Where hints point to. */
export const TEMPLATE = 'ipsecha new my-draft.ts writes a template with every slot';

/** What a revision says; of what else one has, a slip of the pen is more likely than a purpose. */
const KEYS: readonly string[] = Object.keys({
  name: true,
  title: true,
  source: true,
  policies: true,
  ike: true,
  esp: true,
  counterSync: true,
  replaySync: true,
  exchanges: true,
  properties: true,
  scenarios: true,
} satisfies Readonly<Record<keyof Revision, true>>);

/**
 * The revision among what a file exports: its default export, or the only one that looks like a revision.
 *
 * @param file as the user gave it
 * @throws UsageError if there is none, if there are several, or if it is not complete
 */
export function readRevision(exports: Readonly<Record<string, unknown>>, file: string): Revision {
  const revision = { ...chosen(exports, file) };
  const odd = Reflect.ownKeys(revision).find((key) => typeof key === 'symbol' || !KEYS.includes(key));
  if (odd !== undefined) {
    throw new UsageError(
      `${file}: a revision has no '${String(odd)}'${typeof odd === 'symbol' ? '' : orDidYouMean(odd, KEYS)}`,
      `it has: ${KEYS.join(', ')}`,
    );
  }
  const name = nameIn(revision, file);
  const part = (key: Part): Slots | null => (revision[key] === null ? null : slotsIn(revision, key, file));
  const ike = slotsIn(revision, 'ike', file);
  const counterSync = part('counterSync');
  // A text that says nothing of ESP leaves it as it is, and its counters as stale as they are.
  const esp = revision['esp'] === undefined ? ikev2.esp : slotsIn(revision, 'esp', file);
  const replaySync = revision['replaySync'] === undefined ? null : part('replaySync');
  const text = (key: string, otherwise: string): string => {
    const value = revision[key];
    return typeof value === 'string' && value !== '' ? value : otherwise;
  };
  return {
    name,
    title: text('title', name),
    source: text('source', file),
    policies: policiesIn(revision, file),
    // Every slot is there and is a function; what it returns is looked at when it is called.
    ike: ike as unknown as Revision['ike'],
    esp: esp as unknown as Revision['esp'],
    replaySync: replaySync as unknown as Revision['replaySync'],
    counterSync: counterSync as unknown as Revision['counterSync'],
    ...furtherIn(revision, file),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const looksLikeRevision = (value: unknown): value is Fields =>
  isFields(value) && ('ike' in value || 'counterSync' in value);

function chosen(exports: Fields, file: string): Fields {
  const { default: byDefault } = exports;
  if (looksLikeRevision(byDefault)) return byDefault;
  if (byDefault !== undefined) {
    throw new UsageError(
      `${file}: its default export is ${described(byDefault)}, not a revision`,
      `a revision has a name, the slots of 'ike' and those of 'counterSync' (or null); ${TEMPLATE}`,
    );
  }
  const candidates = Object.entries(exports).filter(([, value]) => looksLikeRevision(value));
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined && looksLikeRevision(only[1])) return only[1];
  throw candidates.length > 1
    ? new UsageError(
        `${file} exports several revisions: ${candidates.map(([name]) => name).join(', ')}`,
        'export the one that is meant by default: export default ...',
      )
    : new UsageError(
        `${file} exports no revision`,
        `export one by default: export default { ...rfc6311, name: 'mine', ... }; ${TEMPLATE}`,
      );
}

function nameIn({ name }: Fields, file: string): string {
  if (typeof name !== 'string' || !/^\S+$/.test(name)) {
    throw new UsageError(
      name === undefined
        ? `${file}: the revision has no name`
        : `${file}: the name of the revision is ${described(name)}`,
      "give it a name of one word: name: 'mine'",
    );
  }
  if (revisions.some((shipped) => shipped.name === name)) {
    throw new UsageError(
      `${file}: the revision is named '${name}', as a shipped one is`,
      "give it a name of its own: name: 'mine'",
    );
  }
  return name;
}

/** What it leaves open: settings, or short forms of several; without `policies`, all that its rules leave open. */
function policiesIn({ policies }: Fields, file: string): readonly PolicyField[] {
  const known = settingSpecs.flatMap(({ field, policy }) => (policy ? [field as PolicyField] : []));
  const list = `what a revision can leave open is: ${known.join(', ')}`;
  if (policies === undefined) return known;
  if (!Array.isArray(policies)) {
    throw new UsageError(
      `${file}: 'policies' is ${described(policies)}; it has to list what the revision leaves open`,
      list,
    );
  }
  const named: readonly unknown[] = policies.flatMap((policy: unknown) => {
    const form = shortForms.find(({ field }) => field === policy);
    return form === undefined ? [policy] : specsOfShortForm(form).map(({ field }) => field);
  });
  const unknown = named.find((policy) => !known.some((each) => each === policy));
  if (unknown !== undefined) {
    const names = [...known, ...shortForms.map(({ field }) => field)];
    throw new UsageError(
      `${file}: 'policies' lists ${described(unknown)}${typeof unknown === 'string' ? orDidYouMean(unknown, names) : ''}`,
      list,
    );
  }
  return known.filter((policy) => named.includes(policy));
}

export type Part = 'ike' | 'esp' | 'counterSync' | 'replaySync';
type Slots = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** The slots of the shipped revisions: those that all of them have (if they have any), and those that only some have. */
export function slotNames(part: Part): {
  readonly needed: readonly string[];
  readonly optional: readonly string[];
} {
  const shipped = revisions.flatMap((revision) => {
    const slots = revision[part];
    return slots === null ? [] : [Object.keys(slots)];
  });
  const all = [...new Set(shipped.flat())];
  const isNeeded = (slot: string): boolean => shipped.every((slots) => slots.includes(slot));
  return { needed: all.filter(isNeeded), optional: all.filter((slot) => !isNeeded(slot)) };
}

function slotsIn(revision: Fields, part: Part, file: string): Slots {
  const slots = revision[part];
  const { needed, optional } = slotNames(part);
  const list = `its slots are: ${needed.join(', ')}${optional.length === 0 ? '' : `; it can also have: ${optional.join(', ')}`}`;
  if (!isFields(slots)) {
    const instead = part.endsWith('Sync') ? ', or null if the text has no counter sync' : '';
    throw new UsageError(
      `${file}: '${part}' ${slots === undefined ? 'is missing' : `is ${described(slots)}`}; it has to be a record of rule functions${instead}`,
      list,
    );
  }
  const missing = needed.find((slot) => slots[slot] === undefined);
  if (missing !== undefined) throw new UsageError(`${file}: the slot ${part}.${missing} is missing`, list);
  const known = [...needed, ...optional];
  for (const [slot, value] of Object.entries(slots)) {
    // A slip of the pen would leave the rule that was meant to be replaced in place.
    if (!known.includes(slot)) {
      throw new UsageError(
        `${file}: there is no slot ${part}.${slot}${orDidYouMean(slot, known)}`,
        `${list}${elsewhere(slot, part)}`,
      );
    }
    if (typeof value !== 'function' && !(value === undefined && optional.includes(slot))) {
      throw new UsageError(`${file}: the slot ${part}.${slot} is ${described(value)}, not a function`, list);
    }
  }
  // An optional slot that is undefined is absent.
  return Object.fromEntries(Object.entries(slots).filter(([, slot]) => slot !== undefined)) as Slots;
}

/** Where a slot belongs that is in the wrong part. */
function elsewhere(slot: string, part: Part): string {
  const parts: readonly Part[] = ['ike', 'esp', 'counterSync', 'replaySync'];
  const right = parts.find((each) => {
    const { needed, optional } = slotNames(each);
    return each !== part && [...needed, ...optional].includes(slot);
  });
  return right === undefined ? '' : `; ${slot} is a slot of ${right}`;
}
