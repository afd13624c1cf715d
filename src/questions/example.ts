/** Examples of rules and properties, found by exploring: what breaks without a rule, and what breaks a property. */
import {
  type Action,
  canBeLeftOut,
  findRule,
  type Message,
  type Observation,
  properties,
  type Revision,
  revisions,
  type Scenario,
  scenarios,
  settingsFor,
  type Value,
} from '../../model/index.ts';
import { findStep } from '../explore/find-step.ts';
import type { TakenStep } from '../explore/result.ts';
import { type CheckedProperty, type CheckResult, check, checkedProperties, withoutRule } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';
import { rulesIn } from './never-occurred.ts';
import { systemOf } from './system-of.ts';

export type Example =
  | {
      /** A shortest counterexample: without the rule, while the property holds with it; or in a revision as it is. */
      readonly kind: 'counterexample';
      readonly revision: string;
      readonly without: readonly string[];
      readonly scenario: string;
      readonly property: CheckedProperty;
      readonly result: CheckResult;
    }
  | {
      /** A shortest run that ends with a step that the rule shapes. */
      readonly kind: 'step';
      readonly revision: string;
      readonly scenario: string;
      readonly initial: readonly Value[];
      readonly steps: readonly TakenStep<Value, Message, Observation, Action>[];
      readonly places: readonly string[];
    };

export interface Examples {
  readonly examples: readonly Example[];
  /** What was looked for and not found, in words. */
  readonly remarks: readonly string[];
}

/** A search is over after so many times what one exploration may take. */
const EXPLORATIONS = 3;

/** The limits of a search: those of each exploration, and an end of the whole, which counts as an interruption. */
function searching(limits: Limits): Limits {
  if (limits.seconds === undefined) return limits;
  const end = performance.now() + EXPLORATIONS * limits.seconds * 1000;
  return {
    ...limits,
    signal: {
      get aborted() {
        return limits.signal?.aborted === true || performance.now() >= end;
      },
    },
  };
}

/** The latest text first: it is the one that a reader asks about. */
const latestFirst: readonly Revision[] = [...revisions].reverse();

/**
 * What breaks if the rule is left out, in the first scenario where anything does; and if nothing does, or the rule
 * cannot be left out, a run in which it shapes a step.
 */
export async function examplesOfRule(id: string, limits: Limits): Promise<Examples> {
  const having = latestFirst.filter((revision) => rulesIn(revision).some((rule) => rule === id));
  const remarks: string[] = [];
  const open = having.filter((revision) => canBeLeftOut(revision, id));
  const absent = await breaksWithout(id, open, searching(limits));
  if (absent !== undefined && 'kind' in absent) return { examples: [absent], remarks };
  if (open.length === 0) {
    remarks.push(
      having.length === 0
        ? 'no shipped revision has this rule in a slot, so it cannot be left out'
        : 'it cannot be left out: the boxes of the model never break it',
    );
  } else {
    const names = listed(open.map(({ name }) => name));
    remarks.push(
      absent?.isDecided === false
        ? `leaving it out of ${names} was not seen to break anything, as far as could be explored in the time (small): ipsecha ablate tells more`
        : `leaving it out of ${names} breaks nothing in any scenario (small)`,
    );
  }
  if (findRule(id)?.leavesNoMark)
    return { examples: [], remarks: [...remarks, 'it only limits, and marks no step'] };
  const shaped = await shapesStep(id, having, searching(limits));
  return shaped === undefined
    ? { examples: [], remarks: [...remarks, 'no run was found in which it shapes a step'] }
    : { examples: [shaped], remarks };
}

/** First what rests on the rule directly, in every scenario; then whatever else. */
async function breaksWithout(
  id: string,
  open: readonly Revision[],
  limits: Limits,
): Promise<Example | { readonly isDecided: boolean } | undefined> {
  const direct = properties.filter(({ rules }) => rules.some((rule) => rule === id)).map((each) => each.id);
  const rounds = [
    checkedProperties.filter((each) => direct.includes(each)),
    checkedProperties.filter((each) => !direct.includes(each)),
  ].filter((round) => round.length > 0);
  let isDecided = true;
  for (const revision of open) {
    for (const wanted of rounds) {
      for (const scenario of scenarios) {
        if (limits.signal?.aborted === true) return { isDecided: false };
        const settings = settingsFor(scenario, 'small', revision);
        const common = { scenario, size: 'small', settings, stopWhenAllViolated: true } as const;
        const name = `${revision.name}, ${scenario.name}`;
        const less = await check({
          ...common,
          revision: withoutRule(revision, id),
          properties: wanted,
          ...limitsOf(limits, `without ${id}: ${name}`),
        });
        isDecided &&= less.verdict !== 'inconclusive';
        const broken = less.properties.filter(({ verdict }) => verdict === 'violated');
        if (broken.length === 0) continue;
        // What is broken with the rule too says nothing of it.
        const whole = await check({
          ...common,
          revision,
          properties: broken.map((each) => each.id),
          ...limitsOf(limits, `with it: ${name}`),
        });
        const [property] = broken
          .filter((each) => verdictOn(whole, each.id) === 'holds')
          .sort((a, b) => depthOf(a) - depthOf(b));
        if (property !== undefined) {
          return {
            kind: 'counterexample',
            revision: revision.name,
            without: [id],
            scenario: scenario.name,
            property,
            result: less,
          };
        }
      }
    }
  }
  return { isDecided };
}

