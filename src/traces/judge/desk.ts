/** What the judging of one IKE SA works on: what is known of both ends, and how it is searched and told. */
import {
  type Endpoint,
  establishedSa,
  otherEnd,
  type Refused,
  type SaState,
  withInitialCount,
} from '../../../model/index.ts';
import { Account, type Entry, modelEnd, type Party, type Told, wireEnd } from '../findings/account.ts';
import { type Contradiction, type Conviction, runsThrough, type Sequence } from '../findings/conviction.ts';
import type { Role } from '../roles.ts';
import {
  accept,
  becomesKnown,
  copyOfEnd,
  type EndState,
  freshEnd,
  isCrowded,
  setAnnounced,
  withoutRepeats,
} from './end-state.ts';
import { Explainer, type Reading } from './explainer.ts';
import { type Attempt, type Attempts, type Explained, type Tried, unseenRequest } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { Negotiation } from './negotiation.ts';
import { ruleBrokenBy } from './refusal.ts';
import { Takeovers } from './takeovers.ts';
import { Unanswered } from './unanswered.ts';
import { initialWatch } from './watching.ts';
import { allowedFrom, list, ruleOf, whyAfterSync } from './wording.ts';

/** What makes a finding certain, and the event of the first message with the number that is used again. */
interface Proof {
  readonly conviction?: Conviction | undefined;
  readonly contradictions?: readonly Contradiction[];
  readonly first?: number | undefined;
}

const ENDS: readonly Endpoint[] = ['cluster', 'peer'];

export class Desk {
  readonly reading: Reading;
  readonly ends: Readonly<Record<Endpoint, EndState>>;
  readonly account: Account;
  readonly explainer: Explainer;
  readonly unanswered: Unanswered;
  /** The same for all readings of the IKE SA. */
  readonly takeovers: Takeovers;
  negotiation: Negotiation;
  /** What a user told of the ends. */
  readonly told: Partial<Record<Endpoint, NonNullable<Role['party']>>>;
  /** Whether messages may be copies of ones that were forgotten. */
  forgotCopies = false;
  /** Whether the SA was seen from its beginning; where not, at which number the requests of each end began. */
  #isNew = false;
  /** Whether the trace shows the beginning of the SA, even if its counters were lost track of since. */
  sawBeginning = false;
  /** Whether a message stands behind one with a later time of the same observer. */
  outOfOrder = false;
  #times = new Map<string, number>();
  #shown: Readonly<Record<Endpoint, number | null>> = { cluster: null, peer: null };

  constructor(reading: Reading, from?: Desk) {
    this.reading = reading;
    this.ends =
      from === undefined
        ? { cluster: freshEnd('cluster', reading.allowance), peer: freshEnd('peer', reading.allowance) }
        : { cluster: copyOfEnd(from.ends.cluster), peer: copyOfEnd(from.ends.peer) };
    this.account = new Account(from?.account);
    this.takeovers = from?.takeovers ?? new Takeovers();
    this.told = { ...from?.told };
    this.negotiation = new Negotiation(from?.negotiation);
    this.explainer = new Explainer(reading, this.ends, (end) => ({
      sendWindow: this.windowFor(end),
      mostLost: this.negotiation.unseen(wireEnd(otherEnd(end))),
    }));
    const contextOf = (end: EndState) => this.explainer.context(end);
    this.unanswered = new Unanswered({ ends: this.ends, account: this.account, contextOf }, from?.unanswered);
    if (from === undefined) return;
    this.forgotCopies = from.forgotCopies;
    this.#isNew = from.#isNew;
    this.sawBeginning = from.sawBeginning;
    this.#shown = from.#shown;
    this.outOfOrder = from.outOfOrder;
    this.#times = new Map(from.#times);
  }

