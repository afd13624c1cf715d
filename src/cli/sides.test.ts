/** What belongs to which side of a comparison. */
import { expect, it } from 'vitest';
import { run } from './testing/run-command.ts';

const small = ['--scenario', 'single-failover', '--property', 'sync-request-once', '--json'];

interface Compared {
  readonly revisions: readonly string[];
  readonly sides: readonly object[];
  readonly explorations: readonly { readonly bounds: Readonly<Record<string, unknown>> }[];
}

const compared = async (...args: readonly string[]): Promise<Compared> => {
  const { stdout, stderr } = await run('compare', ...args, ...small);
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { readonly results: readonly [Compared] }).results[0];
};

it('what stands before --with is for the first side, what stands after it for the second', async () => {
  const { revisions, sides, explorations } = await compared(
    ...['rfc6311', '--set', 'requests=1', '--without', 'RFC6311-5.1-DROP-STALE'],
    ...['--with', 'rfc6311', '--set', 'requests=1', '--set', 'bump=1'],
  );
  expect(revisions).toEqual(['rfc6311 without RFC6311-5.1-DROP-STALE', 'rfc6311 bump=1']);
  expect(sides).toEqual([
    { revision: 'rfc6311', set: ['requests=1'], without: ['RFC6311-5.1-DROP-STALE'] },
    { revision: 'rfc6311', set: ['requests=1', 'bump=1'], without: [] },
  ]);
  expect(explorations.map(({ bounds }) => bounds['bump'])).toEqual([3, 1]);
});

it('without --with, everything is for both that it means something to', async () => {
  const { revisions, sides } = await compared(
    ...['ikev2', 'rfc6311', '--set', 'requests=1', '--set', 'bump=1'],
    ...['--without', 'RFC6311-5.1-DROP-STALE'],
  );
  expect(revisions).toEqual(['ikev2', 'rfc6311 without RFC6311-5.1-DROP-STALE']);
  expect(sides).toEqual([
    { revision: 'ikev2', set: ['requests=1'], without: [] },
    { revision: 'rfc6311', set: ['requests=1', 'bump=1'], without: ['RFC6311-5.1-DROP-STALE'] },
  ]);
});

it.each([
  ['nothing to compare it with', ['rfc6311']],
  ['the second side is named twice', ['rfc6311', 'ikev2', '--with', 'ikev2']],
  ["setting 'bump' does not apply to ikev2", ['ikev2', '--set', 'bump=1', '--with', 'rfc6311']],
  ["both sides are 'rfc6311'", ['rfc6311', '--set', 'bump=1', '--with', 'rfc6311', '--set', 'bump=1']],
  ['cannot be checked without', ['rfc6311', '--with', 'ikev2', '--without', 'RFC6311-5.1-DROP-STALE']],
])('%s', async (said, args) => {
  const { status, stderr } = await run('compare', ...args, ...small);
  expect([status, stderr]).toEqual([2, expect.stringContaining(said)]);
});
