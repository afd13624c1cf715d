/**
 * Holds `docs/ablation.json` to what the explorer finds: that it is complete, all of the cells of some scenarios, and
 * of every rule the example that the site shows. `npm run record:ablation` writes it anew.
 */
import { describe, expect, test } from 'vitest';
import { properties, revisions, scenarios } from '../../model/index.ts';
import { isWhole } from '../testing/sweep.ts';
import {
  ablatedIn,
  ablatedRevisions,
  NOT_USED,
  recordedAblation,
  recordedScenarios,
  recordOf,
  ruleExamples,
  tellingBreakages,
  withScenario,
} from './ablation-record.ts';

const record = await recordedAblation();

/** Scenarios that take little time. All of them would take minutes. */
const COMPARED = ['packets-multiple-failover', ...(isWhole ? ['missing-state-sync'] : [])];

describe('the record', () => {
  test('has every rule that can be left out, each with the same scenarios, and nothing else', () => {
    const recorded = recordedScenarios(record);
    expect(recorded).toEqual(scenarios.map(({ name }) => name));
    expect(Object.keys(record)).toEqual(ablatedRevisions.map(({ revision }) => revision.name));
    for (const { revision, rules } of ablatedRevisions) {
      expect(Object.keys(record[revision.name] ?? {})).toEqual(rules);
      for (const cells of Object.values(record[revision.name] ?? {})) {
        expect(Object.keys(cells)).toEqual(recorded);
      }
    }
  });

  test('takes in the cells of a scenario, and forgets rules that are no more', () => {
    const changed = withScenario(
      { ...record, gone: {} },
      'missing-state-sync',
      new Map([['RFC6311-5.1-ADOPT', 'sync-request-once 7']]),
    );
    expect(Object.keys(changed)).toEqual(Object.keys(record));
    expect(changed['rfc6311']?.['RFC6311-5.1-ADOPT']).toEqual({
      ...record['rfc6311']?.['RFC6311-5.1-ADOPT'],
      'missing-state-sync': 'sync-request-once 7',
    });
  });

  test('says of each cell which properties break, in how many steps, or that nothing is known of them', () => {
    const known = properties.map(({ id }) => id);
    for (const said of Object.values(record).flatMap(Object.values).flatMap(Object.values)) {
      if (said === '' || said === NOT_USED) continue;
      const parts = String(said)
        .split(', ')
        .map((part) => /^([a-z-]+) (?:\d+|inconclusive)$/.exec(part)?.[1]);
      expect(known).toEqual(expect.arrayContaining(parts));
      expect(new Set(parts).size).toBe(parts.length);
    }
  });

  test.each(
    ablatedRevisions.flatMap(({ revision }) => COMPARED.map((name) => [revision.name, name] as const)),
  )(
    'is what is found, %s, %s',
    async (revisionName, scenarioName) => {
      const revision = revisions.find(({ name }) => name === revisionName);
      const scenario = scenarios.find(({ name }) => name === scenarioName);
      if (revision === undefined || scenario === undefined) throw new Error('named above');
      const rules = ablatedIn(revision);
      const found = await recordOf(revision, scenario, rules);
      const written = rules.map((rule) => [rule, record[revisionName]?.[rule]?.[scenarioName]]);
      expect(found).toEqual(written);
    },
    120_000,
  );
});

describe('the examples of the site', () => {
  if (isWhole) {
    test('are as the record says, one for each rule without which something breaks', async () => {
      const { examples, surprises } = await ruleExamples(record, {});
      expect(surprises).toEqual([]);
      expect(examples.map(({ rule }) => rule)).toEqual(tellingBreakages(record).map(({ rule }) => rule));
      expect(examples.length).toBeGreaterThan(10);
    }, 120_000);
  }

  test('are told to be otherwise, where the record is wrong', async () => {
    const { surprises } = await ruleExamples(
      { rfc6311: { 'RFC6311-5.1-DROP-STALE': { 'single-failover': 'sync-request-once 99' } } },
      {},
    );
    expect(surprises).toHaveLength(1);
    expect(surprises[0]).toContain('in 99 by docs/ablation.json');
  });
});
