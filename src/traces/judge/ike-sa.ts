/**
 * Judges one IKE SA: every message that an end sends must be a step of the specification from one of the states
 * in which the end can be. Where it is not, that is a finding, and the most charitable state is gone on from.
 */
import {
  type Announcement,
  announcesOnlyIfAsked,
  type Content,
  type Endpoint,
  hasDelta,
  isMessageIdAnnouncement,
  isReplayCounterAnnouncement,
  isSentByCluster,
  isStandaloneInOrder,
  leavesOpen,
  type Message,
  type Nonce,
  nextRequestId,
  otherEnd,
  type Request,
  type RuleId,
  syncNegotiated,
  syncWellFormed,
} from '../../../model/index.ts';
import { withoutPort } from '../common/address.ts';
import type { ClusterEvent, End, IkeMessage } from '../events/event.ts';
import { type ClosedAccount, type Entry, modelEnd, type SoFar } from '../findings/account.ts';
import { CONTRADICTION, type Observation } from '../findings/conviction.ts';
import { type Roles, roleAt } from '../roles.ts';
import { deltaRefusal } from './attempts.ts';
import { Desk } from './desk.ts';
import { type EndState, noteVoidSync } from './end-state.ts';
import type { Reading } from './explainer.ts';
import type { NumberedIke } from './ike-event.ts';
import { interpret, type Meaning, NOTIFY, notifications, type ReplayCounters } from './interpret.ts';
import { judgeRequest, judgeResponse } from './judge-ordinary.ts';
import { judgeSyncRequest, judgeSyncResponse } from './judge-sync.ts';
import type { Extension, Negotiation } from './negotiation.ts';
import { judgeAccepted, noteDropped, noteFailover, noteStateSync } from './observed.ts';
import { ruleBrokenBy } from './refusal.ts';
import { opensIkeSa, startOf } from './start.ts';

/** A delta that an end was told and answered: from here on its ESP counters are that much higher. */
export interface DeltaTold {
  /** Who is to add it. */
  readonly end: End;
  readonly delta: number;
  /** The request that told it, by its first event, and the response. */
  readonly asked: Content | Nonce;
  readonly event: number;
  readonly time?: number;
}

type Asked = Extract<Meaning, { kind: 'request' }>;

const isInOrder = ({ id }: Asked): boolean => isStandaloneInOrder({ id, response: false, payloads: 1 });

/**
 * Whether a request asks for replay counter sync on its own under a number that no such request may have. The first
 * request of a responder has this very number.
 */
const isOutOfOrder = (asked: Asked, own: EndState): boolean =>
  asked.counters !== undefined &&
  !isInOrder(asked) &&
  !own.hypotheses.some(({ member: { sa, sync } }) => sync === null && sa.expectedSend === asked.id);

/** Judges under one reading of the text. */
export class IkeSaJudge {
  readonly #desk: Desk;
  #begun = false;
  /** Once the IKE SA is deleted, nothing is judged under it any more. */
  #deleted: 'no' | 'asked' | 'yes' = 'no';
  /** What became of the last message, for who wants to know. */
  deltas: readonly DeltaTold[] = [];

  readonly #roles: Roles;
  #toldOfRoles = false;

  constructor(reading: Reading, roles: Roles, from?: IkeSaJudge) {
    this.#roles = roles;
    this.#desk = new Desk(reading, from === undefined ? undefined : from.#desk);
    if (from === undefined) return;
    this.#begun = from.#begun;
    this.#deleted = from.#deleted;
  }

