/** Pieces cut out of the sources, so that the page shows what is executed and not a copy of it. */

import { posix } from 'node:path';

export interface RuleSource {
  /** The function that embodies the rule, as it stands in its file; without the record of what the rule says. */
  readonly code: string;
  /** Number of its first line, from 1. */
  readonly line: number;
}

/**
 * The function in `export const NAME = rule({...}, FUNCTION);`. The formatter sees to it that the record and the
 * closing parenthesis stand on lines of their own.
 *
 * @throws Error if there is no such rule in the text
 */
export function ruleSourceIn(text: string, name: string): RuleSource {
  const lines = text.split('\n');
  const opening = lines.indexOf(`export const ${name} = rule(`);
  const closing = lines.indexOf(');', opening);
  if (opening < 0 || closing < 0) throw new Error(`no rule is called ${name} in its file`);
  const record = lines.indexOf('  },', opening);
  const first = lines[opening + 1] === '  {' && record > 0 && record < closing ? record + 1 : opening + 1;
  const code = lines.slice(first, closing).map((line) => line.replace(/^ {2}/, ''));
  return { code: code.join('\n').replace(/,$/, ''), line: first + 1 };
}

/** Something that the function of a rule is written with: a function or a constant of the specification. */
export interface HelperSource extends RuleSource {
  readonly name: string;
  readonly file: string;
}

/**
 * The functions and constants that a piece of code names, and those that they name, as they stand in its file or in one that
 * this imports from. Other rules are left out: they have pages of their own.
 *
 * @param texts all files of the specification, by their paths
 */
export function helpersOf(
  code: string,
  file: string,
  texts: ReadonlyMap<string, string>,
): readonly HelperSource[] {
  const found = new Map<string, HelperSource>();
  const look = (inside: string, from: string): void => {
    for (const [, name = ''] of inside.matchAll(NAME)) {
      const at = importedFrom(name, from, texts) ?? from;
      const helper = declarationIn(texts.get(at) ?? '', name);
      if (helper === undefined || found.has(`${at} ${name}`)) continue;
      found.set(`${at} ${name}`, { ...helper, name, file: at });
      look(helper.code, at);
    }
  };
  look(code, file);
  return [...found.values()];
}

/** A name that stands for something: no property, no key, no parameter with its type, nothing in quotes. */
const NAME = /(?<![.\w'])([A-Za-z_]\w*)(?![\w':])/g;

/** The file that a name is imported from, if it is imported and no type. */
function importedFrom(name: string, file: string, texts: ReadonlyMap<string, string>): string | undefined {
  const imports = (texts.get(file) ?? '').matchAll(/^import \{([^}]*)\} from '(\.[^']*)';$/gm);
  for (const [, names = '', path = ''] of imports) {
    if (names.split(',').some((each) => each.trim() === name)) return posix.join(posix.dirname(file), path);
  }
  return undefined;
}

/** The function or constant with this name, with what is said of it; undefined if there is none, or if it is a rule. */
function declarationIn(text: string, name: string): RuleSource | undefined {
  const lines = text.split('\n');
  const begins = new RegExp(`^(?:export )?(?:const|function) ${name}\\b(?! = rule\\()`);
  const declared = lines.findIndex((line) => begins.test(line));
  if (declared < 0) return undefined;
  // The formatter indents all that belongs to it, but for what closes it.
  const after = lines.findIndex((line, index) => index > declared && /^[^\s)}\]]/.test(line));
  const comment = lines.slice(0, declared).findLastIndex((line) => line.startsWith('/**'));
  const isSaid = comment >= 0 && lines[declared - 1]?.endsWith('*/') === true;
  const first = isSaid ? comment : declared;
  const code = lines.slice(first, after < 0 ? undefined : after).join('\n');
  return { code: code.trimEnd(), line: declared + 1 };
}

/** Specification, field of an event, field in Wireshark. */
export type MappingRow = readonly [specification: string, event: string, wireshark: string];

/** The rows of the table in the first comment of a text. */
export function mappingIn(text: string): readonly MappingRow[] {
  const comment = text.slice(0, text.indexOf('*/'));
  return [...comment.matchAll(/^ \* \|(.*)\|(.*)\|(.*)\|$/gm)]
    .slice(2) // the head and the line below it
    .map(([, specification = '', event = '', wireshark = '']) => [
      specification.trim(),
      event.trim(),
      wireshark.trim(),
    ]);
}

/** A test file, and the first of its lines that names a rule. */
export interface TestPlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where tests name each rule, by its id or by its function; imports do not count. */
export const testsNaming = (
  rules: readonly { readonly id: string; readonly functionName: string }[],
  tests: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly TestPlace[]> => {
  const lines = [...tests].map(([file, text]) => [file, withoutImports(text).split('\n')] as const);
  return new Map(
    rules.map(({ id, functionName }) => {
      const name = new RegExp(`(?<![\\w.-])(?:${id.replaceAll('.', '\\.')}|${functionName})(?![\\w-])`);
      return [
        id,
        lines.flatMap(([file, all]) => {
          const index = all.findIndex((line) => name.test(line));
          return index < 0 ? [] : [{ file, line: index + 1 }];
        }),
      ];
    }),
  );
};

/** Blank lines stand where imports stood, so that lines keep their numbers. */
const withoutImports = (text: string): string =>
  text.replace(/^import [^;]*;$/gm, (statement) => statement.replace(/[^\n]/g, ''));
