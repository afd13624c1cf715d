/**
 * The IKE SAs of a trace, in bounded memory: where there are too many at once, those that were idle for longest are
 * closed. Their verdict is kept; what is seen of them later is not judged, since it may be a copy of what was forgotten.
 */

import type { Revision } from '../../../model/index.ts';
import { BoundedMap, BoundedSet } from '../common/bounded.ts';
import { CappedSet } from '../common/capped-set.ts';
import type { ClusterEvent, End, GapEvent } from '../events/event.ts';
import { type SoFar, type Standing, standingOf, together } from '../findings/account.ts';
import type { ClosedSa, Later, Weakened } from '../findings/closed-sa.ts';
import type { Observation } from '../findings/conviction.ts';
import type { Finding, Remark } from '../findings/finding.ts';
import type { Holes } from '../findings/holes.ts';
import type { Roles } from '../roles.ts';
import type { Allowance } from './effort.ts';
import type { NumberedIke } from './ike-event.ts';
import { IkeSa, type IkeSaResult, OPENED, type Repeated, type Taken } from './ike-sa-readings.ts';
import { readingsOf } from './readings.ts';
import { opensIkeSa } from './start.ts';

/** What is remembered of all IKE SAs together at most, in messages: about 700 MiB. */
export const MOST_REMEMBERED = 400_000;

/** The SPI of a responder that was not heard yet. */
const NO_RESPONDER = ':0000000000000000';

/** What is remembered of an SA after IKE_SA_INIT, in messages. */
const BEGUN = 10;

/** Of closed SAs so many findings, and so many remarks, are listed; the rest is counted. */
const MOST_LISTED = 10_000;

/** So many names of SAs that were closed are remembered while a source is followed. */
const MOST_CLOSED = 100_000;

/** And so many findings of theirs, under all readings, that something which shows later may weaken. */
const MOST_LOOSE = 20_000;

/** For so many seconds an SA is kept after its last message: that was deleted, that never got beyond IKE_SA_INIT, other. */
export const KEPT_DELETED = 60;
export const KEPT_BEGUN = 600;
export const KEPT_IDLE = 86_400;

/** What is said of an SA while its source is followed. */
export type SaNews =
  /** Its findings so far. */
  | { readonly kind: 'so far'; readonly sa: string; readonly soFar: readonly SoFar[] }
  /** It is done with: all that there is to say, as long as nothing that shows later weakens it. */
  | { readonly kind: 'closed'; readonly sa: string; readonly result: IkeSaResult; readonly closed: ClosedSa }
  /** Something showed later. */
  | ({ readonly kind: 'weakened'; readonly sa: string } & Weakened);

/** What is kept while a source is followed. */
interface Watch {
  /** SAs of which there was something new since they were last looked at. */
  readonly touched: Set<string>;
  /** Those that were deleted, in the order of their last messages. */
  readonly deleted: Set<string>;
  /** Those with findings. */
  readonly found: Set<string>;
  /** Those that were closed with findings which may still be weakened, and how many holes there were then. */
  readonly loose: Map<string, { readonly closed: ClosedSa; readonly holes: number; readonly weight: number }>;
  weight: number;
  /** Of SAs that were closed for want of memory, or that something came of after they were closed. */
  readonly news: SaNews[];
  holes: Holes;
  complete: boolean;
  /** Seconds by a clock that runs with the source. */
  now: number;
}

/** So many SAs with a hole before their first message are remembered. */
const MOST_GAPS = 4096;
/** Of all of them, so many things that are missing. */
const MOST_MISSING = 1000;

interface Live {
  readonly hosts: string;
  /** None as long as the first message is all that there is: of a flood most never get further. */
  sa: IkeSa | null;
  first: NumberedIke | null;
  /** How many holes that may be of any SA it knows of. */
  holes: number;
  /** When its last message came, in seconds; only while a source is followed. */
  at: number;
  /** Whether something that could not be read concerned it when it was last looked at. */
  isConcerned: boolean;
}

