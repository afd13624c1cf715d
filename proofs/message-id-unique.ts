/** Whether the Message IDs of a cluster's requests are unique, across failovers: with and without an assumption. */
import type { RuleId } from '../model/catalogue.ts';
import { isIndex } from '../src/prove/algebra.ts';
import { countermodelOf } from '../src/prove/countermodel.ts';
import { type Clause, type Induction, proveByInduction } from '../src/prove/induction.ts';
import type { Assumption, Obligation, Outcome } from '../src/prove/obligation.ts';
import { searchRun } from '../src/prove/search.ts';
import type { Solver } from '../src/prove/solver.ts';
import type { System, Violation } from '../src/prove/system.ts';
import {
  type CounterChoice,
  type CounterVariables,
  counterSystem,
  counterSystemOfBothReadings,
} from './counter-system.ts';

type CounterViolation = Violation<CounterVariables, CounterChoice>;

/** A new request has a Message ID that another one had: the claim itself, without any ghost. */
export const reuse: CounterViolation = {
  name: 'a Message ID is used again',
  transition: 'request',
  happens: (a, { requests, nextId }, _choice, index) =>
    a.and(isIndex(a, requests, index), a.eq(a.at(requests, index), nextId)),
};

/** A new request has a Message ID that is not above all others: stronger, it also rules out gaps being filled. */
export const notAbove: CounterViolation = {
  name: 'a new Message ID is not above all that were used',
  transition: 'request',
  happens: (a, { highestUsed, nextId }) => a.le(nextId, highestUsed),
};

/** Why it is so. */
export const invariant: readonly Clause<CounterVariables>[] = [
  {
    says: 'A member that does not sync sends next with a Message ID above all that were used.',
    holds: (a, { syncing, highestUsed, nextId }) => a.implies(a.not(syncing), a.lt(highestUsed, nextId)),
  },
  {
    says: 'The M1 that an active member waits for an answer to is above all that were used.',
    holds: (a, { syncing, pendingNonce, syncRequests, highestUsed }) =>
      a.implies(
        syncing,
        a.and(isIndex(a, syncRequests, pendingNonce), a.lt(highestUsed, a.at(syncRequests, pendingNonce))),
      ),
  },
  {
    says: 'No Message ID was used above the one that is called the highest.',
    holds: (a, { requests, highestUsed }, index) =>
      a.implies(isIndex(a, requests, index), a.le(a.at(requests, index), highestUsed)),
  },
  {
    says: 'Every response has an M2, and answers a sync request whose M1 is not above it.',
    holds: (a, { responseNonces, responseM2s, syncRequests }, index) => {
      const nonce = a.at(responseNonces, index);
      return a.and(
        a.eq(a.length(responseNonces), a.length(responseM2s)),
        a.implies(
          isIndex(a, responseNonces, index),
          a.and(isIndex(a, syncRequests, nonce), a.le(a.at(syncRequests, nonce), a.at(responseM2s, index))),
        ),
      );
    },
  },
];

/** Steps in which every transition can be reached: a response is dropped after its request was answered. */
const REACH = 4;

/** Steps of a run that is looked for at most. */
const DEPTH = 8;

export const induction: Induction<CounterVariables, CounterChoice> = {
  system: counterSystemOfBothReadings,
  invariant,
  violations: [reuse, notAbove],
  reach: REACH,
};

/** By induction; where that fails, by a run that shows why. */
export async function proveUnique(
  solver: Solver,
  of: Induction<CounterVariables, CounterChoice> = induction,
): Promise<Outcome> {
  const outcome = await proveByInduction(solver, of);
  return outcome.verdict === 'proved' ? outcome : refuteUnique(solver, of.system, true);
}

/** By a run in which a Message ID is used again; without one nothing is claimed. */
export async function refuteUnique(
  solver: Solver,
  system: System<CounterVariables, CounterChoice> = counterSystem,
  assumed = false,
): Promise<Outcome> {
  const run = await searchRun(solver, { system, violation: reuse, assumed, depth: DEPTH });
  return run === null
    ? { verdict: 'inconclusive' }
    : { verdict: 'refuted', countermodel: countermodelOf(system, run) };
}

const M1_ABOVE_USED: Assumption = {
  name: 'M1-ABOVE-USED',
  says: 'Whenever a sync request is sent, at a failover or again, its M1 is above every Message ID that the cluster has used for a request until then.',
};

/** What both rest on, and what an implementation has to see to. */
const COMMON: readonly Assumption[] = [
  { name: 'ONE-ACTIVE', says: 'At most one member of the cluster is active at a time.' },
  {
    name: 'WAITS-FOR-SYNC',
    says: 'A newly active member sends no new request before the response to its sync request.',
  },
  { name: 'NONCES-DIFFER', says: 'No two sync requests of the IKE SA carry the same nonce.' },
  {
    name: 'AUTHENTIC',
    says: 'No message arrives that its sender did not send; it may be lost, late, out of order, or arrive again.',
  },
  { name: 'NO-WRAP', says: 'Message IDs do not wrap: an IKE SA ends before its 32 bits are used up.' },
];

const RULES: readonly RuleId[] = [
  'RFC7296-2.2-NEXT-ID',
  'RFC6311-5.1-M2',
  'RFC6311-5.1-NONCE-ECHO',
  'RFC6311-5.1-NONCE-CHECK',
  'RFC6311-5.1-ADOPT',
];

export const messageIdUnique: Obligation = {
  id: 'message-id-unique',
  title: 'No Message ID is used twice, if M1 is above all that were used',
  statement:
    'With M1 above every Message ID used, no Message ID of the cluster is used for two requests, and those of new requests strictly increase: for Message IDs without bound, any number of members, failovers, retries and state syncs however old, with window 1.',
  assumptions: [M1_ABOVE_USED, ...COMMON],
  method: `Inductive invariant over integers without bounds. Each step of the argument is a question without quantifiers; statements about all messages are shown for one of which nothing is known. The invariant: ${invariant.map(({ says }) => says).join(' ')}`,
  expected: 'proved',
  rules: RULES,
  prove: (solver) => proveUnique(solver),
};

export const messageIdUniqueUnassumed: Obligation = {
  id: 'message-id-unique-unassumed',
  title: 'No Message ID is used twice, whatever M1 is chosen',
  statement:
    'No Message ID of the cluster is used for two requests, if the newly active member only chooses M1 not below what its snapshot says is next.',
  assumptions: COMMON,
  method: `Search for a run of at most ${DEPTH} steps from the establishment of the IKE SA that uses a Message ID again: the shortest, then with the smallest numbers.`,
  expected: 'refuted',
  rules: ['RFC6311-5.1-M1-FRESH', 'RFC6311-5.1-DROP-STALE', ...RULES],
  prove: (solver) => refuteUnique(solver),
};
