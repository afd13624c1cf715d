/**
 * Flaws that a text or an implementation could have, each seeded into RFC 6311 as a revision of its own. What finds them
 * is the same run that an author makes: every scenario at its default size.
 */
import {
  type ChildSa,
  type Exchanges,
  type MessageId,
  type Nonce,
  type Revision,
  remembering,
  rfc6311,
  type SaState,
} from '../../model/index.ts';

export interface Flaw {
  /** One word: the name of the revision. */
  readonly name: string;
  /** What is wrong, in a sentence. */
  readonly says: string;
  readonly revision: Revision;
}

const { ike, esp, counterSync, replaySync } = rfc6311;
if (counterSync === null || replaySync === null) throw new Error('RFC 6311 has both');

type Changes = {
  readonly ike?: Partial<Revision['ike']>;
  readonly esp?: Partial<Revision['esp']>;
  readonly counterSync?: Partial<NonNullable<Revision['counterSync']>>;
  readonly replaySync?: Partial<NonNullable<Revision['replaySync']>>;
  readonly exchanges?: Exchanges;
};

const flaw = (name: string, says: string, changes: Changes): Flaw => ({
  name,
  says,
  revision: {
    ...rfc6311,
    name,
    title: says,
    source: 'a seeded flaw',
    ike: { ...ike, ...changes.ike },
    esp: { ...esp, ...changes.esp },
    counterSync: { ...counterSync, ...changes.counterSync },
    replaySync: { ...replaySync, ...changes.replaySync },
    ...(changes.exchanges === undefined ? {} : { exchanges: changes.exchanges }),
  },
});

/** The lowest bit of a nonce: those of an end are numbered, `p3` is one of the peer's. */
const bit = (nonce: Nonce): number => Number(String(nonce).replace(/\D/gu, '')) % 2;

/** What of a sync request does to the Child SAs is done to some of them only. */
const onSome = (
  isMeant: (child: ChildSa, sa: SaState, at: number) => boolean,
): NonNullable<Exchanges['receives']> => ({
  'sync-request': {
    receive: (_by, { sa: before }, _request, _policies, usual) => {
      if (!usual.enabled) return usual;
      const childSas = usual.member.sa.childSas.map((child, at) => {
        const old = before.childSas.find(({ spi }) => spi === child.spi);
        return old === undefined || isMeant(child, before, at) ? child : old;
      });
      return { ...usual, member: { ...usual.member, sa: { ...usual.member.sa, childSas } } };
    },
    obsolete: (_member, _request, usual) => usual,
  },
});

/** The Child SAs that IKE_AUTH and the exchanges right after it made. */
const atFirst = remembering<{ readonly spis: readonly string[] }>({
  spis: Array.from({ length: 16 }, (_, index) => `c${index + 1}`),
});

export const flaws: readonly Flaw[] = [
  flaw('nonce-of-one-bit', 'The nonce of a sync request has one bit.', {
    counterSync: { nonceMatches: (pending, response) => bit(pending.nonce) === bit(response.nonce) },
  }),
  flaw('m1-from-the-peer', "M1 is made of the peer's counter instead of the member's own.", {
    counterSync: { lowestM1: (sa) => Math.max(sa.expectedReceive, sa.m1Sent + 1) },
  }),
  flaw(
    'unused-not-advanced',
    'The newly active member does not advance the counter of an SA that it takes for unused.',
    {
      replaySync: { ownBump: (sent, bump) => (sent === 0 ? sent : replaySync.ownBump(sent, bump)) },
    },
  ),
  flaw('m1-may-be-equal', 'The peer accepts a sync request whose M1 is equal to the highest value seen.', {
    counterSync: { isStale: (sa, m1) => m1 < sa.highestSeen },
  }),
  flaw('highest-not-copied', 'The highest value that the peer has seen is not part of its state syncs.', {
    exchanges: { handsOver: (sa) => ({ ...sa, highestSeen: sa.expectedReceive - 1 }) },
  }),
  flaw('m1-forgotten', 'The newly active member forgets the M1 that it sent once it is answered.', {
    counterSync: { adopt: (sa, response, how) => ({ ...counterSync.adopt(sa, response, how), m1Sent: -1 }) },
  }),
  flaw(
    'delta-for-known-sas',
    'The peer adds the delta to the Child SAs only that there were when the IKE SA was established.',
    {
      exchanges: {
        memory: atFirst.initial,
        receives: onSome((child, sa) => atFirst.of(sa).spis.includes(child.spi)),
      },
    },
  ),
  flaw(
    'half-advanced',
    'The newly active member advances its own counters by half of what it asks of the peer.',
    {
      replaySync: { ownBump: (sent, bump) => replaySync.ownBump(sent, Math.floor(bump / 2)) },
    },
  ),
  flaw('lower-taken', 'The newly active member goes on with the lower of M2 and its own counter.', {
    counterSync: {
      adopt: (sa, response, how) => ({
        ...counterSync.adopt(sa, response, how),
        expectedSend: Math.min(sa.expectedSend, response.m2),
      }),
    },
  }),
  flaw('p1-from-own-counter', 'P1 is what the member sends next instead of what it expects.', {
    counterSync: { chooseP1: (sa) => sa.expectedSend },
  }),
  flaw('p2-of-outstanding', 'The peer goes on with the lowest request that nobody has answered.', {
    counterSync: { chooseP2: (sa, p1) => Math.max(p1, sa.outstanding[0]?.id ?? sa.expectedSend) },
  }),
  flaw('m1-not-copied', 'The M1 that the members were told is not part of state syncs.', {
    exchanges: { handsOver: (sa) => ({ ...sa, m1Sent: -1 }) },
  }),
  flaw(
    'window-emptied',
    'The anti-replay windows of the newly active member are empty, and where they were.',
    {
      replaySync: { windowAfterFailover: (window) => ({ ...window, seen: [] }) },
    },
  ),
  flaw('delta-for-first-sa', 'The peer adds the delta to the first Child SA only.', {
    exchanges: { receives: onSome((_child, _sa, at) => at === 0) },
  }),
  flaw('delta-again', 'A delta that is sent again in an ordinary request is added again.', {
    replaySync: { deltaOfRepeated: (delta) => delta },
  }),
  flaw('window-goes-back', 'A sync request whose M1 is lower takes the window of the peer back.', {
    counterSync: { isStale: (sa, m1) => m1 === sa.highestSeen, chooseM2: (_sa, m1): MessageId => m1 },
  }),
];
