/** Verdicts on what a tap alone does not tell, and on all of counter sync: one trace for each thing to tell apart. */
import { describe, expect, it } from 'vitest';
import { ipsecha00, ipsecha01, rfc6311 } from '../../model/index.ts';
import type { Event, MessageEvent } from './events/event.ts';
import { NOTIFY } from './judge/interpret.ts';
import {
  beforeFailover,
  clusterEvent,
  delta,
  esp,
  established,
  exchange,
  found,
  ike,
  notify,
  request,
  response,
  sync,
  told,
  validateWhole as validate,
} from './testing/events.ts';
import { Validator } from './validator.ts';

const { messageIdSyncSupported, replayCounterSyncSupported } = NOTIFY;

const remarksOn = (events: readonly Event[]): string =>
  validate(events)
    .remarks.map(({ message }) => message)
    .join('\n');

const before = beforeFailover;
const next = before.length + 1;

describe('replay counters beside Message IDs', () => {
  const asked = sync('responder', false, 'aaaaaaaa', [10, 3], [delta(5000)]);
  const answered = sync('initiator', true, 'aaaaaaaa', [3, 10]);
  const packets = [1, 2, 3].map((number) => esp('initiator', number, { time: number }));
  const timed = (event: MessageEvent, time: number): MessageEvent => ({ ...event, time });

  it('finds nothing where the peer adds the delta, and packets that were under way come late', () => {
    expect(
      found([
        ...before,
        ...packets,
        timed(asked, 5),
        timed(answered, 5.1),
        esp('initiator', 4, { time: 5.2 }),
        esp('initiator', 5005, { time: 6.3 }),
        esp('initiator', 5006, { time: 7 }),
      ]),
    ).toEqual([]);
  });

  it('RFC6311-5.2-PEER-DELTA: the peer answers and goes on as before', () => {
    const events = [...before, ...packets, timed(asked, 5), timed(answered, 5.1)];
    const after = [4, 5, 6].map((number) => esp('initiator', number, { time: 6 + number }));
    const { findings } = validate([...events, ...after]);
    // Told once.
    expect(findings.map(({ event, rule, actor }) => [event, rule, actor])).toEqual([
      [events.length + 1, 'RFC6311-5.2-PEER-DELTA', 'peer'],
    ]);
    expect(findings[0]?.allowed).toBe('any number above 5003');
  });

  it('RFC6311-5.2-ONCE: a retransmission adds the delta again', () => {
    const events = [
      ...before,
      ...packets,
      asked,
      answered,
      esp('initiator', 5004),
      asked,
      answered,
      esp('initiator', 10005),
    ];
    expect(found(events)).toEqual([`${events.length} RFC6311-5.2-ONCE`]);
  });

  it('RFC6311-6.4-FORMAT: no delta', () => {
    const empty = sync('responder', false, 'aaaaaaaa', [10, 3], [notify(NOTIFY.replayCounterSync)]);
    expect(found([...before, empty, answered])).toEqual([`${next} RFC6311-6.4-FORMAT`]);
  });
});

describe('RFC6311-6.4-CLUSTER-ONLY: the peer sends no IPSEC_REPLAY_COUNTER_SYNC', () => {
  const asked = sync('responder', false, 'aaaaaaaa', [10, 3], [delta(5000)]);
  const confirmed = sync('initiator', true, 'aaaaaaaa', [3, 10], [delta(5000)]);

  it('nor in its answer to one', () => {
    expect(found([...before, asked, confirmed])).toContain(`${next + 1} RFC6311-6.4-CLUSTER-ONLY`);
  });

  it('finds nothing of the kind where it is in the request only, of whichever size', () => {
    const long = sync(
      'responder',
      false,
      'aaaaaaaa',
      [10, 3],
      [notify(NOTIFY.replayCounterSync, '0000000000001388')],
    );
    const plain = sync('initiator', true, 'aaaaaaaa', [3, 10]);
    expect(found([...before, asked, plain])).toEqual([]);
    expect(found([...before, long, plain])).toEqual([]);
  });
});

describe('replay counters alone', () => {
  const alone = (id: number): MessageEvent => ike('responder', { id, payloads: [delta(5000)] });

  it('finds nothing in an ordinary exchange with the next Message ID', () => {
    expect(found([...before, alone(3), response('initiator', 3), ...exchange('responder', 4)])).toEqual([]);
  });

  it('RFC6311-5.2-STANDALONE: Message ID 0, and a response with something in it', () => {
    expect(found([...before, alone(0)])).toContain(`${next} RFC6311-5.2-STANDALONE`);
    const full = ike('initiator', { id: 3, response: true, payloads: [delta(5000)] });
    expect(found([...before, alone(3), full])).toEqual([`${next + 1} RFC6311-5.2-STANDALONE`]);
  });

  it('RFC6311-5-REPLAY-NEGOTIATED: it was not announced', () => {
    const without = [...established(messageIdSyncSupported), ...before.slice(3)];
    expect(found([...without, alone(3), response('initiator', 3)])).toEqual([
      `${next} RFC6311-5-REPLAY-NEGOTIATED`,
    ]);
  });
});

