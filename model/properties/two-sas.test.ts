import { describe, expect, test } from 'vitest';
import { ikev2, ipsecha01, type Revision, rfc6311 } from '../revisions/index.ts';
import { type Settings, usual } from '../settings/settings.ts';
import type { Endpoint } from '../state/messages.ts';
import { MAX_SEQUENCE_NUMBER } from '../state/numbers.ts';
import type { Observation } from '../state/step.ts';
import { properties, safetyProperties } from './index.ts';

type OfKind<K extends Observation['kind']> = Observation & { readonly kind: K };

/** One observation of each kind, under the first IKE SA. */
const both = { own: true, other: true };
const by: Endpoint = 'cluster';
const each: { readonly [K in Observation['kind']]: OfKind<K> } = {
  'request-sent': { kind: 'request-sent', by, id: 3, content: 'a', lowest: 3, window: 1 },
  'request-processed': { kind: 'request-processed', by, id: 3, content: 'a', expected: 3, window: 1 },
  'response-taken': { kind: 'response-taken', by, id: 3, request: 'a', answers: 'a' },
  'sync-request-sent': { kind: 'sync-request-sent', by, nonce: 'n', m1: 3, announced: both },
  'failover-counted': { kind: 'failover-counted', by, count: 1, known: 0 },
  'sync-request-accepted': {
    ...{ kind: 'sync-request-accepted', by, nonce: 'n' },
    ...{ p2: 3, m2: 3, announced: both, wellFormed: true },
  },
  'sync-response-accepted': {
    ...{ kind: 'sync-response-accepted', by, nonce: 'n', pending: 'n' },
    ...{ p2: 3, m2: 3 },
  },
  'iv-used': { kind: 'iv-used', by, iv: 3 },
  'delta-applied': { kind: 'delta-applied', by, request: 'a', announced: both },
  'esp-sent': { kind: 'esp-sent', by, spi: 'c1', number: 3, content: 'a' },
  'esp-accepted': { kind: 'esp-accepted', by, spi: 'c1', number: 3, content: 'a' },
  'esp-misread': { kind: 'esp-misread', by, spi: 'c1', number: 3, inferred: 2 },
  own: { kind: 'own', by, name: 'a', holds: { number: 3 } },
};

const monitor = (id: string) => safetyProperties.find((property) => property.id === id)!.watch;

/** What a monitor remembers after these; or why it objects to one of them. */
function remembered(id: string, observations: readonly Observation[]): unknown {
  let state = monitor(id).initial;
  for (const observation of observations) {
    const seen = monitor(id).observe(state, observation);
    if (!seen.ok) return `broken: ${seen.because}`;
    state = seen.state;
  }
  return state;
}
const isBroken = (id: string, ...observations: readonly Observation[]): boolean =>
  String(remembered(id, observations)).startsWith('broken: ');

/** What each monitor looks at. A new one need not be here: `monitors.test.ts` has the runs of every one. */
const LOOKS_AT: Readonly<Record<string, readonly Observation['kind'][]>> = {
  'message-id-monotonicity': ['request-sent'],
  'request-at-most-once': ['request-processed'],
  'response-matches-request': ['response-taken'],
  'window-respected': ['request-sent', 'request-processed'],
  'sync-request-once': ['sync-request-accepted'],
  'sync-response-fresh': ['sync-response-accepted'],
  'counters-never-regress': [
    ...(['request-sent', 'request-processed'] as const),
    ...(['sync-request-sent', 'sync-request-accepted', 'sync-response-accepted'] as const),
  ],
  'sync-negotiated': ['sync-request-sent', 'sync-request-accepted', 'delta-applied'],
  'sync-well-formed': ['sync-request-accepted'],
  'failover-count-increases': ['failover-counted'],
  'sync-once-per-failover': ['sync-request-sent'],
  'esp-sequence-unique': ['esp-sent'],
  'esp-replay-rejected': ['esp-accepted'],
  'delta-added-once': ['delta-applied'],
  'iv-never-repeats': ['iv-used'],
  'esn-inferred-right': ['esp-misread'],
};

