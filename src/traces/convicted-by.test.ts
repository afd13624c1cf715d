/**
 * For each rule that traces are judged by, a small trace that convicts, and the same without the observation which
 * convicts by the page of the rule (`seenBy`, `convictedBy`): that convicts nobody of it.
 */
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogue, ipsecha01, type Revision, rfc6311 } from '../../model/index.ts';
import type { Event, MessageEvent } from './events/event.ts';
import { judgedOnTraces } from './findings/not-judged.ts';
import { NOTIFY } from './judge/interpret.ts';
import {
  beforeFailover,
  clusterEvent,
  delta,
  esp,
  established,
  exchange,
  hex,
  ike,
  notify,
  request,
  response,
  sync,
} from './testing/events.ts';
import { validate } from './validate.ts';

/** Message ID sync and replay counter sync. */
const M = NOTIFY.messageIdSyncSupported;
const R = NOTIFY.replayCounterSyncSupported;

const asks = (nonce = 'aaaaaaaa', m1 = 10, p1 = 3, ...more: Parameters<typeof notify>[]): MessageEvent =>
  sync(
    'responder',
    false,
    nonce,
    [m1, p1],
    more.map((each) => notify(...each)),
  );
const answers = (nonce = 'aaaaaaaa', p2 = 3, m2 = 10, ...more: Parameters<typeof notify>[]): MessageEvent =>
  sync(
    'initiator',
    true,
    nonce,
    [p2, m2],
    more.map((each) => notify(...each)),
  );
const DELTA = [NOTIFY.replayCounterSync, hex(5000)] as const;
const counted = (nonce: string, count: number, m1: number): MessageEvent =>
  sync('responder', false, nonce, [count, m1, 3]);

const before = beforeFailover;
const withoutSync = [...established(), ...before.slice(3)];
const [init, authRequest, authResponse] = established() as [MessageEvent, MessageEvent, MessageEvent];
const first = asks();
const answered = answers();
const withDelta = asks('aaaaaaaa', 10, 3, [...DELTA]);
const packets = [1, 2, 3].map((number) => esp('initiator', number));

interface Convicting {
  readonly rule: CatalogueEntry['id'];
  /** What convicts: one message by itself, or with the one at this index; or that nothing is missing. */
  readonly by: 'itself' | 'complete observation' | { readonly contradicts: number };
  readonly trace: readonly Event[];
  readonly revision?: Revision;
  /** Whether the contents have to tell that no window is larger than 1. */
  readonly needsWindows?: true;
}

