import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { findingExamples } from './finding-examples.ts';

const TEXT = `# Findings

## Q-01: Why?

### F-01: The answer is M1

\`\`\`finding
$ ipsecha check docs/examples/own-revision-file.ts --scenario single-failover --set requests=0
with members=2
finds sync-response-fresh 9
\`\`\`
`;

test('a file that a finding is about leaves no thread behind, of which there may be many', async () => {
  // Each thread writes to the standard output of the program, and listens to it.
  const before = process.stdout.listenerCount('unpipe');
  const { examples, surprises } = await findingExamples(TEXT, {});
  expect(examples).toEqual([]);
  expect(surprises).toEqual([expect.stringContaining('sync-response-fresh is not violated in 9 steps')]);
  for (let i = 0; i < 200 && process.stdout.listenerCount('unpipe') > before; i++) await wait(50);
  expect(process.stdout.listenerCount('unpipe')).toBe(before);
});

test('a file that a finding is about is found from wherever the command is given', async () => {
  const here = vi.spyOn(process, 'cwd').mockReturnValue('/');
  try {
    const { surprises } = await findingExamples(TEXT, {});
    expect(surprises).toEqual([expect.stringContaining('sync-response-fresh is not violated in 9 steps')]);
  } finally {
    here.mockRestore();
  }
});
