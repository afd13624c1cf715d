import { cellsOf, clean } from './text.ts';

/** The part of a writable stream that is needed to know what it can show. */
export interface Stream {
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal. */
  readonly columns?: number | undefined;
}

export interface Terminal {
  /** In columns. */
  readonly width: number;
  readonly colour: boolean;
  readonly unicode: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const usualWidth = 100;

/**
 * What a stream can show. A terminal has its own width, has colours unless it is dumb, and Unicode if its
 * locale is UTF-8. Anything else is taken for a file or a pipe: 100 columns, no colour, Unicode. NO_COLOR (not
 * empty) switches colours off; FORCE_COLOR (not `0` or `false`) switches them on and, as in Node, outranks it.
 */
export function terminalOf(stream: Stream, environment: Environment = process.env): Terminal {
  const tty = stream.isTTY === true;
  return {
    width: tty && stream.columns !== undefined && stream.columns > 0 ? stream.columns : usualWidth,
    colour: hasColour(tty, environment),
    unicode: !tty || hasUnicode(environment),
  };
}

function hasColour(tty: boolean, environment: Environment): boolean {
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return tty && environment['TERM'] !== 'dumb';
}

/** The first of the locale variables that is set decides; Windows has none, and its terminals show Unicode. */
function hasUnicode(environment: Environment): boolean {
  const locale = [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(
    (it) => (it ?? '') !== '',
  );
  return locale === undefined ? process.platform === 'win32' : /utf-?8/i.test(locale);
}

/** A line that tells how far a long run has come. */
export interface ProgressLine {
  /** Shows the text, cut to the terminal's width; does nothing if the last one is less than 0.1 s old. */
  update(text: string): void;
  /** Clears the line. */
  done(): void;
}

/** Milliseconds between two texts. */
const pause = 100;
const clearLine = '\r\u001b[2K';

/**
 * A progress line on the stream, which is not written to at all unless it is a terminal that can clear a line.
 *
 * @param now the time in milliseconds
 */
export function progressLine(
  stream: Stream & { write(text: string): unknown },
  now: () => number = () => performance.now(),
  environment: Environment = process.env,
): ProgressLine {
  if (stream.isTTY !== true || environment['TERM'] === 'dumb') return { update() {}, done() {} };
  let last = Number.NEGATIVE_INFINITY;
  let shown = false;
  return {
    update(text) {
      const time = now();
      if (time - last < pause) return;
      last = time;
      shown = true;
      // One column less than there are: some terminals wrap as soon as the last one is written.
      stream.write(clearLine + cut(clean(text), terminalOf(stream, environment).width - 1));
    },
    done() {
      if (shown) stream.write(clearLine);
      shown = false;
    },
  };
}

function cut(text: string, columns: number): string {
  let room = columns;
  let out = '';
  for (const cell of cellsOf(text)) {
    room -= cell.columns;
    if (room < 0) break;
    out += cell.text;
  }
  return out;
}