const CONVICTING: readonly Convicting[] = [
  {
    rule: 'RFC4303-3.3.3-NEVER-REPEAT',
    by: { contradicts: 0 },
    trace: [esp('responder', 5), esp('responder', 5)],
  },
  { rule: 'RFC4303-3.3.3-NEXT-NUMBER', by: 'itself', trace: [esp('responder', 1), esp('responder', 0)] },
  { rule: 'RFC6311-5-NEGOTIATED', by: { contradicts: 1 }, trace: [authRequest, authResponse, asks()] },
  { rule: 'RFC6311-5-NEGOTIATED', by: 'complete observation', trace: [authRequest, asks()] },
  {
    rule: 'RFC6311-5-REPLAY-NEGOTIATED',
    by: { contradicts: 1 },
    trace: [established(M, R)[1]!, established(M)[2]!, withDelta],
  },
  {
    rule: 'RFC6311-5-REPLAY-NEGOTIATED',
    by: 'complete observation',
    trace: [established(M)[1]!, withDelta],
  },
  {
    rule: 'RFC6311-5-RESPONDER-ONLY-IF-ASKED',
    by: { contradicts: 0 },
    trace: [authRequest, established(M)[2]!],
  },
  { rule: 'RFC6311-5.1-ALONE', by: 'itself', trace: [asks('aaaaaaaa', 10, 3, [16384])] },
  {
    rule: 'RFC6311-5.1-DROP-STALE',
    by: { contradicts: before.length + 1 },
    trace: [...before, first, answered, answers('aaaaaaaa', 3, 11)],
  },
  {
    rule: 'RFC6311-5.1-DROP-STALE',
    by: 'complete observation',
    trace: [...before, asks('aaaaaaaa', 1), answers('aaaaaaaa', 3, 1)],
  },
  {
    rule: 'RFC6311-5.1-M1-FRESH',
    by: { contradicts: 7 },
    trace: [...before, asks('aaaaaaaa', 2)],
  },
  {
    rule: 'RFC6311-5.1-M1-FRESH',
    by: 'complete observation',
    trace: [...exchange('responder', 7), asks('aaaaaaaa', 7)],
  },
  {
    rule: 'RFC6311-5.1-M2',
    by: { contradicts: before.length },
    trace: [...before, first, answers('aaaaaaaa', 3, 9)],
  },
  {
    // The frames stand in another order than their times, so that which was sent first is not known.
    rule: 'RFC6311-5.1-M2',
    by: 'complete observation',
    trace: [
      ...[...before.slice(0, 3), { ...before[3]!, time: 5 }, { ...before[4]!, time: 4 }, ...before.slice(5)],
      ...[asks('aaaaaaaa', 2), answers('aaaaaaaa', 3, 2)],
    ],
  },
  {
    rule: 'RFC6311-5.1-MID-ZERO',
    by: 'itself',
    trace: [
      ...before,
      ike('responder', { id: 3, payloads: [notify(NOTIFY.messageIdSync, `aaaaaaaa${hex(10)}${hex(3)}`)] }),
    ],
  },
  {
    rule: 'RFC6311-5.1-NONCE-CHECK',
    by: 'complete observation',
    trace: [...before, first, answers('bbbbbbbb', 3, 20), request('responder', 20)],
  },
  {
    rule: 'RFC6311-5.1-NONCE-ECHO',
    by: 'complete observation',
    trace: [...before, first, answers('bbbbbbbb')],
  },
  {
    rule: 'RFC6311-5.1-P1',
    by: { contradicts: before.length + 2 },
    trace: [
      ...before,
      clusterEvent('state-sync', 'responder', 'B'),
      clusterEvent('failover', 'responder', 'B'),
      asks('aaaaaaaa', 10, 9),
      asks('bbbbbbbb', 11, 1),
    ],
  },
  {
    rule: 'RFC6311-5.1-P1',
    by: 'complete observation',
    trace: [
      ...before,
      clusterEvent('state-sync', 'responder', 'B'),
      clusterEvent('failover', 'responder', 'B'),
      asks('aaaaaaaa', 10, 1),
    ],
  },
  {
    rule: 'RFC6311-5.1-P2',
    by: { contradicts: before.length },
    trace: [...before, asks('aaaaaaaa', 10, 9), answers()],
  },
  {
    rule: 'RFC6311-5.1-P2',
    by: 'complete observation',
    trace: [...before, first, answers('aaaaaaaa', 9)],
  },
  {
    rule: 'RFC6311-5.2-ONCE',
    by: 'complete observation',
    trace: [
      ...[...before, ...packets, withDelta, answered, esp('initiator', 5004)],
      ...[withDelta, answered, esp('initiator', 10005)],
    ],
  },
  {
    rule: 'RFC6311-5.2-PEER-DELTA',
    by: 'complete observation',
    trace: [
      ...[...before, ...packets, { ...withDelta, time: 1 }, { ...answered, time: 1.1 }],
      esp('initiator', 4, { time: 9 }),
    ],
  },
  {
    rule: 'RFC6311-5.2-STANDALONE',
    by: 'itself',
    trace: [...before, ike('responder', { payloads: [delta(5000)] })],
  },
  {
    rule: 'RFC6311-6.1-FORMAT',
    by: 'itself',
    trace: [ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads: [notify(M, '00')] })],
  },
  {
    rule: 'RFC6311-6.2-FORMAT',
    by: 'itself',
    trace: [ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads: [notify(R, '00')] })],
  },
  { rule: 'RFC6311-6.3-FORMAT', by: 'itself', trace: [asks('aaaa')] },
  {
    rule: 'RFC6311-6.4-CLUSTER-ONLY',
    by: 'itself',
    trace: [...before, withDelta, answers('aaaaaaaa', 3, 10, [...DELTA])],
  },
  {
    rule: 'RFC6311-6.4-FORMAT',
    by: 'itself',
    trace: [...before, asks('aaaaaaaa', 10, 3, [NOTIFY.replayCounterSync])],
  },
  {
    rule: 'RFC7296-2.1-RETRANSMISSION',
    by: { contradicts: withoutSync.length + 1 },
    trace: [...withoutSync, ...exchange('initiator', 3), response('responder', 3)],
  },
  {
    rule: 'RFC7296-2.1-RETRANSMISSION',
    by: 'complete observation',
    trace: [...before, ...exchange('initiator', 3), response('responder', 3)],
  },
  {
    rule: 'RFC7296-2.2-NEXT-ID',
    by: { contradicts: withoutSync.length },
    trace: [...withoutSync, request('initiator', 3), request('initiator', 3)],
  },
  {
    rule: 'RFC7296-2.2-NEXT-ID',
    by: 'complete observation',
    needsWindows: true,
    trace: [...withoutSync, request('initiator', 4)],
  },
  {
    rule: 'RFC7296-2.2-RESPONSE-ID',
    by: 'complete observation',
    trace: [...withoutSync, response('responder', 3)],
  },
  {
    rule: 'RFC7296-2.3-EXPECTED-ID',
    by: { contradicts: withoutSync.length + 2 },
    trace: [
      ...[...withoutSync, request('initiator', 3), request('initiator', 3)],
      ...[response('responder', 3), response('responder', 3)],
    ],
  },
  {
    rule: 'RFC7296-2.3-EXPECTED-ID',
    by: 'complete observation',
    needsWindows: true,
    trace: [...withoutSync, request('initiator', 3), request('initiator', 4), response('responder', 4)],
  },
  {
    rule: 'RFC7296-2.3-WINDOW',
    by: 'complete observation',
    trace: [init, authRequest, authResponse, request('initiator', 2), request('initiator', 3)],
  },
  {
    rule: 'IPSECHA01-FC-CARRY',
    by: 'complete observation',
    revision: ipsecha01,
    trace: [
      ...[...before, counted('aaaaaaaa', 1, 10), answers(), ...exchange('responder', 10)],
      counted('bbbbbbbb', 1, 20),
    ],
  },
  {
    rule: 'IPSECHA01-FC-OBSERVED',
    by: 'complete observation',
    revision: ipsecha01,
    trace: [...before, counted('aaaaaaaa', 0, 10), answers()],
  },
];

