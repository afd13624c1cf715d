/** Which steps are possible where, and what they do: those of the boxes, and those of their environment. */
import type { Beginning } from '../revisions/exchanges.ts';
import type { Revision } from '../revisions/revision.ts';
import { beginPacket } from '../rfc4303/3.3.3-sequence-number-generation.ts';
import { withIvs } from '../rfc6311/3.4-counter-modes.ts';
import { syncRequestOf } from '../rfc6311/5.1-message-id-sync.ts';
import { closesInDoubt } from '../rfc6311/8.1-messages-outside-the-window.ts';
import { oldLivesOn } from '../rfc7296/2.8-rekeying.ts';
import { requestOf } from '../rfc7296/2-requests-and-responses.ts';
import { advancesOf, policiesOf, type Settings } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  currentChildSas,
  isSyncing,
  type LateSync,
  type Member,
  type SaState,
  type StandbyMember,
  type Untold,
  type WaitingMember,
} from '../state/member.ts';
import type { Ask, Endpoint, Message } from '../state/messages.ts';
import { MAX_SEQUENCE_NUMBER, nonceOf } from '../state/numbers.ts';
import type { Step, Taken } from '../state/step.ts';
import {
  afterCounting,
  afterSharingBump,
  afterTelling,
  askAnew,
  askLater,
  receiveStateSync,
  takeOver,
} from './cluster.ts';
import {
  type Action,
  type Effect,
  isActive,
  isMember,
  isWaiting,
  type StepRule,
  type Value,
} from './composition.ts';
import {
  handedOver,
  receiveByExchange,
  sentAgainBy,
  takenIn,
  takenOver,
  told as toldBy,
  written,
} from './exchanges.ts';
import { beginRequest, deleteOld, receive, rekeyAfterTakeover, sendAgain, tellDelta } from './node.ts';
import { answeredLater, hasToTell, havingSent, havingTold, inThatStep, isUnsent } from './separate-steps.ts';
import { hasStateSyncs, lacksAfter, lacksTooMuch, withLag, withUnknownLack } from './state-syncs.ts';

/** One logical endpoint: its boxes, and the counts that are kept of it. */
export interface End {
  readonly end: Endpoint;
  readonly names: readonly string[];
  readonly requests: string;
  readonly packets: string;
  readonly failovers: string;
  readonly syncRequests: string;
  readonly deletes: string;
  readonly failoversAtMost: number;
}

/** The sequence number that each SA begins after. With ESN it is the lower half that comes to its end. */
export const firstNumber = ({ counters, packets }: Settings): number =>
  counters === 'from-zero' ? 0 : MAX_SEQUENCE_NUMBER - Math.max(packets - 1, 0);

