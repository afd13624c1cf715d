/**
 * What tshark prints: `-T json` (an array of packets) and `-T ek` (a line for each, after a line for its index).
 *
 * The octets of each message are in it (`udp.payload`, or all of the frame with `-x`), so they are read as those of a
 * capture are, with the same keys; tshark's own dissection is only used where there are none.
 */
import { fromHex } from '../common/octets.ts';
import type { Keys } from '../crypto/keys.ts';
import type { SourceFact } from '../events/source-facts.ts';
import type { FrameOf, KeptFrame } from './capture/frames.ts';
import { FramesInOrder, OrderOfFrames } from './capture/in-order.ts';
import { MessageReader } from './capture/message-reader.ts';
import { inUdp, isIpsec } from './capture/packet.ts';
import { NO_PORTS, type Ports } from './capture/ports.ts';
import { UnreadList } from './capture/unread-list.ts';
import { InputError } from './input-error.ts';
import { JsonElements } from './json-elements.ts';
import { Lines } from './lines.ts';
import {
  type EventSink,
  type KnownSoFar,
  NO_FRAMES,
  type SourceCounts,
  type SourceReader,
} from './source.ts';

/** Wireshark's numbers of encapsulations (wtap.h) and the LINKTYPE values that they are. */
const LINK_TYPES: ReadonlyMap<string, number> = new Map([
  ['1', 1],
  ['7', 101],
  ['15', 0],
  ['25', 113],
  ['129', 228],
  ['130', 229],
  ['210', 276],
]);

type Fields = Readonly<Record<string, unknown>>;

export class TsharkReader implements SourceReader {
  readonly #file: string;
  readonly #sink: EventSink;
  readonly #ports: Ports;
  readonly #unread: UnreadList;
  readonly #messages: MessageReader;
  readonly #input: { push(chunk: Uint8Array): void; drop(): void; end(): void };
  readonly #elements: JsonElements | undefined;
  readonly #order = new OrderOfFrames();
  /** Of frames with all their octets; what tshark tells of others is taken as it stands. */
  readonly #sorter = new FramesInOrder((frame) => this.#messages.frame(frame));
  #inOrder = true;
  #packets = 0;
  #problem: string | undefined;