/** The rules of which somebody is convicted by a trace, whatever else was not captured or, if complete, since nothing is. */
const convicted = (trace: readonly Event[], revision: Revision, complete: boolean): readonly string[] =>
  validate(trace, { revision, complete }).findings.flatMap(({ rule, condition }) =>
    condition === undefined ? [rule] : [],
  );

const withoutContents = (event: Event): Event => {
  if (!('message' in event) || event.message.kind !== 'ike') return event;
  const { payloads: _, ...message } = event.message;
  return { ...event, message };
};

const name = ({ rule, by }: Convicting): string =>
  `${rule} by ${typeof by === 'string' ? by : 'another message'}`;

describe.each(CONVICTING.map((each) => [name(each), each] as const))('%s', (_, each) => {
  const { rule, by, trace, revision = rfc6311, needsWindows = false } = each;
  const isComplete = by === 'complete observation';

  it('convicts', () => {
    expect(convicted(trace, revision, isComplete)).toContain(rule);
  });

  it('convicts nobody without it', () => {
    if (isComplete) expect(convicted(trace, revision, false)).not.toContain(rule);
    else if (by !== 'itself') {
      expect(convicted(trace.toSpliced(by.contradicts, 1), revision, false)).not.toContain(rule);
    } else expect(convicted(trace.slice(0, -1), revision, false)).not.toContain(rule);
  });

  const { seenBy } = catalogue.find(({ id }) => id === rule)!;
  if (seenBy === 'contents' || needsWindows) {
    it('convicts nobody where contents are not read', () => {
      expect(convicted(trace.map(withoutContents), revision, true)).not.toContain(rule);
    });
  } else {
    it('convicts by headers alone', () => {
      expect(convicted(trace.map(withoutContents), revision, isComplete)).toContain(rule);
    });
  }
});

it('every rule that traces are judged by is convicted as its page says, and no other', () => {
  const judged = new Set([...judgedOnTraces(rfc6311), ...judgedOnTraces(ipsecha01)]);
  const ways = (rule: string): string => {
    const by = CONVICTING.filter((each) => each.rule === rule).map((each) => each.by);
    const byCompleteness = by.includes('complete observation');
    const byContradiction = by.some((each) => each !== 'complete observation');
    if (byCompleteness && byContradiction) return 'either';
    return byCompleteness ? 'complete observation' : byContradiction ? 'contradiction' : 'nothing';
  };
  expect([...judged].map((rule) => [rule, ways(rule)])).toEqual(
    [...judged].map((rule) => [rule, catalogue.find(({ id }) => id === rule)?.convictedBy]),
  );
  expect(CONVICTING.map(({ rule }) => rule).filter((rule) => !judged.has(rule))).toEqual([]);
});
