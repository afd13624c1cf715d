/**
 * A path told in values: every rule is evaluated on the values themselves, and every monitor is asked anew. So a
 * counterexample shows what the rules say, not what the tables of the walks say.
 */
import { canonicalText } from '../canonical.ts';
import { SystemDefect } from '../defect.ts';
import { evaluate } from '../evaluate.ts';
import type { Counterexample, TakenStep } from '../result.ts';
import type { Monitor, Outcome, System } from '../system.ts';
import type { Path } from './path.ts';

/** The steps of a path; choices that cannot be taken are passed over. */
export function stepsOf<C, M, O, A>(
  system: System<C, M, O, A>,
  { initial, choices }: Path,
): readonly TakenStep<C, M, O, A>[] {
  let values = system.initial[initial] ?? [];
  let network: readonly M[] = [];
  return choices.flatMap(({ rule, pick }): readonly TakenStep<C, M, O, A>[] => {
    const ways = waysOf(system, rule, values, network);
    const way = ways[pick % Math.max(1, ways.length)];
    if (way === undefined) return [];
    const { outcome, received } = way;
    const { kind, touches } = system.rules[rule]!;
    const after = values.map((value, index) =>
      touches.includes(index) ? (outcome.values[touches.indexOf(index)] as C) : value,
    );
    const step = {
      ...{ kind, action: outcome.action, ...(received.length > 0 && { received: received[0] as M }) },
      ...{ sent: outcome.sent, observations: outcome.observations, before: values, after },
    };
    values = after;
    network = networkAfter(network, received, outcome);
    return [step];
  });
}

interface Way<C, M, O, A> {
  readonly outcome: Outcome<C, M, O, A>;
  readonly received: readonly M[];
}

function waysOf<C, M, O, A>(
  system: System<C, M, O, A>,
  index: number,
  values: readonly C[],
  network: readonly M[],
): readonly Way<C, M, O, A>[] {
  const rule = system.rules[index];
  if (rule === undefined) return [];
  const touched = rule.touches.map((component) => values[component] as C);
  const choices = rule.receives ? network.map((message) => [message]) : [[]];
  return choices.flatMap((received) =>
    evaluate(rule, touched, received[0]).outcomes.map((outcome) => ({ outcome, received })),
  );
}

function networkAfter<C, M, O, A>(
  network: readonly M[],
  received: readonly M[],
  { consumes, sent }: Outcome<C, M, O, A>,
): readonly M[] {
  const gone = consumes === true ? received.map(canonicalText) : [];
  const left = network.filter((message) => !gone.includes(canonicalText(message)));
  const texts = new Set(left.map(canonicalText));
  const fresh = sent.filter((message) => {
    const text = canonicalText(message);
    if (texts.has(text)) return false;
    texts.add(text);
    return true;
  });
  return [...left, ...fresh];
}

/**
 * A path that violates a property, as a counterexample.
 *
 * @throws SystemDefect if the property is not violated by its last step, and by no step before
 */
export function counterexampleOf<C, M, O, A>(
  system: System<C, M, O, A>,
  path: Path,
  monitor: Monitor<O>,
): Counterexample<C, M, O, A> {
  const steps = stepsOf(system, path);
  let state: unknown = monitor.initial;
  for (const [index, { observations }] of steps.entries()) {
    for (const observation of observations) {
      const seen = monitor.observe(state, observation);
      if (!seen.ok) {
        if (index < steps.length - 1) break;
        const initial = system.initial[path.initial] ?? [];
        return { depth: steps.length, initial, steps, because: seen.because };
      }
      state = seen.state;
    }
  }
  throw new SystemDefect(`a walk violated '${monitor.id}', but told again it does not`);
}
