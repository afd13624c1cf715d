/** A validation as `--json` has it: with all that the text for people has. */
import type { Finding, Validation } from '../../traces/findings/finding.ts';
import { type Experiments, type FrameFilter, frameFilters, ruleUrl } from './pointers.ts';
import { summaryOf } from './summary.ts';

export interface DocumentedFinding extends Finding {
  /** Where the rule can be read. */
  readonly ruleUrl?: string;
  /** A command that shows what happens where nobody keeps the rule. */
  readonly experiment?: string;
}

export interface DocumentedValidation extends Validation {
  /** The verdict in one paragraph. */
  readonly summary: string;
  readonly findings: readonly DocumentedFinding[];
  /** For Wireshark: the frames of the findings. */
  readonly frameFilters: readonly FrameFilter[];
}

export const documented = (result: Validation, experiments: Experiments): DocumentedValidation => ({
  ...result,
  summary: summaryOf(result),
  findings: result.findings.map((finding) => {
    const url = ruleUrl(finding.rule);
    const experiment = experiments.get(finding.rule);
    return {
      ...finding,
      ...(url === undefined ? {} : { ruleUrl: url }),
      ...(experiment === undefined ? {} : { experiment }),
    };
  }),
  frameFilters: frameFilters(result),
});
