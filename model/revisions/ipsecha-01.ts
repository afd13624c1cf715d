/**
 * The revision of October 2010, known from its slides: every sync request carries a Failover Count, and the peer
 * discards a count that it has observed already. M1 is not compared with anything.
 *
 * Where the slides say nothing, the rules are those of RFC 6311, as in `ipsecha-00.ts`. An unanswered sync request
 * that is replaced by a new one (retry=fresh) carries the same count, for it is the same failover; if the first one
 * arrived, the second is discarded. The slides do not say otherwise: we take it for a consequence of the text.
 */
import { slotsOf } from '../catalogue.ts';
import { hearsCount, initialCount, isObserved, nextCount } from '../ipsecha-01/failover-count.ts';
import { confirmDelta } from '../ipsecha-01/solution.ts';
import { ipsecha00 } from './ipsecha-00.ts';
import type { Revision } from './revision.ts';

export const ipsecha01: Revision = {
  ...ipsecha00,
  name: 'ipsecha-01',
  title: 'Counter sync with a nonce and a Failover Count',
  source: 'draft-ietf-ipsecme-ipsecha-protocol-01 (October 2010), slides',
  counterSync: { ...slotsOf('counterSync'), nextCount, isObserved, hearsCount, initialCount },
  replaySync: { ...slotsOf('replaySync'), confirmDelta },
};
