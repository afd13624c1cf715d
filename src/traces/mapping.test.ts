import { expect, it } from 'vitest';
import { findRule } from '../../model/index.ts';
import { limits, mappingText } from './mapping.ts';

it('is what the documentation prints', async () => {
  await expect(mappingText()).toMatchFileSnapshot('../../docs/trace-mapping.md');
});

it('names rules that there are', () => {
  for (const { source, rules } of limits) {
    expect([source, rules.filter((id) => findRule(id)?.id !== id)]).toEqual([source, []]);
    expect([source, rules]).toEqual([source, [...new Set(rules)]]);
  }
});
