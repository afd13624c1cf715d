/** Runs of the model: any step that is possible, with any message that was ever sent. For tests. */

import type { Composition, Effect, Possibility, Value } from '../model/composition.ts';
import type { Message } from '../model/messages.ts';

/** The values of all places, by name, and what was ever sent: the network, as a set. */
export interface World {
  readonly values: Readonly<Record<string, Value>>;
  readonly network: readonly Message[];
}

export interface Move {
  readonly before: World;
  readonly effect: Effect;
  readonly after: World;
}

export const initialWorld = (composition: Composition): World => ({
  values: Object.fromEntries(
    composition.places.flatMap(({ name }, index) => {
      const value = composition.initial[0]?.[index];
      return value === undefined ? [] : [[name, value] as const];
    }),
  ),
  network: [],
});

/** Every move that is possible. */
export const movesFrom = (composition: Composition, world: World): readonly Move[] =>
  composition.steps.flatMap((step) => {
    const values = valuesOf(world, step.places);
    const possibilities = step.receives
      ? world.network.map((message) => step.take(values, message))
      : [step.take(values)];
    return possibilities.filter(isEffect).map((effect) => ({
      before: world,
      effect,
      after: apply(world, step.places, effect),
    }));
  });

/** A run: each pick, a natural number, chooses first the kind of the move, then the move. */
export function walk(composition: Composition, picks: readonly number[]): readonly Move[] {
  const moves: Move[] = [];
  let world = initialWorld(composition);
  for (const pick of picks) {
    const kinds = byKind(movesFrom(composition, world));
    const ofKind = kinds[pick % kinds.length];
    const move = ofKind?.[Math.floor(pick / kinds.length) % ofKind.length];
    if (move === undefined) return moves;
    moves.push(move);
    world = move.after;
  }
  return moves;
}

/** What a box makes of a message in a world: the effect, or null if it ignores the message. */
export function delivery(
  composition: Composition,
  world: World,
  box: string,
  message: Message,
): Effect | null {
  for (const step of composition.steps) {
    if (!step.receives || !step.places.includes(box)) continue;
    const possibility = step.take(valuesOf(world, step.places), message);
    if (isEffect(possibility)) return possibility;
  }
  return null;
}

const valuesOf = (world: World, places: readonly string[]): readonly Value[] =>
  places.flatMap((name) => {
    const value = world.values[name];
    return value === undefined ? [] : [value];
  });

function apply(world: World, places: readonly string[], effect: Effect): World {
  const changed = Object.fromEntries(
    places.flatMap((name, index) => {
      const value = effect.values[index];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const known = new Set(world.network.map((message) => JSON.stringify(message)));
  return {
    values: { ...world.values, ...changed },
    network: [...world.network, ...effect.sent.filter((message) => !known.has(JSON.stringify(message)))],
  };
}

/** The moves, grouped; without, the many messages that can arrive would leave no room for the rest. */
function byKind(moves: readonly Move[]): readonly (readonly Move[])[] {
  const groups = new Map<string, Move[]>();
  for (const move of moves) groups.set(kindOf(move), [...(groups.get(kindOf(move)) ?? []), move]);
  return [...groups.values()];
}

const kindOf = ({ effect: { action } }: Move): string =>
  action.kind === 'receive' ? `receive ${action.message.kind}` : action.kind;

const isEffect = (possibility: Possibility): possibility is Effect =>
  typeof possibility === 'object' && 'values' in possibility;
