/** The validator on traces that are written out here, one for each thing that it has to tell apart. */
import { describe, expect, it } from 'vitest';
import { ikev2 } from '../../model/index.ts';
import type { End, MessageEvent, Payload } from './events/event.ts';
import { NOTIFY } from './judge/interpret.ts';
import {
  esp as espOf,
  exchange,
  found,
  HOST,
  hex,
  ike,
  notify,
  request,
  response,
  validateWhole as validate,
} from './testing/events.ts';

const sync = (
  from: End,
  isResponse: boolean,
  nonce: string,
  send: number,
  receive: number,
  more: readonly Payload[] = [],
): MessageEvent =>
  ike(from, {
    response: isResponse,
    payloads: [notify(NOTIFY.messageIdSync, nonce + hex(send) + hex(receive)), ...more],
  });

const esp = (from: End, spi: string, sequence: number, octets?: string): MessageEvent =>
  espOf(from, sequence, { spi, ...(octets === undefined ? {} : { octets }) });

/** IKE_SA_INIT and IKE_AUTH, with or without IKEV2_MESSAGE_ID_SYNC_SUPPORTED by either end. */
const established = (announced: Partial<Record<End, boolean>> = {}): readonly MessageEvent[] => {
  const says = (end: End): readonly Payload[] =>
    announced[end] === false ? [] : [notify(NOTIFY.messageIdSyncSupported)];
  return [
    ike('responder', { exchange: 'IKE_SA_INIT', response: true }),
    ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads: says('initiator') }),
    ike('responder', { exchange: 'IKE_AUTH', id: 1, response: true, payloads: says('responder') }),
  ];
};

/** The responder is the cluster: after requests 0 to 2 of its own, it fails. */
const before: readonly MessageEvent[] = [
  ...established(),
  ...exchange('responder', 0),
  ...exchange('responder', 1),
  ...exchange('responder', 2),
  ...exchange('initiator', 2),
];
const next = before.length + 1;

