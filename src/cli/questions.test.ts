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

it('validate says why a revision with exchanges of its own is not judged by, and what is', async () => {
  const file = 'docs/examples/three-message-sync.ts';
  const { stdout, stderr, status } = await run(
    ...['validate', 'src/traces/cases/in-order.pcap', '--revision', file],
  );
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('nothing in a trace can be judged by this revision');
  expect(stderr).toContain('ordinary messages would be found wrong for it');
  expect(stderr).toContain('--revision with the one that it is made from judges those');
});
