/**
 * Proof of a progress property over a derived relation: from wherever the clauses hold a schedule leads to its goal. What
 * arrives was sent, each step that is due can be taken and leaves fewer, and where none is due the goal is reached. As
 * the clauses hold after each step again, so it goes on, and ends.
 */
import {
  type Action,
  type Effect,
  isActive,
  PEER,
  type ProgressProperty,
  type Revision,
  type SafetyProperty,
  type Settings,
  type StepRule,
  type Value,
} from '../../model/index.ts';
import type { Progress, Scheduled, Theorem, World } from '../../proofs/theorem.ts';
import { explore } from '../derive/paths.ts';
import { type DerivedStep, members, placeBefore, type Relation, type StepPath } from '../derive/relation.ts';
import { isSame } from '../derive/values.ts';
import type { Solver } from './solver.ts';
import {
  AT_START,
  type Case,
  casesOn,
  Deciding,
  type Further,
  PROPERTY,
  START,
  type TheoremOutcome,
  TheoremProof,
  worldAtStart,
} from './theorem-proof.ts';

/** A theorem of a progress property. */
export type ProgressTheorem = Theorem & { readonly progress: Progress };

export const isOfProgress = (theorem: Theorem): theorem is ProgressTheorem => theorem.progress !== undefined;

/** What a progress property sees of a run: nothing, for it is one of worlds. */
export const seesNothing = ({ id, title, says, rules }: ProgressProperty): SafetyProperty => ({
  ...{ id, title, says, rules },
  watch: SEES_NOTHING,
});

/** The monitor of one. */
export const SEES_NOTHING: SafetyProperty['watch'] = {
  initial: null,
  observe: (state) => ({ ok: true, state }),
};

/** How the schedule is called in a table, where it comes to no step. */
export const SCHEDULE = 'where the goal is not reached';

/** That what is said to have been sent was sent: at the start nothing was, and each step that adds to it sends it. */
export const sentStatements = (
  relation: Relation,
  { progress: { sent }, ghosts }: ProgressTheorem,
  revision: Revision,
  settings: Settings,
): Further => ({
  atStart: () => {
    const world = worldAtStart(relation, { ghosts }, { memory: null, any: 0, settings });
    return sent.map(({ id, messages }) => ({
      step: START,
      statement: id,
      cases: casesOn(AT_START, () => messages(world, revision).length === 0),
    }));
  },
  ofStep: (step, ways) =>
    step.lookedAt !== null
      ? []
      : sent.map(({ id, messages }) => ({
          step: step.name,
          statement: id,
          cases: ways
            .filter(({ changed }) => changed.size > 0)
            .flatMap(({ way, before, after }) =>
              casesOn(way, () => {
                const then = messages(after, revision);
                if (then.length === 0) return true;
                const known = [...way.path.effect.sent, ...messages(before, revision)];
                return then.every((message) => known.some((each) => isSame(message, each)));
              }),
            ),
        })),
});

/** A step of the schedule that is due in some worlds, with what comes of it there. */
interface Due {
  readonly step: DerivedStep;
  readonly path: Omit<StepPath, 'decisions' | 'known'>;
  /** Why it is of no use there; null if it is. */
  readonly because: string | null;
}

export interface ScheduleOutcome extends Omit<TheoremOutcome, 'paths'> {
  /** The steps of the schedule that are there in this revision, by their names, with when they are due. */
  readonly steps: readonly { readonly step: string; readonly says: string }[];
  /** How many there are at most from any world. */
  readonly most: number;
  /** The ways in which they can be taken, as steps of the relation. */
  readonly taken: readonly DerivedStep[];
}

