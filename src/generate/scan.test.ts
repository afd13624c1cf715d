/**
 * A wider scan than that of `generate.test.ts`: no trace that the specification can make is a finding, and none that was
 * seen in full is inconclusive. For other traces: `SCAN_SEEDS=1,2,3 SCAN_WALKS=12 npm run sweeps src/generate/scan`.
 */
import { describe, expect, it } from 'vitest';
import { revisions, type Settings, scenarios, settingsFor } from '../../model/index.ts';
import { validate } from '../traces/validate.ts';
import { type Generated, generate } from './generate.ts';
import { observers } from './observe.ts';
import { unfounded } from './unfounded.ts';

const SEEDS = (process.env['SCAN_SEEDS'] ?? '77').split(',').map(Number);
const WALKS = Number(process.env['SCAN_WALKS'] ?? 2);
const STEPS = 40;

/** Whether an observer saw all that a verdict needs. */
const sawEnough = ({ contents, late, by }: Generated, { window, esn }: Settings): boolean =>
  contents && late === 0 && by !== 'peer-tap' && window === 1 && esn === 'off';

describe.each(SEEDS)('seed %i', (seed) => {
  it.each(revisions.map((revision) => [revision.name, revision] as const))(
    'the traces of %s',
    { timeout: 900_000 },
    (name, revision) => {
      const tally = { conformant: 0, violates: 0, inconclusive: 0 };
      for (const scenario of scenarios) {
        const settings = settingsFor(scenario, 'medium', revision);
        for (const observer of observers) {
          const request = { revision, settings, observer, seed, walks: WALKS, steps: STEPS };
          for (const generated of generate(request)) {
            const { trace } = generated.naming;
            const where = `${name} ${scenario.name} ${observer}, seed ${seed}, trace ${trace}`;
            const result = validate(generated.events, { revision, complete: true });
            const { ikeMessages, espPackets } = result.statistics;
            expect(unfounded(result, generated), where).toEqual([]);
            if (result.verdict === 'inconclusive' && ikeMessages + espPackets > 0) {
              expect(sawEnough(generated, settings), `${where}: ${result.missing.join()}`).toBe(false);
            }
            tally[result.verdict]++;
          }
        }
      }
      // Most of what is seen can be judged.
      expect(tally.conformant).toBeGreaterThan(scenarios.length * observers.length * WALKS * 0.4);
    },
  );
});