/** The response of IKE_SA_INIT, with which an SA begins: it answers what nobody has to have seen, and is never a fault. */
const isOpening = ({ event: { event, from, message } }: NumberedIke): boolean =>
  opensIkeSa(message) &&
  message.response &&
  message.id === 0 &&
  from === 'responder' &&
  (event === 'seen' || event === 'sent');

export interface IkeSasOptions {
  /** What is remembered of all of them together at most, in messages; `MOST_REMEMBERED` by default. */
  readonly remembered?: number;
  /** Whether they are judged under each reading besides; true by default. */
  readonly readings?: boolean;
  /** How far each end is searched; see `effort.ts`. */
  readonly allowance?: Allowance | undefined;
}

export class IkeSas {
  readonly #revision: Revision;
  readonly #roles: Roles;
  readonly #most: number;
  readonly #readings: boolean;
  readonly #allowance: Allowance | undefined;
  /** By their SPIs, those that were idle for longest first: those with no more than IKE_SA_INIT, and the others. */
  readonly #begun = new Map<string, Live>();
  readonly #going = new Map<string, Live>();
  /** The SAs between two hosts, the latest last: one of them may be replaced by the next. */
  readonly #between = new Map<string, Live>();
  readonly #closed: Closed;
  #closedNames = new Set<string>();
  /** Those that were forgotten, and whether they had been deleted. */
  readonly #forgottenNames = new BoundedMap<string, boolean>(MOST_CLOSED);
  #mostLoose = MOST_LOOSE;
  #watch: Watch | null = null;
  #dropped = 0;
  /** How many were forgotten, being done with. */
  forgotten = 0;
  /** IKE SAs of which something is missing before their first message; beyond those that are remembered, of any. */
  readonly #gaps = new Set<string>();
  #gapsBeyond = false;
  /** Holes that may be of any SA, and the last; each SA that there was learns of them when it is next looked at. */
  #holes = 0;
  #lastHole = 0;
  #remembered = 0;
  #unjudged: { readonly messages: number; readonly first: number } | undefined;

  constructor(revision: Revision, roles: Roles, { remembered, readings, allowance }: IkeSasOptions = {}) {
    this.#revision = revision;
    this.#roles = roles;
    this.#most = remembered ?? MOST_REMEMBERED;
    this.#readings = readings ?? true;
    this.#allowance = allowance;
    this.#closed = new Closed(revision);
  }

  get count(): number {
    return this.#begun.size + this.#going.size + this.#dropped;
  }

  /** How many are remembered by more than their names. */
  get remembered(): number {
    return this.#begun.size + this.#going.size;
  }

