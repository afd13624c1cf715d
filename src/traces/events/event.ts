/**
 * Events: what somebody saw of a run, in version 1 of our schema (`event-schema.ts` checks it).
 *
 * Every source (a capture, a log, JSON Lines) is first turned into these. Nothing here is judged, only told:
 * what was not seen is absent, since real observers see only a part.
 */
import type { Concern } from './source-facts.ts';

/** The two ends of an IKE SA. Which of them is a cluster, the wire does not say. */
export type End = 'initiator' | 'responder';

export type Event = MessageEvent | ClusterEvent | GapEvent;

interface Common {
  /** Seconds since the epoch, by the observer's clock. */
  readonly time?: number;
  /** Who saw it: `tap` on the wire, `peer`, the name of a member. */
  readonly observer?: string;
  /** The IKE SA: both SPIs, 16 hexadecimal digits each, `initiator:responder`. */
  readonly sa?: string;
  /** Number of the frame in its capture, from 1. */
  readonly frame?: number;
  /** Number of the line in the file that it was read from, from 1. The reader says so: in JSON Lines it is not written. */
  readonly line?: number;
}

/** A message on the wire. `seen` is by a tap; `sent`, `received`, `accepted` and `dropped` are by an end itself. */
export interface MessageEvent extends Common {
  readonly event: 'seen' | 'sent' | 'received' | 'accepted' | 'dropped';
  /** The end that sent the message (absent: not known, as with ESP whose SA was not seen). */
  readonly from?: End;
  /** Addresses as seen, `10.77.0.1` or `10.77.0.1:4500`. */
  readonly source?: string;
  readonly destination?: string;
  readonly message: Message;
  /**
   * A digest of the octets from the IKE header, the SPI or the AH header on: equal if and only if the octets are. Of a
   * message in fragments (RFC 7383), what is in all of them; equal, too, for a message that was sent again in other
   * fragments.
   */
  readonly octets?: string;
  /** Like `octets`, but without the integrity value; of a message in fragments, without those of all of them. */
  readonly octetsBeforeIntegrity?: string;
  /** The integrity value, or the last 16 octets of it, in hexadecimal; of a message in fragments, a digest of all. */
  readonly integrityValue?: string;
  /**
   * Whether the integrity value is right; `unchecked` without keys for it, and in IKE_SA_INIT, which has none;
   * `bad` for a message of a later exchange that has none: its payloads, if told, are worth nothing.
   */
  readonly integrity: 'good' | 'bad' | 'unchecked';
}

/** What no tap sees: a cluster's own account. */
export type ClusterEvent = ClusterOfEnd | ClusterAtAddress;

export interface ClusterOfEnd extends ClusterCommon {
  /** The end that the cluster is. */
  readonly end: End;
}

/** Where it is not known which end the cluster is. */
export interface ClusterAtAddress extends ClusterCommon {
  /** Its address, without a port. */
  readonly address: string;
}

interface ClusterCommon extends Common {
  readonly event: 'failover' | 'state-sync';
  /** The member that became active, or that the state was copied to. */
  readonly member?: string;
  /** Of a state sync: from here on every change is copied as well, without an event for each. */
  readonly ongoing?: boolean;
}

/**
 * A hole in what was observed, at this place: messages are missing, or were there and could not be made out. It may
 * explain what seems not allowed under its IKE SA, so that is no violation; where the counters stand is found out anew.
 */
export interface GapEvent extends Common {
  readonly event: 'gap';
  /** Why there is a hole, for people. `sa` says which IKE SA it concerns; without `sa` it concerns all. */
  readonly reason: string;
}

export type Message = IkeMessage | EspMessage;

export interface IkeMessage {
  readonly kind: 'ike';
  /** IKE_SA_INIT, IKE_AUTH, CREATE_CHILD_SA, INFORMATIONAL, or the number of another exchange type; 0 if it is not known. */
  readonly exchange: string;
  readonly response: boolean;
  /** Message ID, 0 to 2^32 - 1. */
  readonly id: number;
  /** The payloads inside SK{} (inside the message if it has no SK{}); absent if they could not be read. */
  readonly payloads?: readonly Payload[];
}

export type Payload = NotifyPayload | DeletePayload | OtherPayload;

export interface NotifyPayload {
  readonly type: 'N';
  /** Notify message type, 0 to 65535. */
  readonly notify: number;
  /** Protocol ID: 0 none, 1 IKE, 2 AH, 3 ESP. */
  readonly protocol: number;
  /** SPI in hexadecimal; empty if the SPI size is 0. */
  readonly spi: string;
  /** Notification data in hexadecimal. */
  readonly data: string;
}

export interface DeletePayload {
  readonly type: 'D';
  readonly protocol: number;
  readonly spis: readonly string[];
}

/** Any other payload: its name in RFC 7296 (`SA`, `KE`, `IDi`, `Nonce`, `TSi` ...) or its number. */
export interface OtherPayload {
  readonly type: 'other';
  readonly name: string;
}

/** A packet of ESP, or of AH, whose sequence number is a replay counter too (RFC 4302, 2.5; RFC 6311, 2). */
export interface EspMessage {
  readonly kind: 'esp';
  /** Absent for ESP. */
  readonly protocol?: 'ah';
  /** SPI, 8 hexadecimal digits. */
  readonly spi: string;
  /** Sequence number as it is on the wire: 0 (which no sender may use) to 2^32 - 1. */
  readonly sequence: number;
  /**
   * The upper half of an extended sequence number (RFC 4303 section 2.2.1), which is not on the wire: told by the
   * integrity value or by the end itself. Absent if the SA has none, or if it is not known.
   */
  readonly upper?: number;
  /**
   * Whether this is a counter that an end told, not one packet: numbers up to it were sent, or the highest received.
   */
  readonly counter?: boolean;
  /** With an incoming counter: how many packets the end says that it dropped as replays. */
  readonly replays?: number;
}

/** A record of the source that could not be turned into an event: where, and why. */
export interface Unread {
  readonly file: string;
  /** Frame or line number, from 1; absent if the file as a whole is meant. */
  readonly at?: number;
  readonly reason: string;
  /** It is a part of a message whose other parts were not seen, so it need not have arrived either. */
  readonly incomplete?: true;
  /** An event (`gap`) says what it means for the verdict, and for which IKE SA. */
  readonly told?: true;
  /** Which SA it belongs to; absent if it may be of any. */
  readonly concern?: Concern;
}
