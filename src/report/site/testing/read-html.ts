/**
 * A strict reader of HTML as the page is written: every element closed, every attribute quoted, every `<` and
 * `&` in text escaped. What browsers would mend is an error here.
 */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const VOID: ReadonlySet<string> = new Set(['br', 'meta', 'link', 'img', 'hr', 'input']);
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

const TOKEN =
  /<!doctype html>|<style>([^<]*)<\/style>|<script id="program">([\s\S]*?)<\/script>|<\/([a-z][a-z0-9]*)>|<([a-z][a-z0-9]*)((?: [a-zA-Z][a-zA-Z0-9:-]*(?:="[^"<>]*")?)*)(\/?)>|([^<>]+)/gy;
const ATTRIBUTE = / ([a-zA-Z][a-zA-Z0-9:-]*)(?:="([^"<>]*)")?/g;

/** @throws Error naming what is wrong, and where */
export function readHtml(text: string): Element {
  const root = { name: '', attributes: {}, children: [] as (Element | string)[] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const wrong = (what: string): Error => new Error(`${what}, at: ${text.slice(at, at + 60)}`);
    const token = TOKEN.exec(text);
    if (token === null) throw wrong('neither an element nor escaped text');
    const [, styles, script, closed, opened, attributes = '', selfClosed, content] = token;
    const innermost = open.at(-1) ?? root;
    if (styles !== undefined) innermost.children.push({ name: 'style', attributes: {}, children: [styles] });
    else if (script !== undefined)
      innermost.children.push({ name: 'script', attributes: { id: 'program' }, children: [script] });
    else if (closed !== undefined) {
      if (open.length < 2 || innermost.name !== closed) throw wrong(`</${closed}> closes ${innermost.name}`);
      open.pop();
    } else if (opened !== undefined) {
      const element = { name: opened, attributes: attributesIn(attributes), children: [] };
      innermost.children.push(element);
      if (selfClosed !== '/' && !VOID.has(opened)) open.push(element);
    } else if (content !== undefined) innermost.children.push(unescaped(content));
  }
  if (open.length > 1) throw new Error(`not closed: ${open.map(({ name }) => name).join(' ')}`);
  return root;
}

function attributesIn(text: string): Readonly<Record<string, string>> {
  const all = [...text.matchAll(ATTRIBUTE)].map(
    ([, name = '', value = '']) => [name, unescaped(value)] as const,
  );
  if (new Set(all.map(([name]) => name)).size < all.length) throw new Error(`an attribute twice:${text}`);
  return Object.fromEntries(all);
}

function unescaped(text: string): string {
  return text.replace(/&([a-z]+|#\d+)?;?/g, (entity, name: string | undefined) => {
    const character = ENTITIES[name ?? ''];
    if (character === undefined || !entity.endsWith(';')) throw new Error(`'&' is not escaped: ${text}`);
    return character;
  });
}

/** The element and all within it. */
export const allElements = (element: Element): readonly Element[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : allElements(child))),
];

/** What one reads. */
export const textOf = ({ children }: Element): string =>
  children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
