/** What the worker of the page does: the same checks as on the command line, and runs followed step by step. */
import type { Revision, Settings, Value } from '../../model/index.ts';
import { changesNothing } from '../explore/by-hand.ts';
import { shortestWay } from '../explore/shortest-way.ts';
import type { Progress } from '../explore/system.ts';
import { check, scenarioNamed } from '../questions/check.ts';
import { type FollowedRun, followRun, namedRun, wayNames } from '../questions/run-steps.ts';
import { type ModelSystem, systemOf } from '../questions/system-of.ts';
import { builtFrom } from '../questions/walk-of.ts';
import { stepWords } from '../report/step-words.ts';
import { outlineOf, revisionFromText } from './own-revision.ts';
import type {
  Answers,
  Asked,
  AskedSubject,
  CheckAsked,
  Checked,
  FindAsked,
  FollowAsked,
  HowFar,
  Walked,
  WayFound,
} from './requests.ts';

/** How an answer can be waited for. */
export interface Waiting {
  readonly signal: { readonly aborted: boolean };
  readonly tell: (howFar: HowFar) => void;
}

/**
 * Answers.
 *
 * @throws UsageError if something that is named is not there
 */
export async function answer(asked: Asked, waiting: Waiting): Promise<Answers[keyof Answers]> {
  switch (asked.kind) {
    case 'load':
      return outlineOf(revisionFromText(asked.own.text, asked.own.file));
    case 'check':
      return checked(asked, waiting);
    case 'follow':
      return walked(asked);
    case 'find':
      return found(asked, waiting);
  }
}

interface Subject {
  readonly revision: Revision;
  readonly settings: Settings;
  readonly system: ModelSystem;
}

/** The last one that was asked about. */
let last: { readonly key: string; readonly subject: Subject } | undefined;

function subjectOf(asked: AskedSubject): Subject {
  const key = JSON.stringify(asked);
  if (last?.key === key) return last.subject;
  const own = asked.own === undefined ? undefined : revisionFromText(asked.own.text, asked.own.file);
  const { revision, settings } = builtFrom(asked, own);
  const subject = { revision, settings, system: systemOf(revision, settings) };
  last = { key, subject };
  return subject;
}

async function checked({ subject, property }: CheckAsked, { signal, tell }: Waiting): Promise<Checked> {
  const { revision, settings, system } = subjectOf(subject);
  const result = await check({
    revision,
    scenario: scenarioNamed(subject.scenario),
    size: subject.size,
    settings,
    ...(property === undefined ? {} : { properties: [property], stopWhenAllViolated: true }),
    signal,
    onProgress: ({ states, depth, judging }) =>
      tell({
        states,
        depth,
        ...(judging === undefined ? {} : { stage: `${judging.property}: ${judging.stage}` }),
      }),
  });
  const runs = result.properties.flatMap(({ id, counterexample }) =>
    counterexample === undefined
      ? []
      : [[id, namedRun(system, counterexample.initial, counterexample.steps)] as const],
  );
  return { result, runs: Object.fromEntries(runs) };
}

function walked({ subject, run }: FollowAsked): Walked {
  const { system } = subjectOf(subject);
  const followed = followRun(system, run);
  const { positions, ways, choices, unknown } = followed;
  const steps = ways.map(({ step }) => step);
  const goal = recovery(system)?.goal;
  return {
    places: system.components,
    initial: positions[0]?.values ?? [],
    steps,
    words: steps.map((step, index) => stepWords(step, steps.slice(0, index), system.components)),
    violates: ways.map(({ violates }) => violates),
    choices: choices.map((_, index) => choicesAt(system, followed, index)),
    boundedBy: choices.map(({ boundedBy }) => boundedBy),
    inStep: positions.map(
      ({ values }) => goal?.holds(goal.reads.map((place) => values[place] as Value)) === true,
    ),
    starts: system.initial.length,
    ...(unknown === undefined ? {} : { unknown }),
  };
}

function choicesAt(
  system: ModelSystem,
  { positions, ways, choices }: FollowedRun,
  index: number,
): Walked['choices'][number] {
  const before = ways.slice(0, index).map(({ step }) => step);
  const here = choices[index]?.ways ?? [];
  const names = wayNames(here, before);
  return here.map((way, at) => ({
    name: names[at] ?? '',
    words: stepWords(way.step, before, system.components),
    violates: way.violates,
    isIdle: changesNothing(way, positions[index]!),
  }));
}

/** What says that the two ends are in step. */
const recovery = (system: ModelSystem): Progress<Value> | undefined =>
  system.progress.find(({ id }) => id === 'recovery-possible');

async function found({ subject, run, to }: FindAsked, { signal, tell }: Waiting): Promise<WayFound> {
  const { system } = subjectOf(subject);
  const { positions, ways } = followRun(system, run);
  const from = positions.at(-1)!;
  const claim = recovery(system);
  if (to === 'in step' && claim === undefined) throw new Error('the system has no property of recovery');
  const way = await shortestWay(
    system,
    from,
    to === 'in step'
      ? { kind: 'state', in: claim!.goal, without: claim!.without }
      : { kind: 'violation', of: to.violationOf },
    { signal, onProgress: (states) => tell({ states }) },
  );
  if (way.kind !== 'found') return way;
  const steps = [...ways.map(({ step }) => step), ...way.steps];
  const { steps: names } = namedRun(system, positions[0]!.values, steps);
  return { kind: 'found', steps: names.slice(ways.length), states: way.states };
}
