import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { brokenRuns } from './finding-examples.ts';
import { findingRunsIn, findingsByIdIn } from './finding-runs.ts';
import { conclusionsIn } from './summary.ts';

const FINDINGS = await readFile(new URL('../../docs/findings.md', import.meta.url), 'utf8');

test('the numbered list at the head, each sentence with its findings', () => {
  const text = `# Findings

1. One thing
   is \`so\` ([F-01](#F-01), F-03).
2. Another is not (F-02).
3. A third is proved ([proofs.md](proofs.md), [F-17](#F-17)), for all.

## Q-01: Why?

1. No sentence of the head.
`;
  expect(conclusionsIn(text)).toEqual([
    { says: 'One thing is so.', findings: ['F-01', 'F-03'] },
    { says: 'Another is not.', findings: ['F-02'] },
    { says: 'A third is proved, for all.', findings: ['F-17'] },
  ]);
});

test('what the findings conclude stands on findings that there are', () => {
  const ids = [...FINDINGS.matchAll(/^### (F-\d+): /gm)].map(([, id]) => id);
  const named = conclusionsIn(FINDINGS).flatMap(({ findings }) => findings);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  // Plain text: no marks of Markdown are left over.
  for (const { says } of conclusionsIn(FINDINGS)) expect(says).not.toMatch(/[[\]`]|F-\d/);
});

test('the run of a finding is its first command that finds something broken', () => {
  const [first] = brokenRuns(FINDINGS);
  expect(first).toMatchObject({ finding: 'F-01', revision: 'ikev2', property: 'message-id-monotonicity' });
  expect(brokenRuns(FINDINGS).length).toBeGreaterThan(20);
});

test('of several scenarios the first one that is broken is drawn; of a sweep its lowest value', () => {
  const runs = new Map(brokenRuns(FINDINGS).map((run) => [run.finding, run]));
  expect(runs.get('F-44')).toMatchObject({
    scenario: 'packets-multiple-failover',
    property: 'esp-gets-through',
    depth: 4,
  });
  expect(runs.get('F-19')).toMatchObject({
    scenario: 'multiple-failover',
    changes: ['m1-sharing=not-told', 'requests=1', 'bump=0'],
    property: 'recovery-possible',
    depth: undefined,
  });
});

test('a finding without such a run is one in which nothing breaks, or a list of rules', () => {
  const drawn = brokenRuns(FINDINGS).map(({ finding }) => finding);
  for (const [id, text] of findingsByIdIn(FINDINGS)) {
    if (drawn.includes(id)) continue;
    for (const { found } of findingRunsIn(text))
      expect(found, id).toMatch(/^(?:holds$|needed for nothing here: )/);
  }
});
