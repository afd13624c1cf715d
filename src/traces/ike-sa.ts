/**
 * Judges one IKE SA: every message that an end sends must be a step of the specification from one of the states
 * in which the end can be. Where it is not, that is a finding, and the most charitable state is gone on from.
 */
import {
  type Content,
  type Endpoint,
  establishedSa,
  isNegotiated,
  isWellFormed,
  type Message,
  otherEnd,
  type Refused,
  type SaState,
  type SyncRequest,
  type SyncResponse,
  syncNegotiated,
  syncWellFormed,
} from '../../model/index.ts';
import { Account } from './account.ts';
import { withoutPort } from './address.ts';
import { malformation, refuse, toAnswer, toAnswerSync, toSendRequest, toSendSync } from './attempts.ts';
import {
  accept,
  adopt,
  type EndState,
  freshEnd,
  inboxFrom,
  noteRequest,
  noteResponses,
  noteSync,
  noteSyncRequest,
  setAnnounced,
  statesSince,
} from './end-state.ts';
import type { End, IkeMessage } from './event.ts';
import { Explainer, isClean, type Reading } from './explainer.ts';
import { type Explained, initialWatch, unseenRequest } from './explanation.ts';
import type { Finding, Remark } from './finding.ts';
import { contentOf, type NumberedIke } from './ike-event.ts';
import { type Form, interpret, type Meaning, NOTIFY, notifications } from './interpret.ts';
import { Negotiation } from './negotiation.ts';
import { shownCounter, startOf } from './start.ts';
import { Unanswered } from './unanswered.ts';
import { allowedFrom, GAP_RULES, isAnnouncedOnly, list, OVERTAKEN, ruleOf, whyAfterSync } from './wording.ts';

export interface IkeSaResult {
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
  readonly missing: readonly string[];
  /** The ends that behaved as clusters: another member took over. */
  readonly clusters: readonly End[];
  /** Messages seen before, octet for octet; and copies that differ in nothing but their integrity value. */
  readonly repeated: number;
  readonly altered: number;
  /** Whether any sync message was seen: only then do the readings of the text differ. */
  readonly usesSync: boolean;
}

export interface Judging extends Reading {
  /** Which end the words `cluster` and `peer` of the specification stand for. */
  readonly clusterIs: End;
  /** Whether parts of the trace could not be read: then a message may have been there that was not seen. */
  readonly holes: boolean;
}

export function judgeIkeSa(events: readonly NumberedIke[], judging: Judging): IkeSaResult {
  const judge = new IkeSaJudge(events, judging);
  const octets = new Set<string>();
  const bodies = new Set<string>();
  let repeated = 0;
  let altered = 0;
  events.forEach((numbered, index) => {
    const content = contentOf(numbered.event);
    const body = numbered.event.octetsBeforeIntegrity;
    if (octets.has(content)) {
      repeated++;
      judge.takeAgain(numbered);
    } else if (body !== undefined && bodies.has(body)) {
      // The same but for its integrity value: one of the two is not authentic, whatever the key.
      altered++;
    } else {
      octets.add(content);
      if (body !== undefined) bodies.add(body);
      judge.take(numbered, index);
    }
  });
  return { ...judge.result(), repeated, altered };
}

const ENDS: readonly Endpoint[] = ['cluster', 'peer'];

