/**
 * A proposed fix, worked out: where both ends are clusters, the answer to a sync request can come after the sync
 * request of the member that took over at the other end, and tells less than that did. A member that adopts it goes
 * back (`ipsecha check rfc6311 --scenario simultaneous-failover --set state-sync=each-step`). Would it help to never
 * adopt less than what is known?
 *
 *     ipsecha compare rfc6311 docs/examples/adopt-maximum.ts --scenario simultaneous-failover --set state-sync=each-step
 */
import { type Revision, rfc6311 } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('RFC 6311 has a counter sync');

export default {
  ...rfc6311,
  name: 'adopt-maximum',
  title: 'A sync response never takes a counter back',
  source: 'a proposal to RFC 6311, 5.1',
  counterSync: {
    ...counterSync,
    adopt: (sa, response, how) => ({
      ...counterSync.adopt(sa, response, how),
      expectedSend: Math.max(sa.expectedSend, response.m2),
      expectedReceive: Math.max(sa.expectedReceive, response.p2),
    }),
  },
} satisfies Revision;
