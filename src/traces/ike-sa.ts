/**
 * Judges one IKE SA: every message that an end sends must be a step of the specification from one of the states
 * in which the end can be. Where it is not, that is a finding, and the most charitable state is gone on from.
 */
import {
  type ActiveMember,
  type Announced,
  type Content,
  type Endpoint,
  establishedSa,
  hasMessageIdZero,
  isAlone,
  isWellFormed,
  type Message,
  otherEnd,
  type Policies,
  type Refused,
  type Revision,
  receive,
  type SaState,
  type SyncRequest,
  type SyncResponse,
  safetyProperties,
  sendSyncRequest,
  syncRequestOnce,
  syncWellFormed,
  type Taken,
} from '../../model/index.ts';
import type { End, IkeMessage, MessageEvent } from './event.ts';
import {
  type Attempt,
  type Attempts,
  afterUnseenArrivals,
  type Broken,
  type Context,
  type Explained,
  explain,
  type Hypothesis,
  type Inbox,
  initialWatch,
  type PastState,
  toAnswer,
  toSendRequest,
  UNSEEN,
  type Unexplained,
} from './explanation.ts';
import type { Finding, Remark } from './finding.ts';
import { interpret, type Meaning, NOTIFY, notifications } from './interpret.ts';

/** An event with its number in the file. */
export interface Numbered {
  readonly number: number;
  readonly event: MessageEvent & { readonly message: IkeMessage; readonly from: End };
}

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

export interface Judging {
  readonly revision: Revision;
  readonly policies: Policies;
  /** Which end the words `cluster` and `peer` of the specification stand for. */
  readonly clusterIs: End;
  /** Whether parts of the trace could not be read: then a message may have been there that was not seen. */
  readonly holes: boolean;
}

/** A request that was seen, for the question whether it was ever answered. */
interface SeenRequest {
  readonly by: Endpoint;
  readonly id: number;
  readonly content: Content;
  readonly first: Numbered;
  readonly frames: number[];
  answered: boolean;
  /** Whether every state of the other end ignored it, each time that it was seen. */
  ignored: boolean;
  /** Whether it was a finding itself. */
  faulty: boolean;
}

interface EndState {
  readonly end: Endpoint;
  hypotheses: readonly Hypothesis[];
  /**
   * After a finding that a failover explains: the states in which there was none, and the message was just
   * wrong. They count only when the failover does not explain what comes next.
   */
  otherwise: readonly Hypothesis[];
  past: PastState[];
  /** What this end has sent, for the other to receive. */
  readonly requests: Map<number, Content[]>;
  readonly responses: Map<number, Message[]>;
  readonly syncs: Message[];
  /** Its sync messages that no receiver may act on, and the rule that they break. */
  readonly voidSyncs: { readonly nonce: unknown; readonly rule: string }[];
  readonly pastKeys: Set<string>;
  actsAsCluster: boolean;
  address: string | undefined;
}

export function judgeIkeSa(events: readonly Numbered[], judging: Judging): IkeSaResult {
  const judge = new IkeSaJudge(events, judging);
  const octets = new Set<string>();
  const bodies = new Set<string>();
  events.forEach((numbered, index) => {
    const { event } = numbered;
    const content = contentOf(event);
    if (octets.has(content)) judge.takeAgain(numbered);
    // The same message but for its integrity value: one of the two is not authentic, whatever the key.
    else if (event.octetsBeforeIntegrity !== undefined && bodies.has(event.octetsBeforeIntegrity))
      judge.altered++;
    else {
      octets.add(content);
      if (event.octetsBeforeIntegrity !== undefined) bodies.add(event.octetsBeforeIntegrity);
      judge.take(numbered, index);
    }
  });
  return judge.result();
}

