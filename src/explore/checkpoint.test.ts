import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { CheckpointError } from './checkpoint.ts';
import { runBefore, Unanswered } from './defect.ts';
import { syncModel } from './examples/sync-model.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import type { Options } from './options.ts';
import { REDUCTIONS } from './options.ts';
import type { System } from './system.ts';
import { abortingAtLook } from './testing/aborting.ts';
import { stableFigures } from './testing/figures.ts';
import { randomSystems } from './testing/random-system.ts';
import { symmetricSystems } from './testing/symmetric-system.ts';

const directory = mkdtempSync(join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'one');

async function found<C, M, O, A>(system: System<C, M, O, A>, options: Options) {
  const { statistics, completeness, properties, actions } = await explore(system, options);
  const figures = stableFigures(statistics);
  return { kind: completeness.kind, text: JSON.stringify({ figures, properties, actions }) };
}

/** Explores in pieces of so many looks at the clock each, from one checkpoint to the next. */
async function inPieces<C, M, O, A>(system: System<C, M, O, A>, looks: number, options: Options) {
  rmSync(file, { force: true });
  for (let pieces = 1; ; pieces++) {
    const piece = await found(system, {
      ...options,
      signal: abortingAtLook(looks),
      checkpoint: { file, seconds: 1000 },
      ...(existsSync(file) ? { resume: file } : {}),
    });
    // The last piece is taken without interruption: that would come before the verdicts, too.
    if (piece.kind === 'exhausted') {
      return {
        ...(await found(system, { ...options, ...(existsSync(file) ? { resume: file } : {}) })),
        pieces,
      };
    }
  }
}

test.each([
  ['arbitrary systems', randomSystems],
  ['arbitrary systems, reduced', symmetricSystems],
])('in pieces, the same is found as at once: %s', async (_, systems) => {
  await fc.assert(
    fc.asyncProperty(
      systems as fc.Arbitrary<System<number, number, number, string>>,
      fc.integer({ min: 2, max: 4 }),
      async (system, looks) => {
        const once = await found(system, {});
        const pieces = await inPieces(system, looks, {});
        expect(pieces.text).toBe(once.text);
      },
    ),
    { numRuns: 60, seed: 4718 },
  );
});

test.each([1, 2])('in pieces, with %i workers: counterexamples, progress properties', async (workers) => {
  const system = twoPhaseCommit(6, 'abort-after-prepared');
  const once = await found(system, { workers, threadsFrom: 0 });
  expect(once.text).toContain('"verdict":"violated"');
  const pieces = await inPieces(system, workers === 1 ? 9 : 2, { workers, threadsFrom: 0 });
  expect(pieces.pieces).toBeGreaterThan(3);
  expect(pieces.text).toBe(once.text);
});

test('what was saved with one worker goes on with two, and the other way round', async () => {
  const system = syncModel({ members: 2, failovers: 2, requests: 3, bump: 1 });
  const whole = await found(system, { workers: 1, noReductions: REDUCTIONS });
  for (const [first, then] of [
    [1, 2],
    [2, 1],
  ] as const) {
    const checkpoint = { file, seconds: 1000 };
    const options = { noReductions: REDUCTIONS, checkpoint };
    await explore(system, {
      ...options,
      workers: first,
      threadsFrom: 0,
      signal: abortingAtLook(first === 1 ? 40 : 8),
    });
    const end = await found(system, {
      noReductions: REDUCTIONS,
      workers: then,
      threadsFrom: 0,
      resume: file,
    });
    expect(end.text.replace('"workers":2', '"workers":1')).toBe(whole.text);
  }
});

describe('a file that it cannot go on from is refused, with the reason', () => {
  const system = twoPhaseCommit(5);
  const options = { properties: ['consistent'], identity: { settings: 'a test' } };
  const save = async (): Promise<Buffer> => {
    await explore(system, {
      ...options,
      signal: abortingAtLook(12),
      checkpoint: { file, seconds: 1000 },
    });
    return readFileSync(file);
  };
  const refused = async (message: string, other: Options = {}, of = system): Promise<void> => {
    const exploration = explore(of, { ...options, ...other, resume: file });
    await expect(exploration).rejects.toThrow(message);
    await expect(exploration).rejects.toBeInstanceOf(CheckpointError);
  };

  test('damaged anywhere, cut off, or something else', async () => {
    const whole = await save();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(whole);
        damaged[at] = damaged[at]! ^ change;
        writeFileSync(file, damaged);
        await expect(explore(system, { ...options, resume: file })).rejects.toBeInstanceOf(CheckpointError);
      }),
      { numRuns: 60, seed: 1 },
    );
    writeFileSync(file, whole);
    truncateSync(file, whole.length - 1);
    await refused('is damaged');
    writeFileSync(file, 'something else, and longer than the magic line');
    await refused('is not a checkpoint');
    writeFileSync(file, '');
    await refused('is damaged');
    await expect(explore(system, { resume: join(directory, 'none') })).rejects.toThrow('cannot be read');
  });

  test('of another system, other properties, other settings, other reductions', async () => {
    await save();
    await refused('another exploration', {}, twoPhaseCommit(4));
    await refused('another exploration', { properties: ['consistent', 'nobody-commits'] });
    await refused('another exploration', { identity: { settings: 'another test' } });
    await refused('another exploration', { noReductions: ['symmetry'] });
    expect((await explore(system, { ...options, resume: file })).properties).toMatchObject([
      { verdict: 'holds' },
    ]);
  });

  test('of rules that said something else', async () => {
    await save();
    const changed = {
      ...system,
      rules: system.rules.map((rule) =>
        rule.receives || rule.kind !== 'RMPrepare'
          ? rule
          : {
              ...rule,
              step: (values: Parameters<typeof rule.step>[0]) => ({
                outcomes: rule.step(values).outcomes.map((each) => ({ ...each, action: `${each.action}!` })),
              }),
            },
      ),
    };
    await refused('the rules are not those', {}, changed);
  });

  test('of rules that said the same values, but of others', async () => {
    await save();
    let asked = 0;
    const changed = {
      ...system,
      rules: system.rules.map((rule) =>
        rule.receives
          ? rule
          : {
              ...rule,
              // One of all the questions has another answer, with nothing in it that was not seen before.
              step: (values: Parameters<typeof rule.step>[0]) => {
                const said = rule.step(values);
                return said.outcomes.length > 0 && ++asked === 20 ? { outcomes: [] } : said;
              },
            },
      ),
    };
    await refused('the rules are not those', {}, changed);
  });
});