describe('both ends are clusters', () => {
  it('finds nothing where sync requests cross, and names the ends by the wire', () => {
    const cross = [
      sync('responder', false, 'aaaaaaaa', [10, 3]),
      sync('initiator', false, 'bbbbbbbb', [10, 3]),
      sync('initiator', true, 'aaaaaaaa', [10, 10]),
      sync('responder', true, 'bbbbbbbb', [10, 10]),
      ...exchange('responder', 10),
      ...exchange('initiator', 10),
    ];
    expect(found([...before, ...cross])).toEqual([]);
    const { findings } = validate([...before, ...cross, request('initiator', 2)]);
    expect(findings.map(({ rule, actor }) => [rule, actor])).toEqual([['RFC7296-2.2-NEXT-ID', 'initiator']]);
  });
});

describe('the drafts', () => {
  const counted = (nonce: string, count: number, m1: number): MessageEvent =>
    sync('responder', false, nonce, [count, m1, 3]);

  it('IPSECHA01-FC-CARRY: each failover has a higher count', () => {
    const first = [counted('aaaaaaaa', 1, 10), sync('initiator', true, 'aaaaaaaa', [3, 10])];
    const second = [counted('bbbbbbbb', 2, 20), sync('initiator', true, 'bbbbbbbb', [3, 20])];
    expect(found([...before, ...first, ...exchange('responder', 10), ...second], ipsecha01)).toEqual([]);
    const same = [...before, ...first, ...exchange('responder', 10), counted('bbbbbbbb', 1, 20)];
    expect(found(same, ipsecha01)).toEqual([`${same.length} IPSECHA01-FC-CARRY`]);
  });

  it('the first count may be 0 as well as 1, and a new request of a failover may have a new count or the same', () => {
    const zero = [...before, counted('aaaaaaaa', 0, 10)];
    expect(found(zero, ipsecha01)).toEqual([]);
    // Whoever took 0 for observed would have dropped it.
    expect(found([...zero, sync('initiator', true, 'aaaaaaaa', [3, 10])], ipsecha01)).toEqual([
      `${zero.length + 1} IPSECHA01-FC-OBSERVED`,
    ]);
    const anew = (count: number): readonly string[] =>
      found([...before, counted('aaaaaaaa', 1, 10), counted('bbbbbbbb', count, 11)], ipsecha01);
    expect([anew(1), anew(2), anew(0)]).toEqual([[], [], [`${next + 1} IPSECHA01-FC-CARRY`]]);
  });

  it('RFC6311-6.3-FORMAT: without a count', () => {
    const uncounted = sync('responder', false, 'aaaaaaaa', [10, 3]);
    expect(found([...before, uncounted], ipsecha01)).toEqual([`${next} RFC6311-6.3-FORMAT`]);
    expect(found([...before, uncounted], ipsecha00)).toEqual([]);
  });

  it('IPSECHA01-FC-OBSERVED: a replayed request is answered anew; the draft before allowed that', () => {
    const asked = counted('aaaaaaaa', 1, 10);
    const again = sync('initiator', true, 'aaaaaaaa', [3, 11]);
    const events = [...before, asked, sync('initiator', true, 'aaaaaaaa', [3, 10]), asked, again];
    expect(found(events, ipsecha01)).toEqual([`${events.length} IPSECHA01-FC-OBSERVED`]);
    const old = sync('responder', false, 'aaaaaaaa', [10, 3]);
    const replayed = [...before, old, sync('initiator', true, 'aaaaaaaa', [3, 10]), old, again];
    expect(found(replayed, ipsecha00)).toEqual([]);
    expect(found(replayed, rfc6311)).toEqual([`${replayed.length} RFC6311-5.1-DROP-STALE`]);
  });
});

