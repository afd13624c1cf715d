/**
 * What a box remembers of an IKE SA (RFC 7296, RFC 6311), and what it is in its cluster.
 */
import type { Ask, Endpoint, Message, SaCounter, SyncRequest, SyncResponse } from './messages.ts';
import type { Content, FailoverCount, IkeSaName, MessageId, Nonce, SequenceNumber, Spi } from './numbers.ts';
import type { ReplayWindow } from './replay-window.ts';
import type { Observation } from './step.ts';

/** A request with its number. */
export interface Numbered {
  readonly id: MessageId;
  readonly content: Content;
  /** What it asks beyond an exchange for its own sake. */
  readonly asks?: Ask;
}

/** A request that was answered. */
export interface Answered extends Numbered {
  /** Whether the answer was that it cannot be done; absent if it was done. */
  readonly refused?: true;
  /** Whether the answer was that it cannot be done for now; absent if not. */
  readonly later?: true;
}

/** Which ends announced one of the two *_SUPPORTED notifications in IKE_AUTH (RFC 6311, 5). */
export interface Announced {
  readonly own: boolean;
  readonly other: boolean;
}

/** What a box remembers of a Child SA: a pair of ESP SAs, one in each direction, under one name. */
export interface ChildSa {
  /** Stands for the SPIs of both directions. */
  readonly spi: Spi;
  /** Whether it uses extended sequence numbers. */
  readonly esn: boolean;
  /** Size of the anti-replay window: 1 or more. */
  readonly replayWindow: number;
  /** Sequence number of the last packet that it sent; 0 before the first. */
  readonly sent: SequenceNumber;
  readonly received: ReplayWindow;
  /**
   * The Child SA that it was made to replace, and the end that asked for it; absent if none, or where the old one is
   * gone at once (`rekey-old`).
   */
  readonly replaces?: { readonly spi: Spi; readonly by: Endpoint };
  /** The end that had it replaced by a Child SA that has been replaced and deleted since; absent if that one is there. */
  readonly replacedBy?: Endpoint;
  /** Whether the other end asked for it, and has not shown yet that it receives on it (RFC 7296, 2.8); absent if not. */
  readonly unconfirmed?: true;
}

/** The state of an IKE SA, as it is copied by a state sync. */
export interface SaState {
  /** Which of the IKE SAs that replaced one another (RFC 7296, 2.8) it is; absent for the first. */
  readonly ikeSa?: IkeSaName;
  /** Which ends announced IKEV2_MESSAGE_ID_SYNC_SUPPORTED. */
  readonly announced: Announced;
  /** Which ends announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED. */
  readonly announcedReplayCounters: Announced;
  /** How many requests an end may have under way (RFC 7296, 2.3): 1 or more, the same at both ends. */
  readonly window: number;
  /** EXPECTED_SEND_REQ_MESSAGE_ID: the Message ID of its next request. */
  readonly expectedSend: MessageId;
  /** Its requests that are not answered yet, lowest Message ID first: no more than the window holds. */
  readonly outstanding: readonly Numbered[];
  /** EXPECTED_RECV_REQ_MESSAGE_ID: the lowest Message ID of a request of the other end that is still to come. */
  readonly expectedReceive: MessageId;
  /** The requests that it answered last, as many as the window holds: their responses are kept for retransmissions. */
  readonly answered: readonly Answered[];
  /**
   * The highest sender value seen from the other end, sync requests included (RFC 6311, 5.1); -1 for none.
   */
  readonly highestSeen: number;
  /** The highest M1 of the sync requests that it accepted; only for `m1-compare=earlier-syncs`, absent for none. */
  readonly m1Seen?: number;
  /** The highest M1 that it knows its cluster to have sent; -1 for none. */
  readonly m1Sent: number;
  /** The highest P1 that it knows its cluster to have sent, while that is above `expectedReceive`; else absent. */
  readonly p1Sent?: MessageId;
  /** The highest Failover Count that it knows its cluster to have sent; for none, 0 or -1 (October 2010 revision only, `first-count`). */
  readonly failoverCount: FailoverCount;
  /** Its own copy of the other end's Failover Count: the highest observed (October 2010 revision only). */
  readonly failoverCountSeen: FailoverCount;
  /** The sync request of the other end that it accepted last, with the response; for `stale-sync`. */
  readonly lastSync: { readonly request: SyncRequest; readonly response: SyncResponse } | null;
  /** Requests that were under way at a sync and are to be sent again under a new Message ID; for `pending`. */
  readonly again: readonly Content[];
  readonly childSas: readonly ChildSa[];
  /** How many initialization vectors it has used under this IKE SA; absent where they are not counted (`ike-iv`). */
  readonly ivsSpent?: number;
  /** The request under the IKE SA before that replaced it by this one: it may still be sent again. */
  readonly rekeyedBy: (Numbered & { readonly ikeSa?: IkeSaName }) | null;
  /** What the exchanges of a revision have it remember beyond that; absent if they have nothing. */
  readonly own?: Memory;
}

