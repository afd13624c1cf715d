import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ikev2 } from '../revisions/ikev2.ts';
import { without } from '../revisions/without.ts';
import { type ActiveMember, establishedSa, type SaState } from '../state/member.ts';
import { isAddressedTo, type Request, type Response } from '../state/messages.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import type { Step, Taken } from '../state/step.ts';
import { answersOutstanding, isRetransmission } from './2.1-retransmission.ts';
import { nextRequestId, responseId } from './2.2-message-ids.ts';
import { isExpected, windowHasRoom } from './2.3-window.ts';
import { receiveRequest, receiveResponse, sendRequest } from './2-requests-and-responses.ts';

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
      const asked = take(sendRequest(ikev2, 'peer', member, content));
      const id = asked.member.sa.expectedSend - 1;
      expect(asked.sent).toMatchObject([{ id }]);
      const answer = { kind: 'response', from: 'cluster', id, answers: content } as const;
      member = take(receiveResponse(ikev2, 'peer', asked.member, answer)).member;
      return id;
    });
    expect(ids).toEqual([0, 1, 2]);
  });
});

describe('RFC7296-2.3-WINDOW: no new request before the last one is answered', () => {
  test('the window of 1 is full while a request is outstanding', () => {
    expect(windowHasRoom(establishedSa())).toBe(true);
    const waiting = { ...establishedSa(), expectedSend: 1, outstanding: [{ id: 0, content: 'a' }] };
    expect(windowHasRoom(waiting)).toBe(false);
    expect(windowHasRoom({ ...waiting, window: 2 })).toBe(true);
  });

  test('a second request is refused until the response comes', () => {
    const { member } = take(sendRequest(ikev2, 'peer', box(), 'a'));
    expect(sendRequest(ikev2, 'peer', member, 'b')).toEqual({
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
    expect(receiveRequest(ikev2, 'peer', box({ expectedReceive: 5 }), request(id, 'x'))).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.3-EXPECTED-ID',
    });
  });

  test('the expected one is processed, answered, and never expected again', () => {
    const step = take(receiveRequest(ikev2, 'peer', box({ expectedReceive: 5 }), request(5, 'x')));
    expect(step.sent).toEqual([{ kind: 'response', from: 'peer', id: 5, answers: 'x' }]);
    expect(step.observations).toEqual([
      { kind: 'request-processed', by: 'peer', id: 5, content: 'x', expected: 5, window: 1 },
    ]);
    expect(step.member.sa).toMatchObject({ expectedReceive: 6, highestSeen: 5 });
  });
});

describe('RFC7296-2.1-RETRANSMISSION: octet-identical requests get the same response, and nothing else', () => {
  const sa: SaState = { ...establishedSa(), expectedReceive: 6, answered: [{ id: 5, content: 'x' }] };

  test('same number and same content, or it is none', () => {
    expect(isRetransmission(sa, request(5, 'x'))).toBe(true);
    expect(isRetransmission(sa, request(5, 'y'))).toBe(false);
    expect(isRetransmission(sa, request(4, 'x'))).toBe(false);
    expect(isRetransmission(establishedSa(), request(0, 'x'))).toBe(false);
  });

  test('it is answered again, but not processed again', () => {
    const step = take(receiveRequest(ikev2, 'peer', box(sa), request(5, 'x')));
    expect(step.sent).toEqual([{ kind: 'response', from: 'peer', id: 5, answers: 'x' }]);
    expect(step.observations).toEqual([]);
    expect(step.member).toEqual(box(sa));
  });

  test('other octets under the same number are ignored', () => {
    expect(receiveRequest(ikev2, 'peer', box(sa), request(5, 'y')).enabled).toBe(false);
  });
});

describe('RFC7296-2.2-RESPONSE-ID: a response has the Message ID of its request', () => {
  test('whatever the counters are', () => {
    expect(responseId({ id: 7, content: 'x' })).toBe(7);
    const step = take(
      receiveRequest(ikev2, 'peer', box({ expectedSend: 3, expectedReceive: 9 }), request(9, 'x')),
    );
    expect(step.sent).toMatchObject([{ id: 9 }]);
  });
});

