/** What the worker of the page does that judges captures: the same as `ipsecha validate`, with the files that it was given. */
import { revisionNamed } from '../../questions/check.ts';
import { chartSvg } from '../../report/chart/svg.ts';
import { ruleLink } from '../../report/site/anchors.ts';
import { html } from '../../report/site/html.ts';
import { walkedChart } from '../../report/trace-chart.ts';
import { saidOf } from '../../report/validation.ts';
import { verdictSections } from '../../report/validation-html.ts';
import { placesText } from '../../report/verdict/place.ts';
import { describeEvent } from '../../traces/events/describe.ts';
import type { Verdict } from '../../traces/findings/finding.ts';
import { InputError } from '../../traces/sources/input-error.ts';
import type { ValidatedFile } from '../../traces/validate-file.ts';
import { validateTogether } from '../../traces/validate-together.ts';
import { giveFiles } from './instead/files.ts';

/** Files to be judged. */
export interface JudgeAsked {
  readonly kind: 'judge';
  readonly files: readonly File[];
  /** Without any, those that are called `keys.csv` and `esp_keys.csv` are taken, as on the command line. */
  readonly keys: readonly File[];
  readonly revision: string;
  readonly complete: boolean;
  /** Whether each file is judged for itself. */
  readonly each: boolean;
}

/** One event of what was judged last, and those around it. */
export interface LookAsked {
  readonly kind: 'look';
  /** Which of the traces, from 0. */
  readonly trace: number;
  /** Number of the event, from 1. */
  readonly event: number;
  /** How many columns there is room for. */
  readonly columns: number;
}

export type JudgeAsks = JudgeAsked | LookAsked;

export interface JudgedTrace {
  readonly files: readonly string[];
  readonly verdict: Verdict;
  /** How many there are; 0 if there were too many to be kept. */
  readonly events: number;
  /** The events with a finding, and where they are, in words. */
  readonly findings: readonly { readonly event: number; readonly where: string; readonly rule: string }[];
}

export interface JudgedFiles {
  readonly traces: readonly JudgedTrace[];
  /** What is said of them, as on the page of `validate --html`. */
  readonly markup: string;
  /** Files that could not be judged, of each for itself; and those of which a part could not. */
  readonly problems: readonly string[];
}

export interface Looked {
  readonly words: string;
  readonly chart: string;
  /** What is wrong with it. */
  readonly findings: string;
}

export interface JudgeAnswers {
  readonly judge: JudgedFiles;
  readonly look: Looked;
}

/** What is read, and how much of it. */
export interface HowRead {
  readonly file: string;
  readonly read: number;
  readonly total?: number;
}

/** Of so many events all are kept, so that one can go through them. */
const MOST_WALKED = 100_000;

/** What was judged last. */
let last: readonly ValidatedFile[] = [];

/** @throws InputError if files cannot be judged */
export async function judgeAnswer(
  asked: JudgeAsks,
  waiting: {
    readonly signal: { readonly aborted: boolean };
    readonly tell: (howFar: HowRead) => void;
  },
): Promise<JudgeAnswers[keyof JudgeAnswers]> {
  return asked.kind === 'judge' ? judged(asked, waiting) : looked(asked);
}

async function judged(
  { files, keys, revision, complete, each }: JudgeAsked,
  { signal, tell }: Parameters<typeof judgeAnswer>[1],
): Promise<JudgedFiles> {
  giveFiles([...files, ...keys]);
  const names = files.map(({ name }) => name);
  const problems: string[] = [];
  const results: ValidatedFile[] = [];
  for (const group of each ? names.map((name) => [name]) : [names]) {
    if (signal.aborted) break;
    try {
      results.push(
        ...(await validateTogether(group, {
          revision: revisionNamed(revision),
          keys: keys.map(({ name }) => name),
          onProgress: tell,
          keep: MOST_WALKED,
          signal: signal as AbortSignal,
          ...(complete ? { complete } : {}),
        })),
      );
    } catch (error) {
      if (!each || names.length === 1 || !(error instanceof InputError)) throw error;
      problems.push(error.message);
    }
  }
  for (const { streamed } of results)
    if (streamed.endsEarly !== null)
      problems.push(`${streamed.file}: ${streamed.endsEarly}\nThe verdict is on what comes before.`);
  last = results;
  return {
    traces: results.map(({ validation: { files: of, verdict, findings }, events }) => ({
      files: of,
      verdict,
      events: events?.length ?? 0,
      findings: findings.map((finding) => ({
        event: finding.event,
        where: placesText({ ...finding, alsoFrames: [] }),
        rule: finding.rule,
      })),
    })),
    markup: verdictSections(results).markup,
    problems,
  };
}

function looked({ trace, event: number, columns }: LookAsked): Looked {
  const { events, validation } = last[trace]!;
  const event = events?.[number - 1];
  if (events === undefined || event === undefined) throw new Error(`there is no event ${number}`);
  const chart = walkedChart(events, number, validation);
  const [first] = events;
  const findings = validation.findings.filter((finding) => finding.event === number);
  return {
    words: describeEvent(event, first?.time ?? 0),
    chart: chart.lifelines.length === 0 ? '' : chartSvg(chart, { columns, bands: true }),
    findings: html`${findings.map(
      (finding) =>
        html`<p><strong class="bad-text">✗ ${ruleLink(finding.rule)}</strong> ${saidOf(finding)}. Allowed: ${finding.allowed}.</p>`,
    )}`.markup,
  };
}
