/**
 * pcapng capture files: sections in either byte order, each with interfaces of its own; packets in Enhanced, Simple
 * and obsolete Packet Blocks; Interface Statistics Blocks for what was dropped. Other blocks (names, secrets) are passed
 * over.
 *
 * Source: draft-ietf-opsawg-pcapng, sections 3.1 (blocks), 3.5 (options), 4.1 (SHB), 4.2 (IDB), 4.3 (EPB), 4.4 (SPB), 4.6
 * (ISB) and the appendix on the Packet Block.
 */
import { InputError } from '../input-error.ts';
import { type BrokenRecord, BrokenRecords, type Dropped, type Frame, type Records } from './frames.ts';
import { LARGEST_RECORD } from './pcap.ts';

/** Block type of a section header, the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const STATISTICS = 5;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;

/** Blocks without a packet that Wireshark numbers as frames all the same: custom blocks, and entries of the journal. */
const SHOWN_AS_FRAMES: ReadonlySet<number> = new Set([0x0bad, 0x4000_0bad, 9]);
/** Type, total length, and total length again. */
const SMALLEST_BLOCK = 12;
/** Blocks other than packets may be large (name resolution, secrets); beyond this the file is damaged. */
const LARGEST_BLOCK = 16 * 1024 * 1024;
/** More interfaces in a section than any machine has. */
const MOST_INTERFACES = 65_536;

interface Interface {
  readonly linkType: number;
  /** Octets kept of a packet, at most; 0 for no limit. */
  readonly snapLength: number;
  /** Parts of a second that the time stamps count. */
  readonly perSecond: number;
  /** Seconds to be added to them. */
  readonly offset: number;
  /** The last frame that came from it, and how many did. */
  lastFrame: number;
  frames: number;
  /** How many packets it received, by the last statistics (isb_ifrecv). */
  received: number | undefined;
  /** What the last statistics say of packets dropped by the interface and by the operating system. */
  byInterface: number | undefined;
  bySystem: number | undefined;
  /** Packets that are missing before a frame, as that says. */
  byProgram: number;
}

/** What a Packet Block says where the number of dropped packets is not known. */
const UNKNOWN_16 = 0xffff;

/** Places with missing packets that are listed; of more only the last is, with the sum. */
const MOST_PLACES = 1000;

