/**
 * `npm run record:ablation -- [SCENARIO ...]`: leaves out every rule in every scenario (or in those that are named),
 * and writes what breaks into `docs/ablation.json`, scenario by scenario. All of it takes some ten minutes on one idle
 * core; what is there of other scenarios stays.
 */
import { writeFile } from 'node:fs/promises';
import { type Scenario, scenarios } from '../../model/index.ts';
import { ablatedRevisions, RECORD, recordedAblation, recordOf, withScenario } from './ablation-record.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !scenarios.some((each) => each.name === name));
if (unknown.length > 0) throw new Error(`there is no scenario ${unknown.join(', ')}: see ipsecha scenarios`);

let record = await recordedAblation();
for (const scenario of scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  record = withScenario(record, scenario.name, await cellsOf(scenario));
  await writeFile(RECORD, `${JSON.stringify(record, null, 2)}\n`);
}

/** The cells of all revisions, by rule: no rule is left out of more than one. */
async function cellsOf(scenario: Scenario): Promise<ReadonlyMap<string, string>> {
  const cells = new Map<string, string>();
  for (const { revision, rules } of ablatedRevisions) {
    const start = performance.now();
    for (const [rule, said] of await recordOf(revision, scenario, rules)) cells.set(rule, said);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stderr.write(`${revision.name}, ${scenario.name}: ${rules.length} rules, ${seconds} s\n`);
  }
  return cells;
}
