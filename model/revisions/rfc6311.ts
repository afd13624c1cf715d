/** RFC 6311: IKEV2_MESSAGE_ID_SYNC, with M1 that must grow. */
import { slotsOf } from '../catalogue.ts';
import { isStale } from '../rfc6311/5.1-message-id-sync.ts';
import { isSentByCluster } from '../rfc6311/6.4-replay-counter-notification.ts';
import { ikev2 } from './ikev2.ts';
import type { Revision } from './revision.ts';

export const rfc6311: Revision = {
  ...ikev2,
  name: 'rfc6311',
  title: 'Protocol Support for High Availability of IKEv2/IPsec',
  source: 'RFC 6311 (July 2011)',
  counterSync: { ...slotsOf('counterSync'), isStale },
  replaySync: { ...slotsOf('replaySync'), isSentByCluster },
};
