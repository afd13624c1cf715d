/** Reads the XML that we write, strictly: anything that is not well formed is an error. For tests. */
export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Node[];
  /** The text in it, if it has no elements. */
  readonly text: string;
}

const NAMES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string => {
  if (/<|[^\P{Cc}\t\n\r]/u.test(text)) throw new Error(`not well formed: ${text}`);
  return text.replace(/&(#?\w*;?)/g, (_, name: string) => {
    const known =
      NAMES[name.replace(';', '')] ??
      (/^#\d+;$/.test(name) ? String.fromCharCode(+name.slice(1, -1)) : undefined);
    if (known === undefined || !name.endsWith(';')) throw new Error(`no such entity: &${name}`);
    return known;
  });
};

/** @throws Error if the text is not a well-formed document with one element */
export function readXml(text: string): Node {
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/.exec(text);
  if (head === null) throw new Error('no XML declaration');
  const { node, end } = readElement(text, head[0].length);
  if (text.slice(end).trim() !== '') throw new Error('something after the last element');
  return node;
}

function readElement(text: string, start: number): { readonly node: Node; readonly end: number } {
  const open = /<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/y;
  open.lastIndex = start;
  const tag = open.exec(text);
  if (tag === null) throw new Error(`no element at ${start}: ${text.slice(start, start + 40)}`);
  const [, name = '', given = '', closed] = tag;
  const attributes: Record<string, string> = {};
  for (const [, key = '', value = ''] of given.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
    if (key in attributes) throw new Error(`${key} twice`);
    attributes[key] = unescaped(value);
  }
  if (closed === '/') return { node: { name, attributes, children: [], text: '' }, end: open.lastIndex };
  const children: Node[] = [];
  let at = open.lastIndex;
  let inside = '';
  for (;;) {
    const next = text.indexOf('<', at);
    if (next < 0) throw new Error(`${name} does not end`);
    inside += text.slice(at, next);
    if (text.startsWith(`</${name}>`, next)) {
      const end = next + name.length + 3;
      return { node: { name, attributes, children, text: unescaped(inside) }, end };
    }
    const child = readElement(text, next);
    children.push(child.node);
    at = child.end;
  }
}
