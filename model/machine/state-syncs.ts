/**
 * How much a standby lacks, where state syncs are periodic (`state-sync=periodic`, `lag`): the active member copies its
 * state so often that no member takes over that lacks more than the last few requests and packets. It is the cluster
 * that RFC 6311, 5.1, bullet 1, has in mind: its bump covers what can have been used since the last state sync.
 *
 * All that the active member does is counted at every standby, and a state sync begins the count anew. An application
 * has to wait while some standby lacks as much as is allowed. What comes from the other end cannot wait; so a standby
 * that lacks more does not take over until a state sync has reached it.
 */
import type { Settings } from '../settings/settings.ts';
import type { Lacks, StandbyMember, WaitingMember } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import type { Observation } from '../state/step.ts';
import {
  isMember,
  isWaiting,
  type Possibility,
  type StepKind,
  type StepRule,
  type Value,
} from './composition.ts';

/** Whether the active member copies its state in steps of their own, now and then. */
export const hasStateSyncs = ({ stateSync }: Pick<Settings, 'stateSync'>): boolean =>
  stateSync === 'any' || stateSync === 'ike-each-step' || stateSync === 'periodic';

/** Begun by an application, which can wait; and what of it is counted. */
const OF_AN_APPLICATION: Readonly<Partial<Record<StepKind, keyof Lacks>>> = {
  request: 'requestsSent',
  'rekey-child': 'requestsSent',
  'rekey-ike': 'requestsSent',
  packet: 'packetsSent',
};

/** In which the active member sends or processes a request or a packet. */
const COUNTED: readonly string[] = [
  ...Object.keys(OF_AN_APPLICATION),
  ...['again', 'tell-delta', 'rekey-after', 'delete-old', 'receive'],
];

const NOTHING: Lacks = { requestsSent: 0, requestsProcessed: 0, packetsSent: 0, packetsAccepted: 0 };

/** Whether a standby lacks more than any member does that takes over. */
export const lacksTooMuch = (
  { lag }: Pick<Settings, 'lag'>,
  { lacks = NOTHING }: Pick<StandbyMember, 'lacks'>,
): boolean => Object.values(lacks).some((many) => many > lag);

/** A member that gave up its role beside another: nobody counted what that one did, so it has to wait for a state sync. */
export const withUnknownLack = (
  { stateSync, lag }: Pick<Settings, 'stateSync' | 'lag'>,
  member: WaitingMember,
): WaitingMember =>
  stateSync === 'periodic' && member.role === 'standby' ? { ...member, lacks: each(() => lag + 1) } : member;

/** The steps of an end, counted at its standbys where state syncs are periodic; else as they were given. */
export const withLag = (
  { stateSync, lag }: Pick<Settings, 'stateSync' | 'lag'>,
  names: readonly string[],
  steps: readonly StepRule[],
): readonly StepRule[] =>
  stateSync === 'periodic'
    ? steps.map((step) => (COUNTED.includes(step.kind) ? counted(lag, names, step) : step))
    : steps;

/** A step of the active member, with the other members beside it. */
function counted(lag: number, names: readonly string[], step: StepRule): StepRule {
  const own = step.places.length;
  const places = [...step.places, ...names.filter((name) => !step.places.includes(name))];
  const waitsFor = OF_AN_APPLICATION[step.kind];
  const beside = (others: readonly Value[], possibility: Possibility): Possibility => {
    if (possibility === 'impossible' || 'boundedBy' in possibility) return possibility;
    if (waitsFor !== undefined && others.some((value) => lacksOf(value)[waitsFor] >= lag))
      return 'impossible';
    const { values, observations } = possibility;
    return {
      ...possibility,
      values: [
        ...values,
        ...others.map((value) => (isWaiting(value) ? lacking(lag, value, observations) : value)),
      ],
    };
  };
  return step.receives
    ? {
        ...step,
        places,
        take: (values: readonly Value[], message: Message) =>
          beside(values.slice(own), step.take(values.slice(0, own), message)),
      }
    : {
        ...step,
        places,
        take: (values: readonly Value[]) => beside(values.slice(own), step.take(values.slice(0, own))),
      };
}

const lacksOf = (value: Value): Lacks =>
  (isMember(value) && value.role === 'standby' ? value.lacks : undefined) ?? NOTHING;

/** What each observation counts as. */
const COUNTS_AS: Readonly<Partial<Record<Observation['kind'], keyof Lacks>>> = {
  'request-sent': 'requestsSent',
  'request-processed': 'requestsProcessed',
  'esp-sent': 'packetsSent',
  'esp-accepted': 'packetsAccepted',
};

/** A member once the active one has done something; more than one too many is not told apart. */
const lacking = (lag: number, member: WaitingMember, observations: readonly Observation[]): WaitingMember => {
  const done = observations.flatMap(({ kind }) => {
    const what = COUNTS_AS[kind];
    return what === undefined ? [] : [what];
  });
  if (done.length === 0) return member;
  const { late } = member;
  const more = (lacks: Lacks = NOTHING): Lacks =>
    each((what) => Math.min(lacks[what] + done.filter((one) => one === what).length, lag + 1));
  return {
    ...(member.role === 'standby' ? { ...member, lacks: more(member.lacks) } : member),
    // What is under way to it will be as old as it is now, and older.
    ...(late === undefined ? {} : { late: { ...late, lacks: more(late.lacks) } }),
  };
};

/**
 * What a member lacks that a state sync has reached: as much as that did, or less if it keeps what it knew. Undefined
 * for nothing.
 */
export const lacksAfter = (
  { stateSyncReceipt }: Pick<Settings, 'stateSyncReceipt'>,
  before: WaitingMember,
  ofSync: Lacks | undefined,
): Lacks | undefined => {
  if (ofSync === undefined || before.role === 'down' || stateSyncReceipt === 'replace') return ofSync;
  const { lacks } = before;
  return lacks === undefined ? undefined : each((what) => Math.min(lacks[what], ofSync[what]));
};

const each = (many: (what: keyof Lacks) => number): Lacks => ({
  requestsSent: many('requestsSent'),
  requestsProcessed: many('requestsProcessed'),
  packetsSent: many('packetsSent'),
  packetsAccepted: many('packetsAccepted'),
});
