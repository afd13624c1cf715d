/** XML by construction: names are ours, all else is escaped. */

/** An element with attributes and what is in it; attributes without a value are left out. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly inside?: readonly Element[] | string;
}

/** A document with one element, ending in a newline. */
export const xmlText = (root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${markup(root, '')}\n`;

function markup({ name, attributes, inside = [] }: Element, indent: string): string {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`],
  );
  const open = `${indent}<${name}${given.join('')}`;
  if (typeof inside === 'string') return `${open}>${escaped(inside)}</${name}>`;
  if (inside.length === 0) return `${open}/>`;
  return `${open}>\n${inside.map((each) => markup(each, `${indent}  `)).join('\n')}\n${indent}</${name}>`;
}

/** Text for contents and attributes. What no XML document may hold becomes the replacement character. */
const escaped = (text: string): string =>
  text
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
