/** Requests that were seen, for the question whether they were ever answered, and if not, whose fault it is. */
import { type Content, type Endpoint, otherEnd, type Request, receive } from '../../../model/index.ts';
import type { Account } from '../findings/account.ts';
import type { EndState } from './end-state.ts';
import type { Context, Hypothesis } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { observe } from './watching.ts';

interface SeenRequest {
  readonly request: Request;
  readonly first: NumberedIke;
  readonly laterFrames: readonly number[];
  /** How often it was sent, and when for the last time. */
  readonly times: number;
  readonly last: number | undefined;
  /** Whether it was seen again: once it may just have been lost. */
  readonly again: boolean;
  /** Whether every state of the other end ignored it, each time that it was seen. */
  readonly ignored: boolean;
  /** Whether it was a finding itself. */
  readonly faulty: boolean;
}

/** What it needs to know of the IKE SA. */
export interface Surroundings {
  readonly ends: Readonly<Record<Endpoint, EndState>>;
  readonly account: Account;
  readonly contextOf: (end: EndState) => Context;
}

/** So many unanswered requests are followed; the oldest is told of when there are more. */
const MOST = 256;

/** So many frames of one request are listed. */
const MOST_FRAMES = 100;

export class Unanswered {
  readonly #around: Surroundings;
  /** By content: of a request that is sent again, the first. */
  readonly #seen: Map<Content, SeenRequest>;
  /** How far the requests that were seen lead from each state of an end: the same ones are asked for again and again. */
  readonly #ways = new WeakMap<Hypothesis, Way>();

  constructor(around: Surroundings, from?: Unanswered) {
    this.#around = around;
    this.#seen = new Map(from === undefined ? [] : from.#seen);
  }

  sent(first: NumberedIke, request: Request, faulty: boolean): void {
    const ignored = this.#isIgnored(request);
    this.#seen.set(request.content, {
      ...{ request, first, laterFrames: [], again: false, ignored, faulty },
      ...{ times: 1, last: first.event.time },
    });
    if (this.#seen.size <= MOST) return;
    for (const [content, oldest] of this.#seen) {
      this.#seen.delete(content);
      this.#tellOf(oldest);
      break;
    }
  }

  /** The same octets again. */
  sentAgain({ event }: NumberedIke, content: Content): void {
    const seen = this.#seen.get(content);
    if (seen === undefined) return;
    const later = event.frame === undefined ? seen.laterFrames : [...seen.laterFrames, event.frame];
    this.#seen.set(content, {
      ...seen,
      laterFrames: later.slice(0, MOST_FRAMES),
      again: true,
      times: seen.times + 1,
      last: event.time ?? seen.last,
      ignored: seen.ignored && this.#isIgnored(seen.request),
    });
  }

  /** A response to these requests, with their Message ID. */
  answered(requests: readonly Request[]): void {
    for (const { content } of requests) this.#seen.delete(content);
  }

  /** While it waits for a sync response, an end may hold requests back, or lack the counters: no fault. */
  #isIgnored(request: Request): boolean {
    const sender = this.#around.ends[request.from];
    const other = this.#around.ends[otherEnd(request.from)];
    const context = this.#around.contextOf(other);
    return (
      other.hypotheses.length > 0 &&
      other.hypotheses.every(
        (hypothesis) =>
          hypothesis.member.sync === null &&
          request.id > hypothesis.member.sa.expectedReceive &&
          !this.#takes(context, hypothesis, request, sender.requests),
      )
    );
  }

  /** Tells of every request that stayed unanswered. */
  tell(): void {
    for (const seen of this.#seen.values()) this.#tellOf(seen);
    this.#seen.clear();
  }

  /**
   * A finding if the other end cannot have answered, since it had gone back; a remark if the request may have been
   * lost.
   */
  #tellOf({
    request: { id, from: by },
    first,
    laterFrames,
    again,
    ignored,
    faulty,
    times,
    last,
  }: SeenRequest): void {
    if (faulty) return;
    const { ends, account } = this.#around;
    const other = ends[otherEnd(by)];
    const expects = [...new Set(other.hypotheses.map(({ member }) => member.sa.expectedReceive))];
    // Where it never expected more, the requests that it lacks were lost, and it was right to ignore those after them.
    const wentBack = other.past.some(({ sa }) => expects.every((id) => sa.expectedReceive > id));
    if (ignored && again && other.actsAsCluster && wentBack) {
      account.find(first, other.end, {
        rule: 'RFC7296-2.3-EXPECTED-ID',
        property: 'counters-never-regress',
        message: `the ${other.end} does not answer request ${id} of the ${by}: it has gone back to expecting Message ID ${expects.join(' or ')}`,
        allowed: `the response to request ${id}`,
        alsoFrames: laterFrames,
      });
    } else if (again) {
      const { time, frame } = first.event;
      const places = laterFrames.length === 0 ? '' : ` (frames ${[frame, ...laterFrames].join(', ')})`;
      const spent = time === undefined || last === undefined ? '' : ` in ${Math.round(last - time)} s`;
      account.remark(
        first,
        `request ${id} of the ${by} was sent ${times} times${spent}${places} and is never answered; it may have been lost, or refused: only an observation at the other end could tell`,
      );
    } else if (times === 1 && hasSpoken(other)) {
      account.remark(
        first,
        `request ${id} of the ${by} was sent once and is never answered; it or its response may have been lost, or not captured, or the trace ends before`,
      );
    }
  }

  /** Whether an end takes a request, if it has taken those before, and its answers to them were lost unseen. */
  #takes(
    context: Context,
    from: Hypothesis,
    request: Request,
    earlier: ReadonlyMap<number, readonly Request[]>,
  ): boolean {
    const way = this.#ways.get(from) ?? [{ member: from.member, watched: from.watched }];
    this.#ways.set(from, way);
    // Each step takes one request, so the state for a Message ID is as far from the first.
    const first = from.member.sa.expectedReceive;
    while (way.length <= request.id - first) {
      const last = way[way.length - 1]!;
      const next = afterTaking(context, last, earlier.get(last.member.sa.expectedReceive)?.[0]);
      if (next === undefined) break;
      way.push(next);
    }
    const { member } = way[Math.min(request.id - first, way.length - 1)]!;
    return receive(context.revision, context.policies, context.end, member, request).enabled;
  }
}

/** Whether anything of an end was seen: of one that was not, no answer is missed. */
const hasSpoken = ({ requested, responded, syncs }: EndState): boolean =>
  requested.length + responded.length + syncs.length > 0;

/** The states after one request, after two, and so on. */
type Way = Pick<Hypothesis, 'member' | 'watched'>[];

/** The state after the next request; undefined if there is none, if it is not taken, or only against a property. */
function afterTaking(
  { revision, policies, properties, end }: Context,
  { member, watched }: Way[number],
  request: Request | undefined,
): Way[number] | undefined {
  if (request === undefined) return undefined;
  const step = receive(revision, policies, end, member, request);
  if (!step.enabled || step.member.sa.expectedReceive !== member.sa.expectedReceive + 1) return undefined;
  const seen = observe(properties, watched, step.observations);
  return seen.broken.length > 0 ? undefined : { member: step.member, watched: seen.watched };
}