class IkeSaJudge {
  readonly #events: readonly NumberedIke[];
  readonly #judging: Judging;
  readonly #ends: Readonly<Record<Endpoint, EndState>> = {
    cluster: freshEnd('cluster'),
    peer: freshEnd('peer'),
  };
  readonly #account: Account;
  readonly #explainer: Explainer;
  readonly #unanswered: Unanswered;
  readonly #negotiation: Negotiation;
  #usesSync = false;
  #windowed = false;
  /** Once the IKE SA is deleted, nothing is judged under it any more. */
  #deleted: 'no' | 'asked' | 'yes' = 'no';

  constructor(events: readonly NumberedIke[], judging: Judging) {
    this.#events = events;
    this.#judging = judging;
    this.#account = new Account(judging.clusterIs, this.#ends);
    this.#explainer = new Explainer(judging, this.#ends);
    this.#negotiation = new Negotiation((end) => this.#account.wireEnd(end));
    this.#unanswered = new Unanswered(this.#ends, (end) => this.#explainer.context(end));
    this.#start(0);
  }

  /** Starts from what the next messages show of the counters: 0 for a new SA, anything in mid-session. */
  #start(from: number): void {
    const later = this.#events.slice(from);
    const first = later[0];
    const isNew = first?.event.message.exchange === 'IKE_SA_INIT';
    const begin = (state: EndState, counters: Partial<SaState>): void => {
      const sa = { ...(state.hypotheses[0]?.member.sa ?? establishedSa()), ...counters };
      const watched = initialWatch(this.#explainer.context(state).properties);
      state.hypotheses = [{ member: { role: 'active', sa, sync: null }, watched }];
      const begins = { sa, sync: null, event: first?.number ?? 0 };
      // What was before a restart still was.
      state.past = from === 0 ? [begins] : [...state.past.filter(({ event }) => event > 0), begins];
      // Where the beginning was not seen, a standby may hold a state that is older than all that was.
      if (!isNew) state.past.unshift({ sa: establishedSa(sa.announced), sync: null, event: 0 });
    };
    for (const end of ENDS) {
      const wire = this.#account.wireEnd(end);
      const { id, unseen } = isNew ? startOf(wire, first) : shownCounter(wire, later);
      const own = this.#ends[end];
      if (unseen) own.requests.set(id, [unseenRequest(id)]);
      begin(own, {
        expectedSend: unseen ? id + 1 : id,
        outstanding: unseen ? [{ id, content: unseenRequest(id) }] : [],
      });
      begin(this.#ends[otherEnd(end)], { expectedReceive: id, highestSeen: id - 1 });
    }
    if (!isNew && from === 0) {
      this.#account.remark(
        first,
        `the IKE SA ${first?.event.sa ?? ''} was already there: what happened before, and what was negotiated, is not known`,
      );
    }
  }

  /** A message with octets that were not seen before. */
  take(numbered: NumberedIke, index: number): void {
    const { event } = numbered;
    const end = this.#account.modelEnd(event.from);
    const own = this.#ends[end];
    if (event.source !== undefined) own.address ??= withoutPort(event.source);
    if (event.destination !== undefined) {
      this.#ends[otherEnd(end)].address ??= withoutPort(event.destination);
    }
    this.#noteNegotiation(event.message, event.from);
    if (this.#windowed || this.#isAfterDeletion(numbered, own)) return;
    const meaning = interpret(event.message, end);
    const content = contentOf(event);
    if (meaning.kind === 'request') this.#takeRequest(numbered, own, meaning.id, content);
    else if (meaning.kind === 'response') this.#takeResponse(numbered, own, meaning.id);
    else if (meaning.kind === 'unreadable') this.#takeUnreadable(numbered, own, meaning, index, content);
    else {
      this.#usesSync = true;
      if (meaning.kind === 'sync-request') {
        this.#takeSyncRequest(numbered, own, meaning.message, meaning.form, content);
      } else this.#takeSyncResponse(numbered, own, meaning.message, meaning.form);
    }
    this.#judgeReplayCounterSync(numbered, own);
  }

  /** The same octets again: a retransmission, a duplicate or a replay. Nobody's fault; but was it awaited? */
  takeAgain(numbered: NumberedIke): void {
    const { event } = numbered;
    this.#unanswered.sentAgain(numbered, this.#account.modelEnd(event.from), contentOf(event));
  }

  #takeRequest(numbered: NumberedIke, own: EndState, id: number, content: Content): void {
    const before = this.#account.findings.length;
    const attempt = toSendRequest(this.#explainer.context(own), id, content);
    const found = this.#explainer.explain(own, { goingOn: attempt });
    const late =
      !isClean(found) && !own.requests.has(id) && this.#explainer.wasPossible(own, own.past, attempt);
    if (late) this.#account.remark(numbered, `request ${id} of the ${own.end} ${OVERTAKEN}`);
    else if (found.kind === 'explained') this.#accept(numbered, own, found);
    else {
      const sync = whyAfterSync(own, this.#ends[otherEnd(own.end)], id);
      this.#blame(numbered, own, sync?.refusal ?? found.refusal, `request ${id} is sent`);
      this.#explainer.suppose(numbered.number, own, {
        expectedSend: id + 1,
        outstanding: [{ id, content }],
        ...(sync?.p2 === undefined ? {} : { expectedReceive: sync.p2 }),
      });
    }
    noteRequest(own, id, content, numbered.number);
    this.#unanswered.sent(numbered, own.end, id, content, late || this.#account.findings.length > before);
  }

  #takeResponse(numbered: NumberedIke, own: EndState, id: number): void {
    const other = this.#ends[otherEnd(own.end)];
    const asked = other.requests.get(id) ?? [];
    const attempt = toAnswer(this.#explainer.context(own), inboxFrom(other), other.end, id);
    const found = this.#explainer.explain(own, { goingOn: attempt });
    if (!isClean(found) && other.voidSyncs.some((sync) => sync.id === id)) {
      this.#account.remark(
        numbered,
        `the ${own.end} answers a sync request that may not be acted on, without a sync message of its own`,
      );
      return;
    }
    if (asked.length === 0) {
      const refusal = refuse('RFC7296-2.2-RESPONSE-ID', `no request ${id} was seen`);
      this.#blame(numbered, own, refusal, `response ${id} is sent`);
      return;
    }
    const since = statesSince(own, other.firstSeen.get(`request ${id}`) ?? 0);
    if (!isClean(found) && !own.responses.has(id) && this.#explainer.wasPossible(own, since, attempt)) {
      this.#account.remark(numbered, `response ${id} of the ${own.end} ${OVERTAKEN}`);
    } else if (found.kind === 'explained') this.#accept(numbered, own, found);
    else this.#blame(numbered, own, found.refusal, `response ${id} is sent`);
    this.#unanswered.answered(other.end, id, asked);
    const responses = asked.map((answers): Message => ({ kind: 'response', from: own.end, id, answers }));
    noteResponses(own, id, responses, numbered.number);
  }

  #takeSyncRequest(
    numbered: NumberedIke,
    own: EndState,
    request: SyncRequest,
    form: Form,
    content: Content,
  ): void {
    own.actsAsCluster = true;
    const { revision, policies } = this.#judging;
    const malformed = malformation(revision.counterSync, request, form);
    if (malformed !== null) {
      this.#findMalformed(numbered, own, malformed, 'sync request');
      own.voidSyncs.push({ id: request.id, nonce: request.nonce, rule: malformed.rule });
      // With a number of its own it is an ordinary request all the same, and uses the number up.
      if (request.id !== 0) this.#useUp(numbered, own, request.id, content);
      return;
    }
    if (form.ignored !== null) {
      this.#findMalformed(numbered, own, refuse(isWellFormed.text.id, form.ignored), 'sync request');
    }
    const ask = toSendSync(this.#explainer.context(own), request);
    const found = this.#explainer.explain(own, {
      goingOn: (member) => (member.sync !== null && policies.retry === 'fresh' ? ask(member) : []),
      takingOver: ask,
    });
    if (found.kind === 'explained') {
      if (isAnnouncedOnly(own, request)) {
        this.#account.remark(
          numbered,
          `M1 ${request.m1} of the ${own.end} is not above that of an earlier sync request: the members were not told of it (RFC6311-5.1-M1-SHARED, a SHOULD)`,
        );
        adopt(own, found.hypotheses, numbered.number);
      } else this.#accept(numbered, own, found);
      noteSyncRequest(own, request, numbered.number);
      return;
    }
    const { rule } = found.refusal;
    own.voidSyncs.push({ id: request.id, nonce: request.nonce, rule });
    const property = syncNegotiated.rules.includes(rule) ? syncNegotiated.id : undefined;
    const what = `a sync request with M1 ${request.m1} and P1 ${request.p1} is sent`;
    this.#blame(numbered, own, found.refusal, what, property);
  }

  #takeSyncResponse(numbered: NumberedIke, own: EndState, response: SyncResponse, form: Form): void {
    const malformed = malformation(this.#judging.revision.counterSync, response, form);
    if (malformed !== null) {
      this.#findMalformed(numbered, own, malformed, 'sync response');
      return;
    }
    const { syncs, voidSyncs, firstSeen } = this.#ends[otherEnd(own.end)];
    const requests = syncs.filter((message): message is SyncRequest => message.kind === 'sync-request');
    const asked = requests.filter((request) => request.nonce === response.nonce);
    const attempt = toAnswerSync(
      this.#explainer.context(own),
      asked.length > 0 ? asked : requests.slice(-1),
      response,
    );
    const found = this.#explainer.explain(own, { goingOn: attempt, takingOver: null, blame: 'now' });
    const isFirst = !own.syncs.some((each) => each.kind === 'sync-response' && each.nonce === response.nonce);
    const since = statesSince(own, firstSeen.get(`sync ${response.nonce}`) ?? numbered.number);
    if (!isClean(found) && isFirst && this.#explainer.wasPossible(own, since, attempt)) {
      this.#account.remark(numbered, `the sync response of the ${own.end} ${OVERTAKEN}`);
    } else if (found.kind === 'explained') this.#accept(numbered, own, found);
    else {
      const acted =
        voidSyncs.find(({ nonce }) => nonce === response.nonce) ??
        (asked.length === 0 ? voidSyncs.at(-1) : undefined);
      const refusal =
        acted !== undefined
          ? refuse(acted.rule, 'the sync request that it answers may not be acted on')
          : requests.length > 0
            ? found.refusal
            : refuse('RFC7296-2.2-RESPONSE-ID', 'no sync request was seen that it could answer');
      const { p2, m2 } = response;
      this.#blame(numbered, own, refusal, `a sync response with P2 ${p2} and M2 ${m2} is sent`);
      // From here on it does what it announced.
      this.#explainer.suppose(numbered.number, own, {
        expectedSend: p2,
        outstanding: [],
        expectedReceive: m2,
        highestSeen: m2,
      });
      // And who asked goes on by it, even if it may not have been asked so.
      if (acted !== undefined) {
        this.#explainer.suppose(numbered.number, this.#ends[otherEnd(own.end)], {
          expectedSend: m2,
          outstanding: [],
          expectedReceive: p2,
        });
      }
    }
    noteSync(own, response, numbered.number);
  }

  #takeUnreadable(
    numbered: NumberedIke,
    own: EndState,
    { response }: Extract<Meaning, { kind: 'unreadable' }>,
    index: number,
    content: Content,
  ): void {
    // An ordinary message with Message ID 0 is one that the end could send now.
    const isOrdinary = own.hypotheses.some(({ member: { sa } }) =>
      response ? sa.expectedReceive === 0 : sa.expectedSend === 0,
    );
    if (isOrdinary && response) this.#takeResponse(numbered, own, 0);
    else if (isOrdinary) this.#takeRequest(numbered, own, 0, content);
    else {
      this.#account.missing.add(
        'the contents of messages with Message ID 0 (they may be sync messages): give their keys',
      );
      this.#start(index + 1);
    }
  }

  /** A request that is a finding for its form still uses its Message ID up. */
  #useUp(numbered: NumberedIke, own: EndState, id: number, content: Content): void {
    const found = this.#explainer.explain(own, {
      goingOn: toSendRequest(this.#explainer.context(own), id, content),
    });
    if (found.kind === 'explained') adopt(own, found.hypotheses, numbered.number);
    noteRequest(own, id, content, numbered.number);
  }

  /** Takes an explanation; what it breaks is found. */
  #accept(numbered: NumberedIke, own: EndState, found: Explained): void {
    const allowed =
      found.broken.length > 0 ? allowedFrom(this.#explainer.reached(own).map(({ member }) => member.sa)) : '';
    const reached = found.broken.length > 0 ? this.#explainer.reached(own) : [];
    accept(own, found, reached, numbered.number);
    const [first, ...more] = found.broken;
    if (first === undefined) return;
    const snapshots = [...new Set(found.failoverFrom?.map(({ event }) => event))].sort((a, b) => a - b);
    const explainedBy =
      snapshots.length === 0
        ? ''
        : `; explained only by a failover to a member whose state is that after ${list('event', snapshots)}`;
    const also =
      more.length === 0 ? '' : ` (also breaks ${more.map(({ property }) => property.id).join(', ')})`;
    const sync =
      first.observation.kind === 'request-sent'
        ? whyAfterSync(own, this.#ends[otherEnd(own.end)], first.observation.id)
        : null;
    this.#account.find(numbered, own.end, {
      rule: sync?.refusal.rule ?? ruleOf(first),
      property: first.property.id,
      message: `${first.because}${sync === null ? explainedBy : `; ${sync.refusal.because}`}${also}`,
      allowed,
    });
  }

  #blame(numbered: NumberedIke, own: EndState, refusal: Refused, what: string, property?: string): void {
    // What is not explained may be explained by what could not be read.
    if (this.#judging.holes && GAP_RULES.has(refusal.rule)) {
      this.#account.missing.add(
        'messages that could not be read or are not authentic: one of them may explain what seems not allowed',
      );
      return;
    }
    const { rule, because } = refusal;
    const message = `${what}, but ${because}`;
    this.#account.find(numbered, own.end, {
      rule,
      property,
      message,
      allowed: allowedFrom(this.#explainer.reached(own).map(({ member }) => member.sa)),
    });
  }

  #findMalformed(numbered: NumberedIke, own: EndState, { rule, because }: Refused, what: string): void {
    this.#account.find(numbered, own.end, {
      rule,
      property: syncWellFormed.id,
      message: `${what} of the ${own.end}: ${because}`,
      allowed: 'Message ID 0, and IKEV2_MESSAGE_ID_SYNC with 12 octets of data as the only payload',
    });
  }

  /** IKE_AUTH tells which extensions both ends announce; SET_WINDOW_SIZE what is not modelled yet. */
  #noteNegotiation(message: IkeMessage, from: End): void {
    const { exchange, payloads } = message;
    for (const { data } of notifications(payloads ?? [], NOTIFY.setWindowSize)) {
      const size = Number.parseInt(data, 16);
      if (!(size > 1)) continue;
      this.#windowed = true;
      this.#account.missing.add(
        `rules for an IKE window of ${size} (SET_WINDOW_SIZE): only a window of 1 is modelled`,
      );
    }
    if (exchange !== 'IKE_AUTH') return;
    if (payloads === undefined) {
      this.#account.missing.add(
        'the contents of IKE_AUTH, which tell whether counter sync was negotiated: give their keys',
      );
    }
    this.#negotiation.note(message, from);
    for (const end of ENDS) {
      setAnnounced(this.#ends[end], this.#negotiation.of('messageIdSyncSupported', end));
    }
  }

  /** IPSEC_REPLAY_COUNTER_SYNC is negotiated for itself (RFC 6311, 5); what it asks for is not judged yet. */
  #judgeReplayCounterSync(numbered: NumberedIke, own: EndState): void {
    const payloads = numbered.event.message.payloads ?? [];
    if (notifications(payloads, NOTIFY.replayCounterSync).length === 0) return;
    const announced = this.#negotiation.of('replayCounterSyncSupported', own.end);
    if (isNegotiated({ announced })) return;
    this.#account.find(numbered, own.end, {
      rule: isNegotiated.text.id,
      property: syncNegotiated.id,
      message: `the ${own.end} sends IPSEC_REPLAY_COUNTER_SYNC, but it was not announced by both ends in IKE_AUTH`,
      allowed: 'the same without this notification',
    });
  }

  /** A delete of the IKE SA that was answered ends it; what is sent under it later is remarked on (RFC 6311, 8.3). */
  #isAfterDeletion(numbered: NumberedIke, own: EndState): boolean {
    const { response, payloads = [] } = numbered.event.message;
    if (this.#deleted === 'yes') {
      this.#account.remark(
        numbered,
        `the ${own.end} still uses the IKE SA, which was deleted (RFC 6311, 8.3)`,
      );
      return true;
    }
    if (this.#deleted === 'asked' && response) this.#deleted = 'yes';
    if (!response && payloads.some((payload) => payload.type === 'D' && payload.protocol === 1)) {
      this.#deleted = 'asked';
    }
    return false;
  }

  result(): Omit<IkeSaResult, 'repeated' | 'altered'> {
    this.#unanswered.tell(this.#account);
    const { findings, remarks, missing, clusters } = this.#account;
    return {
      findings: findings.toSorted((a, b) => a.event - b.event),
      remarks,
      missing: [...missing],
      clusters,
      usesSync: this.#usesSync,
    };
  }
}
