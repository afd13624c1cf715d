/**
 * The Failover Count of October 2010 and the growing M1 of RFC 6311 in one notification, compared together: a sync request
 * is new if its count is higher than the highest seen, whatever its M1; with the same count, if its M1 is higher. No rule
 * can say so, since one sees the count and another M1: the handler sees the whole message. A cluster whose count was lost
 * has to have a higher M1; one whose M1 is too low (bump=0) is heard all the same. What does each of the two protect
 * against that the other does not?
 *
 *     ipsecha check docs/examples/count-and-m1.ts --scenario replay
 *     ipsecha compare rfc6311 docs/examples/count-and-m1.ts --scenario single-failover --set bump=0
 */
import { noStep, type Revision, remembering, rfc6311, type SaState } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('RFC 6311 has a counter sync');
const { isStale: _, ...rules } = counterSync;

/** What a box remembers besides. */
const own = remembering<{
  /** The count of its own cluster, as far as it knows. */
  readonly count: number;
  /** Count and M1 of the newest sync request of the other end. */
  readonly seen: { readonly count: number; readonly m1: number };
}>({ count: 0, seen: { count: 0, m1: -1 } });

/** Whether a count and an M1 are newer than what was seen. */
const isNew = (sa: SaState, count: number, m1: number): boolean => {
  const { seen } = own.of(sa);
  return count > seen.count || (count === seen.count && m1 > seen.m1);
};

export default {
  ...rfc6311,
  name: 'count-and-m1',
  title: 'Failover Count and M1 in one notification, compared together',
  source: 'a question about RFC 6311, 5.1',
  // What is too old, the handler below says.
  counterSync: rules,
  exchanges: {
    memory: own.initial,
    notifications: {
      FAILOVER_COUNT: { type: 40971, fields: { count: 'number', m1: 'message-id-of-sender' } },
    },
    // Every sync request carries both, the first time and whenever it is sent again.
    writes: (_by, sa, message) =>
      message.kind === 'sync-request'
        ? { ...message, holds: { FAILOVER_COUNT: { count: own.of(sa).count, m1: message.m1 } } }
        : message,
    // The count grows with each failover.
    takesOver: (_by, snapshot, _nonce, _policies, usual) =>
      usual === 'closed' || !usual.enabled
        ? usual
        : {
            ...usual,
            member: {
              ...usual.member,
              sa: own.with(usual.member.sa, { count: own.of(snapshot).count + 1 }),
            },
          },
    // The others are informed of it, as of M1.
    tells: (known, { sa }, _policies, usual) =>
      own.with(usual, { count: Math.max(own.of(known).count, own.of(sa).count) }),
    receives: {
      'sync-request': {
        receive: (_by, member, { m1, holds }, _policies, usual) => {
          const count = holds?.['FAILOVER_COUNT']?.['count'];
          if (typeof count !== 'number') return noStep('it carries no Failover Count');
          if (!isNew(member.sa, count, m1)) return noStep(`Failover Count ${count} with M1 ${m1} is not new`);
          return usual.enabled
            ? {
                ...usual,
                member: { ...usual.member, sa: own.with(usual.member.sa, { seen: { count, m1 } }) },
              }
            : usual;
        },
        obsolete: (member, { m1, holds }, usual) => {
          const count = holds?.['FAILOVER_COUNT']?.['count'];
          const sa = member.role === 'active' ? member.sa : member.snapshot;
          return usual || typeof count !== 'number' || !isNew(sa, count, m1);
        },
      },
    },
  },
} satisfies Revision;
