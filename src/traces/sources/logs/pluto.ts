/**
 * The log of pluto, the IKE daemon of Libreswan. With `plutodebug=all` (or `base`) it prints the header of every
 * message; at its usual level it tells of some exchanges, and of Message IDs only where something is wrong with them.
 */

import { normalAddress, withPort } from '../../common/address.ts';
import { BoundedMap } from '../../common/bounded.ts';
import { exchangeNumbered, exchangeOf } from './exchanges.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { MessageTeller, StandIns } from './message-teller.ts';

const ADDRESS = String.raw`\[?([0-9a-fA-F:.]{1,60}?)\]?:(?:UDP\/|TCP\/)?(\d+)`;
const RECEIVED = new RegExp(String.raw`\*received \d+ bytes from ${ADDRESS} on \S+ ${ADDRESS} using `, 'u');
/** Libreswan 3 names the interface alone. */
const OLD_RECEIVED = new RegExp(String.raw`\*received \d+ bytes from ${ADDRESS} on \S+ \(port=\d+\)`, 'u');
const OLD_SENDING = new RegExp(
  String.raw`\bsending \d+ bytes for \S+ through \S+ (?:from ${ADDRESS} )?to ${ADDRESS} \(using #\d+\)`,
  'u',
);
const SENDING = new RegExp(
  String.raw`\bsending \d+ bytes for .{1,200}? through \S+ from ${ADDRESS} to ${ADDRESS} using `,
  'u',
);
const HEADER = /\*\*(parse|emit) ISAKMP Message:/u;
const FIELD =
  /^[^"|]*\| {2,}(initiator (?:SPI|cookie)|responder (?:SPI|cookie)|exchange type|flags|[Mm]essage ID|ISAKMP version): ?(.*)$/u;
/** Octets, on a line of their own after the name of what they are. */
const OCTETS = /^[^"|]*\| {2,}((?:[0-9a-f]{2} {1,2}){7}[0-9a-f]{2})\s*$/u;
const TIMED_OUT =
  /\b(\d{1,9}) second timeout exceeded after (\d{1,9}) retransmits|max number of retransmissions \((\d{1,9})\) reached/u;
const DEBUG = /(?:^|: |\s)\| /u;

/** `"connection"[1] 192.0.2.1 #8: text` */
const LINE = /"([^"]+)"(?:\[\d+\])?(?: \S+)? #(\d+): (.*)$/u;
const USING = /\b(?:using|for|of)(?: IKE SA)? #(\d+)\b/u;
const FROM_OR_TO = new RegExp(String.raw`\b(?:from|to) ${ADDRESS}`, 'u');
const DUPLICATE = /^(?:ISAKMP_v2_)?(\w+) request (?:fragment )?.*has duplicate Message ID (\d+)/u;
const NO_MATCH = /^(?:ISAKMP_v2_)?(\w+) message response with Message ID (\d+) has no matching SA/u;
const FUTURE = /^dropping response with Message ID (\d+) which is from the future/u;
const SENT = /^sent (?:ISAKMP_v2_)?(\w+) (request|response)\b/u;
const PROCESSED =
  /^(?:initiator |responder )?(?:processing|processed)(?: decrypted)? (?:ISAKMP_v2_)?(\w+) (request|response)\b/u;
const INITIATES = /^initiating IKEv2 connection|^initiator established IKE SA/u;
const RESPONDS = /^responder established IKE SA/u;
const OF_A_MESSAGE =
  /\bMessage ID\b|\b(?:IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL|IKE_INTERMEDIATE|IKE_FOLLOWUP_KE) (?:request|response|message)\b/u;

