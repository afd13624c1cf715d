/** A revision is one text: a record of rule functions. An author's own is such a value too. */
import {
  type CatalogueEntry,
  type CounterSync,
  catalogue,
  type OrdinaryEsp,
  type OrdinaryIke,
  type ReplayCounterSync,
} from '../catalogue.ts';
import type { PolicyField } from '../settings/settings.ts';

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
  /** What it leaves open, and so can be set; absent if that is all that its rules leave open. */
  readonly policies?: readonly PolicyField[];
}

/** Whether a revision has a rule: the slot of it is filled, be it by another function. */
export const hasRule = (
  revision: Revision,
  { part, functionName }: Pick<CatalogueEntry, 'part' | 'functionName'>,
): boolean => {
  const slots: Readonly<Record<string, unknown>> | null = revision[part];
  return slots?.[functionName] !== undefined;
};

/** The rules of a revision. */
export const rulesOf = (revision: Revision): readonly CatalogueEntry[] =>
  catalogue.filter((entry) => hasRule(revision, entry));
