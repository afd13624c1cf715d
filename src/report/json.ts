import { createRequire } from 'node:module';
import type { DocumentOf, Fitting, ResultOf, ResultsName } from '../contracts/index.ts';
import { jsonEscaped } from './text.ts';

/** The version of the package. */
export const version: string = versionOf(createRequire(import.meta.url)('ipsecha/package.json'));

/** What a document may have beside its results. */
type Beside<Name extends ResultsName> = Omit<DocumentOf<Name>, 'tool' | 'version' | 'command' | 'results'>;

/** What a command prints with `--json`: its results with what made them. It compiles only if they fit the contract. */
export function document<Name extends ResultsName, Result extends ResultOf<Name>>(
  command: Name,
  results: readonly (Result & Fitting<ResultOf<Name>, Result>)[],
  beside?: Beside<Name>,
) {
  return { tool: 'ipsecha', version, command, results, ...beside } as const;
}

/**
 * The document as JSON, indented, ending in a newline. Large integers become decimal strings. What
 * JSON allows and terminals obey (control characters of 8 bits, direction marks) is escaped.
 */
export function documentText(value: object): string {
  const text = JSON.stringify(
    value,
    (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part),
    2,
  );
  return `${jsonEscaped(text)}\n`;
}

function versionOf(description: unknown): string {
  if (typeof description === 'object' && description !== null && 'version' in description) {
    return String(description.version);
  }
  throw new Error('package.json has no version');
}