interface Way {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

interface Header {
  readonly isSent: boolean;
  readonly number: number;
  readonly fields: Map<string, string>;
  /** The field whose value is on the next line. */
  open: string | undefined;
}

/** So many requests that were never answered are told one by one. */
const MOST_REMARKS = 100;

class PlutoReader extends LogReader {
  readonly #teller = new MessageTeller(this.observer, this.sink);
  readonly #standIns = new StandIns('b');
  #way: Way | undefined;
  #header: Header | undefined;
  /** A message that was put together, until it is sent. */
  #outgoing: Header | undefined;
  #isDebug = false;
  readonly #timedOut: string[] = [];
  #warned = false;
  /** Of each IKE SA by its number: which messages of its beginning were seen, so that the numbers of those are known. */
  readonly #begun = new BoundedMap<string, { hasIntermediate: boolean; auths: number }>();
  readonly #peers = new BoundedMap<string, string>();

  protected override line(text: string, number: number, time: number | undefined): void {
    if (this.#debug(text, number, time)) return;
    if (this.#isDebug) return;
    const line = LINE.exec(text);
    if (line === null) {
      if (/\bpluto\b|^\d\d\d /u.test(text) && OF_A_MESSAGE.test(text))
        this.#notUnderstood(text, number, time);
      return;
    }
    const [, , state = '', said = ''] = line;
    this.#plain(state, said, number, time);
  }

  protected override finish(): readonly string[] {
    this.#endHeader(undefined);
    return [
      ...this.#timedOut,
      ...(this.#isDebug
        ? []
        : [
            `pluto tells Message IDs only where something is wrong with them, and not of every message: with plutodebug=all it prints the header of each`,
          ]),
      ...(this.#teller.count === 0
        ? []
        : [
            `the log of ${this.observer} is read without octets and payloads: by it alone nobody can tell a number used again from a copy, nor judge a counter sync`,
          ]),
    ];
  }

  /** @returns whether it is a line of debugging */
  #debug(text: string, number: number, time: number | undefined): boolean {
    const received = RECEIVED.exec(text);
    const sending = received === null ? SENDING.exec(text) : null;
    if (received === null && sending === null && this.#old(text, time)) return true;
    const packet = received ?? sending;
    if (packet !== null) {
      this.#isDebug = true;
      this.#endHeader(time);
      const [, from = '', fromPort, to = '', toPort] = packet;
      const way = { from: addressOf(from, fromPort), to: addressOf(to, toPort) };
      if (received !== null) this.#way = way;
      else if (this.#outgoing !== undefined) {
        this.#tell(this.#outgoing, way, time);
        this.#outgoing = undefined;
      }
      return true;
    }
    const header = HEADER.exec(text);
    if (header !== null) {
      this.#isDebug = true;
      this.#endHeader(time);
      this.#header = { isSent: header[1] === 'emit', number, fields: new Map(), open: undefined };
      return true;
    }
    const field = this.#header === undefined ? null : FIELD.exec(text);
    if (field !== null && this.#header !== undefined) {
      const [, written = '', value = ''] = field;
      const name = written.replace('cookie', 'SPI').replace('message', 'Message');
      this.#header.open = value === '' ? name : undefined;
      if (value !== '' && !this.#header.fields.has(name)) this.#header.fields.set(name, value);
      if (name === 'Message ID') this.#endHeader(time);
      return true;
    }
    const octets = this.#header?.open === undefined ? null : OCTETS.exec(text);
    if (octets !== null && this.#header?.open !== undefined) {
      this.#header.fields.set(this.#header.open, octets[1] ?? '');
      this.#header.open = undefined;
      return true;
    }
    return DEBUG.test(text);
  }

  /** The packets of Libreswan 3, of which only the other end's address is told. @returns whether it is one */
  #old(text: string, time: number | undefined): boolean {
    const received = OLD_RECEIVED.exec(text);
    const sending = received === null ? OLD_SENDING.exec(text) : null;
    if (received === null && sending === null) return false;
    this.#isDebug = true;
    this.#endHeader(time);
    if (received !== null) {
      this.#way = { from: addressOf(received[1] ?? '', received[2]), to: undefined };
    } else if (sending !== null && this.#outgoing !== undefined) {
      const [, from, fromPort, to = '', toPort] = sending;
      const local = from === undefined ? undefined : addressOf(from, fromPort);
      this.#tell(this.#outgoing, { from: local, to: addressOf(to, toPort) }, time);
      this.#outgoing = undefined;
    }
    return true;
  }

  #endHeader(time: number | undefined): void {
    const header = this.#header;
    this.#header = undefined;
    if (header === undefined) return;
    if (header.isSent) this.#outgoing = header;
    else this.#tell(header, this.#way, time);
  }

  #tell({ isSent, number, fields }: Header, way: Way | undefined, time: number | undefined): void {
    const spi = (name: string): string | undefined => {
      const digits = (fields.get(name) ?? '').replaceAll(/[\s]/gu, '').slice(0, 16);
      return /^[0-9a-f]{16}$/u.test(digits) ? digits : undefined;
    };
    const [initiator, responder] = [spi('initiator SPI'), spi('responder SPI')];
    const exchange = hexadecimalIn(fields.get('exchange type'));
    const flags = hexadecimalIn(fields.get('flags'));
    const id = idIn(fields.get('Message ID') ?? '');
    const version = hexadecimalIn(fields.get('ISAKMP version'));
    if (version !== undefined && version < 0x20) return;
    if (exchange === undefined || flags === undefined || id === undefined || Number(id) > 0xffff_ffff) {
      this.gap(number, 'the header of a message that is not printed in full', time);
      return;
    }
    if (initiator === undefined || responder === undefined) {
      this.gap(number, 'the header of a message without its SPIs', time);
      return;
    }
    this.#teller.tell({
      time,
      sa: `${initiator}:${responder}`,
      event: isSent ? 'sent' : 'received',
      local: isSent ? way?.from : way?.to,
      peer: isSent ? way?.to : way?.from,
      from: (flags & 0x08) === 0 ? 'responder' : 'initiator',
      exchange: exchangeNumbered(exchange),
      response: (flags & 0x20) !== 0,
      id: Number(id),
    });
  }

  #plain(state: string, said: string, number: number, time: number | undefined): void {
    const address = FROM_OR_TO.exec(said);
    if (address !== null) this.#peers.set(state, addressOf(address[1] ?? '', address[2]));
    const sa = this.#standIns.of(state);
    if (INITIATES.test(said)) this.#teller.setRole(sa, 'initiator');
    else if (RESPONDS.test(said)) this.#teller.setRole(sa, 'responder');
    const timedOut = TIMED_OUT.exec(said);
    if (timedOut !== null && this.#timedOut.length < MOST_REMARKS) {
      const [, seconds, times, most] = timedOut;
      const long = seconds === undefined ? '' : ` in ${seconds} s`;
      this.#timedOut.push(
        `line ${number}: a request of ${this.observer} was never answered${long}, and it gave up after ${times ?? most} retransmits: lost, or refused; or another box has the address, or the IKE SA, by now`,
      );
    }
    const isWrong = this.#wrong(state, said, number, time);
    if (isWrong) return;
    const sent = SENT.exec(said);
    const came = sent === null ? PROCESSED.exec(said) : null;
    const message = sent ?? came;
    if (message !== null) {
      const [, name = '', kind] = message;
      const isSent = sent !== null;
      this.#exchange(state, { name, response: kind === 'response', isSent, said, number, time });
    } else if (OF_A_MESSAGE.test(said)) this.#notUnderstood(said, number, time, sa);
  }

  /** What pluto says of messages that it does not take. @returns whether it is such a line */
  #wrong(state: string, said: string, number: number, time: number | undefined): boolean {
    const duplicate = DUPLICATE.exec(said);
    const noMatch = NO_MATCH.exec(said);
    const future = FUTURE.exec(said);
    const match = duplicate ?? noMatch ?? future;
    if (match === null) return false;
    this.#warn(number, time);
    const [name, id] = future === null ? [match[1] ?? '', match[2]] : ['', match[1]];
    const own = { time, sa: this.#standIns.of(state), local: undefined, peer: this.#peers.get(state) };
    this.#teller.tell({
      ...own,
      event: said.includes('retransmitting response') ? 'received' : 'dropped',
      exchange: exchangeOf(name) ?? '0',
      response: duplicate === null,
      id: Number(id),
    });
    return true;
  }

  /** An exchange without its Message ID: that of the first two is known all the same. */
  #exchange(
    state: string,
    {
      name,
      response,
      isSent,
      said,
      number,
      time,
    }: {
      readonly name: string;
      readonly response: boolean;
      readonly isSent: boolean;
      readonly said: string;
      readonly number: number;
      readonly time: number | undefined;
    },
  ): void {
    const exchange = exchangeOf(name);
    const known = this.#begun.get(state);
    if (exchange === 'IKE_SA_INIT') this.#begun.set(state, { hasIntermediate: false, auths: 0 });
    else if (exchange === '43' && known !== undefined) known.hasIntermediate = true;
    const id =
      exchange === 'IKE_SA_INIT'
        ? 0
        : exchange === 'IKE_AUTH' && known?.hasIntermediate === false && known.auths < 2
          ? 1
          : undefined;
    if (exchange === 'IKE_AUTH' && known !== undefined) known.auths += 1;
    if (exchange === undefined || id === undefined) {
      const ike = USING.exec(said)?.[1];
      this.#notUnderstood(said, number, time, ike === undefined ? undefined : this.#standIns.of(ike));
      return;
    }
    this.#teller.tell({
      ...{ time, sa: this.#standIns.of(state), local: undefined, peer: this.#peers.get(state) },
      ...{ event: isSent ? 'sent' : 'received', exchange, response, id },
    });
  }

  #notUnderstood(said: string, number: number, time: number | undefined, sa?: string): void {
    this.#warn(number, time);
    this.gap(
      number,
      `"${said.trim().slice(0, 160)}": its Message ID is not told, or what became of it`,
      time,
      sa,
    );
  }

  #warn(number: number, time: number | undefined): void {
    if (this.#warned) return;
    this.#warned = true;
    this.gap(number, 'pluto does not tell of every message at this level', time);
  }
}

