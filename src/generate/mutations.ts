/**
 * Faults put into traces that conform: each has a rule that it breaks, and a validator that passes it over is of no
 * use. Every mutation says which rules tell it rightly.
 */
import { type RuleId, rfc6311, type SyncRequest, type SyncResponse } from '../../model/index.ts';
import type { Random } from '../explore/walk/random.ts';
import type { IkeMessage, NotifyPayload } from '../traces/events/event.ts';
import { interpret, NOTIFY } from '../traces/judge/interpret.ts';
import type { WireEvent } from './wire.ts';

export type Trace = readonly WireEvent[];

export interface Mutation {
  readonly id: string;
  /** What is done to the trace. */
  readonly does: string;
  /** The rules that may be named for it; none if the trace still conforms. */
  readonly rules: readonly RuleId[];
  /** Why it cannot always be seen, if that is so. */
  readonly unseen?: string;
  /** The mutated trace; undefined if the trace has nothing to mutate. */
  readonly mutate: (trace: Trace, random: Random) => Trace | undefined;
}

/** A message at its first sight: its place, and what it is. */
interface Sight {
  readonly at: number;
  readonly event: IkeEvent;
  readonly meaning: ReturnType<typeof interpret>;
}

type IkeEvent = WireEvent & { readonly message: IkeMessage };

const isIke = (event: WireEvent | undefined): event is IkeEvent => event?.message.kind === 'ike';

/** The IKE messages after IKE_AUTH, each at its first sight. */
function sights(trace: Trace): readonly Sight[] {
  const seen = new Set<string | undefined>();
  return trace.flatMap((event, at): readonly Sight[] => {
    if (!isIke(event) || event.message.exchange.startsWith('IKE_') || seen.has(event.octets)) return [];
    seen.add(event.octets);
    return [{ at, event, meaning: interpret(event.message, 'peer', rfc6311) }];
  });
}

const chosen = <T>(from: readonly T[], random: Random): T | undefined =>
  from.length === 0 ? undefined : from[random.below(from.length)];

const ofKind = (trace: Trace, kind: Sight['meaning']['kind']): readonly Sight[] =>
  sights(trace).filter(({ meaning }) => meaning.kind === kind);

/** The trace in which every copy of a message is another one. */
const replaced = (trace: Trace, { octets }: WireEvent, by: Partial<WireEvent>): Trace =>
  trace.map((event) => (event.octets === octets ? { ...event, octets: `${octets} changed`, ...by } : event));

const without = (trace: Trace, ...gone: readonly WireEvent[]): Trace =>
  trace.filter(({ octets }) => !gone.some((event) => event.octets === octets));

const withId = ({ message }: IkeEvent, id: number): Partial<WireEvent> => ({ message: { ...message, id } });

/** The answer to a message: the first response of the other end with its number (or nonce) after it. */
function answerTo(trace: Trace, { at, event, meaning }: Sight): Sight | undefined {
  return sights(trace).find(
    (each) =>
      each.at > at &&
      each.event.sa === event.sa &&
      each.event.from !== event.from &&
      (meaning.kind === 'sync-request'
        ? each.meaning.kind === 'sync-response' && each.meaning.message.nonce === meaning.message.nonce
        : each.meaning.kind === 'response' && each.event.message.id === event.message.id),
  );
}

/** Messages with their answers. */
const exchanges = (trace: Trace, kind: 'request' | 'sync-request'): readonly (readonly [Sight, Sight])[] =>
  ofKind(trace, kind).flatMap((asked) => {
    const answer = answerTo(trace, asked);
    return answer === undefined ? [] : [[asked, answer] as const];
  });

const hex = (number: number): string => (number >>> 0).toString(16).padStart(8, '0');

/** A sync message with other numbers, by their place in the data: the nonce, then the two Message IDs. */
function withSync(
  { message }: IkeEvent,
  change: (data: readonly string[]) => readonly string[],
): Partial<WireEvent> {
  const payloads = (message.payloads ?? []).map((payload) =>
    payload.type === 'N' && payload.notify === NOTIFY.messageIdSync
      ? { ...payload, data: change(payload.data.match(/.{8}/g) ?? []).join('') }
      : payload,
  );
  return { message: { ...message, payloads } };
}

const syncOf = ({ meaning }: Sight): SyncRequest | SyncResponse | undefined =>
  meaning.kind === 'sync-request' || meaning.kind === 'sync-response' ? meaning.message : undefined;

