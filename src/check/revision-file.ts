/**
 * A revision of one's own from a file: loaded as it is, TypeScript or JavaScript, and held to what a revision is.
 * Every mistake is said with the file and the slot, never with a stack trace.
 */
import { existsSync, statSync } from 'node:fs';
import { register } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  ikev2,
  type PolicyField,
  type Revision,
  revisions,
  settingSpecs,
  shortForms,
  specsOfShortForm,
} from '../../model/index.ts';
import { revisionNamed } from './check.ts';
import { guarded } from './guard.ts';
import { UsageError } from './usage-error.ts';

/** Whether an argument is a file rather than the name of a shipped revision. */
export const isRevisionFile = (argument: string): boolean =>
  /\.(?:ts|mts|js|mjs)$/.test(argument) || argument.includes('/') || argument.includes('\\');

/**
 * The revision that an argument means: a shipped one by its name, or the one that a file exports.
 *
 * @throws UsageError if there is no such revision, or the file does not hold one
 */
export async function revisionOf(argument: string): Promise<Revision> {
  if (!isRevisionFile(argument)) return revisionNamed(argument);
  return revisionIn(await load(argument), argument);
}

/** The template that hints point to. */
const TEMPLATE = 'docs/examples/template-revision.ts is a template with every slot';

/**
 * The revision among what a file exports: its default export, or the only one that looks like a revision. Its
 * slots are guarded, so that what goes wrong in one of them is said with its name.
 *
 * @param file as the user gave it
 * @throws UsageError if there is none, if there are several, or if it is not complete
 */
export function revisionIn(exports: Readonly<Record<string, unknown>>, file: string): Revision {
  const revision = { ...chosen(exports, file) };
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
    ...revision,
    name,
    title: text('title', name),
    source: text('source', file),
    policies: policiesIn(revision, file),
    // Every slot is there and is a function; what it returns is looked at when it is called.
    ike: guarded(ike, 'ike', file) as unknown as Revision['ike'],
    esp: guarded(esp as unknown as Slots, 'esp', file) as unknown as Revision['esp'],
    replaySync:
      replaySync === null
        ? null
        : (guarded(replaySync, 'replaySync', file) as unknown as Revision['replaySync']),
    counterSync:
      counterSync === null
        ? null
        : (guarded(counterSync, 'counterSync', file) as unknown as Revision['counterSync']),
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

/** What it leaves open; the names are those that some shipped revision has. */
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
  if (unknown !== undefined) throw new UsageError(`${file}: 'policies' lists ${described(unknown)}`, list);
  return known.filter((policy) => named.includes(policy));
}

type Part = 'ike' | 'esp' | 'counterSync' | 'replaySync';
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
    if (!known.includes(slot)) throw new UsageError(`${file}: there is no slot ${part}.${slot}`, list);
    if (typeof value !== 'function' && !(value === undefined && optional.includes(slot))) {
      throw new UsageError(`${file}: the slot ${part}.${slot} is ${described(value)}, not a function`, list);
    }
  }
  // An optional slot that is undefined is absent.
  return Object.fromEntries(Object.entries(slots).filter(([, slot]) => slot !== undefined)) as Slots;
}

function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `a ${typeof value}` : `${typeof value} ${text}`;
}

/** Marks the file and what it imports beside it, so that they are taken for ES modules whatever is around them. */
const MARK = '?ipsecha-revision';

/**
 * Runs in the thread of the loaders. `ipsecha/model` is the specification that runs, from wherever the file is;
 * and TypeScript needs no package.json that says `module`.
 */
const hooks = `
  const marked = (url) => url !== undefined && url.includes('${MARK}');
  const plain = (url) => url.split('?')[0];
  export async function resolve(specifier, context, next) {
    if (specifier === 'ipsecha/model') return { url: '${new URL('../../model/index.ts', import.meta.url).href}', shortCircuit: true };
    const found = await next(specifier, context);
    if (marked(specifier)) return { ...found, format: 'module' };
    const beside = marked(context.parentURL) && /^\\.\\.?\\//.test(specifier);
    if (!beside || found.format !== 'commonjs' || !plain(found.url).endsWith('.ts')) return found;
    return { ...found, url: plain(found.url) + '${MARK}', format: 'module' };
  }
  export const load = (url, context, next) => next(url, marked(url) ? { ...context, format: 'module' } : context);
`;

let hooked = false;

async function load(argument: string): Promise<Fields> {
  const path = resolve(argument);
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no file ${argument}`,
      `a revision is named (${revisions.map(({ name }) => name).join(', ')}) or given as a file, .ts or .js`,
    );
  }
  if (!statSync(path).isFile() || !/\.(?:ts|mts|js|mjs)$/.test(path)) {
    throw new UsageError(`${argument} is not a TypeScript or JavaScript file`, TEMPLATE);
  }
  if (!hooked) register(`data:text/javascript,${encodeURIComponent(hooks)}`);
  hooked = true;
  try {
    const exports: unknown = await import(/* @vite-ignore */ `${pathToFileURL(path).href}${MARK}`);
    return isFields(exports) ? exports : {};
  } catch (error) {
    throw new UsageError(...explained(error, argument, path));
  }
}

/** Why a file cannot be loaded, and what to do. */
function explained(error: unknown, argument: string, path: string): readonly [string, string] {
  const message = error instanceof Error ? error.message : String(error);
  // As esbuild has it: FILE:LINE:COLUMN: ERROR: what is wrong.
  const syntax = /^(.+):(\d+):(\d+): (?:ERROR|error): (.+)$/m.exec(message);
  if (syntax !== null) {
    const [, file = '', line, column, what] = syntax;
    // The transpiler may call .mts .ts.
    const stem = (name: string): string => basename(name).replace(/\.[^.]+$/, '');
    const said = stem(file) === stem(path) ? argument : file;
    return [`${said}:${line}:${column}: ${what}`, 'mend the syntax; it is TypeScript or JavaScript'];
  }
  const where = error instanceof Error ? placeIn(error.stack ?? '', path) : '';
  const first = message.split('\n')[0] ?? message;
  return [
    `${argument}${where} cannot be loaded: ${first.replaceAll(MARK, '')}`,
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
      ? "the specification is imported from 'ipsecha/model', other files by their path and extension"
      : 'it has to be an ES module that exports a revision and does nothing else',
  ];
}

/** `:LINE:COLUMN` of the topmost place of a stack that is in the file. */
function placeIn(stack: string, path: string): string {
  const names = [path, pathToFileURL(path).href, fileURLToPath(pathToFileURL(path))];
  for (const line of stack.split('\n')) {
    const found = /(\S+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/.exec(line.replace(/^.*\(/, ''));
    if (found !== null && names.includes(found[1] ?? '')) return `:${found[2]}:${found[3]}`;
  }
  return '';
}
