/** Lines of a text that comes in chunks, decoded from UTF-8. */
import { isUtf8 } from 'node:buffer';

/** A longer line is no line of a log: it is passed over, so that a file without line ends takes no memory. */
export const LONGEST_LINE = 16 * 1024 * 1024;

export interface LineSink {
  /** @param number of the line, from 1 */
  line(text: string, number: number): void;
  /** A line that is not text. */
  unread(number: number, reason: string): void;
}

const FEED = 0x0a;

export class Lines {
  readonly #sink: LineSink;
  #number = 0;
  /** The beginning of a line whose end has not come yet. */
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  /** Number of lines so far. */
  get count(): number {
    return this.#number;
  }

  push(chunk: Uint8Array): void {
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const last = octets.lastIndexOf(FEED);
    if (last < 0) {
      this.#keep(octets);
      return;
    }
    let from = 0;
    if (this.#length > 0) {
      from = octets.indexOf(FEED) + 1;
      this.#keep(octets.subarray(0, from - 1));
      this.#flush();
    }
    if (from <= last) this.#whole(octets.subarray(from, last));
    this.#keep(octets.subarray(last + 1));
  }

  end(): void {
    if (this.#length > 0) this.#flush();
  }

  /** Forgets the line whose end has not come yet. @returns how many octets of it there were */
  drop(): number {
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    return length;
  }

  /** Another text follows, whose lines are counted from 1. */
  next(): void {
    this.end();
    this.#number = 0;
  }

  /** Lines that are all there, without the end of the last. */
  #whole(octets: Buffer): void {
    if (!isUtf8(octets)) {
      for (let at = 0; at <= octets.length; ) {
        const next = octets.indexOf(FEED, at);
        const end = next < 0 ? octets.length : next;
        this.#one(octets.subarray(at, end));
        at = end + 1;
      }
      return;
    }
    const text = octets.toString('utf8');
    for (let at = 0; at <= text.length; ) {
      const next = text.indexOf('\n', at);
      const end = next < 0 ? text.length : next;
      this.#number += 1;
      this.#sink.line(trimmed(text.slice(at, end), this.#number), this.#number);
      at = end + 1;
    }
  }

  #keep(octets: Uint8Array): void {
    if (octets.length === 0) return;
    // Of a line that is too long only the length matters.
    if (this.#length <= LONGEST_LINE) this.#parts.push(new Uint8Array(octets));
    this.#length += octets.length;
  }

  #flush(): void {
    const line = Buffer.concat(this.#parts);
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (length <= LONGEST_LINE) this.#one(line);
    else {
      this.#number += 1;
      this.#sink.unread(this.#number, `a line of ${length} octets; more than ${LONGEST_LINE} are not read`);
    }
  }

  #one(octets: Buffer): void {
    this.#number += 1;
    if (isUtf8(octets)) this.#sink.line(trimmed(octets.toString('utf8'), this.#number), this.#number);
    else this.#sink.unread(this.#number, 'not text in UTF-8');
  }
}

/** Without the carriage return of Windows, and the byte order mark that some editors put first. */
function trimmed(line: string, number: number): string {
  const text = number === 1 ? line.replace(/^\ufeff/u, '') : line;
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