describe('RFC7296-2.1-RESPONSE-MATCH: a response is matched by its Message ID', () => {
  const waiting: SaState = { ...establishedSa(), expectedSend: 5, outstanding: [{ id: 4, content: 'x' }] };

  test('only the outstanding request can be answered', () => {
    expect([3, 4, 5].filter((id) => answersOutstanding(waiting, id))).toEqual([4]);
    expect(answersOutstanding(establishedSa(), 0)).toBe(false);
  });

  test('it ends the wait', () => {
    const response = { kind: 'response', from: 'cluster', id: 4, answers: 'x' } as const;
    const step = take(receiveResponse(ikev2, 'peer', box(waiting), response));
    expect(step.member.sa.outstanding).toEqual([]);
    expect(step.observations).toEqual([
      { kind: 'response-taken', by: 'peer', id: 4, request: 'x', answers: 'x' },
    ]);
    expect(receiveResponse(ikev2, 'peer', step.member, response).enabled).toBe(false);
  });

  test('another one is ignored', () => {
    const response = { kind: 'response', from: 'cluster', id: 3, answers: 'w' } as const;
    expect(receiveResponse(ikev2, 'peer', box(waiting), response)).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.1-RESPONSE-MATCH',
    });
  });
});

describe('windows of more than 1', () => {
  const answer = (id: number, answers: string) => ({ kind: 'response', from: 'peer', id, answers }) as const;
  /** The box sends a request for each of these. */
  const sends = (member: ActiveMember, ...contents: readonly string[]): ActiveMember =>
    contents.reduce((each, content) => take(sendRequest(ikev2, 'cluster', each, content)).member, member);
  const outstandingIds = ({ sa }: ActiveMember): readonly number[] => sa.outstanding.map(({ id }) => id);
  /** The box processes requests in this order. */
  const processes = (member: ActiveMember, ...ids: readonly number[]): ActiveMember =>
    ids.reduce((each, id) => take(receiveRequest(ikev2, 'peer', each, request(id, `r${id}`))).member, member);
  const refusedBy = (step: Step): string | null | undefined => (step.enabled ? undefined : step.rule);

  test.each([1, 2, 3, 8])(
    'RFC7296-2.3-WINDOW: a window of %i holds as many requests, and no more',
    (window) => {
      let member = box({ window, expectedSend: 5 });
      for (let each = 0; each < window; each++) member = sends(member, `r${each}`);
      expect(outstandingIds(member)).toEqual(Array.from({ length: window }, (_, index) => 5 + index));
      expect(refusedBy(sendRequest(ikev2, 'cluster', member, 'one more'))).toBe('RFC7296-2.3-WINDOW');
    },
  );

  test('RFC7296-2.3-WINDOW: it is measured from the lowest request without a response', () => {
    const full = sends(box({ window: 3 }), 'a', 'b', 'c');
    const late = take(receiveResponse(ikev2, 'cluster', full, answer(1, 'b'))).member;
    expect(outstandingIds(late)).toEqual([0, 2]);
    expect(refusedBy(sendRequest(ikev2, 'cluster', late, 'd'))).toBe('RFC7296-2.3-WINDOW');
    const moved = take(receiveResponse(ikev2, 'cluster', late, answer(0, 'a'))).member;
    expect(outstandingIds(sends(moved, 'd', 'e'))).toEqual([2, 3, 4]);
    expect(refusedBy(sendRequest(ikev2, 'cluster', sends(moved, 'd', 'e'), 'f'))).toBe('RFC7296-2.3-WINDOW');
  });

  test('what is observed of a request: the lowest that waits, and the window', () => {
    const step = take(sendRequest(ikev2, 'cluster', sends(box({ window: 3 }), 'a'), 'b'));
    expect(step.observations).toEqual([
      { kind: 'request-sent', by: 'cluster', id: 1, content: 'b', lowest: 0, window: 3 },
    ]);
  });

  test('RFC7296-2.1-RESPONSE-MATCH: responses come in any order, each for its own request', () => {
    const full = sends(box({ window: 3 }), 'a', 'b', 'c');
    const step = take(receiveResponse(ikev2, 'cluster', full, answer(2, 'c')));
    expect(step.observations).toEqual([
      { kind: 'response-taken', by: 'cluster', id: 2, request: 'c', answers: 'c' },
    ]);
    expect(refusedBy(receiveResponse(ikev2, 'cluster', step.member, answer(2, 'c')))).toBe(
      'RFC7296-2.1-RESPONSE-MATCH',
    );
    expect(
      outstandingIds(take(receiveResponse(ikev2, 'cluster', step.member, answer(0, 'a'))).member),
    ).toEqual([1]);
  });

  test('RFC7296-2.3-EXPECTED-ID: what is in the window is processed in any order, nothing else', () => {
    const sa = { ...establishedSa(), window: 3, expectedReceive: 5 };
    expect([3, 4, 5, 6, 7, 8].filter((id) => isExpected(sa, id))).toEqual([5, 6, 7]);
    const late = processes(box({ window: 3, expectedReceive: 5 }), 7, 6);
    expect(late.sa).toMatchObject({ expectedReceive: 5, highestSeen: 7 });
    expect([4, 5, 6, 7, 8].filter((id) => isExpected(late.sa, id))).toEqual([5]);
    for (const id of [4, 8]) {
      expect(receiveRequest(ikev2, 'peer', late, request(id, 'x'))).toEqual({
        enabled: false,
        rule: 'RFC7296-2.3-EXPECTED-ID',
        because: `Message ID ${id} is not one of the expected 5 to 7`,
      });
    }
    const whole = processes(late, 5);
    expect(whole.sa).toMatchObject({ expectedReceive: 8, highestSeen: 7 });
    expect([7, 8, 9, 10, 11].filter((id) => isExpected(whole.sa, id))).toEqual([8, 9, 10]);
  });

  test('RFC7296-2.1-RETRANSMISSION: responses are kept for as many requests as the window holds', () => {
    const member = processes(box({ window: 3 }), 1, 0, 2, 4, 3);
    expect(member.sa.answered.map(({ id }) => id)).toEqual([2, 3, 4]);
    for (const id of [2, 3, 4]) {
      const again = take(receiveRequest(ikev2, 'peer', member, request(id, `r${id}`)));
      expect(again.sent).toEqual([{ kind: 'response', from: 'peer', id, answers: `r${id}` }]);
      expect(again.member).toEqual(member);
      expect(again.observations).toEqual([]);
      expect(receiveRequest(ikev2, 'peer', member, request(id, 'other octets')).enabled).toBe(false);
    }
    // The sender has had the response to 1: else it could not have sent 4.
    expect(receiveRequest(ikev2, 'peer', member, request(1, 'r1')).enabled).toBe(false);
  });

  test('RFC7296-2.1-RETRANSMISSION: whatever gets lost, each request is processed once and answered', () => {
    const moves = fc.array(fc.record({ deliver: fc.nat(), back: fc.boolean(), fresh: fc.boolean() }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), moves, (window, moves) => {
        let [sender, receiver] = [box({ window }), box({ window })];
        let made = 0;
        const processed: (string | number)[] = [];
        for (const { deliver, back, fresh } of moves) {
          const asked = sendRequest(ikev2, 'cluster', sender, `r${made}`);
          if (fresh && asked.enabled) {
            made++;
            sender = asked.member;
          }
          const waiting = sender.sa.outstanding;
          const chosen = waiting[deliver % waiting.length];
          if (chosen === undefined) continue;
          // Whatever waits may be sent (again), and is answered: processed, or from what was kept.
          const step = take(receiveRequest(ikev2, 'peer', receiver, { ...request(0, ''), ...chosen }));
          processed.push(
            ...step.observations.flatMap((seen) => (seen.kind === 'request-processed' ? [seen.content] : [])),
          );
          receiver = step.member;
          const [response] = step.sent;
          if (response?.kind !== 'response') throw new Error('no response');
          if (back) sender = take(receiveResponse(ikev2, 'cluster', sender, response)).member;
          expect(receiver.sa.answered.length).toBeLessThanOrEqual(window);
        }
        expect(new Set(processed).size).toBe(processed.length);
        expect(made - processed.length).toBeLessThanOrEqual(sender.sa.outstanding.length);
      }),
    );
  });
});

