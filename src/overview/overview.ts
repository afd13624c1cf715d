/** The main job: every revision in every scenario, every shipped trace, every proof; and whether all is as expected. */
import { fileURLToPath } from 'node:url';
import { type Revision, revisions, scenarios, settingsFor } from '../../model/index.ts';
import { obligations } from '../../proofs/index.ts';
import { closeZ3, type ProofResult, prove } from '../prove/index.ts';
import { type CheckResult, check } from '../questions/check.ts';
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
  readonly proofs: readonly ProofResult[];
  /** What is not as expected, in words; empty if all is. */
  readonly surprises: readonly string[];
  readonly seconds: number;
  /** Whether it ended early. */
  readonly interrupted: boolean;
}

/** @param drafts are checked beside what is shipped; of them nothing is expected */
export async function overview(
  signal: { readonly aborted: boolean },
  tell: (what: string) => void,
  drafts: readonly Revision[] = [],
): Promise<Overview> {
  const start = performance.now();
  const checks: CheckResult[] = [];
  for (const revision of [...revisions, ...drafts]) {
    for (const scenario of scenarios) {
      if (signal.aborted) break;
      tell(`checking ${revision.name}, ${scenario.name}`);
      const settings = settingsFor(scenario, 'small', revision);
      checks.push(await check({ revision, scenario, size: 'small', settings, signal }));
    }
  }
  const traces: OverviewTrace[] = [];
  for (const golden of await goldenTraces()) {
    if (signal.aborted) break;
    tell(`validating ${golden.file}`);
    const trace = await readTrace(fileURLToPath(new URL(golden.file, TRACES)));
    const validation = validate(trace.events, { file: golden.file, unread: trace.unread, complete: true });
    const found = validation.findings.map(({ event }) => event);
    traces.push({ golden, validation, around: neighbourhoodsIn(trace.events, found) });
  }
  const proofs: ProofResult[] = [];
  try {
    for (const obligation of obligations) {
      if (signal.aborted) break;
      tell(`proving ${obligation.id}`);
      proofs.push(await prove(obligation));
    }
  } finally {
    await closeZ3();
  }
  return {
    conclusions: await conclusions(),
    checks,
    traces,
    proofs,
    surprises: [
      ...checks
        .filter(({ revision }) => !drafts.some(({ name }) => name === revision))
        .flatMap(surpriseInCheck),
      ...traces.flatMap(({ golden, validation }) =>
        isAsExpected(golden, validation)
          ? []
          : [`${golden.file}: ${validation.verdict}, other findings than expected (${golden.verdict})`],
      ),
      ...proofs.flatMap(({ id, verdict, obligation }) =>
        verdict === obligation.expected ? [] : [`${id}: ${verdict}, expected ${obligation.expected}`],
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
