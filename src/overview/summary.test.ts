import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { brokenRuns } from './finding-examples.ts';
import { conclusionsIn } from './summary.ts';

const FINDINGS = await readFile(new URL('../../docs/findings.md', import.meta.url), 'utf8');

test('the numbered list at the head, each sentence with its findings', () => {
  const text = `# Findings

1. One thing
   is \`so\` ([F-01](#F-01), F-03).
2. Another is not (F-02).

## Q-01: Why?

1. No sentence of the head.
`;
  expect(conclusionsIn(text)).toEqual([
    { says: 'One thing is so.', findings: ['F-01', 'F-03'] },
    { says: 'Another is not.', findings: ['F-02'] },
  ]);
});

test('what the findings conclude stands on findings that there are', () => {
  const ids = [...FINDINGS.matchAll(/^### (F-\d+): /gm)].map(([, id]) => id);
  const named = conclusionsIn(FINDINGS).flatMap(({ findings }) => findings);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

test('the run of a finding is its first command that finds something broken', () => {
  const [first] = brokenRuns(FINDINGS);
  expect(first).toMatchObject({ finding: 'F-01', revision: 'ikev2', property: 'message-id-monotonicity' });
  expect(brokenRuns(FINDINGS).length).toBeGreaterThan(20);
});