/** Every kind of step that can happen at one end. */
export function stepsOf(revision: Revision, settings: Settings, end: End): readonly StepRule[] {
  const { names } = end;
  const at = (step: (name: string) => StepRule): readonly StepRule[] => names.map(step);
  const rekeys = (kind: 'child' | 'ike'): boolean => asksFor(settings, end.end, kind);
  const several = names.length > 1;
  return withLag(settings, names, [
    ...at((name) => requestStep(revision, settings, end, name, 'request')),
    ...(rekeys('child')
      ? Array.from(
          { length: settings.rekeyOf === 'any' ? settings.childSas : 1 },
          (_, index) => index,
        ).flatMap((index) => at((name) => requestStep(revision, settings, end, name, 'rekey-child', index)))
      : []),
    ...(rekeys('ike') ? at((name) => requestStep(revision, settings, end, name, 'rekey-ike')) : []),
    ...(settings.pending === 'send-again'
      ? at((name) => owedStep(revision, settings, end, name, 'again'))
      : []),
    ...(settings.packets > 0
      ? at((name) => packetStep(revision, settings, end, name, 0)).concat(
          Array.from({ length: childSasAtMost(revision, settings) - 1 }, (_, index) => index + 1).flatMap(
            (index) => at((name) => packetStep(revision, settings, end, name, index)),
          ),
        )
      : []),
    ...at((name) => receiveStep(revision, settings, end, name)),
    ...Object.entries(revision.exchanges?.begins ?? {}).flatMap(([exchange, beginning]) =>
      at((name) => beginStep(revision, settings, end, exchange, beginning, name)),
    ),
    ...(several && settings.telling !== 'with-sending'
      ? [
          ...at((name) => tellStep(revision, settings, end, 'sync', name)),
          ...at((name) => tellStep(revision, settings, end, 'bump', name)),
        ]
      : []),
    ...((several && settings.telling === 'before-sending') || settings.answering === 'apart'
      ? at((name) => sendStep(settings, end, name))
      : []),
    ...(settings.network === 'adversarial'
      ? []
      : at((name) => retransmitStep(revision, settings, end, name))),
    ...(several && hasStateSyncs(settings)
      ? pairs(names).map(([from, to]) => stateSyncStep(revision, settings, 'state-sync', from, to))
      : []),
    ...(several && hasStateSyncs(settings) && settings.stateSyncOrder === 'delayed'
      ? [
          ...pairs(names).map(([from, to]) => stateSyncStep(revision, settings, 'send-state-sync', from, to)),
          ...at((name) => receiveStateSyncStep(revision, settings, name)),
        ]
      : []),
    ...pairs(names).map(([from, to]) => failoverStep(revision, settings, end, 'failover', from, to)),
    ...(settings.actives > 1
      ? [
          ...pairs(names).map(([from, to]) => failoverStep(revision, settings, end, 'split', from, to)),
          ...pairs(names).map(([from, to]) => stepDownStep(settings, from, to)),
        ]
      : []),
    ...(several &&
    revision.counterSync?.beginsSync(settings.syncTrigger, 'later') === true &&
    !asksAtOnce(revision, settings)
      ? at((name) => askStep(revision, settings, end, name))
      : []),
    ...(several && revision.replaySync !== null && mayTellAlone(settings)
      ? at((name) => owedStep(revision, settings, end, name, 'tell-delta'))
      : []),
    ...(rekeysAfterTakeover(revision, settings, end.end)
      ? at((name) => owedStep(revision, settings, end, name, 'rekey-after'))
      : []),
    ...(deletesOldSas(revision, settings, end.end)
      ? at((name) => deleteStep(revision, settings, end, name))
      : []),
    ...(several && revision.counterSync?.beginsSyncAgain(settings.retry) === true
      ? at((name) => retryStep(revision, settings, end, name))
      : []),
  ]);
}

/** Whether an end rekeys SAs of this kind, with one of its requests. */
const asksFor = ({ rekey, rekeyBy }: Settings, end: Endpoint, kind: 'child' | 'ike'): boolean =>
  (rekey === 'both' || rekey === kind) &&
  (rekeyBy === 'both' ? kind === 'child' || end === 'cluster' : end === rekeyBy);

/** Whether members of an end rekey the Child SAs that they take over. */
const rekeysAfterTakeover = (
  { replaySync }: Pick<Revision, 'replaySync'>,
  { afterFailover, members, peerMembers }: Settings,
  end: Endpoint,
): boolean =>
  replaySync !== null && afterFailover === 'rekey' && (end === 'cluster' ? members : peerMembers) > 1;

/** Whether an end can have a Child SA replaced, and the old one is there until its DELETE. */
export const deletesOldSas = (
  revision: Pick<Revision, 'replaySync'>,
  settings: Settings,
  end: Endpoint,
): boolean =>
  oldLivesOn(settings) && (asksFor(settings, end, 'child') || rekeysAfterTakeover(revision, settings, end));

/**
 * How many Child SAs an end has at most, old ones included: each rekeying makes one, and what a member takes over is
 * rekeyed once.
 */
function childSasAtMost(revision: Pick<Revision, 'replaySync'>, settings: Settings): number {
  const { childSas, requests, failovers, peerFailovers } = settings;
  if (!oldLivesOn(settings)) return childSas;
  const ends = (['cluster', 'peer'] as const).filter((end) => asksFor(settings, end, 'child'));
  const takeovers =
    (rekeysAfterTakeover(revision, settings, 'cluster') ? failovers : 0) +
    (rekeysAfterTakeover(revision, settings, 'peer') ? peerFailovers : 0);
  return (childSas + requests * ends.length) * (1 + takeovers);
}

/** Whether a member asks as it takes over, so that nothing is left to begin later. */
const asksAtOnce = ({ counterSync }: Revision, { syncTrigger }: Settings): boolean =>
  counterSync?.beginsSync(syncTrigger, 'takeover') === true;

