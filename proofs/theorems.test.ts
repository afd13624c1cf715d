/** The clauses hold in runs of the model itself, and what is proved of it is what the relation that is derived says. */
import { describe, expect, test } from 'vitest';
import {
  type ActiveMember,
  COUNTS,
  type Endpoint,
  FURTHER_COUNTS,
  isActive,
  isMember,
  type Observation,
  PEER,
  type Revision,
  rfc6311,
  type Settings,
  safetyProperties,
  scenarios,
  without,
} from '../model/index.ts';
import { compose } from '../model/machine/system.ts';
import { sweep } from '../src/testing/sweep.ts';
import { type Move, type World as Walked, walk } from './random-walk.ts';
import type { StepSeen, Theorem, World } from './theorem.ts';
import { theorems } from './theorems.ts';

const { small } = scenarios[0]!.sizes;

/** A step of a run, with what is remembered before and after it of one item. */
interface Seen {
  readonly before: World;
  readonly after: World;
  readonly move: Move;
  readonly isBroken: boolean;
}

function worldOf(
  { values }: Walked,
  remembered: Pick<World, 'memory' | 'ghosts' | 'any'>,
  settings: Settings,
): World {
  const peer = values[PEER];
  const cluster = Object.entries(values).find(([name, value]) => name !== PEER && isActive(value))?.[1];
  const count = (name: string): number => Number(values[name] ?? 0);
  return {
    cluster: (isActive(cluster) ? cluster : peer) as ActiveMember,
    isClosed: !isActive(cluster),
    peer: peer as ActiveMember,
    made: {
      cluster: count(COUNTS.clusterRequests),
      peer: count(COUNTS.peerRequests),
      syncs: count(COUNTS.syncRequests),
    },
    packets: { cluster: count(FURTHER_COUNTS.clusterPackets), peer: count(FURTHER_COUNTS.peerPackets) },
    ...remembered,
    settings,
  };
}

function observed(
  theorem: Theorem,
  remembered: Pick<World, 'memory' | 'ghosts' | 'any'>,
  observations: readonly Observation[],
): { readonly remembered: Pick<World, 'memory' | 'ghosts' | 'any'>; readonly isBroken: boolean } {
  const { watch } = safetyProperties.find(({ id }) => id === theorem.property)!;
  const { any } = remembered;
  let { memory, ghosts } = remembered;
  let isBroken = false;
  for (const observation of observations) {
    const seen = watch.observe(memory, observation);
    if (seen.ok) memory = theorem.memory.keep(seen.state, any);
    else if (theorem.isAbout?.(observation, any) ?? true) isBroken = true;
    ghosts = Object.fromEntries(
      Object.entries(theorem.ghosts).map(([name, { after }]) => [
        name,
        after(ghosts[name] ?? null, observation, any),
      ]),
    );
  }
  return { remembered: { memory, ghosts, any }, isBroken };
}

/** A run as a theorem sees it that looks at one item. */
function seen(theorem: Theorem, moves: readonly Move[], any: number, settings: Settings): readonly Seen[] {
  const { watch } = safetyProperties.find(({ id }) => id === theorem.property)!;
  let remembered: Pick<World, 'memory' | 'ghosts' | 'any'> = {
    memory: watch.initial,
    ghosts: Object.fromEntries(Object.entries(theorem.ghosts).map(([name, { initial }]) => [name, initial])),
    any,
  };
  return moves.map((move) => {
    const before = worldOf(move.before, remembered, settings);
    const next = observed(theorem, remembered, move.effect.observations);
    remembered = next.remembered;
    return { before, after: worldOf(move.after, remembered, settings), move, isBroken: next.isBroken };
  });
}

function stepOf({ effect: { action }, before: { values } }: Move): StepSeen {
  const by: Endpoint = 'by' in action && action.by === PEER ? 'peer' : 'cluster';
  const taker = action.kind === 'failover' ? values[action.to] : undefined;
  return {
    kind: action.kind,
    by,
    snapshot: isMember(taker) && taker.role === 'standby' ? taker.snapshot : null,
  };
}

/** Every clause that is false after a step. */
const brokenClauses = (theorem: Theorem, { after, move }: Seen): readonly string[] =>
  theorem.clauses.flatMap((clause) => {
    const holds =
      clause.of === 'world'
        ? clause.holds(after)
        : clause.of === 'message'
          ? move.after.network.every((message) => clause.holds(after, message))
          : Object.values(move.after.values).every(
              (value) => !isMember(value) || value.role !== 'standby' || clause.holds(after, value.snapshot),
            );
    return holds ? [] : [clause.id];
  });

/** Pseudo-random numbers, the same each time. */
function picks(seed: number, many: number): readonly number[] {
  let state = seed;
  return Array.from({ length: many }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state;
  });
}

const settingsOf = (theorem: Theorem, bump: number, further: Partial<Settings> = {}): Settings => ({
  ...small,
  ...theorem.settings,
  messageIdSync: 'both',
  members: 3,
  failovers: 100,
  requests: theorem.settings.requests ?? 100,
  packets: theorem.settings.packets === undefined ? 0 : 100,
  retries: 100,
  retry: 'fresh',
  bump,
  delta: bump,
  ...further,
});

/** Runs of the model, as a theorem sees each of them for several items. */
function runs(
  theorem: Theorem,
  revision: Revision,
  many: number,
  each: (steps: readonly Seen[]) => void,
): void {
  for (let run = 0; run < many; run++) {
    // Windows of any size; they are none of the theorem's settings, or one of several that it holds for.
    const [window, replayWindow] = [1 + (run % 3), [1, 2, 64][run % 3] ?? 1];
    const settings = settingsOf(theorem, run % 4, { window, replayWindow });
    const moves = walk(compose(revision, settings), picks(run + 1, 40));
    for (const any of theorem.any === null ? [0] : [0, 1, 2]) each(seen(theorem, moves, any, settings));
  }
}

describe('in runs of the model', () => {
  const ofRfc = theorems.filter(({ property }) => property !== 'failover-count-increases');

  test.each(ofRfc)(
    '$property: each clause holds as long as the assumptions do, and nothing is broken',
    (theorem) => {
      let looked = 0;
      runs(theorem, rfc6311, sweep(12, 100), (steps) => {
        for (const step of steps) {
          if (!theorem.assumes.every(({ holds }) => holds(step.before, stepOf(step.move)))) return;
          expect(step.isBroken).toBe(false);
          expect(brokenClauses(theorem, step)).toEqual([]);
          looked++;
        }
      });
      expect(looked).toBeGreaterThan(100);
    },
  );

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
    for (const theorem of ofRfc.filter(({ any }) => any !== null)) {
      const { watch } = safetyProperties.find(({ id }) => id === theorem.property)!;
      for (let run = 0; run < sweep(6, 40); run++) {
        const moves = walk(
          compose(without(rfc6311, 'RFC6311-5.1-DROP-STALE')!, settingsOf(theorem, 0)),
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
          seen(theorem, moves, any, settingsOf(theorem, 0)).some(({ isBroken }) => isBroken),
        );
        expect(isOneBroken).toBe(isWholeBroken);
      }
    }
  });
});