class IkeSaJudge {
  readonly #events: readonly Numbered[];
  readonly #judging: Judging;
  readonly #ends: Readonly<Record<Endpoint, EndState>>;
  readonly #findings: Finding[] = [];
  readonly #remarks: Remark[] = [];
  readonly #missing = new Set<string>();
  readonly #requests: SeenRequest[] = [];
  readonly #announced: Record<End, boolean | undefined> = { initiator: undefined, responder: undefined };
  #repeated = 0;
  altered = 0;
  #usesSync = false;
  #windowed = false;

  constructor(events: readonly Numbered[], judging: Judging) {
    this.#events = events;
    this.#judging = judging;
    const fresh = (end: Endpoint): EndState => ({
      end,
      hypotheses: [],
      otherwise: [],
      past: [],
      requests: new Map(),
      responses: new Map(),
      syncs: [],
      voidSyncs: [],
      pastKeys: new Set(),
      actsAsCluster: false,
      address: undefined,
    });
    this.#ends = { cluster: fresh('cluster'), peer: fresh('peer') };
    this.#learn(0);
  }

  /** Starts from what the next messages show of the counters: 0 for a new SA, anything in mid-session. */
  #learn(from: number): void {
    const later = this.#events.slice(from);
    const fromStart = later[0]?.event.message.exchange === 'IKE_SA_INIT';
    for (const end of ['cluster', 'peer'] as const) {
      const wire = this.#wireEnd(end);
      const own = this.#ends[end];
      const other = this.#ends[otherEnd(end)];
      const { id, unseen } = fromStart ? startOf(wire, later[0]) : shownCounter(wire, later);
      if (unseen) own.requests.set(id, [UNSEEN]);
      const change = (state: EndState, counters: Partial<SaState>): void => {
        const sa = { ...(state.hypotheses[0]?.member.sa ?? establishedSa()), ...counters };
        state.hypotheses = [
          {
            member: { role: 'active', sa, sync: null },
            watched: initialWatch(this.#context(state).properties),
          },
        ];
        state.past = [{ sa, event: this.#events[from]?.number ?? 0 }];
        // Where the beginning was not seen, a standby may hold a state that is older than all that was.
        if (!fromStart) state.past.push({ sa: establishedSa(sa.announced), event: 0 });
      };
      change(own, {
        expectedSend: unseen ? id + 1 : id,
        outstanding: unseen ? { id, content: UNSEEN } : null,
      });
      change(other, { expectedReceive: id, highestSeen: id - 1 });
    }
    if (!fromStart && from === 0) {
      this.#remarks.push({
        message: `the IKE SA ${later[0]?.event.sa ?? ''} was already there: what happened before, and what was negotiated, is not known`,
        ...frameOf(later[0]),
      });
    }
  }

