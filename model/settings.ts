/** What is explored: how large, with which readings of the text. The keys are those of `--set`. */
import type { Policies } from './policies.ts';

export interface Settings extends Policies {
  /** Members of the cluster: 2 or more. */
  readonly members: number;
  /** Failovers of the cluster at most. */
  readonly failovers: number;
  /** Ordinary IKE requests that each side makes at most. */
  readonly requests: number;
  /** Sync requests that are sent again as new ones at most (with `retry` = fresh). */
  readonly retries: number;
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

/** Every setting, by its name on the command line. */
export const settingSpecs: readonly SettingSpec[] = [
  {
    key: 'members',
    field: 'members',
    values: 'number',
    least: 2,
    most: 6,
    meaning: 'members of the cluster',
  },
  { key: 'failovers', field: 'failovers', values: 'number', least: 0, most: 6, meaning: 'failovers at most' },
  {
    key: 'requests',
    field: 'requests',
    values: 'number',
    least: 0,
    most: 8,
    meaning: 'ordinary IKE requests of each side at most',
  },
  {
    key: 'retries',
    field: 'retries',
    values: 'number',
    least: 0,
    most: 6,
    meaning: 'sync requests that are replaced by a new one at most (retry=fresh)',
  },
  {
    key: 'bump',
    field: 'bump',
    values: 'number',
    least: 0,
    most: 1000,
    meaning: 'how far the newly active member advances M1 past what it knows',
  },
  {
    key: 'state-sync',
    field: 'stateSync',
    values: ['any', 'never', 'each-step'],
    meaning: 'when the active member may copy its state to the others',
  },
  {
    key: 'retry',
    field: 'retry',
    values: ['same', 'fresh'],
    meaning: 'an unanswered sync request is sent again as it was, or as a new one with a higher M1',
  },
  {
    key: 'stale-sync',
    field: 'staleSync',
    values: ['drop', 'answer-from-cache'],
    meaning: 'what the peer does with a retransmission of the sync request that it accepted last',
  },
  {
    key: 'm1-compare',
    field: 'm1Compare',
    values: ['highest-seen', 'next-expected'],
    meaning: 'what the peer compares M1 with',
  },
  {
    key: 'm1-sharing',
    field: 'm1Sharing',
    values: ['told', 'not-told'],
    meaning: 'whether a sent M1 reaches the other members',
  },
  {
    key: 'failover-count',
    field: 'failoverCount',
    values: ['shared', 'per-member', 'in-state-sync'],
    meaning: 'how the members agree on the Failover Count',
  },
  {
    key: 'while-syncing',
    field: 'whileSyncing',
    values: ['hold', 'process'],
    meaning: 'what a member does with ordinary messages while its sync request is unanswered',
  },
];