/** Whether there can be a delta that no sync request carries, or whose sync ended with its IKE SA. */
const mayTellAlone = (settings: Settings): boolean =>
  settings.replayCounterSync !== 'neither' &&
  (settings.messageIdSync !== 'both' || mayReplaceWhileSyncing(settings));

/** Whether the IKE SA can be replaced while a sync of the old one is under way. */
const mayReplaceWhileSyncing = ({ rekey, ikeWhileSyncing }: Settings): boolean =>
  ikeWhileSyncing !== 'hold' && (rekey === 'ike' || rekey === 'both');

/**
 * An application at the active member wants an exchange, or a rekeying is due. It waits while the counters are being
 * synced, and while a request from before the sync is still to be sent again.
 */
function requestStep(
  revision: Revision,
  settings: Settings,
  { end, requests }: End,
  name: string,
  kind: 'request' | 'rekey-child' | 'rekey-ike',
  index = 0,
): StepRule {
  return {
    kind,
    end,
    places: [name, requests],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number' || member.sa.again.length > 0) return 'impossible';
      if (hasToTell(settings, member)) return 'impossible';
      const asks = asking(kind, member.sa, index);
      if (asks === null) return 'impossible';
      // Each request of an end has a content of its own: its number among all that the end ever made.
      const step = asSent(
        revision,
        settings,
        end,
        member.sa,
        beginRequest(revision, end, member, made, asks, settings),
      );
      if (!step.enabled) return 'impossible';
      if (made >= settings.requests) return { boundedBy: 'requests' };
      const which = settings.rekeyOf === 'any' && asks?.kind === 'rekey-child' ? { spi: asks.spi } : {};
      return effect(step, [step.member, made + 1], { kind, by: name, ...which, rules: step.rules });
    },
  };
}

/** A box begins an exchange of the revision's own, by itself. */
function beginStep(
  revision: Revision,
  settings: Settings,
  { end }: End,
  exchange: string,
  beginning: Beginning,
  name: string,
): StepRule {
  return {
    kind: 'begin',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member) || hasToTell(settings, member)) return 'impossible';
      const begun = beginning.step(end, member, policiesOf(settings));
      const step = asSent(revision, settings, end, member.sa, begun);
      if (!step.enabled) return 'impossible';
      return effect(step, [step.member], { kind: 'begin', by: name, name: exchange, rules: step.rules });
    },
  };
}

/** What is asked, of a Child SA by its place among those that are not replaced; `null` if there is nothing that could be asked so. */
function asking(
  kind: 'request' | 'rekey-child' | 'rekey-ike',
  sa: SaState,
  index: number,
): Ask | undefined | null {
  if (kind === 'request') return undefined;
  if (kind === 'rekey-ike') return { kind };
  // One that was just made is not rekeyed before it is known to be there at the other end.
  const child = currentChildSas(sa).filter(({ unconfirmed }) => unconfirmed !== true)[index];
  return child === undefined ? null : { kind, spi: child.spi };
}

/**
 * The active member sends a request that it owes since a failover or a sync: `again`, one that was under way at the
 * sync; `tell-delta`, the one that carries the delta alone (5.2); `rekey-after`, the rekeying of a Child SA that it took over.
 */
function owedStep(
  revision: Revision,
  settings: Settings,
  { end }: End,
  name: string,
  kind: 'again' | 'tell-delta' | 'rekey-after',
): StepRule {
  const begin = {
    again: sendAgain,
    'tell-delta': tellDelta,
    'rekey-after': rekeyAfterTakeover,
  }[kind];
  return {
    kind,
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member) || hasToTell(settings, member)) return 'impossible';
      const begun = begin(revision, end, member, settings);
      if (begun === null) return 'impossible';
      const step = asSent(revision, settings, end, member.sa, begun);
      if (!step.enabled) return 'impossible';
      return effect(step, [step.member], { kind, by: name, rules: step.rules });
    },
  };
}

/** The active member deletes a Child SA that it, or a member before it, had replaced. */
function deleteStep(revision: Revision, settings: Settings, { end, deletes }: End, name: string): StepRule {
  return {
    kind: 'delete-old',
    end,
    places: [name, deletes],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number' || hasToTell(settings, member)) return 'impossible';
      const begun = deleteOld(revision, end, member, `d${made}`, settings);
      if (begun === null) return 'impossible';
      const step = asSent(revision, settings, end, member.sa, begun);
      if (!step.enabled) return 'impossible';
      return effect(step, [step.member, made + 1], { kind: 'delete-old', by: name, rules: step.rules });
    },
  };
}

