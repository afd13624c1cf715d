/** A revision is one text: a record of rule functions. An author's own is such a value too. */

import type { OrdinaryEsp } from '../rfc4303/3-esp-packets.ts';
import type { ReplayCounterSync } from '../rfc6311/5.2-replay-counter-sync.ts';
import type { CounterSync } from '../rfc6311/counter-sync.ts';
import type { OrdinaryIke } from '../rfc7296/2-requests-and-responses.ts';
import type { Policies } from '../settings/policies.ts';

export interface Revision {
  /** As in `ipsecha check NAME`. */
  readonly name: string;
  readonly title: string;
  /** The document, as one would cite it. */
  readonly source: string;
  readonly ike: OrdinaryIke;
  readonly esp: OrdinaryEsp;
  /** The exchange that syncs Message IDs; null if the text has none: then a newly active member just goes on. */
  readonly counterSync: CounterSync | null;
  /** What syncs ESP sequence numbers; null if the text has none: then they stay as stale as the snapshot. */
  readonly replaySync: ReplayCounterSync | null;
  /** What it leaves open, and so can be set: other settings mean nothing for it. */
  readonly policies: readonly (keyof Policies)[];
}
