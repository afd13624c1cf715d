import { describe, expect, test } from 'vitest';
import { takeOver } from '../machine/cluster.ts';
import { receive } from '../machine/node.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Policies, usual } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  establishedSa,
  freshChildSa,
  type SaState,
} from '../state/member.ts';
import type { EspPacket } from '../state/messages.ts';
import { accepted } from '../state/replay-window.ts';
import type { Step, Taken } from '../state/step.ts';
import { acceptsOutside, waitsForCounters, windowAfterFailover } from './8.2-pending-ipsec-messages.ts';

const both = { own: true, other: true };
const halves = [
  { own: true, other: false },
  { own: false, other: true },
];
const policies = scenarios[0]!.sizes.small;
const byDelta = (delta: number) => ({ ...usual, bump: 1, delta });

const child = (spi: string, sent: number): ChildSa => ({
  ...freshChildSa(spi, { replayWindow: 4 }),
  sent,
});
const sa = (childSas: readonly ChildSa[], changes: Partial<SaState> = {}): SaState => ({
  ...establishedSa(),
  announcedReplayCounters: both,
  childSas,
  ...changes,
});

function take(step: Step | 'closed'): Taken {
  if (step === 'closed') throw new Error(step);
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

/** Which packets of the peer a member accepts, one at a time. */
const acceptedOf = (
  member: ActiveMember,
  inWindow: Policies['inWindow'],
  numbers: readonly number[],
  revision = rfc6311,
): readonly number[] =>
  numbers.filter((number) => {
    const packet: EspPacket = { kind: 'esp', from: 'peer', spi: 'c1', number, content: number };
    const open = { ...policies, espWhileSyncing: 'pass', inWindow } as const;
    return receive(revision, open, 'cluster', member, packet).enabled;
  });

describe('RFC6311-5.2-IN-WINDOW: the incoming windows of the newly active member', () => {
  const window = { highest: 10, seen: [8, 10] };

  test('moved up by the delta, all in them counting as seen; or kept as they are', () => {
    expect(windowAfterFailover(window, 4, 5, 'advance')).toEqual({ highest: 15, seen: [12, 13, 14, 15] });
    expect(windowAfterFailover(window, 4, 2, 'advance')).toEqual({ highest: 12, seen: [9, 10, 11, 12] });
    expect(windowAfterFailover(window, 4, 5, 'keep')).toEqual(window);
    expect(windowAfterFailover(window, 4, 5, 'accept-outside')).toEqual(
      windowAfterFailover(window, 4, 5, 'advance'),
    );
  });

  test.each(['advance', 'keep'] as const)('%s: at the takeover', (inWindow) => {
    const snapshot = sa([{ ...child('c1', 0), received: window }]);
    const step = take(takeOver(rfc6311, 'cluster', snapshot, { ...byDelta(5), inWindow }, 'n'));
    expect(step.member.sa.childSas[0]?.received).toEqual(
      inWindow === 'advance' ? { highest: 15, seen: [12, 13, 14, 15] } : window,
    );
  });

  test.each([
    ['the peer cannot be told', { announcedReplayCounters: halves[0]! }, 'delta'],
    ['the counters of each Child SA are told instead', {}, 'per-sa'],
  ] as const)('kept where %s: it would drop all that the peer sends', (_, changes, counterForm) => {
    const snapshot = sa([{ ...child('c1', 0), received: window }], changes);
    const step = take(takeOver(rfc6311, 'cluster', snapshot, { ...byDelta(5), counterForm }, 'n'));
    expect(step.member.sa.childSas[0]?.received).toEqual(window);
  });

  test('moved up, it takes what the peer sends after it has added the delta, and nothing from before', () => {
    // The peer had sent 12, the snapshot knows of 10: packets 11 and 12 are still under way.
    const snapshot = sa([{ ...child('c1', 0), received: window }]);
    const { member } = take(takeOver(rfc6311, 'cluster', snapshot, byDelta(5), 'n'));
    expect(acceptedOf(member, 'advance', [9, 11, 12, 15, 16, 18])).toEqual([16, 18]);
  });

  test('learnt from the traffic: the first packet sets it, be it old or new, and the rest follow', () => {
    const learns = windowAfterFailover(window, 4, 5, 'learn');
    expect(learns).toEqual({ ...window, learns: true });
    expect(accepted(learns, 4, 3)).toEqual({ highest: 3, seen: [3] });
    expect(accepted(accepted(learns, 4, 30), 4, 29)).toEqual({ highest: 30, seen: [29, 30] });
  });

  test.each([both, halves[0]!])('learnt whatever the peer announced: own $own, other $other', (announced) => {
    const snapshot = sa([{ ...child('c1', 0), received: window }], { announcedReplayCounters: announced });
    const { member } = take(
      takeOver(rfc6311, 'cluster', snapshot, { ...byDelta(0), inWindow: 'learn' }, 'n'),
    );
    expect(acceptedOf(member, 'learn', [1, 8, 10, 99])).toEqual([1, 8, 10, 99]);
  });

  test('a takeover is marked by the rule where the windows move, or are to be learnt', () => {
    const snapshot = sa([{ ...child('c1', 0), received: window }]);
    const isMarked = (delta: number, inWindow: Policies['inWindow']) =>
      take(takeOver(rfc6311, 'cluster', snapshot, { ...byDelta(delta), inWindow }, 'n')).rules.includes(
        'RFC6311-5.2-IN-WINDOW',
      );
    expect([isMarked(5, 'advance'), isMarked(0, 'learn'), isMarked(0, 'advance')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('RFC6311-8.2-OUTSIDE-WINDOW: packets outside the window, until the counters are in step', () => {
  const snapshot = sa([{ ...child('c1', 0), received: { highest: 10, seen: [8, 10] } }]);
  const outside = { ...byDelta(5), inWindow: 'accept-outside' } as const;

  test('by policy, and only while the member waits', () => {
    expect(acceptsOutside(true, 'accept-outside')).toBe(true);
    expect(acceptsOutside(false, 'accept-outside')).toBe(false);
    for (const inWindow of ['advance', 'keep', 'learn'] as const) {
      expect(acceptsOutside(true, inWindow)).toBe(false);
    }
  });

  test('it waits from the takeover to the answer, in whichever message it asks', () => {
    const { member } = take(takeOver(rfc6311, 'cluster', snapshot, outside, 'n'));
    expect(waitsForCounters(member)).toBe(true);
    expect(waitsForCounters({ ...member, sync: null })).toBe(false);
    const alone = sa(snapshot.childSas, { announced: halves[0]! });
    const owes = take(takeOver(rfc6311, 'cluster', alone, outside, 'n')).member;
    expect(owes.owed).toBeDefined();
    expect(waitsForCounters(owes)).toBe(true);
    const asks = { kind: 'replay-counter-sync', delta: 5 } as const;
    const { owed: _, ...told } = owes;
    const asked = { ...told, sa: sa([], { outstanding: [{ id: 0, content: 'a', asks }] }) };
    expect(waitsForCounters(asked)).toBe(true);
    expect(waitsForCounters({ ...told, sa: sa([], { outstanding: [{ id: 0, content: 'a' }] }) })).toBe(false);
    const perSa = { ...outside, counterForm: 'per-sa' } as const;
    expect(waitsForCounters(take(takeOver(ipsecha00, 'cluster', snapshot, perSa, 'n')).member)).toBe(true);
    // Where Message IDs alone are synced, nothing is asked of the counters.
    const only = sa(snapshot.childSas, { announcedReplayCounters: halves[0]! });
    expect(waitsForCounters(take(takeOver(rfc6311, 'cluster', only, outside, 'n')).member)).toBe(false);
  });

  test('meanwhile replays are accepted as well; afterwards, what is above the window only', () => {
    const { member } = take(takeOver(rfc6311, 'cluster', snapshot, outside, 'n'));
    const arriving = [1, 10, 11, 15, 16];
    expect(acceptedOf(member, 'accept-outside', arriving)).toEqual(arriving);
    expect(acceptedOf(member, 'advance', arriving)).toEqual([16]);
    const inStep = { ...member, sync: null };
    expect(acceptedOf(inStep, 'accept-outside', arriving)).toEqual([16]);
    const ablated = without(rfc6311, 'RFC6311-8.2-OUTSIDE-WINDOW')!;
    expect(acceptedOf(inStep, 'accept-outside', arriving, ablated)).toEqual(arriving);
    // Without the rule the policy goes on for ever; other policies stay as they are.
    expect(acceptedOf(inStep, 'advance', arriving, ablated)).toEqual([16]);
  });
});
