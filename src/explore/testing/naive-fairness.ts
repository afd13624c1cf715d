/**
 * Fair progress, decided in the plainest way there is, by another algorithm than the explorer's: every demand of
 * fairness is met, or not raised, in one of a few ways; all combinations of them are tried. For each, whatever it
 * forbids is left out, and the strongly connected components of the rest are looked at, found by going forth and back
 * from each state. Slow, and only for tests to compare with.
 */
import { canonicalText } from '../canonical.ts';
import type { FairProgress, Predicate, System } from '../system.ts';

export type NaiveFairness = 'holds' | 'inconclusive' | { readonly violatedAt: number };

interface State<C> {
  readonly values: readonly C[];
  /** Messages as texts. */
  readonly sent: readonly string[];
}

interface Edge {
  readonly to: string;
  readonly sends: readonly string[];
  /** Messages received and names of groups, as texts. */
  readonly meets: readonly string[];
}

interface Node<C> {
  readonly state: State<C>;
  readonly depth: number;
  readonly edges: readonly Edge[];
  readonly again: readonly string[];
  readonly isCutOff: boolean;
}

/** `undefined` if the region is too large for this to come to an end. */
export function judgeNaively<C, M, O, A>(
  system: System<C, M, O, A>,
  progress: FairProgress<C, M, A>,
  most: number,
): NaiveFairness | undefined {
  const nodes = allNodes(system, progress);
  const region = [...nodes].filter(
    ([, { state }]) => holds(progress.scope, state) && !holds(progress.goal, state),
  );
  if (region.length > most) return undefined;
  const certain = region.filter(([, node]) => !node.isCutOff);
  const depth = firstFair(new Map(certain));
  if (depth !== undefined) return { violatedAt: depth };
  return firstFair(new Map(region)) === undefined ? 'holds' : 'inconclusive';
}

/** What is wrong with a run that goes round for ever, or nothing. */
export function faultOfCycle<C, M, O, A>(
  system: System<C, M, O, A>,
  progress: FairProgress<C, M, A>,
  states: readonly State<C>[],
  steps: readonly Pick<Edge, 'sends' | 'meets'>[],
): string | undefined {
  const nodes = states.map((state) => nodeOf(system, progress, state, 0).node);
  if (nodes.some(({ state }) => !holds(progress.scope, state))) return 'it leaves the scope';
  if (nodes.some(({ state }) => holds(progress.goal, state))) return 'it reaches the goal';
  if (nodes.some(({ isCutOff }) => isCutOff)) return 'a bound cuts off what it may have to do';
  const sent = [...nodes.flatMap(({ again }) => again), ...steps.flatMap(({ sends }) => sends)];
  const met = steps.flatMap(({ meets }) => meets);
  const unmet = nodes
    .flatMap(({ edges }) => edges.flatMap(({ meets }) => meets))
    .find((demand) => (isGroup(demand) || sent.includes(demand)) && !met.includes(demand));
  return unmet === undefined ? undefined : `${unmet} is demanded and not met`;
}

const isGroup = (demand: string): boolean => demand.startsWith('group ');

const holds = <C>({ reads, holds: isTrue }: Predicate<C>, { values }: State<C>): boolean =>
  isTrue(reads.map((index) => values[index] as C));

function allNodes<C, M, O, A>(
  system: System<C, M, O, A>,
  progress: FairProgress<C, M, A>,
): ReadonlyMap<string, Node<C>> {
  const nodes = new Map<string, Node<C>>();
  let level: readonly State<C>[] = system.initial.map((values) => ({ values, sent: [] }));
  for (let depth = 0; level.length > 0; depth++) {
    const next: State<C>[] = [];
    for (const state of level) {
      const key = canonicalText(state);
      if (nodes.has(key)) continue;
      const { node, successors } = nodeOf(system, progress, state, depth);
      nodes.set(key, node);
      next.push(...successors);
    }
    level = next;
  }
  return nodes;
}