/** An application at the active member sends a packet over the Child SA at this place of its list. */
function packetStep(
  revision: Revision,
  settings: Settings,
  { end, packets }: End,
  name: string,
  index: number,
): StepRule {
  return {
    kind: 'packet',
    end,
    places: [name, packets],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number') return 'impossible';
      if (hasToTell(settings, member)) return 'impossible';
      const child: ChildSa | undefined = member.sa.childSas[index];
      if (child === undefined) return 'impossible';
      const step = beginPacket(revision, end, member, child, made);
      if (!step.enabled) return 'impossible';
      if (made >= settings.packets) return { boundedBy: 'packets' };
      return effect(step, [step.member, made + 1], {
        kind: 'packet',
        by: name,
        spi: child.spi,
        rules: step.rules,
      });
    },
  };
}

/** A message of the other end arrives at the active member. */
function receiveStep(revision: Revision, settings: Settings, { end }: End, name: string): StepRule {
  const highest = highestNumber(settings);
  return {
    kind: 'receive',
    end,
    places: [name],
    receives: true,
    take: ([member], message) => {
      if (!isActive(member)) return 'impossible';
      const byRules = receive(revision, settings, end, member, message);
      const received = receiveByExchange(revision, settings, end, member, message, byRules);
      const step = asSent(revision, settings, end, member.sa, received);
      if (!step.enabled) return 'impossible';
      if (step.member.sa.childSas.some(({ sent }) => sent > highest)) return { boundedBy: 'delta' };
      const done = answeredLater(settings, step);
      return effect(done, [done.member], { kind: 'receive', by: name, message, rules: step.rules });
    },
  };
}

/** The newly active member tells the others what it has yet to tell them of its sync request, or of the ESP counters. */
function tellStep(
  revision: Revision,
  settings: Settings,
  { end, names }: End,
  what: Untold['what'],
  name: string,
): StepRule {
  const kind = what === 'sync' ? 'tell-sync' : 'tell-bump';
  return {
    kind,
    end,
    places: [name, ...names.filter((other) => other !== name)],
    receives: false,
    take: ([member, ...others]) => {
      if (!isActive(member)) return 'impossible';
      const tells = member.untold?.find((each) => each.what === what);
      if (tells === undefined) return 'impossible';
      const after = havingTold(member, tells);
      return {
        values: [after, ...informed(revision, settings, after, [tells], others)],
        sent: [],
        observations: [],
        action: { kind, by: name, rules: [] },
      };
    },
  };
}

/** A box sends the first of what it has yet to send. */
function sendStep(settings: Settings, { end }: End, name: string): StepRule {
  return {
    kind: 'send',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member) || hasToTell(settings, member)) return 'impossible';
      const done = havingSent(member);
      if (done === null) return 'impossible';
      return {
        values: [done.member],
        sent: [done.first.message],
        observations: done.first.shows ?? [],
        action: { kind: 'send', by: name, rules: [] },
      };
    },
  };
}

/**
 * No sequence number is higher unless some delta is added more than once. Where nothing prevents that, it can go on
 * for ever; it is followed once, and then no further. Where packets have no bound, numbers have none.
 */
export function highestNumber(settings: Settings): number {
  const { packets, failovers, peerFailovers, retries } = settings;
  if (packets === Infinity) return Infinity;
  const { own, peer } = advancesOf(settings);
  return firstNumber(settings) + packets + Math.max(own, peer) * (failovers + peerFailovers + retries + 1);
}

/** What an end sends again and again until it is answered: its requests, and its sync request. */
export function sentAgain(
  revision: Revision,
  settings: Settings,
  end: Endpoint,
  member: Member,
): readonly Message[] {
  if (!isActive(member)) return [];
  const messages = sentAgainBy(
    revision,
    settings,
    end,
    member,
    sentAgainByRules(revision, settings, end, member),
  );
  return member.unsent === undefined ? messages : messages.filter((message) => !isUnsent(member, message));
}

function sentAgainByRules(
  { counterSync }: Revision,
  { retry }: Pick<Settings, 'retry'>,
  end: Endpoint,
  member: ActiveMember,
): readonly Message[] {
  const { sa, sync } = member;
  const requests = sa.outstanding.map((request) => requestOf(end, sa, request));
  if (sync === null || counterSync === null) return requests;
  // What was under way before the failover is in the past; what was sent since then begins at M1.
  const since = requests.filter(({ id }) => id >= sync.m1);
  return retry === 'fresh' ? since : [syncRequestOf(counterSync, end, sa, sync), ...since];
}

