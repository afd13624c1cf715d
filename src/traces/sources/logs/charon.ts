/**
 * The log of strongSwan's IKE daemon charon, at its default levels: what one end sent, received and ignored.
 *
 * A message takes several lines: `generating INFORMATIONAL request 2 [ ]` and `sending packet: from ... to ...`, or
 * `received packet: ...` and `parsed ...`, each pair by one thread. The log has no octets and no SPIs of IKE SAs, and
 * of notifications no data; what needs these is left open, never guessed.
 */

import { withoutPort, withPort } from '../../common/address.ts';
import { BoundedMap } from '../../common/bounded.ts';
import type { ClusterAtAddress, End, MessageEvent, Payload } from '../../events/event.ts';
import { NOTIFY } from '../../judge/interpret.ts';
import { type CharonLine, charonLine, isBroken, LoggerCopies, looksLikeCharon } from './charon-line.ts';
import { CHARON_EXCHANGES, CHARON_NOTIFICATIONS, CHARON_PAYLOADS, IKEV1_EXCHANGES } from './charon-names.ts';
import { type About, CharonSas, hostsOf } from './charon-sas.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';

const PACKET = /^(sending|received) packet: from ([^[]+)\[(\d+)\] to ([^[]+)\[(\d+)\]/u;
const MESSAGE = /^(generating|parsed) (\w+) (request|response) (\d+) \[ ?(.*?) ?\]$/u;
const RETRANSMIT = /^retransmit \d+ of request with message ID (\d+)/u;
const ANSWER_AGAIN = /^received retransmit of request with ID (\d+), retransmitting response/u;
const IGNORED =
  /^(?:received message ID (\d+), expected (\d+)(?:,? ignored|\. Ignored)|ignore invalid \w+ (?:request|response)|ignore IKEV2_MESSAGE_ID_SYNC notify)/u;
const NOT_AUTHENTIC = /^integrity check failed/u;
const FAILED = /^(\w+) (request|response) with message ID (\d+) processing failed/u;
const GIVING_UP = /^giving up after (\d+) retransmits/u;
const INITIATING = /^initiating IKE_SA (.*)\[(\d+)\] to |^\S+ is initiating an IKE_SA/u;
const REKEYED = /^IKE_SA .*\[(\d+)\] rekeyed between /u;
const DELETE = /^(sending|received) DELETE for (?:IKE_SA|(ESP|AH) CHILD_SA with SPI ([0-9a-f]{8}))/u;
const ESP = /^parsed ESP header with SPI ([0-9a-f]{8}) \[seq ([0-9a-f]+)\]/u;
const CHILD = /^(?:inbound )?CHILD_SA .*\{\d+\} established with SPIs ([0-9a-f]{8})_i ([0-9a-f]{8})_o\b/u;
const NAMED = /\bIKE_SA \S*\[(\d+)\]/u;
const BETWEEN = /\bbetween ([0-9a-fA-F:.%]{1,60})\[.{0,1000}\.\.\.([0-9a-fA-F:.%]{1,60})\[/u;
const ENDED =
  /^(?:IKE_SA deleted$|destroying IKE_SA|establishing IKE_SA failed|giving up after \d+ retransmits|peer not responding|proper IKE_SA delete failed|received \S+ (?:notify )?error$)/u;
const STARTED = /^Starting (?:IKE )?charon daemon|^loaded plugins: /u;
const TAKEOVER = /^(?:no heartbeat received, taking all segments|HA segment \d+ activated, now active: )/u;
const COPIED = /^installed HA (?:CHILD_SA|passive IKE_SA) /u;

/** A text that speaks of a message by its number or its exchange. */
const OF_A_MESSAGE =
  /\b(?:message ID|with ID) \d+|\b(?:IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL|IKE_INTERMEDIATE|IKE_FOLLOWUP_KE) (?:request|response) \d+/u;
/** Those that speak of one that other lines have told of, or that changes nothing. */
const HARMLESS =
  /^(?:ignoring request with ID \d+, already processing|received retransmit of (?:request|response) with ID \d+|parsed a \w+ \w+ header)/u;

/** A message that was put together or taken apart; its payloads are absent if they cannot be told. */
interface Told {
  readonly exchange: string;
  readonly response: boolean;
  readonly id: number;
  readonly payloads: readonly Payload[] | undefined;
}

interface Way {
  readonly from: string;
  readonly to: string;
}

/** A message, and the place of its line. */
interface Pending {
  readonly told: Told;
  readonly way: Way | undefined;
  readonly time: number | undefined;
  readonly number: number;
  /** The IKE SA that its line names, if it does: by the time it is told, the thread may be at another one. */
  readonly sa: string | undefined;
  /** It came before it was known that there are several IKE SAs: it belongs to the one there was. */
  readonly isEarly?: boolean;
}

/** What a thread is at. */
interface Thread {
  /** Generated, and to be sent; told already if nothing more was heard of it. */
  outgoing: (Pending & { readonly isTold: boolean }) | undefined;
  /** Received, and to be parsed. */
  incoming: Way | undefined;
  /** Parsed; told when it is known whether it was ignored. */
  parsed: Pending | undefined;
  /** What a message that was received deletes, and one that is to be sent: other lines than its own say so. */
  deleted: Payload | undefined;
  deletes: Payload | undefined;
  sa: string | undefined;
  hosts: string;
  /** The ends of the last packet: this one, and the other. */
  local: string | undefined;
  remote: string | undefined;
  /** A message failed its integrity check: the next line says which. */
  failed: { readonly number: number; readonly said: string; readonly time: number | undefined } | undefined;
  /** A message that is about to be sent again: which, its packet tells. */
  again: { readonly kind: 'request' | 'response'; readonly id: number } | undefined;
  /** Whether the other end is about to replace the IKE SA by a new one. */
  isRekeyed: boolean;
}

const freshThread = (): Thread => ({
  outgoing: undefined,
  incoming: undefined,
  parsed: undefined,
  deleted: undefined,
  deletes: undefined,
  sa: undefined,
  hosts: hostsOf(undefined, undefined),
  local: undefined,
  remote: undefined,
  failed: undefined,
  again: undefined,
  isRekeyed: false,
});

/** A line whose rest may be in the next lines. */
interface Held {
  readonly line: CharonLine;
  readonly number: number;
  readonly time: number | undefined;
}

/** A broken line has no more characters than this. */
const LONGEST = 2048;

/** So many remarks are kept. */
const MOST_REMARKS = 100;

export class CharonReader extends LogReader {
  readonly #threads = new Map<string, Thread>();
  readonly #sas = new CharonSas();
  readonly #copies = new LoggerCopies();
  /** The last messages sent: by SA, kind and Message ID, so that a retransmission can be told. */
  readonly #sent = new BoundedMap<string, Told>(10_000);
  /** The request that was sent again last, by IKE SA, and where to. */
  readonly #retransmitted = new BoundedMap<
    string,
    { readonly id: number; readonly to: string | undefined }
  >();
  /** The highest request that each IKE SA has answered. */
  readonly #answered = new BoundedMap<string, number>();
  readonly #remarks: string[] = [];
  /** The threads with a message that is not told yet: only the last may wait. */
  #waiting: Thread | undefined;
  /** Those with a message that was generated, as long as no packets are spoken of. */
  readonly #generating = new Set<Thread>();
  #held: Held | undefined;
  #local: string | undefined;
  /** Whether packets are spoken of: where not, a message that was generated was sent. */
  #hasPackets = false;
  /** What members of a cluster did, until it is known at which address. */
  #cluster: Omit<ClusterAtAddress, 'address'>[] = [];
  #tookOver = false;
  /** The line that is read, and the IKE SA that it names. */
  #number = 0;
  #own: string | undefined;
  #messages = 0;
  #ikev1 = 0;

  protected override finish(): readonly string[] {
    if (this.#held !== undefined) this.#one(this.#held);
    this.#held = undefined;
    this.#flushAll();
    for (const thread of this.#threads.values()) {
      this.#flushOutgoing(thread);
      this.#flushFailed(thread);
    }
    this.#tellCluster();
    return [
      ...this.#remarks,
      ...(this.#ikev1 === 0 ? [] : [`${this.#ikev1} messages of IKEv1 are not judged`]),
      ...(this.#messages === 0
        ? []
        : [
            `the log of ${this.observer} has no octets and no data of notifications: by it alone nobody can tell a number used again from a copy (RFC7296-2.1-RETRANSMISSION, RFC4303-3.3.3-NEVER-REPEAT), nor judge a counter sync`,
          ]),
    ];
  }

  protected override line(text: string, number: number, time: number | undefined): void {
    const held = this.#held;
    const line = charonLine(text);
    if (held !== undefined) {
      const isRest = line === undefined && held.line.said.length < LONGEST;
      const said = isRest ? `${held.line.said} ${text.trim()}`.trim() : held.line.said;
      const joined = { ...held, line: isRest ? withSaid(held.line, said) : held.line };
      if (isRest && isBroken(joined.line.said)) {
        this.#held = joined;
        return;
      }
      this.#held = undefined;
      this.#one(joined);
      if (isRest) return;
    }
    if (line === undefined) return;
    const next = { line, number, time };
    if (isBroken(line.said)) this.#held = next;
    else this.#one(next);
  }

  #one({ line, number, time }: Held): void {
    const isCopy = this.#copies.isCopy(line, number);
    this.#number = number;
    const { unique, name, said } = line;
    // A line without a thread is by whoever spoke of that IKE SA last.
    const key = `${line.thread} ${line.thread === '' ? (unique ?? name ?? '') : ''}`;
    const thread = this.#threads.get(key) ?? freshThread();
    if (this.#threads.size < 4096) this.#threads.set(key, thread);
    this.#own = unique ?? name;
    if (this.#own !== undefined) thread.sa = this.#own;
    if (isCopy) {
      // The loggers need not come in the same order each time, so what belongs together may be told by two of them.
      const packet = PACKET.exec(said);
      if (packet !== null) this.#packet(thread, packet, time);
      return;
    }
    if (unique === undefined) this.#name(thread, said);
    if (NOT_AUTHENTIC.test(said)) {
      this.#flushFailed(thread);
      if (thread.parsed === undefined) thread.failed = { number, said, time };
      else this.#flush(thread, 'dropped');
    } else if (IGNORED.test(said)) this.#ignored(thread, said, time);
    else this.#said(thread, said, time);
    if (ENDED.test(said)) {
      const ended = this.#surely(thread);
      if (ended !== undefined) this.#sas.ended(ended);
    }
    if (STARTED.test(said)) this.#sas.allEnded();
  }

  #said(thread: Thread, said: string, time: number | undefined): void {
    const packet = PACKET.exec(said);
    if (packet !== null) {
      this.#packet(thread, packet, time);
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
    const failed = FAILED.exec(said);
    if (failed !== null) {
      this.#failed(thread, failed, time);
      return;
    }
    const again = RETRANSMIT.exec(said);
    const answer = ANSWER_AGAIN.exec(said);
    const giving = GIVING_UP.exec(said);
    const child = CHILD.exec(said);
    if (again !== null) this.#again(thread, Number(again[1]), time);
    else if (answer !== null) {
      this.#flush(thread);
      thread.again = { kind: 'response', id: Number(answer[1]) };
    } else if (giving !== null) this.#givingUp(thread, giving[1] ?? '');
    else if (child !== null) this.#child(thread, child, time);
    else if (TAKEOVER.test(said)) this.#takeover(time);
    else if (COPIED.test(said)) this.#copied(time);
    else if (OF_A_MESSAGE.test(said) && !HARMLESS.test(said)) {
      this.gap(this.#number, `"${said}" is not understood`, time, this.#spisOf(thread));
    }
    const deletion = DELETE.exec(said);
    if (deletion !== null) this.#deletion(thread, deletion);
    this.#newSa(thread, said);
  }

  #packet(thread: Thread, match: RegExpExecArray, time: number | undefined): void {
    const [, way, from = '', fromPort, to = '', toPort] = match;
    const [source, destination] = [withPort(from, Number(fromPort)), withPort(to, Number(toPort))];
    this.#hasPackets = true;
    const isSent = way === 'sending';
    thread.local = isSent ? source : destination;
    thread.remote = isSent ? destination : source;
    thread.hosts = hostsOf(source, destination);
    if (isSent) this.#sending(thread, source, destination, time);
    else {
      this.#flush(thread);
      this.#flushFailed(thread);
      this.#local ??= destination;
      thread.incoming = { from: source, to: destination };
    }
  }

  #again(thread: Thread, id: number, time: number | undefined): void {
    this.#flushOutgoing(thread);
    const key = this.#surely(thread);
    const told = this.#hasPackets || key === undefined ? undefined : this.#sent.get(`${key} request ${id}`);
    if (told !== undefined) this.#send(thread, this.#pending(told, time));
    thread.again = { kind: 'request', id };
    this.#retransmitted.set(thread.sa ?? '', { id, to: undefined });
  }

  #pending(told: Told, time: number | undefined): NonNullable<Thread['outgoing']> {
    return { told, way: undefined, time, number: this.#number, sa: this.#own, isTold: false };
  }

  /** Who opens an IKE SA, IKE_SA_INIT shows; who opens one that replaces another, the text tells. */
  #newSa(thread: Thread, said: string): void {
    const initiating = INITIATING.exec(said);
    if (initiating?.[2] !== undefined) this.#sas.setRole(initiating[2], 'initiator');
    else if (initiating !== null) {
      thread.isRekeyed = thread.parsed?.told.exchange === 'CREATE_CHILD_SA';
    }
    const unique = REKEYED.exec(said)?.[1];
    if (unique === undefined) return;
    if (thread.isRekeyed) this.#sas.setRole(unique, 'responder');
    thread.isRekeyed = false;
    // Which of the two IKE SAs a message belongs to, only numbers tell.
    if (thread.sa === undefined || !/^\d+$/u.test(thread.sa)) this.#sas.mixAll();
  }

  /** What a text says of IKE SAs by their numbers, where lines have none. */
  #name(thread: Thread, said: string): void {
    const unique = NAMED.exec(said)?.[1];
    if (unique === undefined) return;
    const between = BETWEEN.exec(said);
    if (between !== null && thread.sa === undefined) thread.hosts = hostsOf(between[1], between[2]);
    const isKnown = thread.sa !== undefined || thread.hosts.trim() !== '';
    this.#sas.named(isKnown ? this.#keyOf(thread) : undefined, Number(unique));
  }

  #keyOf({ sa, hosts }: Thread): string {
    return this.#sas.keyOf({ sa, hosts });
  }

  /** The IKE SA that a line without packets is about; nothing if it may be another one than that of the last packet. */
  #surely(thread: Thread): string | undefined {
    return thread.sa ?? this.#sas.onlyOne;
  }

  #spisOf(thread: Thread): string | undefined {
    const key = this.#surely(thread);
    return key === undefined ? undefined : this.#sas.spisOf(key);
  }

  /** Notes what a message tells of its IKE SA. @returns its key */
  #saFor(about: About, isSent: boolean, { exchange, response }: Told, way: Way | undefined): string {
    const hosts = way === undefined ? about.hosts : hostsOf(way.from, way.to);
    const key = this.#sas.keyOf({ sa: about.sa, hosts });
    if (exchange === 'IKE_AUTH') this.#sas.authenticated(key);
    else if (exchange === 'IKE_SA_INIT')
      this.#sas.opened(key, isSent === response ? 'responder' : 'initiator');
    return key;
  }

  /** What it did nothing with: the message that it parsed last, or one that it did not parse. */
  #ignored(thread: Thread, said: string, time: number | undefined): void {
    const [, id, expected] = IGNORED.exec(said) ?? [];
    const answered = this.#answered.get(this.#keyOf(thread));
    if (
      id !== undefined &&
      expected !== undefined &&
      answered !== undefined &&
      Number(expected) <= answered
    ) {
      const isRequest = thread.parsed?.told.response === false;
      if (isRequest) {
        this.#remark(
          `line ${this.#number}: ${this.observer} expects request ${expected}, though it has answered request ${answered}: the state of a member that was left behind (RFC7296-2.3-EXPECTED-ID)`,
        );
      }
    }
    if (thread.parsed !== undefined) this.#flush(thread, 'dropped');
    else if (!said.startsWith('ignore invalid')) this.#unknown(thread, said, time);
  }

  #unknown(thread: Thread, said: string, time: number | undefined, number = this.#number): void {
    this.gap(number, `"${said}": the log does not tell of which message`, time, this.#spisOf(thread));
  }

  /** A message that was not taken apart, since it is not authentic or not in order. */
  #failed(thread: Thread, match: RegExpExecArray, time: number | undefined): void {
    const [, name = '', kind, id] = match;
    const notAuthentic = thread.failed !== undefined;
    thread.failed = undefined;
    if (thread.parsed !== undefined) {
      this.#flush(thread, 'dropped');
      return;
    }
    const exchange = CHARON_EXCHANGES.get(name);
    if (exchange === undefined || Number(id) > 0xffff_ffff) return;
    const told = { exchange, response: kind === 'response', id: Number(id), payloads: undefined };
    const pending = { told, way: thread.incoming, time, number: this.#number, sa: this.#own };
    this.#tell('dropped', thread, pending, notAuthentic ? 'bad' : 'unchecked');
  }

  #flushFailed(thread: Thread): void {
    const { failed } = thread;
    thread.failed = undefined;
    if (failed !== undefined) this.#unknown(thread, failed.said, failed.time, failed.number);
  }

  #givingUp(thread: Thread, times: string): void {
    const last = this.#retransmitted.get(thread.sa ?? '');
    this.#retransmitted.delete(thread.sa ?? '');
    const which = last === undefined ? 'a request' : `request ${last.id}`;
    const to = last?.to === undefined ? '' : ` to ${withoutPort(last.to)}`;
    this.#remark(
      `line ${this.#number}: ${which} of ${this.observer}${to} was never answered, and it gave up after ${times} retransmits: lost, or refused; or another box has the address, or the IKE SA, by now`,
    );
  }

  #remark(text: string): void {
    if (this.#remarks.length < MOST_REMARKS) this.#remarks.push(text);
  }

  #message(thread: Thread, match: RegExpExecArray, time: number | undefined): void {
    const [, what, name = '', kind, id, inside = ''] = match;
    // A fragment of a message that is told as a whole before or after.
    if (/^EF\(\d+\/\d+\)$/u.test(inside)) return;
    if (IKEV1_EXCHANGES.has(name)) {
      this.#ikev1 += 1;
      return;
    }
    const told: Told = {
      exchange: CHARON_EXCHANGES.get(name) ?? '0',
      response: kind === 'response',
      id: Number(id),
      payloads: payloadsOf(inside, what === 'generating' ? thread.deletes : undefined),
    };
    if (told.id > 0xffff_ffff) {
      this.gap(this.#number, `${id} is no Message ID`, time, this.#spisOf(thread));
      return;
    }
    this.#flushAll();
    this.#flushOutgoing(thread);
    if (what === 'generating') {
      thread.outgoing = this.#pending(told, time);
      if (!this.#hasPackets) this.#generating.add(thread);
      thread.deletes = undefined;
    } else {
      const way = thread.incoming;
      const isEarly =
        way !== undefined &&
        !this.#sas.isMixed(this.#sas.keyOf({ sa: thread.sa, hosts: hostsOf(way.from, way.to) }));
      thread.parsed = { told, way, time, number: this.#number, sa: this.#own, isEarly };
      thread.failed = undefined;
      this.#waiting = thread;
    }
    if (told.exchange === '0') {
      this.gap(this.#number, `the exchange ${name} is not known`, time, this.#spisOf(thread));
    }
  }

  #sending(thread: Thread, source: string, destination: string, time: number | undefined): void {
    this.#flushAll();
    this.#local = source;
    const { outgoing, again } = thread;
    thread.again = undefined;
    if (again !== undefined) {
      this.#sendAgain(thread, again, { from: source, to: destination }, time);
      return;
    }
    if (outgoing === undefined) return;
    // Fragments count as one message: only the first packet is that message.
    thread.outgoing = undefined;
    if (outgoing.isTold) return;
    this.#send(thread, { ...outgoing, way: { from: source, to: destination }, time, number: this.#number });
  }

  #sendAgain(
    thread: Thread,
    { kind, id }: NonNullable<Thread['again']>,
    way: Way,
    time: number | undefined,
  ): void {
    thread.outgoing = undefined;
    const key = this.#sas.keyOf({ sa: thread.sa, hosts: hostsOf(way.from, way.to) });
    const told = this.#sent.get(`${key} ${kind} ${id}`);
    if (kind === 'request') this.#retransmitted.set(thread.sa ?? '', { id, to: way.to });
    if (told !== undefined) {
      this.#send(thread, { told, way, time, number: this.#number, sa: this.#own });
    }
  }

  /** A message that was generated, and of which no packet is spoken: the log leaves packets out. */
  #flushOutgoing(thread: Thread): void {
    const { outgoing } = thread;
    if (outgoing === undefined || outgoing.isTold) return;
    thread.outgoing = this.#hasPackets ? undefined : { ...outgoing, isTold: true };
    const way =
      thread.local === undefined || thread.remote === undefined
        ? undefined
        : { from: thread.local, to: thread.remote };
    this.#send(thread, { ...outgoing, way });
  }

  #send(thread: Thread, pending: Pending): void {
    const { told } = pending;
    const key = this.#tell('sent', thread, pending);
    if (key === undefined) return;
    this.#sent.set(`${key} ${told.response ? 'response' : 'request'} ${told.id}`, told);
    if (told.response && told.exchange !== 'IKE_SA_INIT') this.#answered.set(key, told.id);
  }

  /** Before another message is told, so that the order stays that of the log. */
  #flushAll(): void {
    if (this.#waiting !== undefined) this.#flush(this.#waiting);
    this.#waiting = undefined;
    // Without packets, each message is told when the next one comes.
    if (!this.#hasPackets) for (const thread of this.#generating) this.#flushOutgoing(thread);
    this.#generating.clear();
  }

  /** What was parsed and not ignored was received. */
  #flush(thread: Thread, event: 'received' | 'dropped' = 'received'): void {
    const { parsed } = thread;
    if (parsed === undefined) return;
    thread.parsed = undefined;
    const payloads = parsed.told.payloads?.map((payload) =>
      payload.type === 'D' && thread.deleted !== undefined ? thread.deleted : payload,
    );
    thread.deleted = undefined;
    this.#tell(event, thread, { ...parsed, told: { ...parsed.told, payloads } });
  }

  /** @returns the key of its IKE SA; nothing if it cannot be told from another */
  #tell(
    event: 'sent' | 'received' | 'dropped',
    thread: Thread,
    { told, way, time, number, sa: named, isEarly = false }: Pending,
    integrity: MessageEvent['integrity'] = 'good',
  ): string | undefined {
    const { exchange, response, id, payloads } = told;
    const key = this.#saFor({ sa: named ?? thread.sa, hosts: thread.hosts }, event === 'sent', told, way);
    this.#tookOver = false;
    if (way !== undefined) this.#tellCluster(withoutPort(event === 'sent' ? way.from : way.to));
    const sa = this.#sas.spisOf(key);
    if (!isEarly && this.#sas.isMixed(key)) {
      this.gap(
        number,
        `${exchange} ${response ? 'response' : 'request'} ${id}: the log does not tell to which IKE SA of several it belongs (have it told: ike_name = yes for this log in strongswan.conf)`,
        time,
        sa,
      );
      return undefined;
    }
    const own = this.#sas.roleOf(key);
    const from = own === undefined ? undefined : event === 'sent' ? own : otherEnd(own);
    this.#messages += 1;
    const message: MessageEvent = {
      line: number,
      ...(time !== undefined && { time }),
      observer: this.observer,
      sa,
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
      integrity,
    };
    this.sink.take(message);
    if (isDemand(told)) this.#sas.madeAnew(key);
    return key;
  }

  #deletion(thread: Thread, [, way, protocol, spi]: RegExpExecArray): void {
    const number = protocol === undefined ? 1 : protocol === 'ESP' ? 3 : 2;
    const payload: Payload = { type: 'D', protocol: number, spis: spi === undefined ? [] : [spi] };
    if (way === 'received') thread.deleted = payload;
    else thread.deletes = payload;
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

  /** The ESP SAs of a Child SA: their counters begin at 0, and their SPIs are those in the log of the other end. */
  #child(thread: Thread, [, inbound = '', outbound = '']: RegExpExecArray, time: number | undefined): void {
    const { local, remote } = thread;
    if (local === undefined || remote === undefined) return;
    this.#flushAll();
    const key = this.#keyOf(thread);
    if (this.#sas.isMixed(key)) return;
    const sa = this.#sas.spisOf(key);
    for (const [event, spi, source, destination] of [
      ['received', inbound, remote, local],
      ['sent', outbound, local, remote],
    ] as const) {
      this.sink.take({
        ...(time !== undefined && { time }),
        observer: this.observer,
        sa,
        event,
        source,
        destination,
        message: { kind: 'esp', spi, sequence: 0, counter: true },
        integrity: 'unchecked',
      });
    }
  }

  /** The ha plugin: this member becomes the active one. It says so for each segment, and that is one takeover. */
  #takeover(time: number | undefined): void {
    if (this.#tookOver) return;
    this.#tookOver = true;
    this.#noteCluster('failover', time);
  }

  /** The ha plugin: the state of an IKE SA or Child SA came from the other member, and so does every change of it. */
  #copied(time: number | undefined): void {
    this.#noteCluster('state-sync', time);
  }

  #noteCluster(event: 'failover' | 'state-sync', time: number | undefined): void {
    this.#flushAll();
    const told = {
      line: this.#number,
      ...(time !== undefined && { time }),
      observer: this.observer,
      event,
      member: this.observer,
      ...(event === 'state-sync' && { ongoing: true }),
    };
    if (this.#cluster.length < 10_000) this.#cluster.push(told);
    if (this.#local !== undefined) this.#tellCluster(withoutPort(this.#local));
  }

  /** At which address this member is, the first packet tells. */
  #tellCluster(address?: string): void {
    const told = this.#cluster;
    this.#cluster = [];
    if (address === undefined) {
      if (told.length > 0)
        this.#remark('the log tells of a cluster, and of no packets: its address is not known');
      return;
    }
    for (const { time, line, observer, event, member, ongoing } of told) {
      this.sink.take({
        ...(line !== undefined && { line }),
        ...(time !== undefined && { time }),
        ...(observer !== undefined && { observer }),
        event,
        address,
        ...(member !== undefined && { member }),
        ...(ongoing !== undefined && { ongoing }),
      });
    }
  }
}

