/** What the commands that ask many explorations have in common: where to look, limits, Ctrl-C, what is printed. */
import type { Revision, Scenario, Size } from '../../model/index.ts';
import { modulesOf } from '../author/ledger.ts';
import { scenariosWith } from '../author/own.ts';
import { buildDigest } from '../questions/build.ts';
import { scenarioNamed } from '../questions/check.ts';
import { type ShardRecord, shardRecord } from '../questions/merge.ts';
import type { Shard } from '../questions/shard.ts';
import { documentText } from '../report/json.ts';
import type { Sheet } from '../report/sheet.ts';
import { sheetsMarkdown } from '../report/sheet-markdown.ts';
import { progressLine, type Terminal, terminalOf } from '../report/terminal.ts';
import { EXIT, type Exit } from './exit.ts';
import { INTERRUPTED, interruption } from './interrupt.ts';
import { printJson, printText } from './out.ts';

export interface QuestionOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly set: readonly string[];
  /** Seconds for each exploration. */
  readonly time: number;
  /** GiB for each exploration. */
  readonly memory?: number;
  /** Threads for each exploration. */
  readonly workers?: number;
  readonly shard?: Shard;
  readonly json?: boolean;
}

/** What each exploration is bounded by, and how it tells and is told. */
export interface Running {
  readonly seconds?: number;
  readonly bytes?: number;
  readonly workers?: number;
  readonly signal: { readonly aborted: boolean };
  readonly tell: (what: string) => void;
}

/** The scenarios that were named; all, if none was: ours, and those that the revisions bring along. */
export const scenariosOf = (
  { scenario }: Pick<QuestionOptions, 'scenario'>,
  revisions: readonly Revision[],
): readonly Scenario[] =>
  scenario.length > 0 ? scenario.map((name) => scenarioNamed(name, revisions)) : scenariosWith(revisions);

/** How an answer is printed, and in what the command ends. */
export interface Printing<Answer> {
  /** With --json. `beside` is what the document of one shard has besides. */
  readonly json: (answer: Answer, beside: { readonly shard?: ShardRecord }) => object;
  readonly text: (answer: Answer, style: Terminal) => string;
  /** The answer for a draft or a mail, of the commands that have --markdown. */
  readonly sheets?: (answer: Answer) => readonly Sheet[];
  readonly exitOf: (answer: Answer) => Exit;
}

/** A question as a list of independent jobs, of which one shard is done here. */
export interface Sharding<Answer> {
  readonly shard: Shard;
  /** How many jobs there are in all. */
  readonly total: number;
  /** What was asked, apart from limits: equal for all shards. */
  readonly question: Readonly<Record<string, unknown>>;
  /** What came out of the jobs that were done. */
  readonly jobs: (answer: Answer) => ShardRecord['jobs'];
}

/**
 * Asks, and prints the answer; after Ctrl-C, what there is of it.
 *
 * @returns the exit status: `exitOf` the answer, or that of an interruption
 */
export async function answer<Answer>(
  options: Pick<QuestionOptions, 'memory' | 'workers' | 'json'> & {
    readonly time?: number;
    readonly markdown?: boolean;
  },
  ask: (running: Running) => Promise<Answer>,
  printing: Printing<Answer>,
  sharding?: Sharding<Answer>,
): Promise<Exit> {
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await ask({
    ...(options.time === undefined ? {} : { seconds: options.time }),
    ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    signal: stop,
    tell: (what) => line.update(what),
  }).finally(() => {
    line.done();
    stop.done();
  });
  const exit = print(result, printing, {
    json: options.json === true,
    markdown: options.markdown === true,
    ...(sharding === undefined ? {} : { sharding }),
    interrupted: stop.aborted,
  });
  return stop.aborted ? EXIT.interrupted : exit;
}

/** Prints an answer, however it was come by. */
export function print<Answer>(
  result: Answer,
  { json, text, sheets, exitOf }: Printing<Answer>,
  how: {
    readonly json: boolean;
    readonly markdown?: boolean;
    readonly sharding?: Sharding<Answer>;
    readonly interrupted?: boolean;
  },
): Exit {
  const { sharding, interrupted = false } = how;
  const done = sharding?.jobs(result) ?? [];
  if (how.json) {
    // The last job was cut off, if any was.
    const whole = interrupted ? done.slice(0, -1) : done;
    const shard =
      sharding === undefined
        ? {}
        : {
            shard: shardRecord(
              sharding.shard,
              sharding.total,
              { ...sharding.question, build: buildDigest() },
              whole,
            ),
          };
    printJson(documentText(json(result, shard)));
  } else if (how.markdown === true && sheets !== undefined) {
    printText(sheetsMarkdown(sheets(result)));
    if (interrupted) printText(`\n${INTERRUPTED}`);
  } else {
    printText(text(result, terminalOf(process.stdout)));
    if (sharding !== undefined) {
      const { index, of } = sharding.shard;
      printText(
        `shard ${index}/${of}: ${done.length} of ${sharding.total} jobs; with --json, ipsecha merge joins the shards\n`,
      );
    }
    if (interrupted) printText(INTERRUPTED);
  }
  return exitOf(result);
}

/** A revision in a question: its name as it was given; of a file also the digest of all that was loaded for it. */
export function revisionInQuestion(argument: string, revision: Revision): string {
  const modules = modulesOf(revision);
  return modules === undefined ? argument : `${argument} (SHA-256 of its modules: ${modules})`;
}
