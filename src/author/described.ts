/** A value of an author's file in a few words, where another one is asked for. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `a ${typeof value}` : `${typeof value} ${text}`;
}
