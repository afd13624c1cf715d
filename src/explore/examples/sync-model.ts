/**
 * A yardstick for explorers: message counters of a hot-standby cluster and its peer, with window size 1.
 *
 * It follows the Message ID synchronisation of RFC 6311, much simplified; no claim about that protocol is
 * made. The same transition system, written for SPIN, for TLC and by hand in C, has the numbers of states,
 * transitions and depths that the test expects.
 *
 * Each member has a snapshot (next request to send, next request expected, whether one is outstanding). The
 * snapshot of the active one is the live state. A failover makes another member active; it asks the peer to
 * synchronise (proposing a counter raised by `bump`), and ignores all else until it is answered.
 *
 * Its one invariant holds: counters stay in range, and nobody answers a request that was not sent. So that a
 * monitor can see it, every step tells the counters that it leaves behind and the request that it answers.
 */
import type { Monitor, Outcome, StepResult, StepRule, System } from '../system.ts';

export interface SyncModelSize {
  readonly members: number;
  readonly failovers: number;
  /** Requests that a side may send. */
  readonly requests: number;
  readonly bump: number;
}

interface Peer {
  readonly send: number;
  readonly recv: number;
  readonly out: boolean;
  /** The highest counter accepted in a synchronisation. */
  readonly high: number;
}

interface Snapshot {
  readonly send: number;
  readonly recv: number;
  readonly out: boolean;
}

/** The active member alone knows how many failovers there were, and whether it waits for an answer. */
type Member =
  | { readonly snapshot: Snapshot }
  | { readonly snapshot: Snapshot; readonly failovers: number; readonly syncing: boolean };

type Active = Extract<Member, { syncing: boolean }>;
type Value = Peer | Member;

type Message =
  | { readonly kind: 'request' | 'response'; readonly by: 'cluster' | 'peer'; readonly id: number }
  | { readonly kind: 'sync-request'; readonly failover: number; readonly m1: number; readonly p1: number }
  | { readonly kind: 'sync-response'; readonly failover: number; readonly m1: number; readonly p1: number };

/** Counters of the peer or of the active member after a step; or an answer, and the request that was received. */
type Seen =
  | { readonly of: 'peer'; readonly send: number; readonly recv: number; readonly high: number }
  | { readonly of: 'active'; readonly send: number; readonly recv: number }
  | { readonly of: 'answer'; readonly answer: Message; readonly to: Message };

export type SyncModel = System<Value, Message, Seen, string>;
type Rule = StepRule<Value, Message, Seen, string>;
type Result = StepResult<Value, Message, Seen, string>;

const NOT_ENABLED: Result = { outcomes: [] };

export function syncModel(size: SyncModelSize): SyncModel {
  const { members, failovers, requests, bump } = size;
  const zero: Snapshot = { send: 0, recv: 0, out: false };
  const all = Array.from({ length: members }, (_, i) => i + 1);
  const pairs = all.flatMap((i) => all.filter((j) => j !== i).map((j) => [i, j] as const));
  return {
    name: `sync-model ${members} ${failovers} ${requests} ${bump}`,
    components: ['peer', ...all.map((i) => `member ${i}`)],
    initial: [
      [
        { send: 0, recv: 0, out: false, high: 0 },
        ...all.map((i) => (i === 1 ? { snapshot: zero, failovers: 0, syncing: false } : { snapshot: zero })),
      ],
    ],
    rules: [
      ...peerRules(requests),
      ...all.flatMap((i) => memberRules(i, requests)),
      ...pairs.flatMap(([i, j]) => pairRules(i, j, failovers, bump)),
    ],
    monitors: [invariant(size)],
    progress: [],
    interchangeable: [all],
    isObsolete: (message, value) =>
      'high' in value ? isObsoleteForPeer(message, value) : isObsoleteForMember(message, value),
  };
}

/** No counter of the peer ever goes down, so what is below is past. */
function isObsoleteForPeer(message: Message, { send, recv, high }: Peer): boolean {
  switch (message.kind) {
    case 'request':
      return message.by === 'peer' || message.id < recv - 1;
    case 'response':
      return message.by === 'peer' || message.id < send;
    case 'sync-request':
      return message.m1 <= high || message.m1 < recv;
    case 'sync-response':
      return true;
  }
}

