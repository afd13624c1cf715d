import { describe, expect, test } from 'vitest';
import { beginRequest, deleteOld, receive } from '../machine/node.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { usual } from '../settings/settings.ts';
import { type ActiveMember, type ChildSa, establishedSa, freshChildSa, isReplaced } from '../state/member.ts';
import type { Endpoint, Message } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import { closesRedundant, collides } from './2.8.1-simultaneous-child-sa-rekeying.ts';
import { dueDelete } from './2.8-rekeying.ts';

const old = freshChildSa('c1');
const box = (...childSas: readonly ChildSa[]): ActiveMember => ({
  role: 'active',
  sa: { ...establishedSa(), childSas },
  sync: null,
});
const rekeyed = { kind: 'rekey-child', spi: 'c1' } as const;

function take(step: Step): Taken {
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}
const arrives = (by: Endpoint, member: ActiveMember, message: Message): Taken =>
  take(receive(rfc6311, { ...usual, rekeyBy: 'both' }, by, member, message));
const spisOf = ({ member }: Taken): readonly string[] => member.sa.childSas.map(({ spi }) => spi);

// Each end asks, and answers the other.
const [ofCluster, ofPeer] = [
  take(beginRequest(rfc6311, 'cluster', box(old), 0, rekeyed)),
  take(beginRequest(rfc6311, 'peer', box(old), 0, rekeyed)),
];
const cluster = arrives('cluster', ofCluster.member, ofPeer.sent[0]!);
const peer = arrives('peer', ofPeer.member, ofCluster.sent[0]!);
const clusterDone = arrives('cluster', cluster.member, peer.sent[0]!);
const peerDone = arrives('peer', peer.member, cluster.sent[0]!);

describe('RFC7296-2.8.1-LOWEST-NONCE: of two Child SAs made at once, the one with the lowest nonce is closed', () => {
  test('both ends have the old one and two new ones, which collide', () => {
    expect([...spisOf(clusterDone)].sort()).toEqual(['c1', 'cluster-0', 'peer-0']);
    expect([...spisOf(peerDone)].sort()).toEqual(['c1', 'cluster-0', 'peer-0']);
    const { sa } = clusterDone.member;
    expect(
      sa.childSas
        .filter((child) => collides(sa, child))
        .map(({ spi }) => spi)
        .sort(),
    ).toEqual(['cluster-0', 'peer-0']);
    expect(cluster.member.sa.childSas.some((child) => collides(cluster.member.sa, child))).toBe(false);
  });

  test.each(['cluster', 'peer'] as const)(
    'with the lowest nonce in that of the %s, it closes its own',
    (lowest) => {
      const other = lowest === 'cluster' ? 'peer' : 'cluster';
      expect(closesRedundant(lowest, lowest, lowest)).toBe(true);
      expect(closesRedundant(lowest, other, lowest)).toBe(false);
      expect(closesRedundant(other, other, lowest)).toBe(false);
      const states = { cluster: clusterDone.member, peer: peerDone.member };
      expect(dueDelete(rfc6311, lowest, states[lowest].sa, lowest)?.spi).toBe(`${lowest}-0`);
      expect(dueDelete(rfc6311, other, states[other].sa, lowest)?.spi).toBe('c1');

      const policies = { ...usual, lowestNonce: lowest };
      const redundant = take(deleteOld(rfc6311, lowest, states[lowest], 'd0', policies)!);
      const last = take(deleteOld(rfc6311, other, states[other], 'd0', policies)!);
      const one = arrives(lowest, redundant.member, last.sent[0]!);
      const two = arrives(other, last.member, redundant.sent[0]!);
      expect(spisOf(arrives(lowest, one.member, two.sent[0]!))).toEqual([`${other}-0`]);
      expect(spisOf(arrives(other, two.member, one.sent[0]!))).toEqual([`${other}-0`]);
    },
  );

  test('before both answers have come, nobody closes what is redundant', () => {
    expect(dueDelete(rfc6311, 'cluster', cluster.member.sa, 'cluster')).toBeUndefined();
    // Who has its answer, and has not heard of the other request, deletes the old one.
    const alone = arrives('cluster', ofCluster.member, peer.sent[0]!);
    expect(dueDelete(rfc6311, 'cluster', alone.member.sa, 'cluster')?.spi).toBe('c1');
  });

  test('without it, each end deletes the old one, and both new ones stay', () => {
    const ablated = without(rfc6311, 'RFC7296-2.8.1-LOWEST-NONCE')!;
    expect(dueDelete(ablated, 'cluster', clusterDone.member.sa, 'cluster')?.spi).toBe('c1');
    expect(dueDelete(ablated, 'peer', peerDone.member.sa, 'cluster')?.spi).toBe('c1');
  });
});

describe('a request to rekey a Child SA that is being deleted (2.25.1)', () => {
  const alone = arrives('cluster', ofCluster.member, peer.sent[0]!);
  const deleting = take(deleteOld(rfc6311, 'cluster', alone.member, 'd0')!);
  const answered = arrives('cluster', deleting.member, ofPeer.sent[0]!);

  test('is refused for now, and again if it comes again; nothing is made', () => {
    expect(answered.sent).toEqual([{ kind: 'response', from: 'cluster', id: 0, answers: 0, later: true }]);
    expect(spisOf(answered)).toEqual(spisOf(deleting));
    expect(arrives('cluster', answered.member, ofPeer.sent[0]!).sent).toEqual(answered.sent);
  });

  test('who asked keeps the old one until it is deleted', () => {
    const refused = arrives('peer', peer.member, answered.sent[0]!);
    expect([...spisOf(refused)].sort()).toEqual(['c1', 'cluster-0']);
    expect(spisOf(arrives('peer', refused.member, deleting.sent[0]!))).toEqual(['cluster-0']);
  });
});

test('an old Child SA is still to be deleted where the one that replaced it was rekeyed and deleted meanwhile', () => {
  const made: ChildSa = { ...freshChildSa('cluster-0'), replaces: { spi: 'c1', by: 'cluster' } };
  const next = { kind: 'rekey-child', spi: 'cluster-0' } as const;
  const asked = take(beginRequest(rfc6311, 'peer', box(made), 0, next));
  const both = arrives('cluster', box(made, old), asked.sent[0]!);
  const done = arrives('peer', asked.member, both.sent[0]!);
  const deleted = take(deleteOld(rfc6311, 'peer', done.member, 'd0')!);
  const closed = arrives('cluster', both.member, deleted.sent[0]!);
  expect([...spisOf(closed)].sort()).toEqual(['c1', 'peer-0']);
  expect(isReplaced(closed.member.sa, { spi: 'c1' })).toBe(true);
  expect(dueDelete(rfc6311, 'cluster', closed.member.sa)?.spi).toBe('c1');
});
