/** Named scenarios: what is explored, in three sizes. */
import type { OwnScenario } from '../revisions/own-scenario.ts';
import type { Revision } from '../revisions/revision.ts';
import { leavesOpen, type Settings, usual } from '../settings/settings.ts';

export type Size = 'small' | 'medium' | 'large';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a reader should know: the question that it answers. */
  readonly about: string;
  readonly sizes: Readonly<Record<Size, Settings>>;
}

/** The bump covers every request that a snapshot can have missed, and the delta every packet: all that there are. */
const sized = (
  members: number,
  failovers: number,
  requests: number,
  packets: number,
  others: Partial<Settings> = {},
): Settings => ({
  ...usual,
  members,
  failovers,
  requests,
  packets,
  bump: requests,
  delta: packets,
  // Where no packets are sent, there are no counters of theirs to sync.
  replayCounterSync: packets > 0 ? 'both' : 'neither',
  ...others,
});

const singleFailover: Scenario = {
  name: 'single-failover',
  title: 'One failover, with state syncs at any time',
  about:
    'The active member copies its state now and then; it fails; the standby takes over with a snapshot that may be stale. Requests of both ends may be under way.',
  sizes: { small: sized(2, 1, 3, 0), medium: sized(2, 1, 7, 0), large: sized(2, 1, 9, 0) },
};

const packetsDuringFailover: Scenario = {
  name: 'packets-during-failover',
  title: 'ESP packets before, during and after a failover',
  about:
    'Both ends send packets over a Child SA while the active member fails: packets of the failed member and to it are still under way, and can be replayed to the newly active one.',
  sizes: { small: sized(2, 1, 0, 3), medium: sized(2, 1, 1, 3), large: sized(2, 1, 0, 6) },
};

const packetsMultipleFailover: Scenario = {
  name: 'packets-multiple-failover',
  title: 'ESP packets around failovers in rapid succession, three members',
  about:
    'Each member that takes over advances the ESP counters by a delta, and asks the peer to do the same; but the next failover comes before the peer has heard of it.',
  sizes: { small: sized(3, 2, 0, 1), medium: sized(3, 2, 0, 3), large: sized(3, 3, 0, 3) },
};

const missingStateSync: Scenario = {
  name: 'missing-state-sync',
  title: 'A failover without any state sync since the SA was established',
  about:
    'The state syncs of the active member never arrive, so the standby takes over with the state right after IKE_AUTH, as stale as it can be.',
  sizes: {
    small: sized(2, 1, 2, 1, { stateSync: 'never' }),
    medium: sized(2, 1, 4, 2, { stateSync: 'never' }),
    large: sized(2, 1, 4, 3, { stateSync: 'never' }),
  },
};

const multipleFailover: Scenario = {
  name: 'multiple-failover',
  title: 'Failovers in rapid succession, three members',
  about:
    'A third member takes over while the second may still wait for the answer to its sync request. A member that was down can come back by a state sync.',
  sizes: { small: sized(3, 2, 2, 0), medium: sized(3, 3, 2, 0), large: sized(3, 3, 3, 0) },
};

const bothClusters = (failovers: number, peerFailovers: number, requests: number, packets = 0): Settings =>
  sized(2, failovers, requests, packets, { peerMembers: 2, peerFailovers });

const simultaneousFailover: Scenario = {
  name: 'simultaneous-failover',
  title: 'Both ends are clusters, and both fail over',
  about:
    'Each end may fail over while the other does: sync requests cross, each end answers as the peer what it asks as the newly active member, and afterwards both have to agree.',
  sizes: { small: bothClusters(1, 1, 1), medium: bothClusters(1, 1, 2), large: bothClusters(1, 1, 3) },
};

const replayed = (failovers: number, requests: number): Settings =>
  sized(2, failovers, requests, 0, { retry: 'fresh', retries: 1 });

