/**
 * RFC 6311, 3.4, "Interaction with Counter Modes": no initialization vector of a counter mode is used twice under a key,
 * whichever member of a cluster uses it. Each end encrypts with a key of its own, under each IKE SA.
 */

import { match, P } from 'ts-pattern';
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import { type ActiveMember, type SaState, under } from '../state/member.ts';
import type { Endpoint, IkeMessage } from '../state/messages.ts';
import type { Observation, Step } from '../state/step.ts';

/** RFC 6311, 3.4. The initialization vector of a message that is sent for the first time; never asked at random. */
export const chooseIv = rule(
  {
    id: 'RFC6311-3.4-IV-UNIQUE',
    part: 'ike',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'No initialization vector is used twice under a key',
    says: 'With a counter mode no initialization vector is repeated; the same care is due where an SA passes from one member to another. How this is done is left to implementations. Our reading: this is about the messages of the IKE SA as well.',
    returns: 'number',
    seenBy: 'headers',
    leavesNoMark: true,
    // Every message has the same.
    absent: () => 0,
  },
  (
    spent: number,
    message: Pick<IkeMessage, 'id' | 'kind'> & { readonly response?: boolean },
    ikeIv: IvPolicy,
  ): number =>
    match(ikeIv)
      .with('counter', () => spent)
      // The two kinds have numbers of their own: request 7 and response 7 of an end are two messages.
      .with('message-id', () => 2 * message.id + (isResponse(message) ? 1 : 0))
      .exhaustive(),
);

/** How initialization vectors are made, where they are not random. */
export type IvPolicy = Exclude<Policies['ikeIv'], 'random'>;

const isResponse = ({
  kind,
  response,
}: Pick<IkeMessage, 'kind'> & { readonly response?: boolean }): boolean =>
  match(kind)
    .with(P.union('response', 'sync-response'), () => true)
    .with(P.union('request', 'sync-request'), () => false)
    .with('own', () => response === true)
    .exhaustive();

/**
 * A step with the initialization vectors of the messages that it sends. What is sent again has the octets that it had,
 * and so the same one. At random none is used twice, so there is nothing to see.
 *
 * @param before the IKE SA that the messages are sent under, as it was before the step
 */
export function withIvs(
  { ike }: Pick<Revision, 'ike'>,
  { ikeIv }: Pick<Policies, 'ikeIv'>,
  by: Endpoint,
  before: Pick<SaState, 'ikeSa' | 'ivsSpent'>,
  step: Step,
): Step {
  if (ikeIv === 'random' || !step.enabled) return step;
  const sent = step.answer === 'again' ? [] : step.sent.filter((message) => message.kind !== 'esp');
  const spent = before.ivsSpent ?? 0;
  const observations = sent.map(
    (message, index): Observation => ({
      kind: 'iv-used',
      by,
      ...under(message),
      iv: ike.chooseIv(spent + index, message, ikeIv),
    }),
  );
  return {
    ...step,
    member: ikeIv === 'counter' ? counting(step.member, before, spent + sent.length) : step.member,
    observations: [...step.observations, ...observations],
  };
}

/** An IKE SA that replaces another has keys of its own, and begins to count anew. */
function counting(member: ActiveMember, before: Pick<SaState, 'ikeSa'>, ivsSpent: number): ActiveMember {
  const isSame = member.sa.ikeSa === before.ikeSa;
  return { ...member, sa: { ...member.sa, ivsSpent: isSame ? ivsSpent : 0 } };
}
