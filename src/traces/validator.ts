/** Judges a trace event by event. What it remembers grows with the number of SAs, not with that of events. */
import { type Revision, rfc6311 } from '../../model/index.ts';
import { withoutPort } from './common/address.ts';
import { BoundedMap } from './common/bounded.ts';
import { EspJudge } from './esp/esp-judge.ts';
import type { ShortCutTarget } from './esp/short-cut.ts';
import type { ClusterEvent, End, Event, GapEvent, IkeMessage, MessageEvent, Unread } from './events/event.ts';
import { type EventPlace, Places, withPlaces } from './events/places.ts';
import { type FrameCounts, missingBy, remarkOn, type SourceFact } from './events/source-facts.ts';
import { type Standing, standingOf, together } from './findings/account.ts';
import type { Finding, Reading, Remark, Validation, Verdict } from './findings/finding.ts';
import { Holes, isOfInterest } from './findings/holes.ts';
import { notJudgedWithout } from './findings/not-judged.ts';
import { type BesideHandlers, besideHandlers, isJudgedBesideHandlers } from './findings/own-exchanges.ts';
import type { Allowance } from './judge/effort.ts';
import { EndsTold } from './judge/ends.ts';
import { FirstRequests } from './judge/first-requests.ts';
import type { NumberedIke } from './judge/ike-event.ts';
import { type IkeSaResult, nonceOf } from './judge/ike-sa-readings.ts';
import { IkeSas, KEPT_IDLE, type SaNews } from './judge/ike-sas.ts';
import { countersIn, NOTIFY, notifications } from './judge/interpret.ts';
import { isOfTheText, readingsOf, settingsOf } from './judge/readings.ts';
import { NO_ROLES, type Roles, roleAt, withEnd } from './roles.ts';
import type { ValidateOptions } from './validate.ts';

const NO_SPI = '0000000000000000';

/** IKE SAs that are remembered for messages that are not authentic. */
const MOST_SAS = 100_000;

/** What a reader knows besides the events, and how many frames it saw. */
export interface Observed extends Partial<FrameCounts> {
  readonly facts?: readonly SourceFact[];
}

/** What is known of a source that has not ended. */
export interface KnownSoFar {
  readonly unread: readonly Unread[];
  readonly facts: readonly SourceFact[];
}

/** What a validator has to say of a source that has not ended. */
export type News =
  | SaNews
  /** Of packets of ESP and AH: each is told once, and nothing takes it back. */
  | { readonly kind: 'esp'; readonly findings: readonly Finding[]; readonly remarks: readonly Remark[] };

const NO_FRAME_COUNTS: FrameCounts = { frames: 0, keepalives: 0, other: 0, fragments: 0 };

export class Validator {
  readonly #options: ValidateOptions;
  readonly #revision: Revision;
  /** What its exchanges leave to be judged; undefined: all. */
  readonly #beside: BesideHandlers | undefined;
  readonly #roles: Roles;
  /** Addresses with a role that were seen. */
  readonly #withRole = new Set<string>();
  readonly #ikeSas: IkeSas;
  readonly #esp: EspJudge;
  /** Ends of IKE SAs that were closed, and that behaved as clusters; and those of which nothing else shows it. */
  readonly #clusters = new Set<End>();
  readonly #supposed = new Set<End>();
  /** Which end has which address. */
  readonly #endAt = new BoundedMap<string, End>();
  readonly #ends = new EndsTold();
  /** Holes that the trace itself speaks of. */
  #gaps: { readonly count: number; readonly first: string } | undefined;
  readonly #places = new Places();
  #events = 0;
  #ikeMessages = 0;
  #notAuthentic = 0;
  /** IKE SAs of which there were messages that are not authentic. */
  readonly #withBad = new Set<string>();
  readonly #inits = new FirstRequests();
  #headersAlone = false;
  /** Whether any IKE message came after IKE_SA_INIT, of which the specification has no rules. */
  #beyondInit = false;

  /** @param allowance how far each end of an IKE SA is searched; see `effort.ts` */
  constructor(options: ValidateOptions = {}, allowance?: Allowance) {
    this.#options = options;
    this.#revision = options.revision ?? rfc6311;
    this.#roles = options.roles ?? NO_ROLES;
    this.#beside = besideHandlers(this.#revision);
    // Where its messages are not judged, they are counted all the same, and its handlers are asked nothing.
    const judgedBy = this.#beside === undefined ? this.#revision : rfc6311;
    this.#ikeSas = new IkeSas(judgedBy, this.#roles, { ...options, allowance });
    this.#esp = new EspJudge(this.#revision);
  }

