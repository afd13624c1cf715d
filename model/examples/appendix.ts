/**
 * The examples of the texts as golden runs: RFC 6311, appendix A and the two windows of section 9, and the one of the
 * slides of October 2010. What a text prints is data here; whether the rules lead to it is computed by their own steps, under each
 * reading of what M1 is compared with and of what is adopted.
 */
import type { RuleId } from '../catalogue.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { receiveSyncRequest, receiveSyncResponse, sendSyncRequest } from '../rfc6311/5.1-message-id-sync.ts';
import { type Policies, settingTable, usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, type SaState } from '../state/member.ts';
import { type Endpoint, otherEnd, type SyncRequest, type SyncResponse } from '../state/messages.ts';
import type { MessageId } from '../state/numbers.ts';

/** EXPECTED_SEND_REQ_MESSAGE_ID and EXPECTED_RECV_REQ_MESSAGE_ID of one end, in the order of the texts. */
export interface Pair {
  readonly sends: MessageId;
  readonly expects: MessageId;
}

/** What a text prints of one end that asks: its request, and the response to it. */
export interface PrintedExchange {
  readonly asks: Endpoint;
  /** M1 and P1. */
  readonly request: Pair;
  /** P2 and M2. */
  readonly response: Pair;
  /** How far P1 is above what the member knows. */
  readonly p1Ahead?: number;
}

export interface TextExample {
  /** As in `ipsecha example ID`. */
  readonly id: string;
  readonly title: string;
  /** The document, as one would cite it. */
  readonly source: string;
  /** The section as published; null for slides. */
  readonly link: string | null;
  /** What it shows, and which of its numbers are ours, because the text has none. */
  readonly says: string;
  /** What each end knows before. */
  readonly before: Readonly<Record<Endpoint, SaState>>;
  /** One; or two that cross. */
  readonly exchanges: readonly PrintedExchange[];
  readonly after: Readonly<Record<Endpoint, Pair>>;
}

const pair = (sends: MessageId, expects: MessageId): Pair => ({ sends, expects });

/** An end that sends and expects these next, and has seen all below. */
const at = ({ sends, expects }: Pair, more: Partial<SaState> = {}): SaState => ({
  ...establishedSa(),
  expectedSend: sends,
  expectedReceive: expects,
  highestSeen: expects - 1,
  ...more,
});

const rfc = (section: string, link: string) => ({
  source: `RFC 6311, ${section}`,
  link: `https://www.rfc-editor.org/rfc/rfc6311#${link}`,
});

