/**
 * The first revision of the working group's draft: the counter sync exchange with its nonce, which protects the
 * responses against replay, and nothing that protects the requests. A sync request is acted on whatever its M1.
 *
 * Its text cannot be had here. The slides of October 2010 list the Failover Count as new since then (B); all else
 * is taken to have been as in RFC 6311: M1, P1, P2 and M2 by the same maximum rules (C for the rules, D for this
 * revision), and the other members informed of M1, so that what differs is the protection against replay alone.
 */
import { slotsOf } from '../catalogue.ts';
import { acceptBeyond, sendBeyond } from '../ipsecha-00/per-sa-counters.ts';
import { ikev2 } from './ikev2.ts';
import type { Revision } from './revision.ts';

export const ipsecha00: Revision = {
  ...ikev2,
  name: 'ipsecha-00',
  title: 'Counter sync with a nonce, requests unprotected against replay',
  source: 'draft-ietf-ipsecme-ipsecha-protocol-00 (2010)',
  counterSync: slotsOf('counterSync'),
  replaySync: { ...slotsOf('replaySync'), sendBeyond, acceptBeyond },
};
