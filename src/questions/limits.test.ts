import { expect, test } from 'vitest';
import { limitsOf } from './limits.ts';

test('what is told begins with what is explored, then how far it is, or how far the judging of it', () => {
  const told: string[] = [];
  const { onProgress } = limitsOf({ tell: (what) => told.push(what) }, 'rfc6311 rekey');
  const far = { depth: 4, states: 12_345, transitions: 0, queue: 0, seconds: 1, bytes: 1 };
  const judging = { property: 'recovery-fair', stage: 'going back', done: 4096 };
  onProgress(far);
  onProgress({ ...far, judging });
  onProgress({ ...far, judging: { ...judging, of: 12_345 } });
  expect(told).toEqual([
    'rfc6311 rekey: depth 4, 12,345 states',
    'rfc6311 rekey: judging recovery-fair, going back: 4,096',
    'rfc6311 rekey: judging recovery-fair, going back: 4,096 of 12,345',
  ]);
});
