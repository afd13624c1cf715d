/**
 * From a captured frame to the IKE message or the packet of ESP or AH in it, through any tunnels around it.
 *
 * Sources: RFC 768 (UDP), RFC 3948 section 2 and RFC 7296 section 2.23 (UDP port 4500), RFC 9329 (TCP), RFC 4302 section 2
 * (AH). Checksums are not looked at: hosts leave them to their network adaptor, so captures made on the sender have wrong
 * ones.
 */
import { withoutPort, withPort } from '../../common/address.ts';
import { toHex, u8, u16, u32 } from '../../common/octets.ts';
import type { Concern } from '../../events/source-facts.ts';
import type { Frame, FrameOf } from './frames.ts';
import { hidesIp } from './hidden.ts';
import { IKE_HEADER } from './ike.ts';
import { afterExtensions, type Inside, insideOf, isExtension } from './ip.ts';
import { IpFragments, type LeftOverFragment } from './ip-fragments.ts';
import { fromLink, type Held, inTunnel, isIpStart, isTunnel, udpTunnel } from './layers.ts';
import { linkOf, mayCarryIp, NOT_IP, nameOfLink, TOO_SHORT } from './link.ts';
import { NO_PORTS, type Ports } from './ports.ts';
import { strangeIn } from './strangers.ts';
import { TcpStreams } from './tcp.ts';

/** What a frame carries. */
export type Packet =
  | IpsecPacket
  /** Several messages, in TCP or one in the other, and what else there is in the frame. */
  | { readonly kind: 'several'; readonly packets: readonly IpsecPacket[]; readonly rest?: Packet }
  | { readonly kind: 'keepalive' }
  /** A part of something whose rest came before or comes later. */
  | { readonly kind: 'part' }
  /** Neither IKE nor ESP: no business of ours. */
  | { readonly kind: 'other' }
  /** What is not looked into, by its name; whether IKE or ESP that somebody takes may be in it. */
  | {
      readonly kind: 'passed';
      readonly what: string;
      readonly mayHide: boolean;
      /** Which SA it may be of, if that is known. */
      readonly concern?: Concern;
    }
  | { readonly kind: 'unread'; readonly reason: string; readonly concern?: Concern };

export interface IpsecPacket {
  readonly kind: 'ike' | 'esp' | 'ah';
  /** From the IKE header, the SPI of ESP or the header of AH on. */
  readonly octets: Uint8Array;
  /** Addresses with ports, or without for bare ESP and AH. */
  readonly source: string;
  readonly destination: string;
  /** The addresses alone. */
  readonly addresses: { readonly source: string; readonly destination: string };
  /** Whether the capture has only its beginning: SPI and sequence number of ESP or AH, and not all after them. */
  readonly cut?: true;
}

const TCP = 6;
const UDP = 17;
const ESP = 50;
const AH = 51;
const WRAPPED_ESP = 141;
/** ICMP of IPv4 and of IPv6. */
const QUOTING: ReadonlySet<number> = new Set([1, 58]);
const IKE_PORT = 500;
const NAT_PORT = 4500;

/** SPI and sequence number of ESP. */
const SMALLEST_ESP = 8;

/** Tunnels in tunnels are followed so deep. */
const DEEPEST = 8;

const unread = (reason: string, concern?: Concern): Packet => ({
  kind: 'unread',
  reason,
  ...(concern !== undefined && { concern }),
});
const passed = (what: string, mayHide: boolean, concern?: Concern): Packet => ({
  ...{ kind: 'passed', what, mayHide },
  ...(concern !== undefined && { concern }),
});
const OTHER: Packet = { kind: 'other' };

/** What no host can take for a message, so that it explains nothing. */
const stray = (what: string): Packet => passed(what, false);

type Hosts = Pick<Inside, 'source' | 'destination'>;

const between = ({ source, destination }: Hosts): Concern => ({
  kind: 'hosts',
  hosts: source < destination ? [source, destination] : [destination, source],
});

/** Which SA a message belongs to, by as much of it as there is. */
export function concernOf({ kind, octets, addresses }: IpsecPacket): Concern {
  if (kind !== 'ike') return { kind: 'esp' };
  return octets.length < 16 ? between(addresses) : saIn(octets);
}

