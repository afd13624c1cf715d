/** The verdicts, their certificates, and that nothing is proved of faulty protocols or with wrong arguments. */
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { findRule } from '../model/catalogue.ts';
import { compose } from '../model/machine/system.ts';
import { messageIdMonotonicity } from '../model/properties/message-ids.ts';
import { rfc6311 } from '../model/revisions/rfc6311.ts';
import { scenarios } from '../model/scenarios/index.ts';
import type { Settings } from '../model/settings/settings.ts';
import type { Run } from '../src/prove/bounded.ts';
import { certificateOf, certificateText } from '../src/prove/certificate.ts';
import { concrete } from '../src/prove/concrete.ts';
import { type Clause, type Induction, proveByInduction } from '../src/prove/induction.ts';
import type { Obligation, Outcome, ProofResult } from '../src/prove/obligation.ts';
import { prove } from '../src/prove/prove.ts';
import { renderProof } from '../src/prove/render.ts';
import { searchRun } from '../src/prove/search.ts';
import type { Solver } from '../src/prove/solver.ts';
import { sameState } from '../src/prove/system.ts';
import { closeZ3 } from '../src/prove/z3.ts';
import { abstractState, abstractSteps, extend, type History, initialHistory } from './counter-abstraction.ts';
import {
  type CounterChoice,
  type CounterTransition,
  type CounterVariables,
  counterSystem,
  counterSystemOfBothReadings,
  failover,
  memberAccepts,
  peerAcceptsExpected,
  peerAcceptsSyncRequest,
  sendRequest,
  variables,
} from './counter-system.ts';
import { obligations } from './index.ts';
import {
  induction,
  invariant,
  messageIdUnique,
  messageIdUniqueUnassumed,
  proveUnique,
  reuse,
} from './message-id-unique.ts';
import { initialWorld, type Move, movesFrom, type World } from './random-walk.ts';

afterAll(closeZ3);

type CounterInduction = Induction<CounterVariables, CounterChoice>;

/** The same obligation, shown in another way. */
const provedBy = (how: (solver: Solver) => Promise<Outcome>): Promise<ProofResult> =>
  prove({ ...messageIdUnique, prove: how }, { seconds: Infinity });

/** The system with some of its transitions replaced, by name. */
const withStep = (
  replaced: readonly CounterTransition[],
  step: (right: CounterTransition) => CounterTransition['step'],
  of: CounterInduction = induction,
): CounterInduction => {
  const names = replaced.map(({ name }) => name);
  return {
    ...of,
    system: {
      ...of.system,
      transitions: of.system.transitions.map((right) =>
        names.includes(right.name) ? { ...right, step: step(right) } : right,
      ),
    },
  };
};

/** Each obligation is proved once, however long it takes: how fast the machine is, is not the question here. */
const proofs = new Map<string, Promise<ProofResult>>();
function proofOf(obligation: Obligation): Promise<ProofResult> {
  const known = proofs.get(obligation.id) ?? prove(obligation, { seconds: Infinity });
  proofs.set(obligation.id, known);
  return known;
}

