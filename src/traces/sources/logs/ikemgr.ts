/**
 * The log of ikemgr of PAN-OS at its usual level: negotiations, not messages. A Child SA negotiation is told with the
 * Message ID of its request, and who began it; what lies between (liveness checks, deletes) is not told at all.
 */
import { normalAddress, withPort } from '../../common/address.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { MessageTeller, StandIns } from './message-teller.ts';

const PREFIX = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [+-]\d{4}\s+\[(?:[A-Z_]{3,16}|\w+)\s*\]: /mu;
const NEGOTIATION = /IKEv2 (IKE|CHILD) SA NEGOTIATION (STARTED|SUCCEEDED|FAILED) AS (INITIATOR|RESPONDER)\b/u;
const SA =
  /====> (?:Initiated|Established|Failed) SA: ([0-9a-fA-F:.]+)\[(\d+)\]-([0-9a-fA-F:.]+)\[(\d+)\] (?:SPI:([0-9a-f]{16}):([0-9a-f]{16}) SN:(\d+)|message id:(?:0x)?([0-9A-Fa-f]{1,8}),?.*? parent SN:(\d+))/u;
const OF_A_MESSAGE = /\bmessage[ _]id\b|\bexch(?:ange)?[ _]type\b/iu;

class IkemgrReader extends LogReader {
  readonly #teller = new MessageTeller(this.observer, this.sink);
  readonly #standIns = new StandIns('d');
  #said: { readonly what: string; readonly state: string; readonly isInitiator: boolean } | undefined;
  #warned = false;

  protected override line(text: string, number: number, time: number | undefined): void {
    const negotiation = NEGOTIATION.exec(text);
    if (negotiation !== null) {
      const [, what = '', state = '', role] = negotiation;
      this.#said = { what, state, isInitiator: role === 'INITIATOR' };
    }
    const sa = SA.exec(text);
    if (sa !== null) this.#sa(sa, number, time);
    else if (OF_A_MESSAGE.test(text))
      this.#gap(number, `"${text.trim().slice(-120)}" is not understood`, time);
  }

  protected override finish(): readonly string[] {
    return [
      `ikemgr tells of negotiations, not of messages: a capture (debug ike pcap on) shows every Message ID of ${this.observer}`,
    ];
  }

  #sa(match: RegExpExecArray, number: number, time: number | undefined): void {
    const said = this.#said;
    const [, local = '', localPort, peer = '', peerPort, , , serial, id, parent] = match;
    if (said === undefined) {
      this.#gap(number, 'an SA of which no line before tells who began it', time);
      return;
    }
    const sa = this.#standIns.of(serial ?? parent ?? '');
    if (id === undefined) {
      if (said.what === 'IKE') this.#teller.setRole(sa, said.isInitiator ? 'initiator' : 'responder');
      return;
    }
    this.#warn(number, time);
    // Begun: the request; succeeded: the response, by the other end.
    const response = said.state !== 'STARTED';
    this.#teller.tell({
      time,
      sa,
      event: said.isInitiator === response ? 'received' : 'sent',
      local: addressOf(local, localPort),
      peer: addressOf(peer, peerPort),
      // The first Child SA comes with IKE_AUTH, which is not told from others here.
      exchange: Number.parseInt(id, 16) === 1 ? '0' : 'CREATE_CHILD_SA',
      response,
      id: Number.parseInt(id, 16),
    });
  }

  #warn(number: number, time: number | undefined): void {
    if (this.#warned) return;
    this.#warned = true;
    this.gap(number, 'ikemgr does not tell of every message: between negotiations there are others', time);
  }

  #gap(number: number, reason: string, time: number | undefined): void {
    this.#warned = true;
    this.gap(number, reason, time);
  }
}

const addressOf = (text: string, port: string | undefined): string =>
  withPort(normalAddress(text) ?? text, Number(port));

export const ikemgr: LogFormat<'ikemgr'> = {
  name: 'ikemgr',
  title: 'a log of ikemgr',
  source: 'PAN-OS: `less mp-log ikemgr.log`.',
  looksLike: (text) => PREFIX.test(text) && /IKE|\[\d+\]|ikemgr/u.test(text),
  hasSpis: false,
  Reader: IkemgrReader,
  shows: ['negotiations of Child SAs: their Message IDs, and which end began them'],
  cannotShow: [
    'other messages, liveness checks and deletes among them: so the verdict is `inconclusive` at best',
    'octets and payloads, ESP packets',
  ],
};
