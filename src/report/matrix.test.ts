import { describe, expect, test } from 'vitest';
import type { CheckedProperty, CheckResult } from '../questions/check.ts';
import { exploredTable, verdictMatrix } from './matrix.ts';

const style = { width: 100, colour: false, unicode: true };

const violated = (id: string, depth: number): CheckedProperty => ({
  id,
  verdict: 'violated',
  counterexample: { depth, initial: [], steps: [], because: 'it is so' },
});
const holds = (id: string): CheckedProperty => ({ id, verdict: 'holds' });

const result = (
  revision: string,
  scenario: string,
  properties: readonly CheckedProperty[],
  complete = true,
): CheckResult => ({
  revision,
  scenario,
  size: 'small',
  bounds: { members: 2, failovers: 1, requests: revision === 'b' ? 2 : 3, packets: 0 },
  verdict: 'holds',
  properties,
  statistics: {
    states: 1234,
    transitions: 1,
    depth: 1,
    seconds: 1,
    verdictSeconds: 1,
    statesPerSecond: 1,
    bytesPerState: 1,
    workers: 1,
    complete,
    steps: {},
    distinct: {},
    evaluations: 1,
    tableHits: 1,
    dropped: 0,
    messageSets: 1,
    load: 0,
    bounds: [],
  },
  places: [],
  neverOccurred: [],
});

describe('the matrix', () => {
  test('has the steps of counterexamples, only rows in which something breaks, and a key', () => {
    const text = verdictMatrix(
      [
        result('a', 'one', [violated('p', 3), holds('q'), holds('r')]),
        result('a', 'two', [holds('p'), holds('q'), { ...holds('r'), because: 'there is nothing to break' }]),
        result('b', 'one', [holds('p'), holds('q'), { id: 'r', verdict: 'inconclusive', because: 'time' }]),
        result('b', 'two', [violated('p', 12), holds('q'), holds('r')]),
      ],
      style,
    );
    expect(text.split('\n')).toEqual([
      'property  revision  one  two',
      '────────  ────────  ───  ───',
      'p         a           3    ·',
      '          b           ·   12',
      'r         b           ?    ·',
      '',
      'a number: violated, in so many steps at least; ·: holds; -: nothing to break; ?: inconclusive',
      'holds in all of them (or has nothing to break): q',
      'inconclusive (time): r of b in one',
      '',
    ]);
  });

  test('never says holds of what was not checked', () => {
    const text = verdictMatrix(
      [result('a', 'one', [violated('p', 3)]), result('b', 'two', [holds('p')])],
      style,
    );
    expect(text).toContain('p         a           3\n');
    expect(text).not.toContain('holds in all');
  });

  test('has numbers instead of names where these do not fit, and stays within 100 columns', () => {
    const results = Array.from({ length: 15 }, (_, index) =>
      result('revision-of-mine', `scenario-${index}`, [violated('a-property-of-some-length', index)]),
    );
    const lines = verdictMatrix(results, style).split('\n');
    expect(lines[0]).toMatch(/^property +revision +1 +2 .* 15$/);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(exploredTable(results, style)).toContain('15  scenario-14');
  });

  test('marks what was not explored to the end, and shows bounds that differ', () => {
    const text = exploredTable(
      [result('a', 'one', [holds('p')]), result('b', 'one', [holds('p')], false)],
      style,
    );
    expect(text).toContain('1  one       1,234  1,234 ?  2m 1f 3/2r 0p');
    expect(text).toContain('where not every reachable one was: ? beside the number');
  });
});
