/** What a finding on a generated trace is worth: its run is known, and tells whether it broke anything. */
import { safetyProperties } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/finding.ts';
import type { Generated } from './generate.ts';

/**
 * The findings that the run does not bear out: it breaks no such property, nor one that the rule is there for. What a
 * revision does not prevent, its runs may break, and a finding of that is right. After such a one the validator goes on
 * from the most charitable explanation, which need not be what the run did; so what it finds later is not looked at.
 */
export const unfounded = ({ findings }: Validation, { breaks }: Generated): readonly Finding[] => {
  const broken = safetyProperties.filter(({ id }) => breaks.includes(id));
  const rules = new Set(broken.flatMap((property): readonly string[] => property.rules));
  const isFounded = ({ rule, property }: Finding): boolean =>
    rules.has(rule) || (property !== undefined && breaks.includes(property));
  const first = findings.findIndex(isFounded);
  return first < 0 ? findings : findings.slice(0, first);
};
