/**
 * The log of strongSwan's IKE daemon charon, at its default levels: what one end sent, received and ignored.
 *
 * A message takes several lines: `generating INFORMATIONAL request 2 [ ]` and `sending packet: from ... to ...`, or
 * `received packet: ...` and `parsed ...`, each pair by one thread. The log has no octets and no SPIs of IKE SAs, and
 * of notifications no data; what needs these is left open, never guessed.
 */

import { withoutPort, withPort } from '../address.ts';
import type { End, MessageEvent, Payload } from '../event.ts';
import { NOTIFY } from '../interpret.ts';
import { CHARON_NOTIFICATIONS, CHARON_PAYLOADS } from './charon-names.ts';
import { LogReader } from './log-reader.ts';

/** Groups: thread, subsystem, IKE SA with its unique number (in angle brackets), text. */
const LINE = /(?:^|\s)(\d\d)\[(\w{3})\] (?:<(?:[^>|]{0,1000}\|)?(\d{1,15})> )?(.*)/su;
/** What stands before that ends in the time, if it has one: after a date, or before what a system log puts there. */
const TIME = /(?:^|\s)(\d\d:\d\d:\d\d(?:\.\d{1,12})?)(?:\s{1,20}\S{1,255} charon\S{0,40}:)?$/u;

/** Whether a text may be such a log. */
export const looksLikeCharon = (text: string): boolean => /^(?:.{0,60}\s)?\d\d\[[A-Z]{3}\] /mu.test(text);

