/** What is explored: how large, with which readings of the text. The keys are those of `--set`. */
import type { Announcers } from '../rfc6311/5-counter-sync-exchange.ts';
import type { Policies } from './policies.ts';

/** The powers of the environment, weakest first: each can do what those before it can. */
export const networks = ['reliable', 'fifo', 'no-replay', 'adversarial'] as const;

/** What the network may do to messages. */
export type Network = (typeof networks)[number];

/** The settings that say how large a system is, and what its environment may do: they apply to every revision. */
export interface Bounds {
  /** Members of the cluster: 2 or more. */
  readonly members: number;
  /** Members of the other end: 1 is a plain peer. */
  readonly peerMembers: number;
  /** Failovers of the cluster at most. */
  readonly failovers: number;
  /** Failovers of the other end at most. */
  readonly peerFailovers: number;
  /** Ordinary IKE requests that each side makes at most. */
  readonly requests: number;
  /** ESP packets that each side sends at most. */
  readonly packets: number;
  /** Size of the IKE window. */
  readonly window: number;
  /** Size of the anti-replay window of ESP. */
  readonly replayWindow: number;
  readonly childSas: number;
  readonly esn: 'on' | 'off';
  /** Where Message IDs and sequence numbers begin. */
  readonly counters: 'from-zero' | 'near-maximum' | 'esp-near-maximum';
  /** Which SAs the active member of the cluster may rekey. */
  readonly rekey: 'none' | 'child' | 'ike' | 'both';
  readonly network: Network;
}

export interface Settings extends Policies, Bounds {
  /** Sync requests that each side sends again as new ones at most (with `retry` = fresh). */
  readonly retries: number;
  /** Which ends announce IKEV2_MESSAGE_ID_SYNC_SUPPORTED; `any`: each possibility is explored. */
  readonly messageIdSync: Announcers | 'any';
  /** Which ends announce IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED. */
  readonly replayCounterSync: Announcers | 'any';
}

/** A setting as one can give it on a command line. */
export type SettingSpec = {
  readonly key: string;
  readonly field: keyof Settings;
  readonly meaning: string;
} & (
  | { readonly values: 'number'; readonly least: number; readonly most: number }
  | { readonly values: readonly string[] }
);

const number = (
  key: string,
  field: keyof Settings,
  [least, most]: readonly [number, number],
  meaning: string,
): SettingSpec => ({ key, field, values: 'number', least, most, meaning });

const oneOf = (
  key: string,
  field: keyof Settings,
  values: readonly string[],
  meaning: string,
): SettingSpec => ({ key, field, values, meaning });

const announcers = ['both', 'cluster', 'peer', 'neither', 'any'] as const;

/** Every setting, by its name on the command line. */
export const settingSpecs: readonly SettingSpec[] = [
  number('members', 'members', [2, 12], 'members of the cluster'),
  number('peer-members', 'peerMembers', [1, 10], 'members of the other end; 1 is a plain peer'),
  number('failovers', 'failovers', [0, 100], 'failovers of the cluster at most'),
  number('peer-failovers', 'peerFailovers', [0, 100], 'failovers of the other end at most'),
  number('requests', 'requests', [0, 1000], 'ordinary IKE requests of each side at most'),
  number('packets', 'packets', [0, 1000], 'ESP packets of each side at most'),
  number('window', 'window', [1, 64], 'size of the IKE window: requests under way at once'),
  number('replay-window', 'replayWindow', [1, 1024], 'size of the anti-replay window of ESP'),
  number('child-sas', 'childSas', [1, 16], 'Child SAs under the IKE SA'),
  oneOf('esn', 'esn', ['on', 'off'], 'whether ESP uses extended sequence numbers'),
  oneOf(
    'counters',
    'counters',
    ['from-zero', 'near-maximum', 'esp-near-maximum'],
    'where Message IDs and sequence numbers (or only these) begin: at 0, or so near their maximum that they reach it',
  ),
  oneOf(
    'rekey',
    'rekey',
    ['none', 'child', 'ike', 'both'],
    'which SAs the cluster may rekey, with one of its requests each time',
  ),
  oneOf(
    'network',
    'network',
    [...networks].reverse(),
    'what the network may do: replay; reorder and lose; lose; or nothing',
  ),
  number(
    'retries',
    'retries',
    [0, 100],
    'sync requests that are replaced by a new one at most (retry=fresh), of each side',
  ),
  number('bump', 'bump', [0, 1000], 'how far the newly active member advances M1 past what it knows'),
  number(
    'delta',
    'delta',
    [0, 1_000_000],
    'how far ESP sequence numbers are advanced at a failover, at both ends',
  ),
  oneOf(
    'state-sync',
    'stateSync',
    ['any', 'never', 'each-step', 'ike-each-step'],
    'when the active member may copy its state to the others; of IKE alone at each step, of ESP at any time',
  ),
  oneOf(
    'retry',
    'retry',
    ['same', 'fresh'],
    'an unanswered sync request is sent again as it was, or as a new one with a higher M1',
  ),
  oneOf(
    'stale-sync',
    'staleSync',
    ['drop', 'answer-from-cache'],
    'what the peer does with a retransmission of the sync request that it accepted last',
  ),
  oneOf('m1-compare', 'm1Compare', ['highest-seen', 'next-expected'], 'what the peer compares M1 with'),
  oneOf('m1-sharing', 'm1Sharing', ['told', 'not-told'], 'whether a sent M1 reaches the other members'),
  oneOf(
    'bump-sharing',
    'bumpSharing',
    ['told', 'not-told'],
    'whether it reaches the other members how far the ESP counters were advanced',
  ),
  oneOf(
    'failover-count',
    'failoverCount',
    ['shared', 'per-member', 'in-state-sync'],
    'how the members agree on the Failover Count',
  ),
  oneOf(
    'while-syncing',
    'whileSyncing',
    ['hold', 'process'],
    'what a member does with ordinary messages and packets while its sync request is unanswered',
  ),
  oneOf(
    'pending',
    'pending',
    ['give-up', 'send-again'],
    'what becomes of requests that were under way at the sync',
  ),
  oneOf(
    'in-window',
    'inWindow',
    ['advance', 'keep'],
    'whether the newly active member moves its anti-replay windows up by the delta',
  ),
  oneOf(
    'counter-form',
    'counterForm',
    ['delta', 'per-sa'],
    'how replay counters are told: one delta for all Child SAs, or the counters of each',
  ),
  oneOf(
    'message-id-sync',
    'messageIdSync',
    announcers,
    'which ends announce IKEV2_MESSAGE_ID_SYNC_SUPPORTED; any: each possibility is explored',
  ),
  oneOf(
    'replay-counter-sync',
    'replayCounterSync',
    announcers,
    'which ends announce IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED; any: each possibility is explored',
  ),
];
