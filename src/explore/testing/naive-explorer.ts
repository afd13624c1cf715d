/**
 * The explorer's meaning, written down as plainly as possible: states as texts in a map, no ids, no tables, no
 * memory of what a rule said. Slow, and only for tests to compare with.
 */
import { canonicalText } from '../canonical.ts';
import type { Outcome, System } from '../system.ts';

export interface NaiveResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** For each depth, how many states have it. */
  readonly levels: readonly number[];
  /** For each safety property that is violated, the length of the shortest way to violate it. */
  readonly violations: Readonly<Record<string, number>>;
  /** For each progress property: `holds`, or what else. */
  readonly progress: Readonly<Record<string, NaiveProgress>>;
}

export type NaiveProgress = 'holds' | 'inconclusive' | { readonly violatedAt: number };

interface State {
  readonly values: readonly unknown[];
  /** `null` when violated, else the state in an array. */
  readonly monitors: readonly (readonly [unknown] | null)[];
  readonly sent: readonly string[];
}

interface Node {
  readonly state: State;
  readonly depth: number;
  readonly edges: { readonly kind: string; readonly to: string }[];
  readonly boundedKinds: Set<string>;
}

export function exploreNaively<C, M, O, A>(system: System<C, M, O, A>): NaiveResult {
  const nodes = new Map<string, Node>();
  const queue: string[] = [];
  const violations: Record<string, number> = {};
  let transitions = 0;
  const find = (state: State, depth: number): string => {
    const key = canonicalText(state);
    if (!nodes.has(key)) {
      nodes.set(key, { state, depth, edges: [], boundedKinds: new Set() });
      queue.push(key);
    }
    return key;
  };
  for (const values of system.initial) {
    find({ values, monitors: system.monitors.map(({ initial }) => [initial]), sent: [] }, 0);
  }
  for (const key of queue) {
    const { state, depth, edges, boundedKinds } = nodes.get(key)!;
    for (const rule of system.rules) {
      const touched = rule.touches.map((i) => state.values[i] as C);
      const results = rule.receives
        ? state.sent.map((message) => ({ message, ...rule.step(touched, JSON.parse(message) as M) }))
        : [{ message: undefined, ...rule.step(touched) }];
      for (const { message, outcomes, boundedBy } of results) {
        if (boundedBy !== undefined) boundedKinds.add(rule.kind);
        for (const outcome of outcomes) {
          transitions++;
          const next = after(system, state, rule.touches, outcome, message);
          next.monitors.forEach((monitor, m) => {
            if (monitor === null) violations[system.monitors[m]!.id] ??= depth + 1;
          });
          edges.push({ kind: rule.kind, to: find(next, depth + 1) });
        }
      }
    }
  }
  const levels: number[] = [];
  for (const { depth } of nodes.values()) levels[depth] = (levels[depth] ?? 0) + 1;
  return {
    states: nodes.size,
    transitions,
    depth: levels.length - 1,
    levels,
    violations,
    progress: Object.fromEntries(system.progress.map((each) => [each.id, judge(nodes, each)])),
  };
}

function after<C, M, O, A>(
  system: System<C, M, O, A>,
  state: State,
  touches: readonly number[],
  outcome: Outcome<C, M, O, A>,
  received: string | undefined,
): State {
  const values = [...state.values];
  touches.forEach((index, i) => {
    values[index] = outcome.values[i];
  });
  const monitors = state.monitors.map((monitor, m) => {
    let now = monitor;
    for (const observation of outcome.observations) {
      if (now === null) break;
      const seen = system.monitors[m]!.observe(now[0], observation);
      now = seen.ok ? [seen.state] : null;
    }
    return now;
  });
  const kept = outcome.consumes ? state.sent.filter((message) => message !== received) : state.sent;
  return { values, monitors, sent: [...new Set([...kept, ...outcome.sent.map(canonicalText)])].sort() };
}

function judge<C, M, O, A>(
  nodes: ReadonlyMap<string, Node>,
  { scope, goal, without }: System<C, M, O, A>['progress'][number],
): NaiveProgress {
  const isIn = ({ reads, holds }: typeof goal, { state }: Node) =>
    holds(reads.map((index) => state.values[index] as C));
  const reaches = (from: string, wanted: (node: Node) => boolean): boolean => {
    const seen = new Set([from]);
    for (const key of seen) {
      const node = nodes.get(key)!;
      if (wanted(node)) return true;
      for (const { kind, to } of node.edges) if (!without.includes(kind)) seen.add(to);
    }
    return false;
  };
  let verdict: NaiveProgress = 'holds';
  for (const [key, node] of nodes) {
    if (!isIn(scope, node) || reaches(key, (each) => isIn(goal, each))) continue;
    if (!reaches(key, (each) => [...each.boundedKinds].some((kind) => !without.includes(kind)))) {
      return { violatedAt: node.depth };
    }
    verdict = 'inconclusive';
  }
  return verdict;
}
