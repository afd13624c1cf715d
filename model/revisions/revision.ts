/** A revision is one text: a record of rule functions. An author's own is such a value too. */
import {
  type CatalogueEntry,
  type CounterSync,
  catalogue,
  type OrdinaryEsp,
  type OrdinaryIke,
  type ReplayCounterSync,
} from '../catalogue.ts';
import type { SafetyProperty } from '../properties/property.ts';
import type { PolicyField } from '../settings/settings.ts';
import type { Exchanges } from './exchanges.ts';
import type { OwnScenario } from './own-scenario.ts';

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
  /** What it says that no rule above has a slot for; absent if there is nothing. */
  readonly exchanges?: Exchanges;
  /** Properties beside those of `properties/`: monitors, checked like ours. Absent: none. */
  readonly properties?: readonly OwnProperty[];
  /** Scenarios beside those of `scenarios/`. Absent: none. */
  readonly scenarios?: readonly OwnScenario[];
}

/** A property of a revision's own: a monitor, made by `safety`. It can be broken in every scenario. */
export type OwnProperty = Omit<SafetyProperty, 'nothingToBreak'>;

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
