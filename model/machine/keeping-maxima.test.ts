import { describe, expect, test } from 'vitest';
import { type ChildSa, establishedSa, freshChildSa, type SaState } from '../state/member.ts';
import { keepingMaxima } from './keeping-maxima.ts';

const sa = (changes: Partial<SaState>): SaState => ({ ...establishedSa(), ...changes });
const older = sa({
  expectedSend: 2,
  expectedReceive: 1,
  highestSeen: 0,
  outstanding: [{ id: 1, content: 1 }],
});
const newer = sa({ expectedSend: 3, expectedReceive: 2, highestSeen: 1, outstanding: [] });

describe('state-sync-receipt=keep-maximum', () => {
  test('a newer copy replaces what was known', () => {
    expect(keepingMaxima(older, newer)).toEqual(newer);
  });

  test.each(['expectedSend', 'expectedReceive', 'highestSeen'] as const)(
    'an older copy, by %s, does not',
    (field) => {
      const copy = { ...newer, [field]: newer[field] - 1, outstanding: older.outstanding };
      expect(keepingMaxima(newer, copy)).toEqual(newer);
    },
  );

  test('a copy with the same counters replaces it: what is under way is as the copy has it', () => {
    expect(keepingMaxima({ ...newer, outstanding: older.outstanding }, newer)).toEqual(newer);
  });

  test('what the member was told stays, whichever is newer', () => {
    const told = { m1Sent: 7, p1Sent: 9, failoverCount: 4, failoverCountSeen: 3, m1Seen: 5, ivsSpent: 6 };
    expect(keepingMaxima({ ...older, ...told }, newer)).toEqual({ ...newer, ...told });
    expect(keepingMaxima(newer, { ...older, ...told })).toEqual({ ...newer, ...told });
    expect(keepingMaxima({ ...older, m1Seen: 0 }, newer)).toEqual({ ...newer, m1Seen: 0 });
  });

  test('a P1 that was sent is forgotten once more was received', () => {
    expect(keepingMaxima({ ...older, p1Sent: 2 }, newer)).toEqual(newer);
  });

  test('counters of another IKE SA say nothing', () => {
    const copy = sa({ ikeSa: 'i1' });
    expect(keepingMaxima(newer, copy)).toBe(copy);
  });

  test('no ESP number is sent again, and none that either has as accepted is accepted', () => {
    const child = (changes: Partial<ChildSa>): ChildSa => ({
      ...freshChildSa('c1', { replayWindow: 3 }),
      ...changes,
    });
    const known = child({ sent: 5, received: { highest: 4, seen: [2, 4] } });
    const copy = child({ sent: 3, received: { highest: 4, seen: [3, 4] } });
    const further = child({ sent: 3, received: { highest: 6, seen: [6] } });
    const kept = (one: ChildSa, other: ChildSa) =>
      keepingMaxima({ ...older, childSas: [one] }, { ...newer, childSas: [other] }).childSas;
    expect(kept(known, copy)).toEqual([child({ sent: 5, received: { highest: 4, seen: [2, 3, 4] } })]);
    expect(kept(known, further)).toEqual([child({ sent: 5, received: { highest: 6, seen: [4, 6] } })]);
    expect(kept(copy, further)).toEqual([child({ sent: 3, received: { highest: 6, seen: [4, 6] } })]);
    // Whichever is newer.
    const behind = keepingMaxima({ ...newer, childSas: [copy] }, { ...older, childSas: [known] });
    expect(behind.childSas).toEqual([child({ sent: 5, received: { highest: 4, seen: [2, 3, 4] } })]);
    // The Child SAs that there are are those of the newer state.
    expect(kept(known, freshChildSa('c2'))).toEqual([freshChildSa('c2')]);
  });
});
