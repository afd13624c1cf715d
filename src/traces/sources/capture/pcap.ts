/**
 * Classic pcap capture files.
 *
 * Source: draft-ietf-opsawg-pcap, sections 4 (file header) and 5 (packet record).
 */
import { InputError } from '../input-error.ts';
import { type BrokenRecord, BrokenRecords, type Frame, type Records } from './frames.ts';
import { KNOWN_LINKS, linkOf, nameOfLink } from './link.ts';

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** No link has larger packets; tcpdump's default limit. A larger length means that the file is damaged. */
export const LARGEST_RECORD = 256 * 1024;
/** A record after damage is looked for within a day of the last one, in seconds. */
const NEAR = 86_400;

interface Kind {
  readonly little: boolean;
  /** Parts of a second that the time stamps count. */
  readonly perSecond: number;
}

const KINDS: ReadonlyMap<number, Kind> = new Map([
  [0xa1b2c3d4, { little: false, perSecond: 1e6 }],
  [0xd4c3b2a1, { little: true, perSecond: 1e6 }],
  [0xa1b23c4d, { little: false, perSecond: 1e9 }],
  [0x4d3cb2a1, { little: true, perSecond: 1e9 }],
]);

export const isPcapMagic = (magic: number): boolean => KINDS.has(magic);

interface Header {
  readonly seconds: number;
  readonly fraction: number;
  readonly length: number;
  readonly originalLength: number;
}

export class PcapRecords implements Records {
  readonly #file: string;
  readonly #take: (frame: Frame) => void;
  readonly #kind: Kind;
  readonly #frame: Frame;
  readonly damaged = new BrokenRecords();
  #started = false;
  /** Offset of the damage that the reader is looking for the end of. */
  #lostSince: number | undefined;
  needs = FILE_HEADER;
  count = 0;

  constructor(file: string, magic: number, take: (frame: Frame) => void) {
    this.#file = file;
    this.#take = take;
    this.#kind = KINDS.get(magic) ?? { little: false, perSecond: 1e6 };
    this.#frame = {
      file,
      number: 0,
      time: 0,
      linkType: 0,
      data: new Uint8Array(),
      start: 0,
      end: 0,
      originalLength: 0,
    };
  }

  read(data: Buffer, from: number, offset: number, last: boolean): number {
    let at = from;
    if (!this.#started) {
      if (data.length - at < FILE_HEADER) return at;
      this.#start(data, at);
      at += FILE_HEADER;
    }
    const { little, perSecond } = this.#kind;
    const frame = this.#frame;
    frame.data = data;
    for (;;) {
      if (this.#lostSince !== undefined) {
        const found = this.#resume(data, at, offset, last);
        if (this.#lostSince !== undefined) return found;
        at = found;
      }
      if (data.length - at < RECORD_HEADER) {
        this.needs = RECORD_HEADER;
        return at;
      }
      const length = word(data, at + 8, little);
      if (length > LARGEST_RECORD) {
        this.#damage(offset + at, length);
        continue;
      }
      const start = at + RECORD_HEADER;
      if (data.length - start < length) {
        this.needs = RECORD_HEADER + length;
        return at;
      }
      this.count += 1;
      frame.number = this.count;
      frame.time = word(data, at, little) + word(data, at + 4, little) / perSecond;
      frame.start = start;
      frame.end = start + length;
      frame.originalLength = word(data, at + 12, little);
      at = frame.end;
      this.#take(frame);
    }
  }

  cutOff(rest: Buffer, offset: number): BrokenRecord {
    const frame = this.count + 1;
    if (!this.#started) {
      return { frame, reason: `${FILE_HEADER - rest.length} octets of the file header are missing` };
    }
    const place = `the file ends in the record at octet ${offset}`;
    if (rest.length < RECORD_HEADER) {
      return { frame, reason: `${place}: ${RECORD_HEADER - rest.length} octets of its header are missing` };
    }
    const length = word(rest, 8, this.#kind.little);
    const missing = RECORD_HEADER + length - rest.length;
    return { frame, reason: `${place}: ${missing} of its ${length} octets are missing` };
  }

  #start(data: Buffer, at: number): void {
    // The upper half of the field holds the length of the frame check sequence, which no reader here needs.
    const linkType = word(data, at + 20, this.#kind.little) & 0xffff;
    if (linkOf(linkType) === undefined) {
      const hint = `Known: ${KNOWN_LINKS}.`;
      throw new InputError({ file: this.#file, octet: 20 }, `${nameOfLink(linkType)} is not known`, hint);
    }
    this.#frame.linkType = linkType;
    this.#started = true;
  }

  #damage(place: number, length: number): void {
    this.count += 1;
    this.#lostSince = place;
    this.damaged.add({
      frame: this.count,
      reason: `the record at octet ${place} says that it has ${length} octets, more than any packet (${LARGEST_RECORD})`,
    });
  }

  /**
   * Looks for the next record after damage: a header that can be, with another behind its octets (or the end of
   * the file).
   *
   * @returns where it is; or, if it was not found yet, from where on to look when there is more
   */
  #resume(data: Buffer, from: number, offset: number, last: boolean): number {
    const lost = this.#lostSince ?? 0;
    for (let at = from; ; at += 1) {
      // The damaged record's own header is no candidate.
      if (offset + at <= lost) continue;
      if (data.length - at < RECORD_HEADER) {
        this.needs = RECORD_HEADER;
        // At the end of the file what is left belongs to the damage.
        if (!last) return at;
        this.#tellLost(`to the end of the file`);
        return data.length;
      }
      const header = this.#plausible(data, at);
      if (header === undefined) continue;
      const next = at + RECORD_HEADER + header.length;
      if (data.length - next < RECORD_HEADER && !last) {
        this.needs = next + RECORD_HEADER - at;
        return at;
      }
      if (next === data.length || this.#plausible(data, next) !== undefined) {
        this.#tellLost(`up to octet ${offset + at}`);
        this.#lostSince = undefined;
        return at;
      }
    }
  }

  #tellLost(where: string): void {
    this.damaged.mendLast((reason) => `${reason}; it and what follows ${where} are not read`);
  }

  #plausible(data: Buffer, at: number): Header | undefined {
    if (data.length - at < RECORD_HEADER) return undefined;
    const { little, perSecond } = this.#kind;
    const header: Header = {
      seconds: word(data, at, little),
      fraction: word(data, at + 4, little),
      length: word(data, at + 8, little),
      originalLength: word(data, at + 12, little),
    };
    const { seconds, fraction, length, originalLength } = header;
    const fits =
      fraction < perSecond &&
      length > 0 &&
      length <= originalLength &&
      originalLength <= LARGEST_RECORD &&
      (this.count === this.damaged.count || Math.abs(seconds - this.#frame.time) < NEAR);
    return fits ? header : undefined;
  }
}

/** Four octets, unsigned. Plain arithmetic on octets: this is read four times for each of millions of records. */
function word(data: Buffer, at: number, little: boolean): number {
  const value = little
    ? data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)
    : data[at + 3]! | (data[at + 2]! << 8) | (data[at + 1]! << 16) | (data[at]! << 24);
  return value >>> 0;
}