/** A system in which a rule does not answer the n-th question. */
function hanging<C, M, O, A>(system: System<C, M, O, A>, at: number): System<C, M, O, A> {
  let asked = 0;
  const counted = <T>(act: () => T): T => {
    if (++asked >= at) throw new Unanswered('a rule has not answered');
    return act();
  };
  return {
    ...system,
    rules: system.rules.map((rule) =>
      rule.receives
        ? { ...rule, step: (values: readonly C[], message: M) => counted(() => rule.step(values, message)) }
        : { ...rule, step: (values: readonly C[]) => counted(() => rule.step(values)) },
    ),
  };
}

test.each([1, 2])(
  'a rule that does not answer ends the exploration, which can go on from there: %i workers',
  async (workers) => {
    const system = syncModel({ members: 2, failovers: 1, requests: 2, bump: 1 });
    const options = { workers, threadsFrom: 0, noReductions: REDUCTIONS };
    const whole = await found(system, options);
    for (const at of [1, 150]) {
      const { completeness, properties } = await explore(hanging(system, at), {
        ...options,
        checkpoint: { file, seconds: 1000 },
      });
      expect(completeness).toMatchObject({
        kind: 'stopped',
        reason: 'unanswered',
        because: 'a rule has not answered',
      });
      for (const property of properties) expect(property.verdict).not.toBe('holds');
      expect((await found(system, { ...options, resume: file })).text).toBe(whole.text);
    }
  },
);

test('what a rule throws is known with the run before it', async () => {
  const system = hanging(twoPhaseCommit(3), Number.POSITIVE_INFINITY);
  const failing = {
    ...system,
    rules: system.rules.map((rule) =>
      rule.kind !== 'RMPrepare' || rule.receives
        ? rule
        : {
            ...rule,
            step: (values: Parameters<typeof rule.step>[0]) => {
              const said = rule.step(values);
              if (said.outcomes.length === 0) throw new RangeError('it failed');
              return said;
            },
          },
    ),
  };
  const error: unknown = await explore(failing).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RangeError);
  expect(runBefore(error)).toMatchObject({ steps: [{ kind: 'RMPrepare' }] });
});

test('killed at any moment, and started again until it is through: the same is found', async () => {
  const program = fileURLToPath(new URL('./testing/checkpointing.ts', import.meta.url));
  const killed = join(directory, 'killed');
  const run = async (workers: number, killAfter?: number): Promise<string | undefined> => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, killed, String(workers)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString();
    });
    // Counted from the first checkpoint on, so that each run comes further.
    const before = existsSync(killed) ? readFileSync(killed).length : 0;
    const timer =
      killAfter === undefined
        ? undefined
        : setInterval(() => {
            if (!existsSync(killed) || readFileSync(killed).length === before) return;
            clearInterval(timer);
            setTimeout(() => child.kill('SIGKILL'), killAfter);
          }, 5);
    await once(child, 'close');
    clearInterval(timer);
    return child.signalCode === 'SIGKILL' ? undefined : output;
  };
  const whole = await run(1);
  expect(JSON.parse(whole!)).toMatchObject({
    states: 134_285,
    transitions: 469_288,
    depth: 26,
    completeness: 'exhausted',
  });
  rmSync(killed, { force: true });
  let kills = 0;
  let end: string | undefined;
  for (const killAfter of [0, 30, 140, 10, undefined]) {
    end = await run(kills % 2 === 0 ? 1 : 2, killAfter);
    if (end !== undefined) break;
    kills++;
  }
  expect(kills).toBeGreaterThan(0);
  expect(end).toBe(whole);
}, 180_000);