/** Changes one sync message of a kind. */
const onSync =
  (
    kind: 'sync-request' | 'sync-response',
    change: (sight: Sight, trace: Trace) => Partial<WireEvent> | undefined,
  ): Mutation['mutate'] =>
  (trace, random) => {
    const [sight] = [
      chosen(
        kind === 'sync-request' ? exchanges(trace, kind).map(([asked]) => asked) : ofKind(trace, kind),
        random,
      ),
    ];
    const by = sight === undefined ? undefined : change(sight, trace);
    return sight === undefined || by === undefined ? undefined : replaced(trace, sight.event, by);
  };

/** Requests of an end that were seen before an event. */
const requestsBefore = (trace: Trace, { at, event }: Sight): readonly Sight[] =>
  ofKind(trace, 'request').filter(
    (each) => each.at < at && each.event.from === event.from && each.event.sa === event.sa,
  );

/** IKE_AUTH in which nobody announces an extension. */
const unannounced =
  (type: number, used: number): Mutation['mutate'] =>
  (trace) => {
    const uses = trace.some((event) => isIke(event) && notifies(event, used));
    const announces = trace.some((event) => isIke(event) && notifies(event, type));
    if (!uses || !announces) return undefined;
    return trace.map((event) =>
      isIke(event) && notifies(event, type) && event.from === 'responder'
        ? {
            ...event,
            message: {
              ...event.message,
              payloads: (event.message.payloads ?? []).filter((payload) => !isNotify(payload, type)),
            },
          }
        : event,
    );
  };

const isNotify = (
  payload: NonNullable<IkeMessage['payloads']>[number],
  type: number,
): payload is NotifyPayload => payload.type === 'N' && payload.notify === type;

const notifies = ({ message }: IkeEvent, type: number): boolean =>
  (message.payloads ?? []).some((payload) => isNotify(payload, type));