  /** The same under another reading, from here on. */
  fork(reading: Reading): IkeSaJudge {
    return new IkeSaJudge(reading, this.#roles, this);
  }

  /** Begins as the IKE SA that replaces another one (RFC 7296, 2.8). */
  succeed(negotiation: Negotiation, event: number): void {
    this.#begun = true;
    this.#desk.negotiation = negotiation;
    this.#desk.beginNew(event, null);
  }

  /** What is known of the negotiation, for the IKE SA that replaces this one. */
  get negotiation(): Negotiation {
    return this.#desk.negotiation;
  }

  /** A message with octets that were not seen before. */
  take(numbered: NumberedIke, forgotCopies: boolean): void {
    const desk = this.#desk;
    desk.forgotCopies = forgotCopies;
    desk.noteTime(numbered);
    this.deltas = [];
    if (!this.#begun) this.#begin(numbered);
    this.#judge(numbered);
    desk.account.pass(numbered, modelEnd(numbered.event.from));
  }

  #judge(numbered: NumberedIke): void {
    const desk = this.#desk;
    const { event, number } = numbered;
    const end = modelEnd(event.from);
    const own = desk.ends[end];
    desk.account.noteHosts(numbered, end);
    this.#noteAddress(own, event.source);
    this.#noteAddress(desk.ends[otherEnd(end)], event.destination);
    this.#noteNegotiation(numbered, event.message, event);
    if (this.#isAfterDeletion(numbered, own)) return;
    const meaning = this.#meaning(event.message, end);
    this.#noteShown(meaning, end);
    if (meaning.kind === 'request') {
      this.#judgeCounters(numbered, own, meaning);
      if (isOutOfOrder(meaning, own)) {
        noteVoidSync(own, { id: meaning.id, nonce: null }, isStandaloneInOrder.text.id);
        return;
      }
      judgeRequest(desk, numbered, own, this.#request(end, meaning, number));
      return;
    }
    if (meaning.kind === 'response') this.#takeResponse(numbered, own, meaning.id);
    else if (meaning.kind === 'unreadable') this.#takeUnreadable(numbered, own, meaning);
    else if (meaning.kind === 'sync-request') {
      const ordinary = this.#request(end, { kind: 'request', id: meaning.message.id }, number);
      judgeSyncRequest(desk, numbered, own, meaning.message, meaning.form, ordinary);
    } else {
      const asked = judgeSyncResponse(desk, numbered, own, meaning.message, meaning.form);
      if (asked?.delta !== undefined) this.#noteDelta(numbered, own, asked.delta, asked.nonce);
    }
    this.#judgeCounters(numbered, own, meaning);
  }

  /** The same octets again: a retransmission, a duplicate or a replay. Nobody's fault; but was it awaited? */
  takeAgain(numbered: NumberedIke, content: Content): void {
    this.deltas = [];
    this.#desk.noteTime(numbered);
    this.#desk.unanswered.sentAgain(numbered, content);
  }

  /** What the log of the receiving end says of a message that was sent, and first seen as `content`. */
  takeReceived(numbered: NumberedIke, content: number): void {
    const desk = this.#desk;
    const { event } = numbered;
    const by = modelEnd(event.from);
    const own = desk.ends[otherEnd(by)];
    const message = this.#received(this.#meaning(event.message, by), desk.ends[by], content);
    if (message === undefined || this.#deleted === 'yes') return;
    if (event.event === 'accepted') judgeAccepted(desk, numbered, own, message);
    else if (event.event === 'dropped') noteDropped(desk, numbered, own, message);
  }

  /** What a cluster's own log says of its members. */
  takeClusterEvent(told: ClusterEvent, number: number): void {
    if (!this.#begun) return;
    const { event, member = '', ongoing = false } = told;
    const { cluster, peer } = this.#desk.ends;
    const own =
      'address' in told
        ? [cluster, peer].find(({ address }) => address === told.address)
        : this.#desk.ends[modelEnd(told.end)];
    if (own === undefined) return;
    if (event === 'failover') noteFailover(this.#desk, own, member);
    else noteStateSync(this.#desk, own, member, number, ongoing);
  }

  /** Something is missing here: where the counters of both ends stand is not known any more. */
  takeGap(number: number): void {
    const desk = this.#desk;
    desk.account.hasGap = true;
    desk.sawBeginning = false;
    if (this.#begun) desk.beginAnywhere(number);
  }

  /** It goes on, having been forgotten: what was sent before, and in which order, is not known any more. */
  goOn(number: number, isCertain: boolean): void {
    this.takeGap(number);
    this.#desk.outOfOrder = true;
    if (!isCertain) return;
    this.#desk.account.missing.add(
      `memory for an IKE SA that was idle for so long that it was forgotten: what was before event ${number}`,
    );
  }

  /** Whether the sender may still wait for what a request asks: then a copy of it is a retransmission. */
  mayWaitFor(from: End, content: number, nonce: string | undefined): boolean {
    return this.#desk.ends[modelEnd(from)].hypotheses.some(({ member }) =>
      nonce === undefined
        ? member.sa.outstanding.some((request) => request.content === content)
        : member.sync?.nonce === nonce,
    );
  }

  #noteAddress(own: EndState, address: string | undefined): void {
    if (address === undefined) return;
    own.address ??= withoutPort(address);
    const party = roleAt(this.#roles, address)?.party;
    if (party !== undefined) this.#desk.told[own.end] ??= party;
  }

  /** What the trace shows goes before what the user told. */
  #tellOfRoles(): void {
    const { told, ends, account } = this.#desk;
    if (this.#toldOfRoles) return;
    this.#toldOfRoles = true;
    for (const own of [ends.cluster, ends.peer]) {
      if (told[own.end] !== 'peer' || !own.actsAsCluster) continue;
      account.remark(
        undefined,
        `${own.address} is told to be a single box (--role), but another member of it takes over or asks for the counters: it is taken for a cluster`,
      );
    }
  }

  #meaning(message: IkeMessage, from: Endpoint): Meaning {
    return interpret(message, from, this.#desk.reading.revision);
  }

  #request(from: Endpoint, meaning: Asked, content: number): Request {
    const delta = meaning.counters?.delta;
    const asks = delta === undefined ? {} : { asks: { kind: 'replay-counter-sync' as const, delta } };
    return { kind: 'request', from, id: meaning.id, content, ...asks };
  }

  /** The message that was received, as the specification has it. */
  #received(meaning: Meaning, sender: EndState, content: number): Message | undefined {
    if (meaning.kind === 'request') {
      return sender.requests.get(meaning.id)?.find((request) => request.content === content);
    }
    if (meaning.kind === 'response') return sender.responses.get(meaning.id)?.at(-1);
    if (meaning.kind === 'unreadable') return undefined;
    return meaning.message;
  }

  #begin({ event, number }: NumberedIke): void {
    const desk = this.#desk;
    this.#begun = true;
    if (opensIkeSa(event.message)) {
      desk.negotiation.windowsKnown = true;
      if (event.message.id !== 0) {
        desk.account.find({ event, number }, modelEnd('initiator'), {
          rule: nextRequestId.text.id,
          message: `${event.message.exchange === '38' ? 'IKE_SESSION_RESUME' : 'IKE_SA_INIT'} has Message ID ${event.message.id}, where the first one of an IKE SA is 0`,
          allowed: 'request 0',
          conviction: CONTRADICTION,
        });
        // What follows goes on from there, and is no fault of its own.
        desk.beginAnywhere(number);
        return;
      }
      const { unseen } = startOf('initiator', event.message);
      desk.beginNew(number, unseen ? modelEnd('initiator') : null);
      return;
    }
    desk.beginAnywhere(number);
    desk.account.remark(
      { event, number },
      `the IKE SA${event.sa === undefined ? '' : ` ${event.sa}`} was already there: what happened before, and what was negotiated, is not known`,
    );
  }

  /** In mid-session the first message that tells where the requests of an end stand is believed. */
  #noteShown(meaning: Meaning, end: Endpoint): void {
    const desk = this.#desk;
    const other = otherEnd(end);
    if (meaning.kind === 'request' && !desk.isShown(end)) desk.show(end, meaning.id, false);
    else if (meaning.kind === 'response' && !desk.isShown(other)) desk.show(other, meaning.id, true);
    else if (meaning.kind === 'sync-request' && !desk.isShown(end)) desk.show(end, meaning.message.m1, false);
    else if (meaning.kind === 'sync-response' && !desk.isShown(end)) {
      desk.show(end, meaning.message.p2, false);
    }
  }

  #takeResponse(numbered: NumberedIke, own: EndState, id: number): void {
    const { payloads } = numbered.event.message;
    const asked = judgeResponse(this.#desk, numbered, own, id);
    for (const { asks, content } of asked) {
      if (asks?.kind !== 'replay-counter-sync') continue;
      this.#noteDelta(numbered, own, asks.delta, content);
      // The number was judged when it was asked.
      const form = { id: Math.max(1, id), response: true, payloads: payloads?.length ?? 0 };
      if (isStandaloneInOrder(form)) continue;
      this.#desk.account.find(numbered, own.end, {
        rule: isStandaloneInOrder.text.id,
        message: `response ${id} of the ${own.end} to a replay counter sync has ${form.payloads} payloads`,
        allowed: `an empty response ${id}`,
      });
    }
  }

