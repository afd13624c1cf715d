/** Judges packets of ESP and AH: numbers that are sent twice, deltas that are not added, packets that are accepted twice. */
import {
  type Content,
  espSequenceUnique,
  isNewInWindow,
  type Nonce,
  nextNumber,
  type Revision,
  type RuleId,
} from '../../../model/index.ts';
import { add, emptySet, has, type NumberSet } from '../../../model/state/number-set.ts';
import { withoutPort } from '../common/address.ts';
import { CappedSet } from '../common/capped-set.ts';
import { Turns } from '../common/turns.ts';
import type { End } from '../events/event.ts';
import { type EventPlace, type Where, whereIn } from '../events/places.ts';
import type { Finding, Remark } from '../findings/finding.ts';
import type { DeltaTold } from '../judge/ike-sa.ts';
import { type Role, type Roles, roleAt } from '../roles.ts';
import { type CounterFault, EspCounters } from './counters.ts';
import { EspDeltas, type ToldTo } from './esp-deltas.ts';
import { destinationOf, type EspEvent, EspSas, protocolOf, wholeNumber } from './esp-sas.ts';

/** So many findings are listed; the rest is counted. */
const MOST = 1000;

/** Sets of accepted numbers that are kept, for the SAs of which one was last accepted. */
const MOST_ACCEPTED = 65_536;

/** While a source is followed, idle SAs are looked for every so many seconds, and so many are kept at most. */
const SWEPT = 60;
const MOST_KEPT = 100_000;

/** Findings with a condition for which it is said what is missing. */
const MOST_OPEN = 20;

/** A copy that comes so many numbers late or more was not made on the way, but sent again by somebody. */
const LATE = 64;

interface Told {
  readonly rule: RuleId;
  readonly property?: string;
  /** The host whose fault it is, if its address was seen. */
  readonly host: string | undefined;
  readonly from: End | undefined;
  readonly event: number;
  readonly at: Where;
  readonly first?: EventPlace;
  readonly message: string;
  readonly allowed: string;
  /** Without which it is none, unless nothing is missing in the trace. */
  readonly condition?: string | undefined;
}

/** What is known of the ends when a finding is put into words. */
export interface KnownOfEnds {
  /** Which end has which address. */
  readonly endAt: ReadonlyMap<string, End>;
  /** The ends that behaved as clusters. */
  readonly clusters: ReadonlySet<End>;
  /** Of these, those of which nothing else shows it. */
  readonly supposed: ReadonlySet<End>;
  /** What a user told. */
  readonly roles: Roles;
  /** Whether nothing is missing in the trace, as somebody says. */
  readonly complete: boolean;
}

interface EspFound {
  readonly findings: readonly Finding[];
  readonly remarks: readonly Remark[];
}

export class EspJudge {
  /** Packets of ESP, and of AH. */
  packets = 0;
  /** Whether a counter of an SA was seen. */
  hasCounters = false;
  ahPackets = 0;
  repeated = 0;
  duplicated = 0;
  altered = 0;
  readonly #sas = new EspSas();
  readonly #deltas: EspDeltas;
  readonly #counters = new EspCounters();
  readonly #accepted = new Map<string, NumberSet>();
  /** By SA, of those with numbers that were used again. */
  readonly #turns = new Map<string, Turns<EspEvent>>();
  readonly #told: Told[] = [];
  /** What is missing for findings under a condition to convict. */
  readonly #open = new CappedSet(MOST_OPEN);
  #beyond = 0;
  #remarksBeyond = 0;
  readonly #remarks: Remark[] = [];
  /** When idle SAs were last looked for. */
  #sweptAt = 0;

  constructor(revision: Revision) {
    this.#deltas = new EspDeltas(revision);
  }

  get sas(): number {
    return this.#sas.count;
  }