test('a message is for the end that it does not come from', () => {
  expect(isAddressedTo('peer', { from: 'cluster' })).toBe(true);
  expect(isAddressedTo('cluster', { from: 'cluster' })).toBe(false);
});

describe('what a step says of itself', () => {
  const six = (message: { window?: number } = {}) => box({ expectedReceive: 5, ...message });

  test('a request: the lowest that waits, and nothing that is not asked', () => {
    const outstanding = [{ id: 2, content: 'b' }];
    const { member, observations } = take(
      sendRequest(ikev2, 'peer', box({ window: 3, expectedSend: 3, outstanding }), 'c'),
    );
    expect(observations).toStrictEqual([
      { kind: 'request-sent', by: 'peer', id: 3, content: 'c', lowest: 2, window: 3 },
    ]);
    expect(member.sa.outstanding).toStrictEqual([...outstanding, { id: 3, content: 'c' }]);
  });

  test('a refusal: which Message IDs were expected', () => {
    const because = (window: number) => {
      const step = receiveRequest(ikev2, 'peer', six({ window }), request(9, 'x'));
      return step.enabled ? '' : step.because;
    };
    expect(because(1)).toBe('Message ID 9 is not the expected 5');
    expect(because(3)).toBe('Message ID 9 is not one of the expected 5 to 7');
  });

  test('an answer: whether it is given again, and the rules', () => {
    const answered = [
      { id: 3, content: 'x', refused: true },
      { id: 4, content: 'y' },
    ] as const;
    const again = (id: number, content: string) =>
      take(
        receiveRequest(ikev2, 'peer', box({ window: 2, expectedReceive: 5, answered }), request(id, content)),
      );
    expect(again(3, 'x').sent).toStrictEqual([
      { kind: 'response', from: 'peer', id: 3, answers: 'x', refused: true },
    ]);
    expect(again(4, 'y').sent).toStrictEqual([{ kind: 'response', from: 'peer', id: 4, answers: 'y' }]);
    expect(again(4, 'y').rules).toEqual(['RFC7296-2.1-RETRANSMISSION']);
    const asks = { kind: 'rekey-child', spi: 'gone' } as const;
    const refused = take(receiveRequest(ikev2, 'peer', six(), { ...request(5, 'z'), asks }));
    expect(refused.member.sa.answered).toStrictEqual([{ id: 5, content: 'z', refused: true }]);
    expect(refused.observations[0]).not.toHaveProperty('declared');
    const declaring = { ...six(), sync: { nonce: 'n', m1: 1, p1: 5 } };
    expect(take(receiveRequest(ikev2, 'peer', declaring, request(5, 'z'))).observations).toMatchObject([
      { kind: 'request-processed', declared: 5 },
    ]);
  });

  test('a response that is taken', () => {
    const waits = box({ expectedSend: 1, outstanding: [{ id: 0, content: 'x' }] });
    const response = { kind: 'response', from: 'peer', id: 0, answers: 'x' } as const;
    expect(take(receiveResponse(ikev2, 'cluster', waits, response)).rules).toEqual([
      'RFC7296-2.1-RESPONSE-MATCH',
    ]);
    // Without NEXT-ID, a number can be used twice: one of the two is still due.
    const twice = box({
      expectedSend: 1,
      window: 2,
      outstanding: [
        { id: 0, content: 'x' },
        { id: 0, content: 'y' },
      ],
    });
    expect(take(receiveResponse(ikev2, 'cluster', twice, response)).member.sa.outstanding).toEqual([
      { id: 0, content: 'y' },
    ]);
    // So is what was asked under another number, be it the same.
    const again = box({
      expectedSend: 2,
      window: 2,
      outstanding: [
        { id: 0, content: 'x' },
        { id: 1, content: 'x' },
      ],
    });
    expect(take(receiveResponse(ikev2, 'cluster', again, response)).member.sa.outstanding).toEqual([
      { id: 1, content: 'x' },
    ]);
  });
});