describe.each(safetyProperties)('$id', ({ id, watch }) => {
  const kinds = (Object.keys(each) as Observation['kind'][]).filter(
    // What is misread is never in order.
    (kind) => id !== 'esn-inferred-right' || kind !== 'esp-misread',
  );

  test('takes what is in order, and passes over what is none of its business', () => {
    for (const kind of kinds) {
      const seen = watch.observe(watch.initial, each[kind]);
      expect(seen.ok).toBe(true);
      if (LOOKS_AT[id]?.includes(kind) === false) {
        expect(seen).toEqual({ ok: true, state: watch.initial });
        // Nor if it were out of order, had it been that.
        const odd = {
          ...{ ...each[kind], count: 0, wellFormed: false, again: true, cycles: true },
          ...{ id: 0, expected: 9, declared: 9 },
        };
        expect(watch.observe(watch.initial, odd as unknown as Observation)).toEqual(seen);
      }
    }
  });

  test('remembers the same, whichever of two came first', () => {
    for (const kind of kinds) {
      const seen = each[kind];
      const other = {
        ...{ ...seen, ...('nonce' in seen && { nonce: 'b' }), ...('pending' in seen && { pending: 'b' }) },
        ...('content' in seen && { content: 'b' }),
        ...(seen.kind === 'delta-applied' && { request: 'b' }),
        ...('number' in seen && { number: 4 }),
        ...('iv' in seen && { iv: 4 }),
      } as Observation;
      const ordered = ['request-sent', 'request-processed', 'failover-counted'].includes(kind);
      // A monitor of what must grow remembers the latest.
      if (ordered && id !== 'request-at-most-once') continue;
      expect(remembered(id, [seen, other])).toEqual(remembered(id, [other, seen]));
    }
  });
});

describe('over two IKE SAs, each has Message IDs of its own', () => {
  const sent = (id: number, ikeSa?: string): Observation => ({
    ...each['request-sent'],
    ...{ id, lowest: id, content: `${ikeSa} ${id}` },
    ...(ikeSa === undefined ? {} : { ikeSa }),
  });

  test('message-id-monotonicity: one begins at 0 whatever the other has used', () => {
    const id = 'message-id-monotonicity';
    expect(isBroken(id, sent(7), sent(0, 'x'), sent(0, 'y'), sent(8))).toBe(false);
    expect(isBroken(id, sent(7), sent(0, 'x'), sent(7))).toBe(true);
    expect(isBroken(id, sent(7), sent(0, 'x'), sent(0, 'x'))).toBe(true);
    expect(isBroken(id, sent(0, 'x'), { ...sent(0, 'x'), by: 'peer' })).toBe(false);
  });

  test('counters-never-regress: nor do the counters of the old one count under the new one', () => {
    const id = 'counters-never-regress';
    const asked = (m1: number, ikeSa?: string): Observation => ({
      ...each['sync-request-sent'],
      m1,
      ...(ikeSa === undefined ? {} : { ikeSa }),
    });
    expect(isBroken(id, sent(7), sent(0, 'x'), sent(1, 'x'))).toBe(false);
    expect(isBroken(id, sent(7), asked(1, 'x'))).toBe(false);
    expect(isBroken(id, sent(3, 'x'), asked(1, 'x'))).toBe(true);
    expect(isBroken(id, sent(3, 'x'), asked(4, 'x'))).toBe(false);
    expect(isBroken(id, sent(3, 'y'), asked(1, 'x'))).toBe(false);
    // What one end shows of sending says nothing of what it expects, and the other way round.
    expect(remembered(id, [asked(5)])).toEqual({ cluster: { sends: 5, expects: 0 } });
    expect(remembered(id, [each['request-processed']])).toEqual({ cluster: { sends: 0, expects: 4 } });
  });

  test('window-respected: one that replaces another has a window of 1', () => {
    const id = 'window-respected';
    const ahead = (ikeSa?: string): Observation =>
      ({ ...sent(4, ikeSa), lowest: 3, window: 2 }) as Observation;
    expect([isBroken(id, ahead()), isBroken(id, ahead('x'))]).toEqual([false, true]);
    const took = (ikeSa?: string): Observation => ({
      ...each['request-processed'],
      ...{ id: 4, window: 2 },
      ...(ikeSa === undefined ? {} : { ikeSa }),
    });
    expect([isBroken(id, took()), isBroken(id, took('x'))]).toEqual([false, true]);
    const declared = (p1: number): Observation => ({ ...each['request-processed'], declared: p1 });
    expect([isBroken(id, declared(3)), isBroken(id, declared(4))]).toEqual([false, true]);
  });

  test('iv-never-repeats: each has keys of its own', () => {
    const id = 'iv-never-repeats';
    const iv = (ikeSa?: string): Observation => ({
      ...each['iv-used'],
      ...(ikeSa === undefined ? {} : { ikeSa }),
    });
    expect(isBroken(id, iv(), iv('x'), iv('y'), { ...iv('x'), by: 'peer' } as Observation)).toBe(false);
    expect([isBroken(id, iv('x'), iv('y'), iv('x')), isBroken(id, iv(), iv('x'), iv())]).toEqual([
      true,
      true,
    ]);
  });

  test('request-at-most-once, delta-added-once: a request is the same, under whichever it is answered', () => {
    const under = (kind: 'request-processed', ikeSa: string): Observation => ({ ...each[kind], ikeSa });
    expect(isBroken('request-at-most-once', each['request-processed'], under('request-processed', 'x'))).toBe(
      true,
    );
    expect(isBroken('delta-added-once', each['delta-applied'], each['delta-applied'])).toBe(true);
  });
});

