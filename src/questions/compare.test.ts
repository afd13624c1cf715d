import { describe, expect, test } from 'vitest';
import { ikev2, rfc6311, scenarios } from '../../model/index.ts';
import { type CheckRequest, settingsWith } from './check.ts';
import { type ComparisonRequest, compare, sideNames, sideOf } from './compare.ts';
import { comparisonDocument } from './document-of-comparison.ts';

const named = (name: string) => scenarios.find((each) => each.name === name)!;
const at = (name: string, requests: number) => {
  const scenario = named(name);
  const settings: CheckRequest['settings'] = settingsWith(
    scenario.sizes.small,
    [`requests=${requests}`, 'bump=2'],
    rfc6311,
  );
  return { scenario, settings: [settings, settings] as const };
};
const request: ComparisonRequest = {
  sides: [sideOf(ikev2), sideOf(rfc6311)],
  size: 'small',
  scenarios: [at('multiple-failover', 1), at('single-failover', 2)],
  properties: ['message-id-monotonicity', 'request-at-most-once', 'sync-request-once'],
};

describe('a comparison', () => {
  test('tells verdicts that differ, with the shortest counterexample of each property', async () => {
    const result = await compare(request);
    expect(result.verdict).toBe('differs');
    expect(
      result.rows
        .filter(({ difference }) => difference === 'differs')
        .map(({ scenario, property }) => [scenario, property]),
    ).toEqual([
      ['multiple-failover', 'request-at-most-once'],
      ['single-failover', 'message-id-monotonicity'],
      ['single-failover', 'request-at-most-once'],
    ]);
    expect(result.examples.map(({ property, result: { revision } }) => [revision, property.id])).toEqual([
      ['ikev2', 'request-at-most-once'],
      ['ikev2', 'message-id-monotonicity'],
    ]);
    expect(result.conclusion).toBe(
      'ikev2 breaks request-at-most-once (multiple-failover, single-failover) and message-id-monotonicity (single-failover), which rfc6311 keeps there (2 scenarios, small); each does something that the other cannot.',
    );
  });

  test('as a document has the steps of the counterexamples, once', async () => {
    const { examples, properties, explorations } = comparisonDocument(await compare(request));
    expect(examples.every(({ depth, counterexample }) => depth > 0 && counterexample.length === depth)).toBe(
      true,
    );
    expect(properties).toHaveLength(6);
    expect(explorations).toHaveLength(4);
  });

  test('of revisions that differ in name only has nothing to tell', async () => {
    const result = await compare({
      ...request,
      scenarios: [at('single-failover', 1)],
      sides: [sideOf(rfc6311), sideOf(rfc6311, 'mine')],
    });
    expect(result).toMatchObject({ verdict: 'same', examples: [] });
    expect(result.conclusion).toBe(
      'rfc6311 and mine keep and break the same properties (single-failover, small); neither does anything that the other cannot.',
    );
  });

  test('of what is not known says so', async () => {
    const result = await compare({ ...request, seconds: 1e-9 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.rows.every(({ difference }) => difference === 'unknown')).toBe(true);
    expect(await compare({ ...request, signal: { aborted: true } })).toMatchObject({
      verdict: 'inconclusive',
      rows: [],
    });
  });

  test('of one revision with itself is refused', async () => {
    await expect(compare({ ...request, sides: [sideOf(ikev2), sideOf(ikev2)] })).rejects.toThrow(
      "both sides are 'ikev2'",
    );
  });

  test('does not depend on how many threads there are', async () => {
    const places = ['single-failover', 'multiple-failover', 'missing-state-sync'].map((name) => at(name, 1));
    const sides = [sideOf(ikev2), sideOf(rfc6311)] as const;
    const shared = await compare({ ...request, scenarios: places, sides });
    const alone = await compare({ ...request, scenarios: places, sides, workers: 2 });
    const told = ({ rows, behaviours, conclusion }: typeof shared) => ({
      rows,
      conclusion,
      behaviours: behaviours.map(({ seconds: _, ...each }) => each),
    });
    expect(told(shared)).toEqual(told(alone));
    expect(shared.results).toHaveLength(3);
  });

  test('calls each side by what only that side has', () => {
    const one = { ...sideOf(rfc6311), set: ['requests=1', 'stale-sync=drop'] };
    const other = { ...sideOf(rfc6311), set: ['requests=1', 'stale-sync=answer-from-cache'] };
    expect(sideNames([one, other])).toEqual([
      'rfc6311 stale-sync=drop',
      'rfc6311 stale-sync=answer-from-cache',
    ]);
    expect(sideNames([sideOf(ikev2), sideOf(rfc6311)])).toEqual(['ikev2', 'rfc6311']);
  });
});
