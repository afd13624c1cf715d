/**
 * A revision of one's own from a text, in a page: TypeScript, transpiled there, and held to what a revision is, with the
 * messages of the command line.
 *
 * Its rules run beside the explorer, and not in a thread of their own; and nobody can look at what they keep from one
 * call to the next. So each is asked twice in a row, and what it says is looked at, but nothing is ever said to hold.
 */
import { transform } from 'sucrase';
import * as model from '../../model/index.ts';
import { asked, ownCopy } from '../author/answering.ts';
import { UnknownField } from '../author/arguments.ts';
import { answerTwice, guardedSlot, type Slot } from '../author/guard.ts';
import { fromFile, Ledger } from '../author/ledger.ts';
import { PARTS, type Part } from '../author/protocol.ts';
import { readRevision } from '../author/revision-in.ts';
import { thrown } from '../author/thrown.ts';
import { UsageError } from '../questions/usage-error.ts';
import type { OwnOutline } from './requests.ts';

const NOT_LOOKED_AT =
  'a page cannot look at what its rules keep from one call to the next; ipsecha check FILE does';

/** What a revision may bring beside rules: asked, watched and held to its form by the command line alone. */
const BEYOND = ['exchanges', 'properties', 'scenarios'] as const satisfies readonly (keyof model.Revision)[];

/**
 * The revision that a text exports.
 *
 * @param file what the text is called in messages
 * @throws UsageError if it is no TypeScript, cannot be run, or exports no revision
 */
export function revisionFromText(text: string, file: string): model.Revision {
  const revision = readRevision(exportsOf(text, file), file);
  const beyond = BEYOND.find((key) => revision[key] !== undefined);
  if (beyond !== undefined)
    throw new UsageError(`${file} has ${beyond}, which a page does not know`, `Run ipsecha check ${file}.`);
  const ledger = new Ledger(file, { modules: {} }, () => Promise.reject(new Error(NOT_LOOKED_AT)));
  const partOf = (part: Part): unknown => {
    const slots = revision[part] as Readonly<Record<string, Slot>> | null;
    if (slots === null) return null;
    return fromFile(
      Object.fromEntries(
        Object.entries(slots).map(([name, slot]) => [
          name,
          isShipped(slot, part) ? slot : guarded(slot, `${part}.${name}`, file, ledger),
        ]),
      ),
      ledger,
    );
  };
  const [ike, esp, counterSync, replaySync] = PARTS.map(partOf) as [
    model.Revision['ike'],
    model.Revision['esp'],
    model.Revision['counterSync'],
    model.Revision['replaySync'],
  ];
  return { ...revision, ike, esp, counterSync, replaySync };
}

/** What a page has to know of a revision to show what can be chosen. */
export const outlineOf = (revision: model.Revision): OwnOutline => ({
  name: revision.name,
  title: revision.title,
  source: revision.source,
  ...(revision.policies === undefined ? {} : { policies: revision.policies }),
  slots: Object.fromEntries(
    PARTS.map((part) => [part, revision[part] === null ? null : Object.keys(revision[part])]),
  ) as OwnOutline['slots'],
});

/** Whether a slot is one of a shipped revision: that is not the author's. */
const isShipped = (slot: Slot, part: Part): boolean =>
  model.revisions.some((revision) => Object.values(revision[part] ?? {}).includes(slot));

function guarded(slot: Slot, name: string, file: string, ledger: Ledger): Slot {
  const ask = (args: readonly unknown[]) =>
    asked(
      answerTwice,
      slot,
      ownCopy({ slot: name, args }).args,
      (act) => act(),
      (error) => ({
        threw: thrown(error),
        place: '',
        ...(error instanceof UnknownField ? { hint: error.name } : {}),
      }),
    );
  const text: unknown = 'text' in slot ? slot.text : undefined;
  return guardedSlot(ask, name, file, ledger, text);
}

function exportsOf(text: string, file: string): Readonly<Record<string, unknown>> {
  const program = transpiled(text, file);
  const exported: Record<string, unknown> = {};
  const require = (name: string): unknown => {
    if (name === 'ipsecha/model' || /(?:^|\/)model\/index\.[jt]s$/.test(name)) return model;
    throw new UsageError(
      `${file} imports '${name}', which a page does not have`,
      "the specification is imported from 'ipsecha/model'; all else has to stand in the text itself",
    );
  };
  try {
    // It is a program, and whoever gave it wants it run: it never comes from an address.
    new Function('require', 'exports', program)(require, exported);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${file} cannot be loaded: ${thrown(error).replace(/^Error: /, '')}`,
      'it has to be an ES module that exports a revision and does nothing else',
    );
  }
  return exported;
}

function transpiled(text: string, file: string): string {
  try {
    return transform(text, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code;
  } catch (error) {
    const [, what = thrown(error), line, column] =
      /^(?:\w+: )*(.*?) \((\d+):(\d+)\)$/.exec(thrown(error)) ?? [];
    throw new UsageError(
      `${file}${line === undefined ? '' : `:${line}:${column}`}: ${what}`,
      'mend the syntax; it is TypeScript or JavaScript',
    );
  }
}
