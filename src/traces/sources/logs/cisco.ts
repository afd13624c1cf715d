/**
 * What `debug crypto ikev2` of Cisco IOS, IOS XE and ASA prints: for each message a few lines, with direction and
 * addresses, both SPIs and the Message ID, and the exchange.
 */
import { normalAddress, withPort } from '../../common/address.ts';
import type { End } from '../../events/event.ts';
import { exchangeOf } from './exchanges.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { MessageTeller } from './message-teller.ts';

const PACKET =
  /\b(Sending|Received) Packet \[(?:To|From) ([0-9a-fA-F:.]+):(\d+)\/(?:To|From) ([0-9a-fA-F:.]+):(\d+)\//u;
const OLD_PACKET = /\b(Tx|Rx) \[L ([0-9a-fA-F:.]+):(\d+)\/R ([0-9a-fA-F:.]+):(\d+)\//u;
const SPIS =
  /\b(?:Initiator SPI : |HDR ?\[i: ?|HDR ispi: )([0-9A-Fa-f]{16}) - (?:Responder SPI : |r: ?|rspi: )([0-9A-Fa-f]{16})/u;
const ID = /\bMessage id: (\d+)\b/u;
const EXCHANGE = /\bIKEv2 (\w+) Exchange (REQUEST|RESPONSE)(?:\b|(?=IKEv2-))/u;
const HEADER = /\bExchange type: (\w+), flags: ([A-Z -]+?),? Message id: (\d+)\b/u;
/** The message before was not acted on; what it was, its own lines have said. */
const OUTSIDE = /\boutside (?:of|supported) window\b/u;
const OF_A_MESSAGE =
  /\bMessage id: \d+|\bmess_id\b|\b(?:IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL) Exchange (?:REQUEST|RESPONSE)\b/iu;

interface Pending {
  readonly isSent: boolean;
  readonly local: string;
  readonly peer: string;
  readonly sa: string | undefined;
  readonly id: number | undefined;
  readonly number: number;
  readonly time: number | undefined;
}

class CiscoReader extends LogReader {
  readonly #teller = new MessageTeller(this.observer, this.sink);
  #pending: Pending | undefined;
  /** The Message ID that was told last: its header may be printed again. */
  #last: number | undefined;
  #outside = 0;

  protected override line(text: string, number: number, time: number | undefined): void {
    const packet = PACKET.exec(text) ?? OLD_PACKET.exec(text);
    if (packet !== null) {
      this.#incomplete();
      this.#pending = pendingOf(packet, number, time);
    }
    const pending = this.#pending;
    const spis = SPIS.exec(text);
    const id = ID.exec(text)?.[1];
    if (pending !== undefined) {
      const sa = spis === null ? pending.sa : `${spis[1]}:${spis[2]}`.toLowerCase();
      this.#pending = { ...pending, sa, id: id === undefined ? pending.id : Number(id) };
    }
    const exchange = EXCHANGE.exec(text);
    const header = HEADER.exec(text);
    if (exchange !== null) this.#tell(exchange[1] ?? '', exchange[2] === 'RESPONSE', undefined, number, time);
    else if (header !== null && (this.#pending !== undefined || Number(header[3]) !== this.#last)) {
      const [, name = '', flags = ''] = header;
      const from = flags.includes('INITIATOR')
        ? 'initiator'
        : flags.includes('RESPONDER')
          ? 'responder'
          : undefined;
      this.#tell(name, flags.includes('MSG-RESPONSE'), from, number, time);
    } else if (OUTSIDE.test(text)) this.#outside += 1;
    else if (this.#pending === undefined && header === null && OF_A_MESSAGE.test(text)) {
      this.gap(
        number,
        `"${text.trim().slice(0, 160)}": no line before says whether it was sent or received`,
        time,
      );
    }
  }

  protected override finish(): readonly string[] {
    this.#incomplete();
    return [
      ...(this.#outside === 0
        ? []
        : [`${this.#outside} lines of ${this.observer} say that a Message ID was outside its window`]),
      ...(this.#teller.count === 0
        ? []
        : [
            `the log of ${this.observer} has no octets and no data of notifications: by it alone nobody can tell a number used again from a copy, nor judge a counter sync`,
          ]),
    ];
  }

  #tell(
    name: string,
    response: boolean,
    from: End | undefined,
    number: number,
    time: number | undefined,
  ): void {
    const pending = this.#pending;
    this.#pending = undefined;
    const exchange = exchangeOf(name);
    if (pending?.sa === undefined || pending.id === undefined || exchange === undefined) {
      this.gap(
        number,
        `a message (${name}) whose direction, SPIs, Message ID or exchange is not told`,
        time,
        pending?.sa,
      );
      return;
    }
    const { sa, id, isSent, local, peer } = pending;
    this.#last = id;
    this.#teller.tell({
      time: time ?? pending.time,
      ...{ sa, local, peer, from, exchange, response, id },
      event: isSent ? 'sent' : 'received',
    });
  }

  /** A message of which the rest does not come. */
  #incomplete(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending !== undefined) {
      this.gap(pending.number, 'a message whose exchange is not told', pending.time, pending.sa);
    }
  }
}

function pendingOf(packet: RegExpExecArray, number: number, time: number | undefined): Pending {
  const [, way, one = '', onePort, other = '', otherPort] = packet;
  const [first, second] = [addressOf(one, onePort), addressOf(other, otherPort)];
  // "Sending Packet [To peer/From local]", "Received Packet [From peer/To local]", "Tx [L local/R peer]".
  const isOld = way === 'Tx' || way === 'Rx';
  return {
    isSent: way === 'Sending' || way === 'Tx',
    local: isOld ? first : second,
    peer: isOld ? second : first,
    sa: undefined,
    id: undefined,
    number,
    time,
  };
}

const addressOf = (text: string, port: string | undefined): string =>
  withPort(normalAddress(text) ?? text, Number(port));

export const cisco: LogFormat<'cisco'> = {
  name: 'cisco',
  title: 'output of debug crypto ikev2',
  source: 'Cisco IOS, IOS XE and ASA: `debug crypto ikev2`, on ASA `debug crypto ikev2 protocol 64`.',
  looksLike: (text) => /^.{0,80}\bIKEv2(?:-[A-Z]+)*(?:-\d+)?:/mu.test(text) || PACKET.test(text),
  hasSpis: true,
  Reader: CiscoReader,
  shows: [
    'every message that was sent, sent again or received: exchange, Message ID, addresses, both SPIs',
    'which end opened the IKE SA',
    'that a Message ID was outside the window',
  ],
  cannotShow: [
    'octets and data of notifications: a number used again for another message looks like a copy, and a counter sync is not seen',
    'ESP packets',
  ],
};
