/**
 * What a box does one after another, so that a failover can come between: telling the other members and sending
 * (`telling`), processing a request and answering it (`answering`).
 */
import type { Settings } from '../settings/settings.ts';
import type { ActiveMember, Unsent, Untold } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import type { Taken } from '../state/step.ts';

/** What a member that takes over, or asks for the counters, does in that very step; the rest it has yet to do. */
export function inThatStep(
  { telling }: Pick<Settings, 'telling'>,
  before: ActiveMember | null,
  step: Taken,
  tells: readonly Untold[],
): Taken {
  // What is told anew takes the place of what was to be told.
  const known = (before?.untold ?? []).filter(({ what }) => tells.every((each) => each.what !== what));
  const untold = telling === 'with-sending' ? known : [...known, ...tells];
  const later = telling === 'before-sending' && untold.length > 0 && step.sent.length > 0;
  const unsent = [...(before?.unsent ?? []), ...(later ? unsentOf(step) : [])];
  return {
    ...step,
    member: {
      ...step.member,
      ...(untold.length === 0 ? {} : { untold }),
      ...(unsent.length === 0 ? {} : { unsent }),
    },
    ...(later ? { sent: [], observations: [] } : {}),
  };
}

/** What a step would send; with the first message goes all that is seen of the step. */
const unsentOf = ({ sent, observations }: Taken): readonly Unsent[] =>
  sent.map((message, index) =>
    index > 0 || observations.length === 0 ? { message } : { message, shows: observations },
  );

/** A message that arrived was processed; what is to be said to it may be said later. */
export function answeredLater({ answering }: Pick<Settings, 'answering'>, step: Taken): Taken {
  if (answering === 'at-once' || step.sent.length === 0) return step;
  const unsent = step.member.unsent ?? [];
  // What is still to be sent need not be sent twice.
  const more = step.sent.flatMap((message) => (isAmong(unsent, message) ? [] : [{ message }]));
  return { ...step, member: { ...step.member, unsent: [...unsent, ...more] }, sent: [] };
}

/** Whether a member has to wait with what it sends until it has told the others. */
export const hasToTell = (
  { telling }: Pick<Settings, 'telling'>,
  { untold }: Pick<ActiveMember, 'untold'>,
): boolean => telling === 'before-sending' && untold !== undefined;

/** Whether a message is still to be sent for the first time. */
export const isUnsent = ({ unsent = [] }: Pick<ActiveMember, 'unsent'>, message: Message): boolean =>
  isAmong(unsent, message);

const isAmong = (messages: readonly Unsent[], message: Message): boolean => {
  const text = JSON.stringify(message);
  return messages.some((each) => JSON.stringify(each.message) === text);
};

/** A member that has told the others one of these things. */
export function havingTold({ untold = [], ...member }: ActiveMember, told: Untold): ActiveMember {
  const left = untold.filter((each) => each !== told);
  return left.length === 0 ? member : { ...member, untold: left };
}

/** A member that has sent the first of what it had yet to send; null if there is none. */
export function havingSent({
  unsent = [],
  ...member
}: ActiveMember): { readonly member: ActiveMember; readonly first: Unsent } | null {
  const [first, ...left] = unsent;
  if (first === undefined) return null;
  return { member: left.length === 0 ? member : { ...member, unsent: left }, first };
}
