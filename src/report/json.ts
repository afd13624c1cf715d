import { createRequire } from 'node:module';
import { jsonEscaped } from './text.ts';

/** What every command prints with `--json`. */
export interface ResultDocument<Result> {
  readonly tool: 'ipsecha';
  readonly version: string;
  readonly command: string;
  readonly results: readonly Result[];
  /** Files that could not be judged, where that does not end the whole command. */
  readonly failed?: readonly {
    readonly file: string;
    readonly problem: string;
    readonly hint: string | undefined;
  }[];
}

const version = versionOf(createRequire(import.meta.url)('ipsecha/package.json'));

/** The results of a command with what made them. The version is that of the package. */
export function document<Result>(command: string, results: readonly Result[]): ResultDocument<Result> {
  return { tool: 'ipsecha', version, command, results };
}

/**
 * The document as JSON, indented, ending in a newline. Large integers become decimal strings. What
 * JSON allows and terminals obey (control characters of 8 bits, direction marks) is escaped.
 */
export function documentText(value: ResultDocument<unknown>): string {
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