/**
 * Nor does any of a member, be it active or not. An answer to a later failover can still matter to the active one,
 * though it will be another that receives it; standbys may leave that to the active one.
 */
function isObsoleteForMember(message: Message, member: Member): boolean {
  const { send, recv } = member.snapshot;
  switch (message.kind) {
    case 'request':
      return message.by === 'cluster' || message.id < recv - 1;
    case 'response':
      return message.by === 'cluster' || message.id < send;
    case 'sync-request':
      return true;
    case 'sync-response':
      return (
        !isActive(member) ||
        message.failover < member.failovers ||
        (message.failover === member.failovers && !member.syncing)
      );
  }
}

function invariant({ requests, failovers, bump }: SyncModelSize): Monitor<Seen> {
  const most = requests + failovers * bump;
  const holds = (seen: Seen): boolean => {
    switch (seen.of) {
      case 'peer':
        return seen.send <= requests && seen.recv <= most && seen.high <= most;
      case 'active':
        return seen.send <= most && seen.recv <= requests;
      case 'answer':
        return (
          seen.answer.kind === 'response' &&
          isFrom(seen.answer.by === 'peer' ? 'cluster' : 'peer', 'request', seen.answer.id, seen.to)
        );
    }
  };
  return {
    id: 'in-range',
    initial: 'so far',
    observe: (state, seen) =>
      holds(seen) ? { ok: true, state } : { ok: false, because: `out of range: ${JSON.stringify(seen)}` },
  };
}

function peerRules(requests: number): readonly Rule[] {
  const onPeer = (kind: string, step: (peer: Peer, message: Message) => Result): Rule => ({
    kind,
    touches: [0],
    receives: true,
    step: ([peer], message) => answering(step(peer as Peer, message), message),
  });
  return [
    onPeer('RecvC', (peer, m) =>
      isFrom('cluster', 'request', peer.recv, m)
        ? one('RecvC', [{ ...peer, recv: peer.recv + 1 }], [response('peer', peer.recv)])
        : NOT_ENABLED,
    ),
    onPeer('AgainC', (peer, m) =>
      isFrom('cluster', 'request', peer.recv - 1, m)
        ? one('AgainC', [peer], [response('peer', peer.recv - 1)])
        : NOT_ENABLED,
    ),
    {
      kind: 'SendP',
      touches: [0],
      receives: false,
      step: ([value]) => {
        const peer = value as Peer;
        if (peer.out || peer.send >= requests) return NOT_ENABLED;
        return one('SendP', [{ ...peer, out: true }], [{ kind: 'request', by: 'peer', id: peer.send }]);
      },
    },
    onPeer('DoneP', (peer, m) =>
      peer.out && isFrom('cluster', 'response', peer.send, m)
        ? one('DoneP', [{ ...peer, out: false, send: peer.send + 1 }])
        : NOT_ENABLED,
    ),
    onPeer('SyncReq', (peer, m) => {
      if (m.kind !== 'sync-request' || m.m1 <= peer.high || m.m1 < peer.recv) return NOT_ENABLED;
      const send = Math.max(m.p1, peer.send + (peer.out ? 1 : 0));
      return one(
        'SyncReq',
        [{ send, recv: m.m1, out: false, high: m.m1 }],
        [{ kind: 'sync-response', failover: m.failover, m1: m.m1, p1: send }],
      );
    }),
  ];
}

