/** RFC 7296, Internet Key Exchange Protocol Version 2 (IKEv2), as far as a failover depends on it: its sections, by file. */
import * as deleting from './1.4.1-deleting-an-sa.ts';
import * as retransmission from './2.1-retransmission.ts';
import * as messageIds from './2.2-message-ids.ts';
import * as window from './2.3-window.ts';
import * as simultaneous from './2.8.1-simultaneous-child-sa-rekeying.ts';
import * as rekeying from './2.8-rekeying.ts';

export const sections = {
  'model/rfc7296/1.4.1-deleting-an-sa.ts': deleting,
  'model/rfc7296/2.1-retransmission.ts': retransmission,
  'model/rfc7296/2.2-message-ids.ts': messageIds,
  'model/rfc7296/2.3-window.ts': window,
  'model/rfc7296/2.8-rekeying.ts': rekeying,
  'model/rfc7296/2.8.1-simultaneous-child-sa-rekeying.ts': simultaneous,
};