const verdictOn = ({ properties: checked }: CheckResult, id: string): string | undefined =>
  checked.find((each) => each.id === id)?.verdict;

const depthOf = ({ counterexample }: CheckedProperty): number => counterexample?.depth ?? 0;

async function shapesStep(
  id: string,
  having: readonly Revision[],
  limits: Limits,
): Promise<Example | undefined> {
  for (const revision of having) {
    for (const scenario of scenarios) {
      if (limits.signal?.aborted === true) return undefined;
      limits.tell?.(`a step that ${id} shapes: ${revision.name}, ${scenario.name}`);
      const system = systemOf(revision, settingsFor(scenario, 'small', revision));
      const found = await findStep(system, ({ action }) => action.rules.some((rule) => rule === id), {
        // An example that is hard to find is a poor one.
        seconds: Math.min(limits.seconds ?? STEP_SECONDS, STEP_SECONDS),
        ...(limits.signal === undefined ? {} : { signal: limits.signal }),
      });
      if (found.kind !== 'found') continue;
      const { initial, steps } = found;
      const place = { revision: revision.name, scenario: scenario.name, places: system.components };
      return { kind: 'step', ...place, initial, steps };
    }
  }
  return undefined;
}

/** Seconds for each scenario in which a step is looked for. */
const STEP_SECONDS = 2;

/**
 * A shortest run that breaks the property, in the first scenario and revision that do; if none does, in a revision
 * without one of the rules that are there for it.
 */
export async function examplesOfProperty(id: string, limits: Limits): Promise<Examples> {
  if (!checkedProperties.includes(id)) {
    return { examples: [], remarks: ['it is not explored here, so there is no example'] };
  }
  const remarks: string[] = [];
  const asTheyAre = await breaks(
    id,
    revisions.map((revision) => ({ revision, without: [] })),
    searching(limits),
  );
  if (asTheyAre.example !== undefined) return { examples: [asTheyAre.example], remarks };
  remarks.push(
    asTheyAre.isDecided
      ? 'no shipped revision breaks it in any scenario (small)'
      : 'no shipped revision was seen to break it, as far as could be explored in the time (small)',
  );
  const rules = properties.find((property) => property.id === id)?.rules ?? [];
  const maimed = latestFirst.flatMap((revision) =>
    rules
      .filter((rule) => canBeLeftOut(revision, rule))
      .map((rule) => ({ revision: withoutRule(revision, rule), base: revision.name, without: [rule] })),
  );
  const { example } = await breaks(id, maimed, searching(limits));
  return example === undefined
    ? {
        examples: [],
        remarks: [...remarks, 'nor was any of them seen to without a rule that is there for it'],
      }
    : { examples: [example], remarks };
}

async function breaks(
  id: string,
  targets: readonly {
    readonly revision: Revision;
    readonly base?: string;
    readonly without: readonly string[];
  }[],
  limits: Limits,
): Promise<{ readonly example?: Example; readonly isDecided: boolean }> {
  let isDecided = true;
  for (const scenario of scenarios) {
    for (const { revision, base, without } of targets) {
      if (limits.signal?.aborted === true) return { isDecided: false };
      const result = await checkOne(id, revision, scenario, limits);
      const property = result.properties.find((each) => each.id === id);
      if (property?.verdict === 'violated') {
        return {
          isDecided,
          example: {
            kind: 'counterexample',
            revision: base ?? revision.name,
            without,
            scenario: scenario.name,
            property,
            result,
          },
        };
      }
      isDecided &&= result.verdict !== 'inconclusive';
    }
  }
  return { isDecided };
}

const checkOne = (id: string, revision: Revision, scenario: Scenario, limits: Limits): Promise<CheckResult> =>
  check({
    revision,
    scenario,
    size: 'small',
    settings: settingsFor(scenario, 'small', revision),
    properties: [id],
    stopWhenAllViolated: true,
    ...limitsOf(limits, `${id}: ${revision.name}, ${scenario.name}`),
  });

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
