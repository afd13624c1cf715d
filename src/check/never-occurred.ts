/** What never came into play: what is said of it is vacuous. */
import {
  type Action,
  deltaOfRepeated,
  inferNumber,
  peerDelta,
  type Revision,
  type Settings,
} from '../../model/index.ts';

/** The actions that there were, and how often each kind of step was taken. */
interface Occurred {
  readonly actions: readonly { readonly action: Pick<Action, 'rules'> }[];
  readonly statistics: { readonly steps: Readonly<Record<string, number>> };
}

/**
 * The kinds of steps and the rules of a revision that did not come into play in an exploration, although the scenario
 * has what they are about.
 */
export function neverOccurred(
  revision: Revision,
  { requests, packets, esn, messageIdSync, replayCounterSync, counterForm }: Settings,
  { actions, statistics }: Occurred,
): readonly string[] {
  const kinds = Object.entries(statistics.steps).flatMap(([kind, times]) =>
    times === 0 &&
    !(kind === 'request' && requests === 0) &&
    !(kind === 'tell-delta' && counterForm === 'per-sa')
      ? [kind]
      : [],
  );
  const applied = new Set(actions.flatMap(({ action }) => action.rules));
  const { ike, esp, counterSync, replaySync } = revision;
  // What the scenario leaves out cannot come into play, and nobody expects it to.
  const slots = [
    requests > 0 ? ike : {},
    packets > 0 ? esp : {},
    messageIdSync === 'neither' ? {} : (counterSync ?? {}),
    packets === 0 || replayCounterSync === 'neither' ? {} : (replaySync ?? {}),
  ].flatMap((part): readonly unknown[] => Object.values(part));
  const rules = slots.flatMap((slot: unknown) =>
    isRule(slot) &&
    leavesMarks(slot.text.id) &&
    !(esn === 'off' && slot.text.id === inferNumber.text.id) &&
    !(counterForm === 'per-sa' && isOfDelta(slot.text.id)) &&
    !applied.has(slot.text.id)
      ? [slot.text.id]
      : [],
  );
  return [...kinds, ...rules];
}

const isRule = (slot: unknown): slot is { readonly text: { readonly id: string } } =>
  typeof slot === 'function' && 'text' in slot;

/** Ids of the rules that a revision has in its slots, each once. */
export const rulesIn = ({ ike, esp, counterSync, replaySync }: Revision): readonly string[] => [
  ...new Set(
    [ike, esp, counterSync ?? {}, replaySync ?? {}]
      .flatMap((part): readonly unknown[] => Object.values(part))
      .flatMap((slot: unknown) => (isRule(slot) ? [slot.text.id] : [])),
  ),
];

/** Rules on the delta, which the first draft has not: there the counters of each Child SA are told. */
const isOfDelta = (id: string): boolean => id === peerDelta.text.id || id === deltaOfRepeated.text.id;

/** Rules that only limit (no wrapping, what the others are told, what was at first) leave no mark on a step. */
export const leavesMarks = (id: string): boolean =>
  ![
    'RFC7296-2.2-NO-WRAP',
    'RFC6311-5-REPLAY-NEGOTIATED',
    'RFC6311-5.1-M1-SHARED',
    'RFC6311-5.2-NO-CYCLE',
    'RFC6311-5.2-BUMP-SHARED',
    'IPSECHA01-FC-MEMBERS',
    'IPSECHA01-FC-INITIAL',
  ].includes(id);
