/** Pieces cut out of the sources, so that the page shows what is executed and not a copy of it. */

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