  #takeUnreadable(
    numbered: NumberedIke,
    own: EndState,
    { response, id }: Extract<Meaning, { kind: 'unreadable' }>,
  ): void {
    const desk = this.#desk;
    // An ordinary message with Message ID 0 is one that the end could send now; and none else, if nobody syncs.
    const shown = desk.isShown(response ? otherEnd(own.end) : own.end);
    const isOrdinary =
      shown &&
      own.hypotheses.some(({ member: { sa } }) =>
        response ? sa.expectedReceive === 0 : sa.expectedSend === 0,
      );
    if (isOrdinary && response) this.#takeResponse(numbered, own, id);
    else if (isOrdinary) {
      judgeRequest(desk, numbered, own, this.#request(own.end, { kind: 'request', id }, numbered.number));
    }
    if (!isOrdinary || this.#maySync(own)) {
      desk.account.missing.add(
        `the contents of messages with Message ID 0 (they may be sync messages): ${contentsBy(numbered.event)}`,
      );
      desk.beginAnywhere(numbered.number + 1);
    }
  }

  /** Whether an end may have sent a sync message, as far as is known of the negotiation. */
  #maySync(own: EndState): boolean {
    const { counterSync } = this.#desk.reading.revision;
    return counterSync !== null && own.hypotheses.some(({ member: { sa } }) => counterSync.isNegotiated(sa));
  }

  /** IKE_AUTH tells which extensions both ends announce; SET_WINDOW_SIZE how many requests may be under way. */
  #noteNegotiation(
    numbered: NumberedIke,
    message: IkeMessage,
    event: { readonly from: End; readonly octets?: string },
  ): void {
    const { from } = event;
    const desk = this.#desk;
    desk.negotiation.noteAsked(message, from);
    const { exchange, payloads } = message;
    if (payloads === undefined) desk.negotiation.windowsKnown = false;
    else if (desk.negotiation.noteWindow(message, from)) desk.tellWindows();
    if (exchange !== 'IKE_AUTH') return;
    if (payloads === undefined) {
      desk.account.missing.add(
        `the contents of IKE_AUTH, which tell whether counter sync was negotiated: ${contentsBy(event)}`,
      );
    }
    this.#judgeAnnouncements(numbered, message, from);
    desk.negotiation.note(message, from);
    desk.tellNegotiated();
  }

  /** The two *_SUPPORTED notifications: their form (RFC 6311, 6.1 and 6.2), and that the responder was asked (5). */
  #judgeAnnouncements(numbered: NumberedIke, { id, response, payloads = [] }: IkeMessage, from: End): void {
    const { account, negotiation, reading } = this.#desk;
    const { counterSync, replaySync } = reading.revision;
    const end = modelEnd(from);
    const judge = (
      extension: Extension,
      name: string,
      format: RuleId,
      isInOrder: ((announcement: Announcement) => boolean) | undefined,
    ): void => {
      const [said] = notifications(payloads, NOTIFY[extension]);
      if (said === undefined || isInOrder === undefined) return;
      const { protocol, spi, data } = said;
      if (!isInOrder({ protocol, spiSize: spi.length / 2, octets: data.length / 2 })) {
        account.find(numbered, end, {
          rule: format,
          message: `${name} of the ${end} has Protocol ID ${protocol}, an SPI of ${spi.length / 2} octets and ${data.length / 2} octets of data`,
          allowed: 'Protocol ID 0, no SPI and no data',
        });
      }
      const initiator = negotiation.mayHaveAsked(extension, id);
      const asked = counterSync?.announcesOnlyIfAsked({ initiator, responder: true }) ?? true;
      if (from === 'responder' && response && !asked) {
        account.find(numbered, end, {
          rule: announcesOnlyIfAsked.text.id,
          message: `the ${end}, responder of IKE_AUTH, sends ${name}, which the initiator did not`,
          allowed: 'the same without this notification',
          // Nothing was found if not all requests of the initiator were read.
          conviction: CONTRADICTION,
        });
      }
    };
    judge(
      'messageIdSyncSupported',
      'IKEV2_MESSAGE_ID_SYNC_SUPPORTED',
      isMessageIdAnnouncement.text.id,
      counterSync?.isMessageIdAnnouncement,
    );
    judge(
      'replayCounterSyncSupported',
      'IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED',
      isReplayCounterAnnouncement.text.id,
      replaySync?.isReplayCounterAnnouncement,
    );
  }

  /** IPSEC_REPLAY_COUNTER_SYNC: negotiated for itself (RFC 6311, 5), with a delta, and on its own as 5.2 has it. */
  #judgeCounters(numbered: NumberedIke, own: EndState, meaning: Meaning): void {
    const counters = meaning.kind === 'unreadable' ? undefined : meaning.counters;
    const [first] = own.hypotheses;
    if (counters === undefined || first === undefined) return;
    const desk = this.#desk;
    const refusal = deltaRefusal(desk.reading, first.member.sa);
    if (refusal !== null) {
      desk.account.find(numbered, own.end, {
        rule: ruleBrokenBy(refusal),
        property: syncNegotiated.id,
        message: `the ${own.end} sends IPSEC_REPLAY_COUNTER_SYNC, but ${refusal.because}`,
        allowed: 'the same without this notification',
        conviction: desk.negotiation.isKnown ? CONTRADICTION : undefined,
      });
      return;
    }
    this.#judgeForm(numbered, own, meaning, counters);
  }

  #judgeForm(numbered: NumberedIke, own: EndState, meaning: Meaning, counters: ReplayCounters): void {
    const desk = this.#desk;
    const { account } = desk;
    // The counters of each Child SA, as in the first draft, have a form that nobody remembers.
    const perSa = leavesOpen(desk.reading.revision, 'counterForm');
    // Whether the Child SAs use extended sequence numbers, our events do not say: either size will do.
    if (!perSa && !hasDelta(counters)) {
      account.find(numbered, own.end, {
        rule: hasDelta.text.id,
        property: syncWellFormed.id,
        message: `the ${own.end} sends IPSEC_REPLAY_COUNTER_SYNC with ${counters.octets} octets of data`,
        allowed: 'a delta of 4 octets, or of 8 with extended sequence numbers',
      });
    }
    const mayHaveIt = desk.reading.revision.replaySync?.isSentByCluster;
    if (meaning.kind === 'sync-response' && mayHaveIt?.({ response: true }) === false) {
      account.find(numbered, own.end, {
        rule: isSentByCluster.text.id,
        property: syncWellFormed.id,
        message: `the ${own.end} answers a sync request with IPSEC_REPLAY_COUNTER_SYNC, which only a newly active member sends, in a request`,
        allowed: 'the same response without this notification',
      });
    }
    if (meaning.kind !== 'request') return;
    own.actsAsCluster = true;
    own.showsCluster = true;
    if (isInOrder(meaning)) return;
    if (!isOutOfOrder(meaning, own)) {
      account.remark(
        numbered,
        `the ${own.end} sends IPSEC_REPLAY_COUNTER_SYNC on its own with Message ID 0, which is its next one; ${isStandaloneInOrder.text.id} asks for one that is not zero`,
      );
      return;
    }
    account.find(numbered, own.end, {
      rule: isStandaloneInOrder.text.id,
      message: `the ${own.end} sends IPSEC_REPLAY_COUNTER_SYNC without IKEV2_MESSAGE_ID_SYNC and with Message ID 0`,
      allowed: 'the same with the next Message ID of its sender',
    });
  }

  #noteDelta({ number, event }: NumberedIke, own: EndState, delta: number, asked: Content | Nonce): void {
    const [first] = own.hypotheses;
    if (first === undefined || deltaRefusal(this.#desk.reading, first.member.sa) !== null) return;
    const time = event.time === undefined ? {} : { time: event.time };
    this.deltas = [...this.deltas, { end: event.from, delta, asked, event: number, ...time }];
  }

  /** A delete of the IKE SA that was answered ends it; what is sent under it later is remarked on (RFC 6311, 8.3). */
  #isAfterDeletion(numbered: NumberedIke, own: EndState): boolean {
    const { response, payloads = [] } = numbered.event.message;
    if (this.#deleted === 'yes') {
      this.#desk.account.remark(
        numbered,
        `the ${own.end} still uses the IKE SA, which was deleted (RFC6311-8.3-INCONSISTENT)`,
      );
      return true;
    }
    if (this.#deleted === 'asked' && response) this.#deleted = 'yes';
    if (!response && payloads.some((payload) => payload.type === 'D' && payload.protocol === 1)) {
      this.#deleted = 'asked';
    }
    return false;
  }

  /** Whether the IKE SA was deleted, and the delete was answered. */
  get isDeleted(): boolean {
    return this.#deleted === 'yes';
  }

  /** The findings by what was seen so far. */
  soFar(observation: Observation, repeated: boolean): readonly SoFar[] {
    const { account, parties } = this.#desk;
    return account.soFar(parties, observation, this.#desk.sequences(repeated), this.#doubted);
  }

  /** What is to be remembered of its findings once the IKE SA is done with; `result` comes first. */
  close(observation: Observation, repeated: boolean): ClosedAccount {
    const { account, parties } = this.#desk;
    return account.close(parties, observation, this.#desk.sequences(repeated), this.#doubted);
  }

  /** Findings that another message may yet explain. */
  get #doubted(): ReadonlySet<Entry> {
    const { cluster, peer } = this.#desk.ends;
    return new Set([...cluster.doubts, ...peer.doubts].map(({ finding }) => finding));
  }

  /**
   * @param observation whether messages may be missing in the trace
   * @param repeated whether messages were seen again
   */
  result(observation: Observation, repeated: boolean) {
    const { unanswered, account } = this.#desk;
    unanswered.tell();
    this.#tellOfRoles();
    return account.result(this.#desk.parties, observation, this.#desk.sequences(repeated));
  }
}

/** What would show the contents of a message: keys help with octets alone, and a log has none. */
const contentsBy = ({ octets }: { readonly octets?: string }): string =>
  octets === undefined ? 'a capture, with its keys, shows them' : 'give their keys';
