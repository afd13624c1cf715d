import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Revision, settingsFor } from '../../model/index.ts';
import { abortingAtLook } from '../explore/testing/aborting.ts';
import { stableFigures } from '../explore/testing/figures.ts';
import { type CheckRequest, check, revisionNamed, scenarioNamed } from './check.ts';

const directory = mkdtempSync(join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Everything that is found, but what depends on the machine or on how tables lie in memory. */
async function found(request: CheckRequest) {
  const result = await check(request);
  const figures = stableFigures(result.statistics);
  return { isWhole: figures.complete, text: JSON.stringify({ ...result, statistics: figures }) };
}

function requestFor(revision: Revision, place: string): CheckRequest {
  const scenario = scenarioNamed(place);
  return { revision, scenario, size: 'small', settings: settingsFor(scenario, 'small', revision) };
}

test.each([
  ['ikev2', 'single-failover'],
  ['rfc6311', 'single-failover'],
  ['ipsecha-01', 'message-id-only'],
])(
  'in pieces, from checkpoint to checkpoint, the same is found as at once: %s in %s',
  async (name, place) => {
    const request = requestFor(revisionNamed(name), place);
    const whole = await found(request);
    const file = join(directory, `${name} ${place}`);
    for (let pieces = 1; ; pieces++) {
      const piece = await found({
        ...request,
        signal: abortingAtLook(20),
        checkpoint: { file, seconds: 1000 },
        ...(existsSync(file) ? { resume: file } : {}),
      });
      if (!piece.isWhole) continue;
      expect(pieces).toBeGreaterThan(2);
      // All states are known; the verdicts are found without interruption.
      expect((await found({ ...request, resume: file })).text).toBe(whole.text);
      return;
    }
  },
  60_000,
);

test('a checkpoint of other settings is refused, and the setting is named', async () => {
  const request = requestFor(revisionNamed('rfc6311'), 'single-failover');
  const file = join(directory, 'settings');
  const identity = (bump: number) => ({ 'setting bump': `${bump}` });
  const checkpoint = { file, seconds: 1000 };
  await check({ ...request, identity: identity(3), checkpoint, signal: abortingAtLook(5) });
  const other = {
    ...request,
    settings: { ...request.settings, bump: 2 },
    identity: identity(2),
    resume: file,
  };
  await expect(check(other)).rejects.toMatchObject({
    name: 'UsageError',
    message: `${file} is a checkpoint of another exploration: setting bump: there 3, here 2`,
  });
});
