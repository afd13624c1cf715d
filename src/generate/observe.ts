/** What somebody sees of a run: everything, or what passes a tap. */
import {
  type Action,
  type Endpoint,
  endOfBox,
  isAcceptance,
  isMember,
  type Message,
  type Observation,
  type SaState,
  type Value,
} from '../../model/index.ts';
import type { TakenStep } from '../explore/result.ts';
import type { Random } from '../explore/walk/random.ts';
import type { ClusterEvent, Event } from '../traces/events/event.ts';
import { handshake, type Naming, onTheWire, type WireEvent, wireEnd } from './wire.ts';

export type ModelStep = TakenStep<Value, Message, Observation, Action>;

/**
 * Who sees:
 *
 *     all          both ends and the cluster's own account: what is sent, accepted, copied, and failovers
 *     wire         a tap half way: everything that is sent, and what is replayed
 *     peer-tap     a tap at the peer: what the peer sends, and what arrives there
 *     cluster-tap  a tap at the cluster, likewise
 *     random       one of the taps, which may miss what never arrived, begin late, or see headers alone
 */
export const observers = ['all', 'wire', 'peer-tap', 'cluster-tap', 'random'] as const;
export type Observer = (typeof observers)[number];

/** A run of the specification, from its initial values. */
export interface Run {
  readonly initial: readonly Value[];
  readonly steps: readonly ModelStep[];
}

/** What was seen of a run, and how. */
export interface Seen {
  readonly events: readonly Event[];
  readonly by: Exclude<Observer, 'random'>;
  /** How many events were over before it began. */
  readonly late: number;
  /** Whether the contents of messages were seen, or headers alone. */
  readonly contents: boolean;
}

/** What an observer sees of a run. */
export function observed(run: Run, observer: Observer, naming: Naming, random: Random): Seen {
  if (observer === 'random') return seenAtRandom(run, naming, random);
  const events = [...begin(run, naming), ...run.steps.flatMap(see(observer, naming))];
  return { events: timed(events), by: observer, late: 0, contents: true };
}

/** Seconds between two events. */
const PAUSE = 0.25;

const timed = (events: readonly Event[]): readonly Event[] =>
  events.map((event, index) => ({ ...event, time: index * PAUSE }));

function begin(run: Run, naming: Naming): readonly WireEvent[] {
  const sa = establishedIn(run);
  return !naming.handshake || sa === undefined ? [] : handshake(sa, naming);
}

/** The IKE SA as the active member of the cluster has it when a run begins. */
export function establishedIn({ initial }: Run): SaState | undefined {
  const first = initial.find((value) => isMember(value) && value.role === 'active');
  return isMember(first) && first.role === 'active' ? first.sa : undefined;
}

/** What is seen of a step, in the order in which it happens: first what arrives, then what is sent. */
const see =
  (observer: Exclude<Observer, 'random'>, naming: Naming) =>
  (step: ModelStep, index: number, steps: readonly ModelStep[]): readonly Event[] => {
    const { action } = step;
    if (observer === 'all') return account(step, naming);
    const sent = sentIn(step).filter((message) => passes(observer, 'sent', message.from));
    const arrives =
      'message' in action &&
      action.kind !== 'lose' &&
      (observer === 'wire'
        ? hasArrived(action.message, steps.slice(0, index))
        : passes(observer, 'arrives', action.message.from))
        ? [action.message]
        : [];
    return [...arrives, ...sent].map((message) => onTheWire(message, naming));
  };

const END_AT: Readonly<Record<string, Endpoint>> = { 'peer-tap': 'peer', 'cluster-tap': 'cluster' };

/** A tap at an end sees what is sent there and what arrives there; one half way what is sent anywhere. */
const passes = (observer: Observer, what: 'sent' | 'arrives', from: Endpoint): boolean => {
  const end = END_AT[observer];
  return end === undefined ? what === 'sent' : (from === end) === (what === 'sent');
};

const sentIn = ({ action, sent }: ModelStep): readonly Message[] => action.sent ?? sent;

/** Whether a message arrived before: then it was sent again, or somebody replays it. */
const hasArrived = (message: Message, earlier: readonly ModelStep[]): boolean =>
  earlier.some(({ action }) => action.kind === 'receive' && isSame(action.message, message));

const isSame = (a: Message, b: Message): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What the boxes themselves tell of a step. */
function account(step: ModelStep, naming: Naming): readonly Event[] {
  const { action } = step;
  const told: Event[] = [];
  if (action.kind === 'receive' || action.kind === 'drop') {
    // A copy that is answered from the cache, or not at all, is not acted on.
    const took = step.observations.some(isAcceptance) ? 'accepted' : 'received';
    const event = action.kind === 'receive' ? took : 'dropped';
    told.push({ ...onTheWire(action.message, naming), event, observer: action.by });
  }
  const takesOver = action.kind === 'failover' || action.kind === 'split';
  if ((action.kind === 'state-sync' && !naming.copiesLate) || takesOver) {
    const of = (event: ClusterEvent['event']): ClusterEvent => ({
      event,
      end: wireEnd(endOfBox(action.to), undefined, naming),
      member: action.to,
      observer: action.to,
    });
    if (takesOver && naming.copiesAlways) told.push(of('state-sync'));
    told.push(of(takesOver ? 'failover' : 'state-sync'));
  }
  const by = 'by' in action ? action.by : 'to' in action ? action.to : 'network';
  for (const message of sentIn(step))
    told.push({ ...onTheWire(message, naming), event: 'sent', observer: by });
  return told;
}

/** A tap somewhere, which begins late at times, misses some of what never arrived, or has no keys. */
function seenAtRandom(run: Run, naming: Naming, random: Random): Seen {
  const tap = (['wire', 'peer-tap', 'cluster-tap'] as const)[random.below(3)]!;
  const arrived = new Set(
    run.steps.flatMap(({ action }) =>
      action.kind === 'receive' ? [onTheWire(action.message, naming).octets] : [],
    ),
  );
  const all = [...begin(run, naming), ...run.steps.flatMap(see(tap, naming))];
  const late = random.below(4) === 0 ? random.below(all.length + 1) : 0;
  const blind = random.below(4) === 0;
  const seen = all.slice(late).filter(
    (event) =>
      !('message' in event) ||
      event.octets === undefined ||
      arrived.has(event.octets) ||
      // The handshake is not part of the run, and nothing of it is missed.
      (event.message.kind === 'ike' && /^IKE_/.test(event.message.exchange)) ||
      random.below(2) === 0,
  );
  const events = timed(blind ? seen.map(headersAlone) : seen);
  return { events, by: tap, late, contents: !blind };
}

/** Without keys, contents are not seen; only the first exchange is in clear. */
function headersAlone(event: Event): Event {
  if (!('message' in event) || event.message.kind !== 'ike') return event;
  if (event.message.exchange === 'IKE_SA_INIT') return event;
  const { payloads: _, ...message } = event.message;
  return { ...event, integrity: 'unchecked', message };
}
