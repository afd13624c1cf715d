/**
 * Whatever the specification can do, the validator must find conformant: random walks of the model, seen by a tap
 * that misses some of what never arrived.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Composition,
  compose,
  type Endpoint,
  ikev2,
  ipsecha00,
  ipsecha01,
  type Message,
  type Observation,
  type Revision,
  rfc6311,
  type Settings,
  type SyncRequest,
  safetyProperties,
  scenarios,
} from '../../model/index.ts';
import { walk } from '../../proofs/random-walk.ts';
import { sweep } from '../testing/sweep.ts';
import type { End, IkeMessage, MessageEvent, Payload } from './events/event.ts';
import { NOTIFY } from './judge/interpret.ts';
import { validateWhole as validate } from './testing/events.ts';

const SA = '1111111111111111:2222222222222222';
const HOST: Readonly<Record<End, string>> = { initiator: '192.0.2.1', responder: '192.0.2.2' };

// The cluster stands for the responder.
const wire = (end: Endpoint): End => (end === 'cluster' ? 'responder' : 'initiator');

/** In the model each end begins with Message ID 0; on the wire the initiator has used 0 and 1 for IKE_SA_INIT and IKE_AUTH. */
const onWire = (owner: Endpoint, id: number): number => (owner === 'peer' ? id + 2 : id);
const other = (end: Endpoint): Endpoint => (end === 'peer' ? 'cluster' : 'peer');

function event(from: End, message: MessageEvent['message'], octets: string): MessageEvent {
  const to = from === 'initiator' ? 'responder' : 'initiator';
  return {
    event: 'seen',
    ...(message.kind === 'ike' ? { sa: SA } : {}),
    from,
    source: HOST[from],
    destination: HOST[to],
    octets,
    integrity: 'good',
    message,
  };
}

const ike = (
  from: End,
  message: Partial<IkeMessage>,
  octets = JSON.stringify([from, message]),
): MessageEvent =>
  event(
    from,
    { kind: 'ike', exchange: 'INFORMATIONAL', response: false, id: 0, payloads: [], ...message },
    octets,
  );

const hex = (number: number): string => number.toString(16).padStart(8, '0');
const notify = (type: number, data = ''): Payload => ({
  type: 'N',
  notify: type,
  protocol: 0,
  spi: '',
  data,
});

/** Everything that can be sent twice is told apart by its octets, as on the wire. */
function eventOf(message: Message): MessageEvent {
  const { from } = message;
  const octets = JSON.stringify(message);
  if (message.kind === 'esp') {
    const spi = hex(serialOf(`${message.spi} ${from}`));
    return event(wire(from), { kind: 'esp', spi, sequence: message.number }, octets);
  }
  const response = message.kind === 'response' || message.kind === 'sync-response';
  const isSync = message.kind === 'sync-request' || message.kind === 'sync-response';
  const id = isSync ? 0 : onWire(message.kind === 'request' ? from : other(from), message.id);
  return ike(wire(from), { response, id, payloads: payloadsOf(message) }, octets);
}

function payloadsOf(message: Exclude<Message, { kind: 'esp' }>): readonly Payload[] {
  const delta = (number: number | undefined): readonly Payload[] =>
    number === undefined ? [] : [notify(NOTIFY.replayCounterSync, hex(number))];
  const numbers = (fields: readonly number[]) => notify(NOTIFY.messageIdSync, fields.map(hex).join(''));
  const { from } = message;
  if (message.kind === 'sync-request') {
    const { nonce, m1, p1, failoverCount } = message satisfies SyncRequest;
    const count = failoverCount === undefined ? [] : [failoverCount];
    return [
      numbers([serialOf(nonce), ...count, onWire(from, m1), onWire(other(from), p1)]),
      ...delta(message.delta),
    ];
  }
  if (message.kind === 'sync-response') {
    const { nonce, p2, m2 } = message;
    return [numbers([serialOf(nonce), onWire(from, p2), onWire(other(from), m2)]), ...delta(message.delta)];
  }
  return message.kind === 'request' && message.asks?.kind === 'replay-counter-sync'
    ? delta(message.asks.delta)
    : [];
}

/** Nonces and SPIs of the model are numbers or texts. */
const serials = new Map<string, number>();
function serialOf(name: number | string): number {
  const key = String(name);
  const known = serials.get(key) ?? serials.size + 1;
  serials.set(key, known);
  return known;
}