const replay: Scenario = {
  name: 'replay',
  title: 'Replay of old sync requests and responses',
  about:
    'Sync requests of several failovers and their retries, with the responses, are on the network for ever, and an attacker delivers any of them at any time.',
  sizes: { small: replayed(2, 2), medium: replayed(3, 3), large: replayed(4, 3) },
};

const messageIdOnly: Scenario = {
  name: 'message-id-only',
  title: 'Only Message IDs are synced',
  about:
    'Both ends announced IKEV2_MESSAGE_ID_SYNC and not IPSEC_REPLAY_COUNTER_SYNC: the newly active member advances its own ESP counters, and the peer learns nothing of them.',
  sizes: {
    small: sized(2, 1, 1, 1, { replayCounterSync: 'neither' }),
    medium: sized(2, 1, 2, 2, { replayCounterSync: 'neither' }),
    large: sized(2, 1, 3, 2, { replayCounterSync: 'neither' }),
  },
};

const replayCounterOnly: Scenario = {
  name: 'replay-counter-only',
  title: 'Only ESP counters are synced',
  about:
    'Both ends announced IPSEC_REPLAY_COUNTER_SYNC and not IKEV2_MESSAGE_ID_SYNC, since the members share the state of IKE at each step, and only that of ESP now and then: the delta is sent in an ordinary INFORMATIONAL.',
  sizes: {
    small: sized(2, 1, 1, 1, { messageIdSync: 'neither', stateSync: 'ike-each-step' }),
    medium: sized(2, 1, 2, 2, { messageIdSync: 'neither', stateSync: 'ike-each-step' }),
    large: sized(2, 1, 3, 2, { messageIdSync: 'neither', stateSync: 'ike-each-step' }),
  },
};

const combined: Scenario = {
  name: 'combined',
  title: 'Message IDs and ESP counters in one exchange',
  about: 'Both notifications were negotiated and go together; requests and packets are under way.',
  sizes: { small: sized(2, 1, 1, 1), medium: sized(2, 1, 2, 2), large: sized(2, 1, 3, 2) },
};

const childSas: Scenario = {
  name: 'child-sas',
  title: 'Several Child SAs under one delta, with extended sequence numbers',
  about:
    'Several Child SAs share the delta that the fastest of them needs. Their counters begin where the lower half of an extended sequence number ends.',
  sizes: {
    small: sized(2, 1, 0, 2, { childSas: 2, esn: 'on', counters: 'esp-near-maximum' }),
    medium: sized(2, 1, 0, 3, { childSas: 2, esn: 'on', counters: 'esp-near-maximum' }),
    large: sized(2, 1, 0, 3, { childSas: 3, esn: 'on', counters: 'esp-near-maximum' }),
  },
};

const negotiation: Scenario = {
  name: 'negotiation',
  title: 'Each end may or may not support either notification',
  about:
    'Every combination of the two *_SUPPORTED notifications in IKE_AUTH: of both ends, of one, of neither. Only what both announced may be used.',
  sizes: {
    small: sized(2, 1, 1, 1, { messageIdSync: 'any', replayCounterSync: 'any' }),
    medium: sized(2, 1, 2, 1, { messageIdSync: 'any', replayCounterSync: 'any' }),
    large: sized(2, 1, 3, 1, { messageIdSync: 'any', replayCounterSync: 'any' }),
  },
};

const rekey: Scenario = {
  name: 'rekey',
  title: 'Rekeying of a Child SA or of the IKE SA around a failover',
  about:
    'The active member rekeys and fails before it has synced the new SA: the newly active one holds an SA that the peer no longer has.',
  sizes: {
    small: sized(2, 1, 1, 1, { rekey: 'both' }),
    medium: sized(2, 1, 2, 1, { rekey: 'both' }),
    large: sized(3, 1, 2, 1, { rekey: 'both' }),
  },
};

const largerWindow: Scenario = {
  name: 'larger-window',
  title: 'Several requests under way at once',
  about:
    'With an IKE window of 2, requests and responses overtake one another, and a snapshot can have missed as many requests as the window holds without a single response.',
  sizes: {
    small: sized(2, 1, 2, 0, { window: 2 }),
    medium: sized(2, 1, 4, 0, { window: 2 }),
    large: sized(2, 2, 3, 0, { window: 3 }),
  },
};

