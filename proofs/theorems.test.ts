/** The clauses hold in runs of the model itself, and what is proved of it is what the relation that is derived says. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  ipsecha01,
  type Revision,
  recoveryPossible,
  rfc6311,
  type Settings,
  safetyProperties,
  without,
} from '../model/index.ts';
import { compose } from '../model/machine/system.ts';
import { sweep } from '../src/testing/sweep.ts';
import { bumpCoversLag, zeroApart } from './assumptions.ts';
import { movesFrom, walk } from './random-walk.ts';
import {
  brokenClauses,
  picks,
  runs as runsWith,
  type Seen,
  seen,
  settingsOf,
  stepOf,
  worldAfter,
} from './seen-runs.ts';
import type { Theorem } from './theorem.ts';
import { theorems, theoremsOfClusters } from './theorems.ts';

/** Runs with windows of any size; they are none of the theorem's settings, or one of several that it holds for. */
const runs = (
  theorem: Theorem,
  revision: Revision,
  many: number,
  each: (steps: readonly Seen[]) => void,
): void =>
  runsWith(
    theorem,
    revision,
    many,
    (run) => settingsOf(theorem, run % 4, { window: 1 + (run % 3), replayWindow: [1, 2, 64][run % 3] ?? 1 }),
    each,
  );

