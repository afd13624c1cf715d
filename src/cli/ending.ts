/**
 * How the program ends: whatever ends it that is not a verdict ends in 2, and says so.
 *
 * Errors that nobody caught, promises that nobody awaited, an output that is full or closed, an end in the middle of the
 * work (somebody called `process.exit`, or waits for what never comes).
 */
import { EXIT, type Exit } from './exit.ts';
import { say } from './out.ts';

type Ending =
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exit: Exit }
  /** Not all could be written: whoever relies on the status must not take a part for the whole. */
  | { readonly kind: 'broken' };

let ending: Ending = { kind: 'running' };
let watching = false;

/** The command has ended in this status; it is set once all is written. */
export function endIn(exit: Exit): void {
  if (ending.kind === 'running') ending = { kind: 'ended', exit };
}

/** Ends the program at once, as after a second Ctrl-C. */
export function endAtOnce(exit: Exit): never {
  endIn(exit);
  process.exit(exit);
}

/** @param explain says what went wrong, and returns the status for it */
export function watchEndings(explain: (error: unknown) => Exit): void {
  if (watching) return;
  watching = true;
  for (const [stream, name] of [
    [process.stdout, 'standard output'],
    [process.stderr, 'standard error'],
  ] as const) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (ending.kind === 'broken') return;
      ending = { kind: 'broken' };
      if (stream !== process.stderr) say(`${name}: ${problemOf(error)}, so not all was written`);
      // What is still to be written has nobody to read it.
      process.exit(EXIT.usage);
    });
  }
  const failed = (error: unknown): void => {
    if (ending.kind !== 'broken') ending = { kind: 'ended', exit: explain(error) };
    process.exit(EXIT.usage);
  };
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  process.on('exit', () => {
    if (ending.kind === 'running') say('the program ended before there was an answer');
    process.exitCode = ending.kind === 'ended' ? ending.exit : EXIT.usage;
  });
}

const problemOf = ({ code, message }: NodeJS.ErrnoException): string =>
  code === 'EPIPE' ? 'nobody reads any more' : code === 'ENOSPC' ? 'there is no space left' : message;
