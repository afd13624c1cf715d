/** What a revision's own exchanges (`revisions/exchanges.ts`) make of what its rules do. */
import type { Exchanges, Receiving } from '../revisions/exchanges.ts';
import type { Revision } from '../revisions/revision.ts';
import { type Policies, policiesOf, type Settings } from '../settings/settings.ts';
import type { ActiveMember, Member, SaState } from '../state/member.ts';
import { type Endpoint, type IkeMessage, isAddressedTo, type Message } from '../state/messages.ts';
import type { Nonce } from '../state/numbers.ts';
import type { Step } from '../state/step.ts';

/** What the exchanges say of messages of this kind; undefined if nothing. */
export function receivingOf(exchanges: Exchanges, message: Message): Receiving<never> | undefined {
  return message.kind === 'own' ? exchanges.messages?.[message.name] : exchanges.receives?.[message.kind];
}

/** A message that arrives: `usual` is what the rules make of it. */
export function receiveByExchange(
  { exchanges, ike }: Revision,
  settings: Settings,
  by: Endpoint,
  member: ActiveMember,
  message: Message,
  usual: Step,
): Step {
  const receiving = exchanges === undefined ? undefined : receivingOf(exchanges, message);
  if (receiving === undefined || !isAddressedTo(by, message)) return usual;
  if (message.kind !== 'esp' && !ike.isOfThisIkeSa(member.sa, message)) return usual;
  // The slot of its kind.
  return receiving.receive(by, member, message as never, policiesOf(settings), usual);
}

/** A step with its messages of IKE as they go out. */
export function written({ exchanges }: Pick<Revision, 'exchanges'>, by: Endpoint, step: Step): Step {
  const writes = exchanges?.writes;
  if (writes === undefined || !step.enabled) return step;
  const { sa } = step.member;
  return { ...step, sent: step.sent.map((message) => writtenMessage(writes, by, sa, message)) };
}

const writtenMessage = (
  writes: NonNullable<Exchanges['writes']>,
  by: Endpoint,
  sa: SaState,
  message: Message,
): IkeMessage | Message => (message.kind === 'esp' ? message : writes(by, sa, message));

/** What a member sends again and again. */
export function sentAgainBy(
  { exchanges }: Pick<Revision, 'exchanges'>,
  settings: Settings,
  by: Endpoint,
  member: ActiveMember,
  usual: readonly Message[],
): readonly Message[] {
  if (exchanges === undefined) return usual;
  const { sendsAgain, writes } = exchanges;
  const sent = sendsAgain === undefined ? usual : sendsAgain(by, member, policiesOf(settings), usual);
  return writes === undefined ? sent : sent.map((message) => writtenMessage(writes, by, member.sa, message));
}

/** What a state sync hands over. What the active member still waits for in a sync of its own is not part of it. */
export const handedOver = (
  { exchanges }: Pick<Revision, 'exchanges'>,
  { sa }: Pick<ActiveMember, 'sa'>,
): SaState => exchanges?.handsOver?.(sa) ?? sa;

/** What a member knows that a state sync has reached. */
export const takenIn = (
  { exchanges }: Pick<Revision, 'exchanges'>,
  settings: Settings,
  before: Member,
  copy: SaState,
  usual: SaState,
): SaState =>
  exchanges?.takesIn === undefined
    ? usual
    : exchanges.takesIn(
        before.role === 'standby' ? before.snapshot : null,
        copy,
        policiesOf(settings),
        usual,
      );

/** What a member does as it takes over. */
export const takenOver = (
  { exchanges }: Pick<Revision, 'exchanges'>,
  settings: Settings,
  by: Endpoint,
  snapshot: SaState,
  nonce: Nonce,
  usual: Step | 'closed',
): Step | 'closed' =>
  exchanges?.takesOver === undefined
    ? usual
    : exchanges.takesOver(by, snapshot, nonce, policiesOf(settings), usual);

/** Another member, once the newly active one has informed it. */
export const told = (
  { exchanges }: Pick<Revision, 'exchanges'>,
  policies: Policies,
  before: Member,
  newlyActive: ActiveMember,
  usual: Member,
): Member =>
  exchanges?.tells === undefined || before.role !== 'standby' || usual.role !== 'standby'
    ? usual
    : { ...usual, snapshot: exchanges.tells(before.snapshot, newlyActive, policies, usual.snapshot) };

/** What boxes remember beyond `SaState` in a new IKE SA. */
export const newMemory = ({
  exchanges: { memory = {} } = {},
}: Pick<Revision, 'exchanges'>): Pick<SaState, 'own'> =>
  Object.keys(memory).length === 0 ? {} : { own: memory };
