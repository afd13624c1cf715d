/**
 * One safety property: its monitor's states as integers, and its moves as a table.
 *
 * State 0 is the one in which the property is violated; it is never left, so that the search goes on and
 * every other property gets its own shortest counterexample. A move is by the whole list of observations of a
 * step, so that a step costs one look-up per monitor.
 */
import { naming } from './defect.ts';
import { enlarged } from './growing-ints.ts';
import { Interner } from './intern.ts';
import type { Monitor } from './system.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The state of a monitor that has seen its property violated. */
export const VIOLATED = 0;

const UNKNOWN = -1;

export class MonitorTable<O> {
  readonly id: string;
  readonly #monitor: Monitor<O>;
  readonly #words: Pick<Vocabulary<never, never, O, never>, 'lists' | 'observations'>;
  readonly #states = new Interner<unknown>();
  /** For each list of observations, the next state by state. */
  readonly #moves: Int32Array<ArrayBuffer>[] = [];
  #bytes = 0;

  constructor(
    monitor: Monitor<O>,
    words: Pick<Vocabulary<never, never, O, never>, 'lists' | 'observations'>,
  ) {
    this.id = monitor.id;
    this.#monitor = monitor;
    this.#words = words;
  }

  /** Number of distinct states so far, the violated one included; all ids are below it. */
  get size(): number {
    return this.#states.size + 1;
  }

  /** All states but the violated one, in the order of their ids. */
  get states(): readonly unknown[] {
    return this.#states.values;
  }

  /** Gives states that were saved their ids again. */
  restore(states: readonly unknown[]): void {
    for (const state of states) this.#idOf(state);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get initial(): number {
    return this.#idOf(this.#monitor.initial);
  }

  /** The state after a list of observations, if it has been asked for before, else -1. */
  known(state: number, list: number): number {
    const moves = this.#moves[list];
    return moves !== undefined && state < moves.length ? moves[state]! : UNKNOWN;
  }

  /** The state after a list of observations. */
  after(state: number, list: number): number {
    const known = this.known(state, list);
    return known === UNKNOWN ? this.learn(state, list) : known;
  }

  /** The state after a list of observations, asked for the first time. */
  learn(state: number, list: number): number {
    const after = this.run(state, list);
    const next = after.ok ? this.#idOf(after.state) : VIOLATED;
    while (this.#moves.length <= list) this.#moves.push(new Int32Array(0));
    let moves = this.#moves[list]!;
    if (state >= moves.length) {
      this.#bytes -= moves.byteLength;
      moves = enlarged(moves, Math.max(8, 2 * state), UNKNOWN);
      this.#moves[list] = moves;
      this.#bytes += moves.byteLength;
    }
    moves[state] = next;
    return next;
  }

  /** Feeds a list of observations to the monitor itself. The state must not be the violated one. */
  run(state: number, list: number): ReturnType<Monitor<O>['observe']> {
    let current: unknown = this.#states.valueOf(state - 1);
    for (const observation of this.#words.lists.valueOf(list)) {
      const seen = this.#monitor.observe(current, this.#words.observations.valueOf(observation));
      if (!seen.ok) return seen;
      current = seen.state;
    }
    return { ok: true, state: current };
  }

  #idOf(state: unknown): number {
    return naming(`monitor '${this.id}'`, () => this.#states.idOf(state)) + 1;
  }
}
