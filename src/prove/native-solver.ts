/** Solvers that are installed as programs: a second opinion, and quicker than WebAssembly where they are there. */
import { execFile, execFileSync } from 'node:child_process';
import type { Answer } from './solver.ts';

/** The programs that are known, with what has them read questions from their input. */
const PROGRAMS = {
  z3: {
    args: ['-in', '-smt2'],
    // Within a level of its own it goes straight to the core, as in `z3.ts`.
    first: '(push 1)\n',
  },
  cvc5: { args: ['--lang=smt2', '--produce-models'], first: '' },
} as const;

export type Program = keyof typeof PROGRAMS;

export const programs = Object.keys(PROGRAMS) as readonly Program[];

/** The version of an installed program; null if it is not there. */
export function versionOf(program: Program): string | null {
  try {
    const said = execFileSync(program, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return /\d+(?:\.\d+)+/.exec(said)?.[0] ?? null;
  } catch {
    return null;
  }
}

/** Puts one question to an installed solver; `unknown` if it has no answer in time. */
export function askProgram(program: Program, text: string, milliseconds: number): Promise<Answer> {
  const { args, first } = PROGRAMS[program];
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      [...args],
      { timeout: Math.max(1, Math.ceil(milliseconds)), maxBuffer: 2 ** 28 },
      (_error, said) => {
        const found = /^(?:sat|unsat|unknown)$/m.exec(said);
        const result = found?.[0];
        // An error after the answer is about the model, which there is none of where nothing is possible.
        const isError = said.slice(0, found?.index).includes('(error');
        if (isError || (result === undefined && child.killed !== true)) {
          reject(new Error(`${program} does not understand the question: ${said.slice(0, 200)}`));
        } else if (result === 'unsat') resolve({ result });
        else if (result === 'sat') resolve({ result, value: valuesIn(said) });
        else resolve({ result: 'unknown' });
      },
    );
    child.stdin?.on('error', () => undefined);
    // What is in a list of which nothing is known, is a function of which nothing is known.
    const logic = text.includes('(declare-fun ') ? 'QF_UFLIA' : 'QF_LIA';
    child.stdin?.end(`(set-logic ${logic})\n${first}${text}(check-sat)\n(get-model)\n`);
  });
}

/** The values in a model, as both programs print it. */
function valuesIn(said: string): (constant: string) => bigint {
  const values = new Map(
    [...said.matchAll(/\(define-fun\s+(\|[^|]*\||[^\s()]+)\s+\(\)\s+Int\s+(\(-\s+\d+\)|\d+)\)/g)].map(
      (found) => [(found[1] ?? '').replaceAll('|', ''), BigInt((found[2] ?? '0').replaceAll(/[()\s]/g, ''))],
    ),
  );
  return (constant) => values.get(constant.replaceAll('|', '')) ?? 0n;
}
