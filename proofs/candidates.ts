/**
 * Clauses that nobody wrote: each compares two counters of a world, or one of a message or a snapshot with one of the world,
 * as `one <= other + c`, where c is -1, 0 or 1. What a proof lacks may be among them (`src/prove/infer.ts`). Only
 * counters that count the same are compared.
 */
import type { ActiveMember, Endpoint, Message, SaState } from '../model/index.ts';
import { countOfEach, listOfEach, listOfNonces, noncesOfEach, numberOfEach, shownByEach } from './memory.ts';
import type { Clause, Theorem, World } from './theorem.ts';

/** What is counted: Message IDs of the requests of an end, nonces, failovers, sequence numbers that an end sends. */
type Kind = 'cluster' | 'peer' | 'nonce' | 'failover' | 'sent by the cluster' | 'sent by the peer';

/** A counter, where there is one; null where there is none, so that nothing is said of it. */
interface Counter<In extends readonly unknown[]> {
  readonly kind: Kind;
  /** In ids of clauses; never changes once published. */
  readonly name: string;
  /** In words. */
  readonly says: string;
  readonly of: (...where: In) => number | null;
}

const openSa = ({ isClosed, cluster }: World): SaState | null => (isClosed ? null : cluster.sa);

const inStep = (world: World): SaState | null =>
  world.isClosed || world.cluster.sync !== null || world.cluster.yetToAsk === true ? null : world.cluster.sa;

const withSa = (sa: SaState | null, of: (sa: SaState) => number | null): number | null =>
  sa === null ? null : of(sa);

const waited = ({ isClosed, cluster }: World): ActiveMember['sync'] => (isClosed ? null : cluster.sync);

const IN_STEP = 'of an active member that waits for no response to a sync request';

const sentOf = ({ childSas }: SaState): number | null => childSas[0]?.sent ?? null;

const acceptedOf = ({ childSas }: SaState): number | null => childSas[0]?.received.highest ?? null;

const ofWorld: readonly Counter<[World]>[] = [
  {
    kind: 'cluster',
    name: 'ACTIVE-SENDS',
    says: 'what the active member has for next to send',
    of: (world) => openSa(world)?.expectedSend ?? null,
  },
  {
    kind: 'peer',
    name: 'ACTIVE-EXPECTS',
    says: 'what the active member has for next to expect',
    of: (world) => openSa(world)?.expectedReceive ?? null,
  },
  {
    kind: 'peer',
    name: 'ACTIVE-SEEN',
    says: 'the highest value that the active member has seen',
    of: (world) => openSa(world)?.highestSeen ?? null,
  },
  {
    kind: 'failover',
    name: 'ACTIVE-COUNT',
    says: 'the Failover Count that the active member knows',
    of: (world) => openSa(world)?.failoverCount ?? null,
  },
  {
    kind: 'sent by the cluster',
    name: 'ACTIVE-SENT',
    says: 'the ESP counter of the active member',
    of: (world) => withSa(openSa(world), sentOf),
  },
  {
    kind: 'sent by the peer',
    name: 'ACTIVE-ACCEPTED',
    says: 'the highest sequence number that the active member knows to have been accepted',
    of: (world) => withSa(openSa(world), acceptedOf),
  },
  {
    kind: 'sent by the peer',
    name: 'PEER-SENT',
    says: 'the ESP counter of the peer',
    of: ({ peer }) => sentOf(peer.sa),
  },
  {
    kind: 'sent by the cluster',
    name: 'PEER-ACCEPTED',
    says: 'the highest sequence number that the peer has accepted',
    of: ({ peer }) => acceptedOf(peer.sa),
  },
  {
    kind: 'failover',
    name: 'PEER-COUNT',
    says: 'the highest Failover Count that the peer has seen',
    of: ({ peer }) => peer.sa.failoverCountSeen,
  },
  {
    kind: 'cluster',
    name: 'SENDS',
    says: `what is sent next ${IN_STEP}`,
    of: (world) => inStep(world)?.expectedSend ?? null,
  },
  {
    kind: 'cluster',
    name: 'M1-SENT',
    says: 'the highest M1 that the active member knows to have been sent',
    of: (world) => openSa(world)?.m1Sent ?? null,
  },
  {
    kind: 'cluster',
    name: 'M1',
    says: 'the M1 that the active member waits with',
    of: (world) => waited(world)?.m1 ?? null,
  },
  {
    kind: 'cluster',
    name: 'PEER-EXPECTS',
    says: 'what the peer expects next',
    of: ({ peer }) => peer.sa.expectedReceive,
  },
  {
    kind: 'cluster',
    name: 'PEER-SEEN',
    says: 'the highest value that the peer has seen',
    of: ({ peer }) => peer.sa.highestSeen,
  },
  {
    kind: 'peer',
    name: 'PEER-SENDS',
    says: 'what the peer sends next',
    of: ({ peer }) => peer.sa.expectedSend,
  },
  {
    kind: 'peer',
    name: 'EXPECTS',
    says: `what is expected next ${IN_STEP}`,
    of: (world) => inStep(world)?.expectedReceive ?? null,
  },
  {
    kind: 'peer',
    name: 'P1',
    says: 'the P1 that the active member waits with',
    of: (world) => waited(world)?.p1 ?? null,
  },
  {
    kind: 'nonce',
    name: 'NONCE-WAITED-FOR',
    says: 'the nonce that the active member waits for',
    of: (world) => asNumber(waited(world)?.nonce),
  },
  { kind: 'nonce', name: 'NONCES-DRAWN', says: 'how many nonces were drawn', of: ({ made }) => made.syncs },
];

