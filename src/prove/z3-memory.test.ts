/** Z3 that has no memory left: it gives up without an answer, which is told to whoever began it. */
import { expect, test } from 'vitest';
import { loadZ3 } from './z3.ts';
import { type Z3Program, z3Program } from './z3-program.ts';

/** Whether 114 is a sum of three cubes: nobody knows. */
const HARD = `
(declare-const x Int) (declare-const y Int) (declare-const z Int)
(assert (= 114 (+ (* x x x) (* y y y) (* z z z))))
`;

test('a question is put to a program that is begun anew, and is open if that gives up, too', async () => {
  /** For each program that is begun, whether it gives up while it is asked. */
  const givesUp = [true, true, false];
  let begun = 0;
  const program = async (): Promise<Z3Program> => {
    const made = await z3Program();
    const init: Z3Program['init'] = async (given) => {
      const { onAbort } = given as { readonly onAbort: (what: string) => void };
      const api = await made.init(given);
      if (givesUp[begun] === true) setTimeout(() => onAbort('no memory'), 300);
      begun += 1;
      return api;
    };
    return { ...made, init };
  };
  const { z3, close } = await loadZ3(program);
  try {
    expect((await z3.check(HARD, 600_000)).result).toBe('unknown');
    expect((await z3.check('(assert false)', 60_000)).result).toBe('unsat');
    expect(begun).toBe(3);
  } finally {
    await close();
  }
});