const PACKET = /^(sending|received) packet: from ([^[]+)\[(\d+)\] to ([^[]+)\[(\d+)\]/u;
const MESSAGE = /^(generating|parsed) (\w+) (request|response) (\d+) \[ ?(.*?) ?\]$/u;
const RETRANSMIT = /^retransmit \d+ of request with message ID (\d+)/u;
const ANSWER_AGAIN = /^received retransmit of request with ID (\d+), retransmitting response/u;
const IGNORED =
  /^(?:received message ID (\d+), expected (\d+),? ignored|ignore invalid \w+ request|integrity check failed|ignore IKEV2_MESSAGE_ID_SYNC notify)/u;
const INITIATING = /^initiating IKE_SA .*\[(\d+)\] to |^\S+ is initiating an IKE_SA/u;
const REKEYED = /^IKE_SA .*\[(\d+)\] rekeyed between /u;
const DELETE = /^(sending|received) DELETE for (?:IKE_SA|(ESP|AH) CHILD_SA with SPI ([0-9a-f]{8}))/u;
const ESP = /^parsed ESP header with SPI ([0-9a-f]{8}) \[seq ([0-9a-f]+)\]/u;

/** A message that was put together or taken apart; its payloads are absent if they cannot be told. */
interface Told {
  readonly exchange: string;
  readonly response: boolean;
  readonly id: number;
  readonly payloads: readonly Payload[] | undefined;
}

/** What a thread is at. */
interface Thread {
  /** Generated, and to be sent. */
  outgoing: Told | undefined;
  /** Received, and to be parsed. */
  incoming: { readonly from: string; readonly to: string } | undefined;
  /** Parsed; told when it is known whether it was ignored. */
  parsed:
    | { readonly told: Told; readonly way: Thread['incoming']; readonly time: number | undefined }
    | undefined;
  deletes: Payload | undefined;
  sa: string | undefined;
  /** Whether the other end is about to replace the IKE SA by a new one. */
  isRekeyed: boolean;
}

const freshThread = (): Thread => ({
  outgoing: undefined,
  incoming: undefined,
  parsed: undefined,
  deletes: undefined,
  sa: undefined,
  isRekeyed: false,
});

export class CharonReader extends LogReader {
  readonly #threads = new Map<string, Thread>();
  /** Which end this one is, for each IKE SA by its unique number, or by its hosts if the log has no numbers. */
  readonly #roles = new Map<string, End>();
  /** IKE SAs that were authenticated: after that, IKE_SA_INIT opens another one. */
  readonly #authenticated = new Set<string>();
  /** Hosts with several IKE SAs between them, in a log without numbers. */
  readonly #mixed = new Set<string>();
  /** How often a number was given anew, since the daemon was started again. */
  readonly #rounds = new Map<string, number>();
  /** The last messages sent: by SA, kind and Message ID, so that a retransmission can be told. */
  readonly #sent = new Map<string, Told>();
  /** The thread that parsed a message which is not told yet: only the last may wait. */
  #waiting: Thread | undefined;
  #local: string | undefined;
  /** Numbers for IKE SAs that have none. */
  readonly #numbers = new Map<string, number>();
  /** The line that is read. */
  #number = 0;
  #day = 0;
  #lastTime = 0;
  #messages = 0;

  protected override finish(): readonly string[] {
    this.#flushAll();
    return this.#messages === 0
      ? []
      : [
          `the log of ${this.observer} has no octets and no data of notifications: by it alone nobody can tell a number used again from a copy (RFC7296-2.1-RETRANSMISSION, RFC4303-3.3.3-NEVER-REPEAT), nor judge a counter sync`,
        ];
  }

  protected override line(text: string, number: number): void {
    const match = LINE.exec(text);
    if (match === null) return;
    this.#number = number;
    const [, id = '', , unique, said = ''] = match;
    const clock = TIME.exec(text.slice(0, match.index).trimEnd())?.[1];
    const time = clock === undefined ? undefined : this.#timeOf(clock);
    const thread = this.#threads.get(id) ?? freshThread();
    if (this.#threads.size < 4096) this.#threads.set(id, thread);
    if (unique !== undefined) thread.sa = unique;
    if (IGNORED.test(said)) this.#ignored(thread, said, number);
    else this.#said(thread, said, time);
  }

  #said(thread: Thread, said: string, time: number | undefined): void {
    const packet = PACKET.exec(said);
    if (packet !== null) {
      const [, way, from = '', fromPort, to = '', toPort] = packet;
      const [source, destination] = [withPort(from, Number(fromPort)), withPort(to, Number(toPort))];
      if (way === 'sending') this.#sending(thread, source, destination, time);
      else {
        this.#flush(thread);
        this.#local ??= destination;
        thread.incoming = { from: source, to: destination };
      }
      return;
    }
    const message = MESSAGE.exec(said);
    if (message !== null) {
      this.#message(thread, message, time);
      return;
    }
    const esp = ESP.exec(said);
    if (esp !== null) {
      this.#esp(esp[1] ?? '', Number.parseInt(esp[2] ?? '', 16), time);
      return;
    }
    const again = RETRANSMIT.exec(said);
    if (again !== null) thread.outgoing = this.#sent.get(`${thread.sa} request ${again[1]}`);
    const answer = ANSWER_AGAIN.exec(said);
    if (answer !== null) {
      this.#flush(thread);
      thread.outgoing = this.#sent.get(`${thread.sa} response ${answer[1]}`);
    }
    const deletion = DELETE.exec(said);
    if (deletion !== null) this.#deletion(thread, deletion);
    this.#newSa(thread, said);
  }

  /** Who opens an IKE SA, IKE_SA_INIT shows; who opens one that replaces another, the text tells. */
  #newSa(thread: Thread, said: string): void {
    const initiating = INITIATING.exec(said);
    if (initiating?.[1] !== undefined) this.#roles.set(initiating[1], 'initiator');
    else if (initiating !== null) {
      thread.isRekeyed = thread.parsed?.told.exchange === 'CREATE_CHILD_SA';
    }
    const unique = REKEYED.exec(said)?.[1];
    if (unique === undefined) return;
    if (thread.isRekeyed) this.#roles.set(unique, 'responder');
    thread.isRekeyed = false;
    // Which of the two IKE SAs a message belongs to, only numbers tell.
    if (thread.sa === undefined) for (const hosts of this.#authenticated) this.#mixed.add(hosts);
  }

  /**
   * Notes what a message tells of its IKE SA.
   *
   * @returns its name; nothing if it cannot be told from another
   */
  #saFor(thread: Thread, isSent: boolean, told: Told, way: Thread['incoming']): string | undefined {
    const hosts = [way?.from ?? '', way?.to ?? ''].map(withoutPort).sort().join(' ');
    const sa = thread.sa ?? hosts;
    const { exchange, response } = told;
    if (exchange === 'IKE_AUTH') this.#authenticated.add(sa);
    else if (exchange === 'IKE_SA_INIT') {
      if (thread.sa === undefined && this.#authenticated.has(sa)) this.#mixed.add(sa);
      else if (this.#authenticated.delete(sa)) this.#rounds.set(sa, (this.#rounds.get(sa) ?? 0) + 1);
      this.#roles.set(sa, isSent === response ? 'responder' : 'initiator');
    }
    if (this.#mixed.has(sa)) return undefined;
    return sa;
  }

  /** What it did nothing with: the message that it parsed last, or one that it did not parse. */
  #ignored(thread: Thread, said: string, number: number): void {
    if (thread.parsed !== undefined) this.#flush(thread, 'dropped');
    else if (!said.startsWith('ignore invalid')) {
      this.unread.add(number, `"${said}": the log does not tell of which message`);
    }
  }

  #message(thread: Thread, match: RegExpExecArray, time: number | undefined): void {
    const [, what, exchange = '', kind, id, inside = ''] = match;
    // A fragment of a message that is told as a whole before or after.
    if (/^EF\(\d+\/\d+\)$/u.test(inside)) return;
    const told: Told = {
      exchange: EXCHANGES.has(exchange) ? exchange : '0',
      response: kind === 'response',
      id: Number(id),
      payloads: payloadsOf(inside, thread.deletes),
    };
    if (told.exchange === '0' || told.id > 0xffff_ffff) return;
    this.#flushAll();
    if (what === 'generating') {
      thread.outgoing = told;
      thread.deletes = undefined;
    } else {
      thread.parsed = { told, way: thread.incoming, time };
      this.#waiting = thread;
    }
  }

  #sending(thread: Thread, source: string, destination: string, time: number | undefined): void {
    this.#flushAll();
    this.#local = source;
    const told = thread.outgoing;
    if (told === undefined) return;
    // The message stays: its next fragment, or a retransmission, may follow. Fragments count as one message.
    thread.outgoing = undefined;
    this.#sent.set(`${thread.sa} ${told.response ? 'response' : 'request'} ${told.id}`, told);
    const [oldest] = this.#sent.keys();
    if (oldest !== undefined && this.#sent.size > 10_000) this.#sent.delete(oldest);
    this.#tell('sent', thread, told, { from: source, to: destination }, time);
  }

  /** Before another message is told, so that the order stays that of the log. */
  #flushAll(): void {
    if (this.#waiting !== undefined) this.#flush(this.#waiting);
    this.#waiting = undefined;
  }

  /** What was parsed and not ignored was received. */
  #flush(thread: Thread, event: 'received' | 'dropped' = 'received'): void {
    const { parsed } = thread;
    if (parsed === undefined) return;
    thread.parsed = undefined;
    const { told, way, time } = parsed;
    const payloads = told.payloads?.map((payload) =>
      payload.type === 'D' && thread.deletes !== undefined ? thread.deletes : payload,
    );
    thread.deletes = undefined;
    this.#tell(event, thread, { ...told, payloads }, way, time);
  }

  #tell(
    event: 'sent' | 'received' | 'dropped',
    thread: Thread,
    { exchange, response, id, payloads }: Told,
    way: Thread['incoming'],
    time: number | undefined,
  ): void {
    const sa = this.#saFor(thread, event === 'sent', { exchange, response, id, payloads }, way);
    if (sa === undefined) {
      this.unread.add(
        this.#number,
        `${exchange} ${response ? 'response' : 'request'} ${id}: the log does not tell to which IKE SA of several it belongs (have it told: ike_name = yes for this log in strongswan.conf)`,
      );
      return;
    }
    const own = this.#roles.get(sa);
    const from = own === undefined ? undefined : event === 'sent' ? own : otherEnd(own);
    this.#messages += 1;
    const told: MessageEvent = {
      ...(time !== undefined && { time }),
      observer: this.observer,
      sa: this.#spisOf(sa),
      event,
      ...(from !== undefined && { from }),
      ...(way !== undefined && { source: way.from, destination: way.to }),
      message: {
        kind: 'ike',
        exchange,
        response,
        id,
        ...(payloads?.every(isKnown) === true && { payloads }),
      },
      // What an end has acted on, or made itself, is authentic; no octets are told.
      integrity: 'good',
    };
    this.sink.take(told);
  }

  /** Stands for the SPIs, which the log does not tell: the unique number of the IKE SA twice, or one of ours. */
  #spisOf(sa: string): string {
    const rounds = this.#rounds.get(sa) ?? 0;
    if (/^\d+$/u.test(sa) && rounds === 0) {
      const digits = BigInt(sa).toString(16).padStart(16, '0').slice(-16);
      return `${digits}:${digits}`;
    }
    const name = `${sa} ${rounds}`;
    const number = this.#numbers.get(name) ?? this.#numbers.size + 1;
    this.#numbers.set(name, number);
    const digits = `f${number.toString(16).padStart(15, '0')}`;
    return `${digits}:${digits}`;
  }

  #deletion(thread: Thread, [, , protocol, spi]: RegExpExecArray): void {
    const number = protocol === undefined ? 1 : protocol === 'ESP' ? 3 : 2;
    thread.deletes = { type: 'D', protocol: number, spis: spi === undefined ? [] : [spi] };
  }

  #esp(spi: string, sequence: number, time: number | undefined): void {
    if (!Number.isInteger(sequence) || sequence > 0xffff_ffff) return;
    this.#flushAll();
    this.#messages += 1;
    this.sink.take({
      ...(time !== undefined && { time }),
      observer: this.observer,
      event: 'received',
      ...(this.#local !== undefined && { destination: this.#local }),
      message: { kind: 'esp', spi, sequence },
      integrity: 'unchecked',
    });
  }

  /** Seconds; the log has no date, so the first day is day 0. */
  #timeOf(clock: string): number {
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
    const ofDay = 3600 * hours + 60 * minutes + seconds;
    // Threads may be a little out of order; half a day back is the next day.
    if (this.#lastTime - ofDay > 43_200) this.#day += 1;
    this.#lastTime = ofDay;
    return Math.round(1e6 * (86_400 * this.#day + ofDay)) / 1e6;
  }
}

const EXCHANGES: ReadonlySet<string> = new Set([
  'IKE_SA_INIT',
  'IKE_AUTH',
  'CREATE_CHILD_SA',
  'INFORMATIONAL',
]);

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');

/** Notifications whose data the rules look at: without it, nothing of the payloads can be relied on. */
const NEEDS_DATA: ReadonlySet<number> = new Set([
  NOTIFY.messageIdSync,
  NOTIFY.replayCounterSync,
  NOTIFY.setWindowSize,
]);

const isKnown = (payload: Payload): boolean => payload.type !== 'N' || !NEEDS_DATA.has(payload.notify);

function payloadsOf(text: string, deletes: Payload | undefined): readonly Payload[] {
  return text
    .split(/\s+/u)
    .filter((each) => each !== '')
    .map((each): Payload => {
      const notify = /^N\((\w+)\)$/u.exec(each)?.[1];
      if (notify !== undefined) {
        const number =
          CHARON_NOTIFICATIONS.get(notify) ?? (/^\d{1,5}$/u.test(notify) ? Number(notify) : undefined);
        if (number === undefined || number > 0xffff) return { type: 'other', name: each };
        return { type: 'N', notify: number, protocol: 0, spi: '', data: '' };
      }
      // Which SA it deletes another line tells; until then it is taken for one of ESP.
      if (each === 'D') return deletes ?? { type: 'D', protocol: 3, spis: [] };
      return { type: 'other', name: CHARON_PAYLOADS.get(each) ?? each };
    });
}
