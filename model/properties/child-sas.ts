/** A property of the Child SAs that the two ends have. */
import { highestNumber } from '../machine/environment.ts';
import type { Revision } from '../revisions/revision.ts';
import { advancesOf, type Settings } from '../settings/settings.ts';
import { type ActiveMember, spisOf } from '../state/member.ts';
import { largestNumber } from '../state/numbers.ts';
import { everyKind, whenActive } from './places.ts';
import type { ProgressProperty } from './property.ts';
import { inStep, mustBeEstablishedAnew } from './recovery.ts';

export const childSasAgree: ProgressProperty = {
  id: 'child-sas-agree',
  title: 'Ends that are in step have the same Child SAs',
  says: 'Whenever both ends are in step under one IKE SA, with no sync under way and no request outstanding, so no rekeying either, each has the Child SAs that the other has; or the IKE SA has to be torn down, since a box has closed it or its counters are used up. RFC 6311, 8.3 prefers that to any other way of mending the difference, but somebody has to notice it.',
  rules: ['RFC6311-8.3-INCONSISTENT', 'RFC6311-8.1-PENDING-IKE'],
  nothingToBreak: (revision, settings) =>
    settings.rekey === 'child' || settings.rekey === 'both' || changesAtFailover(revision, settings)
      ? undefined
      : 'no Child SA is made, replaced or closed',
  stuck: 'the two ends are in step, but one has a Child SA that the other does not have',
  claim: (world) => ({
    scope: inStep(world),
    goal: whenActive(
      world,
      (one, other) => haveTheSame(one, other) || mustBeEstablishedAnew(world.revision, one, other),
    ),
    // That it holds wherever the ends are in step: no step at all may be needed.
    reached: { by: 'some run', without: everyKind(world) },
  }),
};

/**
 * Whether a failover can change which Child SAs an end has: the newly active member rekeys them, or a counter that is
 * advanced is past its maximum, so that its Child SA is closed (RFC 6311, 5.2).
 */
function changesAtFailover({ replaySync }: Pick<Revision, 'replaySync'>, settings: Settings): boolean {
  if (replaySync === null || settings.failovers + settings.peerFailovers === 0) return false;
  if (settings.afterFailover === 'rekey') return true;
  const { own, peer } = advancesOf(settings);
  const step = Math.max(own, peer);
  // The last advance of all may begin at the highest number that is followed.
  return step > 0 && highestNumber(settings) + step > largestNumber(settings.esn === 'on');
}

/** Whether two ends have the same Child SAs, in whatever order. */
export const haveTheSame = (one: ActiveMember, other: ActiveMember): boolean => {
  const [ours, theirs] = [spisOf(one.sa), spisOf(other.sa)];
  return ours.length === theirs.length && ours.every((spi) => theirs.includes(spi));
};
