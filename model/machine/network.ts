/**
 * What the network may do to messages (`network`), weakest first:
 *
 *     reliable     every message arrives, in the order in which it was sent
 *     fifo         messages keep their order, and may be lost
 *     no-replay    messages may also overtake one another; none arrives more often than it was sent
 *     adversarial  any message ever sent may arrive at any time, any number of times
 *
 * The strongest is the simplest: the set of all messages ever sent. There, loss is never arriving, and a
 * retransmission, which adds nothing to the set, needs no step of its own. In `no-replay` a message that is accepted
 * leaves the set. In the other two, each direction is a queue that is part of the state, and a message that its
 * receiver refuses is gone.
 */
import type { Network } from '../settings/settings.ts';
import type { Endpoint, Message } from '../state/messages.ts';
import {
  type Composition,
  type Effect,
  isActive,
  type Possibility,
  type StepRule,
  type Value,
} from './composition.ts';

/** The queue of messages on their way to an end. */
export const queueTo = (end: Endpoint): string => `to ${end}`;

/** The composition over a network of these powers; as it was given, over the strongest. */
export function overNetwork(network: Network, composition: Composition): Composition {
  switch (network) {
    case 'adversarial':
      return composition;
    case 'no-replay':
      return { ...composition, steps: composition.steps.map(consuming) };
    default:
      return withQueues(composition, network === 'fifo');
  }
}

/** A message that is accepted leaves the network. One that is refused now may still be accepted later. */
const consuming = (step: StepRule): StepRule =>
  step.receives
    ? {
        ...step,
        take: (values, message) =>
          mapped(step.take(values, message), (effect) => ({ ...effect, consumes: true })),
      }
    : step;

function withQueues(composition: Composition, lossy: boolean): Composition {
  const ends = ['cluster', 'peer'] as const;
  return {
    places: [...composition.places, ...ends.map((end) => ({ name: queueTo(end), what: 'queue' as const }))],
    initial: composition.initial.map((values) => [...values, emptyQueue, emptyQueue]),
    steps: [...composition.steps.map(queued), ...(lossy ? ends.map(losing) : [])],
  };
}

/** A step that takes the message it receives from the front of one queue, and puts what it sends into the other. */
function queued(step: StepRule): StepRule {
  const { end } = step;
  if (end === undefined) return step;
  const out = queueTo(end === 'cluster' ? 'peer' : 'cluster');
  if (!step.receives) {
    return {
      kind: step.kind,
      end,
      places: [...step.places, out],
      receives: false,
      take: (values) => {
        const own = values.slice(0, -1);
        return mapped(step.take(own), (effect) => appended(effect, [], values.at(-1)));
      },
    };
  }
  return {
    kind: step.kind,
    end,
    places: [...step.places, queueTo(end), out],
    receives: false,
    take: (values) => {
      const own = values.slice(0, -2);
      const [arriving, leaving] = values.slice(-2);
      const [message, ...later] = asQueue(arriving);
      if (message === undefined) return 'impossible';
      const possibility = step.take(own, message);
      if (possibility !== 'impossible') {
        return mapped(possibility, (effect) => appended(effect, [queue(later)], leaving));
      }
      const by = step.places[0] ?? '';
      // A box that is not active receives nothing, whoever stands beside it; one that is has looked at it.
      if (!isActive(own[0])) return 'impossible';
      return {
        values: [...own, queue(later), queue(asQueue(leaving))],
        sent: [],
        observations: [],
        action: { kind: 'drop', by, message, rules: [] },
      };
    },
  };
}

/** The effect with its messages at the end of a queue; what is on its way already is not put there a second time. */
function appended(effect: Effect, others: readonly Value[], leaving: Value | undefined): Effect {
  const waiting = asQueue(leaving);
  const texts = new Set(waiting.map((message) => JSON.stringify(message)));
  const fresh = effect.sent.filter((message) => !texts.has(JSON.stringify(message)));
  return {
    ...effect,
    values: [...effect.values, ...others, queue([...waiting, ...fresh])],
    sent: [],
    action: effect.sent.length === 0 ? effect.action : { ...effect.action, sent: effect.sent },
  };
}

/** The first message on its way to an end is lost. */
const losing = (end: Endpoint): StepRule => ({
  kind: 'lose',
  places: [queueTo(end)],
  receives: false,
  take: ([arriving]) => {
    const [message, ...later] = asQueue(arriving);
    if (message === undefined) return 'impossible';
    return {
      values: [queue(later)],
      sent: [],
      observations: [],
      action: { kind: 'lose', message, rules: [] },
    };
  },
});

const mapped = (possibility: Possibility, change: (effect: Effect) => Effect): Possibility =>
  possibility === 'impossible' || 'boundedBy' in possibility ? possibility : change(possibility);

const queue = (messages: readonly Message[]): Value => ({ role: 'queue', messages });

const emptyQueue = queue([]);

const asQueue = (value: Value | undefined): readonly Message[] =>
  typeof value === 'object' && value.role === 'queue' ? value.messages : [];
