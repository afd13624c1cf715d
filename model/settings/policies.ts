/**
 * Where the text leaves a choice, the choice is a named policy with its readings as values.
 */

export interface Policies {
  /** How far M1 is advanced past what the newly active member knows (RFC 6311, 5.1): 0 or more. */
  readonly bump: number;
  /** How far ESP sequence numbers are advanced, its own and the peer's (RFC 6311, 5.2): 0 or more. */
  readonly delta: number;
  /** When the active member may copy its state to another member; of IKE alone at each step, of ESP now and then. */
  readonly stateSync: 'any' | 'never' | 'each-step' | 'ike-each-step';
  /** An unanswered sync request is sent again as it was, or as a new one with a higher M1 and a new nonce. */
  readonly retry: 'same' | 'fresh';
  /** What the peer does with a sync request that is too old, if it is octet-identical to the last accepted one. */
  readonly staleSync: 'drop' | 'answer-from-cache';
  /** What the peer compares M1 with: the highest value seen (the text), or the Message ID that it expects next. */
  readonly m1Compare: 'highest-seen' | 'next-expected';
  /** Whether a sent M1 reaches the other members. */
  readonly m1Sharing: 'told' | 'not-told';
  /** Whether it reaches the other members how far the ESP counters were advanced. */
  readonly bumpSharing: 'told' | 'not-told';
  /** How the members of a cluster agree on the Failover Count (October 2010 revision). */
  readonly failoverCount: 'shared' | 'per-member' | 'in-state-sync';
  /** What a member does with ordinary messages and ESP packets while its sync request is unanswered. */
  readonly whileSyncing: 'hold' | 'process';
  /** What becomes of requests that were under way at the sync (RFC 6311, 8.1). */
  readonly pending: 'give-up' | 'send-again';
  /** What becomes of the incoming windows of the newly active member (RFC 6311, 5.2). */
  readonly inWindow: 'advance' | 'keep';
  /** How the replay counters are told: as one delta, or as the counters of each Child SA (first draft). */
  readonly counterForm: 'delta' | 'per-sa';
}