/** A nonce is a number to the model; in worlds without numbers it is a sum, which is none to JavaScript. */
const asNumber = (nonce: unknown): number | null =>
  nonce === undefined || nonce === null ? null : (nonce as number);

/** Of the ghosts that can be compared with something. */
const GHOSTS: Readonly<Record<string, readonly [Kind, string]>> = {
  usedByCluster: ['cluster', 'USED'],
  usedByPeer: ['peer', 'USED-BY-PEER'],
  idOfCluster: ['cluster', 'ID'],
  idOfPeer: ['peer', 'ID-OF-PEER'],
  m1Of: ['cluster', 'M1-LOOKED-AT'],
  countOf: ['failover', 'COUNT-LOOKED-AT'],
  sentByCluster: ['sent by the cluster', 'SENT'],
  sentByPeer: ['sent by the peer', 'SENT-BY-PEER'],
  numberOfCluster: ['sent by the cluster', 'NUMBER'],
  numberOfPeer: ['sent by the peer', 'NUMBER-OF-PEER'],
  acceptedByCluster: ['sent by the peer', 'ACCEPTED'],
};

/** When something is said of a ghost. */
interface When {
  readonly name: string;
  readonly says: string;
  readonly isSo: (world: World) => boolean;
}

const ALWAYS: When = { name: '', says: '', isSo: () => true };

const includes = (items: unknown, any: number): boolean => (items as readonly unknown[]).includes(any);

const ofEnd = (memory: unknown, end: Endpoint): unknown =>
  (memory as Readonly<Partial<Record<Endpoint, unknown>>>)[end] ?? null;

/** By whether the property remembers the item that is looked at. */
const whensOf = ({ memory }: Pick<Theorem, 'memory'>): readonly When[] =>
  memory === listOfNonces
    ? [
        ALWAYS,
        {
          name: '-IN-EFFECT',
          says: ', once it took effect',
          isSo: ({ memory: items, any }) => includes(items, any),
        },
      ]
    : memory === listOfEach || memory === noncesOfEach
      ? [
          ALWAYS,
          {
            name: '-TAKEN-BY-CLUSTER',
            says: ', once the cluster has taken it',
            isSo: ({ memory: items, any }) => includes(ofEnd(items, 'cluster'), any),
          },
          {
            name: '-TAKEN-BY-PEER',
            says: ', once the peer has taken it',
            isSo: ({ memory: items, any }) => includes(ofEnd(items, 'peer'), any),
          },
        ]
      : [ALWAYS];

