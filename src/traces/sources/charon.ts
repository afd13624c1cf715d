/**
 * The log of strongSwan's IKE daemon charon, at its default levels: what one end sent, received and ignored.
 *
 * A message takes several lines: `generating INFORMATIONAL request 2 [ ]` and `sending packet: from ... to ...`, or
 * `received packet: ...` and `parsed ...`, each pair by one thread. The log has no octets and no SPIs of IKE SAs, and
 * of notifications no data; what needs these is left open, never guessed.
 */

import { withPort } from '../address.ts';
import { UnreadList } from '../capture/unread-list.ts';
import type { End, MessageEvent, Payload } from '../event.ts';
import { NOTIFY } from '../interpret.ts';
import { CHARON_NOTIFICATIONS, CHARON_PAYLOADS } from './charon-names.ts';
import { Lines } from './lines.ts';
import { type EventSink, NO_FRAMES, type SourceCounts, type SourceReader } from './source.ts';

/**
 * Groups: time, thread, subsystem, IKE SA with its unique number (in angle brackets), text. Before the time there may be
 * a date, or what a system log puts there.
 */
const LINE =
  /^(?:.*?\s)??(\d\d:\d\d:\d\d(?:\.\d+)?)?\s*(?:\S+ charon\S*: )?(\d\d)\[(\w{3})\] (?:<(?:[^>|]*\|)?(\d+)> )?(.*)$/u;

/** Whether a text may be such a log. */
export const looksLikeCharon = (text: string): boolean => /^(?:.{0,60}\s)?\d\d\[[A-Z]{3}\] /mu.test(text);

const PACKET = /^(sending|received) packet: from (.+)\[(\d+)\] to (.+)\[(\d+)\]/u;
const MESSAGE = /^(generating|parsed) (\w+) (request|response) (\d+) \[ ?(.*?) ?\]$/u;
const RETRANSMIT = /^retransmit \d+ of request with message ID (\d+)/u;
const ANSWER_AGAIN = /^received retransmit of request with ID (\d+), retransmitting response/u;
const IGNORED =
  /^(?:received message ID (\d+), expected (\d+),? ignored|ignore invalid \w+ request|integrity check failed|ignore IKEV2_MESSAGE_ID_SYNC notify)/u;
const INITIATING = /^initiating IKE_SA .* to |^(\S+) is initiating an IKE_SA/u;
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
}

const freshThread = (): Thread => ({
  outgoing: undefined,
  incoming: undefined,
  parsed: undefined,
  deletes: undefined,
  sa: undefined,
});

export class CharonReader implements SourceReader {
  readonly #sink: EventSink;
  readonly #observer: string;
  readonly #unread: UnreadList;
  readonly #lines: Lines;
  readonly #threads = new Map<string, Thread>();
  /** Which end this one is, for each IKE SA by its unique number; where it is not told, as with the last. */
  readonly #roles = new Map<string, End>();
  #role: End | undefined;
  /** The last messages sent: by SA, kind and Message ID, so that a retransmission can be told. */
  readonly #sent = new Map<string, Told>();
  /** The thread that parsed a message which is not told yet: only the last may wait. */
  #waiting: Thread | undefined;
  #local: string | undefined;
  #day = 0;
  #lastTime = 0;
  #messages = 0;

  /** @param observer name of the end whose log it is */
  constructor(file: string, observer: string, sink: EventSink) {
    this.#sink = sink;
    this.#observer = observer;
    this.#unread = new UnreadList(file);
    this.#lines = new Lines({
      line: (text, number) => this.#line(text, number),
      unread: (number, reason) => this.#unread.add(number, reason),
    });
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): SourceCounts {
    this.#lines.end();
    this.#flushAll();
    const remarks =
      this.#messages === 0
        ? []
        : [
            `the log of ${this.#observer} has no octets and no data of notifications: what needs them cannot be judged by it alone`,
          ];
    return { ...NO_FRAMES, unread: this.#unread.list(), remarks };
  }

  #line(text: string, number: number): void {
    const match = LINE.exec(text);
    if (match === null) return;
    const [, clock, id = '', , unique, said = ''] = match;
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
    const role = INITIATING.exec(said);
    if (role !== null) {
      this.#role = role[1] === undefined ? 'initiator' : 'responder';
      if (thread.sa !== undefined) this.#roles.set(thread.sa, this.#role);
    }
  }

  /** What it did nothing with: the message that it parsed last, or one that it did not parse. */
  #ignored(thread: Thread, said: string, number: number): void {
    if (thread.parsed !== undefined) this.#flush(thread, 'dropped');
    else if (!said.startsWith('ignore invalid')) {
      this.#unread.add(number, `"${said}": the log does not tell of which message`);
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
    const own = (thread.sa === undefined ? undefined : this.#roles.get(thread.sa)) ?? this.#role;
    const from = own === undefined ? undefined : event === 'sent' ? own : otherEnd(own);
    this.#messages += 1;
    const told: MessageEvent = {
      ...(time !== undefined && { time }),
      observer: this.#observer,
      sa: saOf(thread.sa ?? '1'),
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
    this.#sink.take(told);
  }

  #deletion(thread: Thread, [, , protocol, spi]: RegExpExecArray): void {
    const number = protocol === undefined ? 1 : protocol === 'ESP' ? 3 : 2;
    thread.deletes = { type: 'D', protocol: number, spis: spi === undefined ? [] : [spi] };
  }

  #esp(spi: string, sequence: number, time: number | undefined): void {
    if (!Number.isInteger(sequence) || sequence > 0xffff_ffff) return;
    this.#flushAll();
    this.#messages += 1;
    this.#sink.take({
      ...(time !== undefined && { time }),
      observer: this.#observer,
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

/** Stands for the SPIs, which the log does not tell: the unique number of the IKE SA twice. */
function saOf(unique: string): string {
  const digits = BigInt(unique).toString(16).padStart(16, '0').slice(-16);
  return `${digits}:${digits}`;
}

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
