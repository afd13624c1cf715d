/**
 * Keys that are there twice in one object: JSON does not forbid them, and readers differ in which they take. What such
 * an object says, nobody can tell.
 */

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];

/**
 * A key that is there twice in one object, as it is written; undefined if there is none.
 *
 * @param text JSON
 * @param value what it was parsed to
 */
export function keyTwice(text: string, value: unknown): string | undefined {
  // Each key has a colon, which is faster to count than keys are to compare.
  return colonsOf(text) === keysOf(value) ? undefined : firstTwice(text);
}

function colonsOf(text: string): number {
  let colons = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) colons += 1;
  }
  return colons;
}

function keysOf(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside = Object.values(next);
    if (!Array.isArray(next)) count += inside.length;
    for (const each of inside) if (typeof each === 'object') waiting.push(each);
  }
  return count;
}

/** Where the quotation mark is that closes a string. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

function firstTwice(text: string): string | undefined {
  /** The keys of each object around a place; none of an array. */
  const around: Set<string>[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '{' || sign === '[') around.push(new Set());
    else if (sign === '}' || sign === ']') around.pop();
    else if (sign === '"') {
      const end = endOfString(text, at);
      const written = text.slice(at, end + 1);
      at = end;
      let after = end + 1;
      while (isSpace(text.charCodeAt(after))) after += 1;
      if (text.charCodeAt(after) !== COLON) continue;
      const key = JSON.parse(written) as string;
      if (around.at(-1)?.has(key) === true) return key;
      around.at(-1)?.add(key);
    }
  }
  return undefined;
}