const ofGhosts = (theorem: Looked): readonly Counter<[World]>[] =>
  Object.entries(theorem.ghosts).flatMap(([ghost, { says }]) => {
    const known = GHOSTS[ghost];
    if (known === undefined) return [];
    const [kind, name] = known;
    return whensOf(theorem).map((when) => ({
      kind,
      name: `${name}${when.name}`,
      says: `${says}${when.says}`,
      of: (world: World) => (when.isSo(world) ? (world.ghosts[ghost] ?? null) : null),
    }));
  });

/** What the property remembers of numbers. */
function ofMemory({ memory }: Looked): readonly Counter<[World]>[] {
  const remembered = (end: Endpoint) => (world: World) => ofEnd(world.memory, end) as number | null;
  const shown = (end: Endpoint, field: 'sends' | 'expects') => (world: World) => {
    const known = ofEnd(world.memory, end) as Readonly<Record<'sends' | 'expects', number>> | null;
    return known === null ? null : known[field];
  };
  if (memory === numberOfEach) {
    return [
      {
        kind: 'cluster',
        name: 'REMEMBERED',
        says: 'the Message ID of the cluster that the property remembers',
        of: remembered('cluster'),
      },
      {
        kind: 'peer',
        name: 'REMEMBERED-OF-PEER',
        says: 'the Message ID of the peer that the property remembers',
        of: remembered('peer'),
      },
    ];
  }
  if (memory === countOfEach) {
    return [
      {
        kind: 'failover',
        name: 'COUNT-REMEMBERED',
        says: 'the last Failover Count of the cluster',
        of: remembered('cluster'),
      },
    ];
  }
  if (memory === shownByEach) {
    return [
      {
        kind: 'cluster',
        name: 'SHOWN',
        says: 'what the cluster has shown to send next',
        of: shown('cluster', 'sends'),
      },
      {
        kind: 'peer',
        name: 'SHOWN-TO-EXPECT',
        says: 'what the cluster has shown to expect next',
        of: shown('cluster', 'expects'),
      },
      {
        kind: 'peer',
        name: 'SHOWN-BY-PEER',
        says: 'what the peer has shown to send next',
        of: shown('peer', 'sends'),
      },
      {
        kind: 'cluster',
        name: 'SHOWN-TO-EXPECT-BY-PEER',
        says: 'what the peer has shown to expect next',
        of: shown('peer', 'expects'),
      },
    ];
  }
  return [];
}

/** The nonce that is looked at, where a theorem looks at one. */
const ofNonce = (theorem: Looked): readonly Counter<[World]>[] =>
  theorem.any === 'nonce'
    ? [
        {
          name: '-SENT',
          says: ', once it was sent',
          isSo: ({ ghosts }: World) => (ghosts['m1Of'] ?? null) !== null,
        },
        ...whensOf(theorem).filter((when) => when !== ALWAYS),
      ].map(({ name, says, isSo }) => ({
        kind: 'nonce',
        name: `NONCE-LOOKED-AT${name}`,
        says: `the nonce that is looked at${says}`,
        of: (world) => (isSo(world) ? world.any : null),
      }))
    : [];

const ofSnapshot: readonly Counter<[SaState]>[] = [
  {
    kind: 'cluster',
    name: 'STANDBY-SENDS',
    says: 'what a standby would send next',
    of: ({ expectedSend }) => expectedSend,
  },
  {
    kind: 'cluster',
    name: 'STANDBY-M1-SENT',
    says: 'the highest M1 that a standby knows to have been sent',
    of: ({ m1Sent }) => m1Sent,
  },
  {
    kind: 'peer',
    name: 'STANDBY-EXPECTS',
    says: 'what a standby would expect next',
    of: ({ expectedReceive }) => expectedReceive,
  },
  {
    kind: 'failover',
    name: 'STANDBY-COUNT',
    says: 'the Failover Count that a standby knows',
    of: ({ failoverCount }) => failoverCount,
  },
  { kind: 'sent by the cluster', name: 'STANDBY-SENT', says: 'the ESP counter of a standby', of: sentOf },
  {
    kind: 'sent by the peer',
    name: 'STANDBY-ACCEPTED',
    says: 'the highest sequence number that a standby knows to have been accepted',
    of: acceptedOf,
  },
];

