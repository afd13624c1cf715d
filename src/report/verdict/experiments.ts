/** The commands that show what breaks where a rule is not kept, by the record of what breaks without each. */
import { recordedAblation, tellingBreakages } from '../../overview/ablation-record.ts';
import type { Experiments } from './pointers.ts';

/** Of each rule without which something breaks, the shortest example. */
export const recordedExperiments = async (): Promise<Experiments> =>
  new Map(
    tellingBreakages(await recordedAblation()).map(({ rule, revision, scenario, property }) => [
      rule,
      `npx ipsecha check ${revision} --without ${rule} --scenario ${scenario} --property ${property}`,
    ]),
  );