describe('over two Child SAs, each has sequence numbers of its own', () => {
  const packet = (kind: 'esp-sent' | 'esp-accepted', spi: string, content = spi): Observation => ({
    ...each[kind],
    ...{ spi, content },
  });

  test('esp-sequence-unique: the same number on the other, or in the other direction, is another', () => {
    const id = 'esp-sequence-unique';
    const back = { ...packet('esp-sent', 'c1'), by: 'peer' } as Observation;
    expect(isBroken(id, packet('esp-sent', 'c1'), packet('esp-sent', 'c2'), back)).toBe(false);
    expect(isBroken(id, packet('esp-sent', 'c1'), packet('esp-sent', 'c2'), packet('esp-sent', 'c1'))).toBe(
      true,
    );
    expect(isBroken(id, { ...packet('esp-sent', 'c1'), cycles: true } as Observation)).toBe(true);
  });

  test('esp-replay-rejected: it is packets that come twice, not numbers', () => {
    const id = 'esp-replay-rejected';
    expect(isBroken(id, packet('esp-accepted', 'c1'), packet('esp-accepted', 'c2'))).toBe(false);
    expect(isBroken(id, packet('esp-accepted', 'c1', 'a'), packet('esp-accepted', 'c2', 'a'))).toBe(true);
  });
});

test('esn-inferred-right: every packet that is misread is lost', () => {
  expect(isBroken('esn-inferred-right', each['esp-misread'])).toBe(true);
});

test('sync-once-per-failover: a sync that is begun again says so', () => {
  const id = 'sync-once-per-failover';
  expect(isBroken(id, each['sync-request-sent'], each['sync-request-sent'])).toBe(false);
  expect(isBroken(id, { ...each['sync-request-sent'], again: true } as Observation)).toBe(true);
});

