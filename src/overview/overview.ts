/** The main job: every revision in every scenario, every shipped trace, the short proofs; and whether all is as expected. */
import { fileURLToPath } from 'node:url';
import { type Revision, revisions, type Scenario, scenarios, settingsFor } from '../../model/index.ts';
import { theorems } from '../../proofs/theorems.ts';
import { type DerivedResult, provableFor, proveDerived } from '../prove/derived.ts';
import { closeZ3, openZ3 } from '../prove/z3.ts';
import { type CheckResult, check } from '../questions/check.ts';
import type { SharedChecks } from '../questions/check-thread.ts';
import { doneWith, SecondThread } from '../questions/second-thread.ts';
import { type Neighbourhoods, neighbourhoodsIn } from '../traces/events/neighbourhood.ts';
import type { Validation } from '../traces/findings/finding.ts';
import { readTrace } from '../traces/sources/read-trace.ts';
import { validate } from '../traces/validate.ts';
import { expectedChecks } from './expected.ts';
import { type GoldenTrace, goldenTraces, isAsExpected, TRACES } from './golden.ts';
import { type Conclusion, conclusions } from './summary.ts';

/** A shipped trace, and what came out. */
export interface OverviewTrace {
  readonly golden: GoldenTrace;
  readonly validation: Validation;
  /** The events around the findings. */
  readonly around: Neighbourhoods;
}

export interface Overview {
  /** What came out, in a few sentences, with the findings that they stand on. */
  readonly conclusions: readonly Conclusion[];
  readonly checks: readonly CheckResult[];
  readonly traces: readonly OverviewTrace[];
  /** Properties of `rfc6311` for all numbers: those whose proofs are short are made. */
  readonly theorems: readonly ShortProof[];
  /** What is not as expected, in words; empty if all is. */
  readonly surprises: readonly string[];
  readonly seconds: number;
  /** Whether it ended early. */
  readonly interrupted: boolean;
}

/** A property that there is a theorem of: proved here and now, or left to `ipsecha prove`. */
export interface ShortProof {
  readonly property: string;
  readonly verdict: DerivedResult['verdict'] | 'not made here';
  /** Ids of what it assumes. */
  readonly assumes: readonly string[];
  readonly paths: number;
  readonly seconds: number;
}

/** Those that take a second or two each, over one relation. */
const SHORT: readonly string[] = ['message-id-monotonicity', 'window-respected', 'sync-response-fresh'];

async function theoremsOf(
  signal: { readonly aborted: boolean },
  tell: (what: string) => void,
): Promise<readonly ShortProof[]> {
  const shown: ShortProof[] = [];
  const z3 = await openZ3();
  const able = await provableFor('rfc6311', [], []);
  for (const { property, assumes } of theorems) {
    const all = { property, assumes: assumes.map(({ id }) => id) };
    if (signal.aborted || !able.some((each) => each.property === property)) continue;
    if (!SHORT.includes(property)) {
      shown.push({ ...all, verdict: 'not made here', paths: 0, seconds: 0 });
      continue;
    }
    tell(`proving ${property}`);
    const { verdict, validation, seconds } = await proveDerived(
      { revision: 'rfc6311', property, set: [], without: [] },
      { solver: `Z3 ${z3.version}`, ask: ({ text }) => z3.check(text, MILLISECONDS_FOR_A_QUESTION) },
    );
    shown.push({ ...all, verdict, paths: validation.paths - validation.empty, seconds });
  }
  return shown;
}

const MILLISECONDS_FOR_A_QUESTION = 120_000;

/**
 * A second thread does checks, from the last on, while this one validates, proves, and then checks from the first on.
 *
 * @param drafts are checked beside what is shipped; of them nothing is expected
 */
export async function overview(
  signal: { readonly aborted: boolean },
  tell: (what: string) => void,
  drafts: readonly Revision[] = [],
): Promise<Overview> {
  const places = [...revisions, ...drafts].flatMap((revision) =>
    scenarios.map((scenario) => ({ revision, scenario })),
  );
  const shared: SharedChecks = {
    places: places
      .filter(({ revision }) => !drafts.includes(revision))
      .map(({ revision, scenario }) => ({ revision: revision.name, scenario: scenario.name })),
  };
  const second = new SecondThread<CheckResult>('check-thread', shared, places.length);
  try {
    return await overviewWith(second, places, drafts, signal, tell);
  } catch (error) {
    // What it does is for nobody any more.
    await second.end();
    throw error;
  }
}

async function overviewWith(
  second: SecondThread<CheckResult>,
  places: readonly { readonly revision: Revision; readonly scenario: Scenario }[],
  drafts: readonly Revision[],
  signal: { readonly aborted: boolean },
  tell: (what: string) => void,
): Promise<Overview> {
  const start = performance.now();
  const isStopped = (): boolean => signal.aborted;
  const traces: OverviewTrace[] = [];
  for (const golden of await goldenTraces()) {
    if (signal.aborted) break;
    tell(`validating ${golden.file}`);
    const trace = await readTrace(fileURLToPath(new URL(golden.file, TRACES)));
    const validation = validate(trace.events, { file: golden.file, unread: trace.unread, complete: true });
    const found = validation.findings.map(({ event }) => event);
    traces.push({ golden, validation, around: neighbourhoodsIn(trace.events, found) });
  }
  let short: readonly ShortProof[] = [];
  try {
    short = await theoremsOf(signal, tell);
  } finally {
    await closeZ3();
  }
  const jobs = [...places.keys()];
  const done = await doneWith(second, jobs, isStopped, async (job) => {
    const { revision, scenario } = places[job]!;
    tell(`checking ${revision.name}, ${scenario.name}`);
    const settings = settingsFor(scenario, 'small', revision);
    return check({ revision, scenario, size: 'small', settings, signal });
  });
  const checks = jobs.flatMap((job) => done.get(job) ?? []);
  return {
    conclusions: await conclusions(),
    checks,
    traces,
    theorems: short,
    surprises: [
      ...checks
        .filter(({ revision }) => !drafts.some(({ name }) => name === revision))
        .flatMap(surpriseInCheck),
      ...traces.flatMap(({ golden, validation }) =>
        isAsExpected(golden, validation)
          ? []
          : [`${golden.file}: ${validation.verdict}, other findings than expected (${golden.verdict})`],
      ),
      ...short.flatMap(({ property, verdict }) =>
        verdict === 'proved' || verdict === 'not made here'
          ? []
          : [`${property}: ${verdict}, expected proved`],
      ),
    ],
    seconds: (performance.now() - start) / 1000,
    interrupted: signal.aborted,
  };
}

function surpriseInCheck(result: CheckResult): readonly string[] {
  const where = `${result.revision}, ${result.scenario}`;
  const expected = expectedChecks[result.revision]?.[result.scenario];
  if (expected === undefined) return [`${where}: no verdict is written down as expected`];
  const found = brokenIn(result);
  return found === expected
    ? []
    : [`${where}: ${found || 'nothing'} is broken, expected: ${expected || 'nothing'}`];
}

/** The properties that do not hold, in the form of `expectedChecks`. */
const brokenIn = ({ properties }: CheckResult): string =>
  properties
    .filter(({ verdict }) => verdict !== 'holds')
    .map(({ id, verdict, counterexample }) => `${id} ${counterexample?.depth ?? verdict}`)
    .join(', ');
