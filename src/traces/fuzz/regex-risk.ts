/**
 * Which regular expressions take more than linear time on some text: looked for in their form, not by trying.
 *
 * Three forms do: a repeat without bound in a repeat without bound; two of them side by side that can take the same
 * characters (`\s*[^,]*`); and one that is found anywhere and that other places where it could begin run through (a
 * search for `\{.*\}` begins at each `{`, and each time goes to the end).
 */

/** What one atom can take: of each code point below 256, and of some others, whether it is among it. */
type Chars = Uint8Array;
const OTHERS = 256;
/** Characters beyond those that are looked at one by one, some of each kind that patterns ask for. */
const SAMPLES = ['\u0142', '\u200b', '\u2028', '\u202e', '\u4e2d', '\ufeff', '\uffff', '\u{1f600}'];

interface Atom {
  readonly chars: Chars;
  readonly least: number;
  readonly unbounded: boolean;
  /** Whether its quantifier lets it be left out. */
  readonly mayBeAbsent: boolean;
  /** What is in it, if it is a group. */
  readonly inside: readonly (readonly Atom[])[];
  readonly isAnchor: boolean;
  /** Whether it is `^`. */
  readonly isStart: boolean;
}

/** @returns what is wrong with it, if something is */
export function regexRisk(source: string, flags: string): string | undefined {
  const ways = new Parser(source, flags).alternatives().flatMap(waysThrough);
  const isSticky = flags.includes('y');
  for (const way of ways) {
    const risk = sequenceRisk(way) ?? (isSticky || way[0]?.isStart === true ? undefined : searchRisk(way));
    if (risk !== undefined) return risk;
  }
  return undefined;
}

/** So many ways are looked at; no expression of ours has more. */
const MOST_WAYS = 4096;

/** A sequence without groups but for those that are repeated without bound: one for each way through it. */
function waysThrough(sequence: readonly Atom[]): readonly (readonly Atom[])[] {
  let ways: (readonly Atom[])[] = [[]];
  for (const atom of sequence) {
    const through =
      atom.inside.length === 0 || atom.unbounded
        ? [[atom]]
        : [...atom.inside.flatMap(waysThrough), ...(atom.mayBeAbsent ? [[]] : [])];
    ways = ways.flatMap((way) => through.map((more) => [...way, ...more])).slice(0, MOST_WAYS);
  }
  return ways;
}

const isRepeating = ({ unbounded }: Atom): boolean => unbounded;

function sequenceRisk(sequence: readonly Atom[]): string | undefined {
  for (const [index, atom] of sequence.entries()) {
    if (!isRepeating(atom)) continue;
    for (const inner of atom.inside.flatMap(waysThrough)) {
      if (inner.some(isRepeating) && !isSeparated(inner)) return 'a repeat without bound in another';
      const risk = sequenceRisk(inner);
      if (risk !== undefined) return risk;
    }
    // What stands between two repeats keeps them apart if it has to be there, and one of them cannot take it.
    const between: Atom[] = [];
    for (const next of sequence.slice(index + 1)) {
      const isApart = between.some(
        ({ least, chars }) => least > 0 && !(meet(atom.chars, chars) && meet(chars, next.chars)),
      );
      if (isRepeating(next) && meet(atom.chars, next.chars) && !isApart) {
        return 'two repeats without bound side by side';
      }
      if (next.least > 0 && !next.isAnchor && !meet(atom.chars, next.chars)) break;
      between.push(next);
    }
  }
  return undefined;
}

/** Whether a sequence that is repeated has something in it that no repeat in it can take: then it is cut in one way. */
const isSeparated = (sequence: readonly Atom[]): boolean =>
  sequence.some(
    (mark) =>
      mark.least > 0 &&
      !isRepeating(mark) &&
      sequence.every((atom) => !isRepeating(atom) || !meet(atom.chars, mark.chars)),
  );

/** Whether a search may begin in many places and run over the same characters from each. */
function searchRisk(sequence: readonly Atom[]): string | undefined {
  const at = sequence.findIndex(isRepeating);
  const repeat = sequence[at];
  if (repeat === undefined) return undefined;
  // What ends in a repeat that may be as short as it likes fails nowhere.
  if (sequence.slice(at + 1).every(({ least, isAnchor }) => least === 0 && !isAnchor)) return undefined;
  const before = sequence.slice(0, at).filter(({ least }) => least > 0);
  return before.every((atom) => meet(atom.chars, repeat.chars))
    ? 'found anywhere, and run through from each place where it may begin'
    : undefined;
}