  /** Notes when a message was seen, in the order in which the trace has them. */
  noteTime({ event: { time, observer = '', event } }: NumberedIke): void {
    if (time === undefined || event !== 'seen') return;
    this.outOfOrder ||= time < (this.#times.get(observer) ?? time);
    this.#times.set(observer, time);
  }

  /** Whether an end is told to be a single box, and shows nothing else: then nobody takes over from it. */
  isSingle({ end, actsAsCluster }: EndState): boolean {
    return this.told[end] === 'peer' && !actsAsCluster;
  }

  /**
   * Whether an end may have asked for the counters, unseen, as far as IKE_AUTH tells. Where that could not be read, it is
   * not supposed.
   */
  maySync({ hypotheses }: EndState): boolean {
    const { counterSync } = this.reading.revision;
    return (
      counterSync !== null &&
      !this.negotiation.isUnread &&
      hypotheses.some(({ member }) => counterSync.isNegotiated(member.sa))
    );
  }

  /** How an end can have sent a message, which may be the first act of a member that takes over if it has any. */
  attempts(own: EndState, goingOn: Attempt): Attempts {
    return this.isSingle(own) ? { goingOn, takingOver: null } : { goingOn };
  }

  /** Who the ends are, as they showed, or else as a user told. */
  get parties(): Readonly<Record<Endpoint, Party>> {
    const { cluster, peer } = this.ends;
    const shown = cluster.actsAsCluster || peer.actsAsCluster;
    const told = (end: Endpoint): boolean =>
      this.told[end] === 'cluster' || (this.told[end] === undefined && this.told[otherEnd(end)] === 'peer');
    const partyOf = ({ end, address, actsAsCluster, showsCluster }: EndState): Party => ({
      address,
      isShown: showsCluster || this.told[end] === 'cluster',
      actsAsCluster: shown ? actsAsCluster : told(end),
    });
    return { cluster: partyOf(cluster), peer: partyOf(peer) };
  }

  /**
   * What all messages together show of the observation, for findings against each end.
   *
   * @param repeated whether messages were seen again: then what was seen last may be a copy of one that was not captured
   */
  sequences(repeated: boolean): Readonly<Record<Endpoint, Sequence>> {
    const whole =
      this.sawBeginning &&
      !repeated &&
      // A sync exchange has no number of its own, so that one that was not captured leaves no gap.
      ENDS.every((end) => this.ends[end].syncs.length === 0) &&
      // The first request of the initiator is that of IKE_SA_INIT, which is not one of the IKE SA yet.
      runsThrough(this.ends[modelEnd('initiator')], this.ends[modelEnd('responder')], 1) &&
      runsThrough(this.ends[modelEnd('responder')], this.ends[modelEnd('initiator')], 0);
    const sequence = (end: Endpoint): Sequence => ({
      runsThrough: whole,
      outOfOrder: this.outOfOrder,
      highestRequest: this.ends[otherEnd(end)].requested.at(-1)?.[1] ?? -1,
    });
    return { cluster: sequence('cluster'), peer: sequence('peer') };
  }

  /** How many requests an end may have under way: what the other end granted. */
  windowFor(end: Endpoint): number {
    return this.negotiation.window(wireEnd(otherEnd(end)));
  }

  /** Begins with an SA that is new: its counters are at 0. The first message may be a response to an unseen request. */
  beginNew(event: number, unseenBy: Endpoint | null): void {
    this.#isNew = true;
    this.sawBeginning = true;
    this.#begin(event);
    for (const end of ENDS) this.show(end, 0, end === unseenBy);
  }

  /** Begins in mid-session: the counters stand wherever the next messages show. */
  beginAnywhere(event: number): void {
    this.#isNew = false;
    this.#shown = { cluster: null, peer: null };
    this.#begin(event);
    for (const end of ENDS) {
      const state = this.ends[end];
      // Where the beginning was not seen, a standby may hold a state that is older than all that was.
      const [first] = state.past;
      const oldest = {
        ...this.#establishedFor(state),
        announced: first?.sa.announced ?? ANY,
        announcedReplayCounters: first?.sa.announcedReplayCounters ?? ANY,
      };
      state.past = [{ sa: oldest, sync: null, event: 0 }, ...state.past];
      state.failoverCount = undefined;
    }
  }

  #begin(event: number): void {
    for (const end of ENDS) {
      const state = this.ends[end];
      const sa = state.hypotheses[0]?.member.sa ?? this.#establishedFor(state);
      const watched = initialWatch(this.explainer.context(state).properties);
      state.hypotheses = [{ member: { role: 'active', sa, sync: null }, watched, unsent: [] }];
      // What was before a new beginning still was.
      state.past = [...state.past.filter((past) => past.event > 0), { sa, sync: null, event }];
    }
    this.tellNegotiated();
  }

