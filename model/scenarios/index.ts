/** Named scenarios: what is explored, in three sizes. */
import type { Revision } from '../revisions/revision.ts';
import type { Settings } from '../settings.ts';

export type Size = 'small' | 'medium' | 'large';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a reader should know: the question that it answers. */
  readonly about: string;
  readonly sizes: Readonly<Record<Size, Settings>>;
}

/** The readings that a scenario takes where it says nothing else: those of the text, and the safer ones. */
const usual = {
  stateSync: 'any',
  retry: 'same',
  retries: 0,
  staleSync: 'drop',
  m1Compare: 'highest-seen',
  m1Sharing: 'told',
  failoverCount: 'shared',
  whileSyncing: 'hold',
} as const;

/** The bump covers every request that a snapshot can have missed: all that the scenario allows. */
const sized = (members: number, failovers: number, requests: number): Settings => ({
  ...usual,
  members,
  failovers,
  requests,
  bump: requests,
});

const singleFailover: Scenario = {
  name: 'single-failover',
  title: 'One failover, with state syncs at any time',
  about:
    'The active member copies its state now and then; it fails; the standby takes over with a snapshot that may be stale. Requests of both ends may be under way.',
  sizes: { small: sized(2, 1, 3), medium: sized(2, 1, 5), large: sized(2, 1, 6) },
};

const multipleFailover: Scenario = {
  name: 'multiple-failover',
  title: 'Failovers in rapid succession, three members',
  about:
    'A third member takes over while the second may still wait for the answer to its sync request. A member that was down can come back by a state sync.',
  sizes: { small: sized(3, 2, 2), medium: sized(3, 3, 2), large: sized(4, 3, 2) },
};

const replayed = (failovers: number, requests: number): Settings => ({
  ...sized(2, failovers, requests),
  retry: 'fresh',
  retries: 1,
});

const replay: Scenario = {
  name: 'replay',
  title: 'Replay of old sync requests and responses',
  about:
    'Sync requests of several failovers and their retries, with the responses, are on the network for ever, and an attacker delivers any of them at any time.',
  sizes: { small: replayed(2, 2), medium: replayed(3, 2), large: replayed(4, 2) },
};

/** The scenarios, in the order in which they are reported. */
export const scenarios: readonly Scenario[] = [singleFailover, multipleFailover, replay];

/**
 * The settings of a scenario that suit a revision. Where nothing protects sync requests against replay, each copy
 * of each of them leads on, and what can be reached grows beyond bounds: there, each side makes one request less.
 */
export function settingsFor(scenario: Scenario, size: Size, revision: Revision): Settings {
  const settings = scenario.sizes[size];
  if (isProtected(revision)) return settings;
  const requests = Math.max(0, settings.requests - 1);
  return { ...settings, requests, bump: Math.min(settings.bump, requests) };
}

/** Whether sync requests, if there are any, are protected against replay. */
const isProtected = ({ counterSync }: Revision): boolean =>
  counterSync === null || counterSync.isStale !== undefined || counterSync.isObserved !== undefined;
