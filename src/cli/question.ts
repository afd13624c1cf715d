/** What the commands that ask many explorations have in common: where to look, limits, Ctrl-C, what is printed. */
import { type Scenario, type Size, scenarios } from '../../model/index.ts';
import { scenarioNamed } from '../check/check.ts';
import { document, documentText } from '../report/json.ts';
import { progressLine, type Terminal, terminalOf } from '../report/terminal.ts';
import { EXIT, type Exit } from './exit.ts';
import { INTERRUPTED, interruption } from './interrupt.ts';

export interface QuestionOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly set: readonly string[];
  /** Seconds for each exploration. */
  readonly time: number;
  /** GiB for each exploration. */
  readonly memory?: number;
  readonly json?: boolean;
}

/** What each exploration is bounded by, and how it tells and is told. */
export interface Running {
  readonly seconds: number;
  readonly bytes?: number;
  readonly signal: { readonly aborted: boolean };
  readonly tell: (what: string) => void;
}

/** The scenarios that were named; all, if none was. */
export const scenariosOf = ({ scenario }: Pick<QuestionOptions, 'scenario'>): readonly Scenario[] =>
  scenario.length > 0 ? scenario.map(scenarioNamed) : scenarios;

/**
 * Asks, and prints the answer; after Ctrl-C, what there is of it.
 *
 * @returns the exit status: `exitOf` the answer, or that of an interruption
 */
export async function answer<Answer>(
  command: string,
  options: QuestionOptions,
  ask: (running: Running) => Promise<Answer>,
  print: {
    readonly document: (answer: Answer) => object;
    readonly text: (answer: Answer, style: Terminal) => string;
    readonly exitOf: (answer: Answer) => Exit;
  },
): Promise<Exit> {
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await ask({
    seconds: options.time,
    ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
    signal: stop,
    tell: (what) => line.update(what),
  }).finally(() => {
    line.done();
    stop.done();
  });
  if (options.json === true) process.stdout.write(documentText(document(command, [print.document(result)])));
  else {
    process.stdout.write(print.text(result, terminalOf(process.stdout)));
    if (stop.aborted) process.stdout.write(INTERRUPTED);
  }
  return stop.aborted ? EXIT.interrupted : print.exitOf(result);
}