/** What a revision's own exchanges remember of an IKE SA: plain data, always with the same fields. */
export type Memory = Readonly<Record<string, unknown>>;

/** A sync request without a response. */
export interface PendingSync {
  readonly nonce: Nonce;
  readonly m1: MessageId;
  readonly p1: MessageId;
  /** Delta of the IPSEC_REPLAY_COUNTER_SYNC notification beside it, if there is one. */
  readonly delta?: number;
  /** The counters of each Child SA instead, as in the first draft. */
  readonly perSa?: readonly SaCounter[];
}

/** A delta that is to be sent in a request of its own (RFC 6311, 5.2). */
export interface OwedDelta {
  readonly delta: number;
  /** What makes the request a request of its own. */
  readonly content: Content;
}

/** A Child SA that is to be rekeyed after a failover (RFC 6311, 5.2). */
export interface DueRekeying {
  readonly spi: Spi;
  /** What makes the request a request of its own. */
  readonly content: Content;
}

/** What the newly active member has yet to tell the others (`telling`): M1 and P1, or how far ESP counters were advanced. */
export type Untold =
  | { readonly what: 'sync'; readonly m1: MessageId; readonly p1: MessageId }
  | { readonly what: 'bump' };

/** A message that is ready, and not sent yet. */
export interface Unsent {
  readonly message: Message;
  /** What will be seen of it as it is sent; absent if nothing. */
  readonly shows?: readonly Observation[];
}

/**
 * What a standby does not know of: all that the active member did since the snapshot was taken. Counted only where
 * state syncs are periodic (`lag`).
 */
export interface Lacks {
  readonly requestsSent: number;
  readonly requestsProcessed: number;
  readonly packetsSent: number;
  readonly packetsAccepted: number;
}

/** A state sync that is under way to a member, and what that will lack when it has it. */
export interface LateSync {
  readonly snapshot: SaState;
  readonly lacks?: Lacks;
}

/**
 * A member of a hot-standby cluster. The active one holds the SA; a standby holds a snapshot of it, as old as
 * the last state sync; one that is down holds nothing. One that took over and found the counters used up closed
 * the SA, which has to be established anew. A plain peer is a cluster of one active member.
 */
export type Member =
  | {
      readonly role: 'active';
      readonly sa: SaState;
      readonly sync: PendingSync | null;
      /** Its sync request before, of which it takes a response again; absent where the text forbids that (RFC 6311, 11). */
      readonly answered?: PendingSync;
      /** Absent if there is none to send. */
      readonly owed?: OwedDelta;
      /** Whether it took over and has yet to begin its sync (RFC 6311, 7); absent if not. */
      readonly yetToAsk?: true;
      /** Absent if nothing is to be rekeyed after its takeover. */
      readonly rekeys?: readonly DueRekeying[];
      /** Whether another member took over, and this one goes on (`actives`); absent if not. */
      readonly superseded?: true;
      /** Absent if nothing is to be told. */
      readonly untold?: readonly Untold[];
      /** What it has yet to send for the first time (`telling`, `answering`); absent if nothing. */
      readonly unsent?: readonly Unsent[];
    }
  | {
      readonly role: 'standby';
      readonly snapshot: SaState;
      /** What it lacks; absent if nothing, or if nobody counts. */
      readonly lacks?: Lacks;
      /** The state sync that is under way to it; absent if none is (`state-sync-order`). */
      readonly late?: LateSync;
    }
  | { readonly role: 'down'; readonly late?: LateSync }
  | { readonly role: 'closed' };

