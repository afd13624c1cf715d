/**
 * The steps of a run under names that a person can read, and that stay what they are when rules are numbered otherwise:
 * `failover.A.B`, `receive.peer.2`. Messages are numbered in the order in which they are first sent, as in charts.
 */
import type { Action, Message, Observation, Value } from '../../model/index.ts';
import { beginning, isSameStep, type Position, type Way, type Ways, waysFrom } from '../explore/by-hand.ts';
import { canonicalText } from '../explore/canonical.ts';
import type { TakenStep } from '../explore/result.ts';
import { isSameStructure } from '../explore/structure.ts';
import type { ModelSystem } from './system-of.ts';

export type ModelStep = TakenStep<Value, Message, Observation, Action>;
export type ModelPosition = Position<Value, Message>;
export type ModelWay = Way<Value, Message, Observation, Action>;

/** What a step sends, into the network or into a queue. */
export const sentIn = ({ action, sent }: Pick<ModelStep, 'action' | 'sent'>): readonly Message[] =>
  action.sent ?? sent;

/** The number of each message of a run; of another message, 0. */
export type MessageNumbers = (message: Message) => number;

/** Numbers the messages of a run, in the order in which they are first sent. */
export function messageNumbers(steps: readonly Pick<ModelStep, 'action' | 'sent'>[]): MessageNumbers {
  const numbers = new Map<string, number>();
  for (const step of steps)
    for (const message of sentIn(step)) {
      const key = canonicalText(message);
      if (!numbers.has(key)) numbers.set(key, numbers.size + 1);
    }
  return (message) => numbers.get(canonicalText(message)) ?? 0;
}

/** What a step is called after the steps that numbered the messages. */
export function stepName(action: Action, numberOf: MessageNumbers): string {
  const parts: readonly (string | number)[] =
    action.kind === 'lose'
      ? [numberOf(action.message)]
      : action.kind === 'receive' || action.kind === 'drop'
        ? [action.by, numberOf(action.message)]
        : 'spi' in action && action.spi !== undefined
          ? [action.by, action.spi]
          : action.kind === 'begin'
            ? [action.by, action.name]
            : 'from' in action
              ? [action.from, action.to]
              : [action.by];
  return [action.kind, ...parts].join('.');
}

/** What the ways from a state are called after some steps: of those with one name, the second is `NAME:2`, and so on. */
export function wayNames(ways: readonly ModelWay[], before: readonly ModelStep[]): readonly string[] {
  const numberOf = messageNumbers(before);
  const met = new Map<string, number>();
  return ways.map(({ step }) => {
    const name = stepName(step.action, numberOf);
    const times = (met.get(name) ?? 0) + 1;
    met.set(name, times);
    return times === 1 ? name : `${name}:${times}`;
  });
}

/** A run as one can follow it: the initial state by its index in the system, and the name of each step. */
export interface NamedRun {
  readonly start: number;
  readonly steps: readonly string[];
}

/** A run that was followed. */
export interface FollowedRun {
  /** The states that it goes through: one more than the steps. */
  readonly positions: readonly ModelPosition[];
  readonly ways: readonly ModelWay[];
  /** What is possible in each of these states. */
  readonly choices: readonly Ways<Value, Message, Observation, Action>[];
  /** The first name that stands for no step that is possible there; absent if the whole run could be followed. */
  readonly unknown?: string;
}

/** Follows a run as far as it can be followed. */
export function followRun(system: ModelSystem, { start, steps }: NamedRun): FollowedRun {
  const positions = [beginning(system, system.initial[start] === undefined ? 0 : start)];
  const choices = [waysFrom(system, positions[0]!)];
  const ways: ModelWay[] = [];
  for (const name of steps) {
    const here = choices.at(-1)!.ways;
    const names = wayNames(
      here,
      ways.map(({ step }) => step),
    );
    const way = here[names.indexOf(name)];
    if (way === undefined) return { positions, ways, choices, unknown: name };
    ways.push(way);
    positions.push(way.to);
    choices.push(waysFrom(system, way.to));
  }
  return { positions, ways, choices };
}

/**
 * A run by the names of its steps.
 *
 * @throws RangeError if it is no run of the system
 */
export function namedRun(
  system: ModelSystem,
  initial: readonly Value[],
  steps: readonly ModelStep[],
): NamedRun {
  const start = system.initial.findIndex((values) => isSameStructure(values, initial));
  if (start < 0) throw new RangeError('a run does not begin in an initial state');
  let at = beginning(system, start);
  const names = steps.map((step, index) => {
    const { ways } = waysFrom(system, at);
    const which = ways.findIndex((way) => isSameStep(way.step, step));
    const way = ways[which];
    if (way === undefined) throw new RangeError('a step of a run is not among those that are possible');
    at = way.to;
    return wayNames(ways, steps.slice(0, index))[which] ?? '';
  });
  return { start, steps: names };
}
