/** draft-ietf-ipsecme-ipsecha-protocol-00, 2010, of which the slides of October 2010 list what changed: by file. */
import * as perSaCounters from './per-sa-counters.ts';

export const sections = { 'model/ipsecha-00/per-sa-counters.ts': perSaCounters };
