/**
 * What makes a run of the specification fair: the network does not lose for ever what is sent again and again, and a
 * box does at last what it does on its own account.
 */
import {
  type Action,
  type Composition,
  type Endpoint,
  endOfBox,
  isMember,
  type Message,
  queueTo,
  type Revision,
  type Settings,
  sentAgain,
  type Value,
} from '../../model/index.ts';
import type { Again, Fairness } from '../explore/system.ts';

/** Kinds of steps that need not happen: what an application wants, state syncs, failovers. */
export const OF_THE_ENVIRONMENT: readonly Action['kind'][] = [
  'request',
  'rekey-child',
  'rekey-ike',
  'packet',
  'state-sync',
  'failover',
];

/** Kinds of steps that a box takes on its own account, sooner or later, if it can. */
const OF_A_BOX: readonly Action['kind'][] = ['again', 'tell-delta', 'rekey-after', 'retry', 'retransmit'];

/** The fairness of a composition over the network of its settings. */
export function fairnessOf(
  revision: Revision,
  settings: Settings,
  { places }: Composition,
): Fairness<Value, Message, Action> {
  const isQueued = settings.network === 'fifo' || settings.network === 'reliable';
  return {
    again:
      // Elsewhere, a retransmission is a step.
      settings.network === 'adversarial'
        ? places.flatMap((place, index): readonly Again<Value, Message>[] =>
            place.what === 'member' ? [sentAgainBy(revision, settings, place.end, index)] : [],
          )
        : [],
    ...(isQueued && { queued: (_, action: Action) => queuedIn(action) }),
    groups: (_, action) => [...groupOf(action), ...(isQueued ? queueMovedBy(action) : [])],
    without: OF_THE_ENVIRONMENT,
  };
}

const sentAgainBy = (
  revision: Revision,
  settings: Settings,
  end: Endpoint,
  index: number,
): Again<Value, Message> => ({
  reads: [index],
  messages: ([member]) => (isMember(member) ? sentAgain(revision, settings, end, member) : []),
});

/** What goes into a queue, and what is taken from one; what its receiver refuses is not received. */
const queuedIn = (action: Action): { readonly sent: readonly Message[]; readonly received?: Message } => ({
  sent: action.sent ?? [],
  ...(action.kind === 'receive' && { received: action.message }),
});

/** At most one box of an end is active; so it does not matter which. */
const groupOf = (action: Action): readonly string[] =>
  OF_A_BOX.includes(action.kind) && 'by' in action ? [`${action.kind} of the ${endOfBox(action.by)}`] : [];

/** A queue moves on: its first message is received, refused or lost at last. */
const queueMovedBy = (action: Action): readonly string[] => {
  if (action.kind === 'receive' || action.kind === 'drop') return [queueTo(endOfBox(action.by))];
  return action.kind === 'lose' ? [queueTo(action.message.from === 'peer' ? 'cluster' : 'peer')] : [];
};
