/** A value in an error: in one line, and not longer than somebody reads. */

const LONGEST = 160;

export function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
