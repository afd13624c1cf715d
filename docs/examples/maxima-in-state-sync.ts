/**
 * State syncs that can be late: a copy that was sent before a failover overwrites what a member was told after it, M1
 * above all, and the member then sends that M1 again (`--set state-sync-order=delayed`). Members that keep the higher of
 * each counter are safe from it. RFC 6311 says nothing of how a state sync is taken in; a text could say this.
 *
 * It is the model's own policy `state-sync-receipt=keep-maximum`, said by a revision for its Message IDs.
 *
 *     ipsecha check docs/examples/maxima-in-state-sync.ts --scenario multiple-failover --set state-sync-order=delayed
 *     ipsecha compare rfc6311 docs/examples/maxima-in-state-sync.ts --scenario multiple-failover --set state-sync-order=delayed
 */
import { type Revision, rfc6311, type SaState } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

/** The newer of two states, with the higher of each number. */
function withMaxima(known: SaState, copy: SaState): SaState {
  // Numbers of another IKE SA say nothing.
  if (known.ikeSa !== copy.ikeSa) return copy;
  const higher = (of: (sa: SaState) => number): number => Math.max(of(known), of(copy));
  const isOlder =
    copy.expectedSend < known.expectedSend ||
    copy.expectedReceive < known.expectedReceive ||
    copy.highestSeen < known.highestSeen;
  const { p1Sent: _, ...newer } = isOlder ? known : copy;
  const p1Sent = higher((sa) => sa.p1Sent ?? 0);
  const expectedReceive = higher((sa) => sa.expectedReceive);
  return {
    ...newer,
    expectedSend: higher((sa) => sa.expectedSend),
    expectedReceive,
    highestSeen: higher((sa) => sa.highestSeen),
    m1Sent: higher((sa) => sa.m1Sent),
    ...(p1Sent > expectedReceive ? { p1Sent } : {}),
  };
}

export default {
  ...rfc6311,
  name: 'maxima-in-state-sync',
  title: 'Members keep the higher of each counter where a state sync is late',
  source: 'a question about RFC 6311, 5.1',
  exchanges: {
    takesIn: (known, _copy, _policies, usual) => (known === null ? usual : withMaxima(known, usual)),
  },
} satisfies Revision;