/** The mutations, in the order in which they are reported. */
export const mutations: readonly Mutation[] = [
  {
    id: 'renumber-request',
    does: 'an ordinary request has a number three too high',
    rules: ['RFC7296-2.2-NEXT-ID'],
    mutate: (trace, random) => {
      const sight = chosen(ofKind(trace, 'request'), random);
      return sight && replaced(trace, sight.event, withId(sight.event, sight.event.message.id + 3));
    },
  },
  {
    id: 'renumber-response',
    does: 'a response has the number of no request',
    rules: ['RFC7296-2.2-RESPONSE-ID'],
    mutate: (trace, random) => {
      const sight = chosen(ofKind(trace, 'response'), random);
      return sight && replaced(trace, sight.event, withId(sight.event, sight.event.message.id + 1000));
    },
  },
  {
    id: 'swap',
    does: 'a request and its answer change places',
    rules: ['RFC7296-2.2-RESPONSE-ID', 'RFC6311-5.1-NONCE-ECHO', 'RFC6311-5.1-DROP-STALE'],
    mutate: (trace, random) => {
      const pair = chosen([...exchanges(trace, 'request'), ...exchanges(trace, 'sync-request')], random);
      if (pair === undefined) return undefined;
      const [asked, answer] = pair;
      return trace.with(asked.at, answer.event).with(answer.at, asked.event);
    },
  },
  {
    id: 'drop-request',
    does: 'a request that is answered is not there',
    rules: ['RFC7296-2.2-RESPONSE-ID'],
    mutate: (trace, random) => {
      const pair = chosen(exchanges(trace, 'request'), random);
      return pair && without(trace, pair[0].event);
    },
  },
  {
    id: 'drop-sync-request',
    does: 'a sync request that is answered is not there',
    rules: ['RFC7296-2.2-RESPONSE-ID', 'RFC6311-5.1-NONCE-ECHO', 'RFC6311-5.1-DROP-STALE'],
    mutate: (trace, random) => {
      const pair = chosen(exchanges(trace, 'sync-request'), random);
      return pair && without(trace, pair[0].event);
    },
  },
  {
    id: 'skip-sync',
    does: 'the newly active member goes on with M2 without having asked',
    rules: ['RFC7296-2.2-NEXT-ID', 'RFC7296-2.3-WINDOW', 'RFC7296-2.3-EXPECTED-ID'],
    mutate: (trace, random) => {
      // Only where it then uses a number that it has not come to by itself.
      const pairs = exchanges(trace, 'sync-request').filter(([asked, answer]) => {
        const m2 = answer.meaning.kind === 'sync-response' ? answer.meaning.message.m2 : -1;
        const used = Math.max(-1, ...requestsBefore(trace, asked).map(({ event }) => event.message.id));
        const first = ofKind(trace, 'request').find(
          ({ at, event }) => at > answer.at && event.from === asked.event.from,
        );
        return (
          exchanges(trace, 'sync-request').length === 1 && first?.event.message.id === m2 && m2 > used + 1
        );
      });
      const pair = chosen(pairs, random);
      return (
        pair && without(trace, ...ofKind(trace, 'sync-request').map(({ event }) => event), pair[1].event)
      );
    },
  },
  {
    id: 'reuse-number',
    does: 'another request is sent under a number that is taken',
    rules: ['RFC7296-2.1-RETRANSMISSION', 'RFC7296-2.2-NEXT-ID', 'RFC7296-2.3-WINDOW'],
    mutate: (trace, random) => {
      const sight = chosen(ofKind(trace, 'request'), random);
      return (
        sight && trace.toSpliced(sight.at + 1, 0, { ...sight.event, octets: `${sight.event.octets} other` })
      );
    },
  },
  {
    id: 'two-at-once',
    does: 'a further request is sent before the last one is answered',
    rules: ['RFC7296-2.3-WINDOW', 'RFC7296-2.1-RETRANSMISSION'],
    unseen:
      'beside a sync it may be in order: the sync response, by which an end gives its request up, may have been overtaken by the next request',
    mutate: (trace, random) => {
      const sight = chosen(ofKind(trace, 'request'), random);
      if (sight === undefined) return undefined;
      const { event } = sight;
      return trace.toSpliced(sight.at + 1, 0, {
        ...event,
        octets: `${event.octets} next`,
        message: { ...event.message, id: event.message.id + 1 },
      });
    },
  },
  {
    id: 'answer-twice',
    does: 'a request is answered a second time, with other octets',
    rules: ['RFC7296-2.1-RETRANSMISSION', 'RFC7296-2.3-EXPECTED-ID'],
    mutate: (trace, random) => {
      const sight = chosen(ofKind(trace, 'response'), random);
      return (
        sight && trace.toSpliced(sight.at + 1, 0, { ...sight.event, octets: `${sight.event.octets} other` })
      );
    },
  },
  {
    id: 'accept-replay',
    does: 'a sync request that was answered takes effect a second time',
    rules: ['RFC6311-5.1-DROP-STALE'],
    mutate: (trace, random) => {
      const pair = chosen(exchanges(trace, 'sync-request'), random);
      if (pair === undefined) return undefined;
      const [asked, answer] = pair;
      const again = { ...answer.event, octets: `${answer.event.octets} other` };
      return trace.toSpliced(answer.at + 1, 0, asked.event, again);
    },
  },
  {
    id: 'answer-stale-sync',
    does: 'a sync request with the M1 of one before it, and another nonce, is answered',
    rules: ['RFC6311-5.1-DROP-STALE'],
    mutate: (trace, random) => {
      const pair = chosen(exchanges(trace, 'sync-request'), random);
      if (pair === undefined) return undefined;
      const [asked, answer] = pair;
      const fresh = (event: IkeEvent): WireEvent => ({
        ...event,
        octets: `${event.octets} stale`,
        ...withSync(event, ([_, ...rest]) => ['0badc0de', ...rest]),
      });
      return trace.toSpliced(answer.at + 1, 0, fresh(asked.event), fresh(answer.event));
    },
  },
  {
    id: 'change-nonce',
    does: 'a sync response returns another nonce',
    rules: ['RFC6311-5.1-NONCE-ECHO'],
    mutate: onSync('sync-response', ({ event }) => withSync(event, ([_, ...rest]) => ['0badc0de', ...rest])),
  },
  {
    id: 'lower-m1',
    does: 'M1 is a number that the cluster has used',
    rules: ['RFC6311-5.1-M1-FRESH'],
    mutate: onSync('sync-request', (sight, trace) => {
      const used = requestsBefore(trace, sight).map(({ event }) => event.message.id);
      return used.length === 0
        ? undefined
        : withSync(sight.event, ([nonce = '', _, p1 = '']) => [nonce, hex(Math.max(...used)), p1]);
    }),
  },
  {
    id: 'lower-p1',
    does: 'P1 is 0, though requests of the peer were answered',
    rules: ['RFC6311-5.1-P1'],
    unseen:
      'a standby may hold a snapshot as old as the SA, and then knows of no request of the peer: P1 is a question, and 0 is a fair one; only an account of the members that tells what was copied shows otherwise, and then it is caught',
    mutate: onSync('sync-request', ({ event, meaning }) =>
      meaning.kind === 'sync-request' && meaning.message.p1 > 0
        ? withSync(event, ([nonce = '', m1 = '']) => [nonce, m1, hex(0)])
        : undefined,
    ),
  },
  {
    id: 'raise-p2',
    does: 'P2 is two higher than what the peer sends next (one could be a request that was lost)',
    rules: ['RFC6311-5.1-P2'],
    unseen:
      'two requests of the peer may have been lost before the tap, if a sync response between them was lost there too',
    mutate: onSync('sync-response', (sight) =>
      withSync(sight.event, ([nonce = '', p2 = '', m2 = '']) => [
        nonce,
        hex(Number.parseInt(p2, 16) + 2),
        m2,
      ]),
    ),
  },
  {
    id: 'lower-m2',
    does: 'M2 is lower than M1',
    rules: ['RFC6311-5.1-M2'],
    mutate: onSync('sync-response', (sight) => {
      const sync = syncOf(sight);
      return sync?.kind === 'sync-response' && sync.m2 > 0
        ? withSync(sight.event, ([nonce = '', p2 = '']) => [nonce, p2, hex(sync.m2 - 1)])
        : undefined;
    }),
  },
  {
    id: 'wrong-adopt',
    does: 'after the sync the newly active member begins one above M2',
    rules: ['RFC7296-2.2-NEXT-ID'],
    mutate: (trace, random) => {
      const firsts = exchanges(trace, 'sync-request').flatMap(([asked, answer]) => {
        const m2 = answer.meaning.kind === 'sync-response' ? answer.meaning.message.m2 : -1;
        const next = sights(trace).find(
          ({ at, event }) => at > answer.at && event.from === asked.event.from && !event.message.response,
        );
        return next?.meaning.kind === 'request' && next.event.message.id === m2 ? [next] : [];
      });
      const sight = chosen(firsts, random);
      return sight && replaced(trace, sight.event, withId(sight.event, sight.event.message.id + 1));
    },
  },
  {
    id: 'sync-message-id',
    does: 'a sync request has a Message ID other than 0',
    rules: ['RFC6311-5.1-MID-ZERO'],
    mutate: onSync('sync-request', ({ event }) => withId(event, 77)),
  },
  {
    id: 'further-payload',
    does: 'a sync message holds a further payload',
    rules: ['RFC6311-5.1-ALONE'],
    mutate: onSync('sync-response', ({ event: { message } }) => ({
      message: { ...message, payloads: [...(message.payloads ?? []), { type: 'other', name: 'V' }] },
    })),
  },
  {
    id: 'short-notification',
    does: 'IKEV2_MESSAGE_ID_SYNC lacks its last four octets',
    rules: ['RFC6311-6.3-FORMAT'],
    mutate: onSync('sync-request', ({ event }) => withSync(event, (data) => data.slice(0, 2))),
  },
  {
    id: 'not-announced',
    does: 'the responder did not announce IKEV2_MESSAGE_ID_SYNC, and it is used',
    rules: ['RFC6311-5-NEGOTIATED'],
    mutate: unannounced(NOTIFY.messageIdSyncSupported, NOTIFY.messageIdSync),
  },
  {
    id: 'replay-not-announced',
    does: 'the responder did not announce IPSEC_REPLAY_COUNTER_SYNC, and it is used',
    rules: ['RFC6311-5-REPLAY-NEGOTIATED', 'RFC6311-5-NEGOTIATED'],
    mutate: unannounced(NOTIFY.replayCounterSyncSupported, NOTIFY.replayCounterSync),
  },
  {
    id: 'reuse-esp-number',
    does: 'another ESP packet is sent with a number that is taken',
    rules: ['RFC4303-3.3.3-NEVER-REPEAT'],
    mutate: (trace, random) => {
      const packets = trace.flatMap((event, at) => (event.message.kind === 'esp' ? [{ at, event }] : []));
      const packet = chosen(packets, random);
      return (
        packet &&
        trace.toSpliced(packet.at + 1, 0, { ...packet.event, octets: `${packet.event.octets} other` })
      );
    },
  },
  {
    id: 'esp-number-zero',
    does: 'an ESP packet with number 0 is sent after others (a first one may be of extended numbers)',
    rules: ['RFC4303-3.3.3-NEXT-NUMBER'],
    mutate: (trace, random) => {
      const packets = trace.flatMap((event, at) => (event.message.kind === 'esp' ? [{ at, event }] : []));
      const packet = chosen(packets, random);
      if (packet?.event.message.kind !== 'esp') return undefined;
      const { at, event } = packet;
      const zero = { ...event, octets: `${event.octets} zero`, message: { ...event.message, sequence: 0 } };
      return trace.toSpliced(at + 1, 0, zero);
    },
  },
  {
    id: 'duplicate',
    does: 'the network delivers a message twice: nobody breaks anything',
    rules: [],
    mutate: (trace, random) => {
      const at = random.below(Math.max(1, trace.length));
      const event = trace[at];
      return event && trace.toSpliced(at + 1 + random.below(trace.length - at), 0, event);
    },
  },
];
