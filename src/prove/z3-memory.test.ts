/** Z3 that has no memory left: it gives up without an answer, which is told to whoever began it. */
import { afterAll, expect, test, vi } from 'vitest';
import { closeZ3, openZ3 } from './z3.ts';
import type { Z3Program } from './z3-program.ts';

/** For each program that is begun, whether it gives up while it is asked. */
const begun: boolean[] = [];
const givesUp = [true, true, false];

vi.mock('./z3-program.ts', async (original) => {
  const { z3Program } = await original<typeof import('./z3-program.ts')>();
  return {
    z3Program: async (): Promise<Z3Program> => {
      const program = await z3Program();
      const init: Z3Program['init'] = async (given) => {
        const { onAbort } = given as { readonly onAbort: (what: string) => void };
        const api = await program.init(given);
        const no = givesUp[begun.length] === true;
        begun.push(no);
        if (no) setTimeout(() => onAbort('no memory'), 300);
        return api;
      };
      return { ...program, init };
    },
  };
});

afterAll(closeZ3);

/** Whether 114 is a sum of three cubes: nobody knows. */
const HARD = `
(declare-const x Int) (declare-const y Int) (declare-const z Int)
(assert (= 114 (+ (* x x x) (* y y y) (* z z z))))
`;

test('a question is put to a program that is begun anew, and is open if that gives up, too', async () => {
  const z3 = await openZ3();
  expect((await z3.check(HARD, 600_000)).result).toBe('unknown');
  expect((await z3.check('(assert false)', 60_000)).result).toBe('unsat');
  expect(begun).toEqual([true, true, false]);
});