/** The IKE SA of a message, by its SPIs. */
const saIn = (octets: Uint8Array): Concern => ({
  kind: 'ike',
  sa: `${toHex(octets.subarray(0, 8))}:${toHex(octets.subarray(8, 16))}`,
});

/** What is known of a frame while its layers are taken off. */
interface Around {
  readonly frame: FrameOf;
  /** Whether the capture has less of it than was on the wire. */
  readonly cut: boolean;
  readonly depth: number;
}

/** Reads the frames of a capture one after the other; fragments and TCP streams are joined. */
export class PacketReader {
  readonly #ports: Ports;
  readonly #fragments = new IpFragments();
  readonly #streams = new TcpStreams();
  #parts = 0;

  constructor(ports: Ports = NO_PORTS) {
    this.#ports = ports;
  }

  /** Frames that became part of another frame's packet, or are copies of such. */
  get parts(): number {
    return this.#parts + this.#fragments.copies;
  }

  /** What a captured frame carries. The octets in it are valid as long as those of the frame. */
  read(frame: Frame): Packet {
    const { data, start, end, originalLength, linkType } = frame;
    const captured = end - start;
    const cut = originalLength > captured;
    const link = linkOf(linkType);
    // Of the interfaces of one capture, some are no network at all.
    if (link === undefined) return mayCarryIp(linkType) ? passed(nameOfLink(linkType), true) : OTHER;
    const around = { frame, cut, depth: 0 };
    const at = link(data, start, end);
    const packet =
      at === TOO_SHORT
        ? unread(`a frame of ${captured} octets is too short for its link header`)
        : at === NOT_IP
          ? this.#held(fromLink(linkType, data.subarray(start, end)), around)
          : this.#ip(data.subarray(at, end), around);
    if (!cut) return packet;
    const reason = `the capture has only ${captured} of its ${originalLength} octets (snapshot length)`;
    if (packet.kind === 'unread') return { ...packet, reason };
    return packet.kind === 'several' && packet.rest?.kind === 'unread'
      ? { ...packet, rest: { ...packet.rest, reason } }
      : packet;
  }

  /** Frames with fragments that were given up since this was last asked. */
  takeLeftOver(): readonly LeftOverFragment[] {
    return this.#fragments.takeLeftOver();
  }

  /** The capture has ended. */
  end(): {
    readonly leftOver: readonly LeftOverFragment[];
    /** How many connections between two hosts end inside a message. */
    readonly unfinishedStreams: readonly { readonly count: number; readonly concern: Concern }[];
  } {
    const unfinished = new Map<string, { count: number; readonly concern: Concern }>();
    for (const key of this.#streams.unfinished) {
      const [source = '', destination = ''] = key.split(' ').map(withoutPort);
      const concern = between({ source, destination });
      const hosts = JSON.stringify(concern);
      const known = unfinished.get(hosts);
      if (known === undefined) unfinished.set(hosts, { count: 1, concern });
      else known.count += 1;
    }
    return { leftOver: this.#fragments.end(), unfinishedStreams: [...unfinished.values()] };
  }

  /** What is inside a link layer or a tunnel. */
  #held(held: Held, around: Around): Packet {
    if (held.kind === 'other') return OTHER;
    if (held.kind === 'named') return passed(held.name, true);
    if (held.kind === 'ip') {
      if (around.depth >= DEEPEST) return passed(`more than ${DEEPEST} tunnels in one another`, true);
      return this.#ip(held.octets, { ...around, depth: around.depth + 1 });
    }
    return around.cut ? unread('') : stray(`an incomplete ${held.name}`);
  }

