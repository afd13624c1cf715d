/** Values as text, each made once: what is compared again and again does not change. */
const texts = new WeakMap<object, string>();

/** The same text for equal values. Remembered for as long as the value is. */
export function textOf(value: object): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}
