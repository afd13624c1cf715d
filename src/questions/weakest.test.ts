import { describe, expect, test } from 'vitest';
import { ikev2, rfc6311, type Settings, scenarios, settingsFor } from '../../model/index.ts';
import { check, settingsWith, withoutRule } from './check.ts';
import { components, weakest } from './weakest.ts';

const scenario = scenarios.find(({ name }) => name === 'single-failover')!;
const request = (changes: readonly string[] = []) => ({
  revision: ikev2,
  scenario,
  size: 'small' as const,
  settings: settingsWith(settingsFor(scenario, 'small', ikev2), changes, ikev2),
  property: 'message-id-monotonicity',
  chosen: changes.map((change) => change.split('=')[0]!),
});

const enough = (found: Awaited<ReturnType<typeof weakest>>, setting: string) =>
  found?.settings.find((each) => each.setting === setting);

describe('the weakest settings', () => {
  test('of plain IKEv2: two requests, one failover, over a network that loses nothing', async () => {
    const found = await weakest(request());
    expect(found).toMatchObject({ verdict: 'minimal', changes: ['requests=2', 'network=reliable'] });
    expect(enough(found, 'network')).toEqual({
      setting: 'network',
      from: 'adversarial',
      to: 'reliable',
      weaker: [],
    });
    expect(enough(found, 'requests')).toMatchObject({
      from: 3,
      to: 2,
      weaker: [
        { value: 0, verdict: 'holds' },
        { value: 1, verdict: 'holds' },
      ],
    });
    expect(enough(found, 'failovers')).toMatchObject({ to: 1, weaker: [{ value: 0, verdict: 'holds' }] });
  });

  test('break the property, and every weaker value of a single setting does not', async () => {
    const found = await weakest(request());
    const at = settingsWith(request().settings, found!.changes, ikev2);
    const verdictAt = async (settings: Settings): Promise<string> =>
      (await check({ ...request(), settings, properties: ['message-id-monotonicity'] })).verdict;
    expect(await verdictAt(at)).toBe('violated');
    for (const { setting, weaker } of found!.settings) {
      for (const { value } of weaker) {
        expect([setting, value, await verdictAt(settingsWith(at, [`${setting}=${value}`], ikev2))]).toEqual([
          setting,
          value,
          'holds',
        ]);
      }
    }
  });

  test('keep the bump equal to the requests, unless it was chosen', async () => {
    const revision = withoutRule(rfc6311, 'RFC6311-5.1-DROP-STALE');
    const of = (changes: readonly string[]) =>
      weakest({
        ...request(),
        chosen: changes.map((change) => change.split('=')[0]!),
        revision,
        settings: settingsWith(scenario.sizes.small, changes, revision),
        property: 'sync-request-once',
      });
    expect((await of([]))?.changes).toEqual(['requests=0', 'network=reliable', 'bump=0']);
    expect((await of(['bump=2']))?.changes).toEqual(['requests=0', 'network=reliable', 'bump=2']);
  });

  test('need the strongest network where a replay is needed', async () => {
    const place = scenarios.find(({ name }) => name === 'message-id-only')!;
    const found = await weakest({
      ...request(),
      revision: rfc6311,
      scenario: place,
      settings: settingsFor(place, 'small', rfc6311),
      property: 'esp-replay-rejected',
    });
    const network = enough(found, 'network');
    expect(['no-replay', 'adversarial']).toContain(network?.to);
    expect(network?.weaker.slice(0, 2)).toEqual([
      { value: 'reliable', verdict: 'holds' },
      { value: 'fifo', verdict: 'holds' },
    ]);
  });

  test('are told to be inconclusive, never minimal, where a limit was met', async () => {
    const stopped = { aborted: false };
    const found = await weakest({
      ...request(),
      signal: stopped,
      tell: (what) => {
        if (what.includes('failovers=0')) stopped.aborted = true;
      },
    });
    expect(found?.verdict).toBe('inconclusive');
    expect(await weakest({ ...request(), seconds: 1e-9 })).toBeUndefined();
  });

  test('name only settings that there are', async () => {
    const found = await weakest(request());
    // `retries` means nothing to a revision without counter sync.
    expect(found?.settings.map(({ setting }) => setting)).toEqual(
      components.filter((key) => key !== 'retries'),
    );
  });
});
