/**
 * The peer as strongSwan 5.9.8 is seen to be (traces/anomalies.md): it compares M1 with the Message ID that it expects
 * next; and with a request of its own outstanding, P2 is that request's Message ID, and the request is sent again under
 * the same one, with other octets. What does that break?
 *
 *     ipsecha check docs/examples/strongswan-peer.ts --scenario single-failover --set pending=send-again
 *     ipsecha compare rfc6311 docs/examples/strongswan-peer.ts --scenario single-failover --set pending=send-again
 */
import { type Revision, rfc6311 } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('RFC 6311 has a counter sync');

/** The comparison is its own, whatever the setting says. */
const compare = 'next-expected';

export default {
  ...rfc6311,
  name: 'strongswan-peer',
  title: 'The peer as strongSwan 5.9.8 is seen to be',
  source: 'captures of strongSwan 5.9.8',
  counterSync: {
    ...counterSync,
    isStale: (sa, m1) => m1 <= sa.expectedReceive - 1,
    chooseM2: (sa, m1) => counterSync.chooseM2(sa, m1, compare),
    // What is outstanding does not count as used: its Message ID comes first again.
    chooseP2: (sa, p1) => Math.max(p1, sa.outstanding[0]?.id ?? sa.expectedSend),
    // It is given up under its old Message ID whatever P2 is, and queued again (pending=send-again).
    dropPending: (sa, pending, next) => counterSync.dropPending(sa, pending, Math.max(next, sa.expectedSend)),
  },
} satisfies Revision;