function nodeOf<C, M, O, A>(
  system: System<C, M, O, A>,
  { fairness }: FairProgress<C, M, A>,
  state: State<C>,
  depth: number,
): { readonly node: Node<C>; readonly successors: readonly State<C>[] } {
  const edges: Edge[] = [];
  const successors: State<C>[] = [];
  let isCutOff = false;
  for (const rule of system.rules) {
    const touched = rule.touches.map((index) => state.values[index] as C);
    for (const text of rule.receives ? state.sent : [undefined]) {
      const result = rule.receives ? rule.step(touched, JSON.parse(text!) as M) : rule.step(touched);
      if (result.boundedBy !== undefined && !fairness.without.includes(rule.kind)) isCutOff = true;
      for (const outcome of result.outcomes) {
        const values = [...state.values];
        rule.touches.forEach((index, i) => {
          values[index] = outcome.values[i] as C;
        });
        const sends = outcome.sent.map(canonicalText);
        const left = state.sent.filter((message) => outcome.consumes !== true || message !== text);
        const successor = { values, sent: [...new Set([...left, ...sends])].sort() };
        const queued = fairness.queued?.(rule.kind, outcome.action);
        successors.push(successor);
        edges.push({
          to: canonicalText(successor),
          sends: [...sends, ...(queued?.sent ?? []).map(canonicalText)],
          meets: [
            ...(text === undefined ? [] : [text]),
            ...(queued?.received === undefined ? [] : [canonicalText(queued.received)]),
            ...fairness.groups(rule.kind, outcome.action).map((group) => `group ${group}`),
          ],
        });
      }
    }
  }
  const again = fairness.again.flatMap(({ reads, messages }) =>
    messages(reads.map((index) => state.values[index] as C)).map(canonicalText),
  );
  return { node: { state, depth, edges, again, isCutOff }, successors };
}

/** The least depth of a state in a set of states in which a fair run can stay for ever. */
function firstFair<C>(region: ReadonlyMap<string, Node<C>>): number | undefined {
  const demands = [...new Set([...region.values()].flatMap((n) => n.edges.flatMap(({ meets }) => meets)))];
  const ways = demands.reduce<readonly (readonly Way[])[]>(
    (all, demand) =>
      all.flatMap((chosen) =>
        (isGroup(demand) ? WAYS_OF_GROUPS : WAYS_OF_MESSAGES).map((way) => [...chosen, way]),
      ),
    [[]],
  );
  const depths = ways.flatMap((chosen) => {
    const of = (way: Way) => demands.filter((_, index) => chosen[index] === way);
    const [impossible, unsent, met] = [of('impossible'), of('unsent'), of('met')];
    const allowed = new Map(
      [...region].flatMap(([key, node]) =>
        node.edges.some(({ meets }) => meets.some((demand) => impossible.includes(demand))) ||
        node.again.some((message) => unsent.includes(message))
          ? []
          : [[key, { ...node, edges: node.edges.filter((e) => !e.sends.some((m) => unsent.includes(m))) }]],
      ),
    );
    return componentsOf(allowed).flatMap((component) => {
      const inside = component.flatMap((key) =>
        allowed.get(key)!.edges.flatMap(({ to, meets }) => (component.includes(to) ? meets : [])),
      );
      return met.every((demand) => inside.includes(demand))
        ? [Math.min(...component.map((key) => allowed.get(key)!.depth))]
        : [];
    });
  });
  return depths.length === 0 ? undefined : Math.min(...depths);
}

/** From some point on, a demand is impossible to meet, or the message is not sent; or it is met for ever. */
type Way = 'impossible' | 'unsent' | 'met';
const WAYS_OF_MESSAGES: readonly Way[] = ['impossible', 'unsent', 'met'];
const WAYS_OF_GROUPS: readonly Way[] = ['impossible', 'met'];

function componentsOf<C>(nodes: ReadonlyMap<string, Node<C>>): readonly (readonly string[])[] {
  const reachable = new Map([...nodes.keys()].map((key) => [key, reachFrom(nodes, key)]));
  const left = new Set(nodes.keys());
  return [...nodes.keys()].flatMap((key) => {
    if (!left.has(key)) return [];
    const component = [...left].filter((o) => reachable.get(key)!.has(o) && reachable.get(o)!.has(key));
    for (const member of component) left.delete(member);
    return [component];
  });
}

function reachFrom<C>(nodes: ReadonlyMap<string, Node<C>>, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const key of seen) {
    for (const { to } of nodes.get(key)!.edges) if (nodes.has(to)) seen.add(to);
  }
  return seen;
}
