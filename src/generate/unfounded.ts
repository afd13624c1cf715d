/** What a finding on a generated trace is worth: its run is known, and tells whether it broke anything. */
import type { Finding, Validation } from '../traces/finding.ts';
import type { Generated } from './generate.ts';

/**
 * The findings that the run does not bear out: it breaks no such property. What a revision does not prevent, its
 * runs may break, and a finding of that is right.
 */
export const unfounded = ({ findings }: Validation, { breaks }: Generated): readonly Finding[] =>
  findings.filter(({ property }) => property === undefined || !breaks.includes(property));
