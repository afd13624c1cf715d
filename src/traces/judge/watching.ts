/**
 * What the properties remember of an end. Some of them remember every message that ever was; so that a trace of any
 * length can be watched, these begin anew now and then, with what was observed last.
 */

import type { Observation, SafetyProperty } from '../../../model/index.ts';
import { BoundedMap } from '../common/bounded.ts';
import { textOf } from '../common/text-of.ts';

/** Always the same ones, in the same order; null where a property is not looked at. */
export type Properties = readonly (SafetyProperty | null)[];

export interface Watched {
  /** The state of each property's monitor. */
  readonly states: readonly unknown[];
  /** The last observations, for those that begin anew. */
  readonly lately: readonly Observation[];
}

export interface Broken {
  readonly property: SafetyProperty;
  readonly because: string;
  readonly observation: Observation;
}

/** So many observations are kept at most, and at least half of them. */
const LATELY = 128;

/** A monitor whose state is longer than this, in characters of JSON, begins anew. */
const LONG = 1000;

export const initialWatch = (properties: Properties): Watched => ({
  states: properties.map((property) => property?.watch.initial ?? null),
  lately: [],
});

export interface Observed {
  readonly watched: Watched;
  readonly broken: readonly Broken[];
}

/** So many of what is remembered, and so much of what followed from each. */
const MOST_FOLLOWED = 64;

/**
 * What followed from what was remembered lately: under all readings of a text, and from many states, it is the same. No
 * weak map, since each value would hold the next key: a chain as long as the trace.
 */
const followed = new BoundedMap<Watched, Followed>(MOST_FOLLOWED);

interface Followed {
  readonly properties: Properties;
  /** What was observed first: most are asked only once, and need no text of it. */
  readonly first: { readonly observations: readonly Observation[]; readonly observed: Observed };
  /** From the second time on, by what was observed. */
  by: Map<string, Observed> | null;
}

/** Feeds observations to the properties. What is broken does not count as remembered. */
export function observe(
  properties: Properties,
  watched: Watched,
  observations: readonly Observation[],
): Observed {
  if (observations.length === 0) return { watched, broken: [] };
  const before = followed.get(watched);
  if (before?.properties !== properties) {
    const observed = watch(properties, watched, observations);
    followed.set(watched, { properties, first: { observations, observed }, by: null });
    return observed;
  }
  const { first } = before;
  before.by ??= new Map([[textOf(first.observations), first.observed]]);
  const text = textOf(observations);
  const found = before.by.get(text) ?? watch(properties, watched, observations);
  if (before.by.size < MOST_FOLLOWED) before.by.set(text, found);
  return found;
}

function watch(properties: Properties, watched: Watched, observations: readonly Observation[]): Observed {
  const broken: Broken[] = [];
  const states = watched.states.map((state, index) => {
    const property = properties[index];
    if (property == null) return state;
    let current = state;
    for (const observation of observations) {
      const seen = property.watch.observe(current, observation);
      if (seen.ok) current = seen.state;
      else broken.push({ property, because: seen.because, observation });
    }
    return current;
  });
  return { watched: bounded(properties, states, [...watched.lately, ...observations]), broken };
}

function bounded(
  properties: Properties,
  states: readonly unknown[],
  lately: readonly Observation[],
): Watched {
  if (lately.length < LATELY) return { states, lately };
  const last = lately.slice(-LATELY / 2);
  const kept = states.map((state, index) => {
    const property = properties[index];
    if (property == null || JSON.stringify(state).length < LONG) return state;
    return last.reduce((current, observation) => {
      const seen = property.watch.observe(current, observation);
      return seen.ok ? seen.state : current;
    }, property.watch.initial);
  });
  return { states: kept, lately: last };
}

/** What was broken begins anew with what broke it, so that one fault is not told again and again. */
export const forgive = (properties: Properties, watched: Watched, broken: readonly Broken[]): Watched => ({
  ...watched,
  states: watched.states.map((state, index) => {
    const property = properties[index];
    const last = broken.findLast((each) => each.property === property);
    if (property == null || last === undefined) return state;
    const seen = property.watch.observe(property.watch.initial, last.observation);
    return seen.ok ? seen.state : state;
  }),
});
