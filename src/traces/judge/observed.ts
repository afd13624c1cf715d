/**
 * What an end's own log tells, taken as observations that constrain the search. The mapping:
 *
 * | event | step of the specification |
 * | --- | --- |
 * | sent, seen | the step that sends the message |
 * | received | none: it arrived, so it was sent |
 * | accepted | the step that takes the message and acts on it, for the first time; the answer is another event |
 * | dropped | none: any message may be lost |
 * | state-sync | the state is copied to the member: that is what it can take over with |
 * | failover | the member takes over. From then on, only what was copied to it explains what it does |
 *
 * A message that was received is authentic, so it was sent, whoever saw it; where nobody did, it is judged as sent
 * when it is received. A log of one end that tells of a failover is taken to tell of all.
 */
import { goOn, type Message, otherEnd, type SaState } from '../../../model/index.ts';
import { toAct } from './attempts.ts';
import type { Desk } from './desk.ts';
import { type EndState, keyOfPast, MOST_HYPOTHESES } from './end-state.ts';
import { distinct, type Hypothesis, type PastState } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { asReceived } from './judge-sync.ts';

/** The log of an end says that it acted on a message of the other one. */
export function judgeAccepted(desk: Desk, numbered: NumberedIke, own: EndState, seen: Message): void {
  // A receiver passes over what it need not understand: that it is there is the fault of the sender alone.
  const message = seen.kind === 'sync-response' ? asReceived(desk.reading.revision, seen) : seen;
  const { explainer } = desk;
  const attempt = toAct(explainer.context(own), message);
  const found = explainer.explain(own, desk.attempts(own, attempt));
  const isFirst = message.kind !== 'sync-response' || !own.taken.includes(message.nonce);
  if (message.kind === 'sync-response') own.taken = [...own.taken, message.nonce].slice(-MOST_TAKEN);
  if (found.kind === 'explained') {
    desk.accept(numbered, own, found);
    return;
  }
  // What it did since was explained by the arrival of just this response, so the log only tells of it late.
  const asked = own.syncs.findLast(({ kind }) => kind === 'sync-request');
  if (message.kind === 'sync-response' && asked?.kind === 'sync-request') {
    const isAwaited = isFirst && asked.nonce === message.nonce;
    if (isAwaited && explainer.wasPossible(own, own.past, attempt)) return;
  }
  const what = `the ${own.end} acts on ${wordsFor(message)} of the ${otherEnd(own.end)}`;
  desk.blame(numbered, own, found.refusal, what, { tried: found.tried });
  explainer.suppose(numbered.number, own, {
    sa: (sa) => afterActing(sa, message),
    endsSync: message.kind === 'sync-response',
  });
}

/** Sync responses of which it is remembered that the log of an end told that they were taken. */
const MOST_TAKEN = 32;

/** The log of an end says that it did nothing with a message of the other one: never a fault, but worth a remark. */
export function noteDropped(desk: Desk, numbered: NumberedIke, own: EndState, message: Message): void {
  const attempt = toAct(desk.explainer.context(own), message);
  const due =
    own.hypotheses.length > 0 &&
    own.hypotheses.every(({ member, unsent }) => attempt(member, unsent).some(({ enabled }) => enabled));
  if (!due) return;
  desk.account.remark(
    numbered,
    `the ${own.end} drops ${wordsFor(message)} of the ${otherEnd(own.end)}, which it could have acted on: no fault, since it may be lost as well`,
  );
}

/** What is charitably taken to follow from acting on what may not be acted on. */
function afterActing(sa: SaState, message: Message): Partial<SaState> {
  if (message.kind === 'request') {
    return { expectedReceive: Math.max(sa.expectedReceive, message.id + 1) };
  }
  if (message.kind === 'response') {
    return { outstanding: sa.outstanding.filter(({ id }) => id !== message.id) };
  }
  if (message.kind === 'sync-request') return { expectedReceive: Math.max(sa.expectedReceive, message.m1) };
  if (message.kind === 'sync-response') {
    return { expectedSend: message.m2, expectedReceive: message.p2, outstanding: [] };
  }
  return {};
}

function wordsFor(message: Message): string {
  if (message.kind === 'sync-request') return `the sync request with M1 ${message.m1}`;
  if (message.kind === 'sync-response') return `the sync response with M2 ${message.m2}`;
  return message.kind === 'esp' ? `packet ${message.number}` : `${message.kind} ${message.id}`;
}

/** The active member copied its state to another one: to the one named, or to some. */
export function noteStateSync(
  desk: Desk,
  own: EndState,
  member: string,
  event: number,
  ongoing = false,
): void {
  const copied = desk.explainer
    .reached(own)
    .map(({ member: { sa, sync } }): PastState => ({ sa, sync, event }));
  // Who took over and has not sent anything since has the state that it took over with.
  const may = [...copied, ...(own.takenFrom ?? [])].map((past) => [keyOfPast(past), past] as const);
  own.snapshots.set(member, [...new Map(may).values()]);
  // Where every change is copied too, the member may hold any state since: those are all known as the past.
  if (ongoing) own.snapshots.delete(member);
  if (own.snapshots.size <= MOST_MEMBERS) return;
  const [oldest] = own.snapshots.keys();
  if (oldest !== undefined) own.snapshots.delete(oldest);
}

/** So many members of a cluster are told apart. */
const MOST_MEMBERS = 16;

/**
 * A member took over. What was copied to it is known, or else it may hold any state in which the end once was. Where it
 * has to ask for the counters, its sync request shows which; else it just goes on.
 */
export function noteFailover(desk: Desk, own: EndState, member: string): void {
  own.actsAsCluster = true;
  own.showsCluster = true;
  const from = own.snapshots.get(member) ?? own.past;
  // Should it take over once more, it may remember what it did itself meanwhile.
  own.snapshots.delete(member);
  own.takenFrom = from;
  own.failoverDue = true;
  const [first] = own.hypotheses;
  const { counterSync } = desk.reading.revision;
  const asks = from.some(({ sa }) => counterSync?.isNegotiated(sa) === true);
  if (first === undefined || asks) return;
  const goesOn = from.flatMap(({ sa }): readonly Hypothesis[] => {
    const step = goOn(sa);
    return step.enabled ? [{ member: step.member, watched: first.watched, unsent: [] }] : [];
  });
  const possible = distinct(goesOn);
  if (possible.length > MOST_HYPOTHESES) return;
  own.hypotheses = possible;
  own.otherwise = [];
  own.failoverDue = false;
}
