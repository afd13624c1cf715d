/** The slides of October 2010, "Solution (1)": the exchange. */
import { rule } from '../rule.ts';

/** The slides, "Solution (1)". What the response says of the delta. */
export const confirmDelta = rule(
  {
    id: 'IPSECHA01-DELTA-CONFIRMED',
    part: 'replaySync',
    optional: true,
    slide: 'Solution (1)',
    level: 'MAY',
    actor: 'peer',
    confidence: 'B',
    title: 'The sync response carries the notification as well',
    says: 'In the slides both directions of the exchange can carry IPSEC_REPLAY_COUNTER_SYNC. They do not say what it holds in the response; here it repeats the delta that was applied.',
    returns: 'number',
    seenBy: 'nobody',
    absent: null,
  },
  (delta: number): number => delta,
);