  #establishedFor({ end }: EndState): SaState {
    const window = this.negotiation.window(wireEnd(end));
    const { revision, policies } = this.reading;
    return withInitialCount(revision.counterSync ?? {}, policies.firstCount, { ...establishedSa(), window });
  }

  /** Whether it is known where the requests of an end stand. */
  isShown(end: Endpoint): boolean {
    return this.#shown[end] !== null;
  }

  /** Whether there may be messages from before the trace. */
  get beganInMidSession(): boolean {
    return !this.#isNew;
  }

  /** Whether a request of an end is from before the trace began. */
  isBefore(end: Endpoint, id: number): boolean {
    return !this.#isNew && id < (this.#shown[end] ?? 0);
  }

  /** A message shows where the requests of an end stand; `unseen` if that request itself was not seen. */
  show(end: Endpoint, id: number, unseen: boolean): void {
    this.#shown = { ...this.#shown, [end]: id };
    const own = this.ends[end];
    const content = unseenRequest(id);
    if (unseen) own.requests.set(id, [{ kind: 'request', from: end, id, content }]);
    becomesKnown(
      own,
      (sa) => ({
        ...sa,
        expectedSend: unseen ? id + 1 : id,
        outstanding: unseen ? [{ id, content }] : [],
      }),
      ({ event }) => event > 0,
    );
    becomesKnown(
      this.ends[otherEnd(end)],
      (sa) => ({
        ...sa,
        expectedReceive: id,
        highestSeen: id - 1,
        // What is answered and below the window is not kept.
        answered: sa.answered.filter((each) => each.id >= id - sa.window),
      }),
      ({ event }) => event > 0,
    );
    // What they differed in is gone.
    for (const each of ENDS) this.ends[each].past = withoutRepeats(this.ends[each].past);
  }

  /** Hands what is known of the negotiation to every state. */
  tellNegotiated(): void {
    for (const end of ENDS) {
      const wire = wireEnd(end);
      setAnnounced(
        this.ends[end],
        this.negotiation.of('messageIdSyncSupported', wire),
        this.negotiation.of('replayCounterSyncSupported', wire),
      );
    }
  }

  /** Hands the sizes of the windows to every state: each end receives within its own. */
  tellWindows(): void {
    for (const end of ENDS) {
      const window = this.negotiation.window(wireEnd(end));
      becomesKnown(this.ends[end], (sa) => (sa.window === window ? sa : { ...sa, window }));
    }
  }

  /** Takes an explanation; what it breaks is found. */
  accept(numbered: NumberedIke, own: EndState, found: Explained, proof: Proof = {}): void {
    const [first, ...more] = found.broken;
    const reached = first === undefined ? [] : this.explainer.reached(own);
    accept(own, found, reached, numbered.number);
    if (first === undefined || this.#isCrowded(own)) return;
    const allowed = this.#allowed(
      own,
      reached.map(({ member }) => member.sa),
    );
    const snapshots = [...new Set(found.failoverFrom?.map(({ event }) => event))].sort((a, b) => a - b);
    const explainedBy =
      snapshots.length === 0
        ? ''
        : `; explained only by a failover to a member whose state is that after ${list('event', snapshots)}`;
    const also =
      more.length === 0 ? '' : ` (also breaks ${more.map(({ property }) => property.id).join(', ')})`;
    const sync =
      first.observation.kind === 'request-sent'
        ? whyAfterSync(own, this.ends[otherEnd(own.end)], first.observation.id)
        : null;
    this.#find(numbered, own, proof, {
      rule: sync === null ? ruleOf(first) : ruleBrokenBy(sync.refusal),
      property: first.property.id,
      message: `${first.because}${sync === null ? explainedBy : `; ${sync.refusal.because}`}${also}`,
      allowed,
      tried: found.tried,
      messageId: first.observation.kind === 'request-sent' ? first.observation.id : undefined,
      ...(sync === null ? { takenOverFrom: snapshots } : {}),
    });
  }

  /**
   * Finds a fault, and beside it what the message contradicts of its sender's own, where that is another rule: it is
   * certain where the first may not be.
   */
  #find(
    numbered: NumberedIke,
    own: EndState,
    { conviction, contradictions, first }: Proof,
    told: Told,
  ): Entry | undefined {
    const same = contradictions?.find(({ rule }) => rule === told.rule);
    const entry = this.account.find(numbered, own.end, {
      ...told,
      conviction: same?.conviction ?? conviction,
      ...(first === undefined ? {} : { first }),
    });
    for (const { rule, because, conviction } of same === undefined ? (contradictions ?? []) : []) {
      this.account.find(numbered, own.end, {
        ...{ rule, conviction, allowed: told.allowed },
        message: `${told.message.split(', but ')[0]}, but ${because}`,
      });
    }
    return entry;
  }

  /**
   * What nothing explains is found, unless something that is not known may explain it.
   *
   * @returns the finding, if it is listed
   */
  blame(
    numbered: NumberedIke,
    own: EndState,
    refusal: Refused,
    what: string,
    {
      property,
      tried = [],
      allowed,
      lacks,
      ...proof
    }: Proof & {
      readonly property?: string | undefined;
      readonly tried?: readonly Tried[];
      /** What it could have sent instead; by default, any message that it could have. */
      readonly allowed?: string;
      readonly lacks?: string;
    } = {},
  ): Entry | undefined {
    if (this.#isCrowded(own)) return undefined;
    const rule = ruleBrokenBy(refusal);
    return this.#find(numbered, own, proof, {
      rule,
      property,
      message: `${what}, but ${refusal.because}`,
      allowed:
        allowed ??
        this.#allowed(
          own,
          this.explainer.reached(own).map(({ member }) => member.sa),
        ),
      tried,
      ...(lacks === undefined ? {} : { lacks }),
    });
  }

  /** Whether an end may be in states that are not followed; then that is what is missing. */
  #isCrowded(own: EndState): boolean {
    if (!isCrowded(own) && !isCrowded(this.ends[otherEnd(own.end)])) return false;
    this.account.missing.add(
      'observations by the ends themselves: so many states are possible that not all could be followed',
    );
    return true;
  }

  #allowed({ end, requested }: EndState, states: readonly SaState[]): string {
    const [, used] = requested.at(-1) ?? [0, -1];
    return allowedFrom(states, this.windowFor(end), used);
  }
}

const ANY = { own: true, other: true } as const;
