/**
 * What a run of the model is in the transition system of the proof: which state each of its worlds is, and which
 * transitions each of its moves is. For tests: they check that the transition system allows every such move.
 */

import { PEER, type Value } from '../model/machine/composition.ts';
import type { Settings } from '../model/settings/settings.ts';
import { isSyncing } from '../model/state/member.ts';
import { choiceFrom } from '../src/prove/bounded.ts';
import type { Concrete } from '../src/prove/concrete.ts';
import type { Choice } from '../src/prove/system.ts';
import {
  type CounterChoice,
  type CounterState,
  type CounterTransition,
  choices,
  failover,
  memberAccepts,
  peerAcceptsExpected,
  peerAcceptsSyncRequest,
  peerProcesses,
  retry,
  sendRequest,
  stateSync,
} from './counter-system.ts';
import type { Move, World } from './random-walk.ts';

/** What was sent and copied so far, in order: what no single world of the model tells. */
export interface History {
  readonly requests: readonly bigint[];
  readonly snapshots: readonly bigint[];
  readonly syncRequests: readonly bigint[];
  readonly responses: readonly { readonly nonce: bigint; readonly m2: bigint }[];
}

/** A transition of the proof with its choices. */
export interface AbstractStep {
  readonly transition: CounterTransition;
  readonly choice: Choice<CounterChoice, Concrete>;
}

/** At the start the standbys hold the state in which the IKE SA was established. */
export const initialHistory = (world: World): History => ({
  requests: [],
  snapshots: [BigInt(activeOf(world).sa.expectedSend)],
  syncRequests: [],
  responses: [],
});

/** The state of the proof that a world is. */
export function abstractState(world: World, history: History): CounterState<Concrete> {
  const active = activeOf(world);
  const peer = mustBeActive(world.values[PEER]);
  const { requests, snapshots, syncRequests, responses } = history;
  return {
    nextId: BigInt(active.sa.expectedSend),
    syncing: isSyncing(active),
    pendingNonce: active.sync === null ? -1n : integer(active.sync.nonce),
    highestUsed: highest(requests),
    requests,
    snapshots,
    syncRequests,
    responseNonces: responses.map(({ nonce }) => nonce),
    responseM2s: responses.map(({ m2 }) => m2),
    peerExpects: BigInt(peer.sa.expectedReceive),
    peerHighestSeen: BigInt(peer.sa.highestSeen),
  };
}

/** The history after a move. Requests are taken from what was sent, not from what it is said to be. */
export function extend(history: History, { before, effect }: Move, settings: Settings): History {
  const { action, sent, observations } = effect;
  const copied =
    action.kind === 'state-sync' || (action.kind === 'failover' && settings.stateSync === 'each-step');
  return {
    requests: [
      ...history.requests,
      ...sent.flatMap((each) =>
        each.kind === 'request' && each.from === 'cluster' ? [BigInt(each.id)] : [],
      ),
    ],
    snapshots: copied ? [...history.snapshots, BigInt(activeOf(before).sa.expectedSend)] : history.snapshots,
    syncRequests: [
      ...history.syncRequests,
      ...sent.flatMap((each) => (each.kind === 'sync-request' ? [BigInt(each.m1)] : [])),
    ],
    responses: [
      ...history.responses,
      ...observations.flatMap((each) =>
        each.kind === 'sync-request-accepted' ? [{ nonce: integer(each.nonce), m2: BigInt(each.m2) }] : [],
      ),
    ],
  };
}

/** The transitions that a move is, in order; none if it changes nothing that the proof speaks of. */
export function abstractSteps(move: Move, history: History, settings: Settings): readonly AbstractStep[] {
  const { before, effect } = move;
  const { action, sent, observations } = effect;
  const m1 = sent.flatMap((each) => (each.kind === 'sync-request' ? [BigInt(each.m1)] : []))[0] ?? 0n;
  switch (action.kind) {
    case 'request':
      return action.by === PEER ? [] : [step(sendRequest)];
    case 'state-sync':
      return [step(stateSync)];
    case 'retry':
      return [step(retry, { m1 })];
    case 'failover': {
      if (settings.stateSync === 'each-step') {
        // The copy that it takes over with is as old as the last step.
        return [step(stateSync), step(failover, { snapshot: BigInt(history.snapshots.length), m1 })];
      }
      const standby = before.values[action.to];
      const held =
        typeof standby === 'object' && standby.role === 'standby' ? standby.snapshot.expectedSend : -1;
      return [step(failover, { snapshot: BigInt(history.snapshots.indexOf(BigInt(held))), m1 })];
    }
    case 'receive':
      return observations.flatMap((seen): readonly AbstractStep[] => {
        if (seen.kind === 'request-processed' && seen.by === 'peer') {
          return [step(peerProcesses, { request: BigInt(history.requests.indexOf(BigInt(seen.id))) })];
        }
        if (seen.kind === 'sync-request-accepted') {
          const reading =
            settings.m1Compare === 'highest-seen' ? peerAcceptsSyncRequest : peerAcceptsExpected;
          return [step(reading, { nonce: integer(seen.nonce), m2: BigInt(seen.m2) })];
        }
        if (seen.kind === 'sync-response-accepted') {
          const response = history.responses.findIndex(
            ({ nonce, m2 }) => nonce === integer(seen.nonce) && m2 === BigInt(seen.m2),
          );
          return [step(memberAccepts, { response: BigInt(response) })];
        }
        return [];
      });
    default:
      // What the proof does not speak of: packets, rekeying, weaker networks.
      return [];
  }
}

/** Choices that a transition does not make use of are 0. */
export const step = (
  transition: CounterTransition,
  chosen: Partial<Choice<CounterChoice, Concrete>> = {},
): AbstractStep => ({ transition, choice: { ...noChoice, ...chosen } });

const noChoice: Choice<CounterChoice, Concrete> = choiceFrom(choices, () => 0n);

/** The active member of the cluster. */
export function activeOf(world: World) {
  const active = Object.entries(world.values).find(
    ([name, value]) => name !== PEER && typeof value === 'object' && value.role === 'active',
  );
  return mustBeActive(active?.[1]);
}

function mustBeActive(value: Value | undefined) {
  if (typeof value !== 'object' || value.role !== 'active') throw new Error('no member is active');
  return value;
}

/** The model counts in numbers that a double holds exactly. */
const highest = (ids: readonly bigint[]): bigint => BigInt(Math.max(-1, ...ids.map(Number)));

/** Nonces of the model's system are counted from 0. */
const integer = (nonce: number | string): bigint => BigInt(nonce);
