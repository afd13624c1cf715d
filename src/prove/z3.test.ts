/** Z3 itself: that it says what it does not know, can be stopped, and lets the process end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from 'vitest';
import { closeZ3, openZ3 } from './z3.ts';

afterAll(closeZ3);

/** Whether 114 is a sum of three cubes: nobody knows. */
const HARD = `
(declare-const x Int) (declare-const y Int) (declare-const z Int)
(assert (= 114 (+ (* x x x) (* y y y) (* z z z))))
`;

describe('the solver', () => {
  test('answers, with values', async () => {
    const z3 = await openZ3();
    expect((await z3.check('(declare-const x Int) (assert (< x x))', 1000)).result).toBe('unsat');
    const answer = await z3.check('(declare-const |x.1| Int) (assert (= x.1 (- 7)))', 1000);
    expect(answer.result === 'sat' && answer.value('x.1')).toBe(-7n);
  });

  test('does not know what it cannot decide in time', async () => {
    const z3 = await openZ3();
    expect((await z3.check(HARD, 200)).result).toBe('unknown');
  });

  test('is stopped by a signal', async () => {
    const z3 = await openZ3();
    const stop = new AbortController();
    const answer = z3.check(HARD, 60_000, stop.signal);
    setTimeout(() => stop.abort(), 300);
    expect((await answer).result).toBe('unknown');
    expect((await z3.check('', 1000, stop.signal)).result).toBe('unknown');
  });

  test('refuses what is not SMT-LIB, and answers the next question', async () => {
    const z3 = await openZ3();
    await expect(z3.check('(assert (> unheard-of 0))', 1000)).rejects.toThrow('unheard-of');
    expect((await z3.check('(assert true)', 1000)).result).toBe('sat');
  });

  test('opens again after it was closed', async () => {
    await closeZ3();
    await closeZ3();
    expect((await (await openZ3()).check('(assert false)', 1000)).result).toBe('unsat');
  });
});

/** Runs a body that may use Z3 in a process of its own. */
const run = (body: string) =>
  spawn(process.execPath, ['--import', 'tsx', '--eval', `import('./z3.ts').then(async (z3) => {${body}});`], {
    cwd: new URL('.', import.meta.url),
    stdio: ['ignore', 'pipe', 'pipe'],
  });

describe('the process', () => {
  test('ends once Z3 is closed', async () => {
    const child = run(`await (await z3.openZ3()).check('(assert true)', 1000); await z3.closeZ3();`);
    const [exit, complaints] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    expect({ exit, complaints }).toEqual({ exit: [0, null], complaints: '' });
  });

  test('has no timer left of a question that was answered: one of ten minutes would keep it alive', async () => {
    const child = run(`
      const { check } = await z3.openZ3();
      const left = [];
      for (let n = 0; n < 50; n += 1) {
        await check('(assert true)', 1000);
        left.push(...process.getActiveResourcesInfo().filter((each) => each === 'Timeout'));
      }
      await z3.closeZ3();
      console.log(left.length);
    `);
    const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ said, complaints }).toEqual({ said: '0\n', complaints: '' });
  });

  test('says nothing of threads that speak after their end', async () => {
    const child = run(`
      const { Worker } = await import('node:worker_threads');
      const { terminate } = Worker.prototype;
      let late = 0;
      Worker.prototype.terminate = function () {
        setImmediate(() => this.emit('message', { cmd: 'cleanupThread', thread: 1 }, (late += 1)));
        return terminate.call(this);
      };
      await (await z3.openZ3()).check('(assert true)', 1000);
      await z3.closeZ3();
      console.log(late > 0 ? 'late' : 'in time');
    `);
    const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect({ said, complaints }).toEqual({ said: 'late\n', complaints: '' });
  });

  test('ends on Ctrl-C in the midst of a question', async () => {
    const child = run(
      `const opened = await z3.openZ3(); console.log('asked'); await opened.check(${JSON.stringify(HARD)}, 60_000);`,
    );
    await once(child.stdout, 'data');
    setTimeout(() => child.kill('SIGINT'), 300);
    expect(await once(child, 'exit')).toEqual([null, 'SIGINT']);
  });
});