describe('an IKE SA that replaces another', () => {
  const SUCCESSOR = '3333333333333333:4444444444444444';
  const payloads = ['SA', 'Nonce', 'KE'].map((name) => ({ type: 'other' as const, name }));
  const rekeyed = [
    ike('responder', { exchange: 'CREATE_CHILD_SA', id: 3, payloads }),
    ike('initiator', { exchange: 'CREATE_CHILD_SA', id: 3, response: true, payloads }),
  ];
  const under = (event: MessageEvent): MessageEvent => ({ ...event, sa: SUCCESSOR });

  it('begins at 0 with what was negotiated under the old one', () => {
    const start = [...established(replayCounterSyncSupported), ...before.slice(3), ...rekeyed];
    // Who asked for it is its initiator.
    const requests = [ike('initiator', { id: 0 }, 'one'), ike('responder', { id: 0, response: true }, 'two')];
    expect(remarksOn([...start, ...requests.map(under)])).not.toContain('was already there');
    const asked = sync('initiator', false, 'aaaaaaaa', [10, 0]);
    const result = validate([...start, ...requests.map(under), under(asked)]);
    expect(result.findings.map(({ rule }) => rule)).toEqual(['RFC6311-5-NEGOTIATED']);
    const skipped = ike('initiator', { id: 4 });
    expect(validate([...start, under(skipped)]).findings.map(({ rule }) => rule)).toEqual([
      'RFC7296-2.2-NEXT-ID',
    ]);
  });
});

describe('what the ends tell themselves', () => {
  it('takes what was received for sent, whoever saw it', () => {
    const unseen = told('received', request('responder', 3));
    expect(found([...before, unseen, response('initiator', 3)])).toEqual([]);
    expect(found([...before, told('received', request('responder', 7))])).toEqual([
      `${next} RFC7296-2.2-NEXT-ID`,
    ]);
  });

  it('has no fault to find where what is accepted is acceptable, and the answer follows', () => {
    const asked = request('initiator', 3);
    const answer = response('responder', 3);
    expect(
      found([
        ...before,
        asked,
        told('accepted', asked),
        answer,
        told('accepted', answer),
        ...exchange('initiator', 4),
      ]),
    ).toEqual([]);
    const ask = sync('responder', false, 'aaaaaaaa', [10, 3]);
    const answered = sync('initiator', true, 'aaaaaaaa', [3, 10]);
    expect(
      found([
        ...before,
        ask,
        told('accepted', ask),
        answered,
        told('accepted', answered),
        ...exchange('responder', 10),
      ]),
    ).toEqual([]);
  });

  it('RFC7296-2.1-RETRANSMISSION: a request is acted on a second time', () => {
    const old = request('initiator', 3);
    const events = [...before, old, told('accepted', old), response('responder', 3)];
    // A member with an older state would do so.
    const { findings } = validate([...events, told('accepted', old)]);
    expect(findings.map(({ event, rule, actor }) => [event, rule, actor])).toEqual([
      [events.length + 1, 'RFC7296-2.1-RETRANSMISSION', 'cluster'],
    ]);
    const older = [...events, ...exchange('initiator', 4)];
    expect(found([...older, told('accepted', old)])).toEqual([
      `${older.length + 1} RFC7296-2.1-RETRANSMISSION`,
    ]);
  });

  it('RFC6311-5.1-DROP-STALE and RFC6311-11-RESPONSE-ONCE: an old sync message is acted on', () => {
    const ask = sync('responder', false, 'aaaaaaaa', [10, 3]);
    const answered = sync('initiator', true, 'aaaaaaaa', [3, 10]);
    const events = [...before, ask, answered, told('accepted', answered), ...exchange('responder', 10)];
    expect(found([...events, told('accepted', ask)])).toEqual([
      `${events.length + 1} RFC6311-5.1-DROP-STALE`,
    ]);
    expect(found([...events, told('accepted', answered)])).toEqual([
      `${events.length + 1} RFC6311-11-RESPONSE-ONCE`,
    ]);
  });

  it('remarks on a request that is sent once and never answered, unless nothing of the other end was seen', () => {
    const once = /^request 3 of the initiator was sent once and is never answered/u;
    const asked = [...before, request('initiator', 3)];
    expect(validate(asked).remarks.filter(({ message }) => once.test(message))).toHaveLength(1);
    expect(validate([...asked, response('responder', 3)]).remarks).toEqual([]);
    const oneWay = asked.filter((event) => 'from' in event && event.from === 'initiator');
    expect(validate(oneWay).remarks.filter(({ message }) => once.test(message))).toEqual([]);
  });

  it('blames nobody for what is dropped', () => {
    const asked = request('initiator', 3);
    const events = [...before, asked, told('dropped', asked), asked, response('responder', 3)];
    expect(found(events)).toEqual([]);
    expect(remarksOn(events)).toContain('which it could have acted on: no fault');
  });

  it('knows by a state sync how old a snapshot can be', () => {
    const ask = sync('responder', false, 'aaaaaaaa', [10, 2]);
    const copied = clusterEvent('state-sync', 'responder', 'B');
    const failed = clusterEvent('failover', 'responder', 'B');
    // Without, or before the request of the peer that P1 does not know of, the member may lack it.
    expect(found([...before, failed, ask])).toEqual([]);
    expect(found([...before.slice(0, -2), copied, ...before.slice(-2), failed, ask])).toEqual([]);
    expect(found([...before, copied, failed, ask])).toEqual([`${next + 2} RFC6311-5.1-P1`]);
    // Who answers cannot know.
    const answered = [sync('initiator', true, 'aaaaaaaa', [3, 10]), ...exchange('responder', 10)];
    expect(found([...before, copied, failed, ask, ...answered])).toEqual([`${next + 2} RFC6311-5.1-P1`]);
    // Who took over with it and gave its role up again may remember what it did itself: that is not what was copied.
    const away = clusterEvent('failover', 'responder', 'A');
    expect(found([...before, copied, failed, away, failed, ask])).toEqual([]);
    // What was copied to another member does not matter.
    expect(found([...before, clusterEvent('state-sync', 'responder', 'C'), failed, ask])).toEqual([]);
  });

  it('RFC4303-3.4.3-ANTI-REPLAY: a packet is accepted twice', () => {
    const packet = esp('initiator', 1);
    const events = [...before, packet, told('accepted', packet)];
    expect(found([...events, told('accepted', esp('initiator', 2))])).toEqual([]);
    const { findings } = validate([...events, told('accepted', packet)]);
    expect(findings.map(({ rule, actor }) => [rule, actor])).toEqual([
      ['RFC4303-3.4.3-ANTI-REPLAY', 'responder'],
    ]);
  });
});

