/** The transition system of the proof allows what the model does, and the rest of the proof is right about it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Composition, PEER } from '../model/machine/composition.ts';
import { compose } from '../model/machine/system.ts';
import { messageIdMonotonicity } from '../model/properties/message-ids.ts';
import { rfc6311 } from '../model/revisions/rfc6311.ts';
import { scenarios } from '../model/scenarios/index.ts';
import type { Settings } from '../model/settings/settings.ts';
import { type Concrete, concrete } from '../src/prove/concrete.ts';
import { sameState } from '../src/prove/system.ts';
import { sweep } from '../src/testing/sweep.ts';
import {
  type AbstractStep,
  abstractState,
  abstractSteps,
  activeOf,
  extend,
  type History,
  initialHistory,
  step,
} from './counter-abstraction.ts';
import {
  type CounterState,
  type CounterTransition,
  counterSystemOfBothReadings,
  memberAccepts,
  peerAcceptsExpected,
  peerAcceptsSyncRequest,
  variables,
} from './counter-system.ts';
import { invariant } from './message-id-unique.ts';
import { delivery, initialWorld, type Move, type World, walk } from './random-walk.ts';

const { small } = scenarios[0]!.sizes;

const varied = fc.record({
  members: fc.integer({ min: 2, max: 5 }),
  failovers: fc.constant(100),
  requests: fc.constant(100),
  retries: fc.constant(100),
  // Mostly small: with a large one the assumption is all but always true.
  bump: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 1 }) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 1000 }) },
  ),
  stateSync: fc.constantFrom('any', 'any', 'never', 'each-step', 'periodic'),
  retry: fc.constantFrom('same', 'fresh'),
  staleSync: fc.constantFrom('drop', 'answer-from-cache'),
  m1Compare: fc.constantFrom('highest-seen', 'next-expected'),
  m1Sharing: fc.constantFrom('told', 'not-told'),
  failoverCount: fc.constant('shared'),
  ikeWhileSyncing: fc.constantFrom('hold', 'process'),
});

const anySettings: fc.Arbitrary<Settings> = varied.map((some) => ({ ...small, ...some }));

const picks = fc.array(fc.nat(), { minLength: 5, maxLength: 60, size: 'max' });

/** The same, but mostly with the lowest M1 that the rules allow. */
const lowestM1 = anySettings.map((each) => (each.bump <= 1 ? { ...each, bump: 0 } : each));

/** A move of the model with what it is in the proof. */
interface Mapped {
  readonly move: Move;
  readonly before: CounterState<Concrete>;
  readonly steps: readonly AbstractStep[];
  readonly after: CounterState<Concrete>;
}

function mapped(composition: Composition, settings: Settings, choices: readonly number[]): readonly Mapped[] {
  let history: History = initialHistory(initialWorld(composition));
  return walk(composition, choices).map((move) => {
    const before = abstractState(move.before, history);
    const steps = abstractSteps(move, history, settings);
    history = extend(history, move, settings);
    return { move, before, steps, after: abstractState(move.after, history) };
  });
}

/** Whether the steps can be taken, one after the other, and lead to the state after. `assumed` of each. */
function replay(
  { before, steps, after }: Mapped,
  stepOf: (transition: CounterTransition) => CounterTransition['step'] = ({ step }) => step,
): { readonly agrees: boolean; readonly assumed: readonly boolean[] } {
  let state = before;
  const assumed: boolean[] = [];
  for (const { transition, choice } of steps) {
    const { enabled, assumes, next } = stepOf(transition)(concrete, state, choice);
    if (!enabled) return { agrees: false, assumed };
    assumed.push(assumes);
    state = next;
  }
  return { agrees: sameState(concrete, variables, state, after), assumed };
}

/** Whether M1, where the move sends one, is above all that the cluster used: asked of the model alone. */
const m1IsAboveUsed = ({ before, effect }: Move): boolean =>
  effect.sent.every(
    (sent) =>
      sent.kind !== 'sync-request' ||
      before.network.every((old) => old.kind !== 'request' || old.from !== 'cluster' || old.id < sent.m1),
  );

