/**
 * A cluster that never sends a sync request twice: if no response comes, it asks anew, with a new nonce and a higher M1,
 * at most three times for each failover; P1 never falls. M1 is the lowest that is above all that was used or proposed,
 * with no room for a window. A response is consumed once, and adopted as the higher of each counter. (That it also has to
 * have P2 >= P1 and M2 >= M1 needs nothing here: each response of a peer that follows RFC 6311, 5.1 has.)
 * Requests in doubt at the failover close the IKE SA. No response is kept to be sent again.
 * A public implementation of the cluster side does so. RFC 6311, 7 forbids to begin anew: what does it gain?
 *
 *     ipsecha check docs/examples/fresh-requests.ts --scenario single-failover \
 *       --set retry=fresh --set retries=2 --set pending=close --set state-sync=each-step
 *
 * Its window is 1, and what was used is kept at each step. With snapshots that are older (state-sync=any), the lowest M1
 * is one that was used: counters-never-regress and recovery-possible break.
 */
import { type Revision, rfc6311 } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('RFC 6311 has a counter sync');

export default {
  ...rfc6311,
  name: 'fresh-requests',
  title: 'Each sync request is a new one, with a higher M1',
  source: 'a public implementation of the cluster side',
  // That there are three at most (retries=2), and what is in doubt (pending=close), are settings.
  policies: ['retry', 'pending', 'stateSync', 'delta', 'inWindow', 'm1Sharing'],
  counterSync: {
    ...counterSync,
    chooseM1: (lowest) => lowest,
    // A P1 that was sent stands.
    chooseP1: (sa) => Math.max(counterSync.chooseP1(sa), sa.p1Sent ?? 0),
    beginsSyncAgain: () => true,
    adopt: (sa, response) => counterSync.adopt(sa, response, 'maximum'),
  },
} satisfies Revision;
