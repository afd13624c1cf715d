/** Plain IKEv2, without any extension: what RFC 6027 describes the problems of. */
import { slotsOf } from '../catalogue.ts';
import type { Revision } from './revision.ts';

export const ikev2: Revision = {
  name: 'ikev2',
  title: 'IKEv2 without counter synchronisation',
  source: 'RFC 7296 (2014), with the cluster of RFC 6027 (2010)',
  ike: slotsOf('ike'),
  esp: slotsOf('esp'),
  counterSync: null,
  replaySync: null,
};
