/**
 * The log of iked, the IKEv2 daemon of OpenBSD: a line for each message that was sent or received, with its exchange,
 * its Message ID, both addresses and one SPI.
 */

import { normalAddress, withPort } from '../../common/address.ts';
import { BoundedMap } from '../../common/bounded.ts';
import { exchangeOf } from './exchanges.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { MessageTeller, StandIns } from './message-teller.ts';

const ADDRESS = String.raw`(\[?[0-9a-fA-F:.%]{1,60}?\]?):(\d+)`;
const LINE = new RegExp(
  String.raw`(?:spi=0x([0-9a-f]{1,16}): )?(send|recv|retransmit \d+) (\w+) (req|res) (\d+) peer ${ADDRESS} local ${ADDRESS}(?:,|$|\s)`,
  'u',
);
const OLD = new RegExp(
  String.raw`\b(?:ikev2_recv|ikev2_msg_send): (\w+) (request|response) from (?:initiator |responder )?${ADDRESS} to ${ADDRESS}(?: policy '[^']{0,400}')?,? (?:msg)?id (\d+)`,
  'u',
);
/** Speaks of a message, and is none of these. */
const OF_A_MESSAGE =
  /\b(?:IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL) (?:req|res|request|response) \d+/u;

interface Told {
  readonly way: 'send' | 'recv';
  readonly spi: string | undefined;
  readonly exchange: string;
  readonly response: boolean;
  readonly id: number;
  readonly local: string;
  readonly peer: string;
}

class IkedReader extends LogReader {
  readonly #teller = new MessageTeller(this.observer, this.sink);
  readonly #standIns = new StandIns('e');
  /** IKE SAs whose first message has been told: IKE_SA_INIT after it opens another one. */
  readonly #rounds = new BoundedMap<string, { round: number; authenticated: boolean }>();

  protected override line(text: string, number: number, time: number | undefined): void {
    const told = toldBy(text);
    if (told === undefined) {
      if (OF_A_MESSAGE.test(text)) this.gap(number, `"${text.slice(-120)}" is not understood`, time);
      return;
    }
    this.#teller.tell({
      ...told,
      time,
      sa: this.#saOf(told),
      event: told.way === 'send' ? 'sent' : 'received',
    });
  }

  protected override finish(): readonly string[] {
    return [
      `the log of ${this.observer} has no octets and no payloads: by it alone nobody can tell a number used again from a copy, nor see a counter sync`,
    ];
  }

  /** Stands for the SPIs, of which the log has one: two halves that are the same, as no SPIs are. */
  #saOf({ spi, exchange, local, peer }: Told): string {
    const name =
      spi?.padStart(16, '0') ??
      [local, peer]
        .map((each) => each.replace(/:\d+$/u, ''))
        .sort()
        .join(' ');
    const known = this.#rounds.get(name) ?? { round: 0, authenticated: false };
    this.#rounds.set(name, known);
    if (exchange === 'IKE_SA_INIT' && known.authenticated) {
      known.round += 1;
      known.authenticated = false;
    } else if (exchange !== 'IKE_SA_INIT') known.authenticated = true;
    if (spi !== undefined && known.round === 0) return `${name}:${name}`;
    return this.#standIns.of(`${name} ${known.round}`);
  }
}

function toldBy(text: string): Told | undefined {
  const line = LINE.exec(text);
  if (line !== null) {
    const [, spi, way = '', exchange = '', kind, id, peer = '', peerPort, local = '', localPort] = line;
    return toldOf({
      way: way === 'recv' ? 'recv' : 'send',
      spi: spi === undefined || /^0+$/u.test(spi) ? undefined : spi,
      exchange,
      response: kind === 'res',
      id: Number(id),
      local: addressOf(local, localPort),
      peer: addressOf(peer, peerPort),
    });
  }
  const old = OLD.exec(text);
  if (old === null) return undefined;
  const [whole, exchange = '', kind, source = '', sourcePort, destination = '', destinationPort, id] = old;
  const isSent = whole.startsWith('ikev2_msg_send');
  const [from, to] = [addressOf(source, sourcePort), addressOf(destination, destinationPort)];
  return toldOf({
    way: isSent ? 'send' : 'recv',
    spi: undefined,
    exchange,
    response: kind === 'response',
    id: Number(id),
    local: isSent ? from : to,
    peer: isSent ? to : from,
  });
}

function toldOf(told: Told): Told | undefined {
  const exchange = exchangeOf(told.exchange);
  return exchange === undefined || told.id > 0xffff_ffff ? undefined : { ...told, exchange };
}

const addressOf = (text: string, port: string | undefined): string => {
  const plain = text.replace(/^\[|\]$/gu, '');
  return withPort(normalAddress(plain) ?? plain, Number(port));
};

export const iked: LogFormat<'iked'> = {
  name: 'iked',
  title: 'a log of iked',
  source: 'OpenIKED of OpenBSD and its portable version: syslog, or `iked -dv`.',
  looksLike: (text) => text.split('\n').some((line) => toldBy(line.trimEnd()) !== undefined),
  hasSpis: false,
  Reader: IkedReader,
  shows: [
    'every message that was sent, sent again or received: exchange, Message ID, addresses, one SPI of the IKE SA',
    'which end opened the IKE SA, if the log goes back so far',
  ],
  cannotShow: [
    'octets and payloads: a number used again for another message looks like a copy, and a counter sync is not seen',
    'messages that were dropped before they were taken apart',
    'ESP packets',
  ],
};