describe('ordinary exchanges', () => {
  it('finds nothing in an orderly trace', () => {
    const result = validate([...before, ...exchange('initiator', 3)]);
    expect(result.verdict).toBe('conformant');
    expect(result.findings).toEqual([]);
  });

  it('takes the same octets for a retransmission, other octets for a second request', () => {
    const first = request('responder', 3, 'same');
    expect(found([...before, first, first, response('initiator', 3)])).toEqual([]);
    expect(found([...before, first, request('responder', 3), response('initiator', 3)])).toEqual([
      `${next + 1} RFC7296-2.2-NEXT-ID`,
    ]);
  });

  it('names a new request while another is unanswered', () => {
    expect(found([...before, request('initiator', 3), request('initiator', 4)])).toEqual([
      `${next + 1} RFC7296-2.3-WINDOW`,
    ]);
  });

  it('names a Message ID that was skipped', () => {
    expect(found([...before, request('initiator', 5)])).toEqual([`${next} RFC7296-2.2-NEXT-ID`]);
  });

  it('names a response to a request that was not seen', () => {
    expect(found([...before, response('responder', 9)])).toEqual([`${next} RFC7296-2.2-RESPONSE-ID`]);
  });

  it('names a second response, with other octets, to one request', () => {
    expect(found([...before, ...exchange('initiator', 3), response('responder', 3)])).toEqual([
      `${next + 2} RFC7296-2.1-RETRANSMISSION`,
    ]);
  });

  it('does not blame anybody for what is not authentic', () => {
    const forged: MessageEvent = { ...request('responder', 0), integrity: 'bad' };
    const result = validate([...before, forged]);
    expect(result.verdict).toBe('conformant');
    expect(result.statistics.notAuthentic).toBe(1);
  });

  it('tells a copy with an altered integrity value from a second request, without keys', () => {
    const first: MessageEvent = {
      ...request('responder', 3, 'one'),
      octetsBeforeIntegrity: 'body',
      integrity: 'unchecked',
    };
    const altered: MessageEvent = { ...first, octets: 'two' };
    expect(found([...before, first, altered])).toEqual([]);
  });

  it('remarks on a request that stays unanswered, and blames nobody', () => {
    const lost = request('initiator', 3, 'lost');
    const result = validate([...before, { ...lost, frame: 20 }, { ...lost, frame: 21 }]);
    expect(result.verdict).toBe('conformant');
    expect(result.remarks.map(({ message }) => message).join()).toContain(
      'request 3 of the initiator was sent 2 times (frames 20, 21) and is never answered',
    );
  });

  it('begins in mid-session', () => {
    const result = validate([
      ...exchange('initiator', 41),
      ...exchange('responder', 7),
      ...exchange('initiator', 42),
    ]);
    expect(result.verdict).toBe('conformant');
    expect(result.remarks.map(({ message }) => message).join()).toContain('was already there');
    expect(found([...exchange('initiator', 41), request('initiator', 41)])).toEqual([
      '3 RFC7296-2.2-NEXT-ID',
    ]);
  });

  it('says what is missing where nothing can be judged', () => {
    expect(validate([]).verdict).toBe('inconclusive');
    expect(validate([]).missing).toEqual(['IKE messages and ESP packets: there are none']);
  });

  it('judges windows larger than 1: what one end announces, the other may use, and no more', () => {
    const large = ike('responder', {
      exchange: 'IKE_AUTH',
      id: 1,
      response: true,
      payloads: [notify(NOTIFY.messageIdSyncSupported), notify(NOTIFY.setWindowSize, '00000003')],
    });
    const start = [...established().slice(0, 2), large];
    const three = [request('initiator', 2), request('initiator', 3), request('initiator', 4)];
    const at = start.length + 1;
    expect(found([...start, ...three])).toEqual([]);
    expect(found([...start, ...three, request('initiator', 5)])).toEqual([`${at + 3} RFC7296-2.3-WINDOW`]);
    // The window moves with the lowest that is answered, not with any other.
    const late = [response('responder', 4), response('responder', 3)];
    expect(found([...start, ...three, ...late, request('initiator', 5)])).toEqual([
      `${at + 5} RFC7296-2.3-WINDOW`,
    ]);
    expect(found([...start, ...three, ...late, response('responder', 2), request('initiator', 5)])).toEqual(
      [],
    );
    // The other end announced nothing.
    expect(found([...start, request('responder', 0), request('responder', 1)])).toEqual([
      `${at + 1} RFC7296-2.3-WINDOW`,
    ]);
  });

  it('does not blame for several requests under way where the windows are not known', () => {
    const result = validate([
      ...exchange('initiator', 41),
      request('initiator', 42),
      request('initiator', 43),
    ]);
    expect(result.verdict).toBe('inconclusive');
    expect(result.missing.join()).toContain('SET_WINDOW_SIZE');
  });

  it('does not blame what a message that was not read may explain', () => {
    const events = [...before, request('initiator', 5)];
    const result = validate(events, { unread: [{ file: 'x', at: 1, reason: 'cut' }] });
    expect(result.verdict).toBe('inconclusive');
    expect(result.findings).toMatchObject([{ condition: 'nothing is missing between events 10 and 12' }]);
  });
});

describe('failover without sync', () => {
  it('names the Message ID that is used again, the snapshot that explains it, and the request that is ignored', () => {
    const ignored = request('initiator', 3, 'ignored');
    const result = validate([...before, request('responder', 1), ignored, ignored]);
    expect(
      result.findings.map(({ event, rule, actor, property }) => ({ event, rule, actor, property })),
    ).toEqual([
      { event: next, rule: 'RFC7296-2.2-NEXT-ID', actor: 'cluster', property: 'message-id-monotonicity' },
      {
        event: next + 1,
        rule: 'RFC7296-2.3-EXPECTED-ID',
        actor: 'cluster',
        property: 'counters-never-regress',
      },
    ]);
    expect(result.findings[0]?.message).toContain('explained only by a failover');
    expect(result.findings[0]?.allowed).toContain('request 3');
    expect(result.findings[0]?.explainedUntil).toBe(next - 1);
  });

  it('is no finding where the snapshot is fresh', () => {
    expect(found([...before, ...exchange('responder', 3), ...exchange('initiator', 3)])).toEqual([]);
  });

  it('knows which end is the cluster when that is the initiator', () => {
    const result = validate([
      ...established(),
      ...exchange('initiator', 2),
      ...exchange('initiator', 3),
      request('initiator', 2),
    ]);
    expect(result.findings.map(({ actor, address }) => [actor, address])).toEqual([
      ['cluster', HOST.initiator],
    ]);
  });
});