  take(numbered: Numbered, index: number): void {
    const { event } = numbered;
    const end = this.#modelEnd(event.from);
    const own = this.#ends[end];
    own.address ??= withoutPort(event.source);
    this.#ends[otherEnd(end)].address ??= withoutPort(event.destination);
    this.#noteNegotiation(event.message, event.from);
    if (this.#windowed) return;
    const meaning = interpret(event.message, end);
    const content = contentOf(event);
    switch (meaning.kind) {
      case 'request':
        this.#takeRequest(numbered, own, meaning.id, content);
        break;
      case 'response':
        this.#takeResponse(numbered, own, meaning.id);
        break;
      case 'sync-request':
        this.#usesSync = true;
        this.#takeSyncRequest(numbered, own, meaning.message, content);
        break;
      case 'sync-response':
        this.#usesSync = true;
        this.#takeSyncResponse(numbered, own, meaning.message);
        break;
      case 'unreadable':
        this.#takeUnreadable(numbered, own, meaning, index, content);
        break;
    }
  }

  /** The same octets again: a retransmission, a duplicate or a replay. Nobody's fault; but was it awaited? */
  takeAgain(numbered: Numbered): void {
    this.#repeated++;
    const end = this.#modelEnd(numbered.event.from);
    const content = contentOf(numbered.event);
    const request = this.#requests.find((each) => each.by === end && each.content === content);
    if (request === undefined || request.answered) return;
    if (numbered.event.frame !== undefined) request.frames.push(numbered.event.frame);
    request.ignored &&= this.#isIgnored(request);
  }

  #takeRequest(numbered: Numbered, own: EndState, id: number, content: Content): void {
    const before = this.#findings.length;
    const attempt = toSendRequest(this.#context(own), id, content);
    const found = this.#explain(own, {
      goingOn: attempt,
    });
    if (found.kind === 'explained') this.#accept(numbered, own, found);
    else {
      this.#blame(numbered, own, found.refusal, `request ${id} is sent`);
      this.#suppose(numbered, own, { expectedSend: id + 1, outstanding: { id, content } });
    }
    own.requests.set(id, [...(own.requests.get(id) ?? []), content]);
    const request: SeenRequest = {
      by: own.end,
      id,
      content,
      first: numbered,
      frames: [],
      answered: false,
      ignored: true,
      faulty: this.#findings.length > before,
    };
    request.ignored = this.#isIgnored(request);
    this.#requests.push(request);
  }

  #takeResponse(numbered: Numbered, own: EndState, id: number): void {
    const other = this.#ends[otherEnd(own.end)];
    const asked = other.requests.get(id) ?? [];
    if (asked.length === 0) {
      if (id === 0 && other.syncs.length === 0 && this.#usesSync) {
        this.#remark(numbered, `the ${this.#actor(own.end)} answers what was no proper sync request`);
        return;
      }
      this.#blame(
        numbered,
        own,
        { enabled: false, rule: 'RFC7296-2.2-RESPONSE-ID', because: `no request ${id} was seen` },
        `response ${id} is sent`,
      );
      return;
    }
    const found = this.#explain(own, {
      goingOn: toAnswer(this.#context(own), this.#inbox(own), other.end, id),
    });
    if (found.kind === 'explained') this.#accept(numbered, own, found);
    else this.#blame(numbered, own, found.refusal, `response ${id} is sent`);
    for (const request of this.#requests)
      if (request.by === other.end && request.id === id) request.answered = true;
    for (const content of asked) {
      const message: Message = { kind: 'response', from: own.end, id, answers: content };
      own.responses.set(id, [...(own.responses.get(id) ?? []), message]);
    }
  }

  #takeSyncRequest(numbered: Numbered, own: EndState, request: SyncRequest, content: Content): void {
    own.actsAsCluster = true;
    const malformed = this.#malformed(request);
    if (malformed !== null) {
      this.#find(numbered, own, {
        rule: malformed.rule,
        property: syncWellFormed.id,
        message: `sync request of the ${this.#actor(own.end)}: ${malformed.because}`,
        allowed: 'Message ID 0, and IKEV2_MESSAGE_ID_SYNC with 12 octets of data as the only payload',
      });
      own.voidSyncs.push({ nonce: request.nonce, rule: malformed.rule });
      // With a number of its own it is an ordinary request all the same, and uses the number up.
      if (request.id !== 0) this.#useUp(numbered, own, request.id, content);
      return;
    }
    const choice = (sa: SaState): { nonce: string; bump: number; p1Ahead: number } => ({
      nonce: String(request.nonce),
      bump: request.m1 - (this.#judging.revision.counterSync?.lowestM1(sa) ?? 0),
      p1Ahead: request.p1 - sa.expectedReceive,
    });
    const send = (member: ActiveMember): readonly (Taken | Refused)[] => {
      const rules = this.#judging.revision.counterSync;
      if (rules === null) return [NOT_IN_REVISION];
      const chosen = choice(member.sa);
      if (chosen.p1Ahead < 0) {
        return [
          {
            enabled: false,
            rule: 'RFC6311-5.1-P1',
            because: `P1 is ${request.p1}, but ${member.sa.expectedReceive - 1} is known to have come from the other end`,
          },
        ];
      }
      return [sendSyncRequest(rules, own.end, member.sa, chosen)];
    };
    const found = this.#explain(own, {
      goingOn: (member) =>
        member.sync !== null && this.#judging.policies.retry === 'fresh' ? send(member) : [],
      takingOver: send,
    });
    if (found.kind === 'explained') {
      this.#accept(numbered, own, found);
      own.syncs.push(request);
    } else {
      own.voidSyncs.push({ nonce: request.nonce, rule: found.refusal.rule });
      this.#blame(
        numbered,
        own,
        found.refusal,
        `a sync request with M1 ${request.m1} and P1 ${request.p1} is sent`,
        found.refusal.rule === 'RFC6311-5-NEGOTIATED' ? 'sync-negotiated' : undefined,
      );
    }
  }

  #takeSyncResponse(numbered: Numbered, own: EndState, response: SyncResponse): void {
    const other = this.#ends[otherEnd(own.end)];
    const malformed = this.#malformed(response);
    if (malformed !== null) {
      this.#find(numbered, own, {
        rule: malformed.rule,
        property: syncWellFormed.id,
        message: `sync response of the ${this.#actor(own.end)}: ${malformed.because}`,
        allowed: 'Message ID 0, and IKEV2_MESSAGE_ID_SYNC with 12 octets of data as the only payload',
      });
      return;
    }
    const requests = other.syncs.filter((message): message is SyncRequest => message.kind === 'sync-request');
    const asked = requests.filter((request) => request.nonce === response.nonce);
    const found = this.#explain(own, {
      goingOn: this.#toAnswerSync(own, asked.length > 0 ? asked : requests.slice(-1), response),
      takingOver: null,
      blame: 'now',
    });
    if (found.kind === 'explained') this.#accept(numbered, own, found);
    else {
      const acted = other.voidSyncs.find(({ nonce }) => nonce === response.nonce);
      const refusal =
        acted !== undefined
          ? refuse(acted.rule, 'the sync request that it answers may not be acted on')
          : requests.length > 0
            ? found.refusal
            : refuse('RFC6311-5-NEGOTIATED', 'no sync request was seen that it could answer');
      this.#blame(
        numbered,
        own,
        refusal,
        `a sync response with P2 ${response.p2} and M2 ${response.m2} is sent`,
      );
      this.#suppose(numbered, own, { expectedReceive: response.m2, highestSeen: response.m2 });
    }
    own.syncs.push(response);
  }

  /** Attempts to answer one of the sync requests with just this response. */
  #toAnswerSync(own: EndState, requests: readonly SyncRequest[], seen: SyncResponse): Attempt {
    const { revision, policies } = this.#judging;
    return (member) =>
      requests.map((request): Taken | Refused => {
        const step = receive(revision, policies, own.end, member, request);
        if (!step.enabled) return step;
        // From a cache come the same octets; these are others.
        if (step.member === member) {
          return refuse('RFC6311-5.1-DROP-STALE', 'the sync request was answered before, with other octets');
        }
        const sent = step.sent[0];
        if (sent?.kind !== 'sync-response') return NOT_IN_REVISION;
        if (sent.nonce !== seen.nonce) {
          return refuse('RFC6311-5.1-NONCE-ECHO', `the nonce of the request is ${sent.nonce}`);
        }
        if (sent.p2 !== seen.p2) {
          return refuse(
            'RFC6311-5.1-P2',
            `P2 is ${seen.p2}, where P1 is ${request.p1} and the peer sends ${member.sa.expectedSend} next`,
          );
        }
        if (seen.m2 < sent.m2) {
          return refuse('RFC6311-5.1-M2', `M2 is ${seen.m2}, which has to be at least ${sent.m2}`);
        }
        // M2 may be higher than it has to be; the peer then expects just that.
        return { ...step, member: { ...step.member, sa: { ...step.member.sa, expectedReceive: seen.m2 } } };
      });
  }

  #takeUnreadable(
    numbered: Numbered,
    own: EndState,
    meaning: Extract<Meaning, { kind: 'unreadable' }>,
    index: number,
    content: Content,
  ): void {
    // An ordinary message with Message ID 0 is one that the end could send now.
    const ordinary = own.hypotheses.some(({ member: { sa } }) =>
      meaning.response ? sa.expectedReceive === 0 : sa.expectedSend === 0,
    );
    if (ordinary) {
      if (meaning.response) this.#takeResponse(numbered, own, 0);
      else this.#takeRequest(numbered, own, 0, content);
      return;
    }
    this.#missing.add(
      'the contents of messages with Message ID 0 (they may be sync messages): give their keys',
    );
    this.#learn(index + 1);
  }

  #explain(own: EndState, attempts: Attempts): Explained | Unexplained {
    const context = this.#context(own);
    const inbox = this.#inbox(own);
    const found = explain(context, own.hypotheses, own.past, inbox, attempts);
    if (own.otherwise.length === 0) return found;
    const { takingOver: _, ...goingOn } = attempts;
    const other = explain(context, own.otherwise, [], inbox, goingOn);
    own.otherwise = isClean(other) ? other.hypotheses : [];
    return isClean(other) && !isClean(found) ? other : found;
  }

  /** Adopts an explanation; what it breaks is found. */
  #accept(numbered: Numbered, own: EndState, found: Explained): void {
    if (found.failoverFrom !== null) own.actsAsCluster = true;
    if (found.broken.length > 0) this.#findBroken(numbered, own, found);
    const before = own.hypotheses;
    this.#adopt(numbered, own, found.hypotheses);
    if (found.broken.length > 0 && found.failoverFrom !== null) {
      own.otherwise = before.map(({ member }) => ({
        member: { ...member, sa: { ...member.sa, ...sentIn(found) } },
        watched: found.hypotheses[0]?.watched ?? [],
      }));
    }
  }

  #adopt(numbered: Numbered, own: EndState, hypotheses: readonly Hypothesis[]): void {
    own.hypotheses = hypotheses;
    for (const { member } of hypotheses) {
      const key = JSON.stringify(member.sa);
      if (own.pastKeys.has(key)) continue;
      own.pastKeys.add(key);
      own.past.push({ sa: member.sa, event: numbered.number });
    }
  }

  /** The most charitable state after a message that nothing explains: the one that it shows. */
  #suppose(numbered: Numbered, own: EndState, change: Partial<SaState>): void {
    this.#adopt(
      numbered,
      own,
      own.hypotheses.map(({ member, watched }) => ({
        member: { ...member, sync: null, sa: { ...member.sa, ...change } },
        watched,
      })),
    );
  }

  /** A request that is a finding for its form still uses its Message ID up. */
  #useUp(numbered: Numbered, own: EndState, id: number, content: Content): void {
    const found = this.#explain(own, {
      goingOn: toSendRequest(this.#context(own), id, content),
    });
    if (found.kind === 'explained') this.#adopt(numbered, own, found.hypotheses);
    own.requests.set(id, [...(own.requests.get(id) ?? []), content]);
  }

  #findBroken(numbered: Numbered, own: EndState, found: Explained): void {
    const [first, ...more] = found.broken;
    if (first === undefined) return;
    const frames = [...new Set(found.failoverFrom?.map(({ event }) => event))].sort((a, b) => a - b);
    const snapshot =
      frames.length === 0
        ? ''
        : `; explained only by a failover to a member whose state is that after ${list('event', frames)}`;
    this.#find(numbered, own, {
      rule: ruleOf(first, own.syncs.length > 0),
      property: first.property.id,
      message: `${this.#inWords(first.because)}${snapshot}${more.length === 0 ? '' : ` (also breaks ${more.map(({ property }) => property.id).join(', ')})`}`,
      allowed: this.#allowed(own),
    });
  }

  #blame(numbered: Numbered, own: EndState, refusal: Refused, what: string, property?: string): void {
    // What is not explained may be explained by what could not be read.
    if (this.#judging.holes && GAP_RULES.has(refusal.rule)) {
      this.#missing.add(
        'messages that could not be read or are not authentic: one of them may explain what seems not allowed',
      );
      return;
    }
    this.#find(numbered, own, {
      rule: refusal.rule,
      ...(property === undefined ? {} : { property }),
      message: `${this.#inWords(what)}, but ${this.#inWords(refusal.because)}`,
      allowed: this.#allowed(own),
    });
  }

  /** What the end could have sent, from the states in which it could have been. */
  #allowed(own: EndState): string {
    const states = afterUnseenArrivals(this.#context(own), own.hypotheses, this.#inbox(own)).map(
      ({ member }) => member.sa,
    );
    const free = states.filter((sa) => sa.outstanding === null);
    const sends = unique((free.length > 0 ? free : states).map((sa) => sa.expectedSend)).join(' or ');
    const waits = unique(states.flatMap((sa) => (sa.outstanding === null ? [] : [sa.outstanding.id]))).join(
      ' or ',
    );
    const expects = unique(states.map((sa) => sa.expectedReceive)).join(' or ');
    const request =
      free.length > 0
        ? `request ${sends}`
        : `request ${waits} again (the same octets), and request ${sends} once it is answered`;
    return `${request}; the response to request ${expects}; after a failover a sync request with M1 of at least ${sends}`;
  }

  #find(
    numbered: Numbered,
    own: EndState,
    finding: Pick<Finding, 'rule' | 'message' | 'allowed'> & {
      property?: string;
      alsoFrames?: readonly number[];
    },
  ): void {
    this.#findings.push({
      rule: finding.rule,
      ...(finding.property === undefined ? {} : { property: finding.property }),
      actor: this.#actor(own.end),
      ...(own.address === undefined ? {} : { address: own.address }),
      event: numbered.number,
      ...frameOf(numbered),
      message: finding.message,
      allowed: finding.allowed,
      explainedUntil: numbered.number - 1,
      ...(finding.alsoFrames === undefined || finding.alsoFrames.length === 0
        ? {}
        : { alsoFrames: finding.alsoFrames }),
    });
  }

  /** The first condition on the form of a sync message that fails. */
  #malformed(message: SyncRequest | SyncResponse): Refused | null {
    if (!isWellFormed(message)) {
      const octets = String(message.nonce).length / 2;
      return refuse(isWellFormed.text.id, `the notification is malformed (its nonce has ${octets} octets)`);
    }
    if (!isAlone(message)) {
      return refuse(isAlone.text.id, `it holds a further payload, ${message.otherPayloads.join(', ')}`);
    }
    if (!hasMessageIdZero(message)) {
      return refuse(hasMessageIdZero.text.id, `its Message ID is ${message.id}, not 0`);
    }
    return null;
  }

  #isIgnored(request: SeenRequest): boolean {
    const other = this.#ends[otherEnd(request.by)];
    return (
      other.hypotheses.length > 0 &&
      other.hypotheses.every(({ member }) => {
        const step = receive(this.#judging.revision, this.#judging.policies, other.end, member, {
          kind: 'request',
          from: request.by,
          id: request.id,
          content: request.content,
        });
        // While it waits for a sync response it may hold the request back, or lack the counters: no fault.
        return member.sync === null && !step.enabled && request.id > member.sa.expectedReceive;
      })
    );
  }

  /** Requests that were never answered, and cannot have been: the other end had gone back. */
  #findUnanswered(): void {
    for (const request of this.#requests) {
      if (request.answered || request.faulty) continue;
      const other = this.#ends[otherEnd(request.by)];
      const frames = [request.first.event.frame, ...request.frames].filter((frame) => frame !== undefined);
      if (request.ignored && other.actsAsCluster) {
        const expects = unique(other.hypotheses.map(({ member }) => member.sa.expectedReceive));
        this.#find(request.first, other, {
          rule: 'RFC7296-2.3-EXPECTED-ID',
          property: 'counters-never-regress',
          message: `the ${this.#actor(other.end)} does not answer request ${request.id} of the ${this.#actor(request.by)}: it has gone back to expecting Message ID ${expects.join(' or ')}`,
          allowed: `the response to request ${request.id}`,
          alsoFrames: request.frames,
        });
      } else if (frames.length > 1) {
        this.#remarks.push({
          message: `request ${request.id} of the ${this.#actor(request.by)} (frames ${frames.join(', ')}) is never answered; it may have been lost, or refused: only an observation at the other end could tell`,
          ...frameOf(request.first),
        });
      }
    }
  }

  /** IKE_AUTH tells which extensions both ends announce; SET_WINDOW_SIZE what is not modelled yet. */
  #noteNegotiation(message: IkeMessage, from: End): void {
    if (message.payloads !== undefined) {
      for (const { data } of notifications(message.payloads, NOTIFY.setWindowSize)) {
        if (Number.parseInt(data, 16) > 1) {
          this.#windowed = true;
          this.#missing.add(
            `rules for an IKE window of ${Number.parseInt(data, 16)} (SET_WINDOW_SIZE): only a window of 1 is modelled`,
          );
        }
      }
    }
    if (message.exchange !== 'IKE_AUTH') return;
    if (message.payloads === undefined) {
      this.#missing.add(
        'the contents of IKE_AUTH, which tell whether counter sync was negotiated: give their keys',
      );
      this.#announced[from] = true;
    } else {
      const says = notifications(message.payloads, NOTIFY.messageIdSyncSupported).length > 0;
      this.#announced[from] = says || this.#announced[from] === true;
    }
    for (const end of ['cluster', 'peer'] as const) {
      const own = this.#announced[this.#wireEnd(end)] ?? true;
      const other = this.#announced[this.#wireEnd(otherEnd(end))] ?? true;
      this.#setAnnounced(this.#ends[end], { own, other });
    }
  }

  #setAnnounced(end: EndState, announced: Announced): void {
    end.hypotheses = end.hypotheses.map(({ member, watched }) => ({
      member: { ...member, sa: { ...member.sa, announced } },
      watched,
    }));
    end.past = end.past.map(({ sa, event }) => ({ sa: { ...sa, announced }, event }));
  }

  #remark(numbered: Numbered, message: string): void {
    this.#remarks.push({ message, ...frameOf(numbered) });
  }

  #context(own: EndState): Context {
    return {
      revision: this.#judging.revision,
      policies: this.#judging.policies,
      // Who compares M1 with the Message ID expected next does not promise this one.
      properties:
        this.#judging.policies.m1Compare === 'next-expected'
          ? safetyProperties.filter(({ id }) => id !== syncRequestOnce.id)
          : safetyProperties,
      end: own.end,
    };
  }

  #inbox(own: EndState): Inbox {
    const other = this.#ends[otherEnd(own.end)];
    return { requests: other.requests, responses: other.responses, syncs: other.syncs };
  }

  #modelEnd(end: End): Endpoint {
    return end === this.#judging.clusterIs ? 'cluster' : 'peer';
  }

  #wireEnd(end: Endpoint): End {
    const { clusterIs } = this.#judging;
    if (end === 'cluster') return clusterIs;
    return clusterIs === 'initiator' ? 'responder' : 'initiator';
  }

  /** `cluster` and `peer` only if one end showed that it is a cluster. */
  #actor(end: Endpoint): Finding['actor'] {
    const told = this.#ends.cluster.actsAsCluster || this.#ends.peer.actsAsCluster;
    return told ? end : this.#wireEnd(end);
  }

  /** The specification's words for the ends, in those of the trace. */
  #inWords(text: string): string {
    return text.replace(/\bthe (cluster|peer)\b/g, (_, end: Endpoint) => `the ${this.#actor(end)}`);
  }

  result(): IkeSaResult {
    this.#findUnanswered();
    const clusters = (['cluster', 'peer'] as const).filter((end) => this.#ends[end].actsAsCluster);
    return {
      findings: this.#findings.sort((a, b) => a.event - b.event),
      remarks: this.#remarks,
      missing: [...this.#missing],
      clusters: clusters.map((end) => this.#wireEnd(end)),
      repeated: this.#repeated,
      altered: this.altered,
      usesSync: this.#usesSync,
    };
  }
}

/** Equal for equal octets. Without octets (JSON Lines), equal for equal contents. */
const contentOf = (event: Numbered['event']): string =>
  event.octets ?? JSON.stringify([event.from, event.message]);

/** Rules that seem broken when a message is not seen. */
const GAP_RULES: ReadonlySet<string> = new Set([
  'RFC7296-2.2-NEXT-ID',
  'RFC7296-2.2-RESPONSE-ID',
  'RFC7296-2.3-WINDOW',
  'RFC7296-2.3-EXPECTED-ID',
]);

const isClean = (found: Explained | Unexplained): found is Explained =>
  found.kind === 'explained' && found.broken.length === 0 && found.failoverFrom === null;

/** What an explanation says of the requests of the end itself. */
const sentIn = ({ hypotheses }: Explained): Partial<SaState> => {
  const sa = hypotheses[0]?.member.sa;
  return sa === undefined ? {} : { expectedSend: sa.expectedSend, outstanding: sa.outstanding };
};

const refuse = (rule: string, because: string): Refused => ({ enabled: false, rule, because });

const NOT_IN_REVISION = refuse('RFC6311-5-NEGOTIATED', 'this revision has no counter sync');

/** The rule that a broken property points at, by what broke it. */
function ruleOf({ property, observation }: Broken, hasSynced: boolean): string {
  if (property.id === 'counters-never-regress') {
    if (observation.kind === 'sync-request-sent') return 'RFC6311-5.1-M1-FRESH';
    if (observation.kind === 'request-processed') return 'RFC7296-2.3-EXPECTED-ID';
    if (observation.kind === 'sync-request-accepted') return 'RFC6311-5.1-M2';
    if (observation.kind === 'sync-response-accepted') return 'RFC6311-5.1-ADOPT';
    return hasSynced ? 'RFC6311-5.1-ADOPT' : 'RFC7296-2.2-NEXT-ID';
  }
  return property.rules[0] ?? property.id;
}

/** Where the counter of an end's own requests stands; `unseen` if the last one was sent before the trace begins. */
interface Shown {
  readonly id: number;
  readonly unseen: boolean;
}

/** A new SA begins with IKE_SA_INIT, the initiator's request 0; the responder's own requests start at 0 too. */
const startOf = (wire: End, first: Numbered | undefined): Shown => ({
  id: 0,
  unseen: wire === 'initiator' && first?.event.message.response === true,
});

/** In mid-session: the first ordinary request or response, or else the first sync message, shows the counter. */
function shownCounter(wire: End, events: readonly Numbered[]): Shown {
  let bySync: number | undefined;
  for (const { event } of events) {
    const meaning = interpret(event.message, 'peer');
    const own = event.from === wire;
    if (meaning.kind === 'sync-request' && own) bySync ??= meaning.message.m1;
    else if (meaning.kind === 'sync-response' && own) bySync ??= meaning.message.p2;
    else if (bySync !== undefined) break;
    else if (meaning.kind === 'request' && own) return { id: meaning.id, unseen: false };
    else if (meaning.kind === 'response' && !own) return { id: meaning.id, unseen: true };
  }
  return { id: bySync ?? 0, unseen: false };
}

const withoutPort = (address: string | undefined): string | undefined => address?.replace(/:\d+$/, '');

const frameOf = (numbered: Numbered | undefined): { frame: number } | Record<never, never> =>
  numbered?.event.frame === undefined ? {} : { frame: numbered.event.frame };

const unique = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);

const list = (what: string, numbers: readonly number[]): string => {
  const shown = numbers.length > 4 ? [...numbers.slice(0, 3), '...', numbers.at(-1)] : numbers;
  return `${what}${numbers.length > 1 ? 's' : ''} ${shown.join(', ')}`;
};