describe('nothing to break', () => {
  const why = (id: string, revision: Revision, settings: Partial<Settings>): string | undefined =>
    properties.find((property) => property.id === id)?.nothingToBreak?.(revision, { ...usual, ...settings });
  const idle = { requests: 0, messageIdSync: 'neither', replayCounterSync: 'both' } as const;

  test('no request: neither of an application, nor with a delta alone', () => {
    const id = 'message-id-monotonicity';
    expect(why(id, rfc6311, idle)).toBeUndefined();
    expect(why(id, rfc6311, { ...idle, requests: 1 })).toBeUndefined();
    for (const [revision, changes] of [
      [ikev2, {}],
      [rfc6311, { replayCounterSync: 'neither' }],
      [rfc6311, { messageIdSync: 'both' }],
    ] as const)
      expect(why(id, revision, { ...idle, ...changes })).toBe('no requests are sent');
  });

  test('no packet with an extended sequence number', () => {
    const id = 'esn-inferred-right';
    const says = 'no packets with extended sequence numbers are sent';
    expect(why(id, rfc6311, { packets: 0, esn: 'on' })).toBe(says);
    expect(why(id, rfc6311, { packets: 1, esn: 'off' })).toBe(says);
    expect(why(id, rfc6311, { packets: 1, esn: 'on' })).toBeUndefined();
  });

  test('no failover at either end, no count, no replay counters, no Child SA that changes', () => {
    const none = { failovers: 0, peerFailovers: 0 };
    expect(why('sync-request-once', rfc6311, none)).toBe('no member fails over');
    for (const some of [{ failovers: 1 }, { peerFailovers: 1 }, { failovers: 1, peerFailovers: 1 }])
      expect(why('sync-request-once', rfc6311, { ...none, ...some })).toBeUndefined();
    expect(why('failover-count-increases', ikev2, {})).toBe('the revision has no counter sync');
    expect(why('failover-count-increases', rfc6311, {})).toBe('the revision has no Failover Count');
    expect(why('failover-count-increases', ipsecha01, {})).toBeUndefined();
    expect(why('delta-added-once', ikev2, { replayCounterSync: 'both' })).toBe('no delta is sent');
    const bare: Revision = { ...rfc6311, replaySync: null };
    expect(why('sync-negotiated', bare, { replayCounterSync: 'neither' })).toBe('both ends announced it');
    expect(
      ['none', 'ike', 'child', 'both'].map((rekey) =>
        why('child-sas-agree', rfc6311, { rekey } as Partial<Settings>),
      ),
    ).toEqual([
      ...Array.from({ length: 2 }, () => 'no Child SA is made, replaced or closed'),
      ...[undefined, undefined],
    ]);
  });

  test('no Child SA that lives on beside the one that replaces it', () => {
    const until = { rekeyOld: 'until-delete' } as const;
    const says =
      'no Child SA lives on beside the one that replaces it; what the ends have, child-sas-agree says';
    for (const none of [
      { rekey: 'child' },
      { ...until, rekey: 'none' },
      { ...until, rekey: 'ike' },
      { ...until, rekey: 'none', afterFailover: 'rekey', members: 1 },
    ] as const)
      expect(why('esp-finds-its-sa', rfc6311, none)).toBe(says);
    for (const some of [
      { ...until, rekey: 'child' },
      { ...until, rekey: 'both', rekeyBy: 'peer' },
      { ...until, afterFailover: 'rekey' },
    ] as const)
      expect(why('esp-finds-its-sa', rfc6311, some)).toBeUndefined();
    expect(why('esp-finds-its-sa', ikev2, { ...until, afterFailover: 'rekey' })).toBe(says);
  });

  test.each<['ikev2' | 'rfc6311', Partial<Settings>, boolean]>([
    // A failover with a delta may come past the end of a counter; whatever closes a Child SA, it is at one end first.
    ['rfc6311', { counters: 'near-maximum', delta: 1 }, true],
    ['rfc6311', { counters: 'esp-near-maximum', delta: 1 }, true],
    ['rfc6311', { counters: 'esp-near-maximum', delta: 0, ownBump: 1 }, true],
    ['rfc6311', { counters: 'esp-near-maximum', delta: 1, peerFailovers: 1, failovers: 0 }, true],
    ['rfc6311', { counters: 'from-zero', delta: MAX_SEQUENCE_NUMBER }, true],
    ['rfc6311', { afterFailover: 'rekey' }, true],
    ['rfc6311', { afterFailover: 'rekey', peerFailovers: 1 }, true],
    // What is sent without a delta stops at the maximum, and closes nothing.
    ['rfc6311', { counters: 'esp-near-maximum', delta: 0, packets: 3 }, false],
    // The highest number of all may be the maximum itself, after 3 packets and 3 advances; it is none past it.
    ['rfc6311', { counters: 'from-zero', packets: 3, delta: (MAX_SEQUENCE_NUMBER - 3) / 3 }, false],
    ['rfc6311', { counters: 'from-zero', packets: 3, delta: (MAX_SEQUENCE_NUMBER - 3) / 3 + 1 }, true],
    ['rfc6311', { counters: 'esp-near-maximum', delta: 1, failovers: 0 }, false],
    ['rfc6311', { counters: 'esp-near-maximum', delta: 1, esn: 'on' }, false],
    ['rfc6311', { counters: 'from-zero', delta: 1 }, false],
    ['rfc6311', { afterFailover: 'rekey', failovers: 0 }, false],
    ['ikev2', { counters: 'near-maximum', delta: 1, afterFailover: 'rekey' }, false],
  ])('%s with %o can close or replace a Child SA at a failover: %s', (name, changes, can) => {
    const revision = name === 'ikev2' ? ikev2 : rfc6311;
    expect(why('child-sas-agree', revision, { failovers: 1, rekey: 'none', ...changes })).toBe(
      can ? undefined : 'no Child SA is made, replaced or closed',
    );
  });
});
