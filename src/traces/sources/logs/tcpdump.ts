/**
 * What tcpdump prints: a line for each packet, of ESP with its SPI and number; of IKE with the Message ID if `-v` was
 * given, and with the SPIs if `-vv` was. A file written with `-w` has all of it, and more.
 */
import { normalAddress, withPort } from '../../common/address.ts';
import type { End, MessageEvent } from '../../events/event.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';
import { StandIns } from './message-teller.ts';

const WAY = /(?:^|\s)(?:IP6? )?([0-9a-zA-Z:.-]+) > ([0-9a-zA-Z:.-]+): (?:\[[^\]]*\] )?(.*)$/u;
const ESP = /^(?:UDP-encap: )?ESP\(spi=0x([0-9a-f]{8}),seq=0x([0-9a-f]{1,8})\)/u;
const AH =
  /^(?:UDP-encap: )?AH\(spi=0x([0-9a-f]{8}),(?:sumlen=\d+,)?seq=0x([0-9a-f]{1,8})(?:,icv=0x[0-9a-f]*)?\)(?:: (.*))?$/u;
/** What it says of all packets at its end. */
const DROPPED = /^([1-9]\d{0,14}) packets? dropped by (?:kernel|interface)$/u;
const IKE =
  /^(?:NONESP-encap: )?isakmp(?: (\d+)\.\d+)?(?: msgid ([0-9a-f]{8}))?(?: cookie ([0-9a-f]{16})->([0-9a-f]{16}))?: (?:parent_sa|child_sa) +(ikev2_init|ikev2_auth|child_sa|inf2|#\d+)(?:\[([IVR]*)\])?/u;
const PORTS: ReadonlyMap<string, number> = new Map([
  ['isakmp', 500],
  ['ipsec-nat-t', 4500],
]);
const EXCHANGES: ReadonlyMap<string, string> = new Map([
  ['ikev2_init', 'IKE_SA_INIT'],
  ['ikev2_auth', 'IKE_AUTH'],
  ['child_sa', 'CREATE_CHILD_SA'],
  ['inf2', 'INFORMATIONAL'],
]);

class TcpdumpReader extends LogReader {
  readonly #standIns = new StandIns('c');
  /** With -v the packet is on the line after its time. */
  #time: number | undefined;
  #withoutIds = 0;
  #ikev1 = 0;

  protected override line(text: string, number: number, time: number | undefined): void {
    if (time !== undefined) this.#time = time;
    if (DROPPED.test(text)) {
      this.gap(number, `"${text}": they are missing here`, undefined);
      return;
    }
    const [, source = '', destination = '', all = ''] = WAY.exec(text) ?? [];
    const ah = AH.exec(all);
    const said = ah === null ? all : (ah[3] ?? '');
    const esp = ESP.exec(said);
    const [from, to] = [addressOf(source), addressOf(destination)];
    const common = { ...(this.#time !== undefined && { time: this.#time }), source: from, destination: to };
    if (ah !== null) {
      const [, spi = '', sequence = ''] = ah;
      const message = { kind: 'esp', protocol: 'ah', spi, sequence: Number.parseInt(sequence, 16) } as const;
      this.#take({ ...common, message });
    }
    if (esp !== null) {
      const [, spi = '', sequence = ''] = esp;
      this.#take({ ...common, message: { kind: 'esp', spi, sequence: Number.parseInt(sequence, 16) } });
      return;
    }
    const ike = IKE.exec(said);
    if (ike === null) {
      if (/\bisakmp\b[^>]{0,400}: phase /u.test(text)) this.#ikev1 += 1;
      else if (/^(?:NONESP-encap: )?isakmp\b/u.test(said)) {
        this.gap(number, `"${said.slice(0, 120)}" is not understood`, this.#time);
      }
      return;
    }
    const [, , id, initiator, responder, name = '', flags = ''] = ike;
    const sa =
      initiator === undefined || responder === undefined
        ? this.#standIns.of(
            [from, to]
              .map((each) => each.replace(/:\d+$/u, ''))
              .sort()
              .join(' '),
          )
        : `${initiator}:${responder}`;
    if (id === undefined) {
      this.#withoutIds += 1;
      this.gap(number, 'a message of IKE without its Message ID (tcpdump prints it with -v)', this.#time, sa);
      return;
    }
    const end: End = flags.includes('I') ? 'initiator' : 'responder';
    const exchange = EXCHANGES.get(name) ?? name.slice(1);
    this.#take({
      ...common,
      sa,
      from: end,
      message: { kind: 'ike', exchange, response: flags.includes('R'), id: Number.parseInt(id, 16) },
    });
  }

  protected override finish(): readonly string[] {
    return [
      ...(this.#ikev1 === 0 ? [] : [`${this.#ikev1} messages of IKEv1 are not judged`]),
      ...(this.#withoutIds === 0
        ? []
        : ['tcpdump prints Message IDs with -v and SPIs with -vv; a file written with -w has all of it']),
      `what tcpdump prints has no octets: by it alone nobody can tell a number used again from a copy`,
    ];
  }

  #take(event: Omit<MessageEvent, 'event' | 'observer' | 'integrity'>): void {
    this.sink.take({ ...event, observer: this.observer, event: 'seen', integrity: 'unchecked' });
  }
}

/** `192.0.2.1.isakmp`, `192.0.2.1.4500`, `2001:db8::1.500`, `192.0.2.1`. */
function addressOf(text: string): string {
  const whole = normalAddress(text);
  if (whole !== undefined) return whole;
  const at = text.lastIndexOf('.');
  const [host, port] = [text.slice(0, at), text.slice(at + 1)];
  const number = PORTS.get(port) ?? Number(port);
  const address = normalAddress(host);
  if (address === undefined || !Number.isInteger(number)) return text;
  return withPort(address, number);
}

export const tcpdump: LogFormat<'tcpdump'> = {
  name: 'tcpdump',
  title: 'text printed by tcpdump',
  source: '`tcpdump -n -vv`, where no file was written (`-w`).',
  looksLike: (text) =>
    /(?:^|\s)(?:IP6? )?\S+ > \S+: (?:\[[^\]]*\] )?(?:UDP-encap: ESP\(|ESP\(spi=|AH\(spi=|NONESP-encap: isakmp|isakmp)/mu.test(
      text,
    ),
  hasSpis: false,
  Reader: TcpdumpReader,
  shows: [
    'packets of ESP and AH: addresses, SPI, sequence number',
    'how many packets the kernel dropped, which is a hole',
    'with `-v`: messages of IKE with exchange, Message ID and direction; with `-vv` their SPIs as well',
  ],
  cannotShow: [
    'octets and payloads: a number that comes twice may be a copy',
    'Message IDs without `-v`; IKE SAs between two hosts are not told apart without `-vv`',
  ],
};
