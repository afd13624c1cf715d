/**
 * Frames of a capture file, whatever its format, from chunks of octets of any size: a file larger than memory,
 * or standard input.
 */
import { copyOf } from '../../common/octets.ts';
import type { Drops } from '../../events/source-facts.ts';
import { InputError } from '../input-error.ts';
import { isPcapMagic, PcapRecords } from './pcap.ts';
import { PcapngBlocks, SECTION_HEADER } from './pcapng.ts';
import { MOST_UNREAD } from './unread-list.ts';

/**
 * Where a frame lies. One object serves for all frames of a file and is overwritten by the next: whoever is given
 * it looks at it at once, and copies what it keeps.
 */
export interface Frame {
  /** Name of the file. */
  file: string;
  /** Number of the frame in the file, from 1. */
  number: number;
  /**
   * Seconds since the epoch; NaN if the file does not tell. A double holds about a quarter of a microsecond, so
   * nanoseconds are rounded.
   */
  time: number;
  /** LINKTYPE value. */
  linkType: number;
  /** The octets that were captured are those of `data` from `start` up to and without `end`. */
  data: Uint8Array;
  start: number;
  end: number;
  /** Length of the frame on the wire, in octets; more than was captured if the capture cut it. */
  originalLength: number;
}

/** The frame that something came in: its file, its number, and its time in seconds (NaN if it is not known). */
export type FrameOf = Pick<Frame, 'file' | 'number' | 'time'>;

/** A record or block that is not complete, or cannot be. */
export interface BrokenRecord {
  /** The number that its frame would have. */
  readonly frame: number;
  readonly reason: string;
}

/** Packets that a file says it lacks; `Drops` without its name. */
export type Dropped = Omit<Drops, 'kind' | 'file'>;

/** Records that are broken: the first ones are kept, the rest is counted, so that a file full of them takes no memory. */
export class BrokenRecords {
  readonly #first: BrokenRecord[] = [];
  /** How many there are. */
  count = 0;

  /** The first ones. */
  get first(): readonly BrokenRecord[] {
    return this.#first;
  }

  add(record: BrokenRecord): void {
    this.count += 1;
    if (this.#first.length < MOST_UNREAD) this.#first.push(record);
  }

  /** More became known of the last one. */
  mendLast(change: (reason: string) => string): void {
    const last = this.count === this.#first.length ? this.#first.pop() : undefined;
    if (last !== undefined) this.#first.push({ ...last, reason: change(last.reason) });
  }
}

const NONE = new BrokenRecords();

/** What reads the records of one format. */
export interface Records {
  /**
   * Hands the frames of all whole records to `take`, from octet `at` of `data` on.
   *
   * @param offset of `data[0]` in the file
   * @param last whether the file ends with `data`
   * @returns where the first record begins that is not whole
   */
  read(data: Buffer, at: number, offset: number, last: boolean): number;
  /** How many octets the first record that is not whole takes, as far as is known. */
  readonly needs: number;
  /** Records passed over because they cannot be, in the order of their frames. */
  readonly damaged: BrokenRecords;
  /** Number of frames so far, those of `damaged` included. */
  readonly count: number;
  /** What the file itself says of packets that it lacks; no format but pcapng does. */
  readonly drops?: readonly Dropped[];
  /** What to say if the file ends with `rest` octets of a record, which begin at `offset`. */
  cutOff(rest: Buffer, offset: number): BrokenRecord;
}

const magicOf = (octets: Uint8Array): number =>
  octets.length < 4 ? -1 : Buffer.from(octets.subarray(0, 4)).readUInt32BE(0);

/** Whether a file with these first octets is a capture. */
export function looksLikeCapture(octets: Uint8Array): boolean {
  const magic = magicOf(octets);
  return isPcapMagic(magic) || magic === SECTION_HEADER;
}

/** Reads a capture file that comes in chunks. */
export class FrameReader {
  readonly #file: string;
  readonly #take: (frame: Frame) => void;
  #records: Records | undefined;
  /** What was pushed and is not read yet: the first `#length` octets of a buffer that grows as need be. */
  #waiting: Buffer = Buffer.alloc(0);
  #length = 0;
  /** Offset in the file of the first octet that waits. */
  #offset = 0;