/** @param property and `revision` rewritten */
export async function proveSchedule(
  relation: Relation,
  theorem: ProgressTheorem,
  property: ProgressProperty,
  revision: Revision,
  settings: Settings,
  solver: Solver,
): Promise<ScheduleOutcome> {
  const { composition, variables } = relation;
  const { goal, reached } = property.claim({ revision, settings, composition });
  const { schedule, stepsLeft } = theorem.progress;
  if (reached.by !== 'some run' || schedule.some(({ step }) => reached.without.includes(step))) {
    throw new Error(`a schedule says nothing of ${property.id}`);
  }
  const proof = new TheoremProof(relation, theorem, seesNothing(property), settings);
  const world = proof.before();
  proof.take({
    id: 'GOAL-NOT-REACHED',
    says: 'The goal is not reached.',
    of: 'world',
    holds: ({ isClosed, cluster, peer }) =>
      !goal.holds(
        goal.reads.map((place) =>
          place === members.A
            ? isClosed
              ? { role: 'closed' }
              : cluster
            : place === PEER
              ? peer
              : placeBefore(relation, variables, place),
        ),
      ),
  });
  const steps = schedule.flatMap((scheduled) => {
    const step = stepFor(relation, scheduled);
    return step === null ? [] : [{ scheduled, step }];
  });
  const left = (of: World): number => {
    const many = stepsLeft(of);
    if (Number.isInteger(many) && many >= 0) return many;
    throw new Error('how many steps are left is no natural number');
  };
  /** The first step that is due, with what comes of it. */
  const next = (): Due | typeof NOT_MEANT | null => {
    for (const { scheduled, step } of steps) {
      const message = scheduled.step === 'ask' ? null : scheduled.message(world, revision);
      if (scheduled.step === 'ask' ? !scheduled.isDue(world) : message === null) continue;
      // What is assumed of steps is assumed of this one.
      const seen = { kind: 'ask', by: 'cluster', snapshot: world.cluster.sa } as const;
      if (scheduled.step === 'ask' && !theorem.assumes.every(({ holds }) => holds(world, seen)))
        return NOT_MEANT;
      const { rule } = step;
      const values = rule.places.map((place) => placeBefore(relation, variables, place));
      const wasSent =
        scheduled.step === 'ask' ||
        scheduled.sent.messages(world, revision).some((each) => isSame(message, each));
      const possibility = !rule.receives
        ? rule.take(values)
        : message === null
          ? 'impossible'
          : rule.take(values, message);
      const isTaken = possibility !== 'impossible' && !('boundedBy' in possibility);
      const effect: Effect = isTaken ? possibility : nothingDone(rule, values);
      const named = (all: readonly Value[]): Readonly<Record<string, Value>> =>
        Object.fromEntries(rule.places.map((place, index) => [place, all[index] as Value]));
      const after = isTaken ? named(effect.values) : {};
      const path = { before: named(values), message, effect, after };
      const because = !wasSent
        ? 'what arrives need not have been sent'
        : !isTaken
          ? 'it is due, and cannot be taken'
          : left(worldAfter(world, after)) >= left(world)
            ? 'it leaves no fewer steps than there were'
            : null;
      return { step, path, because };
    }
    return null;
  };
  const ways = explore(next).flatMap(({ result, ...way }) =>
    result === NOT_MEANT ? [] : [{ ...way, result }],
  );
  const deciding = new Deciding(proof, solver);
  const taken: DerivedStep[] = [];
  for (const { step } of steps) {
    const cases = ways.flatMap(({ result, decisions, known }) =>
      result?.step === step ? [{ because: result.because, path: { ...result.path, decisions, known } }] : [],
    );
    const of = (isOfUse: boolean): readonly Case[] =>
      cases.flatMap(({ because, path }) =>
        (because === null) === isOfUse
          ? [{ step, path, decisions: path.decisions, ...(because === null ? {} : { because }) }]
          : [],
      );
    await deciding.decide(step.name, [{ step: step.name, statement: PROPERTY, cases: of(false) }]);
    await deciding.mustBePossible(step.name, of(true));
    taken.push({ ...step, paths: of(true).map(({ path }) => path) });
  }
  const without = {
    step: { name: SCHEDULE } as DerivedStep,
    because: 'none of the schedule is due, and the goal is not reached',
  };
  await deciding.decide(SCHEDULE, [
    {
      step: SCHEDULE,
      statement: PROPERTY,
      cases: ways.flatMap(({ result, decisions, known }) =>
        result === null ? [{ ...without, path: { ...NO_STEP, decisions, known }, decisions }] : [],
      ),
    },
  ]);
  return {
    ...deciding.outcome(),
    steps: steps.map(({ scheduled: { says }, step: { name } }) => ({ step: name, says })),
    most: Math.max(...explore(() => left(world)).map(({ result }) => result)),
    taken,
  };
}

/** A world that is none of those that are meant. */
const NOT_MEANT = Symbol('not meant');

/** The step of the relation that is meant; null if there is none of its kind. */
function stepFor({ steps, composition }: Relation, scheduled: Scheduled): DerivedStep | null {
  if (scheduled.step === 'ask') {
    return steps.find(({ rule, lookedAt }) => rule.kind === 'ask' && lookedAt === null) ?? null;
  }
  const place = scheduled.at === 'peer' ? PEER : members.A;
  const rule = composition.steps.find(({ kind, places }) => kind === 'receive' && places[0] === place);
  return rule === undefined
    ? null
    : {
        name: `${scheduled.of} to the ${scheduled.at}`,
        end: scheduled.at,
        rule,
        paths: [],
        others: 'untouched',
        lookedAt: null,
      };
}

/** What is shown of a step that cannot be taken. */
const nothingDone = ({ kind, places: [by = ''] }: StepRule, values: readonly Value[]): Effect => ({
  values,
  sent: [],
  observations: [],
  action: { kind, by, rules: [] } as unknown as Action,
});

const NO_STEP: Omit<StepPath, 'decisions' | 'known'> = {
  before: {},
  message: null,
  effect: nothingDone({ kind: 'receive', places: [] } as unknown as StepRule, []),
  after: {},
};

/** The world after a step of the schedule, without what is remembered of the past. */
const worldAfter = (before: World, after: Readonly<Record<string, Value>>): World => {
  const [member, peer] = [after[members.A], after[PEER]];
  return {
    get cluster() {
      return isActive(member) ? member : before.cluster;
    },
    get isClosed() {
      return member === undefined ? before.isClosed : !isActive(member);
    },
    get peer() {
      return isActive(peer) ? peer : before.peer;
    },
    isClosedByPeer: false,
    made: before.made,
    packets: before.packets,
    get memory(): never {
      throw new Error(NOT_REMEMBERED);
    },
    get ghosts(): never {
      throw new Error(NOT_REMEMBERED);
    },
    any: before.any,
    settings: before.settings,
  };
};

const NOT_REMEMBERED = 'how many steps are left goes by what is remembered of the past';
