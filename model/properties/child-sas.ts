/** Properties of the Child SAs that the two ends have. */
import { deletesOldSas, highestNumber } from '../machine/environment.ts';
import type { Revision } from '../revisions/revision.ts';
import { collides } from '../rfc7296/2.8.1-simultaneous-child-sa-rekeying.ts';
import { dueDelete, sendingChildSas } from '../rfc7296/2.8-rekeying.ts';
import { advancesOf, type Settings } from '../settings/settings.ts';
import { type ActiveMember, isReplaced, spisOf } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import { largestNumber } from '../state/numbers.ts';
import { everyKind, oncePerWorld, whenActive } from './places.ts';
import type { ProgressProperty } from './property.ts';
import { inStep, isInStep, mustBeEstablishedAnew } from './recovery.ts';

export const childSasAgree: ProgressProperty = {
  id: 'child-sas-agree',
  title: 'Ends that are in step have the same Child SAs',
  says: 'Whenever both ends are in step under one IKE SA, with no sync under way and no request outstanding, so no rekeying either, each has the Child SAs that the other has; or the IKE SA has to be torn down, since a box has closed it or its counters are used up. Where an old Child SA lives on until its DELETE (rekey-old), that is so once none is left to be sent, and then no old one is there any more, nor two that replaced the same one. RFC 6311, 8.3 prefers that to any other way of mending the difference, but somebody has to notice it.',
  rules: [
    'RFC6311-8.3-INCONSISTENT',
    'RFC6311-8.1-PENDING-IKE',
    'RFC7296-1.4.1-CLOSE-DELETED',
    'RFC7296-2.8-DELETE-OLD',
    'RFC7296-2.8.1-LOWEST-NONCE',
  ],
  nothingToBreak: (revision, settings) =>
    settings.rekey === 'child' || settings.rekey === 'both' || changesAtFailover(revision, settings)
      ? undefined
      : 'no Child SA is made, replaced or closed',
  stuck: 'the two ends are in step, but one has a Child SA that the other does not have',
  claim: (world) => ({
    scope: settled(world),
    goal: whenActive(
      world,
      (one, other) =>
        (haveTheSame(one, other) && !hasReplaced(one)) || mustBeEstablishedAnew(world.revision, one, other),
    ),
    // That it holds wherever the ends are in step: no step at all may be needed.
    reached: { by: 'some run', without: everyKind(world) },
  }),
};

export const espFindsItsSa: ProgressProperty = {
  id: 'esp-finds-its-sa',
  title: 'Ends that are in step send over Child SAs that the other end has',
  says: 'Whenever both ends are in step under one IKE SA, with no request outstanding and no DELETE left to be sent, each Child SA over which either end sends is one that the other end has, too; or the IKE SA has to be torn down. Of a Child SA that was rekeyed, an end sends over the new one as soon as it may (RFC 7296, 2.8): who asked, at once; the other end, once the first one has shown that it is ready.',
  rules: ['RFC7296-2.8-OLD-UNTIL-READY', 'RFC6311-8.3-INCONSISTENT'],
  nothingToBreak: (revision, settings) =>
    oldSasLiveOn(revision, settings)
      ? undefined
      : 'no Child SA lives on beside the one that replaces it; what the ends have, child-sas-agree says',
  stuck: 'the two ends are in step, but one sends over a Child SA that the other does not have',
  claim: (world) => ({
    scope: oldSasLiveOn(world.revision, world.settings) ? settled(world) : whenActive(world, () => false),
    goal: whenActive(
      world,
      (one, other) =>
        (findsItsSa(world.revision, one, other) && findsItsSa(world.revision, other, one)) ||
        mustBeEstablishedAnew(world.revision, one, other),
    ),
    // As above.
    reached: { by: 'some run', without: everyKind(world) },
  }),
};

/** Whether either end can have a Child SA replaced that lives on until its DELETE. */
const oldSasLiveOn = (revision: Revision, settings: Settings): boolean =>
  deletesOldSas(revision, settings, 'cluster') || deletesOldSas(revision, settings, 'peer');

/** Both ends are in step, and no old Child SA is left that one of them has to delete. */
const settled = oncePerWorld((world) => {
  const { revision, settings } = world;
  if (!oldSasLiveOn(revision, settings)) return inStep(world);
  const isDue = (end: Endpoint, { sa }: ActiveMember): boolean =>
    dueDelete(revision, end, sa, settings.lowestNonce) !== undefined;
  return whenActive(
    world,
    (cluster, peer) => isInStep(cluster, peer) && !isDue('cluster', cluster) && !isDue('peer', peer),
  );
});

/** Whether an end still has a Child SA that another one replaces, or two that replace the same one. */
const hasReplaced = ({ sa }: ActiveMember): boolean =>
  sa.childSas.some((child) => isReplaced(sa, child) || collides(sa, child));

/** Whether all that one end sends over is there at the other. */
const findsItsSa = (revision: Pick<Revision, 'ike'>, one: ActiveMember, other: ActiveMember): boolean =>
  sendingChildSas(revision, one.sa).every(({ spi }) => spisOf(other.sa).includes(spi));

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
