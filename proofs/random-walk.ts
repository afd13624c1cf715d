/** Runs of the model: any step that is possible, with any message that was ever sent. For tests, and to try clauses. */

import type { Composition, Effect, Possibility, Value } from '../model/machine/composition.ts';
import type { Message } from '../model/state/messages.ts';

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
  choicesIn(composition, world).map((choice) => moved(world, choice));

/** A step that is possible in a world, with what it does; where that leads is not yet worked out. */
interface Choice {
  readonly places: readonly string[];
  readonly effect: Effect;
}

const choicesIn = (composition: Composition, world: World): readonly Choice[] =>
  composition.steps.flatMap(({ places, receives, take }) => {
    const values = valuesOf(world, places);
    const possibilities = receives ? world.network.map((message) => take(values, message)) : [take(values)];
    return possibilities.filter(isEffect).map((effect) => ({ places, effect }));
  });

const moved = (world: World, { places, effect }: Choice): Move => ({
  before: world,
  effect,
  after: apply(world, places, effect),
});

/** A run: each pick, a natural number, chooses first the kind of the move, then the move. */
export function walk(composition: Composition, picks: readonly number[]): readonly Move[] {
  const moves: Move[] = [];
  let world = initialWorld(composition);
  for (const pick of picks) {
    const kinds = byKind(choicesIn(composition, world));
    const ofKind = kinds[pick % kinds.length];
    const choice = ofKind?.[Math.floor(pick / kinds.length) % ofKind.length];
    if (choice === undefined) return moves;
    const move = moved(world, choice);
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

/** The choices, grouped; without, the many messages that can arrive would leave no room for the rest. */
function byKind(choices: readonly Choice[]): readonly (readonly Choice[])[] {
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) {
    const group = groups.get(kindOf(choice));
    if (group === undefined) groups.set(kindOf(choice), [choice]);
    else group.push(choice);
  }
  return [...groups.values()];
}

const kindOf = ({ effect: { action } }: Choice): string =>
  action.kind === 'receive' ? `receive ${action.message.kind}` : action.kind;

const isEffect = (possibility: Possibility): possibility is Effect =>
  typeof possibility === 'object' && 'values' in possibility;
