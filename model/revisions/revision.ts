/** A revision is one text: a record of rule functions. An author's own is such a value too. */
import type { CounterSync } from '../counter-sync.ts';
import type { OrdinaryIke } from '../ike.ts';
import type { Policies } from '../policies.ts';

export interface Revision {
  /** As in `ipsecha check NAME`. */
  readonly name: string;
  readonly title: string;
  /** The document, as one would cite it. */
  readonly source: string;
  readonly ike: OrdinaryIke;
  /** The counter sync exchange; null if the text has none: then a newly active member just goes on. */
  readonly counterSync: CounterSync | null;
  /** What it leaves open, and so can be set: other settings mean nothing for it. */
  readonly policies: readonly (keyof Policies)[];
}
