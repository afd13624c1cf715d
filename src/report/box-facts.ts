/** The state of a box as a list of facts, each under the name that the texts give it. */
import {
  type ActiveMember,
  isMember,
  type Lacks,
  type Member,
  type PendingSync,
  type SaState,
  type Value,
} from '../../model/index.ts';
import { contentWords, messageWords } from './words.ts';

/** What it is about, and what is so. */
export type BoxFact = readonly [about: string, is: string];

/** Everything that a box remembers, or a count or a queue holds; what is not there is left out. */
export function boxFacts(value: Value | undefined): readonly BoxFact[] {
  if (value === undefined) return [];
  if (!isMember(value)) {
    return [
      [
        'is',
        typeof value === 'number' ? String(value) : value.messages.map(messageWords).join('; ') || 'empty',
      ],
    ];
  }
  return [['role', roleOf(value)], ...factsOf(value)];
}

const roleOf = (member: Member): string =>
  member.role === 'active' && member.sync !== null
    ? 'active, waiting for the response to its sync request'
    : member.role;

function factsOf(member: Member): readonly BoxFact[] {
  switch (member.role) {
    case 'active':
      return [...saFacts(member.sa), ...activeFacts(member)];
    case 'standby':
      return [
        ...saFacts(member.snapshot),
        ...(member.lacks === undefined ? [] : [['lacks', lacksWords(member.lacks)] as const]),
        ...(member.late === undefined
          ? []
          : [['state sync under way to it', shortSa(member.late.snapshot)] as const]),
      ];
    case 'down':
      return member.late === undefined ? [] : [['state sync under way to it', shortSa(member.late.snapshot)]];
    case 'closed':
      return [['IKE SA', 'closed: no number is left']];
  }
}

const activeFacts = ({
  sync,
  answered,
  owed,
  yetToAsk,
  rekeys,
  superseded,
  untold,
  unsent,
}: ActiveMember): readonly BoxFact[] => [
  ...(sync === null ? [] : [['its sync request', syncWords(sync)] as const]),
  ...(answered === undefined ? [] : [['its sync request before', syncWords(answered)] as const]),
  ...(owed === undefined ? [] : [['has yet to tell', `delta ${owed.delta}`] as const]),
  ...(yetToAsk === undefined ? [] : [['sync', 'has yet to begin'] as const]),
  ...(superseded === undefined ? [] : [['beside it', 'another member took over'] as const]),
  ...(untold === undefined
    ? []
    : [
        [
          'has yet to tell the others',
          untold.map(({ what }) => (what === 'sync' ? 'M1 and P1' : 'its ESP counters')).join(', '),
        ] as const,
      ]),
  ...(unsent === undefined
    ? []
    : [['has yet to send', unsent.map(({ message }) => messageWords(message)).join('; ')] as const]),
  ...(rekeys === undefined ? [] : [['has yet to rekey', rekeys.map(({ spi }) => spi).join(', ')] as const]),
];

const syncWords = ({ m1, p1, delta, perSa }: PendingSync): string =>
  [
    `M1=${m1} P1=${p1}`,
    ...(delta === undefined ? [] : [`delta=${delta}`]),
    ...(perSa ?? []).map(({ spi, number }) => `${spi}:${number}`),
  ].join(' ');

const lacksWords = ({ requestsSent, requestsProcessed, packetsSent, packetsAccepted }: Lacks): string =>
  `${requestsSent} requests sent, ${requestsProcessed} processed, ${packetsSent} packets sent, ${packetsAccepted} accepted`;

const shortSa = ({ expectedSend, expectedReceive }: SaState): string =>
  `sends ${expectedSend}, expects ${expectedReceive}`;

const saFacts = (sa: SaState): readonly BoxFact[] => [
  ...(sa.ikeSa === undefined ? [] : [['IKE SA', sa.ikeSa] as const]),
  ['next Message ID to send', String(sa.expectedSend)],
  ['next Message ID to receive', String(sa.expectedReceive)],
  ...some(
    'waits for the response to',
    sa.outstanding.map(({ id, content }) => `request ${id} ${contentWords(content)}`),
  ),
  ...some(
    'can answer again',
    sa.answered.map(({ id, content }) => `request ${id} ${contentWords(content)}`),
  ),
  ...some('is to be sent again', sa.again.map(contentWords)),
  ...numbers([
    ['highest sender value seen', sa.highestSeen],
    ['highest M1 accepted', sa.m1Seen ?? -1],
    ['highest M1 its cluster sent', sa.m1Sent],
    ['highest P1 its cluster sent', sa.p1Sent ?? -1],
  ]),
  ...(sa.failoverCount > 0 ? [['Failover Count', String(sa.failoverCount)] as const] : []),
  ...(sa.failoverCountSeen > 0
    ? [['Failover Count of the other end', String(sa.failoverCountSeen)] as const]
    : []),
  ...(sa.lastSync === null
    ? []
    : [['sync request accepted last', messageWords(sa.lastSync.request)] as const]),
  ...sa.childSas.map(
    ({ spi, sent, received }): BoxFact => [
      `Child SA ${spi}`,
      `sent ${sent}, received ${received.highest}${received.seen.length === 0 ? '' : ` (seen ${received.seen.join(', ')})`}`,
    ],
  ),
  ...(sa.ivsSpent === undefined ? [] : [['initialization vectors used', String(sa.ivsSpent)] as const]),
];

const some = (about: string, words: readonly string[]): readonly BoxFact[] =>
  words.length === 0 ? [] : [[about, words.join(', ')]];

/** Those that there are: -1 stands for none. */
const numbers = (all: readonly (readonly [string, number])[]): readonly BoxFact[] =>
  all.flatMap(([about, value]) => (value < 0 ? [] : [[about, String(value)] as const]));

/** A fact, and what becomes of it in a step. */
export interface ChangedFact {
  readonly about: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The facts before and after a step, in one list; a fact that is gone stands where it stood. */
export function changesOf(before: Value | undefined, after: Value | undefined): readonly ChangedFact[] {
  const [old, now] = [new Map(boxFacts(before)), new Map(boxFacts(after))];
  return [
    ...[...now].map(([about, is]) => ({ about, before: old.get(about), after: is })),
    ...[...old].flatMap(([about, was]) => (now.has(about) ? [] : [{ about, before: was, after: undefined }])),
  ];
}
