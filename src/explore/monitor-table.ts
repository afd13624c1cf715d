/**
 * One safety property: its monitor's states as integers, and its moves as a table.
 *
 * State 0 is the one in which the property is violated; it is never left, so that the search goes on and
 * every other property gets its own shortest counterexample. A move is by the whole list of observations of a
 * step, so that a step costs one look-up per monitor.
 */
import { naming } from './defect.ts';
import { enlarged, GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';
import { Interner } from './intern.ts';
import type { Monitor } from './system.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The state of a monitor that has seen its property violated. */
export const VIOLATED = 0;

const UNKNOWN = -1;

/** Moves as integers, which other threads can have: for each list of observations, the next state by state. */
export interface Moves {
  /** Where the moves of each list begin in the pool, and for how many states there are. */
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly pool: Int32Array;
}

/** The state after a list of observations, if it has been asked for before, else -1. */
export function knownMove({ starts, lengths, pool }: Moves, state: number, list: number): number {
  return list < lengths.length && state < lengths[list]! ? pool[starts[list]! + state]! : UNKNOWN;
}

export class MonitorTable<O> {
  readonly id: string;
  readonly #monitor: Monitor<O>;
  readonly #words: Pick<Vocabulary<never, never, O, never>, 'lists' | 'observations'>;
  readonly #states = new Interner<unknown>();
  readonly #make: MakeInts;
  #starts: Int32Array;
  #lengths: Int32Array;
  readonly #pool: GrowingInts;

  constructor(
    monitor: Monitor<O>,
    words: Pick<Vocabulary<never, never, O, never>, 'lists' | 'observations'>,
    make: MakeInts = plainInts,
  ) {
    this.#make = make;
    this.#starts = make(0);
    this.#lengths = make(0);
    this.#pool = new GrowingInts(make);
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
    return this.#starts.byteLength + this.#lengths.byteLength + this.#pool.bytes;
  }

  /** Valid until the next state is learnt. */
  get moves(): Moves {
    return { starts: this.#starts, lengths: this.#lengths, pool: this.#pool.data };
  }

  get initial(): number {
    return this.#idOf(this.#monitor.initial);
  }

  /** The state after a list of observations. */
  after(state: number, list: number): number {
    const known = knownMove(this.moves, state, list);
    return known === UNKNOWN ? this.learn(state, list) : known;
  }

  /** The state after a list of observations, asked for the first time. */
  learn(state: number, list: number): number {
    const after = this.run(state, list);
    const next = after.ok ? this.#idOf(after.state) : VIOLATED;
    if (list >= this.#lengths.length) {
      this.#starts = enlarged(this.#starts, 2 * (list + 1), 0, this.#make);
      this.#lengths = enlarged(this.#lengths, 2 * (list + 1), 0, this.#make);
    }
    if (state >= this.#lengths[list]!) this.#makeRoom(list, Math.max(8, 2 * state));
    this.#pool.data[this.#starts[list]! + state] = next;
    return next;
  }

  /** Gives a list more room, at the end of the pool. */
  #makeRoom(list: number, states: number): void {
    const pool = this.#pool;
    const [from, had, to] = [this.#starts[list]!, this.#lengths[list]!, pool.length];
    for (let state = 0; state < states; state++) pool.push(state < had ? pool.data[from + state]! : UNKNOWN);
    this.#starts[list] = to;
    this.#lengths[list] = states;
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
