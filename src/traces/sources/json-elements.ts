/** The elements of a JSON array that comes in chunks, one by one: an export may be larger than memory. */

/** A larger element is passed over. */
const LARGEST = 16 * 1024 * 1024;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const isOpening = (octet: number): boolean => octet === 0x5b || octet === 0x7b;
const isClosing = (octet: number): boolean => octet === 0x5d || octet === 0x7d;

export class JsonElements {
  readonly #take: (text: string, number: number) => void;
  readonly #refuse: (number: number, reason: string) => void;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #length = 0;
  #number = 0;

  /**
   * @param take is given the text of each element that is an object or an array, and its number, from 1
   * @param refuse is told of one that is too large
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
    return this.#depth === 0;
  }

  push(chunk: Uint8Array): void {
    const octets = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    // Where the element begins that is being read.
    let start = this.#depth > 1 ? 0 : -1;
    for (let at = 0; at < octets.length; at += 1) {
      const octet = octets[at]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (octet === BACKSLASH) this.#escaped = true;
        else if (octet === QUOTE) this.#inString = false;
      } else if (octet === QUOTE) this.#inString = true;
      else if (isOpening(octet)) {
        this.#depth += 1;
        if (this.#depth === 2) start = at;
      } else if (isClosing(octet)) {
        this.#depth = Math.max(0, this.#depth - 1);
        if (this.#depth !== 1 || start < 0) continue;
        this.#keep(octets.subarray(start, at + 1));
        this.#flush();
        start = -1;
      }
    }
    if (start >= 0) this.#keep(octets.subarray(start));
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
}