const walks = (
  check: (moves: readonly Mapped[], composition: Composition, settings: Settings) => void,
  runs = sweep(120, 400),
  of: fc.Arbitrary<Settings> = anySettings,
) =>
  fc.assert(
    fc.property(of, picks, (settings, choices) => {
      const composition = compose(rfc6311, settings);
      check(mapped(composition, settings, choices), composition, settings);
    }),
    { numRuns: runs, seed: 6311 },
  );

describe('the transition system allows every move of the model', () => {
  test('every move is a transition with the same outcome, or changes nothing that the proof speaks of', () => {
    const seen = new Map<string, number>();
    walks((moves) => {
      for (const each of moves) {
        if (!replay(each).agrees) expect.fail(JSON.stringify(each.move.effect.action));
        for (const { transition } of each.steps) {
          seen.set(transition.name, (seen.get(transition.name) ?? 0) + 1);
        }
      }
    });
    // All that changes anything was seen, and often.
    for (const { name } of counterSystemOfBothReadings.transitions) {
      if (!name.includes('drops')) expect(seen.get(name) ?? 0, name).toBeGreaterThan(sweep(30, 100));
    }
  });

  test('the assumption is true of a step exactly if M1 is above every Message ID used', () => {
    const count = { true: 0, false: 0 };
    walks((moves) => {
      for (const each of moves) {
        const assumed = replay(each).assumed.every((one) => one);
        expect(assumed).toBe(m1IsAboveUsed(each.move));
        if (each.move.effect.sent.some(({ kind }) => kind === 'sync-request')) count[`${assumed}`]++;
      }
    });
    expect(count.true).toBeGreaterThan(sweep(30, 100));
    expect(count.false).toBeGreaterThan(sweep(12, 50));
  });

  test('sync messages are accepted in the model if and only if they are in the transition system', () => {
    const count = { accepted: 0, refused: 0 };
    const compareAll = (world: World, state: CounterState<Concrete>, of: Composition, settings: Settings) => {
      for (const message of world.network) {
        const steps = deliverySteps(state, message.kind, settings);
        if (message.kind !== 'sync-request' && message.kind !== 'sync-response') continue;
        const box = message.kind === 'sync-request' ? PEER : nameOfActive(world);
        const accepted =
          delivery(of, world, box, message)?.observations.some(({ kind }) => kind.endsWith('-accepted')) ??
          false;
        const allowed = steps(BigInt(message.nonce)).some(
          ({ transition, choice }) => transition.step(concrete, state, choice).enabled,
        );
        expect(allowed).toBe(accepted);
        count[accepted ? 'accepted' : 'refused']++;
      }
    };
    walks((moves, composition, settings) => {
      for (const { move, after } of moves) compareAll(move.after, after, composition, settings);
    }, 60);
    expect(count.accepted).toBeGreaterThan(100);
    expect(count.refused).toBeGreaterThan(100);
  });

  test('the other transitions stutter: they stand for messages that the model ignores', () => {
    for (const transition of counterSystemOfBothReadings.transitions) {
      if (!transition.name.includes('drops')) continue;
      walks((moves) => {
        for (const { before } of moves) {
          const { next } = transition.step(concrete, before, step(transition).choice);
          expect(sameState(concrete, variables, next, before)).toBe(true);
        }
      }, 20);
    }
  });

  test.each<[string, (right: CounterTransition) => CounterTransition['step']]>([
    [
      'the peer may answer M1 - 1 only',
      (right) => (a, state, choice) => {
        const outcome = right.step(a, state, choice);
        if (right.name !== peerAcceptsSyncRequest.name) return outcome;
        const lower = a.add(a.at(state.syncRequests, choice.nonce), a.int(-1));
        return { ...outcome, enabled: a.and(outcome.enabled, a.eq(choice.m2, lower)) };
      },
    ],
    [
      'the next Message ID stays what it was when a sync response is accepted',
      (right) => (a, state, choice) => {
        const outcome = right.step(a, state, choice);
        return right.name === memberAccepts.name
          ? { ...outcome, next: { ...outcome.next, nextId: state.nextId } }
          : outcome;
      },
    ],
    [
      'snapshots are never old',
      (right) => (a, state, choice) => {
        const outcome = right.step(a, state, choice);
        return right.name === 'failover'
          ? { ...outcome, next: { ...outcome.next, nextId: state.nextId } }
          : outcome;
      },
    ],
  ])('a wrong relation is found out: %s', (_name, wrong) => {
    let disagreements = 0;
    walks((moves) => {
      disagreements += moves.filter((each) => !replay(each, wrong).agrees).length;
    }, 100);
    expect(disagreements).toBeGreaterThan(0);
  });
});