  /** @param live whether the source is followed: then keys that do not fit are no error */
  constructor(
    file: string,
    form: 'json' | 'ek',
    keys: Keys,
    sink: EventSink,
    { ports = NO_PORTS, live = false }: { readonly ports?: Ports; readonly live?: boolean } = {},
  ) {
    this.#file = file;
    this.#ports = ports;
    this.#sink = sink;
    this.#unread = new UnreadList(file);
    this.#messages = new MessageReader({
      ...{ keys, unread: this.#unread, ports, live },
      take: (event) => sink.take(event),
    });
    const refuse = (number: number, reason: string): void => this.#refuse(number, reason);
    if (form === 'json') {
      const elements = new JsonElements((text, number) => this.#text(text, number), refuse);
      this.#elements = elements;
      this.#input = {
        push: (chunk) => elements.push(chunk),
        // An element that is not whole is no element.
        drop: () => {},
        end: () => elements.end(),
      };
    } else {
      const lines = new Lines({ line: (text, number) => this.#text(text, number), unread: refuse });
      this.#input = lines;
    }
  }

  push(chunk: Uint8Array): void {
    this.#input.push(chunk);
  }

  get known(): KnownSoFar {
    return { unread: this.#unread.list(), facts: this.#facts, missing: this.#messages.missing };
  }

  get #facts(): readonly SourceFact[] {
    return [...this.#order.fact(this.#inOrder && this.#sorter.sorted), ...this.#messages.passedOver];
  }

  settle(quiet: boolean): void {
    this.#sorter.settle(quiet);
  }

  next(file: string): void {
    throw new InputError(
      { file },
      'tshark writes to another file now, and what it prints cannot go on in it',
      'Follow each file for itself, or a pipe: tshark -l -T ek -x ... | ipsecha validate --follow -',
    );
  }

  end(stopped = false): SourceCounts {
    if (stopped) this.#input.drop();
    this.#input.end();
    if (this.#packets === 0 && this.#problem !== undefined) {
      throw new InputError({ file: this.#file }, this.#problem, 'Make it with: tshark -r FILE -T json');
    }
    this.#sorter.end();
    const remarks = this.#messages.end();
    const whole = stopped || (this.#elements?.isClosed ?? true);
    const endsEarly = whole ? null : 'the JSON ends before its last bracket';
    if (endsEarly !== null) this.#unread.add(this.#packets + 1, endsEarly);
    const { keepalives, other, parts } = this.#messages;
    const counts = { frames: this.#packets, keepalives, other, fragments: parts, facts: this.#facts };
    return { ...NO_FRAMES, ...counts, unread: this.#unread.list(), remarks, endsEarly };
  }

  #refuse(number: number, reason: string): void {
    this.#problem ??= reason;
    this.#unread.add(number, reason);
  }

  #text(text: string, number: number): void {
    if (text.trim() === '') return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      this.#refuse(number, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    if (isFields(value) && 'index' in value && !('layers' in value)) return;
    const layers = layersOf(value);
    if (layers === undefined) this.#refuse(number, 'a value without the layers of a packet');
    else this.#packet(layers);
  }

  #packet(layers: Fields): void {
    this.#packets += 1;
    const frame = {
      file: this.#file,
      // Zero is no number of a frame.
      number: integer(field(layers, 'frame', 'frame.number')) || this.#packets,
      time: timeOf(field(layers, 'frame', 'frame.time_epoch')),
    };
    const whole = rawOf(layers['frame_raw']);
    const linkType = LINK_TYPES.get(field(layers, 'frame', 'frame.encap_type') ?? '');
    if (whole !== undefined && linkType !== undefined) {
      this.#order.note(frame);
      this.#sorter.push({ ...frame, ...asFrame(whole, linkType, layers) });
      return;
    }
    this.#sorter.end();
    if (this.#order.note(frame)) this.#inOrder = false;
    // A custom block of pcapng is numbered as a frame, and is no packet.
    if (field(layers, 'frame', 'frame.cb_pen') !== undefined) {
      this.#messages.other += 1;
      return;
    }
    const addresses = addressesOf(layers);
    const ports = [field(layers, 'udp', 'udp.srcport'), field(layers, 'udp', 'udp.dstport')].map(integer);
    const [from, to] = ports;
    if (addresses === undefined && whole !== undefined) {
      this.#unread.add(
        frame.number,
        'the octets of a frame without its kind (frame.encap_type): print it with -T json -x',
      );
    } else if (addresses === undefined) this.#messages.other += 1;
    else if (from !== undefined && to !== undefined) this.#datagram(frame, layers, addresses, [from, to]);
    else this.#bareEsp(frame, layers, addresses);
  }

  #datagram(frame: FrameOf, layers: Fields, addresses: Addresses, ports: readonly [number, number]): void {
    if (!isIpsec(ports, this.#ports)) {
      this.#messages.other += 1;
      return;
    }
    const payload = octetsOf(field(layers, 'udp', 'udp.payload'));
    if (payload === undefined) {
      this.#unread.add(frame.number, 'the octets of the message are not there (udp.payload)');
      return;
    }
    const packet = inUdp(addresses, ports, payload, this.#ports);
    if (packet.kind === 'ike' || packet.kind === 'esp') {
      this.#messages.message(frame, packet, rawOf(deep(layers['isakmp'], 'isakmp.enc.decrypted_raw')));
    } else this.#messages.packet(frame, packet);
  }

  /** ESP without UDP: tshark has no field for its octets, only its two numbers. */
  #bareEsp(frame: FrameOf, layers: Fields, { source, destination }: Addresses): void {
    const spi = field(layers, 'esp', 'esp.spi')?.replace(/^0x/u, '');
    const sequence = integer(field(layers, 'esp', 'esp.sequence'));
    const hasEsp = layers['esp'] !== undefined;
    if (spi === undefined || sequence === undefined || !/^[0-9a-f]{8}$/u.test(spi) || sequence >= 2 ** 32) {
      if (hasEsp) this.#unread.add(frame.number, 'ESP whose SPI or sequence number is not there, or is none');
      else this.#messages.other += 1;
      return;
    }
    if (source === '' || destination === '') {
      this.#unread.add(frame.number, 'an address without a text');
      return;
    }
    this.#sink.take({
      ...(!Number.isNaN(frame.time) && { time: frame.time }),
      observer: 'tap',
      frame: frame.number,
      event: 'seen',
      source,
      destination,
      message: { kind: 'esp', spi, sequence },
      integrity: 'unchecked',
    });
  }
}

interface Addresses {
  readonly source: string;
  readonly destination: string;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function layersOf(value: unknown): Fields | undefined {
  if (!isFields(value)) return undefined;
  const source = value['_source'];
  const layers = isFields(source) ? source['layers'] : value['layers'];
  return isFields(layers) ? layers : undefined;
}

/** A field of a layer, by its name in Wireshark: `udp.srcport`, which `-T ek` writes as `udp_udp_srcport`. */
function field(layers: Fields, layer: string, name: string): string | undefined {
  const fields = layers[layer];
  // Of a layer that occurs twice (a tunnel), the first is the outer one.
  const first: unknown = Array.isArray(fields) ? fields[0] : fields;
  if (!isFields(first)) return undefined;
  const value = first[name] ?? first[`${layer}_${name.replaceAll('.', '_')}`];
  const text: unknown = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' ? text : undefined;
}

function addressesOf(layers: Fields): Addresses | undefined {
  for (const layer of ['ip', 'ipv6']) {
    const source = field(layers, layer, `${layer}.src`);
    const destination = field(layers, layer, `${layer}.dst`);
    if (source !== undefined && destination !== undefined) return { source, destination };
  }
  return undefined;
}

const integer = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;

/** Seconds since the epoch; newer versions write a date. */
function timeOf(text: string | undefined): number {
  if (text === undefined) return Number.NaN;
  if (/^\d{1,15}(?:\.\d+)?$/u.test(text)) return Number(text);
  const date = /^(.*T\d\d:\d\d:\d\d)(\.\d+)?Z$/u.exec(text);
  return date === null ? Number.NaN : Date.parse(`${date[1]}Z`) / 1000 + Number(date[2] ?? 0);
}

/** `e8:42:21`. */
const octetsOf = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : fromHex(text.replaceAll(':', ''));

/** What `-x` adds: the octets in hexadecimal, then where they are in the frame. */
function rawOf(value: unknown): Uint8Array | undefined {
  const text: unknown = Array.isArray(value) ? value[0] : value;
  return typeof text === 'string' ? fromHex(text) : undefined;
}

/** The first field of this name, however deep. */
function deep(value: unknown, name: string, depth = 0): unknown {
  if (!isFields(value) || depth > 8) return undefined;
  if (name in value) return value[name];
  for (const inside of Object.values(value)) {
    const found = deep(inside, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asFrame(
  octets: Uint8Array,
  linkType: number,
  layers: Fields,
): Omit<KeptFrame, 'file' | 'number' | 'time' | 'octets'> & { data: Uint8Array; start: number; end: number } {
  const originalLength = integer(field(layers, 'frame', 'frame.len')) ?? octets.length;
  return { linkType, originalLength, data: octets, start: 0, end: octets.length };
}
