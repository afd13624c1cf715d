/** What a validation says: the result of `validate`, as in its `--json`. */
import type { RuleId } from '../../model/index.ts';
import type { End, Unread } from './event.ts';
import type { FrameCounts, SourceFact } from './source-facts.ts';

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
  /** Its address, if it was seen. */
  readonly address?: string;
  /** Number of the event in the file, from 1 (frames that hold no event do not count). */
  readonly event: number;
  readonly frame?: number;
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
}

/** Something that a reader should know, and that is nobody's fault. */
export interface Remark {
  readonly message: string;
  readonly frame?: number;
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
  /** Ids of the rules that could not be judged, since contents of messages could not be read. */
  readonly notJudged: readonly string[];
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
