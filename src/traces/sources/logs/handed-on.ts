/** What people and programs do to the lines of a log on their way, one line at a time: it is undone here. */
import { withoutColours } from './colours.ts';
import { lineOfEntry } from './journal.ts';

/** The quotation marks of mails; a line that Markdown sets as code; how a server sends entries one by one. */
const QUOTED = /^(?:\s*>)+ ?/u;
const CODE = /^\s*`{1,3}(.*?)`{1,3}\s*$/u;
const EVENT_STREAM = /^data: ?(?=\{)/u;

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'" };
const ENTITY = /&(lt|gt|quot|amp|#39);/gu;

/** The line as the program wrote it. */
export function plainLine(text: string): string {
  let line = withoutColours(text).replaceAll('\u00a0', ' ').replace(QUOTED, '').trimEnd();
  if (line.startsWith('`') || line.endsWith('`')) line = CODE.exec(line)?.[1] ?? line;
  // A page was copied as it stands in its source.
  if (line.includes('&lt;') || line.includes('&gt;') || line.includes('&quot;')) {
    line = line.replaceAll(ENTITY, (whole, name: string) => ENTITIES[name] ?? whole);
  }
  return lineOfEntry(line.replace(EVENT_STREAM, '')).trimEnd();
}

/** An entry has no more lines than this. */
const MOST_LINES = 500;

const FIELD = /^[A-Z_][A-Z0-9_]*=/u;

/**
 * Entries of a journal that take several lines: `journalctl -o json-pretty`, whose objects begin and end with a brace
 * alone, and `journalctl -o export`, whose fields stand one a line with an empty line after them.
 */
export class Entries {
  #kind: 'object' | 'fields' | undefined;
  #lines: string[] = [];
  #first = 0;

  /**
   * @returns lines that stand for themselves, with their numbers; of an entry one, once it is complete
   */
  take(text: string, number: number): readonly (readonly [text: string, number: number])[] {
    if (this.#kind === undefined) {
      const isObject = text === '{';
      if (!isObject && !/^__(?:CURSOR|REALTIME_TIMESTAMP)=/u.test(text)) return [[text, number]];
      this.#kind = isObject ? 'object' : 'fields';
      this.#lines = [text];
      this.#first = number;
      return [];
    }
    const isField = this.#kind === 'object' || FIELD.test(text);
    if (isField && this.#lines.length < MOST_LINES) this.#lines.push(text);
    const isEnd = this.#kind === 'object' ? /^\},?$/u.test(text) : !isField;
    if (!isEnd && this.#lines.length < MOST_LINES) return [];
    const whole = this.end();
    return isField || text === '' ? whole : [...whole, [text, number]];
  }

  /** What is there of an entry that is not complete. */
  end(): readonly (readonly [text: string, number: number])[] {
    const kind = this.#kind;
    const lines = this.#lines;
    this.#kind = undefined;
    this.#lines = [];
    if (kind === undefined) return [];
    const text =
      kind === 'object'
        ? lines.join('\n').replace(/,$/u, '')
        : JSON.stringify(Object.fromEntries(lines.map(fieldIn)));
    return [[lineOfEntry(text), this.#first]];
  }
}

function fieldIn(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** The lines of a text as a program wrote them. */
export function plainLines(text: string): readonly string[] {
  const entries = new Entries();
  const lines = text.split(/\r?\n/u).flatMap((line) => entries.take(plainLine(line), 0));
  return [...lines, ...entries.end()].map(([line]) => line);
}
