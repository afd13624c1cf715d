import { type Revision, type Settings, scenarios } from '../../../model/index.ts';
import { check, checkedProperties } from '../check.ts';

/** All but `recovery-fair`, which the text itself breaks (`recovery-fair.test.ts`): a retransmission is dropped. */
export const propertiesButFair = checkedProperties.filter((id) => id !== 'recovery-fair');

/**
 * The properties that do not hold in the smallest size of a scenario, each with the length of the shortest
 * counterexample: `request-at-most-once 5, recovery-possible inconclusive`. Empty if all hold.
 */
export async function broken(
  revision: Revision,
  name: string,
  changes: Partial<Settings> = {},
): Promise<string> {
  const scenario = scenarios.find((each) => each.name === name)!;
  const settings = { ...scenario.sizes.small, ...changes };
  const result = await check({
    revision,
    scenario,
    size: 'small',
    settings,
    // Where a setting has sync requests replaced, section 7 is not kept, whatever rules there are: no rule shows by it.
    properties:
      settings.retry === 'fresh'
        ? propertiesButFair.filter((id) => id !== 'sync-once-per-failover')
        : propertiesButFair,
  });
  if (!result.statistics.complete) throw new Error(`${revision.name} in ${name} was not explored to its end`);
  return result.properties
    .filter(({ verdict }) => verdict !== 'holds')
    .map(({ id, verdict, counterexample }) => `${id} ${counterexample?.depth ?? verdict}`)
    .join(', ');
}
