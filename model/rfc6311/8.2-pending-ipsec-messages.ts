/**
 * RFC 6311, 8.2, "Handling of Pending IPsec Messages": what a newly active member accepts of the packets that were
 * under way when it took over. Of those that its snapshot does not know it cannot say which came before; so each
 * policy loses some packets or accepts some twice.
 */

import { match } from 'ts-pattern';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import type { ActiveMember } from '../state/member.ts';
import { closedUpTo, type ReplayWindow } from '../state/replay-window.ts';

/** RFC 6311, 8.2. The incoming window that a member begins with, when it takes over. */
export const windowAfterFailover = rule(
  {
    id: 'RFC6311-5.2-IN-WINDOW',
    part: 'replaySync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The incoming windows of the newly active member',
    says: 'Until the peer has applied the delta, the newly active member cannot distinguish a replay from a fresh packet. Section 8.2 (not 5.2, in spite of the id) leaves it to local policy to accept what is outside the window for some time, or only what is inside the "safe" one. Here: the windows are moved up, so that what the peer sends before it applies the delta is lost; they stay as in the snapshot; or they are learnt from the traffic (RFC 6027, 3.5). By how much they are moved up is our reading: by the estimate of what was missed, which 5.2 also makes the delta of.',
    formerly:
      'It moved the windows up by the delta that is sent, which no clause ties to it, and knew neither the policy of 8.2 to accept what is outside the window nor a counter learnt from traffic.',
    returns: 'value',
    seenBy: 'nobody',
    absent: (window) => window,
  },
  (window: ReplayWindow, size: number, move: number, inWindow: Policies['inWindow']): ReplayWindow =>
    match(inWindow)
      .with('advance', 'accept-outside', () => closedUpTo(window, size, window.highest + move))
      .with('keep', () => window)
      .with('learn', (): ReplayWindow => ({ ...window, learns: true }))
      .exhaustive(),
);

/** RFC 6311, 8.2. Whether a packet is accepted although the anti-replay window refuses it. */
export const acceptsOutside = rule(
  {
    id: 'RFC6311-8.2-OUTSIDE-WINDOW',
    part: 'replaySync',
    level: 'stated',
    actor: 'newly active member',
    confidence: 'A',
    title: 'Packets outside the window may be accepted until the counters are in step',
    says: 'By local policy a newly active member may accept packets that are outside its replay window for some time after the failover, until the counters are synchronised: here, until its request is answered. The text gives it no other measure; replays are accepted meanwhile.',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // It goes on after the counters are in step.
    absent: (_isWaiting, inWindow) => inWindow === 'accept-outside',
  },
  (isWaiting: boolean, inWindow: Policies['inWindow']): boolean => isWaiting && inWindow === 'accept-outside',
);

/** Whether a member still waits for the answer to what it asks of the peer's counters, or has yet to ask. */
export const waitsForCounters = ({ sa, sync, owed }: ActiveMember): boolean =>
  owed !== undefined ||
  sync?.delta !== undefined ||
  sync?.perSa !== undefined ||
  sa.outstanding.some(({ asks }) => asks?.kind === 'replay-counter-sync');
