/**
 * What a box remembers of an IKE SA (RFC 7296, RFC 6311), and what it is in its cluster.
 */
import type { MessageId } from './counters.ts';
import type { Content, Nonce, SyncRequest, SyncResponse } from './messages.ts';

/** A request with its number. */
export interface Numbered {
  readonly id: MessageId;
  readonly content: Content;
}

/** Which ends announced IKEV2_MESSAGE_ID_SYNC_SUPPORTED in IKE_AUTH (RFC 6311, 5). */
export interface Announced {
  readonly own: boolean;
  readonly other: boolean;
}

/** The state of an IKE SA, as it is copied by a state sync. */
export interface SaState {
  readonly announced: Announced;
  /** EXPECTED_SEND_REQ_MESSAGE_ID: the Message ID of its next request. */
  readonly expectedSend: MessageId;
  /** Its request that is not answered yet. */
  readonly outstanding: Numbered | null;
  /** EXPECTED_RECV_REQ_MESSAGE_ID: the Message ID of the next request of the other end. */
  readonly expectedReceive: MessageId;
  /** The last request that it answered: its response is kept for retransmissions. */
  readonly answered: Numbered | null;
  /**
   * The highest sender value seen from the other end, sync requests included (RFC 6311, 5.1); -1 for none.
   */
  readonly highestSeen: number;
  /** The highest M1 that it knows its cluster to have sent; -1 for none. */
  readonly m1Sent: number;
  /** The highest Failover Count that it knows its cluster to have sent; 0 for none (October 2010 revision only). */
  readonly failoverCount: number;
  /** Its own copy of the other end's Failover Count: the highest observed (October 2010 revision only). */
  readonly failoverCountSeen: number;
  /** The sync request of the other end that it accepted last, with the response; for `stale-sync`. */
  readonly lastSync: { readonly request: SyncRequest; readonly response: SyncResponse } | null;
}

/** A sync request without a response. */
export interface PendingSync {
  readonly nonce: Nonce;
  readonly m1: MessageId;
  readonly p1: MessageId;
}

/**
 * A member of a hot-standby cluster. The active one holds the SA; a standby holds a snapshot of it, as old as
 * the last state sync; one that is down holds nothing. A plain peer is a cluster of one active member.
 */
export type Member =
  | { readonly role: 'active'; readonly sa: SaState; readonly sync: PendingSync | null }
  | { readonly role: 'standby'; readonly snapshot: SaState }
  | { readonly role: 'down' };

export type ActiveMember = Extract<Member, { role: 'active' }>;

/** An SA right after it was established: neither end has sent a request of its own under it. */
export const establishedSa = (announced: Announced = { own: true, other: true }): SaState => ({
  announced,
  expectedSend: 0,
  outstanding: null,
  expectedReceive: 0,
  answered: null,
  highestSeen: -1,
  m1Sent: -1,
  failoverCount: 0,
  failoverCountSeen: 0,
  lastSync: null,
});

/** Whether a member waits for the response to its sync request. */
export const isSyncing = (member: ActiveMember): boolean => member.sync !== null;