/** What was sent and is not answered is sent again, as it was. */
function retransmitStep(revision: Revision, settings: Settings, { end }: End, name: string): StepRule {
  return {
    kind: 'retransmit',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member)) return 'impossible';
      const sent = sentAgain(revision, settings, end, member);
      if (sent.length === 0) return 'impossible';
      return {
        values: [member],
        sent,
        observations: [],
        action: { kind: 'retransmit', by: name, rules: ['RFC7296-2.1-RETRANSMISSION'] },
      };
    },
  };
}

/**
 * The active member copies its state to another one, and a member that was down comes back as a standby: at once
 * (`state-sync`), or when the copy reaches it (`send-state-sync`), which takes the place of one still under way.
 */
function stateSyncStep(
  revision: Revision,
  settings: Settings,
  kind: 'state-sync' | 'send-state-sync',
  from: string,
  to: string,
): StepRule {
  return {
    kind,
    places: [from, to],
    receives: false,
    take: ([active, other]) => {
      if (!isActive(active) || !isWaiting(other)) return 'impossible';
      const copy: LateSync = { snapshot: handedOver(revision, active) };
      return {
        values: [
          active,
          kind === 'state-sync'
            ? afterStateSyncOf(revision, settings, other, copy)
            : { ...other, late: copy },
        ],
        sent: [],
        observations: [],
        action: { kind, from, to, rules: [] },
      };
    },
  };
}

/** A state sync that was under way reaches the member, whoever is active by now, and whatever it knows by now. */
function receiveStateSyncStep(revision: Revision, settings: Settings, name: string): StepRule {
  return {
    kind: 'receive-state-sync',
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isWaiting(member)) return 'impossible';
      const { late, ...known } = member;
      if (late === undefined) return 'impossible';
      return {
        values: [afterStateSyncOf(revision, settings, known, late)],
        sent: [],
        observations: [],
        action: { kind: 'receive-state-sync', by: name, rules: [] },
      };
    },
  };
}

/** A member that a state sync has reached: what is under way to it still is. */
function afterStateSyncOf(
  revision: Revision,
  settings: Settings,
  member: WaitingMember,
  { snapshot, lacks }: LateSync,
): StandbyMember {
  const { late } = member;
  const lacking = lacksAfter(settings, member, lacks);
  return {
    ...afterCopy(revision, settings, member, snapshot),
    ...(lacking === undefined ? {} : { lacks: lacking }),
    ...(late === undefined ? {} : { late }),
  };
}

/** A member that holds what it makes of a copy. */
function afterCopy(revision: Revision, settings: Settings, member: Member, copy: SaState): StandbyMember {
  const received = receiveStateSync(revision, settings, member, copy);
  return { ...received, snapshot: takenIn(revision, settings, member, copy, received.snapshot) };
}

/**
 * The active member gives up its role, with all that it had not copied (`failover`), or goes on (`split`), and a standby
 * takes over with its snapshot. No more than two are active at once.
 */