const meet = (one: Chars, other: Chars): boolean => one.some((has, index) => has === 1 && other[index] === 1);

class Parser {
  readonly #source: string;
  readonly #flags: string;
  #at = 0;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = flags.replace(/[gyd]/gu, '');
  }

  alternatives(): readonly (readonly Atom[])[] {
    const all: Atom[][] = [[]];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#source[this.#at] === '|') {
        this.#at += 1;
        all.push([]);
      } else all.at(-1)!.push(this.#atom());
    }
    return all;
  }

  #atom(): Atom {
    const begun = this.#at;
    const opening = /^\((?:\?(?:[:=!]|<[=!]|<[^>]{1,40}>))?/u.exec(this.#source.slice(begun, begun + 50));
    if (opening !== null) {
      this.#at += opening[0].length;
      const inside = this.alternatives();
      this.#at += 1;
      const isLook = /[=!]$/u.test(opening[0]);
      const { least, unbounded } = this.#quantifier();
      const lengths = inside.map((sequence) => sequence.reduce((sum, each) => sum + each.least, 0));
      const chars = union(inside.flat().map((each) => each.chars));
      return {
        ...{ chars, inside, unbounded, isAnchor: false, isStart: false },
        least: isLook ? 0 : least * Math.min(...lengths),
        mayBeAbsent: least === 0,
      };
    }
    const text = this.#one();
    const isAnchor = text === '^' || text === '$' || text === '\\b' || text === '\\B';
    const { least, unbounded } = this.#quantifier();
    return {
      chars: isAnchor ? union([]) : charsOf(text, this.#flags),
      least: isAnchor ? 0 : least,
      ...{ inside: [], unbounded, isAnchor, isStart: text === '^', mayBeAbsent: least === 0 },
    };
  }

  /** A character, an escape or a class. */
  #one(): string {
    const begun = this.#at;
    const first = this.#source[begun];
    if (first === '[') {
      this.#at += 1;
      while (this.#source[this.#at] !== ']') this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
      this.#at += 1;
    } else if (first === '\\') {
      const escaped = /^\\(?:[pPu]\{[^}]{1,60}\}|u[0-9a-f]{4}|x[0-9a-f]{2}|k<[^>]{1,40}>|[\s\S])/iu;
      this.#at += escaped.exec(this.#source.slice(begun, begun + 70))![0].length;
    } else this.#at += String.fromCodePoint(this.#source.codePointAt(begun)!).length;
    return this.#source.slice(begun, this.#at);
  }

  #quantifier(): { readonly least: number; readonly unbounded: boolean } {
    const rest = this.#source.slice(this.#at, this.#at + 24);
    const found = /^(?:[*+?]|\{(\d{1,9})(,?)(\d{0,9})\})\??/u.exec(rest);
    if (found === null) return { least: 1, unbounded: false };
    this.#at += found[0].length;
    const sign = found[0][0];
    if (sign === '*') return { least: 0, unbounded: true };
    if (sign === '+') return { least: 1, unbounded: true };
    if (sign === '?') return { least: 0, unbounded: false };
    return { least: Number(found[1]), unbounded: found[2] === ',' && found[3] === '' };
  }
}

function union(all: readonly Chars[]): Chars {
  const chars = new Uint8Array(OTHERS + SAMPLES.length);
  for (const each of all) for (const [index, has] of each.entries()) if (has === 1) chars[index] = 1;
  return chars;
}

function charsOf(text: string, flags: string): Chars {
  const pattern = new RegExp(`^(?:${text})$`, flags);
  const chars = new Uint8Array(OTHERS + SAMPLES.length);
  for (let code = 0; code < OTHERS; code += 1) if (pattern.test(String.fromCharCode(code))) chars[code] = 1;
  for (const [index, each] of SAMPLES.entries()) if (pattern.test(each)) chars[OTHERS + index] = 1;
  return chars;
}
