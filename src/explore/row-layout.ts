/**
 * How a global state lies in memory: a row of 32-bit words, with one field for each id.
 *
 *     | ids of components | ids of monitor states | id of the set of messages |
 *      packed into as few words as they need, whatever the order
 *
 * An id never straddles two words. How many bits an id needs is only known as the exploration goes on; so a
 * layout is a value, and when it is outgrown all rows are laid out anew in a wider one. Bits that are left over
 * in a word are shared out among its fields at once, so this happens seldom and, since ids saturate early, mostly
 * when there are few rows.
 */
import { type MakeInts, plainInts } from './growing-ints.ts';

export class RowLayout {
  /** The sizes that it was made for: the same ones make the same layout. */
  readonly sizes: readonly number[];
  /** Words in a row. */
  readonly words: number;
  /** For each field (a component, a monitor, the set): its word, its lowest bit there, its mask before shifting. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;

  /** @param sizes - for each field, how many distinct ids there are */
  constructor(sizes: readonly number[], make: MakeInts = plainInts) {
    this.sizes = sizes;
    this.word = make(sizes.length);
    this.shift = make(sizes.length);
    this.mask = make(sizes.length);
    const bits = sizes.map(bitsFor);
    const words = packed(bits);
    words.forEach((fields, word) => {
      shareOut(bits, fields);
      let shift = 0;
      for (const field of fields) {
        this.word[field] = word;
        this.shift[field] = shift;
        this.mask[field] = 2 ** bits[field]! - 1;
        shift += bits[field]!;
      }
    });
    this.words = words.length;
  }

  /** Whether that many ids still have room. */
  fits(sizes: readonly number[]): boolean {
    return sizes.every((size, field) => size - 1 <= (this.mask[field] ?? -1));
  }

  /** The id of a field in a row. */
  read(row: Int32Array, field: number): number {
    return (row[this.word[field]!]! >>> this.shift[field]!) & this.mask[field]!;
  }

  /** Replaces the id of a field in a row. */
  write(row: Int32Array, field: number, id: number): void {
    writeField(this, row, 0, field, id);
  }

  /** Writes a row of this layout as a row of a wider one. */
  convert(row: Int32Array, wider: RowLayout, into: Int32Array): void {
    into.fill(0, 0, wider.words);
    for (let field = 0; field < this.word.length; field++) wider.write(into, field, this.read(row, field));
  }
}

/** Replaces the id of a field in the row that begins `at`. */
export function writeField(
  { word, shift, mask }: Pick<RowLayout, 'word' | 'shift' | 'mask'>,
  rows: Int32Array,
  at: number,
  field: number,
  id: number,
): void {
  const w = at + word[field]!;
  const s = shift[field]!;
  rows[w] = (rows[w]! & ~(mask[field]! << s)) | (id << s);
}

const BITS_OF_WORD = 32;
const MOST_BITS = 30;
/** The most ids that a field can have. */
export const MOST_IDS = 2 ** MOST_BITS;

/** Bits for ids below `size`: at least 1, at most 30. */
function bitsFor(size: number): number {
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(size, 1))));
  if (bits > MOST_BITS) throw new RangeError('more than 2^30 distinct values in one place');
  return bits;
}

/**
 * The fields of each word, in as few words as the widest ones need that are put first, each into the first word that has
 * room. So many words are then filled evenly, if that can be: next to a wide field, which is the one to outgrow its
 * bits, there is room left.
 */
function packed(bits: readonly number[]): readonly (readonly number[])[] {
  const tight = packedInto([], bits, (words) => words[0]);
  const even = packedInto(
    tight.map(() => ({ fields: [], taken: 0 })),
    bits,
    (words) => words.reduce((a, b) => (b.taken < a.taken ? b : a)),
  );
  return even.length === tight.length ? even : tight;
}

interface Word {
  readonly fields: number[];
  taken: number;
}

/** The fields of each word: of the words with room for it, `choose` says which one a field goes to. */
function packedInto(
  words: Word[],
  bits: readonly number[],
  choose: (words: readonly [Word, ...Word[]]) => Word,
): readonly (readonly number[])[] {
  const widestFirst = bits.map((_, field) => field).sort((a, b) => bits[b]! - bits[a]! || a - b);
  for (const field of widestFirst) {
    const [first, ...others] = words.filter(({ taken }) => taken + bits[field]! <= BITS_OF_WORD);
    const word = first === undefined ? { fields: [], taken: 0 } : choose([first, ...others]);
    if (first === undefined) words.push(word);
    word.fields.push(field);
    word.taken += bits[field]!;
  }
  return words.length === 0 ? [[]] : words.map(({ fields }) => fields);
}

/**
 * Gives the bits that are left over in a word to its fields, more of them to those that have more: what has become
 * large goes on to grow.
 */
function shareOut(bits: number[], fields: readonly number[]): void {
  const needed = fields.map((field) => bits[field]!);
  let left = BITS_OF_WORD - needed.reduce((sum, each) => sum + each, 0);
  for (; left > 0; left--) {
    let next: number | undefined;
    let most = 0;
    fields.forEach((field, i) => {
      const claim = needed[i]! / (1 + bits[field]! - needed[i]!);
      if (claim <= most || bits[field]! >= MOST_BITS) return;
      next = field;
      most = claim;
    });
    if (next === undefined) return;
    bits[next]!++;
  }
}
