import { expect, it } from 'vitest';
import { mappingText } from './mapping.ts';

it('is what the documentation prints', async () => {
  await expect(mappingText()).toMatchFileSnapshot('../../docs/trace-mapping.md');
});