  take(packet: EspEvent): void {
    const { event } = packet;
    // A counter tells of packets, and is none.
    if (event.message.counter === true) {
      this.hasCounters = true;
      const fault = this.#counters.take(packet);
      if (fault !== undefined) this.#findCounter(fault);
    } else if (event.message.protocol === 'ah') this.ahPackets++;
    else this.packets++;
    if (event.event === 'accepted') this.#takeAccepted(packet);
    const verdict = this.#sas.take(packet, 'cluster');
    if (verdict.kind === 'repeated') {
      // The log of the other end tells of the same packet; that is no copy of it.
      if (event.event === 'seen' || event.event === 'sent') {
        this.repeated++;
        if (verdict.behind < LATE) this.duplicated++;
      }
    } else if (verdict.kind === 'altered') this.altered++;
    else if (verdict.kind === 'new') {
      for (const told of this.#deltas.take(packet)) {
        if (told.kind === 'remark') this.#remark(told.message, whereIn(event));
        else
          this.#find(packet, told.rule, told.property, told.message, told.allowed, {
            condition: told.condition,
          });
      }
    } else if (verdict.kind === 'zero') {
      this.#find(
        packet,
        nextNumber.text.id,
        undefined,
        `${protocolOf(event)} sequence number 0 of SPI ${event.message.spi} is sent, but the first number of an SA is ${nextNumber({ spi: event.message.spi, last: 0 })}, and numbers do not begin again`,
        `any number above ${verdict.highest}`,
      );
    } else if (verdict.kind === 'reused') {
      const { firstFrame, highest } = verdict.reuse;
      const { spi } = event.message;
      const first = firstFrame === undefined ? '' : ` (first in frame ${firstFrame})`;
      this.#noteTurn(packet, highest);
      this.#find(
        packet,
        'RFC4303-3.3.3-NEVER-REPEAT',
        'esp-sequence-unique',
        `${protocolOf(event)} sequence number ${wholeNumber(event.message)} of SPI ${spi} is sent a second time, with other octets${first}`,
        `any number above ${highest}`,
        firstFrame === undefined ? {} : { first: { frame: firstFrame } },
      );
    }
  }

  /** Whether the numbers of an SA go back, on, and back again. */
  #noteTurn(packet: EspEvent, highest: number | bigint): void {
    const { event } = packet;
    const key = `${event.message.spi} ${destinationOf(event)}`;
    const turns = this.#turns.get(key);
    if (turns !== undefined) turns.goBack(highest);
    else if (this.#turns.size < MOST) this.#turns.set(key, new Turns(packet, highest));
  }

  #remarkOnTurns({ count, packet: { event }, of }: Turns<EspEvent>): void {
    if (count < 2) return;
    const host = event.source === undefined ? '' : ` of ${withoutPort(event.source)}`;
    this.#remark(
      `${protocolOf(event)} sequence numbers of SPI ${event.message.spi} go back ${count} times, and on in between: ${of(`members${host}`)}`,
      whereIn(event),
    );
  }

  /** What would have to be known for a verdict on every packet. */
  get missing(): readonly string[] {
    return [...this.#sas.missing, ...this.#counters.result().missing, ...this.#open.list()];
  }

  #findCounter({ packet, message, allowed }: CounterFault): void {
    this.#find(packet, 'RFC4303-3.3.3-NEVER-REPEAT', espSequenceUnique.id, message, allowed);
  }

  /** The SAs that packets take the short cut to, and whether they may. */
  get tracked(): EspSas {
    return this.#sas;
  }

  get isPlain(): boolean {
    return !this.#deltas.isExpected;
  }

  /** From here on deltas may be told. */
  expectDeltas(): void {
    this.#deltas.isExpected = true;
  }

  /** An end is asked to add a delta: from here on it may. */
  askDelta(asked: Content | Nonce, delta: number): void {
    this.#deltas.ask(asked, delta);
  }

  /** An end was told a delta and answered: from here on its outgoing counters are that much higher. */
  tellDelta(told: DeltaTold, to: ToldTo): void {
    this.#deltas.tell(told, to);
  }

  /** Somebody asked again what was asked before: the delta is not added again. */
  askedAgain(asked: Content | Nonce): void {
    this.#deltas.askedAgain(asked);
  }

  /** The log of the receiving end says that it took a packet for new. */
  #takeAccepted(packet: EspEvent): void {
    const { destination = '', message } = packet.event;
    // The set is of numbers below 2^32: extended ones are in as many sets as there are upper halves.
    const key = `${message.upper ?? ''} ${message.spi} ${destinationOf(packet.event)}`;
    const before = this.#accepted.get(key) ?? emptySet;
    const number = message.sequence;
    const window = { highest: number, seen: has(before, number) ? [number] : [] };
    if (isNewInWindow(window, 1, number)) {
      this.#accepted.delete(key);
      this.#accepted.set(key, add(before, number).slice(-MOST));
      const [oldest] = this.#accepted.keys();
      if (oldest !== undefined && this.#accepted.size > MOST_ACCEPTED) this.#accepted.delete(oldest);
      return;
    }
    if (this.#told.length >= MOST) {
      this.#beyond++;
      return;
    }
    this.#told.push({
      rule: isNewInWindow.text.id,
      property: 'esp-replay-rejected',
      host: destination === '' ? undefined : withoutPort(destination),
      from: packet.event.from === undefined ? undefined : otherEnd(packet.event.from),
      event: packet.number,
      at: whereIn(packet.event),
      message: `the packet with ${protocolOf(packet.event)} sequence number ${wholeNumber(message)} of SPI ${message.spi} is accepted a second time`,
      allowed: 'to drop it',
    });
  }

  #find(
    { number, event }: EspEvent,
    rule: RuleId,
    property: string | undefined,
    message: string,
    allowed: string,
    more: Pick<Told, 'first' | 'condition'> = {},
  ): void {
    if (this.#told.length >= MOST) {
      this.#beyond++;
      return;
    }
    this.#told.push({
      rule,
      ...(property === undefined ? {} : { property }),
      host: event.source === undefined ? undefined : withoutPort(event.source),
      from: event.from,
      event: number,
      at: whereIn(event),
      message,
      allowed,
      ...more,
    });
  }

  #findingsOf(told: readonly Told[], known: KnownOfEnds): readonly Finding[] {
    for (const { event, rule, condition } of known.complete ? [] : told) {
      if (condition === undefined) continue;
      this.#open.add(
        `whether ${condition}: event ${event} breaks ${rule} if so (--complete says that all was captured)`,
      );
    }
    return told.map((each) => findingOf(each, known));
  }

  #remark(message: string, at: Where): void {
    if (this.#remarks.length >= MOST) this.#remarksBeyond++;
    else {
      this.#remarks.push({ message, ...at });
    }
  }

  get remembered(): number {
    return this.#sas.remembered;
  }

  /** How many SAs were forgotten. */
  get forgotten(): number {
    return this.#sas.forgotten;
  }

  /**
   * Time goes on, for a source that is followed: SAs that were idle for long are forgotten.
   *
   * @param now in seconds, by a clock that runs with the source
   */
  forget(now: number, kept: number): void {
    // What came since this was asked last has the time of then.
    const last = this.#sas.now;
    this.#sas.now = Math.floor(now);
    const isDue = this.#sas.now - this.#sweptAt >= SWEPT || this.#sas.remembered > 2 * MOST_KEPT;
    if (!isDue) return;
    this.#sweptAt = this.#sas.now;
    const gone = this.#sas.forget(Math.min(now - kept, last), MOST_KEPT);
    if (gone.length > 0) this.#deltas.forget(gone);
  }

  /** What was found since this was asked last. */
  news(known: KnownOfEnds): EspFound {
    return {
      findings: this.#findingsOf(this.#told.splice(0), known),
      remarks: this.#remarks.splice(0),
    };
  }

  /** All that was found, or what was since `news` was asked last. */
  result(known: KnownOfEnds): EspFound {
    for (const fault of this.#counters.result().faults) this.#findCounter(fault);
    for (const remark of this.#counters.remarks) this.#remark(remark, {});
    for (const turns of this.#turns.values()) this.#remarkOnTurns(turns);
    const more = [
      ...(this.#beyond === 0 ? [] : [{ message: `${this.#beyond} further findings on ESP are not listed` }]),
      ...(this.#remarksBeyond === 0
        ? []
        : [{ message: `${this.#remarksBeyond} further notes on ESP are not listed` }]),
    ];
    return { findings: this.#findingsOf(this.#told, known), remarks: [...this.#remarks, ...more] };
  }
}

function findingOf(
  { host, from, event, at, condition, ...told }: Told,
  { endAt, clusters, supposed, roles, complete }: KnownOfEnds,
): Finding {
  const isSupposed = supposed.size > 0 && clusters.size === supposed.size;
  const end = (host === undefined ? undefined : endAt.get(host)) ?? from;
  return {
    ...told,
    ...(condition === undefined || complete ? {} : { condition }),
    actor: actorFor(end, clusters, roleAt(roles, host)),
    ...(end === undefined ? {} : { end }),
    ...(end !== undefined && isSupposed ? { supposed: true } : {}),
    ...(host === undefined ? {} : { address: host }),
    event,
    ...at,
    explainedUntil: event - 1,
  };
}

function actorFor(end: End | undefined, clusters: ReadonlySet<End>, told?: Role): Finding['actor'] {
  if (end === undefined || (clusters.size === 0 && told?.party !== undefined)) {
    return told?.party ?? told?.end ?? 'sender';
  }
  if (clusters.size !== 1) return end;
  return clusters.has(end) ? 'cluster' : 'peer';
}

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');