function established(settings: Settings): readonly MessageEvent[] {
  const announces = [
    notify(NOTIFY.messageIdSyncSupported),
    ...(settings.replayCounterSync === 'both' ? [notify(NOTIFY.replayCounterSyncSupported)] : []),
    notify(NOTIFY.setWindowSize, hex(settings.window)),
  ];
  return [
    ike('responder', { exchange: 'IKE_SA_INIT', response: true }),
    ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads: announces }),
    ike('responder', { exchange: 'IKE_AUTH', id: 1, response: true, payloads: announces }),
  ];
}

/** What was sent in a random run, in order, and what of it arrived somewhere. */
function run(composition: Composition, picks: readonly number[]) {
  const moves = walk(composition, picks);
  const arrived = moves.flatMap(({ effect: { action } }) =>
    action.kind === 'receive' ? [JSON.stringify(action.message)] : [],
  );
  const observations = moves.flatMap(({ effect }) => effect.observations);
  return {
    sent: moves.flatMap(({ effect }) => effect.sent),
    arrived: new Set(arrived),
    broken: brokenBy(observations),
  };
}

/** The properties that a run of the model breaks itself. */
function brokenBy(observations: readonly Observation[]): ReadonlySet<string> {
  const broken = safetyProperties.filter(({ watch }) => {
    let state = watch.initial;
    return observations.some((observation) => {
      const seen = watch.observe(state, observation);
      if (seen.ok) state = seen.state;
      return !seen.ok;
    });
  });
  return new Set(broken.map(({ id }) => id));
}

const base: Settings = {
  ...scenarios[0]!.sizes.small,
  members: 3,
  failovers: 2,
  requests: 4,
  retries: 2,
  bump: 4,
  stateSync: 'any',
};

const cases: readonly (readonly [what: string, Revision, Partial<Settings>])[] = [
  ['retry=same', rfc6311, { retry: 'same' }],
  ['retry=fresh', rfc6311, { retry: 'fresh' }],
  ['a window of 3', rfc6311, { window: 3, bump: 7 }],
  ['replay counters beside Message IDs', rfc6311, { packets: 3, delta: 6, replayCounterSync: 'both' }],
  [
    'replay counters alone',
    rfc6311,
    { packets: 3, delta: 6, replayCounterSync: 'both', messageIdSync: 'neither', failovers: 0 },
  ],
  [
    'both ends clusters',
    rfc6311,
    { members: 2, failovers: 1, peerMembers: 2, peerFailovers: 1, requests: 2 },
  ],
  ['a Child SA is rekeyed', rfc6311, { rekey: 'child', packets: 2, delta: 6, replayCounterSync: 'both' }],
  ['no counter sync', ikev2, {}],
  ['no protection', ipsecha00, { retry: 'fresh' }],
  ['Failover Counts', ipsecha01, { retry: 'fresh', failoverCount: 'shared' }],
];

/** Where both ends ask for counters, an end answers with the M1 of its own request: if nobody saw that, it is a fault. */
const mayBeMissed = ({ kind }: Message, { peerMembers }: Settings): boolean =>
  peerMembers === 1 || kind !== 'sync-request';

describe('walks of a revision', () => {
  it.each(cases)('are conformant to it: %s', (_, revision, changes) => {
    const settings = { ...base, ...changes };
    const composition = compose(revision, settings);
    let requests = 0;
    let orderly = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (picks, missed) => {
          const { sent, arrived, broken } = run(composition, picks);
          const events = sent.flatMap((message, index) =>
            mayBeMissed(message, settings) &&
            !arrived.has(JSON.stringify(message)) &&
            missed[index % missed.length] === true
              ? []
              : [eventOf(message)],
          );
          requests += events.length;
          if (broken.size === 0) orderly++;
          const result = validate([...established(settings), ...events], { revision });
          const told = sent.map((message) => JSON.stringify(message)).join('\n');
          // What breaks a property in the model is told of in the trace as well, and nothing else is.
          const unexpected = result.findings.filter(
            ({ property }) => property === undefined || !broken.has(property),
          );
          expect(
            unexpected.map(({ prefixes: _, ...finding }) => finding),
            told,
          ).toEqual([]);
          expect(result.missing).toEqual([]);
        },
      ),
      { numRuns: sweep(25, 100), seed: 6311 },
    );
    // The walks are not idle ones.
    expect(requests).toBeGreaterThan(sweep(40, 150));
    expect(orderly).toBeGreaterThan(sweep(4, 20));
  });
});
