/**
 * Two-phase commit: Jim Gray and Leslie Lamport, "Consensus on Transaction Commit", ACM TODS 31(1), 2006.
 *
 * After the module TwoPhase in tlaplus/Examples (specifications/transaction_commit): resource managers prepare
 * and then do what the transaction manager says; before they have prepared they may abort on their own. As
 * there, a message that was sent may be received at any time and any number of times. The published counts of
 * states are those of that module.
 */
import type { StepResult, StepRule, System } from '../system.ts';

type ResourceManager = 'working' | 'prepared' | 'committed' | 'aborted';

interface TransactionManager {
  readonly state: 'init' | 'committed' | 'aborted';
  /** Which resource managers are known to be prepared, in order. */
  readonly prepared: readonly number[];
}

type Value = ResourceManager | TransactionManager;

export type Message =
  | { readonly kind: 'prepared'; readonly by: number }
  | { readonly kind: 'commit' }
  | { readonly kind: 'abort' };

/** A resource manager has come to a decision. */
export interface Decision {
  readonly by: number;
  readonly is: 'committed' | 'aborted';
}

export type TwoPhaseCommit = System<Value, Message, Decision, string>;
type Rule = StepRule<Value, Message, Decision, string>;
type Result = StepResult<Value, Message, Decision, string>;

const NOT_ENABLED: Result = { outcomes: [] };

/**
 * @param managers - number of resource managers
 * @param fault - `abort-after-prepared`: the first resource manager may also abort on its own when prepared
 */
export function twoPhaseCommit(managers: number, fault?: 'abort-after-prepared'): TwoPhaseCommit {
  const all = Array.from({ length: managers }, (_, i) => i);
  return {
    name: 'two-phase-commit',
    components: [...all.map((rm) => `rm ${rm}`), 'tm'],
    initial: [[...all.map(() => 'working' as const), { state: 'init', prepared: [] }]],
    rules: [
      ...all.flatMap((rm) => resourceManager(rm, fault !== undefined && rm === 0)),
      ...transactionManager(managers),
    ],
    monitors: [
      {
        id: 'consistent',
        initial: null,
        observe: (state, { by, is }) =>
          state === null || state === is
            ? { ok: true, state: is }
            : { ok: false, because: `rm ${by} has ${is} after one has ${state}` },
      },
      {
        id: 'nobody-commits',
        initial: null,
        observe: (state, { by, is }) =>
          is === 'committed' ? { ok: false, because: `rm ${by} has committed` } : { ok: true, state },
      },
    ],
    progress: [
      {
        id: 'decision-possible',
        scope: { reads: [], holds: () => true },
        goal: { reads: all, holds: (rms) => rms.every((rm) => rm === 'committed' || rm === 'aborted') },
        without: [],
      },
      {
        id: 'decision-without-aborts',
        scope: { reads: [], holds: () => true },
        goal: { reads: all, holds: (rms) => rms.every((rm) => rm === 'committed' || rm === 'aborted') },
        without: ['RMChooseToAbort', 'TMAbort'],
      },
    ],
  };
}

function resourceManager(rm: number, mayAbortLate: boolean): readonly Rule[] {
  const decide = (kind: string, is: Decision['is'], sent: readonly Message[] = []): Result => ({
    outcomes: [{ values: [is], sent, observations: [{ by: rm, is }], action: `${kind}(${rm})` }],
  });
  return [
    {
      kind: 'RMPrepare',
      touches: [rm],
      receives: false,
      step: ([state]) =>
        state === 'working'
          ? {
              outcomes: [
                {
                  values: ['prepared'],
                  sent: [{ kind: 'prepared', by: rm }],
                  observations: [],
                  action: `RMPrepare(${rm})`,
                },
              ],
            }
          : NOT_ENABLED,
    },
    {
      kind: 'RMChooseToAbort',
      touches: [rm],
      receives: false,
      step: ([state]) =>
        state === 'working' || (mayAbortLate && state === 'prepared')
          ? decide('RMChooseToAbort', 'aborted')
          : NOT_ENABLED,
    },
    {
      kind: 'RMRcvCommitMsg',
      touches: [rm],
      receives: true,
      step: (_, { kind }) => (kind === 'commit' ? decide('RMRcvCommitMsg', 'committed') : NOT_ENABLED),
    },
    {
      kind: 'RMRcvAbortMsg',
      touches: [rm],
      receives: true,
      step: (_, { kind }) => (kind === 'abort' ? decide('RMRcvAbortMsg', 'aborted') : NOT_ENABLED),
    },
  ];
}

function transactionManager(managers: number): readonly Rule[] {
  const tm = managers;
  const move = (action: string, value: TransactionManager, sent: readonly Message[]): Result => ({
    outcomes: [{ values: [value], sent, observations: [], action }],
  });
  return [
    {
      kind: 'TMRcvPrepared',
      touches: [tm],
      receives: true,
      step: ([value], message) => {
        const { state, prepared } = value as TransactionManager;
        if (state !== 'init' || message.kind !== 'prepared') return NOT_ENABLED;
        const known = [...new Set([...prepared, message.by])].sort((a, b) => a - b);
        return move(`TMRcvPrepared(${message.by})`, { state, prepared: known }, []);
      },
    },
    {
      kind: 'TMCommit',
      touches: [tm],
      receives: false,
      step: ([value]) => {
        const { state, prepared } = value as TransactionManager;
        if (state !== 'init' || prepared.length < managers) return NOT_ENABLED;
        return move('TMCommit', { state: 'committed', prepared }, [{ kind: 'commit' }]);
      },
    },
    {
      kind: 'TMAbort',
      touches: [tm],
      receives: false,
      step: ([value]) => {
        const { state, prepared } = value as TransactionManager;
        if (state !== 'init') return NOT_ENABLED;
        return move('TMAbort', { state: 'aborted', prepared }, [{ kind: 'abort' }]);
      },
    },
  ];
}