  /** Number of events so far. */
  get count(): number {
    return this.#events;
  }

  /** Where ESP packets with numbers that are plainly new may go without an event for each. */
  get shortCut(): ShortCutTarget {
    const esp = this.#esp;
    return {
      sas: esp.tracked,
      get isPlain() {
        return esp.isPlain;
      },
      countPacket: () => {
        this.#events++;
        esp.packets++;
      },
    };
  }

  /**
   * From here on the source is followed: `news` is asked now and then, and what is done with is forgotten.
   *
   * @param loose how many findings of IKE SAs that were forgotten are remembered for what may weaken them
   */
  watch(loose?: number): void {
    this.#ikeSas.watch(new Holes([], [], this.#withBad), loose);
  }

  /**
   * What is new since this was asked last; what is done with is forgotten.
   *
   * @param now seconds by a clock that runs with the source; infinite once it has ended
   */
  *news({ unread, facts }: KnownSoFar, now: number): Generator<News> {
    const { complete = false } = this.#options;
    for (const news of this.#ikeSas.news(now, new Holes(unread, facts, this.#withBad), complete)) {
      if (this.#beside !== undefined) {
        if (news.kind === 'closed') this.#forget(news.sa);
        continue;
      }
      if (news.kind === 'closed') {
        for (const end of news.result.clusters) this.#clusters.add(end);
        for (const end of news.result.supposed) this.#supposed.add(end);
        this.#forget(news.sa);
        // Later it may not be known any more where its events stand.
        news.closed.place({ finding: (finding) => this.#placed(finding), text: this.#inPlaces });
      }
      yield this.#placedNews(news);
    }
    const told = this.#esp.news({
      ...{ endAt: this.#endAt, clusters: this.#clusters },
      ...{ supposed: this.#supposed, roles: this.#roles, complete },
    });
    const esp = { ...told, findings: this.#judged(told.findings) };
    if (esp.findings.length + esp.remarks.length > 0) yield this.#placedNews({ kind: 'esp', ...esp });
    if (Number.isFinite(now)) this.#esp.forget(now, KEPT_IDLE);
  }

  /** Of an IKE SA that is done with. */
  #forget(sa: string): void {
    this.#ends.forget(sa);
    this.#withBad.delete(sa);
  }

  /** Of findings on ESP those that are faults whatever the exchanges of the revision do. */
  #judged(findings: readonly Finding[]): readonly Finding[] {
    return this.#beside === undefined
      ? findings
      : findings.filter(({ rule }) => isJudgedBesideHandlers(rule));
  }

  /** A text with frames and lines for the numbers of events. */
  readonly #inPlaces = (text: string): string => withPlaces(text, (event) => this.#placeOf(event));

  /** News with frames and lines for the numbers of events. */
  #placedNews(news: News): News {
    if (news.kind === 'so far') {
      const soFar = news.soFar.map((each) => ({ ...each, finding: this.#placed(each.finding) }));
      return { ...news, soFar };
    }
    const inPlaces = this.#inPlaces;
    const remarked = (remark: Remark): Remark => ({ ...remark, message: inPlaces(remark.message) });
    if (news.kind === 'esp') {
      return {
        ...news,
        findings: news.findings.map((finding) => this.#placed(finding)),
        remarks: news.remarks.map(remarked),
      };
    }
    const { findings, remarks, missing } = news.result;
    const placed = (each: Finding): Finding => this.#placed(each);
    const result = {
      ...news.result,
      findings: findings.map(placed),
      remarks: remarks.map(remarked),
      missing: missing.map(inPlaces),
    };
    return news.kind === 'closed'
      ? { ...news, result }
      : { ...news, result, findings: news.findings.map(placed) };
  }

  /** The time of what comes next, of a source that is followed: seconds by a clock that runs with it. */
  set now(now: number) {
    this.#ikeSas.now = now;
  }

  /** There is something to say of an IKE SA the next time, even if nothing more of it comes. */
  lookAgain(sa: string): void {
    this.#ikeSas.lookAgain(sa);
  }

  /** How many SAs are remembered. */
  get remembered(): { readonly ikeSas: number; readonly espSas: number } {
    return { ikeSas: this.#ikeSas.remembered, espSas: this.#esp.remembered };
  }

  /** How many SAs were forgotten, being done with. */
  get forgotten(): { readonly ikeSas: number; readonly espSas: number } {
    return { ikeSas: this.#ikeSas.forgotten, espSas: this.#esp.forgotten };
  }

  take(told: Event): void {
    const number = ++this.#events;
    const event = this.#roles.size === 0 ? told : this.#withRoles(told);
    // Of packets, what is said of them has the place in it.
    if (!('message' in event) || event.message.kind === 'ike') this.#places.note(number, event);
    if (event.event === 'gap') this.#takeGap(event, number);
    else if (!('message' in event)) this.#takeClusterEvent(event, number);
    else if (event.integrity === 'bad') this.#takeNotAuthentic(event);
    else if (isIke(event)) {
      // Of a first request nothing is judged that depends on its sender, and there may be very many.
      if (event.sa?.endsWith(`:${NO_SPI}`) !== true) this.#ends.note(event);
      this.#takeIke({ number, event });
    } else if (isEsp(event)) this.#esp.take({ number, event });
    else {
      const from = this.#ends.endOf(event, number);
      const known = from === undefined ? event : { ...event, from };
      if (isIke(known)) this.#takeIke({ number, event: known });
    }
  }

  #withRoles(event: Event): Event {
    if (this.#roles.size === 0 || !('message' in event)) return event;
    for (const address of [event.source, event.destination]) {
      if (address !== undefined && roleAt(this.#roles, address) !== undefined) {
        this.#withRole.add(withoutPort(address));
      }
    }
    return withEnd(this.#roles, event);
  }

  #takeNotAuthentic({ message, sa = '' }: MessageEvent): void {
    this.#notAuthentic++;
    if (message.kind === 'ike' && this.#withBad.size < MOST_SAS) this.#withBad.add(sa);
  }

  #takeClusterEvent(event: ClusterEvent, number: number): void {
    this.#ikeSas.takeClusterEvent(event, number);
  }

  #takeGap(event: GapEvent, number: number): void {
    this.#ikeSas.takeGap(event, number);
    this.#gaps = { count: (this.#gaps?.count ?? 0) + 1, first: this.#gaps?.first ?? event.reason };
  }

  #takeIke(numbered: NumberedIke): void {
    const { event } = numbered;
    this.#ikeMessages++;
    const source = event.source === undefined ? '' : withoutPort(event.source);
    const destination = event.destination === undefined ? '' : withoutPort(event.destination);
    if (source !== '') this.#endAt.set(source, event.from);
    if (destination !== '') {
      this.#endAt.set(destination, event.from === 'initiator' ? 'responder' : 'initiator');
    }
    if (event.message.exchange !== 'IKE_SA_INIT') this.#beyondInit = true;
    // The first request has no SPI of the responder yet, and may be repeated with a cookie or another group
    // under the same Message ID (RFC 7296, 2.6 and 1.2); the SA begins with the response that has both SPIs.
    const sa = event.sa ?? '';
    this.#inits.note(event);
    if (sa.endsWith(`:${NO_SPI}`)) return;
    if (event.message.payloads === undefined) this.#headersAlone = true;
    const hosts = source < destination ? `${source} ${destination}` : `${destination} ${source}`;
    const asked = this.#ikeSas.take(numbered, hosts);
    if (this.#beside !== undefined) return;
    if (speaksOfReplayCounters(event.message)) this.#esp.expectDeltas();
    if (asked.again !== undefined) this.#esp.askedAgain(asked.again);
    else {
      const delta = deltaAskedIn(event.message);
      if (delta !== undefined) this.#esp.askDelta(nonceOf(event.message) ?? numbered.number, delta);
    }
    for (const told of asked.deltas) {
      const [host, to] = event.from === told.end ? [source, destination] : [destination, source];
      this.#esp.tellDelta(told, { sa, end: told.end, host, to });
    }
  }

  /** Where an event is; of several files, also in which. */
  #placeOf(event: number, here?: string): EventPlace {
    const file = this.#options.fileOf?.(event);
    return { ...this.#places.of(event), ...(file === undefined || file === here ? {} : { file }) };
  }

  /** A finding with its file, and with places for the events that it refers to. */
  #placed(finding: Finding): Finding {
    const { event, first, takenOverFrom, prefixes } = finding;
    const file = this.#options.file ?? this.#options.fileOf?.(event);
    const placeOf = (each: number): EventPlace => this.#placeOf(each, file);
    const inPlaces = (text: string): string => withPlaces(text, placeOf);
    return {
      ...finding,
      ...(file === undefined ? {} : { file }),
      message: inPlaces(finding.message),
      allowed: inPlaces(finding.allowed),
      ...(finding.condition === undefined ? {} : { condition: inPlaces(finding.condition) }),
      ...(first?.event === undefined ? {} : { first: { ...placeOf(first.event), ...first } }),
      ...(takenOverFrom === undefined
        ? {}
        : { takenOverFrom: takenOverFrom.map((each) => ({ ...each, ...placeOf(each.event ?? 0) })) }),
      ...(prefixes === undefined
        ? {}
        : {
            prefixes: prefixes.map((each) => ({
              ...each,
              way: inPlaces(each.way),
              because: inPlaces(each.because),
            })),
          }),
    };
  }

  get #endsMissing(): readonly string[] {
    if (this.#ends.untold === undefined || this.#beside !== undefined) return [];
    const { count, first } = this.#ends.untold;
    const which = count === 1 ? `event ${first}` : `${count} messages, the first of them event ${first}`;
    return [`which end sent ${which} (\`from\` is absent): --role ADDRESS=initiator tells`];
  }

  get #endsRemarks(): readonly Remark[] {
    const { count } = this.#ends;
    if (count === 0) return [];
    const which = count === 1 ? 'an IKE SA' : `${count} IKE SAs`;
    return [
      {
        message: `who opened ${which} is not told, and nothing that is judged depends on it: in what is said of it, the initiator is the end that is first seen to send`,
      },
    ];
  }

  get #gapsMissing(): readonly string[] {
    if (this.#gaps === undefined) return [];
    const { count, first } = this.#gaps;
    const more = count === 1 ? '' : `, and ${count - 1} ${count === 2 ? 'hole' : 'holes'} more`;
    return [`what is missing in the trace: ${first}${more}`];
  }

  /** The verdict, once all events were taken. */
  end({ facts = [], ...frames }: Observed = {}): Validation {
    const { file, unread = [], remarks = [], missing: lacking = [], complete = false } = this.#options;
    const holes = new Holes(unread, facts, this.#withBad);
    const beside = this.#beside;
    const seen = this.#ikeSas.result(holes, complete);
    const { repeated } = seen;
    const { results: ike, missing: idle } = beside === undefined ? seen : { results: [], missing: [] };
    const clusters = new Set([...this.#clusters, ...ike.flatMap((sa) => sa.clusters)]);
    const supposed = new Set([...this.#supposed, ...ike.flatMap((sa) => sa.supposed)]);
    const told = this.#esp.result({
      ...{ endAt: this.#endAt, clusters, supposed, roles: this.#roles, complete },
    });
    const esp = { ...told, findings: this.#judged(told.findings) };
    const findings = [...ike.flatMap((sa) => sa.findings), ...esp.findings]
      .sort((a, b) => a.event - b.event)
      .map((finding) => this.#placed(finding));
    const inPlaces = this.#inPlaces;
    const judged = [...ike.flatMap((sa) => sa.missing), ...idle, ...this.#endsMissing].map(inPlaces);
    const missing = [
      ...new Set([
        ...lacking,
        ...(beside === undefined ? [] : [beside.missing]),
        ...judged,
        ...this.#gapsMissing,
        ...this.#esp.missing.map(inPlaces),
        ...facts.flatMap((fact) => missingBy(fact, file === undefined) ?? []),
      ]),
    ];
    if (this.#ikeMessages + this.#esp.packets + this.#esp.ahPackets === 0) {
      missing.push(
        this.#esp.hasCounters
          ? 'messages of IKE, and single packets of ESP: only the counters of SAs were seen'
          : 'IKE messages and ESP packets: there are none',
      );
    } else if (!this.#beyondInit && this.#esp.packets + this.#esp.ahPackets === 0) {
      missing.push('anything after IKE_SA_INIT: before that, no rule judges');
    }
    if (unread.some((each) => isOfInterest(each, (sa) => this.#ikeSas.knows(sa))))
      missing.push('records that could not be read');
    return {
      files: file === undefined ? [] : [file],
      revision: this.#revision.name,
      verdict: verdictOf(standingOf(findings), missing),
      ...(beside === undefined
        ? { notJudged: this.#headersAlone ? notJudgedWithout(this.#revision) : [] }
        : { notJudged: beside.notJudged, notJudgedBecause: beside.because }),
      missing,
      readings: this.#readings(ike, esp.findings, missing),
      findings,
      remarks: listed([
        ...remarks.map((message): Remark => ({ message })),
        ...this.#endsRemarks,
        ...facts.flatMap((fact): readonly Remark[] => {
          const message = remarkOn(fact, file === undefined);
          return message === undefined ? [] : [{ message }];
        }),
        ...[...ike.flatMap((sa) => sa.remarks), ...esp.remarks].map((remark) => ({
          ...remark,
          message: inPlaces(remark.message),
        })),
        ...[...this.#roles.keys()]
          .filter((address) => !this.#withRole.has(address))
          .map((address) => ({ message: `--role ${address}: nothing from or to this address was seen` })),
      ]),
      unread,
      facts,
      frames: { ...NO_FRAME_COUNTS, ...frames },
      statistics: {
        events: this.#events,
        ikeMessages: this.#ikeMessages,
        espPackets: this.#esp.packets,
        ahPackets: this.#esp.ahPackets,
        ikeSas: this.#ikeSas.count,
        espSas: this.#esp.sas,
        repeated:
          repeated.retransmitted +
          repeated.duplicated +
          repeated.replayed +
          this.#esp.repeated +
          this.#inits.retransmitted +
          this.#inits.duplicated,
        retransmitted: repeated.retransmitted + this.#inits.retransmitted,
        duplicated: repeated.duplicated + this.#esp.duplicated + this.#inits.duplicated,
        replayed: repeated.replayed + this.#esp.repeated - this.#esp.duplicated,
        notAuthentic: this.#notAuthentic + repeated.altered + this.#esp.altered,
      },
    };
  }

  /** Every combination of readings that a trace can show, and the verdict under each. */
  #readings(
    ike: readonly IkeSaResult[],
    espFindings: readonly Finding[],
    missing: readonly string[],
  ): readonly Reading[] {
    if (ike.every(({ readings }) => readings.length === 0)) return [];
    return readingsOf(this.#revision).map((policies, index): Reading => {
      const standings = [
        standingOf(espFindings),
        ...ike.map((sa) => sa.readings[index] ?? standingOf(sa.findings)),
      ];
      return {
        settings: settingsOf(this.#revision, policies),
        ofTheText: isOfTheText(policies),
        verdict: verdictOf(together(standings), missing),
      };
    });
  }
}

/** Whether a delta may be told from here on. */
const speaksOfReplayCounters = ({ payloads = [] }: IkeMessage): boolean =>
  payloads.some(
    (payload) =>
      payload.type === 'N' &&
      (payload.notify === NOTIFY.replayCounterSync || payload.notify === NOTIFY.replayCounterSyncSupported),
  );

/** The delta that a request asks to add, if it asks for one. */
function deltaAskedIn({ response, payloads = [] }: IkeMessage): number | undefined {
  const [counters] = response ? [] : notifications(payloads, NOTIFY.replayCounterSync);
  return counters === undefined ? undefined : countersIn(counters).delta;
}

/** The verdict by what was found, and by what is missing. */
export const verdictOf = ({ violates, any }: Standing, missing: readonly string[]): Verdict =>
  violates ? 'violates' : any || missing.length > 0 ? 'inconclusive' : 'conformant';

/** So many notes are listed; nobody reads more. */
const MOST_REMARKS = 1000;

const listed = (remarks: readonly Remark[]): readonly Remark[] =>
  remarks.length <= MOST_REMARKS
    ? remarks
    : [
        ...remarks.slice(0, MOST_REMARKS),
        { message: `${remarks.length - MOST_REMARKS} further notes are not listed` },
      ];

type EspPacketEvent = Parameters<EspJudge['take']>[0];

const isIke = (event: MessageEvent): event is NumberedIke['event'] =>
  event.message.kind === 'ike' && event.from !== undefined;

const isEsp = (event: MessageEvent): event is EspPacketEvent['event'] => event.message.kind === 'esp';