export class PcapngBlocks implements Records {
  readonly #file: string;
  readonly #take: (frame: Frame) => void;
  readonly damaged = new BrokenRecords();
  readonly #places: Dropped[] = [];
  /** Interfaces of all sections. */
  readonly #all: Interface[] = [];
  #little = false;
  #interfaces: Interface[] = [];
  needs = SMALLEST_BLOCK;
  count = 0;
  readonly #frame: Frame = {
    file: '',
    number: 0,
    time: Number.NaN,
    linkType: 0,
    data: new Uint8Array(),
    start: 0,
    end: 0,
    originalLength: 0,
  };

  constructor(file: string, take: (frame: Frame) => void) {
    this.#file = file;
    this.#frame.file = file;
    this.#take = take;
  }

  read(data: Buffer, from: number, offset: number, last: boolean): number {
    this.#frame.data = data;
    let at = from;
    for (;;) {
      const rest = data.length - at;
      this.needs = SMALLEST_BLOCK;
      if (rest < SMALLEST_BLOCK) return at;
      // The byte order is that of the section, which its header tells after the length.
      if (data.readUInt32BE(at) === SECTION_HEADER && !this.#section(data, at, offset)) {
        at = this.#skip(data, at, offset, last, 'a section header without a byte-order magic');
        if (at < 0) return -at - 1;
        continue;
      }
      const length = this.#u32(data, at + 4);
      if (length < SMALLEST_BLOCK || length > LARGEST_BLOCK) {
        at = this.#skip(data, at, offset, last, `a block that says it has ${length} octets`);
        if (at < 0) return -at - 1;
        continue;
      }
      // RFC drafts want multiples of 4; some writers forget the padding in the length, and all readers forgive it.
      const whole = (length + 3) & ~3;
      if (rest < whole) {
        this.needs = whole;
        return at;
      }
      if (this.#u32(data, at + whole - 4) !== length) {
        at = this.#skip(data, at, offset, last, 'a block whose two lengths differ');
        if (at < 0) return -at - 1;
        continue;
      }
      this.#block(data, at, whole - 4, offset);
      at += whole;
    }
  }

  get drops(): readonly Dropped[] {
    const totals = this.#all.flatMap((from): readonly Dropped[] => {
      const { byInterface, bySystem, byProgram, received, frames } = from;
      const sum = (byInterface ?? 0) + (bySystem ?? 0);
      // All of them have their places.
      if (sum > 0 && sum <= byProgram) return [];
      // Adaptors and filters leave packets out without counting them: that none was dropped is believed only if as many
      // were received as are here.
      const isTold = (packets: number | undefined): packets is number =>
        packets !== undefined && (packets > 0 || received === frames);
      return [
        ...(isTold(byInterface) ? [{ packets: byInterface, by: 'interface' as const }] : []),
        ...(isTold(bySystem) ? [{ packets: bySystem, by: 'system' as const }] : []),
      ];
    });
    return [...totals, ...this.#places];
  }

  cutOff(rest: Buffer, offset: number): BrokenRecord {
    const frame = this.count + 1;
    const place = `the file ends in the block at octet ${offset}`;
    if (rest.length < SMALLEST_BLOCK) {
      return { frame, reason: `${place}: only ${rest.length} of its octets are there` };
    }
    const length = this.#u32(rest, 4);
    return { frame, reason: `${place}: ${length - rest.length} of its ${length} octets are missing` };
  }

  /** @returns false if it is none */
  #section(data: Buffer, at: number, offset: number): boolean {
    if (data.readUInt32BE(at + 8) === BYTE_ORDER) this.#little = false;
    else if (data.readUInt32LE(at + 8) === BYTE_ORDER) this.#little = true;
    else return false;
    const version = data.length - at >= 14 ? this.#u16(data, at + 12) : 1;
    // In the middle of a file it is damage, not another version.
    if (version !== 1 && offset + at > 0) return false;
    if (version !== 1) {
      const problem = `version ${version} of pcapng; this program reads version 1`;
      throw new InputError(
        { file: this.#file, octet: offset + at },
        problem,
        'Convert it with a newer editcap.',
      );
    }
    this.#interfaces = [];
    return true;
  }

  /** One whole block; `end` is where its second length begins. */
  #block(data: Buffer, at: number, blockEnd: number, offset: number): void {
    const type = this.#u32(data, at);
    const end = at + blockEnd;
    if (SHOWN_AS_FRAMES.has(type)) this.count += 1;
    if (type === STATISTICS && end - at >= 20) this.#statistics(data, at, end);
    const fixed = { [INTERFACE]: 16, [PACKET]: 28, [SIMPLE_PACKET]: 12, [ENHANCED_PACKET]: 28 }[type];
    if (fixed === undefined) return;
    if (end - at < fixed) {
      this.#damage(offset + at, `a block of type ${type} that is too short for one`);
    } else if (type === INTERFACE) this.#interface(data, at, end);
    else if (type === SIMPLE_PACKET) {
      const originalLength = this.#u32(data, at + 8);
      const snapLength = this.#interfaces[0]?.snapLength ?? 0;
      const length = snapLength === 0 ? originalLength : Math.min(snapLength, originalLength);
      this.#packet(data, at, offset, 0, {
        ...{ stamp: undefined, start: at + 12, length, originalLength, end },
        dropped: 0,
      });
    } else {
      const [low, high] = [this.#u32(data, at + 16), this.#u32(data, at + 12)];
      const index = type === PACKET ? this.#u16(data, at + 8) : this.#u32(data, at + 8);
      const length = this.#u32(data, at + 20);
      const options = at + 28 + ((length + 3) & ~3);
      this.#packet(data, at, offset, index, {
        stamp: high * 2 ** 32 + low,
        start: at + 28,
        length,
        originalLength: this.#u32(data, at + 24),
        end,
        dropped:
          type === PACKET
            ? this.#u16(data, at + 10)
            : options + 4 <= end
              ? this.#dropCount(data, options, end)
              : 0,
      });
    }
  }

  #packet(
    data: Buffer,
    at: number,
    offset: number,
    index: number,
    packet: {
      stamp: number | undefined;
      start: number;
      length: number;
      originalLength: number;
      end: number;
      dropped: number;
    },
  ): void {
    const from = this.#interfaces[index];
    if (from === undefined) {
      this.#damage(offset + at, `a packet of interface ${index}, which is not described`);
      return;
    }
    const { stamp, start, length, originalLength, end } = packet;
    if (length > end - start || length > LARGEST_RECORD) {
      this.#damage(offset + at, `a packet of ${length} octets in a block that has ${end - start} for it`);
      return;
    }
    this.count += 1;
    if (packet.dropped > 0) this.#dropsBefore(from, packet.dropped);
    from.lastFrame = this.count;
    from.frames += 1;
    const frame = this.#frame;
    frame.number = this.count;
    frame.time = stamp === undefined ? Number.NaN : from.offset + stamp / from.perSecond;
    frame.linkType = from.linkType;
    frame.data = data;
    frame.start = start;
    frame.end = start + length;
    frame.originalLength = originalLength;
    this.#take(frame);
  }

  #interface(data: Buffer, at: number, end: number): void {
    if (this.#interfaces.length >= MOST_INTERFACES) return;
    let perSecond = 1e6;
    let offset = 0;
    this.#options(data, at + 16, end, (code, value, length) => {
      if (code === 9 && length === 1) perSecond = resolution(data[value]!);
      if (code === 14 && length === 8) {
        offset = Number(this.#little ? data.readBigInt64LE(value) : data.readBigInt64BE(value));
      }
    });
    const linkType = this.#u16(data, at + 8);
    const dropped = { byInterface: undefined, bySystem: undefined, byProgram: 0 };
    const counts = { lastFrame: 0, frames: 0, received: undefined, ...dropped };
    const described = { linkType, snapLength: this.#u32(data, at + 12), perSecond, offset, ...counts };
    this.#interfaces.push(described);
    if (this.#all.length < MOST_INTERFACES) this.#all.push(described);
  }

  /** isb_ifrecv, isb_ifdrop and isb_osdrop count from the beginning of the capture: the last statistics have them all. */
  #statistics(data: Buffer, at: number, end: number): void {
    const of = this.#interfaces[this.#u32(data, at + 8)];
    if (of === undefined) return;
    this.#options(data, at + 20, end, (code, value, length) => {
      if (length !== 8 || (code !== 4 && code !== 5 && code !== 7)) return;
      const count = Number(this.#little ? data.readBigUInt64LE(value) : data.readBigUInt64BE(value));
      // All bits are set where it is not known.
      if (count >= 2 ** 63) return;
      if (code === 4) of.received = count;
      else if (code === 5) of.byInterface = count;
      else of.bySystem = count;
    });
  }

  /** epb_dropcount. */
  #dropCount(data: Buffer, at: number, end: number): number {
    let packets = 0;
    this.#options(data, at, end, (code, value, length) => {
      if (length !== 8 || code !== 4) return;
      packets = Number(this.#little ? data.readBigUInt64LE(value) : data.readBigUInt64BE(value));
    });
    return packets;
  }

  /** Packets are missing between this one and the one before it of the same interface. */
  #dropsBefore(from: Interface, packets: number): void {
    if (packets === UNKNOWN_16 || packets >= 2 ** 63) return;
    from.byProgram += packets;
    const last = this.#places.at(-1);
    const before = this.count;
    if (last !== undefined && this.#places.length >= MOST_PLACES) {
      this.#places[MOST_PLACES - 1] = { ...last, packets: last.packets + packets, before };
      return;
    }
    const after = from.lastFrame === 0 ? {} : { after: from.lastFrame };
    this.#places.push({ packets, by: 'program', ...after, before });
  }

  #options(
    data: Buffer,
    from: number,
    end: number,
    take: (code: number, value: number, length: number) => void,
  ): void {
    for (let option = from; option + 4 <= end; ) {
      const code = this.#u16(data, option);
      const length = this.#u16(data, option + 2);
      const value = option + 4;
      if (code === 0 || value + length > end) return;
      take(code, value, length);
      option = value + ((length + 3) & ~3);
    }
  }

  #damage(place: number, what: string): void {
    this.count += 1;
    this.damaged.add({ frame: this.count, reason: `at octet ${place}: ${what}; it is not read` });
  }

  /**
   * Looks for the next block after damage: one whose two lengths agree.
   *
   * @returns where it is; if there is none yet, minus one minus where to look on when there is more
   */
  #skip(data: Buffer, from: number, offset: number, last: boolean, what: string): number {
    for (let at = from + 4; ; at += 4) {
      if (data.length - at < SMALLEST_BLOCK) {
        if (!last) {
          // The same damage is met again when there is more, and told then.
          this.needs = Math.min(2 * (data.length - from) + SMALLEST_BLOCK, 2 * LARGEST_BLOCK);
          if (data.length - from < 2 * LARGEST_BLOCK) return -from - 1;
        }
        this.#damage(offset + from, `${what}, and none behind it`);
        return last ? -data.length - 1 : -at - 1;
      }
      if (!this.#blockAt(data, at)) continue;
      this.#damage(offset + from, `${what}; what follows up to octet ${offset + at}`);
      return at;
    }
  }

  #blockAt(data: Buffer, at: number): boolean {
    const type = this.#u32(data, at);
    if (![SECTION_HEADER, INTERFACE, PACKET, SIMPLE_PACKET, ENHANCED_PACKET].includes(type)) return false;
    const length = this.#u32(data, at + 4);
    return (
      length >= SMALLEST_BLOCK &&
      length <= LARGEST_BLOCK &&
      length % 4 === 0 &&
      at + length <= data.length &&
      this.#u32(data, at + length - 4) === length
    );
  }

  #u32(data: Buffer, at: number): number {
    const value = this.#little
      ? data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
      : data[at + 3]! | (data[at + 2]! << 8) | (data[at + 1]! << 16) | (data[at]! << 24);
    return value >>> 0;
  }

  #u16(data: Buffer, at: number): number {
    return this.#little ? data[at]! | (data[at + 1]! << 8) : (data[at]! << 8) | data[at + 1]!;
  }
}

/** if_tsresol (section 4.2): a power of ten, or of two if the highest bit is set. */
const resolution = (octet: number): number => ((octet & 0x80) === 0 ? 10 ** octet : 2 ** (octet & 0x7f));
