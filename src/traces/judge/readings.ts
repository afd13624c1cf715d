/** The readings of what the text leaves open, and the verdict under each. */
import { leavesOpen, type Policies, type Revision, settingSpecs } from '../../../model/index.ts';

/**
 * The most permissive reading of the text: what a stricter reading allows, this one allows too. The verdict is
 * given under it; `readings` tells which stricter ones the trace also conforms to.
 */
export const PERMISSIVE: Policies = {
  bump: 0,
  p1Ahead: 0,
  stateSync: 'any',
  // A trace does not show what a member makes of a state sync, only what it takes over with.
  stateSyncReceipt: 'replace',
  retry: 'fresh',
  syncTrigger: 'lazy',
  capabilityAfterRekey: 'kept',
  staleSync: 'answer-from-cache',
  m1Compare: 'highest-seen',
  // Of these, both values are tried wherever they differ (`receiveByAnyReading`).
  p2Counts: 'own-m1',
  m2Counts: 'sync-requests',
  adopt: 'maximum',
  m1Sharing: 'not-told',
  failoverCount: 'per-member',
  // A sync request is explained by either value of these (`toTakeOver`, `toSendSync`).
  firstCount: 'one',
  freshCount: 'same',
  // Its requests before the response are allowed where they occur (`judgeRequest`): no text forbids them.
  ikeWhileSyncing: 'process',
  espWhileSyncing: 'pass',
  // A trace does not show how they are made.
  ikeIv: 'random',
  // ESP is judged by its numbers alone, so what its counters should be advanced by does not matter.
  delta: 0,
  ownBump: 'delta',
  windowMove: 'delta',
  bumpSharing: 'told',
  inWindow: 'advance',
  afterFailover: 'go-on',
  counterForm: 'delta',
  pending: 'give-up',
  // Nor does a trace show when the members tell each other something.
  telling: 'with-sending',
};

/** The policies that a trace can show, with all their readings, if the text leaves them open. */
const OPEN = ['m1Compare', 'retry', 'staleSync', 'ikeWhileSyncing', 'failoverCount'] as const;

/** Every combination of readings that a trace can show, those of a revision. */
export const readingsOf = (revision: Revision): readonly Policies[] =>
  openIn(revision).reduce<readonly Policies[]>(
    (sofar, field) =>
      sofar.flatMap((each) =>
        valuesOf(field).map((value): Policies => Object.assign({}, each, { [field]: value })),
      ),
    [PERMISSIVE],
  );

const openIn = (revision: Revision) => OPEN.filter((field) => leavesOpen(revision, field));

/** A reading as settings on the command line. */
export const settingsOf = (revision: Revision, policies: Policies): Readonly<Record<string, string>> =>
  Object.fromEntries(openIn(revision).map((field) => [keyOf(field), String(policies[field])]));

/** Whether it is a reading of the text; if not, it is what some implementation does. */
export const isOfTheText = ({ m1Compare }: Policies): boolean => m1Compare !== 'next-expected';

const specOf = (field: keyof Policies) => settingSpecs.find((spec) => spec.field === field);

const valuesOf = (field: keyof Policies): readonly string[] => {
  const values = specOf(field)?.values;
  return Array.isArray(values) ? values.filter((value) => !isTriedAnyway(field, value)) : [];
};

/** Requests of a member itself before the response are no fault in any reading. */
const isTriedAnyway = (field: keyof Policies, value: string): boolean =>
  field === 'ikeWhileSyncing' && value === 'process-and-send';

const keyOf = (field: keyof Policies): string => specOf(field)?.key ?? field;