/** Whether a message is no answer to IKE_SA_INIT, but asks for it once more: without an SA, and with a word of what is to change, or where to. */
const isDemand = ({ exchange, response, payloads = [] }: Told): boolean =>
  exchange === 'IKE_SA_INIT' &&
  response &&
  payloads.some((payload) => payload.type === 'N' && DEMANDS.has(payload.notify)) &&
  !payloads.some((payload) => payload.type === 'other' && payload.name === 'SA');

/** COOKIE, INVALID_KE_PAYLOAD and REDIRECT. */
const DEMANDS: ReadonlySet<number> = new Set([16390, 17, 16407]);

const withSaid = (line: CharonLine, said: string): CharonLine => {
  if (line.said !== '') return { ...line, said };
  // The line was broken after its group: what follows may begin with the IKE SA.
  const whole = charonLine(`${line.thread === '' ? '' : line.thread.padStart(2, '0')}[IKE] ${said}`);
  return whole === undefined ? { ...line, said } : { ...whole, form: line.form, thread: line.thread };
};

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

export const charon: LogFormat<'charon'> = {
  name: 'charon',
  title: 'a log of charon',
  source:
    'strongSwan: the log file or journal of charon or charon-systemd, `swanctl --log`, `swanctl --initiate`, `ipsec up`. `ike_name = yes` gives each line the number of its IKE SA; the journal has it as `journalctl -o json`.',
  looksLike: looksLikeCharon,
  hasSpis: false,
  Reader: CharonReader,
  shows: [
    'every message that was sent, received or ignored: exchange, Message ID, payloads by name',
    'which end opened the IKE SA, if the log goes back so far',
    'SPIs of Child SAs, by which the logs of both ends are taken together',
    'takeovers and copies of state by the ha plugin',
    'requests that were never answered',
  ],
  cannotShow: [
    'octets: a number used again for another message of the same kind looks like a copy',
    'data of notifications: nonce, M1, P1, P2 and M2 of a counter sync',
    'to which of several IKE SAs between two hosts a message belongs, without `ike_name = yes`',
    'ESP packets, but with the plugin kernel-libipsec at level 2',
  ],
};
