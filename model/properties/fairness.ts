/**
 * What makes a run of the specification fair: the network does not lose for ever what is sent again and again, and a
 * box does at last what it does on its own account.
 */
import { type Action, endOfBox, isMember, type StepKind } from '../machine/composition.ts';
import { sentAgain } from '../machine/environment.ts';
import { queueTo } from '../machine/network.ts';
import { type Message, otherEnd } from '../state/messages.ts';
import type { FairRuns, World } from './property.ts';

/** Kinds of steps that need not happen: what an application wants, state syncs, failovers. */
export const ofTheEnvironment: readonly StepKind[] = [
  'request',
  'rekey-child',
  'rekey-ike',
  'packet',
  'state-sync',
  'send-state-sync',
  'receive-state-sync',
  'failover',
  'split',
  'step-down',
];

/** Kinds of steps that a box takes on its own account, sooner or later, if it can. */
const ofABox: readonly StepKind[] = [
  'begin',
  'ask',
  'again',
  'tell-delta',
  'rekey-after',
  'delete-old',
  'retry',
  'retransmit',
  'tell-sync',
  'tell-bump',
  'send',
];

/** The fair runs of a composition over the network of its settings. */
export function fairRuns({ revision, settings, composition }: World): FairRuns {
  const isQueued = settings.network === 'fifo' || settings.network === 'reliable';
  return {
    again:
      // Elsewhere, a retransmission is a step.
      settings.network === 'adversarial'
        ? composition.places.flatMap((place) =>
            place.what === 'member'
              ? [
                  {
                    place: place.name,
                    messages: (member) =>
                      isMember(member) ? sentAgain(revision, settings, place.end, member) : [],
                  },
                ]
              : [],
          )
        : [],
    ...(isQueued && { queued: queuedIn }),
    groups: (action) => [...groupOf(action), ...(isQueued ? queueMovedBy(action) : [])],
    without: ofTheEnvironment,
  };
}

/** What goes into a queue, and what is taken from one; what its receiver refuses is not received. */
const queuedIn = (action: Action): { readonly sent: readonly Message[]; readonly received?: Message } => ({
  sent: action.sent ?? [],
  ...(action.kind === 'receive' && { received: action.message }),
});

/** Where something has to be reached, one box of an end is active at most; so it does not matter which. */
const groupOf = (action: Action): readonly string[] =>
  ofABox.includes(action.kind) && 'by' in action
    ? [`${action.kind === 'begin' ? `begin ${action.name}` : action.kind} of the ${endOfBox(action.by)}`]
    : [];

/** A queue moves on: its first message is received, refused or lost at last. */
const queueMovedBy = (action: Action): readonly string[] => {
  if (action.kind === 'receive' || action.kind === 'drop') return [queueTo(endOfBox(action.by))];
  return action.kind === 'lose' ? [queueTo(otherEnd(action.message.from))] : [];
};
