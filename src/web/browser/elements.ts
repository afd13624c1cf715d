/** Elements of the page, made of names, attributes and contents. Texts are texts: nothing in them becomes markup. */

type Attribute = string | number | boolean | undefined | ((event: Event) => void);
export type Content = Node | string | number | undefined | false | readonly Content[];

/** An element; an attribute that is `true` has no value, one that is `false` or undefined is not there. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...contents: readonly Content[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
  append(element, contents);
  return element;
}

function append(element: Element, contents: readonly Content[]): void {
  for (const content of contents) {
    if (content === undefined || content === false) continue;
    if (Array.isArray(content)) append(element, content);
    else element.append(typeof content === 'number' ? String(content) : (content as Node | string));
  }
}

/** The element with this id. */
export function at(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no '${id}'`);
  return found;
}

/** Puts contents in the place of what is there; the focus stays with what has the same `data-key`. */
export function fill(element: HTMLElement, ...contents: readonly Content[]): void {
  const focused = document.activeElement;
  const key =
    focused instanceof HTMLElement && element.contains(focused) ? focused.dataset['key'] : undefined;
  element.replaceChildren();
  append(element, contents);
  if (key === undefined) return;
  for (const each of element.querySelectorAll<HTMLElement>('[data-key]'))
    if (each.dataset['key'] === key) each.focus({ preventScroll: true });
}
