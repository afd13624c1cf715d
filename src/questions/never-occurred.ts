/** What never came into play: what is said of it is vacuous. */
import {
  closesDeleted,
  deltaOfRepeated,
  inferNumber,
  oldLivesOn,
  type Part,
  peerDelta,
  type Revision,
  type RuleId,
  rulesOf,
  type Settings,
} from '../../model/index.ts';

/** The actions that there were, and how often each kind of step was taken. */
interface Occurred {
  readonly actions: readonly { readonly action: { readonly rules: readonly string[] } }[];
  readonly statistics: { readonly steps: Readonly<Record<string, number>> };
  /** Names of the messages of the revision's own that were received; absent if nobody knows. */
  readonly received?: readonly string[];
}

/**
 * The kinds of steps and the rules of a revision that did not come into play in an exploration, although the scenario
 * has what they are about.
 */
export function neverOccurred(
  revision: Revision,
  { requests, packets, esn, messageIdSync, replayCounterSync, counterForm, rekeyOld, rekeyBy }: Settings,
  { actions, statistics, received }: Occurred,
): readonly string[] {
  const kinds = Object.entries(statistics.steps).flatMap(([kind, times]) =>
    times === 0 &&
    !(kind === 'request' && requests === 0) &&
    !(kind === 'tell-delta' && counterForm === 'per-sa')
      ? [kind]
      : [],
  );
  const applied = new Set(actions.flatMap(({ action }) => action.rules));
  // What the scenario leaves out cannot come into play, and nobody expects it to.
  const isInPlay: Readonly<Record<Part, boolean>> = {
    ike: requests > 0,
    esp: packets > 0,
    counterSync: messageIdSync !== 'neither',
    replaySync: packets > 0 && replayCounterSync !== 'neither',
  };
  const rules = rulesOf(revision).flatMap(({ id, part, leavesNoMark }) =>
    isInPlay[part] &&
    leavesNoMark === undefined &&
    !(esn === 'off' && id === inferNumber.text.id) &&
    !(counterForm === 'per-sa' && isOfDelta(id)) &&
    !(!oldLivesOn({ rekeyOld, rekeyBy }) && id === closesDeleted.text.id) &&
    !applied.has(id)
      ? [id]
      : [],
  );
  const messages =
    received === undefined
      ? []
      : Object.keys(revision.exchanges?.messages ?? {})
          .filter((name) => !received.includes(name))
          .map((name) => `message ${name}`);
  return [...kinds, ...rules, ...messages];
}

/** Ids of the rules that a revision has in its slots, each once. */
export const rulesIn = (revision: Revision): readonly RuleId[] => rulesOf(revision).map(({ id }) => id);

/** Rules on the delta, which the first draft has not: there the counters of each Child SA are told. */
const isOfDelta = (id: RuleId): boolean => id === peerDelta.text.id || id === deltaOfRepeated.text.id;
