/** A revision is one text: a record of rule functions. An author's own is such a value too. */
import type { CounterSync } from '../counter-sync.ts';
import type { OrdinaryEsp } from '../esp.ts';
import type { OrdinaryIke } from '../ike.ts';
import type { Policies } from '../policies.ts';
import type { ReplayCounterSync } from '../replay-counter-sync.ts';

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
