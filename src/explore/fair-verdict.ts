/** From what the search for fair runs found to a verdict. */
import { Exhausted, Holds } from './exhausted.ts';
import { fairProgressOf } from './fair-progress.ts';
import type { Work } from './judging.ts';
import type { Predicates } from './predicate.ts';
import type { Completeness, PropertyResult } from './result.ts';
import type { Search } from './search.ts';
import type { FairProgress } from './system.ts';
import { whatIsKnown } from './verdicts.ts';

/** The verdict on a property of fair progress. */
export function* fairVerdict<C, M, O, A>(
  search: Search<C, M, O, A>,
  progress: FairProgress<C, M, A>,
  completeness: Completeness,
  predicates: Predicates<C, M, O, A>,
): Work<PropertyResult<C, M, O, A>> {
  const { id } = progress;
  if (!(completeness instanceof Exhausted)) {
    const because = `can only be judged when all states are known; ${whatIsKnown(completeness)}`;
    return { id, verdict: 'inconclusive', because };
  }
  const finding = yield* fairProgressOf(search, progress, predicates);
  switch (finding.kind) {
    case 'fine':
      return new Holds(id, completeness);
    case 'violated': {
      const because = 'from here the goal need not be reached, however fair the run is';
      return { id, verdict: 'violated', counterexample: { ...finding.lasso, because } };
    }
    case 'cut-off': {
      const because = `some runs stay away from the goal unless they go on beyond the bounds: ${finding.settings.join(', ')}`;
      return { id, verdict: 'inconclusive', because };
    }
    case 'given-up':
      return { id, verdict: 'inconclusive', because: 'there are too many ways in which a run can be fair' };
  }
}
