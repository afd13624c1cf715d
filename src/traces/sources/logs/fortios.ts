/**
 * What FortiOS prints with `diagnose debug application ike -1`: for each message a line with the exchange, both SPIs and
 * the Message ID; of a received one, the line before has its addresses.
 */
import { normalAddress, withPort } from '../../common/address.ts';
import { exchangeOf } from './exchanges.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { MessageTeller } from './message-teller.ts';

const ADDRESS = String.raw`([0-9a-fA-F:.]{1,60}?):(\d+)`;
const COMES = new RegExp(String.raw`\bcomes ${ADDRESS}->${ADDRESS},`, 'u');
const IDS = String.raw`\bid=([0-9a-f]{16})\/([0-9a-f]{16})(?::([0-9a-f]{8}))?`;
const RECEIVED = new RegExp(String.raw`\bIKEv2 exchange=(\w+) ${IDS}`, 'u');
const SENT = new RegExp(String.raw`\bsent IKE msg \(([\w-]+)\): ${ADDRESS}->${ADDRESS},.{0,400}?${IDS}`, 'u');
/** Messages of IKEv1, and what keeps a NAT open. */
const OTHER =
  /\bIKEv1 exchange=|\bsent IKE msg \((?:keepalive|P[12]_RETRANSMIT|R-U-THERE(?:-ACK)?|[a-z]\w*)\)/u;
const OF_A_MESSAGE = /\bIKEv2 exchange=|\bsent IKE msg \(/u;

interface Way {
  readonly peer: string;
  readonly local: string;
}

class FortiosReader extends LogReader {
  readonly #teller = new MessageTeller(this.observer, this.sink);
  #came: Way | undefined;
  #others = 0;

  protected override line(text: string, number: number, time: number | undefined): void {
    const comes = COMES.exec(text);
    if (comes !== null) {
      const [, peer, peerPort, local, localPort] = comes;
      this.#came = { peer: addressOf(peer, peerPort), local: addressOf(local, localPort) };
      return;
    }
    const received = RECEIVED.exec(text);
    if (received !== null) {
      const [, label = '', initiator, responder, id = '0'] = received;
      const way = this.#came;
      this.#came = undefined;
      this.#tell('received', label, { sa: `${initiator}:${responder}`, id, way, number, time });
      return;
    }
    const sent = SENT.exec(text);
    const exchange = sent === null ? undefined : messageOf(sent[1] ?? '');
    if (sent !== null && exchange !== undefined) {
      const [, label = '', local, localPort, peer, peerPort, initiator, responder, id = '0'] = sent;
      const way = { local: addressOf(local, localPort), peer: addressOf(peer, peerPort) };
      this.#tell('sent', label, { sa: `${initiator}:${responder}`, id, way, number, time });
    } else if (OTHER.test(text)) this.#others += 1;
    else if (OF_A_MESSAGE.test(text))
      this.gap(number, `"${text.trim().slice(0, 160)}" is not understood`, time);
  }

  protected override finish(): readonly string[] {
    return [
      ...(this.#others === 0 ? [] : [`${this.#others} messages of IKEv1 and keepalives are not judged`]),
      ...(this.#teller.count === 0
        ? []
        : [
            `the log of ${this.observer} is read without its octets: by it alone nobody can tell a number used again from a copy, nor judge a counter sync`,
          ]),
    ];
  }

  #tell(
    event: 'sent' | 'received',
    label: string,
    {
      sa,
      id,
      way,
      number,
      time,
    }: {
      readonly sa: string;
      readonly id: string;
      readonly way: Way | undefined;
      readonly number: number;
      readonly time: number | undefined;
    },
  ): void {
    const message = messageOf(label);
    if (message === undefined) {
      this.gap(number, `the exchange ${label} is not known`, time, sa);
      return;
    }
    this.#teller.tell({
      ...{ time, sa, event, local: way?.local, peer: way?.peer },
      ...message,
      id: Number.parseInt(id, 16),
    });
  }
}

/** `CREATE_CHILD_RESPONSE`, `RETRANSMIT_AUTH`. */
function messageOf(label: string): { readonly exchange: string; readonly response: boolean } | undefined {
  const [, name = '', response] = /^(?:RETRANSMIT_)?(\w+?)(_RESPONSE)?$/u.exec(label) ?? [];
  const exchange = exchangeOf(name);
  return exchange === undefined ? undefined : { exchange, response: response !== undefined };
}

const addressOf = (text = '', port: string | undefined): string =>
  withPort(normalAddress(text) ?? text, Number(port));

export const fortios: LogFormat<'fortios'> = {
  name: 'fortios',
  title: 'output of diagnose debug application ike',
  source: 'FortiOS: `diagnose debug application ike -1`, with `diagnose debug console timestamp enable`.',
  looksLike: (text) =>
    /^.{0,60}\bike (?:V=\w+:)?\d+(?::|\s)/mu.test(text) && /\b(?:IKEv[12]|IKE msg|comes) /u.test(text),
  hasSpis: true,
  Reader: FortiosReader,
  shows: [
    'every message that was sent, sent again or received: exchange, Message ID, addresses, both SPIs',
    'which end opened the IKE SA',
  ],
  cannotShow: [
    'octets and payloads: its lines of hexadecimal digits are not read, so a number used again for another message looks like a copy, and a counter sync is not seen',
    'ESP packets',
  ],
};