/** Which messages a clause is about. */
interface Guard {
  readonly name: string;
  readonly says: string;
  readonly holds: (world: World, nonce: unknown) => boolean;
}

const GUARDS: readonly Guard[] = [
  { name: '', says: '', holds: () => true },
  {
    name: '-WAITED-FOR',
    says: ' with the nonce that the active member waits for',
    holds: (world, nonce) => {
      const sync = waited(world);
      return sync !== null && nonce === sync.nonce;
    },
  },
  { name: '-LOOKED-AT', says: ' with the nonce that is looked at', holds: ({ any }, nonce) => nonce === any },
];

const ofMessages = (guards: readonly Guard[]): readonly Counter<[World, Message]>[] => [
  {
    kind: 'cluster',
    name: 'REQUEST',
    says: 'the Message ID of a request of the cluster',
    of: (_, message) => (message.kind === 'request' && message.from === 'cluster' ? message.id : null),
  },
  {
    kind: 'cluster',
    name: 'RESPONSE',
    says: 'the Message ID of a response of the peer',
    of: (_, message) => (message.kind === 'response' && message.from === 'peer' ? message.id : null),
  },
  {
    kind: 'peer',
    name: 'REQUEST-OF-PEER',
    says: 'the Message ID of a request of the peer',
    of: (_, message) => (message.kind === 'request' && message.from === 'peer' ? message.id : null),
  },
  {
    kind: 'peer',
    name: 'RESPONSE-TO-PEER',
    says: 'the Message ID of a response of the cluster',
    of: (_, message) => (message.kind === 'response' && message.from === 'cluster' ? message.id : null),
  },
  {
    kind: 'nonce',
    name: 'NONCE-ASKED',
    says: 'the nonce of a sync request',
    of: (_, message) => (message.kind === 'sync-request' ? asNumber(message.nonce) : null),
  },
  {
    kind: 'nonce',
    name: 'NONCE-ANSWERED',
    says: 'the nonce of a sync response',
    of: (_, message) => (message.kind === 'sync-response' ? asNumber(message.nonce) : null),
  },
  {
    kind: 'sent by the cluster',
    name: 'PACKET',
    says: 'the sequence number of a packet of the cluster',
    of: (_, message) => (message.kind === 'esp' && message.from === 'cluster' ? message.number : null),
  },
  {
    kind: 'sent by the peer',
    name: 'PACKET-OF-PEER',
    says: 'the sequence number of a packet of the peer',
    of: (_, message) => (message.kind === 'esp' && message.from === 'peer' ? message.number : null),
  },
  {
    kind: 'failover',
    name: 'COUNT-ASKED',
    says: 'the Failover Count of a sync request',
    of: (_, message) => (message.kind === 'sync-request' ? (message.failoverCount ?? null) : null),
  },
  ...guards.flatMap((guard): readonly Counter<[World, Message]>[] => [
    {
      kind: 'cluster',
      name: `M1-ASKED${guard.name}`,
      says: `the M1 of a sync request${guard.says}`,
      of: (world, message) =>
        message.kind === 'sync-request' && guard.holds(world, message.nonce) ? message.m1 : null,
    },
    {
      kind: 'peer',
      name: `P1-ASKED${guard.name}`,
      says: `the P1 of a sync request${guard.says}`,
      of: (world, message) =>
        message.kind === 'sync-request' && guard.holds(world, message.nonce) ? message.p1 : null,
    },
    {
      kind: 'peer',
      name: `P2-ANSWERED${guard.name}`,
      says: `the P2 of a sync response${guard.says}`,
      of: (world, message) =>
        message.kind === 'sync-response' && guard.holds(world, message.nonce) ? message.p2 : null,
    },
    {
      kind: 'cluster',
      name: `M2-ANSWERED${guard.name}`,
      says: `the M2 of a sync response${guard.says}`,
      of: (world, message) =>
        message.kind === 'sync-response' && guard.holds(world, message.nonce) ? message.m2 : null,
    },
  ]),
];

