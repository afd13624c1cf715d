/** What several observers saw of one run, taken together: each run gets the verdict that `trace.json` expects. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importTogether } from '../traces/import-file.ts';
import { readEvents } from '../traces/sources/jsonl.ts';
import { validate } from '../traces/validate.ts';
import { validateTogether } from '../traces/validate-together.ts';
import { goldenRuns, TRACES } from './golden.ts';

const runs = await goldenRuns();

describe('golden runs', () => {
  it.each(runs.map((run) => ({ ...run, name: run.files.join(' ') })))(
    '$name: $verdict',
    async ({ files, verdict, findings }) => {
      const paths = files.map((file) => fileURLToPath(new URL(file, TRACES)));
      const [together, ...others] = await validateTogether(paths);
      expect(others).toEqual([]);
      expect(together?.validation.files.toSorted()).toEqual(paths.toSorted());
      expect(
        together?.validation.findings.map(
          ({ file, frame, rule }) => `${files[paths.indexOf(file ?? '')]} ${frame} ${rule}`,
        ),
      ).toEqual(findings);
      expect(together?.validation.verdict).toBe(verdict);
      // Imported as one trace, it is judged the same.
      let text = '';
      await importTogether(paths, (piece) => {
        text += piece;
      });
      const events = readEvents('events.jsonl', text);
      expect(
        validate(events, { complete: true }).findings.map(({ rule, message }) => [rule, message]),
      ).toEqual(together?.validation.findings.map(({ rule, message }) => [rule, message]));
      // In another order it is the same run.
      const [reversed] = await validateTogether(paths.toReversed());
      expect(reversed?.validation.findings.map(({ rule, message }) => [rule, message])).toEqual(
        together?.validation.findings.map(({ rule, message }) => [rule, message]),
      );
    },
  );

  it('are many', () => {
    expect(runs.length).toBeGreaterThan(10);
  });
});
