/** Results that a command writes to files beside what it prints. */
import { existsSync } from 'node:fs';
import { isPrintedOnto, OutputError, type Reserved, WholeFile } from '../explore/whole-file.ts';
import { UsageError } from '../questions/usage-error.ts';

/** Endings of programs: nothing that is printed here is one, so a file with such a name is named by mistake. */
const PROGRAM = /\.[cm]?[jt]sx?$/u;

/**
 * Places for outputs, looked at before the work begins; nothing is changed there before there is something to write.
 *
 * @param named each option with the file that it names, if it was given
 * @param reserved what is read, and is not to be written to
 * @throws OutputError if one cannot be written
 * @throws UsageError if two are the same file
 */
export function outputs<Option extends string>(
  named: Readonly<Record<Option, string | undefined>>,
  reserved: Reserved = {},
): { readonly [Each in Option]: WholeFile | undefined } {
  mustNotBePrintedOnto(reserved.inputs ?? []);
  const taken = new Map<string, string>();
  const place = (option: string, path: string): WholeFile => {
    if (PROGRAM.test(path) && existsSync(path)) {
      throw new OutputError(path, 'it is a program by its name, and there already', 'name another file');
    }
    const file = new WholeFile(path, reserved);
    const other = taken.get(file.place);
    if (other !== undefined) {
      throw new UsageError(`${option} and ${other} name one file: ${path}`, 'name a file for each');
    }
    taken.set(file.place, option);
    return file;
  };
  return Object.fromEntries(
    Object.entries<string | undefined>(named).map(([option, path]) => [
      option,
      path === undefined ? undefined : place(option.length === 1 ? `-${option}` : `--${option}`, path),
    ]),
  ) as { [Each in Option]: WholeFile | undefined };
}

/** @throws OutputError if standard output goes onto what is read, as by `>>`: it would never come to an end */
export function mustNotBePrintedOnto(inputs: readonly string[]): void {
  const read =
    inputs.find((input) => isPrintedOnto(input)) ?? (isPrintedOnto() ? 'standard input' : undefined);
  if (read === undefined) return;
  throw new OutputError('standard output', `it goes to ${read}, which is read`, 'let it go to another file');
}

/** Writes an output as a whole. @throws OutputError if it cannot be written */
export function writeOutput(file: WholeFile, text: string): void {
  file.write(text);
  file.finish();
}
