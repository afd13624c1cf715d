import { describe, expect, test } from 'vitest';
import { beginRequest, receive } from '../machine/node.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { scenarios } from '../scenarios/index.ts';
import { type ActiveMember, establishedSa } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import { chooseIv, withIvs } from './3.4-counter-modes.ts';

const policies = scenarios[0]!.sizes.small;
const idle: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
const request: Message = { kind: 'request', from: 'peer', id: 0, content: 'x' };

const take = (step: Step): Taken => {
  if (!step.enabled) throw new Error(step.because);
  return step;
};

/** The step with what it spends, and the initialization vectors that it shows. */
function spending(
  ikeIv: 'random' | 'message-id' | 'counter',
  member: ActiveMember,
  step: Step,
  revision = rfc6311,
) {
  const after = take(withIvs(revision, { ikeIv }, 'cluster', member.sa, step));
  const ivs = after.observations.flatMap((seen) => (seen.kind === 'iv-used' ? [seen.iv] : []));
  return { after, ivs };
}

describe('RFC6311-3.4-IV-UNIQUE: no initialization vector is used twice under a key', () => {
  const kinds = ['request', 'response', 'sync-request', 'sync-response'] as const;

  test('from the Message ID: all that an end sends with another number, or the other way, differs', () => {
    const ivs = [0, 1, 7].flatMap((id) =>
      (['request', 'response'] as const).map((kind) => chooseIv(99, { id, kind }, 'message-id')),
    );
    expect(new Set(ivs).size).toBe(ivs.length);
    // But sync messages have Message ID 0, as the first request of an end and its first response have.
    expect(kinds.map((kind) => chooseIv(99, { id: 0, kind }, 'message-id'))).toEqual([0, 1, 0, 1]);
  });

  test('by a counter: the next one, whatever the message is', () => {
    expect(kinds.map((kind) => chooseIv(5, { id: 3, kind }, 'counter'))).toEqual([5, 5, 5, 5]);
  });

  test('at random there is nothing to see, and nothing to remember', () => {
    const step = beginRequest(rfc6311, 'cluster', idle, 'x');
    expect(withIvs(rfc6311, { ikeIv: 'random' }, 'cluster', idle.sa, step)).toBe(step);
  });

  test('a counter goes up with each message that is sent for the first time, and is in the state', () => {
    const first = spending('counter', idle, beginRequest(rfc6311, 'cluster', idle, 'x'));
    expect([first.ivs, first.after.member.sa.ivsSpent]).toEqual([[0], 1]);
    const { member } = first.after;
    const second = spending('counter', member, receive(rfc6311, policies, 'cluster', member, request));
    expect([second.ivs, second.after.member.sa.ivsSpent]).toEqual([[1], 2]);
    expect(
      spending('message-id', idle, beginRequest(rfc6311, 'cluster', idle, 'x')).after.member.sa,
    ).not.toHaveProperty('ivsSpent');
  });

  test('what is sent again is the same message, and packets of ESP have a key of their own', () => {
    const { member } = take(receive(rfc6311, policies, 'cluster', idle, request));
    const again = spending('counter', member, receive(rfc6311, policies, 'cluster', member, request));
    expect(again.after.sent).toHaveLength(1);
    expect([again.ivs, again.after.member.sa.ivsSpent]).toEqual([[], 0]);
    const step = take(beginRequest(rfc6311, 'cluster', idle, 'x'));
    const packet: Message = { kind: 'esp', from: 'cluster', spi: 'c1', number: 1, content: 1 };
    expect(spending('counter', idle, { ...step, sent: [packet] }).ivs).toEqual([]);
  });

  test('an IKE SA that replaces another has keys of its own', () => {
    const step = take(beginRequest(rfc6311, 'cluster', idle, 'x'));
    const replaced: Taken = { ...step, member: { ...step.member, sa: { ...establishedSa(), ikeSa: 'n' } } };
    const { after, ivs } = spending('counter', { ...idle, sa: { ...idle.sa, ivsSpent: 4 } }, replaced);
    expect([ivs, after.member.sa.ivsSpent]).toEqual([[4], 0]);
    const under: Message = { ...request, from: 'cluster', ikeSa: 'n' };
    expect(spending('message-id', idle, { ...step, sent: [under] }).after.observations.at(-1)).toEqual({
      kind: 'iv-used',
      by: 'cluster',
      ikeSa: 'n',
      iv: 0,
    });
  });

  test('without the rule, every message has the same', () => {
    const heedless = without(rfc6311, 'RFC6311-3.4-IV-UNIQUE')!;
    const later = { ...idle, sa: { ...idle.sa, expectedSend: 5 } };
    expect(
      spending('message-id', later, beginRequest(heedless, 'cluster', later, 'x'), heedless).ivs,
    ).toEqual([0]);
  });

  test('a step that a rule forbids stays as it is', () => {
    const refused = beginRequest(rfc6311, 'cluster', { ...idle, sync: { nonce: 0, m1: 1, p1: 0 } }, 'x');
    expect(withIvs(rfc6311, { ikeIv: 'counter' }, 'cluster', idle.sa, refused)).toBe(refused);
  });
});
