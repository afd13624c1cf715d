/** Requests that were seen, for the question whether they were ever answered, and if not, whose fault it is. */
import { type Content, type Endpoint, otherEnd, receive } from '../../model/index.ts';
import type { Account } from './account.ts';
import type { EndState } from './end-state.ts';
import type { Context } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';

interface SeenRequest {
  readonly by: Endpoint;
  readonly id: number;
  readonly content: Content;
  readonly first: NumberedIke;
  readonly laterFrames: number[];
  answered: boolean;
  /** Whether every state of the other end ignored it, each time that it was seen. */
  ignored: boolean;
  /** Whether it was a finding itself. */
  readonly faulty: boolean;
}

export class Unanswered {
  readonly #ends: Readonly<Record<Endpoint, EndState>>;
  readonly #contextOf: (end: EndState) => Context;
  readonly #byContent = new Map<string, SeenRequest>();

  constructor(ends: Readonly<Record<Endpoint, EndState>>, contextOf: (end: EndState) => Context) {
    this.#ends = ends;
    this.#contextOf = contextOf;
  }

  sent(first: NumberedIke, by: Endpoint, id: number, content: Content, faulty: boolean): void {
    const ignored = this.#isIgnored(by, id, content);
    const request = { by, id, content, first, laterFrames: [], answered: false, ignored, faulty };
    this.#byContent.set(`${by} ${content}`, request);
  }

  /** The same octets again. */
  sentAgain({ event }: NumberedIke, by: Endpoint, content: Content): void {
    const request = this.#byContent.get(`${by} ${content}`);
    if (request === undefined || request.answered) return;
    if (event.frame !== undefined) request.laterFrames.push(event.frame);
    request.ignored &&= this.#isIgnored(by, request.id, content);
  }

  /** A response to requests of an end with this Message ID. */
  answered(by: Endpoint, id: number, contents: readonly Content[]): void {
    for (const content of contents) {
      const request = this.#byContent.get(`${by} ${content}`);
      if (request?.id === id) request.answered = true;
    }
  }

  /** While it waits for a sync response, an end may hold requests back, or lack the counters: no fault. */
  #isIgnored(by: Endpoint, id: number, content: Content): boolean {
    const other = this.#ends[otherEnd(by)];
    const { revision, policies, end } = this.#contextOf(other);
    return (
      other.hypotheses.length > 0 &&
      other.hypotheses.every(({ member }) => {
        const step = receive(revision, policies, end, member, { kind: 'request', from: by, id, content });
        return member.sync === null && !step.enabled && id > member.sa.expectedReceive;
      })
    );
  }

  /**
   * Tells of every request that stayed unanswered: a finding if the other end cannot have answered, since it had
   * gone back; a remark if it may have been lost.
   */
  tell(account: Account): void {
    for (const { by, id, first, laterFrames, answered, ignored, faulty } of this.#byContent.values()) {
      if (answered || faulty) continue;
      const other = this.#ends[otherEnd(by)];
      if (ignored && other.actsAsCluster) {
        const expects = [...new Set(other.hypotheses.map(({ member }) => member.sa.expectedReceive))];
        account.find(first, other.end, {
          rule: 'RFC7296-2.3-EXPECTED-ID',
          property: 'counters-never-regress',
          message: `the ${other.end} does not answer request ${id} of the ${by}: it has gone back to expecting Message ID ${expects.join(' or ')}`,
          allowed: `the response to request ${id}`,
          alsoFrames: laterFrames,
        });
      } else if (laterFrames.length > 0) {
        const frames = [first.event.frame, ...laterFrames].join(', ');
        account.remark(
          first,
          `request ${id} of the ${by} (frames ${frames}) is never answered; it may have been lost, or refused: only an observation at the other end could tell`,
        );
      }
    }
  }
}