describe('what is proved is so in the model', () => {
  test('Message IDs repeat only after an M1 that was not above those used, and whose M2 was adopted', () => {
    const count = { broken: 0, fine: 0, assumedThroughout: 0 };
    walks(
      (moves) => {
        const adoptedBelow = brokenAssumptionAdopted(moves);
        const broken = isMonotonicityBroken(moves);
        if (broken) expect(adoptedBelow).toBe(true);
        count[broken ? 'broken' : 'fine']++;
        if (moves.every(({ move }) => m1IsAboveUsed(move))) count.assumedThroughout++;
      },
      1500,
      lowestM1,
    );
    for (const runs of Object.values(count)) expect(runs).toBeGreaterThan(10);
  });

  test('the invariant holds in every world of a run in which the assumption was true so far', () => {
    walks((moves) => {
      for (const each of moves) {
        if (!m1IsAboveUsed(each.move)) return;
        const { after } = each;
        const items = Math.max(after.requests.length, after.syncRequests.length, after.responseM2s.length);
        for (let index = -1; index <= items; index++) {
          for (const { says, holds } of invariant) {
            if (!holds(concrete, after, BigInt(index))) expect.fail(says);
          }
        }
      }
    });
  });
});

function isMonotonicityBroken(moves: readonly Mapped[]): boolean {
  const { watch } = messageIdMonotonicity;
  let state = watch.initial;
  for (const observation of moves.flatMap(({ move }) => move.effect.observations)) {
    const seen = watch.observe(state, observation);
    if (!seen.ok) return true;
    state = seen.state;
  }
  return false;
}

/** Whether a response was accepted to a sync request whose M1 was not above what was used when it was sent. */
function brokenAssumptionAdopted(moves: readonly Mapped[]): boolean {
  const below = new Set(
    moves
      .filter(({ move }) => !m1IsAboveUsed(move))
      .flatMap(({ move }) => move.effect.sent.flatMap((sent) => ('nonce' in sent ? [sent.nonce] : []))),
  );
  return moves.some(({ move }) =>
    move.effect.observations.some((seen) => seen.kind === 'sync-response-accepted' && below.has(seen.nonce)),
  );
}

/** The transitions by which a sync message with a nonce would be accepted, with the choices of the model. */
const deliverySteps =
  (state: CounterState<Concrete>, kind: string, { m1Compare }: Settings) =>
  (nonce: bigint): readonly AbstractStep[] => {
    if (kind === 'sync-response') {
      return state.responseNonces.flatMap((each, index) =>
        each === nonce ? [step(memberAccepts, { response: BigInt(index) })] : [],
      );
    }
    const m1 = state.syncRequests[Number(nonce)] ?? 0n;
    const [reading, seen] =
      m1Compare === 'highest-seen'
        ? [peerAcceptsSyncRequest, state.peerHighestSeen]
        : [peerAcceptsExpected, state.peerExpects - 1n];
    return [step(reading, { nonce, m2: m1 > seen ? m1 : seen + 1n })];
  };

const nameOfActive = (world: World): string => {
  const active = activeOf(world);
  return Object.entries(world.values).find(([, value]) => value === active)?.[0] ?? PEER;
};