function memberRules(index: number, requests: number): readonly Rule[] {
  const onActive = (kind: string, step: (member: Active, message: Message) => Result): Rule => ({
    kind,
    touches: [index],
    receives: true,
    step: ([value], message) => (isActive(value) ? answering(step(value, message), message) : NOT_ENABLED),
  });
  return [
    {
      kind: 'SendC',
      touches: [index],
      receives: false,
      step: ([member]) => {
        if (!isActive(member) || member.syncing) return NOT_ENABLED;
        const { send, out } = member.snapshot;
        if (out || send >= requests) return NOT_ENABLED;
        return one('SendC', [changed(member, { out: true })], [{ kind: 'request', by: 'cluster', id: send }]);
      },
    },
    onActive('DoneC', (member, m) => {
      const { send, out } = member.snapshot;
      if (member.syncing || !out || !isFrom('peer', 'response', send, m)) return NOT_ENABLED;
      return one('DoneC', [changed(member, { out: false, send: send + 1 })]);
    }),
    onActive('RecvP', (member, m) => {
      const { recv } = member.snapshot;
      if (member.syncing || !isFrom('peer', 'request', recv, m)) return NOT_ENABLED;
      return one('RecvP', [changed(member, { recv: recv + 1 })], [response('cluster', recv)]);
    }),
    onActive('AgainP', (member, m) => {
      const { recv } = member.snapshot;
      if (member.syncing || !isFrom('peer', 'request', recv - 1, m)) return NOT_ENABLED;
      return one('AgainP', [member], [response('cluster', recv - 1)]);
    }),
    onActive('SyncRsp', (member, m) => {
      if (!member.syncing || m.kind !== 'sync-response' || m.failover !== member.failovers) {
        return NOT_ENABLED;
      }
      const snapshot = { send: m.m1, recv: m.p1, out: false };
      return one('SyncRsp', [{ ...member, syncing: false, snapshot }]);
    }),
  ];
}

/** What passes between the active member, if it is `from`, and another. */
function pairRules(from: number, to: number, failovers: number, bump: number): readonly Rule[] {
  const ifActive = (kind: string, step: (active: Active, other: Member) => Result): Rule => ({
    kind,
    touches: [from, to],
    receives: false,
    step: ([active, other]) => (isActive(active) ? step(active, other as Member) : NOT_ENABLED),
  });
  return [
    ifActive('Copy', (active) =>
      active.syncing ? NOT_ENABLED : one('Copy', [active, { snapshot: active.snapshot }]),
    ),
    ifActive('Fail', (active, { snapshot }) => {
      if (active.failovers >= failovers) return NOT_ENABLED;
      const failover = active.failovers + 1;
      const m1 = snapshot.send + (snapshot.out ? 1 : 0) + bump;
      return one(
        'Fail',
        [{ snapshot: active.snapshot }, { snapshot, failovers: failover, syncing: true }],
        [{ kind: 'sync-request', failover, m1, p1: snapshot.recv }],
      );
    }),
  ];
}

const isActive = (value: Value | undefined): value is Active => value !== undefined && 'syncing' in value;

const isFrom = (by: 'cluster' | 'peer', kind: 'request' | 'response', id: number, message: Message) =>
  message.kind === kind && message.by === by && message.id === id;

const response = (by: 'cluster' | 'peer', id: number): Message => ({ kind: 'response', by, id });

const changed = (member: Active, snapshot: Partial<Snapshot>): Active => ({
  ...member,
  snapshot: { ...member.snapshot, ...snapshot },
});

function one(action: string, values: readonly Value[], sent: readonly Message[] = []): Result {
  const outcome: Outcome<Value, Message, Seen, string> = {
    values,
    sent,
    observations: values.flatMap(countersOf),
    action,
  };
  return { outcomes: [outcome] };
}

function countersOf(value: Value): readonly Seen[] {
  if ('high' in value) return [{ of: 'peer', send: value.send, recv: value.recv, high: value.high }];
  return isActive(value) ? [{ of: 'active', send: value.snapshot.send, recv: value.snapshot.recv }] : [];
}

/** The result, with the responses in it observed beside what they answer. */
const answering = ({ outcomes }: Result, to: Message): Result => ({
  outcomes: outcomes.map((outcome) => ({
    ...outcome,
    observations: [
      ...outcome.observations,
      ...outcome.sent.flatMap((answer): Seen[] =>
        answer.kind === 'response' ? [{ of: 'answer', answer, to }] : [],
      ),
    ],
  })),
});
