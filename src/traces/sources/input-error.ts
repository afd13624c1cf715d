/** Where in the input something is: a file, and a line (text) or an octet (binary) in it. */
export interface Place {
  /** Path of the file as the user named it; `-` is standard input. */
  readonly file: string;
  /** Line, from 1. */
  readonly line?: number;
  /** Offset in octets, from 0. */
  readonly octet?: number;
}

/** `keys.csv:7`, `run.pcap, octet 24` or just the file. */
export function describePlace(place: Place): string {
  // A line end in a name must not begin a line of ours.
  const file = place.file === '-' ? 'standard input' : place.file.replace(/[\r\n]/gu, '?');
  if (place.line !== undefined) return `${file}:${place.line}`;
  if (place.octet !== undefined) return `${file}, octet ${place.octet}`;
  return file;
}

/**
 * Input that cannot be used at all: what is wrong, where, and what to do about it.
 *
 * The only error that the readers throw on purpose; a single record that cannot be read is no error but an
 * `Unread` entry.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly file: string;
  readonly line: number | undefined;
  /** The place in words, `keys.csv:7`. */
  readonly where: string;
  /** What is wrong, without the place. */
  readonly problem: string;
  /** What the user can do. */
  readonly hint: string | undefined;

  constructor(place: Place, problem: string, hint?: string) {
    const where = describePlace(place);
    super(`${where}: ${problem}${hint === undefined ? '' : `\n  ${hint}`}`);
    this.file = place.file;
    this.line = place.line;
    this.where = where;
    this.problem = problem;
    this.hint = hint;
  }
}