test("an author's rules that say nonsense where no request is under way end no step in an error", () => {
  const taking = { ...ikev2, ike: { ...ikev2.ike, answersOutstanding: () => true } };
  const response = { kind: 'response', from: 'peer', id: 0, answers: 'x' } as const;
  expect(receiveResponse(taking, 'cluster', box(), response).enabled).toBe(false);
  const full = { ...ikev2, ike: { ...ikev2.ike, windowHasRoom: () => false } };
  expect(sendRequest(full, 'cluster', box(), 'x').enabled).toBe(false);
});

test('RFC7296-2.3-WINDOW-RESTARTS: at the end that asks for a new IKE SA, and at the one that answers', () => {
  const asked = take(sendRequest(ikev2, 'cluster', box({ window: 3 }), 'r', { kind: 'rekey-ike' }));
  const [sent] = asked.sent as readonly [Request];
  const answered = take(receiveRequest(ikev2, 'peer', box({ window: 3 }), sent));
  const [response] = answered.sent as readonly [Response];
  const done = take(receiveResponse(ikev2, 'cluster', asked.member, response));
  for (const { member } of [answered, done]) {
    expect(member.sa).toMatchObject({ ikeSa: 'cluster-r', window: 1, expectedSend: 0, expectedReceive: 0 });
  }
});

