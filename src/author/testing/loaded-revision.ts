/** The revision of a module that a test has loaded already, guarded as one from an author's file is. */
import type { Revision } from '../../../model/index.ts';
import { freezeDeeply } from '../../explore/canonical.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { asData, furtherSlots, withSlots } from '../further.ts';
import { answerTwice, guardedSlot, type Slot } from '../guard.ts';
import { type FreshRealm, Ledger, ofFile } from '../ledger.ts';
import type { Part, Reply } from '../protocol.ts';
import { readRevision } from '../revision-in.ts';
import { thrown } from '../thrown.ts';

type Slots = Readonly<Record<string, Slot>>;
type Parts = Readonly<Record<Part, Slots | null>>;

/**
 * The revision among what a module exports. Its slots are guarded, so that what goes wrong in one of them is said with
 * its name; they run here, and are asked again here.
 *
 * @param file as the user gave it
 * @throws UsageError if there is none, if there are several, or if it is not complete
 */
export function revisionIn(exports: Readonly<Record<string, unknown>>, file: string): Revision {
  const revision = readRevision(exports, file);
  const parts = revision as unknown as Parts;
  const further = furtherSlots(revision);
  const ledger = new Ledger(file, { modules: {} }, async () => sameRealm(parts, further));
  const part = (name: Part): unknown => {
    const slots = parts[name];
    return slots === null ? null : guarded(slots, name, file, ledger);
  };
  return {
    ...revision,
    ike: part('ike') as Revision['ike'],
    esp: part('esp') as Revision['esp'],
    counterSync: part('counterSync') as Revision['counterSync'],
    replaySync: part('replaySync') as Revision['replaySync'],
    ...ofFile(
      withSlots(asData(revision), (name) =>
        guardedSlot(
          (args) => replyOf(further.get(name) as Slot, args),
          name,
          file,
          ledger,
          undefined,
          revision.exchanges ?? {},
        ),
      ),
      ledger,
    ),
  };
}

const guarded = (slots: Slots, part: Part, file: string, ledger: Ledger): Slots =>
  Object.fromEntries(
    Object.entries(slots).map(([name, slot]) => [
      name,
      guardedSlot(
        (args) => replyOf(slot, args),
        `${part}.${name}`,
        file,
        ledger,
        // The text of the rule that it embodies, if it is one of the specification's own.
        'text' in slot ? slot.text : undefined,
      ),
    ]),
  );

/** What was loaded already, asked again the other way round. */
const sameRealm = (parts: Parts, further: ReadonlyMap<string, Slot>): FreshRealm => ({
  outline: { modules: {} },
  askAgain: async (questions) => ({
    replies: [...questions]
      .reverse()
      .map(({ slot, args }) => {
        const [part, name = ''] = slot.split('.') as [Part, string?];
        return replyOf(further.get(slot) ?? (parts[part]?.[name] as Slot), args);
      })
      .reverse(),
  }),
});

/** What a rule says that is asked here: twice in a row, to begin with. */
function replyOf(slot: Slot, args: readonly unknown[]): Reply {
  // Who writes into what was given is found out at once.
  freezeDeeply(args);
  try {
    return answerTwice(() => slot(...args));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return { threw: thrown(error), place: '' };
  }
}
