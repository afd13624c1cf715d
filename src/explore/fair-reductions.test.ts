/** What an exploration leaves out makes no difference to fair runs. */
import { describe, expect, test } from 'vitest';
import { type SyncModelSize, syncModel } from './examples/sync-model.ts';
import { explore } from './explore.ts';
import { REDUCTIONS } from './options.ts';
import type { FairProgress } from './system.ts';

type Model = ReturnType<typeof syncModel>;
type Value = Model['initial'][number][number];
type Message = Parameters<NonNullable<Model['isObsolete']>>[0];

const isSyncing = (value: Value): boolean => 'syncing' in value && value.syncing;

/** What a side sends again and again until it is answered. */
function sentAgain(value: Value, bump: number, syncToo: boolean): readonly Message[] {
  if ('high' in value) return value.out ? [{ kind: 'request', by: 'peer', id: value.send }] : [];
  if (!('syncing' in value)) return [];
  const { send, recv, out } = value.snapshot;
  if (!value.syncing) return out ? [{ kind: 'request', by: 'cluster', id: send }] : [];
  const m1 = send + (out ? 1 : 0) + bump;
  return syncToo ? [{ kind: 'sync-request', failover: value.failovers, m1, p1: recv }] : [];
}

/** After the last failover nobody waits for ever. */
function nobodyWaits(
  { members, failovers, bump }: SyncModelSize,
  syncToo: boolean,
  answeredToo: boolean,
  forced: readonly string[],
): FairProgress<Value, Message, string> {
  const all = Array.from({ length: members + 1 }, (_, i) => i);
  return {
    id: 'nobody waits',
    scope: {
      reads: all,
      holds: (values) => values.some((value) => 'syncing' in value && value.failovers === failovers),
    },
    goal: {
      reads: all,
      holds: (values) =>
        !values.some(
          (value) => isSyncing(value) || (answeredToo && 'syncing' in value && value.snapshot.out),
        ),
    },
    fairness: {
      again: all.map((i) => ({
        reads: [i],
        messages: ([value]) => sentAgain(value as Value, bump, syncToo),
      })),
      groups: (kind) => (forced.includes(kind) ? [kind] : []),
      without: [],
    },
  };
}

const sizes: readonly SyncModelSize[] = [
  { members: 2, failovers: 1, requests: 2, bump: 2 },
  { members: 2, failovers: 1, requests: 2, bump: 1 },
  { members: 3, failovers: 1, requests: 2, bump: 0 },
  { members: 3, failovers: 2, requests: 1, bump: 1 },
  { members: 4, failovers: 2, requests: 1, bump: 0 },
];

const verdicts = new Set<string>();

describe.each(sizes)('$members members, $failovers failovers, $requests requests, bump $bump', (size) => {
  test.each([
    [true, true, ['Copy']],
    [true, false, ['Copy']],
    [false, true, ['Copy']],
    [true, true, ['SyncRsp', 'DoneC']],
    [true, false, ['SyncRsp']],
  ])('sync requests sent again: %s, answers wanted: %s, forced: %s', async (syncToo, answeredToo, forced) => {
    const system = { ...syncModel(size), fairProgress: [nobodyWaits(size, syncToo, answeredToo, forced)] };
    const results = [[], ['symmetry'], ['dead-messages'], REDUCTIONS] as const;
    const found = await Promise.all(
      results.map(async (noReductions) => {
        const { properties, statistics } = await explore(system, {
          properties: ['nobody waits'],
          noReductions,
        });
        const property = properties[0]!;
        const example = property.verdict === 'violated' ? property.counterexample : undefined;
        return {
          states: statistics.states,
          seen: [property.verdict, example?.depth, example?.cycle?.inVain.length],
        };
      }),
    );
    for (const { seen } of found) expect(seen).toEqual(found.at(-1)!.seen);
    verdicts.add(found[0]!.seen.join(' '));
    // Something was left out.
    expect(found[0]!.states).toBeLessThan(found.at(-1)!.states);
  });
});

test('that was worth it: some runs were fair and some not, and some went on in vain', () => {
  expect([...verdicts].sort()).toEqual([
    'holds  ',
    'violated 1 0',
    'violated 1 1',
    'violated 2 0',
    'violated 2 1',
    'violated 3 1',
    'violated 6 1',
  ]);
});
