/**
 * One IKE SA of a trace: its messages, told from copies of them, judged under the most permissive reading and, once a
 * sync message was seen, under every other one as well. Before that no reading differs from another.
 */
import type { Content, Revision } from '../../../model/index.ts';
import { add, emptySet, has, type NumberSet } from '../../../model/state/number-set.ts';
import { withoutPort } from '../common/address.ts';
import { Turns } from '../common/turns.ts';
import type { ClusterEvent, End, IkeMessage } from '../events/event.ts';
import { whereIn } from '../events/places.ts';
import { type ClosedAccount, type SoFar, type Standing, standingOf } from '../findings/account.ts';
import { ClosedSa } from '../findings/closed-sa.ts';
import type { Observation } from '../findings/conviction.ts';
import type { Finding, Remark } from '../findings/finding.ts';
import type { Roles } from '../roles.ts';
import { Copies, type Copy } from './copies.ts';
import type { Allowance } from './effort.ts';
import type { NumberedIke } from './ike-event.ts';
import { type DeltaTold, IkeSaJudge } from './ike-sa.ts';
import { NOTIFY, notifications } from './interpret.ts';
import type { Negotiation } from './negotiation.ts';
import { PERMISSIVE, readingsOf } from './readings.ts';

export interface IkeSaResult {
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly missing: readonly string[];
  /** The ends that behaved as clusters: another member took over. */
  readonly clusters: readonly End[];
  /** Of these, those of which nothing else shows it than that it would explain a fault. */
  readonly supposed: readonly End[];
  /** What the findings say under each reading, in the order of `readingsOf`; none if no sync message was seen. */
  readonly readings: readonly Standing[];
}

/** Copies of messages, by what they are taken for. */
export interface Repeated {
  retransmitted: number;
  duplicated: number;
  replayed: number;
  /** Copies that differ in nothing but their integrity value. */
  altered: number;
}

/** What an ordinary message is to its end, for telling copies apart. */
interface Last {
  /** The first event of the last request, and of the last response. */
  request: number;
  response: number;
}

/** What a message tells of ESP. */
export interface Taken {
  /** The deltas that were told and answered with it. */
  readonly deltas: readonly DeltaTold[];
  /** If it is a copy: the nonce of its sync request, or the first event of the message. */
  readonly again?: Content;
}