const countersAtMaximum: Scenario = {
  name: 'counters-at-maximum',
  title: 'Message IDs and sequence numbers that come to their end',
  about:
    'The counters begin so near their maximum that they reach it: none may wrap, and what cannot go on has to be closed and established anew.',
  sizes: {
    small: sized(2, 1, 2, 2, { counters: 'near-maximum' }),
    medium: sized(2, 1, 3, 3, { counters: 'near-maximum' }),
    large: sized(2, 1, 4, 3, { counters: 'near-maximum' }),
  },
};

/** As the text recommends and assumes (RFC 6311, 5.1): the bump is the window, and no snapshot lacks more than that. */
const periodic = (failovers: number, requests: number): Settings =>
  sized(2, failovers, requests, 0, { stateSync: 'periodic', lag: 1, window: 1, bump: 1 });

const periodicStateSync: Scenario = {
  name: 'periodic-state-sync',
  title: 'State syncs so often that a snapshot lacks one request at most',
  about:
    'The bump is the window, as the text recommends, and not the number of all requests: what depends on the size of a counter, and not on the bump alone, shows here.',
  sizes: { small: periodic(1, 2), medium: periodic(1, 4), large: periodic(2, 3) },
};

const sharing = (failovers: number, requests: number): Settings => ({
  ...bothClusters(failovers, failovers, requests),
  stateSync: 'each-step',
});

const sharedState: Scenario = {
  name: 'shared-state',
  title: 'Both ends are clusters whose members have the same state at each step',
  about:
    'No snapshot is stale, so whatever is lost at a failover was not part of the state: what each end has to share of what the other one sent.',
  sizes: { small: sharing(1, 1), medium: sharing(1, 3), large: sharing(1, 5) },
};

/** The scenarios, in the order in which they are reported. */
export const scenarios: readonly Scenario[] = [
  singleFailover,
  packetsDuringFailover,
  packetsMultipleFailover,
  missingStateSync,
  multipleFailover,
  simultaneousFailover,
  replay,
  messageIdOnly,
  replayCounterOnly,
  combined,
  childSas,
  negotiation,
  rekey,
  largerWindow,
  countersAtMaximum,
  periodicStateSync,
  sharedState,
];

/** A scenario that comes with a revision: what it does not say is as usual, and a size that it lacks as the one before. */
export function ownScenario({ name, title = name, about = title, sizes }: OwnScenario): Scenario {
  const small: Settings = { ...usual, ...sizes.small };
  const medium = sizes.medium === undefined ? small : { ...usual, ...sizes.medium };
  const large = sizes.large === undefined ? medium : { ...usual, ...sizes.large };
  return { name, title, about, sizes: { small, medium, large } };
}

/**
 * The settings of a scenario that suit a revision. Where nothing protects sync requests against replay, each copy
 * of each of them leads on, and what can be reached grows beyond bounds: there, each side makes one request fewer
 * (but one at least, if only one end is a cluster), unless the counters come to their end anyway.
 * The first draft had the counters of each Child SA, where all later texts have one delta.
 */
export function settingsFor(scenario: Scenario, size: Size, revision: Revision): Settings {
  const settings = scenario.sizes[size];
  const form = leavesOpen(revision, 'counterForm')
    ? ({ ...settings, counterForm: 'per-sa' } as const)
    : settings;
  if (isProtected(revision) || settings.counters === 'near-maximum') return form;
  const least = settings.peerMembers > 1 ? 0 : 1;
  const requests = Math.min(settings.requests, Math.max(least, settings.requests - 1));
  return { ...form, requests, bump: Math.min(settings.bump, requests) };
}

/** Whether sync requests, if there are any, are protected against replay. */
const isProtected = ({ counterSync }: Revision): boolean =>
  counterSync === null || counterSync.isStale !== undefined || counterSync.isObserved !== undefined;
