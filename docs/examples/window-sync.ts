/**
 * A window sync that either end begins by itself. Before RFC 6311 there were individual drafts, of which little more can
 * be had today than their titles and abstracts: "IKEv2 window synchronisation among peers" (draft-ikev2-windowssync-00,
 * June 2010), by which peers bring their IKEv2 windows in step, and its successor "IKEv2/IPsec SA counter synchronization"
 * (draft-kagarigi-ipsecme-ikev2-windowsync-04, July 2010). The course of the exchange below is ours: the plainest one of
 * that kind. A member that took over, or a box whose request is not answered, tells what it sends and expects next; the
 * other one answers with the same of its own; both go on with the higher value of each.
 *
 *     whoever begins                                          the other end
 *     HDR(0), SK {N(WINDOW_SYNC: sends, expects)}         -->
 *                       <--  HDR(0), SK {N(WINDOW_SYNC: sends, expects)}
 *
 * It has no nonce and nothing that grows: what does that cost?
 *
 *     ipsecha check docs/examples/window-sync.ts --scenario single-failover
 *     ipsecha compare ikev2 docs/examples/window-sync.ts --scenario single-failover --set requests=1
 */
import {
  type ActiveMember,
  type Endpoint,
  ikev2,
  noStep,
  type OwnMessage,
  type Revision,
  remembering,
  type SaState,
  type Step,
  taken,
  under,
} from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

/** What a box remembers besides: whether it took over and has not heard of the other end's window. */
const own = remembering<{ readonly asks: boolean }>({ asks: false });

const message = (by: Endpoint, sa: SaState, response: boolean): OwnMessage => ({
  kind: 'own',
  name: response ? 'window-answer' : 'window-question',
  from: by,
  ...under(sa),
  id: 0,
  response,
  holds: { WINDOW_SYNC: { sends: sa.expectedSend, expects: sa.expectedReceive } },
});

const isOutOfStep = (sa: SaState): boolean => own.of(sa).asks || sa.outstanding.length > 0;

/** A box that goes on with the higher value of each; requests that the other end is past are given up. */
function adopt(member: ActiveMember, { holds }: OwnMessage): ActiveMember {
  const { sends, expects } = holds['WINDOW_SYNC'] ?? {};
  if (typeof sends !== 'number' || typeof expects !== 'number') return member;
  const { sa } = member;
  return {
    ...member,
    sa: {
      ...sa,
      expectedSend: Math.max(sa.expectedSend, expects),
      expectedReceive: Math.max(sa.expectedReceive, sends),
      highestSeen: Math.max(sa.highestSeen, sends - 1),
      outstanding: sa.outstanding.filter(({ id }) => id >= expects),
    },
  };
}

export default {
  ...ikev2,
  name: 'window-sync',
  title: 'A window sync that either end begins by itself',
  source: 'after draft-ikev2-windowssync-00 (2010), as far as it is known',
  exchanges: {
    memory: own.initial,
    notifications: {
      WINDOW_SYNC: {
        type: 40971,
        fields: { sends: 'message-id-of-sender', expects: 'message-id-of-receiver' },
      },
    },
    begins: {
      'window-sync': {
        step: (by, member) =>
          isOutOfStep(member.sa)
            ? taken(member, [], { sent: [message(by, member.sa, false)] })
            : noStep('it has no reason to ask'),
      },
    },
    messages: {
      'window-question': {
        exchange: 'INFORMATIONAL',
        receive: (by, member, question): Step => {
          const after = adopt(member, question);
          return taken(after, [], { answer: 'anew', sent: [message(by, after.sa, true)] });
        },
      },
      'window-answer': {
        exchange: 'INFORMATIONAL',
        receive: (_by, member, answer): Step => {
          if (!isOutOfStep(member.sa)) return noStep('it has asked for nothing');
          const after = adopt(member, answer);
          return taken({ ...after, sa: own.with(after.sa, { asks: false }) }, []);
        },
      },
    },
    sendsAgain: (by, { sa }, _policies, usual) =>
      isOutOfStep(sa) ? [...usual, message(by, sa, false)] : usual,
    takesOver: (_by, _snapshot, _nonce, _policies, usual) =>
      usual === 'closed' || !usual.enabled
        ? usual
        : { ...usual, member: { ...usual.member, sa: own.with(usual.member.sa, { asks: true }) } },
    // What it has yet to ask is its own affair.
    handsOver: (sa) => own.with(sa, { asks: false }),
  },
} satisfies Revision;
