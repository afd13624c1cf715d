/** draft-ietf-ipsecme-ipsecha-protocol-01, October 2010, known from its slides: what RFC 6311 does not have, by file. */
import * as failoverCount from './failover-count.ts';
import * as solution from './solution.ts';

export const sections = {
  'model/ipsecha-01/failover-count.ts': failoverCount,
  'model/ipsecha-01/solution.ts': solution,
};
