/**
 * A proposed fix, worked out: the first draft acts on a sync request whatever its M1, so a copy that arrives later
 * takes effect again (`ipsecha check ipsecha-00 --scenario single-failover`). Would it be enough to drop what is not
 * above the highest value seen?
 *
 *     ipsecha check docs/examples/m1-must-grow.ts                    it holds where the draft is broken
 *     ipsecha compare ipsecha-00 docs/examples/m1-must-grow.ts       what the one rule changes
 */
import { ipsecha00, type Revision } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = ipsecha00;
if (counterSync === null) throw new Error('ipsecha-00 has a counter sync');

export default {
  ...ipsecha00,
  name: 'm1-must-grow',
  title: 'The first draft, with sync requests dropped whose M1 is not new',
  source: 'a proposal to draft-ietf-ipsecme-ipsecha-protocol-00',
  counterSync: { ...counterSync, isStale: (sa, m1) => m1 <= sa.highestSeen },
} satisfies Revision;
