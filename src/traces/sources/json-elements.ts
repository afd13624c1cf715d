/**
 * The elements of a JSON array that comes in chunks, one by one: an export may be larger than memory. Whatever else is
 * there is told: elements that are no objects, and what comes after the end.
 */

/** A larger element is passed over. */
const LARGEST = 16 * 1024 * 1024;
/** Octets of an element that are shown. */
const SHOWN = 40;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const isOpening = (octet: number): boolean => octet === 0x5b || octet === 0x7b;
const isClosing = (octet: number): boolean => octet === 0x5d || octet === 0x7d;
const isSpace = (octet: number): boolean =>
  octet === 0x20 || octet === 0x0a || octet === 0x0d || octet === 0x09;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

export class JsonElements {
  readonly #take: (text: string, number: number) => void;
  readonly #refuse: (number: number, reason: string) => void;
  /** 0 before the array, 1 in it, more in an element; -1 after its end. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Whether an element that is no object, and no array, is being read. */
  #inScalar = false;
  #parts: Buffer[] = [];
  #length = 0;
  #number = 0;
  /** Octets that are in no array. */
  #outside = 0;
  #begun = 0;

  /**
   * @param take is given the text of each element that is an object or an array, and its number, from 1
   * @param refuse is told of all others, and of what is around the array
   */
  constructor(
    take: (text: string, number: number) => void,
    refuse: (number: number, reason: string) => void,
  ) {
    this.#take = take;
    this.#refuse = refuse;
  }

  /** Number of elements so far. */
  get count(): number {
    return this.#number;
  }

  /** Whether the array, and all in it, was closed. */
  get isClosed(): boolean {
    return this.#depth < 0;
  }

  push(chunk: Uint8Array): void {
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // Where the element begins that is being read.
    let start = this.#depth > 1 || this.#inScalar ? 0 : -1;
    for (let at = 0; at < octets.length; at += 1) {
      const octet = octets[at]!;
      if (this.#depth <= 0) this.#around(octet);
      else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (octet === BACKSLASH) this.#escaped = true;
        else if (octet === QUOTE) this.#inString = false;
      } else {
        // Between elements: what is none of the signs of an array begins one, or ends one that is no object.
        if (this.#depth === 1) {
          const ends = octet === COMMA || isSpace(octet) || isOpening(octet) || isClosing(octet);
          if (ends && this.#inScalar) {
            this.#keep(octets.subarray(start, at));
            this.#flushScalar();
            start = -1;
          } else if (!ends && !this.#inScalar) {
            this.#inScalar = true;
            start = at;
          }
        }
        if (octet === QUOTE) this.#inString = true;
        else if (isOpening(octet)) {
          this.#depth += 1;
          if (this.#depth === 2) start = at;
        } else if (isClosing(octet)) {
          this.#depth -= 1;
          if (this.#depth === 0) this.#depth = -1;
          if (this.#depth !== 1) continue;
          this.#keep(octets.subarray(start, at + 1));
          this.#flush();
          start = -1;
        }
      }
    }
    if (start >= 0) this.#keep(octets.subarray(start));
  }

  /** All octets were pushed. */
  end(): void {
    if (this.#outside > 0) {
      const where = this.isClosed ? 'after the end of the JSON array' : 'where a JSON array was to begin';
      this.#refuse(this.#number + 1, `${this.#outside} octets ${where}`);
    }
    if (this.#inScalar) this.#flushScalar();
  }

  #around(octet: number): void {
    this.#begun += 1;
    if (isSpace(octet)) return;
    if (this.#depth === 0 && octet === 0x5b && this.#outside === 0) this.#depth = 1;
    else if (this.#depth < 0 || octet !== BYTE_ORDER_MARK[this.#begun - 1]) this.#outside += 1;
  }

  #keep(octets: Uint8Array): void {
    if (this.#length <= LARGEST) this.#parts.push(Buffer.from(octets));
    this.#length += octets.length;
  }

  #flush(): void {
    this.#number += 1;
    const text = this.#length <= LARGEST ? Buffer.concat(this.#parts).toString('utf8') : undefined;
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (text !== undefined) this.#take(text, this.#number);
    else this.#refuse(this.#number, `an element of ${length} octets; more than ${LARGEST} are not read`);
  }

  #flushScalar(): void {
    this.#number += 1;
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#length = 0;
    this.#inScalar = false;
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
    this.#refuse(this.#number, `an element that is no object: ${shown}`);
  }
}
