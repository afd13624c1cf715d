import { expect, test } from 'vitest';
import { doneWith, SecondThread } from './second-thread.ts';

test('a second thread is ended when a job fails here', { timeout: 60_000 }, async () => {
  // The second one begins with the last job, which takes seconds.
  const places = ['shared-state', 'negotiation'].map((scenario) => ({ revision: 'rfc6311', scenario }));
  const second = new SecondThread<unknown>('check-thread', { places }, places.length);
  const failing = doneWith(
    second,
    [0, 1],
    () => false,
    () => Promise.reject(new Error('it failed')),
  );
  await expect(failing).rejects.toThrow('it failed');
  expect((await second.outcomes(() => false)).size).toBe(0);
});