export class IkeSa {
  readonly repeated: Repeated = { retransmitted: 0, duplicated: 0, replayed: 0, altered: 0 };
  readonly #revision: Revision;
  /** Whether it is judged under other readings than the most permissive one. */
  readonly #withReadings: boolean;
  readonly #copies = new Copies();
  readonly #judge: IkeSaJudge;
  #others: readonly IkeSaJudge[] | null = null;
  readonly #last: Readonly<Record<End, Last>> = {
    initiator: { request: 0, response: 0 },
    responder: { request: 0, response: 0 },
  };
  /** Requests that were seen again, and whose answers therefore are sent again: `END MESSAGE-ID`. */
  readonly #askedAgain = new Set<string>();
  #messages = 0;
  /** The first event of the message that was seen last. */
  #latest = 0;
  /** Whether a message was seen again after another one, or altered: one that was seen once may be a late copy, too. */
  #cameAgain = false;
  /** Whether there are messages of it whose payloads could not be read. */
  #unreadable = false;
  /** The ends that sent a sync request. */
  readonly #asked = new Set<End>();
  /** The Message IDs of the requests of each end. */
  readonly #used = new Map<End, NumberSet>();
  readonly #turns = new Map<End, Turns<NumberedIke>>();
  #rekeyAsked: { readonly by: End; readonly id: number } | null = null;
  /** Who asked for an IKE SA that replaces this one, once that was answered. */
  rekeyedBy: End | null = null;

  constructor(revision: Revision, roles: Roles, withReadings = true, allowance?: Allowance) {
    this.#revision = revision;
    this.#withReadings = withReadings;
    this.#judge = new IkeSaJudge({ revision, policies: PERMISSIVE, allowance }, roles);
  }

  /** How much is remembered of it, in messages. */
  get weight(): number {
    return (EMPTY + Math.min(this.#messages, MOST_WEIGHED)) * (1 + (this.#others?.length ?? 0));
  }

  succeed(negotiation: Negotiation, event: number): void {
    this.#judge.succeed(negotiation, event);
  }

  get negotiation(): Negotiation {
    return this.#judge.negotiation;
  }

  take(numbered: NumberedIke): Taken {
    this.#messages += 1;
    const { event, number } = numbered;
    const isReceived = event.event === 'received' || event.event === 'accepted' || event.event === 'dropped';
    const copy = this.#copies.take(numbered);
    if (!isReceived || copy.kind !== 'copy') this.#noteCopy(copy, number);
    if (copy.kind === 'new') this.#takeNew(numbered);
    else if (copy.kind === 'altered') this.repeated.altered++;
    else if (!isReceived) this.#takeCopy(numbered, copy.of);
    if (isReceived) {
      // Whoever saw it sent: it was, and that is judged first.
      const first = copy.kind === 'new' ? number : copy.of;
      for (const judge of this.#judges) judge.takeReceived(numbered, first);
    }
    if (copy.kind === 'new') return { deltas: this.#judge.deltas };
    return { deltas: [], ...(isReceived ? {} : { again: nonceOf(event.message) ?? copy.of }) };
  }

  /** What is seen twice at once passed a bridge, or two interfaces; what comes again later may be late itself. */
  #noteCopy(copy: Copy, number: number): void {
    if (copy.kind === 'new') this.#latest = number;
    else if (copy.kind === 'altered' || copy.of !== this.#latest) {
      this.#cameAgain = true;
      this.#latest = copy.of;
    }
  }

  takeClusterEvent(event: ClusterEvent, number: number): void {
    for (const judge of this.#judges) judge.takeClusterEvent(event, number);
  }

  takeGap(number: number): void {
    for (const judge of this.#judges) judge.takeGap(number);
  }

  /** It goes on, having been forgotten; that is certain, or it may be so. */
  goOn(number: number, isCertain: boolean): void {
    for (const judge of this.#judges) judge.goOn(number, isCertain);
  }

  #takeNew(numbered: NumberedIke): void {
    const { event, number } = numbered;
    const { message, from } = event;
    if (this.#withReadings && this.#others === null && mayBeSync(message)) {
      this.#others = readingsOf(this.#revision).map((policies) =>
        this.#judge.fork({ revision: this.#revision, policies }),
      );
    }
    for (const judge of this.#judges) judge.take(numbered, this.#copies.forgot);
    this.#last[from][message.response ? 'response' : 'request'] = number;
    this.#noteRekeying(message, from);
    this.#noteSeen(numbered);
  }

  #noteSeen(numbered: NumberedIke): void {
    const { from, message } = numbered.event;
    this.#unreadable ||= message.payloads === undefined;
    if (message.response) return;
    if (nonceOf(message) !== undefined) {
      this.#asked.add(from);
      return;
    }
    const used = this.#used.get(from) ?? emptySet;
    // A lower number may just have been overtaken on its way; one that was used before was not.
    if (!has(used, message.id)) {
      this.#used.set(from, add(used, message.id).slice(-MOST_ASKED));
      return;
    }
    const [, highest] = used.at(-1) ?? [0, -1];
    const turns = this.#turns.get(from);
    if (turns === undefined) this.#turns.set(from, new Turns(numbered, highest));
    else turns.goBack(highest);
  }

  #takeCopy(numbered: NumberedIke, of: number): void {
    const { event } = numbered;
    const { message, from } = event;
    const { response, id } = message;
    const nonce = nonceOf(message);
    const key = `${response ? otherEnd(from) : from} ${id} ${nonce ?? ''}`;
    const isRetransmission = response
      ? this.#askedAgain.delete(key)
      : this.#judge.mayWaitFor(from, of, nonce);
    if (isRetransmission) {
      this.repeated.retransmitted++;
      if (!response && this.#askedAgain.size < MOST_ASKED) this.#askedAgain.add(key);
    } else if (this.#last[from][response ? 'response' : 'request'] === of) this.repeated.duplicated++;
    else this.repeated.replayed++;
    for (const judge of this.#judges) judge.takeAgain(numbered, of);
  }

  get #judges(): readonly IkeSaJudge[] {
    return this.#others === null ? [this.#judge] : [this.#judge, ...this.#others];
  }

  #noteRekeying(message: IkeMessage, from: End): void {
    if (message.exchange !== 'CREATE_CHILD_SA' || !asksForIkeSa(message)) return;
    if (!message.response) this.#rekeyAsked = { by: from, id: message.id };
    else if (
      this.#rekeyAsked !== null &&
      this.#rekeyAsked.id === message.id &&
      this.#rekeyAsked.by !== from
    ) {
      this.rekeyedBy = this.#rekeyAsked.by;
    }
  }

  get isDeleted(): boolean {
    return this.#judge.isDeleted;
  }

  /** The findings by what was seen so far. */
  soFar(observation: Observation): readonly SoFar[] {
    const soFar = this.#judge.soFar(observation, this.#cameAgain);
    return soFar.map((each) => ({ ...each, finding: this.#withSync(each.finding) }));
  }

  /** @param observation whether messages may be missing in the trace */
  result(observation: Observation): IkeSaResult {
    const again = this.#cameAgain;
    const { findings, remarks, missing, clusters, supposed } = this.#judge.result(observation, again);
    const readings = (this.#others ?? []).map((judge) =>
      standingOf(judge.result(observation, again).findings),
    );
    return {
      ...{ missing, clusters, supposed, readings },
      findings: findings.map((finding) => this.#withSync(finding)),
      remarks: [...remarks, ...this.#remarksOnTurns()],
    };
  }

  /**
   * It is done with.
   *
   * @param hosts the two hosts, sorted, with a blank between
   */
  close(
    hosts: string,
    observation: Observation,
  ): { readonly result: IkeSaResult; readonly closed: ClosedSa } {
    const result = this.result(observation);
    const accountOf = (judge: IkeSaJudge): ClosedAccount => judge.close(observation, this.#cameAgain);
    const accounts = { own: accountOf(this.#judge), readings: (this.#others ?? []).map(accountOf) };
    return { result, closed: new ClosedSa(hosts, observation, result, accounts) };
  }

  /** Adds what was seen of the counter sync, if all of it could be read. */
  #withSync(finding: Finding): Finding {
    const { end } = finding;
    if (end === undefined || this.#unreadable) return finding;
    const { negotiation } = this.#judge;
    const { own, other } = negotiation.of('messageIdSyncSupported', end);
    const announced = negotiation.isKnown ? { announcedByBoth: own && other } : {};
    return { ...finding, sync: { ...announced, asked: this.#asked.has(end) } };
  }

  /** Message IDs that go back, on, and back again. */
  #remarksOnTurns(): readonly Remark[] {
    return [...this.#turns].flatMap(
      ([
        end,
        {
          count,
          packet: { event },
          of,
        },
      ]): readonly Remark[] => {
        if (count < 2) return [];
        const host = event.source === undefined ? `the ${end}` : withoutPort(event.source);
        const message = `Message IDs of ${host} go back ${count} times, and on in between: ${of(`members of ${host}`)}`;
        return [{ message, ...whereIn(event) }];
      },
    );
  }
}

const MOST_ASKED = 1000;

/** What an SA takes without any message, and how many are remembered of one, about. */
const EMPTY = 8;
const MOST_WEIGHED = 4096;

/** The weight of an SA with its first message. */
export const OPENED = EMPTY + 1;

export const nonceOf = ({ payloads = [] }: IkeMessage): string | undefined =>
  notifications(payloads, NOTIFY.messageIdSync)[0]?.data.slice(0, 8);

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');

/** Whether the readings may differ from this message on. */
const mayBeSync = ({ payloads }: IkeMessage): boolean =>
  payloads !== undefined && notifications(payloads, NOTIFY.messageIdSync).length > 0;

/** CREATE_CHILD_SA without traffic selectors makes an IKE SA (RFC 7296, 1.3.2). */
function asksForIkeSa({ payloads = [] }: IkeMessage): boolean {
  const names = payloads.map((payload) => (payload.type === 'other' ? payload.name : payload.type));
  return names.includes('SA') && names.includes('Nonce') && !names.some((name) => name.startsWith('TS'));
}
