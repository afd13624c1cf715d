/**
 * A safety property on a walk: its monitor's states as integers, and its moves asked once.
 *
 * Unlike the explorer, walks see states and lists of observations that hardly ever meet again; so the moves are
 * in a hash table, not in rows.
 */
import { naming } from '../defect.ts';
import { Interner } from '../intern.ts';
import type { Monitor } from '../system.ts';
import { PairTable } from './pair-table.ts';

/** The state of a monitor that has seen its property violated; it is never left. */
export const VIOLATED = 0;

/** Lists of observations by id: a list is one of ids of observations. */
export interface Observations<O> {
  readonly observations: Interner<O>;
  readonly lists: Interner<readonly number[]>;
}

export class Watch<O> {
  readonly initial: number;
  readonly #monitor: Monitor<O>;
  readonly #words: Observations<O>;
  readonly #states = new Interner<unknown>();
  readonly #moves = new PairTable();

  constructor(monitor: Monitor<O>, words: Observations<O>) {
    this.#monitor = monitor;
    this.#words = words;
    this.initial = this.#idOf(monitor.initial);
  }

  /** Number of distinct states so far. */
  get size(): number {
    return this.#states.size;
  }

  get bytes(): number {
    return this.#moves.bytes;
  }

  /** The state after a list of observations. */
  after(state: number, list: number): number {
    if (state === VIOLATED) return VIOLATED;
    const known = this.#moves.find(state, list);
    return known >= 0 ? known : this.#learn(state, list);
  }

  #learn(state: number, list: number): number {
    let current: unknown = this.#states.valueOf(state - 1);
    let next = -1;
    for (const observation of this.#words.lists.valueOf(list)) {
      const seen = this.#monitor.observe(current, this.#words.observations.valueOf(observation));
      if (!seen.ok) {
        next = VIOLATED;
        break;
      }
      current = seen.state;
    }
    if (next < 0) next = this.#idOf(current);
    this.#moves.add(state, list, next);
    return next;
  }

  #idOf(state: unknown): number {
    return naming(`monitor '${this.#monitor.id}'`, () => this.#states.idOf(state)) + 1;
  }
}
