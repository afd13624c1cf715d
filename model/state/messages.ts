/**
 * What can be on the wire between the two ends of one IKE SA, as far as the rules speak of it.
 */
import type { Content, FailoverCount, IkeSaName, MessageId, Nonce, SequenceNumber, Spi } from './numbers.ts';

/**
 * A logical endpoint: one end of the IKE SA as the other end sees it. Behind either there may be one box or
 * several members of a hot-standby cluster; the wire does not show which.
 */
export type Endpoint = 'cluster' | 'peer';

/** The other end. */
export const otherEnd = (end: Endpoint): Endpoint => (end === 'cluster' ? 'peer' : 'cluster');

/** What a request asks that changes more than Message IDs. */
export type Ask =
  /** IPSEC_REPLAY_COUNTER_SYNC on its own, in an ordinary INFORMATIONAL (RFC 6311, 5.2). */
  | { readonly kind: 'replay-counter-sync'; readonly delta: number }
  /** CREATE_CHILD_SA that replaces a Child SA, or the IKE SA (RFC 7296, 2.8). */
  | { readonly kind: 'rekey-child'; readonly spi: Spi }
  | { readonly kind: 'rekey-ike' }
  /** An INFORMATIONAL with a Delete payload for a Child SA (RFC 7296, 1.4.1); only for `rekey-old`. */
  | { readonly kind: 'delete-child'; readonly spi: Spi };

/** What a notification of a revision's own holds (`revisions/exchanges.ts`), by the names of its fields. */
export type NotifiedFields = Readonly<Record<string, number | string | boolean | null>>;

/** Notifications of a revision's own, by their names. */
export type OwnNotifications = Readonly<Record<string, NotifiedFields>>;

/** An ordinary IKE request after IKE_AUTH (CREATE_CHILD_SA or INFORMATIONAL), RFC 7296 1.3 and 1.4. */
export interface Request {
  readonly kind: 'request';
  readonly from: Endpoint;
  /** The IKE SA that it belongs to; absent for the first. */
  readonly ikeSa?: IkeSaName;
  readonly id: MessageId;
  readonly content: Content;
  readonly asks?: Ask;
  /** Notifications of the revision's own besides; absent if there is none. */
  readonly holds?: OwnNotifications;
}

/** The response to an ordinary request. */
export interface Response {
  readonly kind: 'response';
  readonly from: Endpoint;
  readonly ikeSa?: IkeSaName;
  /** Message ID of the request that it answers. */
  readonly id: MessageId;
  /** Content of the request that it answers: a receiver cannot see it, a bystander can. */
  readonly answers: Content;
  /** Whether what was asked cannot be done; absent if it was. */
  readonly refused?: true;
  /** Whether it cannot be done for now (RFC 7296, 2.25.1); absent if that is not so. */
  readonly later?: true;
  readonly holds?: OwnNotifications;
}

/** What is common to both directions of the counter sync exchange (RFC 6311, 5.1 and 6.3). */
interface Sync {
  readonly from: Endpoint;
  readonly ikeSa?: IkeSaName;
  /** Message ID of the INFORMATIONAL message. */
  readonly id: MessageId;
  readonly nonce: Nonce;
  /** Whether Protocol ID, SPI size and length of the notification are as section 6.3 has them. */
  readonly wellFormed: boolean;
  /** Payloads besides IKEV2_MESSAGE_ID_SYNC and IPSEC_REPLAY_COUNTER_SYNC, by name. */
  readonly otherPayloads: readonly string[];
  /** Incoming IPsec SA delta value of an IPSEC_REPLAY_COUNTER_SYNC notification beside it; absent if there is none. */
  readonly delta?: number;
  /** Counters of each Child SA, in the form of the first draft that a single delta replaced (`counter-form=per-sa`). */
  readonly perSa?: readonly SaCounter[];
  /** Notifications of the revision's own besides; they do not count as `otherPayloads`. */
  readonly holds?: OwnNotifications;
}

/** A counter of one Child SA: in a request the last number received, in a response the last one sent. */
export interface SaCounter {
  readonly spi: Spi;
  readonly number: SequenceNumber;
}

/** INFORMATIONAL request with IKEV2_MESSAGE_ID_SYNC, from the newly active member. */
export interface SyncRequest extends Sync {
  readonly kind: 'sync-request';
  /** M1, its EXPECTED_SEND_REQ_MESSAGE_ID. */
  readonly m1: MessageId;
  /** P1, its EXPECTED_RECV_REQ_MESSAGE_ID. */
  readonly p1: MessageId;
  /** Failover Count; absent in revisions that have none. */
  readonly failoverCount?: FailoverCount;
}

/** INFORMATIONAL response with IKEV2_MESSAGE_ID_SYNC, from the peer. */
export interface SyncResponse extends Sync {
  readonly kind: 'sync-response';
  /** P2, the EXPECTED_SEND_REQ_MESSAGE_ID of the peer. */
  readonly p2: MessageId;
  /** M2, the EXPECTED_RECV_REQ_MESSAGE_ID of the peer. */
  readonly m2: MessageId;
}

/** An ESP packet (RFC 4303, 2). */
export interface EspPacket {
  readonly kind: 'esp';
  readonly from: Endpoint;
  /** Security Parameters Index of the Child SA in this direction. */
  readonly spi: Spi;
  /** The whole sequence number, though with ESN only its lower half is in the packet. */
  readonly number: SequenceNumber;
  /** What it carries: two packets with other contents are two packets, whatever their numbers. */
  readonly content: Content;
}

/** A message of IKE of a kind that only the revision knows: what becomes of it, its exchanges say. */
export interface OwnMessage {
  readonly kind: 'own';
  /** Which of the kinds that the revision has. */
  readonly name: string;
  readonly from: Endpoint;
  readonly ikeSa?: IkeSaName;
  readonly id: MessageId;
  readonly response: boolean;
  readonly holds: OwnNotifications;
}

export type Message = Request | Response | SyncRequest | SyncResponse | EspPacket | OwnMessage;

/** A message of IKE, under an IKE SA. */
export type IkeMessage = Exclude<Message, EspPacket>;

/** A message that came from the end itself is none of its business (the network may return it). */
export const isAddressedTo = (end: Endpoint, message: { readonly from: Endpoint }): boolean =>
  message.from === otherEnd(end);
