/** What a validation says: the result of `validate`, as in its `--json`. */
import type { End, Unread } from './event.ts';

export type Verdict = 'conformant' | 'violates' | 'inconclusive';

/** An event that the specification does not allow there. */
export interface Finding {
  /** Id of the rule that is broken. */
  readonly rule: string;
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
  /** What the specification would have allowed there. */
  readonly allowed: string;
  /**
   * Number of the last event before: up to it every event is explained, or is a finding after which the
   * most charitable explanation was gone on from.
   */
  readonly explainedUntil: number;
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
  /** Why the verdict is `inconclusive`: the observation that is missing. */
  readonly missing: readonly string[];
  readonly readings: readonly Reading[];
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly unread: readonly Unread[];
  readonly statistics: {
    readonly events: number;
    readonly ikeMessages: number;
    readonly espPackets: number;
    readonly ikeSas: number;
    readonly espSas: number;
    /** Messages that were seen before, octet for octet: retransmissions, duplicates, replays. */
    readonly repeated: number;
    /** Messages with a wrong integrity value: nobody's. */
    readonly notAuthentic: number;
  };
}
