/** Verdicts that were once wrong, and what has to stay a fault beside each. */
import { describe, expect, it } from 'vitest';
import type { Event, MessageEvent } from './events/event.ts';
import { NOTIFY } from './judge/interpret.ts';
import {
  beforeFailover,
  delta,
  esp,
  established,
  exchange,
  found,
  ike,
  notify,
  otherEnd,
  request,
  response,
  SA,
  sync,
  validateWhole as validate,
} from './testing/events.ts';

const { messageIdSyncSupported, replayCounterSyncSupported } = NOTIFY;

const before = beforeFailover;
const next = before.length + 1;

describe('ESP numbers', () => {
  it('RFC4303-3.3.3-NEVER-REPEAT: each reuse once, however often it is seen', () => {
    const second = esp('initiator', 2);
    const third = esp('initiator', 2);
    const events = [esp('initiator', 1), esp('initiator', 2), second, second, third, second, third];
    expect(found([...before, ...events])).toEqual([
      `${next + 2} RFC4303-3.3.3-NEVER-REPEAT`,
      `${next + 4} RFC4303-3.3.3-NEVER-REPEAT`,
    ]);
    expect(validate([...before, ...events]).statistics.repeated).toBe(3);
  });

  it('RFC4303-3.3.3-NEXT-NUMBER: 0 is no number of an SA that does not count on beyond 32 bits', () => {
    const zero = esp('initiator', 0);
    expect(found([...before, esp('initiator', 1), zero, zero])).toEqual([
      `${next + 1} RFC4303-3.3.3-NEXT-NUMBER`,
    ]);
    // Of extended numbers it may be the lower half.
    expect(found([...before, esp('initiator', 0xffff_ffff), zero])).toEqual([]);
    expect(found([...before, zero])).toEqual([]);
    const upper = (half: number): MessageEvent => ({
      ...zero,
      message: { kind: 'esp', spi: '0000abcd', sequence: 0, upper: half },
    });
    expect(found([...before, upper(1)])).toEqual([]);
    expect(found([...before, upper(0)])).toEqual([`${next} RFC4303-3.3.3-NEXT-NUMBER`]);
  });
});

describe('a delta', () => {
  const asked = sync('responder', false, 'aaaaaaaa', [10, 3], [delta(5000)]);
  const answered = sync('initiator', true, 'aaaaaaaa', [3, 10]);
  const late = (from: 'initiator' | 'responder', first: number): readonly MessageEvent[] =>
    Array.from({ length: 80 }, (_, index) => esp(from, first + index, { spi: `${from.length}000abcd` }));
  const told = (event: MessageEvent, sa: string | undefined): MessageEvent => {
    const { source: _, destination: __, sa: ___, ...rest } = event;
    return { ...rest, ...(sa === undefined ? {} : { sa }) };
  };
  const run = (by: 'initiator' | 'responder') => [
    ...before,
    ...late(by, 1),
    asked,
    answered,
    ...late(by, 81),
  ];

  it('RFC6311-5.2-PEER-DELTA: is for the end that was told it, whether or not addresses are', () => {
    const rule = 'RFC6311-5.2-PEER-DELTA';
    const rules = (events: readonly Event[]) => validate(events).findings.map((finding) => finding.rule);
    for (const name of [(event: MessageEvent) => event, (event: MessageEvent) => told(event, SA)]) {
      expect(rules(run('initiator').map(name))).toEqual([rule]);
      expect(rules(run('responder').map(name))).toEqual([]);
    }
  });

  it('is for the Child SAs between the two hosts, and for no others', () => {
    const elsewhere = (event: MessageEvent): MessageEvent =>
      event.message.kind === 'esp' ? { ...event, destination: '192.0.2.99:4500' } : event;
    expect(found(run('initiator').map(elsewhere))).toEqual([]);
  });
});

describe('further payloads in a sync response', () => {
  const asked = sync('responder', false, 'aaaaaaaa', [10, 3]);
  const answer = (more: Parameters<typeof sync>[4]) => sync('initiator', true, 'aaaaaaaa', [3, 10], more);

  it('RFC6311-5.1-ALONE: is the fault of who sends one; a status that is unknown is ignored', () => {
    const events = [...before, asked, answer([notify(40_999)])];
    expect(found([...events, ...exchange('responder', 10), ...exchange('initiator', 3)])).toEqual([
      `${next + 1} RFC6311-5.1-ALONE`,
    ]);
    // Nor is it in order to go on in another way.
    expect(found([...events, request('responder', 12)])).toEqual([
      `${next + 1} RFC6311-5.1-ALONE`,
      `${next + 2} RFC7296-2.2-NEXT-ID`,
    ]);
    // What is wrong besides is wrong.
    expect(found([...before, asked, sync('initiator', true, 'aaaaaaaa', [3, 9], [notify(40_999)])])).toEqual([
      `${next + 1} RFC6311-5.1-ALONE`,
      `${next + 1} RFC6311-5.1-M2`,
    ]);
  });
});