function failoverStep(
  revision: Revision,
  settings: Settings,
  { end, names, failovers: failoverCount, syncRequests, failoversAtMost }: End,
  kind: 'failover' | 'split',
  from: string,
  to: string,
): StepRule {
  const others = names.filter((name) => name !== from && name !== to);
  return {
    kind,
    end,
    places: [from, to, failoverCount, syncRequests, ...others],
    receives: false,
    take: ([active, standby, failovers, asked, ...rest]) => {
      if (!isActive(active) || !isMember(standby) || standby.role !== 'standby') return 'impossible';
      if (typeof failovers !== 'number' || typeof asked !== 'number') return 'impossible';
      if (lacksTooMuch(settings, standby)) return 'impossible';
      if (kind === 'split' && rest.some(isActive)) return 'impossible';
      if (failovers >= failoversAtMost) {
        return { boundedBy: end === 'cluster' ? 'failovers' : 'peer-failovers' };
      }
      const snapshot = heldBy(revision, settings, active, standby);
      const before: Member =
        kind === 'split' ? { ...active, superseded: true } : afterStepDown(settings, active);
      const inDoubt = revision.counterSync !== null && closesInDoubt(snapshot, settings.pending);
      const nonce = nonceOf(end, asked);
      const byRules = inDoubt ? 'closed' : takeOver(revision, end, snapshot, settings, nonce);
      const taken = takenOver(revision, settings, end, snapshot, nonce, byRules);
      if (taken === 'closed') {
        const rule = inDoubt ? 'RFC6311-8.1-PENDING-IKE' : 'RFC7296-2.2-NO-WRAP';
        return {
          values: [before, { role: 'closed' }, failovers + 1, asked, ...rest],
          sent: [],
          observations: [],
          action: { kind, from, to, rules: [rule] },
        };
      }
      if (!taken.enabled) return 'impossible';
      const written = asSent(revision, settings, end, snapshot, taken);
      if (!written.enabled) return 'impossible';
      const { sync, owed, rekeys } = written.member;
      const asks = sync === null && owed === undefined && rekeys === undefined ? 0 : 1;
      const [step, others] = telling(revision, settings, null, written, rest);
      return effect(step, [before, step.member, failovers + 1, asked + asks, ...others], {
        kind,
        from,
        to,
        rules: step.rules,
      });
    },
  };
}

/** What a member has that gives up its role. */
const afterStepDown = (
  { returning }: Pick<Settings, 'returning'>,
  { sa }: Pick<ActiveMember, 'sa'>,
): WaitingMember => (returning === 'with-memory' ? { role: 'standby', snapshot: sa } : { role: 'down' });

/** Of two active members, one gives up its role, and the other remains: it hears nothing of what the first one did. */
function stepDownStep(settings: Settings, from: string, to: string): StepRule {
  const { remaining } = settings;
  return {
    kind: 'step-down',
    places: [from, to],
    receives: false,
    take: ([leaving, staying]) => {
      if (!isActive(leaving) || !isActive(staying)) return 'impossible';
      const { superseded: mark, ...alone } = staying;
      const isOlder = mark === true;
      if (remaining !== 'either' && isOlder !== (remaining === 'older')) return 'impossible';
      return {
        values: [withUnknownLack(settings, afterStepDown(settings, leaving)), alone],
        sent: [],
        observations: [],
        action: { kind: 'step-down', from, to, rules: [] },
      };
    },
  };
}

/** A member that took over earlier asks for the counters: it has something to send, or met something outside its window. */
function askStep(
  revision: Revision,
  settings: Settings,
  { end, names, syncRequests }: End,
  name: string,
): StepRule {
  const others = names.filter((other) => other !== name);
  return {
    kind: 'ask',
    end,
    places: [name, syncRequests, ...others],
    receives: false,
    take: ([member, asked, ...rest]) => {
      if (!isActive(member) || typeof asked !== 'number') return 'impossible';
      const asks = askLater(revision, end, member, settings, nonceOf(end, asked));
      if (asks === null) return 'impossible';
      if (asks === 'closed') {
        return {
          values: [{ role: 'closed' }, asked, ...rest],
          sent: [],
          observations: [],
          action: { kind: 'ask', by: name, rules: ['RFC7296-2.2-NO-WRAP'] },
        };
      }
      const written = asSent(revision, settings, end, member.sa, asks);
      if (!written.enabled) return 'impossible';
      const [step, others] = telling(revision, settings, member, written, rest);
      return effect(step, [step.member, asked + 1, ...others], {
        kind: 'ask',
        by: name,
        rules: step.rules,
      });
    },
  };
}

/** What a standby takes over with. */
function heldBy(
  revision: Revision,
  settings: Settings,
  active: ActiveMember,
  standby: StandbyMember,
): SaState {
  if (settings.stateSync !== 'each-step' && settings.stateSync !== 'ike-each-step') return standby.snapshot;
  const { snapshot } = afterCopy(revision, settings, standby, handedOver(revision, active));
  return settings.stateSync === 'each-step' ? snapshot : { ...snapshot, childSas: standby.snapshot.childSas };
}