export const textExamples: readonly TextExample[] = [
  {
    id: 'A.1',
    title: 'The peer has nothing to add',
    ...rfc('A.1', 'appendix-A.1'),
    says: 'The peer sent requests up to 4 and never received one. What it has is what the member asks, so the response repeats it.',
    before: { cluster: at(pair(0, 5)), peer: at(pair(5, 0)) },
    exchanges: [{ asks: 'cluster', request: pair(0, 5), response: pair(5, 0) }],
    after: { cluster: pair(0, 5), peer: pair(5, 0) },
  },
  {
    id: 'A.2',
    title: 'The peer has higher values for both',
    ...rfc('A.2', 'appendix-A.2'),
    says: 'The peer sent requests up to 3 and received them up to 4, so M1 2 is one that it has seen already.',
    before: { cluster: at(pair(2, 3)), peer: at(pair(4, 5)) },
    exchanges: [{ asks: 'cluster', request: pair(2, 3), response: pair(4, 5) }],
    after: { cluster: pair(5, 4), peer: pair(4, 5) },
  },
  {
    id: 'A.3',
    title: 'Each has one of the higher values',
    ...rfc('A.3', 'appendix-A.3'),
    says: 'The member supposes that it missed requests of the peer, so its P1 is above what it knows. The peer sent requests up to 1 and received them up to 3. The higher of each is what comes out. (That the member knows requests of the peer up to 1 is ours.)',
    before: { cluster: at(pair(2, 2)), peer: at(pair(2, 4)) },
    exchanges: [{ asks: 'cluster', request: pair(2, 5), response: pair(5, 4), p1Ahead: 3 }],
    after: { cluster: pair(4, 5), peer: pair(5, 4) },
  },
  {
    id: 'A.4',
    title: 'Both ends fail over, and their sync requests cross',
    ...rfc('A.4', 'appendix-A.4'),
    says: 'Both ends ask, and each answers the other. What comes out of it are the higher values. (That each has received what it expects no more is ours.)',
    before: { cluster: at(pair(4, 4)), peer: at(pair(5, 5)) },
    exchanges: [
      { asks: 'cluster', request: pair(4, 4), response: pair(5, 5) },
      { asks: 'peer', request: pair(5, 5), response: pair(5, 5) },
    ],
    after: { cluster: pair(5, 5), peer: pair(5, 5) },
  },
  {
    id: '9-sent',
    title: 'A window of 5: the peer does not wait for the response to request 3',
    ...rfc('section 9', 'section-9'),
    says: 'The peer has sent requests 3 to 7 and has the responses to all but 3. P2 is 8, and the response to 3 is waited for no more. (The request of the member, and that the peer never received one, are ours.)',
    before: {
      cluster: at(pair(0, 3), { window: 5 }),
      peer: at(pair(8, 0), { window: 5, outstanding: [{ id: 3, content: 'request 3' }] }),
    },
    exchanges: [{ asks: 'cluster', request: pair(0, 3), response: pair(8, 0) }],
    after: { cluster: pair(0, 8), peer: pair(8, 0) },
  },
  {
    id: '9-received',
    title: 'A window of 5: the peer does not wait for request 3',
    ...rfc('section 9', 'section-9'),
    says: 'The peer has received requests 4 to 7, and not 3. M2 is 8, and 3 is waited for no more. (The request of the member, which knows its requests up to 2, and that the peer never sent one, are ours.)',
    before: {
      cluster: at(pair(3, 0), { window: 5 }),
      peer: at(pair(0, 3), {
        window: 5,
        highestSeen: 7,
        answered: [4, 5, 6, 7].map((id) => ({ id, content: `request ${id}` })),
      }),
    },
    exchanges: [{ asks: 'cluster', request: pair(3, 0), response: pair(0, 8) }],
    after: { cluster: pair(8, 0), peer: pair(0, 8) },
  },
  {
    id: 'slides',
    title: 'Both ends fail over, and ask for the same',
    source: 'slides of October 2010, "State Synchronization in Simultaneous Failover"',
    link: null,
    says: 'Both ends are clusters, and both fail over: Sync Request(5,5) crosses another one, and each end answers with Sync Response(5,5).',
    before: { cluster: at(pair(5, 5)), peer: at(pair(5, 5)) },
    exchanges: [
      { asks: 'cluster', request: pair(5, 5), response: pair(5, 5) },
      { asks: 'peer', request: pair(5, 5), response: pair(5, 5) },
    ],
    after: { cluster: pair(5, 5), peer: pair(5, 5) },
  },
];

/** The readings that an example is judged by. */
export type ExampleReading = Pick<Policies, 'm1Compare' | 'adopt'>;

/** Every reading, those that are usual first. */
export const exampleReadings: readonly ExampleReading[] = valuesOf('m1Compare').flatMap((m1Compare) =>
  valuesOf('adopt').map((adopt) => ({ m1Compare, adopt })),
);

function valuesOf<F extends 'm1Compare' | 'adopt'>(field: F): readonly Policies[F][] {
  // The keys of the values are the values.
  return Object.keys(settingTable[field].values) as unknown as readonly Policies[F][];
}

/** One message of a run, and what its receiver made of it. */
export interface Arrival {
  readonly message: SyncRequest | SyncResponse;
  /** Why it was not taken; null if it was. */
  readonly refusal: { readonly rule: RuleId | null; readonly because: string } | null;
}

/** What the rules make of an example. */
export interface ExampleRun {
  readonly arrivals: readonly Arrival[];
  readonly after: Readonly<Record<Endpoint, Pair>>;
}

