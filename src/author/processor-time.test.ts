import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { processorTime, taskOfThread } from './processor-time.ts';

/** Uses 0.1 s of processor time, and ends. */
const BUSY = `
  const time = () => { const { user, system } = process.cpuUsage(); return user + system; };
  for (const began = time(); time() < began + 100_000; );
`;

test.runIf(process.platform === 'linux')(
  'the processor time of a thread is not that of another one',
  { timeout: 60_000 },
  async () => {
    const { task } = taskOfThread();
    expect(task).toMatch(/^\d+$/);
    const [own, all] = [processorTime(task), processorTime(undefined)];
    await once(new Worker(BUSY, { eval: true }), 'exit');
    // This one only waited.
    expect(processorTime(task) - own).toBeLessThan(processorTime(undefined) - all - 30);
  },
);

test('where the system does not tell it of a thread, it is that of the process', () => {
  expect(processorTime('no such thread')).toBeGreaterThan(0);
});
