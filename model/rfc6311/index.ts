/** RFC 6311, Protocol Support for High Availability of IKEv2/IPsec: its sections, by file. */

import * as counterModes from './3.4-counter-modes.ts';
import * as messageIdSync from './5.1-message-id-sync.ts';
import * as replayCounterSync from './5.2-replay-counter-sync.ts';
import * as exchange from './5-counter-sync-exchange.ts';
import * as messageIdAnnouncement from './6.1-message-id-sync-supported.ts';
import * as replayCounterAnnouncement from './6.2-replay-counter-sync-supported.ts';
import * as messageIdNotification from './6.3-message-id-sync-notification.ts';
import * as replayCounterNotification from './6.4-replay-counter-notification.ts';
import * as details from './7-implementation-details.ts';
import * as outsideTheWindow from './8.1-messages-outside-the-window.ts';
import * as pendingPackets from './8.2-pending-ipsec-messages.ts';
import * as inconsistentSas from './8.3-inconsistent-sas.ts';
import * as replays from './11-replays.ts';

export const sections = {
  'model/rfc6311/3.4-counter-modes.ts': counterModes,
  'model/rfc6311/5-counter-sync-exchange.ts': exchange,
  'model/rfc6311/5.1-message-id-sync.ts': messageIdSync,
  'model/rfc6311/5.2-replay-counter-sync.ts': replayCounterSync,
  'model/rfc6311/6.1-message-id-sync-supported.ts': messageIdAnnouncement,
  'model/rfc6311/6.2-replay-counter-sync-supported.ts': replayCounterAnnouncement,
  'model/rfc6311/6.3-message-id-sync-notification.ts': messageIdNotification,
  'model/rfc6311/6.4-replay-counter-notification.ts': replayCounterNotification,
  'model/rfc6311/7-implementation-details.ts': details,
  'model/rfc6311/8.1-messages-outside-the-window.ts': outsideTheWindow,
  'model/rfc6311/8.2-pending-ipsec-messages.ts': pendingPackets,
  'model/rfc6311/8.3-inconsistent-sas.ts': inconsistentSas,
  'model/rfc6311/11-replays.ts': replays,
};
