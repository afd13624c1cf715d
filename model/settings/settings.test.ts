import { describe, expect, test } from 'vitest';
import { ikev2, ipsecha00, ipsecha01, type Revision, revisions, rfc6311 } from '../revisions/index.ts';
import {
  appliesTo,
  leavesOpen,
  settingSpecs,
  settingTable,
  shortForms,
  specsOfShortForm,
  usual,
} from './settings.ts';

const spec = (key: string) => settingSpecs.find((each) => each.key === key)!;

describe('to which revisions a setting applies', () => {
  test.each([
    ['members', [true, true, true, true]],
    ['ike-iv', [true, true, true, true]],
    ['retries', [false, true, true, true]],
    ['adopt', [false, true, true, true]],
    ['delta', [false, true, true, true]],
    ['m1-compare', [false, false, false, true]],
    ['m2-counts', [false, true, true, false]],
    ['failover-count', [false, false, true, false]],
    ['counter-form', [false, true, false, false]],
  ])('%s', (key, expected) => {
    expect(revisions).toEqual([ikev2, ipsecha00, ipsecha01, rfc6311]);
    expect(revisions.map((revision) => appliesTo(spec(key), revision))).toEqual(expected);
  });

  test('a revision may leave open fewer readings than its rules would; bounds apply all the same', () => {
    const strict: Revision = { ...rfc6311, policies: ['bump', 'adopt'] };
    const applies = (key: string): boolean => appliesTo(spec(key), strict);
    expect(['bump', 'adopt', 'pending', 'members', 'retries'].map(applies)).toEqual([
      ...[true, true, false, true, true],
    ]);
    // What its rules do not know, it cannot leave open.
    expect(appliesTo(spec('failover-count'), { ...rfc6311, policies: ['failoverCount'] })).toBe(false);
    expect(appliesTo(spec('members'), { ...rfc6311, policies: [] })).toBe(true);
    expect([leavesOpen(strict, 'adopt'), leavesOpen(strict, 'pending')]).toEqual([true, false]);
    expect([leavesOpen(rfc6311, 'm1Compare'), leavesOpen(ikev2, 'm1Compare')]).toEqual([true, false]);
  });
});

test('every setting has its usual value among those that it can have', () => {
  for (const [field, setting] of Object.entries(settingTable)) {
    const value = usual[field as keyof typeof usual];
    expect(value).toBe(setting.usual);
    if ('follows' in setting) {
      // It has the number of another setting, which has one.
      expect(value).toBe(setting.follows);
      expect(spec(setting.follows).values).toBe('number');
    } else if (setting.values === 'number') {
      expect(value).toBeGreaterThanOrEqual(setting.least);
      expect(value).toBeLessThanOrEqual(setting.most);
    } else {
      expect(Object.keys(setting.values)).toContain(value);
      expect(spec(setting.key)).toMatchObject({ values: Object.keys(setting.values), says: setting.values });
    }
  }
});

test('a short form sets some settings, and no others', () => {
  const [form] = shortForms;
  expect(specsOfShortForm(form!).map(({ field }) => field)).toEqual(['ikeWhileSyncing', 'espWhileSyncing']);
  const one = { ...form!, values: { a: { bump: 1 }, b: { adopt: 'replace' } } } as const;
  expect(specsOfShortForm(one).map(({ field }) => field)).toEqual(['bump', 'adopt']);
});

test('every reading says which text, implementation or reading of ours it is', () => {
  const source = /RFC \d+|slides|draft|strongSwan|implementation|our reading|our bound/;
  for (const { key, policy, meaning, ...rest } of settingSpecs) {
    if (!policy) continue;
    if (rest.values === 'number')
      expect(meaning, key).toMatch(rest.follows === undefined ? source : /RFC \d+/);
    else
      for (const [value, says] of Object.entries(rest.says)) expect(says, `${key}=${value}`).toMatch(source);
  }
});
