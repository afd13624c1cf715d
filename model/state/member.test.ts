import { expect, test } from 'vitest';
import { establishedSa, freshChildSa, under, withChildSa } from './member.ts';

test('an SA as it is established: nothing was sent, received, counted or announced of replay counters', () => {
  expect(establishedSa()).toStrictEqual({
    announced: { own: true, other: true },
    announcedReplayCounters: { own: false, other: false },
    window: 1,
    expectedSend: 0,
    outstanding: [],
    expectedReceive: 0,
    answered: [],
    highestSeen: -1,
    m1Sent: -1,
    failoverCount: 0,
    failoverCountSeen: 0,
    lastSync: null,
    again: [],
    childSas: [],
    rekeyedBy: null,
  });
});

test('of the first IKE SA, no message says that it is under it', () => {
  expect(under({})).toStrictEqual({});
  expect(under({ ikeSa: 'x' })).toStrictEqual({ ikeSa: 'x' });
});

test('one Child SA is changed, and no other', () => {
  const [one, two] = [freshChildSa('c1'), freshChildSa('c2')];
  const sa = { ...establishedSa(), childSas: [one, two] };
  expect(withChildSa(sa, { ...two, sent: 5 }).childSas).toEqual([one, { ...two, sent: 5 }]);
});
