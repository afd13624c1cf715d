/**
 * How a global state lies in memory: a row of 32-bit words.
 *
 *     | ids of components | ids of monitor states | set of messages ever sent |
 *      packed into as few words as they need        one bit a message, whole words
 *
 * An id never straddles two words. How many bits an id needs, and how many messages there are, is only known
 * as the exploration goes on; so a layout is a value, and when it is outgrown all rows are laid out anew in a
 * wider one. Ids saturate early, when there are few rows, so this costs next to nothing.
 */
export class RowLayout {
  /** Words in a row. */
  readonly words: number;
  /** The word in which the message set begins. */
  readonly messagesAt: number;
  readonly messageWords: number;
  /** For each field (a component or a monitor): its word, its lowest bit there, and its mask before shifting. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;

  /**
   * @param sizes - for each field, how many distinct ids there are
   * @param messages - how many distinct messages there are
   */
  constructor(sizes: readonly number[], messages: number) {
    this.word = new Int32Array(sizes.length);
    this.shift = new Int32Array(sizes.length);
    this.mask = new Int32Array(sizes.length);
    const used: number[] = [];
    sizes.forEach((size, field) => {
      const bits = bitsFor(size);
      let word = used.findIndex((taken) => taken + bits <= 32);
      if (word < 0) word = used.push(0) - 1;
      this.word[field] = word;
      this.shift[field] = used[word]!;
      this.mask[field] = 2 ** bits - 1;
      used[word] = used[word]! + bits;
    });
    this.messagesAt = used.length;
    this.messageWords = Math.max(1, Math.ceil(messages / 32));
    this.words = this.messagesAt + this.messageWords;
  }

  /** Whether that many ids and messages still have room. */
  fits(sizes: readonly number[], messages: number): boolean {
    return (
      messages <= this.messageWords * 32 && sizes.every((size, field) => size - 1 <= (this.mask[field] ?? -1))
    );
  }

  /** The id of a field in a row. */
  read(row: Int32Array, field: number): number {
    return (row[this.word[field]!]! >>> this.shift[field]!) & this.mask[field]!;
  }

  /** Replaces the id of a field in a row. */
  write(row: Int32Array, field: number, id: number): void {
    const word = this.word[field]!;
    const shift = this.shift[field]!;
    row[word] = (row[word]! & ~(this.mask[field]! << shift)) | (id << shift);
  }

  hasMessage(row: Int32Array, message: number): boolean {
    return ((row[this.messagesAt + (message >>> 5)]! >>> (message & 31)) & 1) === 1;
  }

  addMessage(row: Int32Array, message: number): void {
    row[this.messagesAt + (message >>> 5)]! |= 1 << (message & 31);
  }

  /** Writes a row of this layout as a row of a wider one. */
  convert(row: Int32Array, wider: RowLayout, into: Int32Array): void {
    into.fill(0, 0, wider.words);
    for (let field = 0; field < this.word.length; field++) wider.write(into, field, this.read(row, field));
    for (let w = 0; w < this.messageWords; w++) into[wider.messagesAt + w] = row[this.messagesAt + w]!;
  }
}

/** Bits for ids below `size`, in steps of two so that rows are not laid out anew too often; at most 30. */
function bitsFor(size: number): number {
  const bits = Math.max(2, 2 * Math.ceil(Math.log2(Math.max(size, 2)) / 2));
  if (bits > 30) throw new RangeError('more than 2^30 distinct values in one place');
  return bits;
}