describe('in runs of the model', () => {
  const ofRfc = theorems.filter(({ property }) => property !== 'failover-count-increases');

  test.each(ofRfc)(
    '$property: each clause holds as long as the assumptions do, and nothing is broken',
    (theorem) => {
      let looked = 0;
      runs(theorem, rfc6311, sweep(12, 50), (steps) => {
        for (const step of steps) {
          if (!theorem.assumes.every(({ holds }) => holds(step.before, stepOf(step.move)))) return;
          expect(step.isBroken).toBe(false);
          expect(brokenClauses(theorem.clauses, step)).toEqual([]);
          looked++;
        }
      });
      expect(looked).toBeGreaterThan(100);
    },
  );

  // State syncs are rare in such walks, so those that keep the assumptions for long are found by looking at many.
  test.each(theoremsOfClusters.filter(({ property }) => property !== 'failover-count-increases'))(
    '$property: so it is with clusters at both ends',
    (theorem) => {
      let looked = 0;
      const settingsFor = (run: number): Settings =>
        settingsOf(theorem, run % 4, { window: 1 + (run % 2), peerMembers: 3, peerFailovers: 100 });
      runsWith(theorem, rfc6311, sweep(6, 40), settingsFor, (steps) => {
        for (const step of steps) {
          if (!theorem.assumes.every(({ holds }) => holds(step.before, stepOf(step.move)))) return;
          expect(step.isBroken).toBe(false);
          expect(brokenClauses(theorem.clauses, step)).toEqual([]);
          looked++;
        }
      });
      expect(looked).toBeGreaterThan(40);
    },
  );

  test.each(['sync-request-once', 'delta-added-once'])(
    '%s: each clause holds where sync requests have a Failover Count, also once one took effect',
    (property) => {
      const theorem = theorems.find((each) => each.property === property)!;
      let [looked, tookEffect] = [0, 0];
      runs(theorem, ipsecha01, sweep(12, 50), (steps) => {
        for (const step of steps) {
          expect(step.isBroken).toBe(false);
          expect(brokenClauses(theorem.clauses, step)).toEqual([]);
          looked++;
          const { memory, ghosts, any } = step.after;
          if (JSON.stringify(memory).includes(`${any}`) && ghosts['countOf'] !== null) tookEffect++;
        }
      });
      expect(looked).toBeGreaterThan(100);
      expect(tookEffect).toBeGreaterThan(20);
    },
  );

  test('a number is inferred wrongly only where the sender is too far ahead of the window, and is so there', () => {
    const theorem = theorems.find(({ property }) => property === 'esn-inferred-right')!;
    const settings = settingsOf(theorem, 0, { delta: 2 ** 31, replayWindow: 2 });
    let [near, beyondTheHalf, wrong] = [0, 0, 0];
    runsWith(
      theorem,
      rfc6311,
      sweep(30, 100),
      () => settings,
      (steps) => {
        for (const step of steps) {
          expect(brokenClauses(theorem.clauses, step)).toEqual([]);
          if (theorem.assumes.every(({ holds }) => holds(step.before, stepOf(step.move)))) {
            expect(step.isBroken).toBe(false);
            near++;
            const { action } = step.move.effect;
            if (
              action.kind === 'receive' &&
              action.message.kind === 'esp' &&
              action.message.number >= 2 ** 32
            )
              beyondTheHalf++;
          } else if (step.isBroken) wrong++;
        }
      },
    );
    expect(near).toBeGreaterThan(100);
    expect(beyondTheHalf).toBeGreaterThan(0);
    expect(wrong).toBeGreaterThan(0);
  });

  test('of Message IDs no initialization vector but those of Message ID 0 comes again, as long as bumps cover lags', () => {
    const theorem = theorems.find(({ property }) => property === 'iv-never-repeats')!;
    const assumed = [bumpCoversLag, zeroApart];
    let [looked, used] = [0, 0];
    for (let run = 0; run < sweep(12, 100); run++) {
      const settings = settingsOf(theorem, run % 4, { ikeIv: 'message-id', window: 1 + (run % 2) });
      const moves = walk(compose(rfc6311, settings), picks(run + 1, 40));
      for (const any of [2, 3, 4, 5]) {
        for (const step of seen(theorem, moves, any, settings)) {
          if (!assumed.every(({ holds }) => holds(step.before, stepOf(step.move)))) break;
          expect(step.isBroken).toBe(false);
          expect(brokenClauses(theorem.clauses, step)).toEqual([]);
          looked++;
          if (JSON.stringify(step.after.memory).includes(`[${any},${any}]`)) used++;
        }
      }
    }
    expect(looked).toBeGreaterThan(100);
    expect(used).toBeGreaterThan(50);
  });

  test('a clause is false where the rule that it rests on is left out', () => {
    const theorem = theorems.find(({ property }) => property === 'sync-request-once')!;
    const faulty = without(rfc6311, 'RFC6311-5.1-DROP-STALE')!;
    let broken = 0;
    runs(theorem, faulty, 40, (steps) => {
      broken += steps.filter(({ isBroken }) => isBroken).length;
    });
    expect(broken).toBeGreaterThan(0);
  });

  test('what is kept of a memory for one item says of it what the whole memory says', () => {
    const ofNonces = theoremsOfClusters.filter(({ any }) => any === 'nonce');
    for (const theorem of [...ofRfc, ...ofNonces].filter(({ any }) => any !== null)) {
      const { watch } = safetyProperties.find(({ id }) => id === theorem.property)!;
      const settings = settingsOf(
        theorem,
        0,
        ofNonces.includes(theorem) ? { peerMembers: 3, peerFailovers: 100 } : {},
      );
      for (let run = 0; run < sweep(6, 40); run++) {
        const moves = walk(
          compose(without(rfc6311, 'RFC6311-5.1-DROP-STALE')!, settings),
          picks(run + 7, 40),
        );
        let whole = watch.initial;
        let isWholeBroken = false;
        for (const observation of moves.flatMap(({ effect }) => effect.observations)) {
          const next = watch.observe(whole, observation);
          if (next.ok) whole = next.state;
          else isWholeBroken = true;
        }
        const isOneBroken = Array.from({ length: 45 }, (_, any) => any).some((any) =>
          seen(theorem, moves, any, settings).some(({ isBroken }) => isBroken),
        );
        expect(isOneBroken).toBe(isWholeBroken);
      }
    }
  });

  test.each([
    ['as the text has it', rfc6311, {}, 0],
    ['that sync later', rfc6311, { syncTrigger: 'lazy' }, 0],
    // What an end that answers sends next need not be what is expected then.
    ['without 5.1-P2', without(rfc6311, 'RFC6311-5.1-P2')!, {}, 1],
  ] as const)(
    'a schedule leads to its goal, in as few steps as it says: %s',
    (_, revision, further, most) => {
      const theorem = theorems.find(({ property }) => property === 'recovery-possible')!;
      const { sent, schedule, stepsLeft } = theorem.progress!;
      let [taken, lost] = [0, 0];
      runsWith(
        theorem,
        revision,
        sweep(6, 60),
        (run) => settingsOf(theorem, 1 + (run % 4), { window: 1 + (run % 2), ...further }),
        (steps) => {
          const [first] = steps;
          if (first === undefined) return;
          const { settings } = first.before;
          const composition = compose(revision, settings);
          const { goal } = recoveryPossible.claim({ revision, settings, composition });
          for (const { before, after, move } of steps) {
            if (!theorem.assumes.every(({ holds }) => holds(before, stepOf(move)))) return;
            let [world, at, left] = [after, move.after, stepsLeft(after)];
            // Whatever is said to have been sent is on the network, and what is due can be taken.
            const isLost = (): boolean => {
              const wanted = sent.flatMap(({ messages }) => messages(world, revision));
              if (!wanted.every((message) => at.network.some((each) => isDeepStrictEqual(each, message))))
                return true;
              for (;;) {
                if (goal.holds(goal.reads.map((name) => at.values[name]!))) return false;
                const due = schedule.flatMap((each) => {
                  const message = each.step === 'ask' ? null : each.message(world, revision);
                  return (each.step === 'ask' ? each.isDue(world) : message !== null)
                    ? [{ each, message }]
                    : [];
                })[0];
                const next =
                  due === undefined
                    ? undefined
                    : movesFrom(composition, at).find(
                        ({ effect: { action } }) =>
                          action.kind === due.each.step &&
                          (action.kind !== 'receive' || isDeepStrictEqual(action.message, due.message)),
                      );
                if (next === undefined || left === 0) return true;
                world = worldAfter(theorem, world, next, settings);
                at = next.after;
                taken++;
                if (stepsLeft(world) >= left) return true;
                left = stepsLeft(world);
              }
            };
            if (isLost()) lost++;
          }
        },
      );
      expect(taken).toBeGreaterThan(20);
      expect(Math.sign(lost)).toBe(most);
    },
  );
});