describe('without a rule, a box goes on from what came all the same', () => {
  test('RFC7296-2.1-RESPONSE-MATCH: whatever response comes first is taken, where a request is under way', () => {
    const { absent } = answersOutstanding;
    const waits: SaState = { ...establishedSa(), outstanding: [{ id: 0, content: 'x' }] };
    expect([absent?.(waits, 7), absent?.(establishedSa(), 7)]).toEqual([true, false]);
    const response = { kind: 'response', from: 'peer', id: 7, answers: 'w' } as const;
    const careless = without(ikev2, 'RFC7296-2.1-RESPONSE-MATCH')!;
    expect(take(receiveResponse(careless, 'cluster', box(waits), response)).observations).toEqual([
      { kind: 'response-taken', by: 'cluster', id: 7, request: 'x', answers: 'w' },
    ]);
    expect(receiveResponse(careless, 'cluster', box(), response).enabled).toBe(false);
  });

  test('RFC7296-2.2-NO-WRAP: the Message IDs begin again', () => {
    const endless = without(ikev2, 'RFC7296-2.2-NO-WRAP')!;
    const spent = box({ expectedSend: MAX_MESSAGE_ID + 1 });
    expect(take(sendRequest(endless, 'peer', spent, 'x')).sent).toMatchObject([{ id: 0 }]);
    const last = box({ expectedSend: MAX_MESSAGE_ID });
    expect(take(sendRequest(endless, 'peer', last, 'x')).sent).toMatchObject([{ id: MAX_MESSAGE_ID }]);
  });

  test('RFC7296-2.3-EXPECTED-ID: beyond the window, or behind it', () => {
    const heedless = without(ikev2, 'RFC7296-2.3-EXPECTED-ID')!;
    const goesOn = (id: number, window: number) =>
      take(receiveRequest(heedless, 'peer', box({ expectedReceive: 5, window }), request(id, 'x'))).member.sa;
    expect([9, 6, 5, 2].map((id) => goesOn(id, 1).expectedReceive)).toEqual([10, 7, 6, 3]);
    expect([6, 7].map((id) => goesOn(id, 2).expectedReceive)).toEqual([5, 8]);
    // The same number with another content is answered anew; the answer before is forgotten.
    const answered = [{ id: 4, content: 'old' }];
    const twice = box({ expectedReceive: 5, window: 2, answered });
    expect(take(receiveRequest(heedless, 'peer', twice, request(4, 'new'))).member.sa.answered).toEqual([
      { id: 4, content: 'new' },
    ]);
  });
});