/** `ISAKMP_v2_IKE_AUTH (0x23)`, `none (0x0)` */
const hexadecimalIn = (text: string | undefined): number | undefined => {
  const digits = /\(0x([0-9a-f]{1,8})\)/u.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
};

/** `2 (00 00 00 02)`, or in Libreswan 3 `00 00 00 02`. */
function idIn(text: string): string | undefined {
  const octets = /^(?:[0-9a-f]{2} ){3}[0-9a-f]{2}$/u.test(text.trim());
  return octets ? String(Number.parseInt(text.replaceAll(' ', ''), 16)) : /^\d+/u.exec(text)?.[0];
}

const addressOf = (text: string, port: string | undefined): string =>
  withPort(normalAddress(text) ?? text, Number(port));

export const pluto: LogFormat<'pluto'> = {
  name: 'pluto',
  title: 'a log of pluto',
  source: 'Libreswan: `logfile=`, syslog or the journal of ipsec.service; `plutodebug=all` for all messages.',
  looksLike: (text) =>
    /\bpluto(?:\[\d+\])?: |^(?:.{0,40}: )?(?:\d{3} )?(?:\dv\d )?"[^"]+"(?:\[\d+\])?(?: \S+)? #\d+: |^.{0,60}\| \*received \d+ bytes from |^.{0,60}: (?:listening for IKE messages|added IKEv2 connection|"[^"]+": added IKE)/mu.test(
      text,
    ),
  hasSpis: false,
  Reader: PlutoReader,
  shows: [
    'with `plutodebug=all`: the header of every message that was sent or received, with SPIs, exchange, Message ID and direction',
    'without it: IKE_SA_INIT and IKE_AUTH, and Message IDs that pluto found wrong',
  ],
  cannotShow: [
    'without `plutodebug=all` the Message IDs of most messages, and liveness checks at all: so the verdict is `inconclusive` at best',
    'octets and payloads: a number used again for another message looks like a copy, and a counter sync is not seen',
    'ESP packets',
  ],
};
