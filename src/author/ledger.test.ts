import { expect, test, vi } from 'vitest';
import { guardedSlot } from './guard.ts';
import { askAhead, type FreshRealm, Ledger } from './ledger.ts';
import type { Reply } from './protocol.ts';

const noRealm = (): Promise<FreshRealm> => Promise.reject(new Error('there is none'));
const ledgerOf = (): Ledger => new Ledger('mine.ts', { modules: {} }, noRealm);

/** A slot that says of numbers what a rule does, and how often it was asked. */
function slotOf(ledger: Ledger, rule: (number: number) => unknown, name = 'ike.mine') {
  const ask = vi.fn((args: readonly unknown[]): Reply => ({ value: rule(args[0] as number) }));
  const askAll = vi.fn((all: readonly (readonly unknown[])[]) => all.map((args) => ask(args)));
  const slot = guardedSlot(ask, name, 'mine.ts', ledger, undefined, undefined, undefined, askAll);
  return { slot, ask, askAll };
}

test('what rules are asked is taken down once, in its order, also what they were asked before', () => {
  const ledger = ledgerOf();
  const { slot } = slotOf(ledger, (number) => number + 1);
  slot(3);
  const first = ledger.takeDown();
  for (const number of [2, 3, 2, 1]) slot(number);
  const second = ledger.takeDown();
  slot(1);
  expect([...first].map(({ args }) => args)).toEqual([[2], [3], [1]]);
  expect([...second]).toEqual([{ slot: 'ike.mine', args: [1], value: 2 }]);
});

test('rules say the same if all that was taken down has the same answers', () => {
  const ledger = ledgerOf();
  const said = ledger.takeDown();
  const { slot } = slotOf(ledger, (number) => number + 1);
  for (const number of [1, 2, 3]) slot(number);
  const now = ledgerOf();
  const other = slotOf(now, (number) => (number > 5 ? 0 : 1 + number));
  expect(now.saysTheSame(said)).toBe(true);
  expect(other.ask).toHaveBeenCalledTimes(3);
  // It is asked no further than to what it says differently, or cannot say.
  const changed = ledgerOf();
  const third = slotOf(changed, (number) => (number === 2 ? 0 : number + 1));
  expect(changed.saysTheSame(said)).toBe(false);
  expect(third.ask).toHaveBeenCalledTimes(2);
  const wrong = ledgerOf();
  slotOf(wrong, (number) => (number === 2 ? Number.NaN : number + 1));
  expect(wrong.saysTheSame(said)).toBe(false);
  // Nor is it the same if there is no such rule.
  expect(ledgerOf().saysTheSame(said)).toBe(false);
});

test('what is asked ahead is asked at once, and shows when it is asked', () => {
  const ledger = ledgerOf();
  const said = ledger.takeDown();
  const { slot, ask, askAll } = slotOf(ledger, (number) => (number === 3 ? undefined : [number]));
  slot(1);
  askAhead(slot, [[1], [2], [2], [3]]);
  askAhead(slot, [[2]]);
  expect(askAll.mock.calls).toEqual([[[[2], [3]]]]);
  expect([...said]).toHaveLength(1);
  expect(slot(2)).toEqual([2]);
  expect(ask).toHaveBeenCalledTimes(3);
  expect([...said]).toHaveLength(2);
  // Others are not asked ahead.
  askAhead(() => 1, [[1]]);
});