/** The run of an example under a reading: all requests are sent, then all arrive, then the responses to them. */
export function runOf(example: TextExample, reading: ExampleReading): ExampleRun {
  const policies: Policies = { ...usual, ...reading };
  const ends: Record<Endpoint, ActiveMember> = {
    cluster: { role: 'active', sa: example.before.cluster, sync: null },
    peer: { role: 'active', sa: example.before.peer, sync: null },
  };
  const asked = example.exchanges.flatMap(({ asks, p1Ahead = 0 }) => {
    const choice = { nonce: `of the ${asks}`, bump: 0, p1Ahead };
    const step = sendSyncRequest(rfc6311, asks, ends[asks].sa, choice);
    if (!step.enabled) return [];
    ends[asks] = step.member;
    return step.sent.filter((message): message is SyncRequest => message.kind === 'sync-request');
  });
  const arrivals: Arrival[] = [];
  const answers: SyncResponse[] = [];
  for (const message of asked) {
    const by = otherEnd(message.from);
    const step = receiveSyncRequest(rfc6311, policies, by, ends[by], message);
    arrivals.push({ message, refusal: step.enabled ? null : { rule: step.rule, because: step.because } });
    if (!step.enabled) continue;
    ends[by] = step.member;
    answers.push(...step.sent.filter((each): each is SyncResponse => each.kind === 'sync-response'));
  }
  for (const message of answers) {
    const by = otherEnd(message.from);
    const step = receiveSyncResponse(rfc6311, policies, by, ends[by], message);
    arrivals.push({ message, refusal: step.enabled ? null : { rule: step.rule, because: step.because } });
    if (step.enabled) ends[by] = step.member;
  }
  return { arrivals, after: { cluster: pairOf(ends.cluster.sa), peer: pairOf(ends.peer.sa) } };
}

const pairOf = (sa: SaState): Pair => pair(sa.expectedSend, sa.expectedReceive);

/** What becomes of an example under a reading. */
export type ExampleVerdict =
  /** It comes out as the text prints it. */
  | { readonly kind: 'as printed' }
  /** A rule forbids one of its steps. */
  | { readonly kind: 'forbidden'; readonly rule: RuleId | null; readonly because: string }
  /** It comes out with other numbers. */
  | { readonly kind: 'other numbers'; readonly rule: RuleId; readonly because: string };

/** Compares the run of an example with what the text prints. */
export function verdictOn(example: TextExample, reading: ExampleReading): ExampleVerdict {
  const { arrivals, after } = runOf(example, reading);
  for (const { asks, request, response } of example.exchanges) {
    const asked = arrivals.find(({ message }) => message.kind === 'sync-request' && message.from === asks);
    const answer = arrivals.find(
      ({ message }) => message.kind === 'sync-response' && message.from === otherEnd(asks),
    );
    const sent = asked?.message;
    if (sent?.kind !== 'sync-request' || sent.m1 !== request.sends || sent.p1 !== request.expects) {
      return other(
        'RFC6311-5.1-M1-FRESH',
        `the ${asks} does not send M1 ${request.sends}, P1 ${request.expects}`,
      );
    }
    if (asked?.refusal != null) {
      const { rule, because } = asked.refusal;
      return { kind: 'forbidden', rule, because: `the sync request of the ${asks} is dropped: ${because}` };
    }
    const came = answer?.message;
    if (came?.kind !== 'sync-response') continue;
    if (came.p2 !== response.sends) return other('RFC6311-5.1-P2', `P2 is ${came.p2}, not ${response.sends}`);
    if (came.m2 !== response.expects)
      return other('RFC6311-5.1-M2', `M2 is ${came.m2}, not ${response.expects}`);
    if (answer?.refusal != null) return { kind: 'forbidden', ...answer.refusal };
  }
  for (const end of ['cluster', 'peer'] as const) {
    const [is, printed] = [after[end], example.after[end]];
    if (is.sends !== printed.sends || is.expects !== printed.expects) {
      return other('RFC6311-5.1-ADOPT', `the ${end} goes on with ${words(is)}, not with ${words(printed)}`);
    }
  }
  return { kind: 'as printed' };
}

const words = ({ sends, expects }: Pair): string => `(${sends}, ${expects})`;

const other = (rule: RuleId, because: string): ExampleVerdict => ({ kind: 'other numbers', rule, because });