  #ip(ip: Uint8Array, around: Around): Packet {
    const { frame, cut } = around;
    const inside = insideOf(ip);
    // No host takes such a packet.
    if ('reason' in inside) return cut ? unread(inside.reason) : stray('a broken IP header');
    const { protocol, fragment, missing } = inside.value;
    // In a fragment of IPv6 there may be extension headers still.
    const mayBe = fragment !== undefined && isExtension(protocol);
    if (!isOurs(protocol) && !mayBe) {
      // What ICMP quotes was sent before, and is no message.
      return fragment === undefined && !QUOTING.has(protocol) && hidesIp(inside.value.octets)
        ? passed(`IPsec in IP protocol ${protocol}, as it seems`, true)
        : OTHER;
    }
    if (fragment !== undefined && missing === 0) {
      const collected = this.#fragments.add(frame, inside.value, fragment);
      if (collected.kind !== 'whole') {
        if (collected.kind === 'known') this.#parts += 1;
        return { kind: 'part' };
      }
      this.#parts += collected.frames - 1;
      return 'reason' in collected.inside
        ? stray(`fragments of a broken IP packet`)
        : this.#packetIn(collected.inside.value, { ...around, cut: false });
    }
    const packet = this.#packetIn(inside.value, around);
    // What is missing of a stream is known by itself.
    if (protocol === TCP && missing > 0) return packet;
    // Of what is cut, the rest may make it a message.
    const isTooShort = packet.kind === 'passed' && !packet.mayHide;
    if (cut && isMessages(packet)) {
      const counted = cutOff(packet);
      if (counted !== undefined) return counted;
    }
    if ((cut || missing > 0) && (isMessages(packet) || isTooShort)) {
      const [first] = packet.kind === 'several' ? packet.packets : isMessage(packet) ? [packet] : [];
      return unread(
        `the IP header promises ${missing} octets more than there are`,
        first === undefined ? between(inside.value) : concernOf(first),
      );
    }
    return packet;
  }

  #packetIn(inside: Inside, around: Around): Packet {
    const { protocol, octets } = inside;
    if (protocol === ESP) return bareEsp(inside);
    if (protocol === UDP) return this.#udp(inside, around);
    if (protocol === TCP) return this.#tcp(inside, around);
    if (protocol === AH) return this.#ah(inside, around);
    if (protocol === WRAPPED_ESP) return wrappedEsp(inside);
    return isTunnel(protocol) ? this.#held(inTunnel(protocol, octets), around) : OTHER;
  }

  #udp(inside: Inside, around: Around): Packet {
    const { octets, missing } = inside;
    if (octets.length < 8) {
      return around.cut || missing > 0
        ? unread(`the UDP header is 8 octets, there are ${octets.length}`, between(inside))
        : stray('an incomplete UDP header');
    }
    const ports = [u16(octets, 0), u16(octets, 2)] as const;
    const isOurPort = isIpsec(ports, this.#ports);
    const length = u16(octets, 4);
    if (!isOurPort) return this.#otherUdp(ports, octets.subarray(8, Math.max(8, length)), inside, around);
    if (length < 8 || length > octets.length + missing) {
      const reason = `the UDP header says ${length} octets, the IP packet has ${octets.length}`;
      return unread(reason, between(inside));
    }
    return inUdp(inside, ports, octets.subarray(8, length), this.#ports);
  }

  /** A datagram between other ports: a tunnel, or IKE where nobody looks for it. */
  #otherUdp([from, to]: readonly [number, number], data: Uint8Array, inside: Inside, around: Around): Packet {
    for (const port of [to, from]) {
      const held = udpTunnel(port)?.(data);
      if (held === undefined || held.kind === 'other') continue;
      // Any program may use the port: what makes no sense in a tunnel is none.
      const isTunnelled = held.kind === 'ip' ? isIpStart(held.octets) : held.kind === 'named' || around.cut;
      if (isTunnelled && (port === to || held.kind === 'ip')) return this.#held(held, around);
    }
    if (inside.missing > 0) return OTHER;
    if (!looksLikeIke(data)) {
      return hidesIp(data) ? passed(`IPsec in UDP port ${Math.min(from, to)}, as it seems`, true) : OTHER;
    }
    // Of the two ports, an ephemeral one is mostly the higher.
    const port = Math.min(from, to);
    const at = isIke(data, 0) ? 0 : MARKER;
    return passed(
      `IKE on UDP port ${port}, as it seems (--decode-as udp.port=${port} reads it)`,
      true,
      saIn(data.subarray(at)),
    );
  }

  /** AH, and what it protects. */
  #ah(inside: Inside, around: Around): Packet {
    const { source, destination, octets } = inside;
    const header = octets.length < 12 ? 12 : 4 * (u8(octets, 1) + 2);
    if (octets.length < header || header < 12) {
      return around.cut || inside.missing > 0
        ? unread(`the AH header is ${header} octets, there are ${octets.length}`, { kind: 'esp' })
        : stray('an incomplete AH header');
    }
    const ah: IpsecPacket = { kind: 'ah', octets, source, destination, addresses: { source, destination } };
    // In IPv6, extension headers may stand after AH too.
    const next = afterExtensions(u8(octets, 0), octets.subarray(header));
    const rest =
      'reason' in next || !isOurs(next.value.protocol) || around.depth >= DEEPEST
        ? OTHER
        : this.#packetIn({ ...inside, ...next.value }, { ...around, depth: around.depth + 1 });
    if (rest.kind === 'other' || rest.kind === 'part') return ah;
    if (rest.kind === 'several') {
      const { packets, rest: more } = rest;
      return { kind: 'several', packets: [ah, ...packets], ...(more !== undefined && { rest: more }) };
    }
    return isMessage(rest)
      ? { kind: 'several', packets: [ah, rest] }
      : { kind: 'several', packets: [ah], rest };
  }

  #tcp(inside: Inside, around: Around): Packet {
    const { source, destination, octets, missing, fragment } = inside;
    // After the first fragment there are no ports.
    if (fragment !== undefined && fragment.offset > 0) return OTHER;
    const isPart = around.cut || missing > 0;
    const cut = unread(`the IP header promises ${missing} octets more than there are`, between(inside));
    if (octets.length < 4) return isPart ? cut : stray('an incomplete TCP header');
    const ports = [u16(octets, 0), u16(octets, 2)] as const;
    const isOurPort = ports.some((port) => port === NAT_PORT || this.#ports.tcp.has(port));
    if (!isOurPort) return OTHER;
    // How much of the stream is missing only the whole packet says.
    if (fragment !== undefined) return cut;
    const shared = withPorts(inside, ports);
    const segment = this.#streams.take(`${shared.source} ${shared.destination}`, octets, missing);
    if ('reason' in segment) return isPart ? cut : stray('an incomplete TCP header');
    if (segment.empty) return OTHER;
    if (segment.strange === 'text') return stray('text on TCP port 4500');
    // IKE may go through TLS as well (RFC 9329, appendix B).
    if (segment.strange === 'TLS') return passed('TLS on TCP port 4500', true, between(inside));
    const packets = segment.messages.flatMap((message): readonly IpsecPacket[] => {
      if (message.length < 4) return [];
      const isIke = u32(message, 0) === 0;
      const addresses = { source, destination };
      return [
        { kind: isIke ? 'ike' : 'esp', octets: isIke ? message.subarray(4) : message, ...shared, addresses },
      ];
    });
    const lost = segment.lost === undefined ? undefined : unread(segment.lost, between(inside));
    const rest = segment.cut ? cut : lost;
    if (packets.length > 0) return { kind: 'several', packets, ...(rest !== undefined && { rest }) };
    if (rest !== undefined) return rest;
    this.#parts += 1;
    return { kind: 'part' };
  }
}

