/** What ablate, compare and synthesise print with `--json` fits their published schemas. */
import * as Schema from '@effect/schema/Schema';
import { describe, expect, it } from 'vitest';
import { documentSchemas } from '../contracts/index.ts';
import { run } from './testing/run-command.ts';

const small = ['--scenario', 'single-failover', '--set', 'requests=1', '--json'];

describe('published schemas', () => {
  it.each([
    ['ablate', 0, ['ablate', 'rfc6311', ...small, '--set', 'bump=1']],
    ['compare', 1, ['compare', 'ikev2', 'docs/examples/own-revision-file.ts', ...small]],
    [
      'synthesise',
      0,
      ['synthesise', 'rfc6311', '--property', 'recovery-possible', '--over', 'bump=0..1,retry=*', ...small],
    ],
  ] as const)('%s --json fits its schema', async (name, exit, args) => {
    const { stdout, status } = await run(...args);
    expect(status).toBe(exit);
    const document: unknown = JSON.parse(stdout);
    const decode = Schema.decodeUnknownSync(documentSchemas[name] as Schema.Decoder<unknown>, {
      onExcessProperty: 'error',
    });
    expect(() => decode(document)).not.toThrow();
    expect(() => decode({ ...(document as object), results: [{}] })).toThrow();
  });
});

it('validate says what it does not judge by a revision with exchanges of its own, and why', async () => {
  const file = 'docs/examples/three-message-sync.ts';
  const { stdout, stderr, status } = await run(
    ...['validate', 'src/traces/cases/in-order.pcap', '--revision', file, '--json'],
  );
  expect([status, stderr]).toEqual([3, '']);
  const document: unknown = JSON.parse(stdout);
  const decode = Schema.decodeUnknownSync(documentSchemas.validate as Schema.Decoder<unknown>, {
    onExcessProperty: 'error',
  });
  expect(() => decode(document)).not.toThrow();
  expect(document).toMatchObject({
    results: [
      {
        verdict: 'inconclusive',
        findings: [],
        notJudged: expect.arrayContaining(['RFC7296-2.2-NEXT-ID', 'RFC6311-5.1-DROP-STALE']),
        notJudgedBecause: expect.stringMatching(/^since the exchanges \(.+\) of three-message-sync can move/),
        missing: expect.arrayContaining([expect.stringContaining('no IKE message is judged')]),
      },
    ],
  });
});