/** From the stronger to the weaker. */
const RELATIONS = [
  { name: 'BELOW', says: 'is below', holds: (one: number, other: number): boolean => one < other },
  { name: 'NOT-ABOVE', says: 'is not above', holds: (one: number, other: number): boolean => one <= other },
  {
    name: 'NOT-FAR-ABOVE',
    says: 'is at most one above',
    holds: (one: number, other: number): boolean => one <= other + 1,
  },
] as const;

const unlessAbsent = (
  one: number | null,
  other: number | null,
  holds: (one: number, other: number) => boolean,
): boolean => one === null || other === null || holds(one, other);

/** A clause that nobody wrote. */
export type Candidate = Clause & {
  /** Whether it compares something that is remembered of the past. */
  readonly isOfThePast: boolean;
  /** The weaker one of the same two counters; null if there is none. */
  readonly weaker: string | null;
};

/** What of a theorem they go by. */
type Looked = Pick<Theorem, 'ghosts' | 'memory' | 'any'>;

/** All of them for a theorem. */
export function candidatesOf(theorem: Looked): readonly Candidate[] {
  const past = [...ofGhosts(theorem), ...ofMemory(theorem), ...ofNonce(theorem)];
  const world = [...ofWorld, ...past];
  const messages = ofMessages(GUARDS.filter(({ name }) => name !== '-LOOKED-AT' || theorem.any === 'nonce'));
  return [
    ...pairs(world, world).flatMap(([one, other]) =>
      compared(
        one,
        other,
        [one, other].some((each) => past.includes(each)),
        (compares) => ({
          of: 'world',
          holds: (in_) => unlessAbsent(one.of(in_), other.of(in_), compares),
        }),
      ),
    ),
    ...pairs(ofSnapshot, world).flatMap(([one, other]) => {
      const isOfThePast = past.includes(other);
      return [
        ...compared(one, other, isOfThePast, (compares) => ({
          of: 'standby',
          holds: (in_, snapshot) => unlessAbsent(one.of(snapshot), other.of(in_), compares),
        })),
        ...compared(other, one, isOfThePast, (compares) => ({
          of: 'standby',
          holds: (in_, snapshot) => unlessAbsent(other.of(in_), one.of(snapshot), compares),
        })),
      ];
    }),
    ...pairs(messages, world).flatMap(([one, other]) => {
      const isOfThePast = past.includes(other);
      return [
        ...compared(one, other, isOfThePast, (compares) => ({
          of: 'message',
          holds: (in_, message) => unlessAbsent(one.of(in_, message), other.of(in_), compares),
        })),
        ...compared(other, one, isOfThePast, (compares) => ({
          of: 'message',
          holds: (in_, message) => unlessAbsent(other.of(in_), one.of(in_, message), compares),
        })),
      ];
    }),
  ];
}

type Compares = (one: number, other: number) => boolean;

/** What a clause says, without its words. */
type Saying =
  | { readonly of: 'world'; readonly holds: (world: World) => boolean }
  | { readonly of: 'standby'; readonly holds: (world: World, snapshot: SaState) => boolean }
  | { readonly of: 'message'; readonly holds: (world: World, message: Message) => boolean };

/** Two counters by each relation. */
const compared = (
  one: Pick<Counter<never>, 'name' | 'says'>,
  other: typeof one,
  isOfThePast: boolean,
  saying: (compares: Compares) => Saying,
): readonly Candidate[] =>
  RELATIONS.map(({ name, says, holds }, index) => {
    const weaker = RELATIONS[index + 1];
    return {
      id: `${one.name}-${name}-${other.name}`,
      says: `${capital(one.says)} ${says} ${other.says}.`,
      isOfThePast,
      weaker: weaker === undefined ? null : `${one.name}-${weaker.name}-${other.name}`,
      ...saying(holds),
    };
  });

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

/** Those of the same kind, none with itself. */
const pairs = <
  A extends { readonly kind: Kind; readonly name: string },
  B extends { readonly kind: Kind; readonly name: string },
>(
  some: readonly A[],
  others: readonly B[],
): readonly (readonly [A, B])[] =>
  some.flatMap((one) =>
    others.flatMap((other) =>
      one.kind === other.kind && one.name !== other.name ? [[one, other] as const] : [],
    ),
  );