export type ActiveMember = Extract<Member, { role: 'active' }>;

export type StandbyMember = Extract<Member, { role: 'standby' }>;

/** A member to which a state sync can come: one that is active, or has closed the SA, has no use for it. */
export type WaitingMember = Extract<Member, { role: 'standby' | 'down' }>;

/** An SA right after it was established: neither end has sent a request of its own under it. */
export const establishedSa = (announced: Announced = { own: true, other: true }): SaState => ({
  announced,
  announcedReplayCounters: { own: false, other: false },
  window: 1,
  expectedSend: 0,
  outstanding: [],
  expectedReceive: 0,
  answered: [],
  highestSeen: -1,
  m1Sent: -1,
  failoverCount: 0,
  failoverCountSeen: 0,
  lastSync: null,
  again: [],
  childSas: [],
  rekeyedBy: null,
});

/** A delta to be sent alone: the nonce that its sync request has, or would have had, makes the request one of its own. */
export const owedDelta = (delta: number, nonce: Nonce): OwedDelta => ({ delta, content: `delta ${nonce}` });

/** The Child SAs of a member that took over, all to be rekeyed; by a nonce that no other takeover has. */
export const dueRekeyings = (sa: SaState, nonce: Nonce): readonly DueRekeying[] =>
  currentChildSas(sa).map(({ spi }, index) => ({ spi, content: `r${nonce}.${index}` }));

/** The IKE SA that a message is sent under: not said of the first. */
export const under = ({ ikeSa }: Pick<SaState, 'ikeSa'>): { readonly ikeSa?: IkeSaName } =>
  ikeSa === undefined ? {} : { ikeSa };

/** The Child SA with this SPI, if there is one. */
export const hasChildSa = (sa: SaState, spi: Spi): ChildSa | undefined =>
  sa.childSas.find((child) => child.spi === spi);

/** Whether an end has had this Child SA replaced, so that it is waiting for its DELETE. */
export const isReplaced = ({ childSas }: SaState, child: Pick<ChildSa, 'spi'>): boolean =>
  childSas.some(
    ({ spi, replaces, replacedBy }) =>
      replaces?.spi === child.spi || (spi === child.spi && replacedBy !== undefined),
  );

/** The Child SAs that no other one replaces. */
export const currentChildSas = (sa: SaState): readonly ChildSa[] =>
  sa.childSas.filter((child) => !isReplaced(sa, child));

/** A Child SA on which the other end is known to receive. */
export const confirmed = ({ unconfirmed: _, ...child }: ChildSa): ChildSa => child;

/** The state with one of its Child SAs as it is now. */
export const withChildSa = (sa: SaState, child: ChildSa): SaState => ({
  ...sa,
  childSas: sa.childSas.map((each) => (each.spi === child.spi ? child : each)),
});

/** Whether a member waits for the response to its sync request. */
export const isSyncing = (member: ActiveMember): boolean => member.sync !== null;

/** A Child SA that was just established; with `first`, its counters start there instead of at 0. */
export const freshChildSa = (
  spi: Spi,
  {
    esn = false,
    replayWindow = 64,
    first = 0,
  }: { readonly esn?: boolean; readonly replayWindow?: number; readonly first?: SequenceNumber } = {},
): ChildSa => ({ spi, esn, replayWindow, sent: first, received: { highest: first, seen: [] } });

/** The Child SAs of an IKE SA, by their SPIs. */
export const spisOf = (sa: SaState): readonly Spi[] => sa.childSas.map(({ spi }) => spi);
