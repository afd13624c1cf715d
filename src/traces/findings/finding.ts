/** What a validation says: the result of `validate`, as in its `--json`. */
import type { RuleId } from '../../../model/index.ts';
import type { End, Unread } from '../events/event.ts';
import type { EventPlace } from '../events/places.ts';
import type { FrameCounts, SourceFact } from '../events/source-facts.ts';

export type Verdict = 'conformant' | 'violates' | 'inconclusive';

/** A longest explained prefix: a way of getting to the event of a finding, and the first condition that fails there. */
export interface Prefix {
  /** What was supposed: that the active member goes on, or that another takes over with an older state. */
  readonly way: string;
  /** Id of the rule that the condition belongs to. */
  readonly rule: RuleId;
  readonly because: string;
}

/** An event that the specification does not allow there. */
export interface Finding {
  /** Id of the rule that is broken. */
  readonly rule: RuleId;
  /** Id of the property that is broken by it, if one is. */
  readonly property?: string;
  /**
   * `cluster` or `peer` where the trace tells which end is which, else `initiator` or `responder`; `sender`
   * for ESP packets whose IKE SA was not seen.
   */
  readonly actor: 'cluster' | 'peer' | End | 'sender';
  /** Which end of the IKE SA it is, if that is known. */
  readonly end?: End;
  /**
   * Nothing shows that an end is a cluster: `cluster` and `peer` are supposed, since a failover would explain what was seen.
   */
  readonly supposed?: true;
  /** Its address, if it was seen. */
  readonly address?: string;
  /** The IKE SA, by its SPIs, if the event names it. */
  readonly sa?: string;
  /** Number of the event in the file, from 1 (frames that hold no event do not count). */
  readonly event: number;
  readonly frame?: number;
  /** Line of the file, from 1, if it is a text. */
  readonly line?: number;
  /** Seconds since the epoch, by the observer's clock. */
  readonly time?: number;
  readonly file?: string;
  readonly message: string;
  /**
   * Under which condition it is one, after `if`, such as `nothing is missing between frames 20 and 35`. With a condition
   * it convicts nobody. Absent if nothing that was not observed would explain it.
   */
  readonly condition?: string;
  /** What the specification would have allowed there. */
  readonly allowed: string;
  /**
   * Number of the last event before: up to it every event is explained, or is a finding after which the
   * most charitable explanation was gone on from.
   */
  readonly explainedUntil: number;
  /** All ways that lead to this event and not beyond it. Any one of them may be a red herring. */
  readonly prefixes?: readonly Prefix[];
  /** Other frames that belong to the same finding: retransmissions. */
  readonly alsoFrames?: readonly number[];
  /** The first message with the number that is used again. */
  readonly first?: EventPlace;
  /** The Message ID of the request that it is about. */
  readonly messageId?: number;
  /** If a failover would explain it: the messages after one of which the state is with which a member took over. */
  readonly takenOverFrom?: readonly EventPlace[];
  /** What the trace shows of the counter sync of the IKE SA. Absent where that could not be read. */
  readonly sync?: SyncSeen;
}

/** What a trace shows of the counter sync. */
export interface SyncSeen {
  /** Whether both ends announced that they have it; absent if not all of IKE_AUTH was seen. */
  readonly announcedByBoth?: boolean;
  /** Whether the end that the finding is about sent a sync request. */
  readonly asked: boolean;
}

/** Something that a reader should know, and that is nobody's fault. */
export interface Remark {
  readonly message: string;
  readonly frame?: number;
  readonly line?: number;
  readonly time?: number;
  readonly file?: string;
}

/** One way to read what the text leaves open, and whether the trace conforms under it. */
export interface Reading {
  /** Settings as on the command line. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether this is a reading of the text; if not, it is what some implementation does. */
  readonly ofTheText: boolean;
  readonly verdict: Verdict;
}

export interface Validation {
  readonly files: readonly string[];
  readonly revision: string;
  readonly verdict: Verdict;
  /** Ids of the rules that could not be judged, since contents of messages could not be read, or for another reason. */
  readonly notJudged: readonly string[];
  /** That reason, so that it can stand after "not judged". Absent: for want of contents. */
  readonly notJudgedBecause?: string;
  /** Why the verdict is `inconclusive`: the observation that is missing. */
  readonly missing: readonly string[];
  readonly readings: readonly Reading[];
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly unread: readonly Unread[];
  /** What the source says of its own completeness and order, and what of it was passed over. */
  readonly facts: readonly SourceFact[];
  /** How many frames there were; all 0 for sources without frames. */
  readonly frames: FrameCounts;
  readonly statistics: {
    readonly events: number;
    readonly ikeMessages: number;
    readonly espPackets: number;
    readonly ahPackets: number;
    readonly ikeSas: number;
    /** SAs of ESP and AH. */
    readonly espSas: number;
    /** Messages that were seen before, octet for octet: retransmissions, duplicates, replays. */
    readonly repeated: number;
    /** Of these: requests and their responses that were sent again while the response may have been missing. */
    readonly retransmitted: number;
    /** Of these: copies of the last message of its kind, made on the way. */
    readonly duplicated: number;
    /** Of these: copies of older messages, sent again by somebody. */
    readonly replayed: number;
    /** Messages with a wrong integrity value: nobody's. */
    readonly notAuthentic: number;
  };
}

/** Why rules were not judged, to stand after "not judged". */
export const whyNotJudged = ({ notJudgedBecause }: Pick<Validation, 'notJudgedBecause'>): string =>
  notJudgedBecause ?? 'for want of contents';
