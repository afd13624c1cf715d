import { describe, expect, test } from 'vitest';
import {
  answersOutstanding,
  isAddressedTo,
  isExpected,
  isRetransmission,
  nextRequestId,
  receiveRequest,
  receiveResponse,
  responseId,
  sendRequest,
  windowHasRoom,
} from './ike.ts';
import { type ActiveMember, establishedSa, type SaState } from './member.ts';
import type { Request } from './messages.ts';
import { ikev2 } from './revisions/index.ts';
import type { Step, Taken } from './step.ts';

const { ike } = ikev2;
const box = (sa: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: { ...establishedSa(), ...sa },
  sync: null,
});
const request = (id: number, content: string): Request => ({ kind: 'request', from: 'cluster', id, content });

function take(step: Step): Taken {
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

describe('RFC7296-2.2-NEXT-ID: a new request has the next Message ID of its sender', () => {
  test('after 6 comes 7, whatever came from the other end', () => {
    expect(nextRequestId({ ...establishedSa(), expectedSend: 7, expectedReceive: 100 })).toBe(7);
  });

  test('three exchanges have the Message IDs 0, 1 and 2', () => {
    let member = box();
    const ids = ['a', 'b', 'c'].map((content) => {
      const asked = take(sendRequest(ike, 'peer', member, content));
      const id = asked.sent[0]!.id;
      const answer = { kind: 'response', from: 'cluster', id, answers: content } as const;
      member = take(receiveResponse(ike, 'peer', asked.member, answer)).member;
      return id;
    });
    expect(ids).toEqual([0, 1, 2]);
  });
});

describe('RFC7296-2.3-WINDOW: no new request before the last one is answered', () => {
  test('the window of 1 is full while a request is outstanding', () => {
    expect(windowHasRoom(establishedSa())).toBe(true);
    expect(windowHasRoom({ ...establishedSa(), outstanding: { id: 0, content: 'a' } })).toBe(false);
  });

  test('a second request is refused until the response comes', () => {
    const { member } = take(sendRequest(ike, 'peer', box(), 'a'));
    expect(sendRequest(ike, 'peer', member, 'b')).toEqual({
      enabled: false,
      rule: 'RFC7296-2.3-WINDOW',
      because: 'request 0 is not answered yet',
    });
  });
});

describe('RFC7296-2.3-EXPECTED-ID: only the expected request is processed', () => {
  test('neither an earlier nor a later one is expected', () => {
    const sa = { ...establishedSa(), expectedReceive: 5 };
    expect([3, 4, 5, 6].filter((id) => isExpected(sa, id))).toEqual([5]);
  });

  test.each([3, 4, 6])('request %i is ignored where 5 is expected', (id) => {
    expect(receiveRequest(ike, 'peer', box({ expectedReceive: 5 }), request(id, 'x'))).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.3-EXPECTED-ID',
    });
  });

  test('the expected one is processed, answered, and never expected again', () => {
    const step = take(receiveRequest(ike, 'peer', box({ expectedReceive: 5 }), request(5, 'x')));
    expect(step.sent).toEqual([{ kind: 'response', from: 'peer', id: 5, answers: 'x' }]);
    expect(step.observations).toEqual([{ kind: 'request-processed', by: 'peer', id: 5, content: 'x' }]);
    expect(step.member.sa).toMatchObject({ expectedReceive: 6, highestSeen: 5 });
  });
});

describe('RFC7296-2.1-RETRANSMISSION: octet-identical requests get the same response, and nothing else', () => {
  const sa: SaState = { ...establishedSa(), expectedReceive: 6, answered: { id: 5, content: 'x' } };

  test('same number and same content, or it is none', () => {
    expect(isRetransmission(sa, request(5, 'x'))).toBe(true);
    expect(isRetransmission(sa, request(5, 'y'))).toBe(false);
    expect(isRetransmission(sa, request(4, 'x'))).toBe(false);
    expect(isRetransmission(establishedSa(), request(0, 'x'))).toBe(false);
  });

  test('it is answered again, but not processed again', () => {
    const step = take(receiveRequest(ike, 'peer', box(sa), request(5, 'x')));
    expect(step.sent).toEqual([{ kind: 'response', from: 'peer', id: 5, answers: 'x' }]);
    expect(step.observations).toEqual([]);
    expect(step.member).toEqual(box(sa));
  });

  test('other octets under the same number are ignored', () => {
    expect(receiveRequest(ike, 'peer', box(sa), request(5, 'y')).enabled).toBe(false);
  });
});

describe('RFC7296-2.2-RESPONSE-ID: a response has the Message ID of its request', () => {
  test('whatever the counters are', () => {
    expect(responseId({ id: 7, content: 'x' })).toBe(7);
    const step = take(
      receiveRequest(ike, 'peer', box({ expectedSend: 3, expectedReceive: 9 }), request(9, 'x')),
    );
    expect(step.sent[0]?.id).toBe(9);
  });
});

describe('RFC7296-2.1-RESPONSE-MATCH: a response is matched by its Message ID', () => {
  const waiting: SaState = { ...establishedSa(), expectedSend: 5, outstanding: { id: 4, content: 'x' } };

  test('only the outstanding request can be answered', () => {
    expect([3, 4, 5].filter((id) => answersOutstanding(waiting, id))).toEqual([4]);
    expect(answersOutstanding(establishedSa(), 0)).toBe(false);
  });

  test('it ends the wait', () => {
    const response = { kind: 'response', from: 'cluster', id: 4, answers: 'x' } as const;
    const step = take(receiveResponse(ike, 'peer', box(waiting), response));
    expect(step.member.sa.outstanding).toBeNull();
    expect(step.observations).toEqual([
      { kind: 'response-taken', by: 'peer', id: 4, request: 'x', answers: 'x' },
    ]);
    expect(receiveResponse(ike, 'peer', step.member, response).enabled).toBe(false);
  });

  test('another one is ignored', () => {
    const response = { kind: 'response', from: 'cluster', id: 3, answers: 'w' } as const;
    expect(receiveResponse(ike, 'peer', box(waiting), response)).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.1-RESPONSE-MATCH',
    });
  });
});

test('a message is for the end that it does not come from', () => {
  expect(isAddressedTo('peer', { from: 'cluster' })).toBe(true);
  expect(isAddressedTo('cluster', { from: 'cluster' })).toBe(false);
});