/** Protocols that carry what matters, or something that may. */
const isOurs = (protocol: number): boolean =>
  [UDP, ESP, TCP, AH, WRAPPED_ESP].includes(protocol) || isTunnel(protocol);

const isMessage = (packet: Packet): packet is IpsecPacket =>
  packet.kind === 'ike' || packet.kind === 'esp' || packet.kind === 'ah';

const isMessages = (packet: Packet): boolean =>
  isMessage(packet) || packet.kind === 'several' || packet.kind === 'keepalive';

/** Of a packet that is cut off, its number is known if its header is there; nothing if more than that would be needed. */
function cutOff(packet: Packet): Packet | undefined {
  if (packet.kind === 'several') {
    const packets = packet.packets.map(cutOff);
    return packet.rest === undefined && packets.every((each) => each !== undefined && isMessage(each))
      ? { kind: 'several', packets }
      : undefined;
  }
  if (!isMessage(packet) || packet.kind === 'ike' || packet.octets.length < SMALLEST_ESP) return undefined;
  return { ...packet, cut: true };
}

function bareEsp(inside: Inside): Packet {
  const { source, destination, octets, missing } = inside;
  if (octets.length < SMALLEST_ESP && missing === 0) return stray('an incomplete ESP header');
  return { kind: 'esp', octets, source, destination, addresses: { source, destination } };
}

