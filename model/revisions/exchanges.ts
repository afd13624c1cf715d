/**
 * What a revision says that no rule of the catalogue has a slot for: messages of kinds of its own, notifications of its
 * own in any message, another course of an exchange that there is, and what the members of a cluster hand on.
 *
 * Each slot is a pure function that sees the whole message and the whole state of the box. It is told what the rules of
 * the revision make of the situation (`usual`), and says what happens instead; to leave all as it is, it returns that.
 * All of them are optional. Boxes have no names here: a slot does the same for each member.
 */
import type { Policies } from '../settings/settings.ts';
import type { ActiveMember, Memory, SaState, StandbyMember } from '../state/member.ts';
import type { Endpoint, IkeMessage, Message, OwnMessage } from '../state/messages.ts';
import type { Nonce } from '../state/numbers.ts';
import type { Step } from '../state/step.ts';

/** What happens to a message of some kind that arrives at an active member. */
export interface Receiving<M extends Message> {
  /**
   * The step of the member; `refused` or `noStep` if it takes none. It is asked only about messages of the other end
   * that are under the IKE SA of the box.
   */
  readonly receive: (by: Endpoint, member: ActiveMember, message: M, policies: Policies, usual: Step) => Step;
  /**
   * Whether a member in this state takes no step for the message, and never will, whatever happens and whoever takes
   * over from it: such messages are dropped from the network, so that there are fewer states. Absent: never. What is
   * said here is checked against what happens, and left out of account if it is wrong.
   */
  readonly obsolete?: (member: ActiveMember | StandbyMember, message: M, usual: boolean) => boolean;
}

/** A kind of messages that only this revision has. */
export interface OwnMessageKind extends Receiving<OwnMessage> {
  /** Its exchange type on the wire. */
  readonly exchange: 'INFORMATIONAL' | 'CREATE_CHILD_SA';
}

/** An exchange that a box begins by itself. */
export interface Beginning {
  /**
   * The step with which an active member begins it; `noStep` where it does not. It is taken sooner or later where it can
   * be, and may be taken again. What would never end has to be remembered (`memory`), so that there is an end.
   */
  readonly step: (by: Endpoint, member: ActiveMember, policies: Policies) => Step;
}

/** What a field of a notification is; on the wire, each has four octets, and a text has its own. */
export type FieldKind =
  | 'number'
  | 'nonce'
  | 'truth'
  | 'text'
  /** A Message ID of requests of whoever sends the message, or of the other end. */
  | 'message-id-of-sender'
  | 'message-id-of-receiver';

/** A notification that only this revision has. */
export interface OwnNotification {
  /** Its type on the wire; 40960 to 65535 are for private use (RFC 7296, 3.10.1). */
  readonly type: number;
  /** What it holds, in this order. A field may be null where there is nothing to say. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

export interface Exchanges {
  /** What a box remembers beyond `SaState`, as `sa.own`: with these fields, and these values in a new IKE SA. */
  readonly memory?: Memory;
  /** Notifications, by their names: what any message can have under `holds`. */
  readonly notifications?: Readonly<Record<string, OwnNotification>>;
  /** Kinds of messages, by their names. */
  readonly messages?: Readonly<Record<string, OwnMessageKind>>;
  /** Exchanges that a box of either end begins by itself, by their names; no application has to want them. */
  readonly begins?: Readonly<Record<string, Beginning>>;
  /** What becomes of messages of the kinds that there are anyway. */
  readonly receives?: {
    readonly [K in Exclude<Message['kind'], 'own'>]?: Receiving<Extract<Message, { kind: K }>>;
  };
  /** A message of IKE as it goes out, each time it is sent. `sa` is what the sender knows by then. */
  readonly writes?: (by: Endpoint, sa: SaState, message: IkeMessage) => IkeMessage;
  /** What a member sends again and again until it is answered; `usual`: its requests and its sync request. */
  readonly sendsAgain?: (
    by: Endpoint,
    member: ActiveMember,
    policies: Policies,
    usual: readonly Message[],
  ) => readonly Message[];
  /** What a state sync hands over: the state of the active member, or less. */
  readonly handsOver?: (sa: SaState) => SaState;
  /** What a member knows once a state sync has reached it; `known` is null for one that was down. */
  readonly takesIn?: (known: SaState | null, copy: SaState, policies: Policies, usual: SaState) => SaState;
  /** What a member does as it takes over with a snapshot; `closed`: it gives the IKE SA up. */
  readonly takesOver?: (
    by: Endpoint,
    snapshot: SaState,
    nonce: Nonce,
    policies: Policies,
    usual: Step | 'closed',
  ) => Step | 'closed';
  /** What a standby knows once the newly active member has informed it: when it took over, or sent a sync request. */
  readonly tells?: (known: SaState, newlyActive: ActiveMember, policies: Policies, usual: SaState) => SaState;
}

/** What the exchanges of a revision have a box remember, with the types of its fields. */
export interface Remembered<M> {
  /** For `Exchanges.memory`. */
  readonly initial: Memory;
  readonly of: (sa: SaState) => M;
  /** The state with some of it as it is now. */
  readonly with: (sa: SaState, now: Partial<M>) => SaState;
}

/** Names what a box remembers; the compiler then knows the fields of `sa.own`. */
export const remembering = <M extends object>(initial: M): Remembered<M> => ({
  initial: initial as Memory,
  // It is made here and in `with` alone.
  of: (sa) => sa.own as M,
  with: (sa, now) => ({ ...sa, own: { ...sa.own, ...now } }),
});
