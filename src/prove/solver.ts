/** What the proofs need of a solver. */

/** `unsat`: there is no such case; `sat`: there is one; `unknown`: the solver gave up, or ran out of time. */
export type Satisfiability = 'unsat' | 'sat' | 'unknown';

export interface Query {
  /** What is asked, in words. */
  readonly name: string;
  /** SMT-LIB 2: declarations and assertions. */
  readonly text: string;
  /** The answer that the argument needs, or `either` where the search goes on after both. */
  readonly wanted: 'unsat' | 'sat' | 'either';
}

export type Answer =
  | { readonly result: 'unsat' }
  | { readonly result: 'unknown' }
  | {
      readonly result: 'sat';
      /** The value of an integer constant in the case that was found. */
      readonly value: (constant: string) => bigint;
    };

export interface Solver {
  /** Asks one question. Questions are answered one at a time, in the order in which they are asked. */
  readonly ask: (query: Query) => Promise<Answer>;
}