/** Four octets before ESP (RFC 5840), and four more of padding if a flag says so. */
function wrappedEsp(inside: Inside): Packet {
  const { octets } = inside;
  const header = octets.length >= 4 && (u8(octets, 3) & 0x10) !== 0 ? 8 : 4;
  return bareEsp({ ...inside, octets: octets.subarray(header) });
}

const withPorts = ({ source, destination }: Hosts, ports: readonly [number, number]) => ({
  source: withPort(source, ports[0]),
  destination: withPort(destination, ports[1]),
  addresses: { source, destination },
});

/** Whether a datagram between these ports carries IKE or ESP. */
export const isIpsec = (ports: readonly number[], { udp }: Ports = NO_PORTS): boolean =>
  ports.some((port) => port === NAT_PORT || port === IKE_PORT || udp.has(port));

/** Octets that stand before IKE where ESP has its SPI (RFC 3948, 2.2). */
const MARKER = 4;

/** What a datagram of UDP port 500 or 4500 carries, or of another one that a user names. */
export function inUdp(
  addresses: { readonly source: string; readonly destination: string },
  ports: readonly [source: number, destination: number],
  data: Uint8Array,
  { udp }: Ports = NO_PORTS,
): Packet {
  const shared = withPorts(addresses, ports);
  const ike = (octets: Uint8Array): Packet =>
    octets.length < IKE_HEADER
      ? stray(`a datagram of UDP port 500 or 4500 that is too short for IKE and ESP`)
      : { kind: 'ike', octets, ...shared };
  const isNat = ports.includes(NAT_PORT);
  // From port 4500 to port 500, or back, some put no marker before IKE.
  if (isNat && ports.includes(IKE_PORT) && looksLikeIke(data)) {
    return ike(isIke(data, 0) ? data : data.subarray(MARKER));
  }
  // On a port of the user's choice it may be either.
  const isNamed = !isNat && ports.some((port) => udp.has(port));
  if (!isNat && !(isNamed && !isIke(data, 0))) return ike(data);
  if (data.length === 1 && u8(data, 0) === 0xff) return { kind: 'keepalive' };
  // Four zero octets stand before IKE, where the SPI of ESP would be.
  if (data.length >= MARKER && u32(data, 0) === 0) return ike(data.subarray(MARKER));
  if (data.length < SMALLEST_ESP) {
    return stray(`a datagram of UDP port 500 or 4500 that is too short for IKE and ESP`);
  }
  if (looksLikeIke(data)) {
    return passed('IKE on UDP port 4500 without the four octets that stand before it', true, saIn(data));
  }
  const strange = strangeIn(data);
  return strange === undefined ? { kind: 'esp', octets: data, ...shared } : stray(strange);
}

/** Whether a whole IKE message is there, by its version and its length. */
const isIke = (data: Uint8Array, at: number): boolean =>
  data.length >= at + IKE_HEADER &&
  [1, 2].includes(u8(data, at + 17) >> 4) &&
  u32(data, at + 24) === data.length - at;

/** The exchanges of IKEv2 (RFC 7296, 3.1, and its extensions). */
const FIRST_EXCHANGE = 34;
const LAST_EXCHANGE = 44;

/** Whether a datagram of any port is an IKEv2 message, as near to certain as its header can say. */
export const looksLikeIke = (data: Uint8Array): boolean =>
  [0, MARKER].some(
    (at) =>
      isIke(data, at) &&
      (at === 0 || u32(data, 0) === 0) &&
      u8(data, at + 17) === 0x20 &&
      u8(data, at + 18) >= FIRST_EXCHANGE &&
      u8(data, at + 18) <= LAST_EXCHANGE &&
      (u32(data, at) !== 0 || u32(data, at + 4) !== 0),
  );