/** The newly active member replaces its unanswered sync request by a new one: new nonce, higher M1. */
function retryStep(
  revision: Revision,
  settings: Settings,
  { end, names, failovers: failoverCount, syncRequests }: End,
  name: string,
): StepRule {
  const others = names.filter((other) => other !== name);
  return {
    kind: 'retry',
    end,
    places: [name, syncRequests, failoverCount, ...others],
    receives: false,
    take: ([member, asked, failovers, ...rest]) => {
      if (!isActive(member) || !isSyncing(member) || revision.counterSync === null) return 'impossible';
      // What it would replace has to be sent first.
      if (hasToTell(settings, member) || member.unsent !== undefined) return 'impossible';
      if (typeof asked !== 'number' || typeof failovers !== 'number') return 'impossible';
      const asks = askAnew(revision, revision.counterSync, end, member, settings, nonceOf(end, asked));
      const written = asSent(revision, settings, end, member.sa, asks);
      if (!written.enabled) return 'impossible';
      // Every failover sends one sync request; all further ones are retries.
      if (asked - failovers >= settings.retries) return { boundedBy: 'retries' };
      const [step, others] = telling(revision, settings, member, written, rest);
      return effect(step, [step.member, asked + 1, failovers, ...others], {
        kind: 'retry',
        by: name,
        rules: step.rules,
      });
    },
  };
}

/** A member that took over or asks for the counters, with what it does in that step; and the others. */
function telling(
  revision: Revision,
  settings: Settings,
  before: ActiveMember | null,
  step: Taken,
  others: readonly Value[],
): readonly [Taken, readonly Value[]] {
  const asking: Taken = before === null ? step : { ...step, member: withDuties(before, step.member) };
  const { sync } = asking.member;
  const inOneStep = settings.telling === 'with-sending';
  // Who asks later has told this as it took over; nor is a step needed to tell nothing.
  const tellsBump =
    inOneStep || (before === null && settings.bumpSharing === 'told' && advancesOf(settings).own > 0);
  const tells: readonly Untold[] = [
    ...(sync === null ? [] : [{ what: 'sync', m1: sync.m1, p1: sync.p1 } as const]),
    ...(tellsBump && revision.replaySync !== null ? [{ what: 'bump' } as const] : []),
  ];
  return [
    inThatStep(settings, before, asking, others.length === 0 || inOneStep ? [] : tells),
    inOneStep ? informed(revision, settings, asking.member, tells, others) : others.map(superseded),
  ];
}

/** A member that begins its sync later than it took over: what else it has to do, it still has to. */
const withDuties = ({ rekeys, superseded }: ActiveMember, asking: ActiveMember): ActiveMember => ({
  ...asking,
  ...(rekeys === undefined ? {} : { rekeys }),
  ...(superseded === undefined ? {} : { superseded }),
});

/** A member that is active beside one that takes over hears nothing of it. */
const superseded = (other: Value): Value => (isActive(other) ? { ...other, superseded: true } : other);

/** The other members, once one has taken over: what they know of its M1, its Failover Count and its ESP counters. */
function informed(
  revision: Revision,
  settings: Settings,
  newlyActive: ActiveMember,
  tells: readonly Untold[],
  others: readonly Value[],
): readonly Value[] {
  const policies = policiesOf(settings);
  return others.map(superseded).map((other) =>
    isMember(other) && !isActive(other)
      ? toldBy(
          revision,
          policies,
          other,
          newlyActive,
          tells.reduce<Member>(
            (member, each) => informedByRules(revision, settings, newlyActive, each, member),
            other,
          ),
        )
      : other,
  );
}

function informedByRules(
  { counterSync, replaySync }: Revision,
  { m1Sharing, failoverCount, bumpSharing }: Settings,
  { sa }: ActiveMember,
  tells: Untold,
  other: Member,
): Member {
  if (tells.what === 'bump') {
    return replaySync !== null && bumpSharing === 'told' ? afterSharingBump(replaySync, other, sa) : other;
  }
  if (counterSync === null) return other;
  const told = m1Sharing === 'told' ? afterTelling(counterSync, other, tells) : other;
  return afterCounting(counterSync, failoverCount, told, sa.failoverCount);
}

/** A step with its messages as they are on the wire. */
const asSent = (revision: Revision, settings: Settings, by: Endpoint, before: SaState, step: Step): Step =>
  withIvs(revision, settings, by, before, written(revision, by, step));

const effect = (
  step: Extract<Step, { enabled: true }>,
  values: readonly Value[],
  action: Action,
): Effect => ({
  values,
  sent: step.sent,
  observations: step.observations,
  action,
});

const pairs = (names: readonly string[]): readonly (readonly [string, string])[] =>
  names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