  /** @param file its name, for messages */
  constructor(file: string, take: (frame: Frame) => void) {
    this.#file = file;
    this.#take = take;
  }

  /** Number of frames so far, those that could not be read included. */
  get count(): number {
    return this.#records?.count ?? 0;
  }

  /** What the file itself says of packets that it lacks. */
  get drops(): readonly Dropped[] {
    return this.#records?.drops ?? [];
  }

  /** Records that were passed over because they are damaged. */
  get damaged(): BrokenRecords {
    return this.#records?.damaged ?? NONE;
  }

  /**
   * Takes the next octets of the file; the frames that they complete are handed on before this returns.
   *
   * @throws InputError if the file is no capture
   */
  push(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#waiting.length) {
      const larger = Buffer.allocUnsafe(2 * (this.#length + chunk.length));
      this.#waiting.copy(larger, 0, 0, this.#length);
      this.#waiting = larger;
    }
    this.#waiting.set(chunk, this.#length);
    this.#length += chunk.length;
    // Collected until they are enough, so that a large record in small chunks is looked at once.
    if (this.#length >= (this.#records?.needs ?? 4)) this.#read(false);
  }

  /**
   * The file has ended.
   *
   * @returns the record that is cut off, if one is
   * @throws InputError if the file is no capture, or nothing of it can be read
   */
  end(): BrokenRecord | undefined {
    const rest = this.#read(true);
    const records = this.#records;
    if (records === undefined) throw notCapture(this.#file, rest);
    const { damaged, count } = records;
    const [first] = damaged.first;
    if (first !== undefined && damaged.count === count) {
      throw new InputError(
        { file: this.#file },
        first.reason,
        'The file is damaged: copy or capture it again.',
      );
    }
    if (rest.length === 0) return undefined;
    const cutOff = records.cutOff(rest, this.#offset);
    // Not even the file header is there.
    if (this.#offset === 0) {
      const hint = 'The file is cut off: copy or capture it again.';
      throw new InputError({ file: this.#file, octet: 0 }, cutOff.reason, hint);
    }
    return cutOff;
  }

  /** @returns what is left */
  #read(last: boolean): Buffer {
    const data = this.#waiting.subarray(0, this.#length);
    if (this.#records === undefined && data.length < 4) return data;
    this.#records ??= recordsOf(this.#file, data, this.#take);
    const end = this.#records.read(data, 0, this.#offset, last);
    data.copyWithin(0, end);
    this.#offset += end;
    this.#length -= end;
    return data.subarray(0, this.#length);
  }
}

function recordsOf(file: string, start: Buffer, take: (frame: Frame) => void): Records {
  const magic = magicOf(start);
  if (magic === SECTION_HEADER) return new PcapngBlocks(file, take);
  if (isPcapMagic(magic)) return new PcapRecords(file, magic, take);
  throw notCapture(file, start);
}

function notCapture(file: string, start: Buffer): InputError {
  const magic = magicOf(start);
  const found = magic < 0 ? `only ${start.length} octets` : `0x${magic.toString(16).padStart(8, '0')}`;
  const problem = `not a capture file: it begins with ${found}, not with a magic number of pcap (0xa1b2c3d4) or pcapng (0x0a0d0d0a)`;
  return new InputError({ file, octet: 0 }, problem, 'Make one with: tcpdump -w out.pcap "udp or esp"');
}

/** A frame on its own. */
export interface KeptFrame extends Readonly<Omit<Frame, 'data' | 'start' | 'end'>> {
  readonly octets: Uint8Array;
}

/** All frames of a file that is in memory, with what is wrong with it. */
export function framesOf(
  file: string,
  octets: Uint8Array,
): {
  readonly frames: readonly KeptFrame[];
  readonly damaged: readonly BrokenRecord[];
  readonly cutOff: BrokenRecord | undefined;
} {
  const frames: KeptFrame[] = [];
  const reader = new FrameReader(file, ({ data, start, end, ...frame }) =>
    frames.push({ ...frame, octets: copyOf(data.subarray(start, end)) }),
  );
  reader.push(octets);
  const cutOff = reader.end();
  return { frames, damaged: reader.damaged.first, cutOff };
}
