import { describe, expect, test } from 'vitest';
import { beginRequest, receive } from '../machine/node.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { usual } from '../settings/settings.ts';
import { type ActiveMember, type ChildSa, establishedSa, freshChildSa } from '../state/member.ts';
import type { Endpoint, Message } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import { afterDelete, closesDeleted } from './1.4.1-deleting-an-sa.ts';

const old = freshChildSa('c1');
const fresh: ChildSa = { ...freshChildSa('cluster-0'), replaces: { spi: 'c1', by: 'cluster' } };
const box = (...childSas: readonly ChildSa[]): ActiveMember => ({
  role: 'active',
  sa: { ...establishedSa(), childSas },
  sync: null,
});
const waiting: ChildSa = { ...fresh, unconfirmed: true };
const deletes = { kind: 'delete-child', spi: 'c1' } as const;

function take(step: Step): Taken {
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}
const arrives = (by: Endpoint, member: ActiveMember, message: Message, revision = rfc6311): Taken =>
  take(receive(revision, { ...usual, rekeyOld: 'until-delete' }, by, member, message));

describe('RFC7296-1.4.1-CLOSE-DELETED: the recipient of a DELETE closes the Child SA', () => {
  const asked = take(beginRequest(rfc6311, 'cluster', box(fresh, old), 'd0', deletes));
  const answered = arrives('peer', box(waiting, old), asked.sent[0]!);

  test('that one, and no other', () => {
    expect([closesDeleted('c1', 'c1'), closesDeleted('c2', 'c1')]).toEqual([true, false]);
    expect(answered.member.sa.childSas).toEqual([fresh]);
    expect(answered.sent).toEqual([{ kind: 'response', from: 'peer', id: 0, answers: 'd0' }]);
    expect(answered.rules).toContain('RFC7296-1.4.1-CLOSE-DELETED');
  });

  test('who asked keeps it until the response', () => {
    expect(asked.sent).toEqual([{ kind: 'request', from: 'cluster', id: 0, content: 'd0', asks: deletes }]);
    expect(asked.member.sa.childSas).toEqual([fresh, old]);
    expect(arrives('cluster', asked.member, answered.sent[0]!).member.sa.childSas).toEqual([fresh]);
  });

  test('a DELETE for one that is not there is answered as well, and closes nothing', () => {
    const lacking = arrives('peer', box(fresh), asked.sent[0]!);
    expect(lacking.member.sa.childSas).toEqual([fresh]);
    expect(lacking.sent).toEqual(answered.sent);
  });

  test('the request shows that the new one is in use at the other end; that of another Child SA does not', () => {
    expect(afterDelete(rfc6311, box(waiting, old).sa, 'peer', 'cluster', 'c1').childSas).toEqual([fresh]);
    // Nor does a request of one's own.
    expect(afterDelete(rfc6311, box(waiting, old).sa, 'peer', 'peer', 'c1').childSas).toEqual([waiting]);
    expect(afterDelete(rfc6311, box(waiting, old).sa, 'peer', 'cluster', 'c2').childSas).toEqual([
      waiting,
      old,
    ]);
  });

  test('without it, the recipient answers and goes on with the SA, and who asked closes it all the same', () => {
    const ablated = without(rfc6311, 'RFC7296-1.4.1-CLOSE-DELETED')!;
    expect(arrives('peer', box(waiting, old), asked.sent[0]!, ablated).member.sa.childSas).toEqual([
      fresh,
      old,
    ]);
    expect(arrives('cluster', asked.member, answered.sent[0]!, ablated).member.sa.childSas).toEqual([fresh]);
  });
});
