/**
 * What a theorem is: a property of the model, and why it holds in all worlds. What is written here are ordinary
 * functions of states of the model; they are read with numbers in tests, and without in proofs (`src/derive`).
 */
import type {
  ActiveMember,
  Endpoint,
  Message,
  Observation,
  Revision,
  SaState,
  Settings,
  StepKind,
} from '../model/index.ts';
import type { Shape } from '../src/derive/shape.ts';

/** What all boxes know, what was counted, and what is remembered of the past for the sake of the proof. */
export interface World {
  /** The active member of the cluster; any at all once that has closed the SA. */
  readonly cluster: ActiveMember;
  readonly isClosed: boolean;
  /** The peer; where that is a cluster too, its active member, or any at all once it has closed the SA. */
  readonly peer: ActiveMember;
  readonly isClosedByPeer: boolean;
  /** How many requests each end has made, and how many sync requests the cluster, and a peer that is one too. */
  readonly made: Readonly<Record<Endpoint | 'syncs' | 'syncsOfPeer', number>>;
  /** How many packets each end has sent. */
  readonly packets: Readonly<Record<Endpoint, number>>;
  /** What the property itself remembers, as far as it is about `any`. */
  readonly memory: unknown;
  readonly ghosts: Readonly<Record<string, number | null>>;
  /** One nonce, content or number, whichever: what is shown for it is shown for all. */
  readonly any: number;
  readonly settings: Settings;
}

/** The other end: one box, or a cluster as well, of any number of members. */
export type PeerKind = 'plain' | 'cluster';

export const peerKind = ({ peerMembers }: Pick<Settings, 'peerMembers'>): PeerKind =>
  peerMembers === 1 ? 'plain' : 'cluster';

/** A statement that is true in every world that can be reached. */
export type Clause = {
  /** Never changes once published. */
  readonly id: string;
  readonly says: string;
  /** The kind of peer that it is true with; absent if with either. */
  readonly peer?: PeerKind;
} & (
  | { readonly of: 'world'; readonly holds: (world: World) => boolean }
  /** Of every member of an end that is a standby: of the cluster, unless it says otherwise. */
  | {
      readonly of: 'standby';
      readonly end?: Endpoint;
      readonly holds: (world: World, snapshot: SaState) => boolean;
    }
  /** Of every message that was ever sent. */
  | { readonly of: 'message'; readonly holds: (world: World, message: Message) => boolean }
);

/** What is remembered of the past: a number, or none. */
export interface Ghost {
  readonly says: string;
  readonly initial: number | null;
  /** The least that it can be, if it is a number. */
  readonly least: number;
  readonly after: (known: number | null, seen: Observation, any: number) => number | null;
}

/** A step, as an assumption sees it. */
export interface StepSeen {
  readonly kind: StepKind;
  readonly by: Endpoint;
  /** What a member takes over with, at a failover; else null. */
  readonly snapshot: SaState | null;
}

/** What has to be true of a step, for whoever implements or operates a cluster to see to. */
export interface Assumption {
  /** Never changes once published. */
  readonly id: string;
  readonly says: string;
  readonly holds: (world: World, step: StepSeen) => boolean;
}

/** What of the state of a property's monitor is kept: all that it says of `any`, which is all that it says of one. */
export interface Memory {
  readonly shape: (any: number, peer: PeerKind) => Shape;
  readonly keep: (state: unknown, any: number) => unknown;
}

/** What is known to have been sent in every world that can be reached. */
export interface Sent {
  /** Never changes once published. */
  readonly id: string;
  readonly says: string;
  readonly messages: (world: World, revision: Revision) => readonly Message[];
}

/** A step of a schedule, where it is due. */
export type Scheduled = {
  /** When it is due, in words. */
  readonly says: string;
} & (
  | { readonly step: 'ask'; readonly isDue: (world: World) => boolean }
  | {
      readonly step: 'receive';
      readonly at: Endpoint;
      readonly of: Message['kind'];
      /** The message that arrives is one of these. */
      readonly sent: Sent;
      /** Null if it is not due. */
      readonly message: (world: World, revision: Revision) => Message | null;
    }
);

/**
 * How the goal of a progress property is reached from wherever the clauses hold: the first step of the schedule that is
 * due can be taken, and leaves fewer steps; until the goal is reached, one is due.
 */
export interface Progress {
  readonly sent: readonly Sent[];
  /** In their order; none of them is a step that the property does without. */
  readonly schedule: readonly Scheduled[];
  /** How many steps are left at most: 0 or more. Nothing remembered of the past is read. */
  readonly stepsLeft: (world: World) => number;
}

export interface Theorem {
  /** Id of the property of the model. */
  readonly property: string;
  /** What `any` stands for; null if the property remembers no more than some numbers. */
  readonly any: string | null;
  readonly memory: Memory;
  /**
   * Whether what is seen is about `any`, for a property that has no memory of it: it is shown that nothing about `any`
   * breaks the property, and `any` may be whatever. Absent: everything is looked at.
   */
  readonly isAbout?: (seen: Observation, any: number) => boolean;
  readonly ghosts: Readonly<Record<string, Ghost>>;
  readonly assumes: readonly Assumption[];
  readonly clauses: readonly Clause[];
  /** The settings that it is about, where they are not the usual ones; numbers but these have no bound. */
  readonly settings: Partial<Settings>;
  /** Of a progress property; absent of a safety property. */
  readonly progress?: Progress;
}
