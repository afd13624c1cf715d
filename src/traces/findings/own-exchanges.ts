/**
 * What is left to judge on traces by a revision with exchanges of its own. Its handlers can move every Message ID, window
 * and counter that a box keeps, and no rule tells how: an explanation that leaves them out would find ordinary messages
 * wrong, and one that lacks what they refuse would find wrong ones in order.
 */
import type { Revision, RuleId } from '../../../model/index.ts';
import { judgedOnTraces } from './not-judged.ts';

/** What octets show by themselves, whatever a box keeps: a number that is sent twice under one key, with other octets. */
const SHOWN_BY_OCTETS: ReadonlySet<string> = new Set<RuleId>(['RFC4303-3.3.3-NEVER-REPEAT']);

/** Whether a fault against a rule is one whatever the handlers of a revision do. */
export const isJudgedBesideHandlers = (rule: string): boolean => SHOWN_BY_OCTETS.has(rule);

/** What is not judged by a revision, and why. */
export interface BesideHandlers {
  /** Ids of rules. */
  readonly notJudged: readonly RuleId[];
  /** Why, so that it can stand after "not judged". */
  readonly because: string;
  /** What is missing for a verdict. */
  readonly missing: string;
}

/** What a revision with exchanges of its own leaves; undefined if it has none, and all is judged. */
export function besideHandlers(revision: Revision): BesideHandlers | undefined {
  const { exchanges, name } = revision;
  if (exchanges === undefined) return undefined;
  const slots = Object.entries(exchanges).flatMap(([slot, filled]: [string, object]) => {
    if (typeof filled === 'function') return [slot];
    return OF_SEVERAL.has(slot) ? Object.keys(filled).map((each) => `${slot}.${each}`) : [];
  });
  const those = slots.length === 0 ? 'exchanges' : `exchanges (${slots.join(', ')})`;
  return {
    notJudged: judgedOnTraces(revision).filter((rule) => !isJudgedBesideHandlers(rule)),
    because: `since the ${those} of ${name} can move what they read`,
    missing: `rules that tell what the ${those} of ${name} do to Message IDs, windows and counters: no IKE message is judged, and of ESP and AH only whether a number is sent twice (--revision with the text that it is made from judges what they leave as it is)`,
  };
}

/** Slots with a handler for each name. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['messages', 'begins', 'receives']);