describe('replay counter sync alone under Message ID 0', () => {
  const zero = ike('responder', { payloads: [delta(7000)] });

  it('RFC6311-5.2-STANDALONE: is for its sender, and for who answers it; all else goes on', () => {
    const after = [...exchange('responder', 3), ...exchange('initiator', 3)];
    expect(found([...before, zero, ...after])).toEqual([`${next} RFC6311-5.2-STANDALONE`]);
    expect(found([...before, zero, response('initiator', 0), ...after])).toEqual([
      `${next} RFC6311-5.2-STANDALONE`,
      `${next + 1} RFC6311-5.2-STANDALONE`,
    ]);
    // After a sync as before one.
    const synced = [
      ...before,
      sync('responder', false, 'aaaaaaaa', [10, 3]),
      sync('initiator', true, 'aaaaaaaa', [3, 10]),
    ];
    expect(found([...synced, zero, response('initiator', 0), ...exchange('responder', 10)])).toEqual([
      `${next + 2} RFC6311-5.2-STANDALONE`,
      `${next + 3} RFC6311-5.2-STANDALONE`,
    ]);
  });

  it('is in order as the first request of a responder', () => {
    const fresh = established(messageIdSyncSupported, replayCounterSyncSupported);
    expect(found([...fresh, zero, response('initiator', 0), ...exchange('responder', 1)])).toEqual([]);
  });
});

describe('after a fault that may or may not be a failover', () => {
  it('what is in order without a failover stays in order, through a second fault', () => {
    const by = 'responder';
    const events = [
      ...before,
      ...exchange(otherEnd(by), 3),
      request(by, 1),
      request(by, 1),
      ...exchange(otherEnd(by), 4),
      ...exchange(otherEnd(by), 5),
      request(otherEnd(by), 6),
    ];
    expect(found(events)).toEqual([`${next + 2} RFC7296-2.2-NEXT-ID`, `${next + 3} RFC7296-2.2-NEXT-ID`]);
  });
});

describe('what lay before the trace', () => {
  const message = (from: 'initiator' | 'responder', id: number, isResponse: boolean) =>
    isResponse ? response(from, id) : request(from, id);

  it('RFC7296-2.2-RESPONSE-ID: a response may answer a request from before it, though older ones are seen again', () => {
    const old = [message('initiator', 3, false), message('responder', 3, true)];
    const { verdict, findings, missing } = validate([...old, message('responder', 5, true)]);
    expect([verdict, findings]).toEqual(['inconclusive', []]);
    expect(missing.join()).toMatch(/response 5 at event 3 may answer a request from before it/u);
    // What follows is judged from there on.
    const later = [message('responder', 5, true), ...exchange('initiator', 6), ...exchange('initiator', 7)];
    expect(validate([...old, ...later]).findings).toEqual([]);
  });

  it('RFC7296-2.2-RESPONSE-ID: but none that is further off than any window, nor if the beginning was seen', () => {
    const old = [message('initiator', 3, false), message('responder', 3, true)];
    expect(found([...old, message('responder', 1003, true)])).toEqual(['3 RFC7296-2.2-RESPONSE-ID']);
    expect(found([...established(), message('responder', 7, true)])).toEqual([
      `${established().length + 1} RFC7296-2.2-RESPONSE-ID`,
    ]);
  });

  it('RFC6311-5.1-NONCE-ECHO: a sync response may answer a request from before it, and not the one that waits', () => {
    const asked = sync('responder', false, 'aaaaaaaa', [10, 2]);
    const answered = sync('initiator', true, 'aaaaaaaa', [2, 10]);
    const other = sync('initiator', true, 'bbbbbbbb', [2, 12]);
    expect(validate([asked, answered, other]).verdict).toBe('inconclusive');
    // With the M1 of the one that waits it is most likely the answer to that.
    expect(found([asked, sync('initiator', true, 'bbbbbbbb', [2, 10])])).toEqual([
      '2 RFC6311-5.1-NONCE-ECHO',
    ]);
  });
});

describe('nothing that a rule judges', () => {
  it('is never conformant: half-open IKE SAs alone', () => {
    const opened = [
      ike('initiator', { exchange: 'IKE_SA_INIT' }),
      ike('responder', { exchange: 'IKE_SA_INIT', response: true }),
    ];
    const { verdict, missing } = validate(opened);
    expect(verdict).toBe('inconclusive');
    expect(missing.join()).toMatch(/anything after IKE_SA_INIT/u);
    expect(validate([...opened, esp('initiator', 1)]).verdict).toBe('conformant');
  });
});
