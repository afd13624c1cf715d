import { describe, expect, test } from 'vitest';
import windowSync from '../../docs/examples/window-sync.ts';
import {
  ikev2,
  type Revision,
  rfc6311,
  type Scenario,
  type Settings,
  safetyProperties,
  scenarios,
  settingsFor,
} from '../../model/index.ts';
import { check, scenarioNamed, withoutRule } from './check.ts';
import { followRun, namedRun } from './run-steps.ts';
import { systemOf } from './system-of.ts';
import { addressOf, addressText, type WalkAddress } from './walk-address.ts';

async function runsOf(revision: Revision, scenario: Scenario, settings: Settings) {
  // A system with several initial states is large: one property is enough there.
  const only = scenario.name === 'negotiation' ? { properties: ['message-id-monotonicity'] } : {};
  const result = await check({
    revision,
    scenario,
    size: 'small',
    settings,
    ...only,
    stopWhenAllViolated: true,
  });
  const system = systemOf(revision, settings);
  return result.properties.flatMap(({ id, counterexample }) =>
    counterexample === undefined
      ? []
      : [
          {
            id,
            counterexample,
            named: namedRun(system, counterexample.initial, counterexample.steps),
            system,
          },
        ],
  );
}

describe('a run by the names of its steps', () => {
  test.each([
    ['ikev2', ikev2, 'single-failover', { requests: 2 }],
    ['ikev2, ESP', ikev2, 'packets-multiple-failover', {}],
    [
      'rfc6311 without a rule',
      withoutRule(rfc6311, 'RFC6311-5.1-DROP-STALE'),
      'single-failover',
      { requests: 1 },
    ],
    ['negotiation, several initial states', rfc6311, 'negotiation', {}],
    ['queues', ikev2, 'single-failover', { network: 'fifo', requests: 1 } as const],
    [
      'state syncs that are late',
      ikev2,
      'single-failover',
      { stateSyncOrder: 'delayed', requests: 1 } as const,
    ],
    ['two active members', ikev2, 'single-failover', { actives: 2, requests: 1 } as const],
    [
      'telling and answering apart',
      rfc6311,
      'multiple-failover',
      { requests: 0, bump: 0, telling: 'after-sending', answering: 'apart' } as const,
    ],
    [
      'any Child SA',
      rfc6311,
      'rekey',
      { rekey: 'child', rekeyOf: 'any', rekeyBy: 'peer', childSas: 2, packets: 0 } as const,
    ],
    ['what begins by itself', windowSync, 'single-failover', { requests: 1, stateSync: 'never' } as const],
  ] as const)('%s: every counterexample can be followed by them', async (_, revision, name, changes) => {
    const scenario = scenarioNamed(name);
    const runs = await runsOf(revision, scenario, {
      ...settingsFor(scenario, 'small', revision),
      ...changes,
    });
    expect(runs.length).toBeGreaterThan(0);
    for (const { id, counterexample, named, system } of runs) {
      const followed = followRun(system, named);
      expect(followed.unknown).toBeUndefined();
      expect(followed.ways.map(({ step }) => step)).toEqual(counterexample.steps);
      if (safetyProperties.some((each) => each.id === id))
        expect(followed.ways.at(-1)?.violates.map((each) => each.id)).toContain(id);
      for (const step of named.steps) expect(step).toMatch(/^[a-z-]+(?:\.[A-Za-z0-9' -]+)+$/);
    }
  });

  test('says which step is not possible, and goes as far as it can', () => {
    const [scenario] = scenarios;
    const system = systemOf(ikev2, settingsFor(scenario!, 'small', ikev2));
    const followed = followRun(system, { start: 0, steps: ['request.A', 'receive.B.1', 'request.B'] });
    expect(followed.ways).toHaveLength(1);
    expect(followed.unknown).toBe('receive.B.1');
    expect(() => namedRun(system, [], [])).toThrow(RangeError);
  });
});

describe('the address of a run', () => {
  const address: WalkAddress = {
    revision: 'rfc6311',
    scenario: 'multiple-failover',
    size: 'medium',
    set: ['bump=0', 'network=fifo'],
    without: ['RFC6311-5.1-DROP-STALE'],
    property: 'recovery-fair',
    start: 2,
    steps: ['request.A', 'failover.A.B', 'packet.B.c1 & more'],
    loop: 1,
    at: 2,
    other: { revision: 'ipsecha-01', set: ['bump=1'], without: [] },
  };

  test('says it all, in what can stand in an address', () => {
    const text = addressText(address);
    expect(text).toBe(
      'revision=rfc6311&scenario=multiple-failover&size=medium&set=bump=0&set=network=fifo&without=RFC6311-5.1-DROP-STALE&property=recovery-fair&start=2&steps=request.A,failover.A.B,packet.B.c1%20%26%20more&loop=1&at=2&other=ipsecha-01&other-set=bump=1',
    );
    expect(addressOf(text)).toEqual(address);
  });

  test('leaves out what is as usual', () => {
    const usual: WalkAddress = {
      revision: 'ikev2',
      scenario: 'replay',
      size: 'small',
      set: [],
      without: [],
      start: 0,
      steps: [],
      at: 0,
    };
    expect(addressText(usual)).toBe('revision=ikev2&scenario=replay');
    expect(addressOf('revision=ikev2&scenario=replay')).toEqual(usual);
    expect(addressOf('revision=ikev2&scenario=replay&steps=request.A&at=99')).toMatchObject({ at: 1 });
    expect(addressOf('revision=ikev2&scenario=replay&steps=request.A&at=x')).toMatchObject({ at: 0 });
  });

  test.each([
    ['revision=ikev2', 'names a revision and a scenario'],
    ['revision=ikev2&scenario=replay&size=huge', 'small, medium or large'],
    ['revision=ikev2&scenario=replay&who=me', "'who' is no part of an address"],
    ['revision=ikev2&scenario=%E0%A4%A', 'cut off'],
  ])('%s is told to be none', (text, why) => {
    expect(addressOf(text)).toEqual({ wrong: expect.stringContaining(why) });
  });
});
