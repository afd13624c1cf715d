/**
 * Paths, told in values.
 *
 * The search keeps nothing of a step but the parent of the state that it led to. What the step was is found
 * out again by evaluating the rules on the values of the parent, one by one, until one leads to the child: a
 * counterexample has few steps, and so it shows what the rules say, not what the tables say.
 */
import { SystemDefect } from './defect.ts';
import { evaluate } from './evaluate.ts';
import { VIOLATED } from './monitor-table.ts';
import type { Counterexample, TakenStep } from './result.ts';
import type { Search } from './search.ts';
import { NO_PARENT } from './state-table.ts';
import type { Outcome, StepRule } from './system.ts';

/** The shortest path that ends with a step that violates the property of a monitor. */
export function violationOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  monitor: number,
): Counterexample<C, M, O, A> {
  const source = search.violatedFrom(monitor);
  const path = pathTo(search, source);
  const last = stepFrom(search, source, (candidate) => candidate.monitors[monitor] === VIOLATED);
  const table = search.monitors[monitor]!;
  const before = search.layout.read(rowOf(search, source), search.system.components.length + monitor);
  const said = table.run(before, search.words.listOf(last.outcome.observations));
  if (said.ok) throw new SystemDefect(`monitor '${table.id}' gave two results for the same observations`);
  const steps = [...path.steps, told(last)];
  return { depth: steps.length, initial: path.initial, steps, because: said.because };
}

/** The shortest path to a state. */
export function pathTo<C, M, O, A>(
  search: Search<C, M, O, A>,
  state: number,
): { readonly initial: readonly C[]; readonly steps: readonly TakenStep<C, M, O, A>[] } {
  const states = [state];
  for (let at = search.table.parentOf(state); at !== NO_PARENT; at = search.table.parentOf(at)) {
    states.unshift(at);
  }
  const steps = states.slice(1).map((child, i) => {
    const row = rowOf(search, child);
    const step = stepFrom(search, states[i]!, (candidate) => candidate.row.every((w, j) => w === row[j]));
    return told(step);
  });
  return { initial: valuesOf(search, rowOf(search, states[0]!)), steps };
}

/** A way to go on from a state. */
interface Candidate<C, M, O, A> {
  readonly rule: StepRule<C, M, O, A>;
  readonly received: readonly M[];
  readonly outcome: Outcome<C, M, O, A>;
  readonly before: readonly C[];
  readonly after: readonly C[];
  readonly row: Int32Array;
  /** Ids of the states of all monitors afterwards. */
  readonly monitors: readonly number[];
}

/** The first step from a state that is what is looked for. */
function stepFrom<C, M, O, A>(
  search: Search<C, M, O, A>,
  state: number,
  isIt: (candidate: Candidate<C, M, O, A>) => boolean,
): Candidate<C, M, O, A> {
  for (const candidate of candidates(search, state)) if (isIt(candidate)) return candidate;
  throw new SystemDefect('a rule did not give again the result that it gave before for the same values');
}

/** All steps from a state, in the order of the rules. */
function* candidates<C, M, O, A>(
  search: Search<C, M, O, A>,
  state: number,
): Generator<Candidate<C, M, O, A>> {
  const { system, words, layout } = search;
  const row = rowOf(search, state);
  const before = valuesOf(search, row);
  const sent = Array.from({ length: words.messages.size }, (_, message) => message).filter((message) =>
    layout.hasMessage(row, message),
  );
  for (const rule of system.rules) {
    const values = rule.touches.map((component) => before[component] as C);
    const choices = rule.receives ? sent.map((message) => [words.messages.valueOf(message)]) : [[]];
    for (const received of choices) {
      for (const outcome of evaluate(rule, values, received[0]).outcomes) {
        yield { rule, received, outcome, before, ...successor(search, row, rule, outcome) };
      }
    }
  }
}

/** The state after an outcome of a rule: as row, as values, and the states of the monitors. */
function successor<C, M, O, A>(
  { words, layout, monitors, system }: Search<C, M, O, A>,
  row: Int32Array,
  rule: StepRule<C, M, O, A>,
  outcome: Outcome<C, M, O, A>,
): Pick<Candidate<C, M, O, A>, 'row' | 'after' | 'monitors'> {
  const next = row.slice();
  rule.touches.forEach((component, i) => {
    layout.write(next, component, words.components[component]!.idOf(outcome.values[i] as C));
  });
  for (const message of outcome.sent) layout.addMessage(next, words.messages.idOf(message));
  const list = words.listOf(outcome.observations);
  const after = monitors.map((monitor, m) => {
    const field = system.components.length + m;
    const before = layout.read(row, field);
    const state = before === VIOLATED ? VIOLATED : monitor.known(before, list);
    // The empty list was never asked for, since it changes nothing.
    const id = outcome.observations.length === 0 ? before : state;
    layout.write(next, field, id);
    return id;
  });
  const values = words.components.map((component, i) => component.valueOf(layout.read(next, i)));
  return { row: next, after: values, monitors: after };
}

function told<C, M, O, A>(step: Candidate<C, M, O, A>): TakenStep<C, M, O, A> {
  const { rule, received, outcome, before, after } = step;
  return {
    kind: rule.kind,
    action: outcome.action,
    ...(received.length > 0 && { received: received[0] as M }),
    sent: outcome.sent,
    observations: outcome.observations,
    before,
    after,
  };
}

function rowOf<C, M, O, A>({ table, layout }: Search<C, M, O, A>, state: number): Int32Array {
  const row = new Int32Array(layout.words);
  table.read(state, row);
  return row;
}

function valuesOf<C, M, O, A>({ words, layout }: Search<C, M, O, A>, row: Int32Array): readonly C[] {
  return words.components.map((component, i) => component.valueOf(layout.read(row, i)));
}