describe('the obligations', () => {
  test.each(obligations)('$id is $expected, as its certificate says', async (obligation) => {
    const result = await proofOf(obligation);
    expect(result.verdict).toBe(obligation.expected);
    await expect(certificateText(certificateOf(result))).toMatchFileSnapshot(
      `certificates/${obligation.id}.json`,
    );
  });

  test('ids occur once, and the rules are in the catalogue', () => {
    expect(new Set(obligations.map(({ id }) => id)).size).toBe(obligations.length);
    for (const id of obligations.flatMap(({ rules }) => rules)) expect(findRule(id), id).toBeDefined();
  });

  test('the digest is that of the questions, and the same every time', async () => {
    const hash = createHash('sha256');
    const first = await prove(messageIdUnique, {
      seconds: Infinity,
      onQuery: ({ text }) => hash.update(text),
    });
    expect(first.digest).toBe(hash.digest('hex'));
    expect((await proofOf(messageIdUnique)).digest).toBe(first.digest);
  });

  test.each([-1, Number.NaN])('%s seconds are no time', async (seconds) => {
    await expect(prove(messageIdUnique, { seconds })).rejects.toThrow(RangeError);
  });

  test('a proof can be read', async () => {
    const text = renderProof(await proofOf(messageIdUniqueUnassumed));
    expect(text).toContain('message-id-unique-unassumed: refuted (as expected)');
    expect(text).toContain('a standby whose snapshot says next Message ID 0 takes over');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('the run that refutes', () => {
  test('is a run of the model, in which Message IDs are not monotonic', async () => {
    let run: Run<CounterVariables, CounterChoice> | null = null;
    await provedBy(async (solver) => {
      run = await searchRun(solver, { system: counterSystem, violation: reuse, assumed: false, depth: 8 });
      return { verdict: 'refuted' };
    });
    expect(run).not.toBeNull();
    const moves = run === null ? null : follow(run);
    expect(moves?.map(({ effect }) => effect.action.kind)).toEqual([
      'request',
      'failover',
      'receive',
      'receive',
      'request',
    ]);
    const { watch } = messageIdMonotonicity;
    const broken: string[] = [];
    let state = watch.initial;
    for (const observation of moves?.flatMap(({ effect }) => effect.observations) ?? []) {
      const seen = watch.observe(state, observation);
      if (seen.ok) state = seen.state;
      else broken.push(seen.because);
    }
    expect(broken).toEqual(['the cluster uses Message ID 0 for a new request; it had used up to 0']);
  });
});

/** Two members, one failover, the lowest M1 that the rules allow. */
const settings: Settings = {
  ...scenarios[0]!.sizes.small,
  members: 2,
  failovers: 1,
  requests: 2,
  retries: 0,
  bump: 0,
  stateSync: 'any',
  retry: 'same',
  staleSync: 'drop',
  m1Compare: 'highest-seen',
  m1Sharing: 'told',
  failoverCount: 'shared',
  ikeWhileSyncing: 'hold',
};

/** A run of the model that is this run of the transition system, move by step; null if there is none. */
function follow(run: Run<CounterVariables, CounterChoice>): readonly Move[] | null {
  const composition = compose(rfc6311, settings);
  const from = (world: World, history: History, done: number): readonly Move[] | null => {
    const wanted = run.steps[done];
    if (wanted === undefined) return [];
    for (const move of movesFrom(composition, world)) {
      const steps = abstractSteps(move, history, settings);
      const after = extend(history, move, settings);
      const [step] = steps;
      if (steps.length !== 1 || step?.transition.name !== wanted.transition.name) continue;
      if (!sameState(concrete, variables, abstractState(move.after, after), wanted.after)) continue;
      const rest = from(move.after, after, done + 1);
      if (rest !== null) return [move, ...rest];
    }
    return null;
  };
  const world = initialWorld(composition);
  const history = initialHistory(world);
  expect(abstractState(world, history)).toEqual(run.start.state);
  return from(world, history, 0);
}

const acceptances = [peerAcceptsSyncRequest, peerAcceptsExpected];

describe('what must not be proved', () => {
  const faulty: [string, CounterInduction][] = [
    [
      'M2 = M1 - 1',
      withStep(acceptances, () => (a, state, { nonce }) => {
        const m2 = a.add(a.at(state.syncRequests, nonce), a.int(-1));
        return {
          enabled: a.and(a.le(a.int(0), nonce), a.lt(nonce, a.length(state.syncRequests))),
          assumes: a.truth(true),
          next: {
            ...state,
            responseNonces: a.append(state.responseNonces, nonce),
            responseM2s: a.append(state.responseM2s, m2),
            peerExpects: m2,
          },
        };
      }),
    ],
    [
      'M2 without regard to M1',
      withStep(acceptances, () => (a, state, { nonce }) => ({
        enabled: a.and(
          a.le(a.int(0), nonce),
          a.lt(nonce, a.length(state.syncRequests)),
          a.lt(state.peerHighestSeen, a.at(state.syncRequests, nonce)),
        ),
        assumes: a.truth(true),
        next: {
          ...state,
          responseNonces: a.append(state.responseNonces, nonce),
          responseM2s: a.append(state.responseM2s, a.add(state.peerHighestSeen, a.int(1))),
        },
      })),
    ],
    [
      'the member goes on with its snapshot, not with M2',
      withStep([memberAccepts], (right) => (a, state, choice) => {
        const outcome = right.step(a, state, choice);
        return { ...outcome, next: { ...outcome.next, nextId: state.nextId } };
      }),
    ],
    [
      'requests are sent while the counters are being synced',
      withStep([sendRequest], (right) => (a, state, choice) => ({
        ...right.step(a, state, choice),
        enabled: a.truth(true),
      })),
    ],
  ];
  test.each(faulty)('faulty protocol: %s', async (_name, faulty) => {
    const { verdict, countermodel, parts } = await provedBy((solver) => proveUnique(solver, faulty));
    expect(verdict).toBe('refuted');
    expect(countermodel?.steps.at(-1)?.action).toContain('which was used before');
    expect(parts.some(({ result, wanted }) => wanted === 'unsat' && result === 'sat')).toBe(true);
  });

  const without = (dropped: number): readonly Clause<CounterVariables>[] =>
    invariant.filter((_clause, index) => index !== dropped);

  test.each(invariant.map(({ says }, index) => [says, index] as const))(
    'without the clause: %s',
    async (_says, index) => {
      const { verdict } = await provedBy((solver) =>
        proveByInduction(solver, { ...induction, invariant: without(index) }),
      );
      expect(verdict).toBe('inconclusive');
    },
  );

  test('an invariant that is too strong', async () => {
    const tooStrong: Clause<CounterVariables> = {
      says: 'The peer expects what the cluster sends next.',
      holds: (a, { nextId, peerExpects }) => a.eq(nextId, peerExpects),
    };
    const { verdict, parts } = await provedBy((solver) =>
      proveByInduction(solver, { ...induction, invariant: [...invariant, tooStrong] }),
    );
    expect(verdict).toBe('inconclusive');
    expect(parts.find(({ name }) => name === 'consecution: request')?.result).toBe('sat');
  });

  test('assumptions that contradict each other: all is true, and nothing is proved', async () => {
    const impossible = withStep([failover], (right) => (a, state, choice) => ({
      ...right.step(a, state, choice),
      assumes: a.truth(false),
    }));
    const { verdict, parts } = await provedBy((solver) => proveByInduction(solver, impossible));
    expect(verdict).toBe('inconclusive');
    for (const part of parts) {
      if (part.wanted === 'unsat') expect(part.result, part.name).toBe('unsat');
    }
    expect(parts.find(({ name }) => name === 'not vacuous: failover')?.result).toBe('unsat');
  });

  test('with no time, nothing is known', async () => {
    const result = await prove(messageIdUnique, { seconds: 0 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.parts.every(({ result: answer }) => answer === 'unknown')).toBe(true);
    expect((await prove(messageIdUniqueUnassumed, { seconds: 0 })).verdict).toBe('inconclusive');
  });
});

describe('what the proof does not rest on', () => {
  test('that stale sync requests are dropped: it also goes through where none is', async () => {
    const neverStale = withStep(acceptances, () => (a, state, { nonce, m2 }) => ({
      enabled: a.and(
        a.le(a.int(0), nonce),
        a.lt(nonce, a.length(state.syncRequests)),
        a.le(a.at(state.syncRequests, nonce), m2),
      ),
      assumes: a.truth(true),
      next: {
        ...state,
        responseNonces: a.append(state.responseNonces, nonce),
        responseM2s: a.append(state.responseM2s, m2),
        peerExpects: m2,
      },
    }));
    // Then no sync request is ever dropped, so that step cannot be reached, and is left out.
    const { transitions } = neverStale.system;
    const result = await provedBy((solver) =>
      proveByInduction(solver, {
        ...neverStale,
        system: {
          ...counterSystemOfBothReadings,
          transitions: transitions.filter(({ name }) => !name.startsWith('peer drops')),
        },
      }),
    );
    expect(result.verdict).toBe('proved');
  });
});

test('the countermodel has the type that its readers expect', async () => {
  const { countermodel } = await proofOf(messageIdUniqueUnassumed);
  const start = countermodel?.steps[0]?.state;
  expect(start?.['next Message ID']).toBe(0);
  expect(JSON.parse(JSON.stringify(countermodel))).toEqual(countermodel);
});