describe('counter sync', () => {
  const asked = sync('responder', false, 'aaaaaaaa', 10, 2);
  const answered = sync('initiator', true, 'aaaaaaaa', 3, 10);

  it('finds nothing in a good exchange and what follows it', () => {
    const result = validate([
      ...before,
      asked,
      answered,
      ...exchange('responder', 10),
      ...exchange('initiator', 3),
    ]);
    expect(result.findings).toEqual([]);
    expect(result.verdict).toBe('conformant');
    expect(result.readings.length).toBe(24);
    expect(result.readings.every(({ verdict }) => verdict === 'conformant')).toBe(true);
  });

  it('RFC6311-5-NEGOTIATED: a request that was not negotiated, and an answer to it', () => {
    const events = [...established({ responder: false }), ...before.slice(3), asked, answered];
    expect(found(events)).toEqual([`${next} RFC6311-5-NEGOTIATED`, `${next + 1} RFC6311-5-NEGOTIATED`]);
  });

  it('RFC6311-5-RESPONDER-ONLY-IF-ASKED: the responder announces what the initiator did not', () => {
    const events = [...established({ initiator: false }), ...before.slice(3)];
    expect(found(events)).toEqual(['3 RFC6311-5-RESPONDER-ONLY-IF-ASKED']);
    // Where the request was not seen, it may have announced it.
    expect(found([events[0]!, ...events.slice(2)]).join()).not.toContain('ONLY-IF-ASKED');
  });

  it('RFC6311-6.1-FORMAT, RFC6311-6.2-FORMAT: an announcement with data', () => {
    const [init, asks, answers] = established();
    const payloads = [
      notify(NOTIFY.messageIdSyncSupported, '00'),
      notify(NOTIFY.replayCounterSyncSupported, '00'),
    ];
    const announces = ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads });
    expect(found([init!, announces, answers!, ...before.slice(3)])).toEqual([
      '2 RFC6311-6.1-FORMAT',
      '2 RFC6311-6.2-FORMAT',
    ]);
    expect(found([init!, asks!, answers!])).toEqual([]);
  });

  it('RFC6311-6.3-FORMAT: a nonce of two octets', () => {
    expect(found([...before, sync('responder', false, 'aaaa', 10, 2)])).toEqual([
      `${next} RFC6311-6.3-FORMAT`,
    ]);
  });

  it('RFC6311-5.1-ALONE: a further payload, and an answer to that', () => {
    const crowded = sync('responder', false, 'aaaaaaaa', 10, 2, [notify(16384)]);
    expect(found([...before, crowded, answered])).toEqual([
      `${next} RFC6311-5.1-ALONE`,
      `${next + 1} RFC6311-5.1-ALONE`,
    ]);
  });

  it('RFC6311-5-REPLAY-NEGOTIATED: IPSEC_REPLAY_COUNTER_SYNC beside it needs an announcement of its own', () => {
    const both = sync('responder', false, 'aaaaaaaa', 10, 2, [notify(NOTIFY.replayCounterSync, '00000064')]);
    expect(found([...before, both, answered])).toEqual([`${next} RFC6311-5-REPLAY-NEGOTIATED`]);
    const [init, ...auth] = established();
    const announcing = auth.map(
      (event): MessageEvent => ({
        ...event,
        message: {
          ...(event.message as Extract<MessageEvent['message'], { kind: 'ike' }>),
          payloads: [notify(NOTIFY.messageIdSyncSupported), notify(NOTIFY.replayCounterSyncSupported)],
        },
      }),
    );
    expect(
      found([...(init === undefined ? [] : [init]), ...announcing, ...before.slice(3), both, answered]),
    ).toEqual([]);
  });

  it('RFC6311-5.1-MID-ZERO: another Message ID', () => {
    const numbered: MessageEvent = {
      ...asked,
      message: { ...asked.message, id: 3 } as MessageEvent['message'],
    };
    expect(found([...before, numbered, response('initiator', 3)])).toEqual([`${next} RFC6311-5.1-MID-ZERO`]);
  });

  it('RFC6311-5.1-M1-FRESH: an M1 that was used before', () => {
    expect(found([...before, sync('responder', false, 'aaaaaaaa', 2, 2)])).toEqual([
      `${next} RFC6311-5.1-M1-FRESH`,
    ]);
    expect(found([...before, sync('responder', false, 'aaaaaaaa', 3, 2)])).toEqual([]);
  });

  it('RFC6311-5.1-DROP-STALE: an answer to an M1 that was used before', () => {
    const stale = sync('responder', false, 'aaaaaaaa', 2, 2);
    expect(found([...before, stale, sync('initiator', true, 'aaaaaaaa', 3, 3)])).toEqual([
      `${next} RFC6311-5.1-M1-FRESH`,
      `${next + 1} RFC6311-5.1-DROP-STALE`,
    ]);
  });

  it('RFC6311-5.1-DROP-STALE: a replayed request that is answered anew; one implementation reads it so', () => {
    const result = validate([...before, asked, answered, asked, sync('initiator', true, 'aaaaaaaa', 3, 10)]);
    expect(result.findings.map(({ event, rule, actor }) => [event, rule, actor])).toEqual([
      [next + 3, 'RFC6311-5.1-DROP-STALE', 'peer'],
    ]);
    const conform = result.readings.filter(({ verdict }) => verdict === 'conformant');
    expect(conform.map(({ settings }) => settings['m1-compare'])).toEqual(Array(8).fill('next-expected'));
    expect(conform.every(({ ofTheText }) => !ofTheText)).toBe(true);
  });

  it("a replayed request that gets the same octets again is nobody's fault", () => {
    expect(found([...before, asked, answered, asked, answered])).toEqual([]);
  });

  it('RFC6311-5.1-P2: a P2 below what the peer sends next, and above it', () => {
    expect(found([...before, asked, sync('initiator', true, 'aaaaaaaa', 2, 10)])).toEqual([
      `${next + 1} RFC6311-5.1-P2`,
    ]);
    expect(found([...before, asked, sync('initiator', true, 'aaaaaaaa', 7, 10)])).toEqual([
      `${next + 1} RFC6311-5.1-P2`,
    ]);
  });

  it('RFC6311-5.1-P2: a request of the peer that was lost before the tap may make it one higher', () => {
    expect(found([...before, asked, sync('initiator', true, 'aaaaaaaa', 4, 10)])).toEqual([]);
  });

  it('RFC6311-5.1-M2: an M2 below M1; a higher one is allowed', () => {
    expect(found([...before, asked, sync('initiator', true, 'aaaaaaaa', 3, 9)])).toEqual([
      `${next + 1} RFC6311-5.1-M2`,
    ]);
    expect(
      found([...before, asked, sync('initiator', true, 'aaaaaaaa', 3, 12), ...exchange('responder', 12)]),
    ).toEqual([]);
  });

  it('RFC6311-5.1-NONCE-ECHO: another nonce', () => {
    expect(found([...before, asked, sync('initiator', true, 'bbbbbbbb', 3, 10)])).toEqual([
      `${next + 1} RFC6311-5.1-NONCE-ECHO`,
    ]);
  });

  it('RFC7296-2.2-NEXT-ID: a Message ID that was used before, or another one than M2, after the exchange', () => {
    expect(found([...before, asked, answered, request('responder', 1)])).toEqual([
      `${next + 2} RFC7296-2.2-NEXT-ID`,
    ]);
    expect(found([...before, asked, answered, request('responder', 12)])).toEqual([
      `${next + 2} RFC7296-2.2-NEXT-ID`,
    ]);
  });

  it('does not blame for a request of the failed member that comes late', () => {
    const result = validate([
      ...before,
      asked,
      answered,
      ...exchange('responder', 10),
      request('responder', 3),
    ]);
    expect(result.findings).toEqual([]);
    expect(result.remarks.map(({ message }) => message).join()).toContain(
      'request 3 of the cluster can have been sent before',
    );
  });

  it('does not blame for a sync response that comes after that to a later sync request', () => {
    const again = sync('responder', false, 'bbbbbbbb', 20, 2);
    const late = sync('initiator', true, 'aaaaaaaa', 3, 10);
    expect(found([...before, asked, again, sync('initiator', true, 'bbbbbbbb', 3, 20), late])).toEqual([]);
  });

  it('RFC6311-5.1-NONCE-CHECK: going on with the M2 of a response with another nonce', () => {
    const again = sync('responder', false, 'bbbbbbbb', 20, 2);
    const answeredAgain = sync('initiator', true, 'bbbbbbbb', 3, 20);
    const events = [...before, asked, again, answered, answeredAgain, request('responder', 10)];
    expect(found(events)).toEqual([`${events.length} RFC6311-5.1-NONCE-CHECK`]);
    // If the answer came before the second sync request, so may have the request.
    expect(found([...before, asked, answered, again, answeredAgain, request('responder', 10)])).toEqual([]);
  });

  it('tells a fault once: what follows from it is no new one', () => {
    const low = sync('initiator', true, 'aaaaaaaa', 2, 10);
    const events = [...before, asked, low, ...exchange('responder', 10), ...exchange('initiator', 2)];
    expect(found(events)).toEqual([`${next + 1} RFC6311-5.1-P2`, `${next + 4} RFC7296-2.2-NEXT-ID`]);
    expect(
      found([...before, asked, answered, request('responder', 12), ...exchange('initiator', 3)]),
    ).toEqual([`${next + 2} RFC7296-2.2-NEXT-ID`]);
  });

  it('remarks on an M1 that was announced before and never used: the members were not told (a SHOULD)', () => {
    const lower = sync('responder', false, 'bbbbbbbb', 7, 2);
    const result = validate([
      ...before,
      asked,
      lower,
      sync('initiator', true, 'bbbbbbbb', 3, 7),
      ...exchange('responder', 7),
    ]);
    expect(result.findings).toEqual([]);
    expect(result.remarks.map(({ message }) => message).join()).toContain('RFC6311-5.1-M1-SHARED');
  });

  it("RFC6311-6.3-FORMAT: a Protocol ID is the sender's fault, not of who answers", () => {
    const [payload] = (asked.message as Extract<MessageEvent['message'], { kind: 'ike' }>).payloads ?? [];
    const wrong = ike('responder', { payloads: [{ ...payload, type: 'N', protocol: 1 } as Payload] });
    expect(found([...before, wrong, answered])).toEqual([`${next} RFC6311-6.3-FORMAT`]);
  });

  it('RFC6311-6.3-FORMAT: another exchange; and who acts on bad data', () => {
    const [payload] = (asked.message as Extract<MessageEvent['message'], { kind: 'ike' }>).payloads ?? [];
    const elsewhere = ike('responder', {
      exchange: 'CREATE_CHILD_SA',
      payloads: payload === undefined ? [] : [payload],
    });
    expect(found([...before, elsewhere])).toEqual([`${next} RFC6311-6.3-FORMAT`]);
    const long = ike('responder', {
      payloads: [notify(NOTIFY.messageIdSync, `aaaaaaaa${hex(0)}${hex(10)}${hex(2)}`)],
    });
    expect(found([...before, long, answered])).toEqual([
      `${next} RFC6311-6.3-FORMAT`,
      `${next + 1} RFC6311-6.3-FORMAT`,
    ]);
  });

  it('does not blame an error that answers a malformed sync request', () => {
    const odd = sync('responder', false, 'aaaaaaaa', 10, 2, [notify(16384)]);
    expect(found([...before, odd, response('initiator', 0), ...exchange('initiator', 3)])).toEqual([
      `${next} RFC6311-5.1-ALONE`,
    ]);
  });

  it('remarks on an IKE SA that is used after it was deleted', () => {
    const gone = ike('initiator', { id: 3, payloads: [{ type: 'D', protocol: 1, spis: [] }] });
    const result = validate([...before, gone, response('responder', 3), asked]);
    expect(result.findings).toEqual([]);
    expect(result.remarks.map(({ message }) => message).join()).toContain('was deleted');
  });

  it('allows a request from M1 on before the response: no text forbids it', () => {
    expect(found([...before, asked, request('responder', 10)])).toEqual([]);
    expect(found([...before, asked, request('responder', 1)])).toEqual([`${next + 1} RFC7296-2.2-NEXT-ID`]);
  });

  it('tells the readings apart: answering while the sync request is unanswered', () => {
    const fresh = validate([
      ...before,
      sync('responder', false, 'aaaaaaaa', 10, 3),
      ...exchange('initiator', 3),
    ]);
    expect(fresh.verdict).toBe('conformant');
    expect(
      new Set(
        fresh.readings
          .filter(({ verdict }) => verdict === 'conformant')
          .map(({ settings }) => settings['ike-while-syncing']),
      ),
    ).toEqual(new Set(['process']));
  });

  it('is not part of plain IKEv2', () => {
    const result = validate([...before, asked], { revision: ikev2 });
    // There the notification is of an unknown type, and what is wrong with the request is its Message ID.
    expect(result.findings.map(({ rule }) => rule)).toEqual(['RFC7296-2.2-NEXT-ID']);
  });
});

describe('ESP', () => {
  it('RFC4303-3.3.3-NEVER-REPEAT: a number with other octets; not one that was overtaken, or seen again', () => {
    const packets = [
      esp('responder', '0000abcd', 1),
      esp('responder', '0000abcd', 4, 'four'),
      esp('responder', '0000abcd', 3),
    ];
    expect(found([...before, ...packets, esp('responder', '0000abcd', 4, 'four')])).toEqual([]);
    expect(found([...before, ...packets, esp('responder', '0000abcd', 3)])).toEqual([
      `${next + 3} RFC4303-3.3.3-NEVER-REPEAT`,
    ]);
    expect(found([...before, ...packets, esp('responder', '0000abce', 3)])).toEqual([]);
  });
});