describe('copies', () => {
  it('tells retransmissions from copies made on the way, and from replays', () => {
    const asked = request('initiator', 3);
    const answer = response('responder', 3);
    const copiesIn = (events: readonly MessageEvent[]) => {
      const { retransmitted, duplicated, replayed } = validate([...before, ...events]).statistics;
      return [retransmitted, duplicated, replayed];
    };
    expect(copiesIn([asked, asked, answer])).toEqual([1, 0, 0]);
    expect(copiesIn([asked, answer, asked, answer])).toEqual([2, 0, 0]);
    expect(copiesIn([asked, answer, answer])).toEqual([0, 1, 0]);
    const after = exchange('initiator', 4);
    expect(copiesIn([asked, answer, ...after, asked])).toEqual([0, 0, 1]);
    expect(copiesIn([asked, answer, ...after, ...exchange('initiator', 5), answer])).toEqual([0, 0, 1]);
    const packets = Array.from({ length: 100 }, (_, index) => esp('initiator', index + 1));
    expect(copiesIn([...packets, packets[98]!, packets[3]!])).toEqual([0, 1, 1]);
  });
});

describe('without end', () => {
  const long = (exchanges: number): readonly MessageEvent[] =>
    Array.from({ length: exchanges }, (_, index) => exchange('initiator', index + 3)).flat();

  it('judges the same event by event as all at once, in arrays and in streams', async () => {
    const events: readonly Event[] = [...before, request('responder', 1), ...exchange('initiator', 3)];
    const whole = validate(events);
    const validator = new Validator({ complete: true });
    for (const event of events) validator.take(event);
    expect(validator.end()).toEqual(whole);
    async function* stream(): AsyncGenerator<Event> {
      yield* events;
    }
    expect(await validate(stream())).toEqual(whole);
    expect(whole.verdict).toBe('violates');
  });

  it('still finds a Message ID that was used long ago, and what came late', () => {
    const events = [...before, ...long(900)];
    expect(found(events)).toEqual([]);
    expect(found([...events, request('initiator', 3)])).toEqual([`${events.length + 1} RFC7296-2.2-NEXT-ID`]);
    expect(found([...events, ...exchange('initiator', 903)])).toEqual([]);
  });

  it('says so where a message is so late that it may be a copy of one that is forgotten', () => {
    const events = [...before, ...long(2200)];
    const result = validate([...events, request('initiator', 3)]);
    expect(result.findings).toEqual([]);
    expect(result.missing.join()).toContain(`what was before event ${events.length + 1}, so far back`);
    expect(result.verdict).toBe('inconclusive');
    // What is recent is judged as ever.
    expect(found([...events, request('initiator', 2202)])).toEqual([
      `${events.length + 1} RFC7296-2.2-NEXT-ID`,
    ]);
  });
});

describe('longest explained prefixes', () => {
  it('lists every way that leads there, with the condition that fails first', () => {
    const [finding] = validate([...before, request('initiator', 7)]).findings;
    expect(finding?.prefixes?.map(({ way, rule }) => [way, rule])).toContainEqual([
      'the active member goes on',
      'RFC7296-2.2-NEXT-ID',
    ]);
    expect(finding?.prefixes?.some(({ way }) => way.startsWith('another member takes over'))).toBe(true);
  });
});
