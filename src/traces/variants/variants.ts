/** Traces with something missing, twice or in another place: no honest end may be accused in any of them. */
import type { Event, MessageEvent } from '../event.ts';
import type { Validation } from '../finding.ts';
import { validate } from '../validate.ts';

export const KINDS = [
  'one frame',
  'one direction',
  'prefix',
  'suffix',
  'middle',
  'swapped',
  'doubled',
  'strangers',
] as const;

export type Kind = (typeof KINDS)[number];

/** A number from 0 to below a bound, by a seed (mulberry32). */
export function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, bound);
  };
}

export function variant(
  events: readonly Event[],
  kind: Kind,
  pick: (bound: number) => number,
): readonly Event[] {
  const at = pick(events.length);
  const to = at + 1 + pick(events.length - at);
  switch (kind) {
    case 'one frame':
      return events.toSpliced(at, 1);
    case 'one direction': {
      const source = isMessage(events[at]) ? events[at].source : undefined;
      return events.filter((event) => !isMessage(event) || event.source !== source);
    }
    case 'prefix':
      return events.slice(at);
    case 'suffix':
      return events.slice(0, at);
    case 'middle':
      return events.toSpliced(at, to - at);
    case 'swapped': {
      const [one, other] = [events[at], events[at + 1]];
      return one === undefined || other === undefined ? events : events.toSpliced(at, 2, other, one);
    }
    case 'doubled':
      return events.flatMap((event) => [event, event]);
    case 'strangers':
      return events.flatMap((event, index) =>
        index % 3 === 0 && isMessage(event) ? [event, strange(event)] : [event],
      );
  }
}

const isMessage = (event: Event | undefined): event is MessageEvent =>
  event !== undefined && 'message' in event;

/** The same between two other hosts, under other SPIs. */
const strange = (event: MessageEvent): MessageEvent => ({
  ...event,
  sa: '5555555555555555:6666666666666666',
  source: '203.0.113.1',
  destination: '203.0.113.2',
  octets: `of a stranger ${event.octets}`,
  integrity: 'bad',
});

/** The rule and the frame of each finding that convicts. */
export const convictions = ({ findings }: Validation): readonly string[] =>
  findings.flatMap(({ condition, rule, frame, event }) =>
    condition === undefined ? [`${frame ?? event} ${rule}`] : [],
  );

export interface Judged {
  /** What convicts in the variant, and not in the whole trace. */
  readonly appeared: readonly string[];
  readonly survived: number;
}

/** @param whole what convicts in the whole trace */
export function judgeVariant(events: readonly Event[], whole: readonly string[]): Judged {
  const found = convictions(validate(events));
  return {
    appeared: found.filter((each) => !whole.includes(each)),
    survived: found.filter((each) => whole.includes(each)).length,
  };
}
