/**
 * Whatever the specification can do, the validator must find conformant: random walks of the model, seen by a tap
 * that misses some of what never arrived.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Composition,
  compose,
  type Message,
  rfc6311,
  type Settings,
  scenarios,
} from '../../model/index.ts';
import { walk } from '../../proofs/random-walk.ts';
import type { End, MessageEvent, Payload } from './event.ts';
import { NOTIFY } from './interpret.ts';
import { validate } from './validate.ts';

const SA = '1111111111111111:2222222222222222';

/** Everything that can be sent twice is told apart by its octets, as on the wire. */
function eventOf(message: Message): MessageEvent {
  // In the model each SA begins with Message ID 0 on either side; the cluster stands for the responder.
  const from: End = message.from === 'cluster' ? 'responder' : 'initiator';
  const response = message.kind === 'response' || message.kind === 'sync-response';
  return {
    event: 'seen',
    sa: SA,
    from,
    octets: JSON.stringify(message),
    integrity: 'good',
    message: {
      kind: 'ike',
      exchange: 'INFORMATIONAL',
      response,
      id: message.kind === 'esp' ? 0 : message.id,
      payloads: payloadsOf(message),
    },
  };
}

function payloadsOf(message: Message): readonly Payload[] {
  const hex = (number: number): string => number.toString(16).padStart(8, '0');
  const notify = (fields: readonly number[]): readonly Payload[] => [
    { type: 'N', notify: NOTIFY.messageIdSync, protocol: 0, spi: '', data: fields.map(hex).join('') },
  ];
  if (message.kind === 'sync-request') return notify([Number(message.nonce), message.m1, message.p1]);
  if (message.kind === 'sync-response') return notify([Number(message.nonce), message.p2, message.m2]);
  return [];
}

/** What was sent in a random run, in order, and what of it arrived somewhere. */
function run(composition: Composition, picks: readonly number[]) {
  const moves = walk(composition, picks);
  const arrived = moves.flatMap(({ effect: { action } }) =>
    action.kind === 'receive' ? [JSON.stringify(action.message)] : [],
  );
  return { sent: moves.flatMap(({ effect }) => effect.sent), arrived: new Set(arrived) };
}

const settings = (whileSyncing: 'hold' | 'process', retry: 'same' | 'fresh'): Settings => ({
  ...scenarios[0]!.sizes.small,
  members: 3,
  failovers: 2,
  requests: 4,
  retries: 2,
  bump: 4,
  stateSync: 'any',
  retry,
  staleSync: 'drop',
  m1Compare: 'highest-seen',
  m1Sharing: 'told',
  failoverCount: 'shared',
  whileSyncing,
});

describe('walks of rfc6311', () => {
  it.each([
    ['hold', 'same'],
    ['hold', 'fresh'],
  ] as const)('are conformant to it (while-syncing=%s, retry=%s)', (whileSyncing, retry) => {
    const composition = compose(rfc6311, settings(whileSyncing, retry));
    let syncs = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000), { minLength: 1, maxLength: 40 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (picks, missed) => {
          const { sent, arrived } = run(composition, picks);
          const events = sent.flatMap((message, index) =>
            !arrived.has(JSON.stringify(message)) && missed[index % missed.length] === true
              ? []
              : [eventOf(message)],
          );
          if (events.length === 0) return;
          syncs += events.filter(
            ({ message }) => message.kind === 'ike' && (message.payloads?.length ?? 0) > 0,
          ).length;
          expect(validate(events).findings).toEqual([]);
        },
      ),
      { numRuns: 400, seed: 6311 },
    );
    // The walks are not idle ones.
    expect(syncs).toBeGreaterThan(200);
  });
});
