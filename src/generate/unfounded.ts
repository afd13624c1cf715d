/** What a finding on a generated trace is worth: its run is known, and tells whether it broke anything. */
import { safetyProperties } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/findings/finding.ts';
import type { Generated } from './generate.ts';
import { onTheWire } from './wire.ts';

/**
 * The findings that the run does not bear out: it breaks no such property, nor one that the rule is there for. What a
 * revision does not prevent, its runs may break, and a finding of that is right. After such a one the validator goes on
 * from the most charitable explanation, which need not be what the run did; so what it finds later is not looked at.
 */
export const unfounded = ({ findings }: Validation, generated: Generated): readonly Finding[] => {
  const { breaks } = generated;
  const broken = safetyProperties.filter(({ id }) => breaks.includes(id));
  const rules = new Set(broken.flatMap((property): readonly string[] => property.rules));
  const isFounded = (finding: Finding): boolean =>
    rules.has(finding.rule) ||
    (finding.property !== undefined && breaks.includes(finding.property)) ||
    countsUnseenSync(finding, generated);
  const first = findings.findIndex(isFounded);
  return first < 0 ? findings : findings.slice(0, first);
};

/**
 * Whether a finding is one of a P2 that counts the M1 of a sync request of the same end which nobody saw. Where both
 * ends are clusters that is in order; but then no P2 would ever be too high, so the finding stands, and says this.
 */
function countsUnseenSync({ rule, event }: Finding, { run, naming, events }: Generated): boolean {
  if (rule !== 'RFC6311-5.1-P2') return false;
  const at = events[event - 1];
  const by = at !== undefined && 'message' in at ? at.from : undefined;
  const seen = new Set(events.flatMap((each) => ('octets' in each ? [each.octets] : [])));
  return run.steps
    .flatMap(({ action, sent }) => action.sent ?? sent)
    .filter(({ kind }) => kind === 'sync-request')
    .map((message) => onTheWire(message, naming))
    .some(({ from, octets }) => from === by && !seen.has(octets ?? ''));
}
