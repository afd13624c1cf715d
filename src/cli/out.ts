/**
 * Where text is written out. Nothing that an input, a file name or a revision brings along acts on the terminal: no
 * control character but line ends, no direction marks, whatever the command; what colours, we made.
 */
import { jsonEscaped, shown } from '../report/text.ts';

/** Writes text for people to standard output. */
export function printText(text: string): void {
  process.stdout.write(shown(text));
}

/** Writes JSON to standard output: what acts on terminals is escaped, as JSON can. */
export function printJson(text: string): void {
  process.stdout.write(jsonEscaped(text));
}

/** Writes lines to standard error, as they are. */
export function sayLines(text: string): void {
  process.stderr.write(shown(text));
}

/** Says something in a line, or in several, on standard error. */
export function say(text: string): void {
  sayLines(`ipsecha: ${text}\n`);
}