  /**
   * From here on the source is followed: `news` says what is found so far, and what is done with is forgotten.
   *
   * @param loose how many findings of SAs that were done with are remembered for what may weaken them
   */
  watch(holes: Holes, loose = MOST_LOOSE): void {
    this.#mostLoose = loose;
    this.#watch = {
      ...{ touched: new Set(), deleted: new Set(), found: new Set() },
      ...{ loose: new Map(), weight: 0, news: [] },
      ...{ holes, complete: false, now: 0 },
    };
    this.#closedNames = new BoundedSet(MOST_CLOSED);
  }

  /**
   * What is new of SAs since this was asked last; those that are done with are closed.
   *
   * @param now seconds by a clock that runs with the source; infinite once the source has ended
   */
  *news(now: number, holes: Holes, complete: boolean): Generator<SaNews> {
    const watch = this.#watch;
    if (watch === null) return;
    Object.assign(watch, { holes, complete, now });
    yield* watch.news.splice(0);
    for (const [name, { closed, holes: before }] of watch.loose) {
      if (before < this.#holes) this.#weaken(watch, name, 'gap');
      if (holes.concern(name, closed.hosts)) this.#weaken(watch, name, 'holes');
    }
    yield* watch.news.splice(0);
    for (const name of watch.found) if (this.#hasNewHole(name, holes)) watch.touched.add(name);
    const touched = [...watch.touched];
    watch.touched.clear();
    for (const name of touched) {
      const live = this.#live(name);
      if (live === undefined || live.sa === null) continue;
      live.isConcerned = holes.concern(name, live.hosts);
      const soFar = this.#aware(live).soFar({ complete, holes: live.isConcerned });
      // Where there was a finding, that there is none any more is new as well.
      if (soFar.length > 0 || watch.found.has(name)) yield { kind: 'so far', sa: name, soFar };
      if (soFar.length > 0) watch.found.add(name);
      else watch.found.delete(name);
    }
    for (const [names, kept] of [
      [watch.deleted, KEPT_DELETED],
      [this.#begun.keys(), KEPT_BEGUN],
      [this.#going.keys(), KEPT_IDLE],
    ] as const) {
      for (const name of names) {
        const live = this.#live(name);
        if (live !== undefined && now - live.at < kept) break;
        if (live !== undefined) yield* this.#forget(name, live);
        watch.deleted.delete(name);
      }
    }
    yield* watch.news.splice(0);
  }

  #live(name: string): Live | undefined {
    return this.#begun.get(name) ?? this.#going.get(name);
  }

  /** Whether there is a hole that an SA did not know of when it was last looked at. */
  #hasNewHole(name: string, holes: Holes): boolean {
    const live = this.#live(name);
    if (live === undefined) return false;
    return live.holes < this.#holes || (!live.isConcerned && holes.concern(name, live.hosts));
  }

  /** Something shows of an SA that is done with. */
  #weaken(watch: Watch, name: string, later: Later, missing: readonly string[] = []): void {
    const known = watch.loose.get(name);
    if (known === undefined) return;
    const { closed, weight } = known;
    const weakened = closed.weaken(later);
    if (!closed.isLoose) {
      watch.loose.delete(name);
      watch.weight -= weight;
    }
    if (weakened === undefined) return;
    const { before, result, findings } = weakened;
    watch.news.push({
      ...{ kind: 'weakened', sa: name, before, findings },
      result: { ...result, missing: [...missing, ...result.missing] },
    });
  }

  /** An SA is done with; as long as something may weaken its findings, they are remembered. */
  #remember(watch: Watch, name: string, closed: ClosedSa): void {
    if (!closed.isLoose || !Number.isFinite(watch.now)) return;
    const { weight } = closed;
    watch.loose.set(name, { closed, holes: this.#holes, weight });
    watch.weight += weight;
    const missing = [
      `memory for findings of IKE SAs that were done with: beyond ${this.#mostLoose} it is not known what would weaken them, and those of the longest forgotten convict nobody`,
    ];
    for (const oldest of watch.loose.keys()) {
      if (watch.weight <= this.#mostLoose) break;
      this.#weaken(watch, oldest, 'more', missing);
    }
  }

  /** The time of what comes next. */
  set now(now: number) {
    if (this.#watch !== null) this.#watch.now = now;
  }

  /** There is something to say of an SA the next time, even if nothing more of it comes. */
  lookAgain(name: string): void {
    this.#watch?.touched.add(name);
  }

  /** An SA that is done with: nothing of it is remembered but its name, and findings that may yet be weakened. */
  *#forget(name: string, live: Live): Generator<SaNews> {
    this.#drop(name, live);
    this.#closedNames.delete(name);
    this.#forgottenNames.set(name, live.sa?.isDeleted ?? false);
    this.forgotten += 1;
    yield* this.#watch?.news.splice(0) ?? [];
  }

  /** Whether an SA, of which this is the first message, may have been seen before and forgotten. */
  #mayGoOn(name: string, { event: { message } }: NumberedIke): 'yes' | 'maybe' | 'no' {
    if (this.#watch === null) return 'no';
    if (this.#forgottenNames.has(name)) return 'yes';
    return this.#dropped > MOST_CLOSED && !opensIkeSa(message) ? 'maybe' : 'no';
  }

  /** Judges a message of an IKE SA between two hosts; tells nothing of one that was closed. */
  take(numbered: NumberedIke, hosts: string): Taken {
    const { sa: name = '', message } = numbered.event;
    if (this.#watch !== null) this.#weaken(this.#watch, name, 'more');
    // What comes after a delete is nobody's fault.
    if (this.#forgottenNames.get(name) === true) return { deltas: [] };
    if (this.#closedNames.has(name)) {
      this.#closed.goesOn(name);
      const { messages, first } = this.#unjudged ?? { messages: 0, first: numbered.number };
      this.#unjudged = { messages: messages + 1, first };
      return { deltas: [] };
    }
    const known = this.#live(name);
    const live = known ?? {
      ...{ hosts, sa: null, first: null },
      ...{ holes: this.#holes, at: 0, isConcerned: false },
    };
    const taken = known === undefined ? this.#takeFirst(live, numbered) : this.#takeNext(live, numbered);
    // The last one to have been seen.
    const wasGoing = this.#going.delete(name);
    this.#begun.delete(name);
    (wasGoing || !opensIkeSa(message) ? this.#going : this.#begun).set(name, live);
    if (this.#watch !== null) this.#noteTouched(this.#watch, name, live);
    while (this.#remembered > this.#most && this.#closeOne(name)) {}
    return taken;
  }

  #noteTouched({ touched, deleted, now }: Watch, name: string, live: Live): void {
    live.at = now;
    if (live.sa === null) return;
    touched.add(name);
    if (!live.sa.isDeleted) return;
    deleted.delete(name);
    deleted.add(name);
  }

  takeClusterEvent(event: ClusterEvent, number: number): void {
    for (const live of [this.#begun, this.#going]) {
      for (const [name, each] of live) {
        if (event.sa === undefined || event.sa === name) this.#aware(each).takeClusterEvent(event, number);
      }
    }
  }

  /** Something is missing here, of one IKE SA or of any. */
  takeGap({ sa }: GapEvent, number: number): void {
    if (sa === undefined) {
      this.#holes += 1;
      this.#lastHole = number;
      this.#closed.goesOn();
      return;
    }
    this.#closed.goesOn(sa);
    const watch = this.#watch;
    if (watch !== null) this.#weaken(watch, sa, 'gap');
    const live = this.#live(sa);
    if (live !== undefined) {
      this.#aware(live).takeGap(number);
      watch?.touched.add(sa);
    } else if (this.#gaps.size < MOST_GAPS) this.#gaps.add(sa);
    else this.#gapsBeyond ||= !this.#gaps.has(sa);
  }

  #takeFirst(live: Live, numbered: NumberedIke): Taken {
    const { sa: name = '' } = numbered.event;
    if (this.#gaps.delete(name) || this.#gapsBeyond) this.#saOf(live).takeGap(numbered.number);
    const mayGoOn = this.#mayGoOn(name, numbered);
    if (mayGoOn !== 'no') this.#saOf(live).goOn(numbered.number, mayGoOn === 'yes');
    const last = this.#between.get(live.hosts);
    const before = last === undefined || last.sa === null ? null : this.#aware(last);
    this.#between.set(live.hosts, live);
    if (live.sa === null && isOpening(numbered)) {
      live.first = numbered;
      this.#remembered += OPENED;
      return { deltas: [] };
    }
    const sa = this.#saOf(live);
    if (before !== null && before.rekeyedBy !== null && !opensIkeSa(numbered.event.message)) {
      sa.succeed(before.negotiation.forSuccessor(before.rekeyedBy), numbered.number);
      before.rekeyedBy = null;
    }
    return this.#takeNext(live, numbered);
  }

  #takeNext(live: Live, numbered: NumberedIke): Taken {
    const sa = this.#aware(live);
    const before = sa.weight;
    const taken = sa.take(numbered);
    this.#remembered += sa.weight - before;
    return taken;
  }

  /** The SA itself, which knows of every hole so far. */
  #aware(live: Live): IkeSa {
    const sa = this.#saOf(live);
    if (live.holes < this.#holes) sa.takeGap(this.#lastHole);
    live.holes = this.#holes;
    return sa;
  }

  /** The SA itself, with what was put aside of it. */
  #saOf(live: Live): IkeSa {
    if (live.sa !== null) return live.sa;
    const sa = new IkeSa(this.#revision, this.#roles, this.#readings, this.#allowance);
    live.sa = sa;
    if (live.first !== null) {
      sa.take(live.first);
      live.first = null;
      this.#remembered -= OPENED;
    }
    this.#remembered += sa.weight;
    return sa;
  }

  /**
   * Closes the one that was idle for longest: of those that are not authenticated, if these take more than their share
   * (a flood of them must not drive the others out), else of the others.
   *
   * @returns whether there was one besides `used`
   */
  #closeOne(used: string): boolean {
    const isFlood = this.#begun.size * BEGUN > this.#most / 4;
    for (const live of isFlood ? [this.#begun, this.#going] : [this.#going, this.#begun]) {
      for (const [name, each] of live) {
        if (name === used) continue;
        this.#drop(name, each);
        return true;
      }
    }
    return false;
  }

  #drop(name: string, live: Live): void {
    this.#begun.delete(name);
    this.#going.delete(name);
    this.#closedNames.add(name);
    this.#dropped += 1;
    this.#remembered -= live.sa?.weight ?? OPENED;
    if (this.#between.get(live.hosts) === live) this.#between.delete(live.hosts);
    if (live.sa === null) return;
    const sa = this.#aware(live);
    const watch = this.#watch;
    if (watch === null) {
      this.#closed.add(name, live.hosts, sa);
      return;
    }
    watch.found.delete(name);
    addTo(this.#closed.repeated, sa.repeated);
    const { complete, holes } = watch;
    const observation = { complete, holes: holes.concern(name, live.hosts) };
    const { result, closed } = sa.close(live.hosts, observation);
    watch.news.push({ kind: 'closed', sa: name, result, closed });
    this.#remember(watch, name, closed);
  }

  /** Whether a message of an IKE SA was seen; of its initiator's SPI, where the responder's is not given. */
  knows(name: string): boolean {
    // Of a source that is followed it may be one whose name is not remembered.
    if (this.#watch !== null && this.#dropped > MOST_CLOSED) return true;
    const all = [this.#begun, this.#going, this.#closedNames, this.#forgottenNames];
    if (!name.endsWith(NO_RESPONDER)) return all.some((names) => names.has(name));
    const begin = name.slice(0, -NO_RESPONDER.length);
    return all.some((names) => [...names.keys()].some((known) => known.startsWith(begin)));
  }

  /**
   * @param holes where parts of the trace could not be read
   * @param complete whether something says that nothing is missing
   */
  result(
    holes: Holes,
    complete: boolean,
  ): {
    readonly results: readonly IkeSaResult[];
    readonly repeated: Repeated;
    readonly missing: readonly string[];
  } {
    const sas = [...this.#begun, ...this.#going].flatMap(([name, live]) =>
      live.sa === null ? [] : [{ sa: this.#aware(live), isWhole: !holes.concern(name, live.hosts) }],
    );
    const repeated = { ...this.#closed.repeated };
    for (const { sa } of sas) addTo(repeated, sa.repeated);
    const unjudged = this.#unjudged;
    return {
      results: [
        this.#closed.result(holes.any, complete),
        ...sas.map(({ sa, isWhole }) => sa.result({ complete, holes: !isWhole })),
      ],
      repeated,
      missing:
        unjudged === undefined
          ? []
          : [
              `memory for ${this.count} IKE SAs: ${unjudged.messages} messages of such as had been idle for longest are not judged (the first at event ${unjudged.first}); take the part of the trace that matters, or one pair of hosts`,
            ],
    };
  }
}

function addTo(sum: Repeated, more: Readonly<Repeated>): void {
  sum.retransmitted += more.retransmitted;
  sum.duplicated += more.duplicated;
  sum.replayed += more.replayed;
  sum.altered += more.altered;
}

/**
 * The verdicts on IKE SAs that were closed, by whether parts of the trace could not be read and whether it is complete;
 * and what is left of them if something shows later that may weaken them.
 */
class Closed {
  readonly repeated: Repeated = { retransmitted: 0, duplicated: 0, replayed: 0, altered: 0 };
  readonly #sums: readonly { readonly observation: Observation; readonly sum: Sum; readonly weakened: Sum }[];
  /** SAs with findings that may be weakened, as many as are remembered. */
  readonly #loose = new Set<string>();
  #isLoose = false;
  #goesOn = false;

  constructor(revision: Revision) {
    const readings = readingsOf(revision).length;
    this.#sums = [true, false].flatMap((complete) =>
      [true, false].map((holes) => ({
        observation: { complete, holes },
        ...{ sum: new Sum(readings), weakened: new Sum(readings) },
      })),
    );
  }

  add(name: string, hosts: string, sa: IkeSa): void {
    addTo(this.repeated, sa.repeated);
    for (const { observation, sum, weakened } of this.#sums) {
      const { result, closed } = sa.close(hosts, observation);
      sum.add(result);
      if (closed.isLoose) {
        this.#isLoose = true;
        if (this.#loose.size < MOST_CLOSED) this.#loose.add(name);
      }
      const { findings, readings, missing } = closed.weaken('more')?.result ?? result;
      weakened.add({ ...result, findings, readings, missing: [...result.missing, ...missing] });
    }
  }

  /** There is more of an SA, or something is missing; of which one, is not known if there is no name. */
  goesOn(name?: string): void {
    const isKnown = name !== undefined && this.#loose.size < MOST_CLOSED;
    this.#goesOn ||= isKnown ? this.#loose.has(name) : this.#isLoose;
  }

  result(holes: boolean, complete: boolean): IkeSaResult {
    const fitting = this.#sums.find(
      ({ observation }) => observation.holes === holes && observation.complete === complete,
    );
    return ((this.#goesOn ? fitting?.weakened : fitting?.sum) ?? new Sum(0)).result();
  }
}

/** Results of many IKE SAs in one. */
class Sum {
  readonly #findings: Finding[] = [];
  readonly #remarks: Remark[] = [];
  readonly #missing = new CappedSet(MOST_MISSING);
  readonly #clusters = new Set<End>();
  readonly #supposed = new Set<End>();
  #readings: readonly Standing[];
  #differ = false;
  #beyond = 0;

  constructor(readings: number) {
    this.#readings = Array.from({ length: readings }, () => standingOf([]));
  }

  add({ findings, remarks, missing, clusters, supposed, readings }: IkeSaResult): void {
    this.#beyond += push(this.#findings, findings) + push(this.#remarks, remarks);
    for (const each of missing) this.#missing.add(each);
    for (const end of clusters) this.#clusters.add(end);
    for (const end of supposed) this.#supposed.add(end);
    this.#differ ||= readings.length > 0;
    const own = standingOf(findings);
    this.#readings = this.#readings.map((sum, index) => together([sum, readings[index] ?? own]));
  }

  result(): IkeSaResult {
    const beyond =
      this.#beyond === 0 ? [] : [{ message: `${this.#beyond} further findings and notes are not listed` }];
    return {
      findings: this.#findings,
      remarks: [...this.#remarks, ...beyond],
      missing: this.#missing.list(),
      clusters: [...this.#clusters],
      supposed: [...this.#supposed],
      readings: this.#differ ? this.#readings : [],
    };
  }
}

/** @returns how many found no room */
function push<T>(list: T[], more: readonly T[]): number {
  const room = Math.max(0, MOST_LISTED - list.length);
  list.push(...more.slice(0, room));
  return Math.max(0, more.length - room);
}
