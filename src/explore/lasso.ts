/**
 * A fair run that never reaches the goal, told in values: a shortest way to a state, and a way round from it that
 * is fair when it is gone for ever.
 *
 * The way round begins as nothing at all, the run that stays where it is. As long as it leaves a demand unmet that it
 * raises, it is led to the nearest edge that meets it; each edge may raise further demands; and in the end it is led
 * back. In a fair part every such edge is there, and every demand is met but once, so it comes to an end.
 */
import { type Leg, pathTo } from './counterexample.ts';
import type { Demands, StepDemands } from './demands.ts';
import { type FairPart, Tally } from './fair-cycles.ts';
import { ANSWERED, type FairGraph, SENT } from './fair-graph.ts';
import { EACH_TIME, type Work } from './judging.ts';
import type { Counterexample } from './result.ts';
import type { StepsOfState } from './steps-of-state.ts';

export function* lassoIn<C, M, O, A>(
  reader: StepsOfState<C, M, O, A>,
  demands: Demands<C, M, O, A>,
  graph: FairGraph,
  part: FairPart,
): Work<Omit<Counterexample<C, M, O, A>, 'because'>> {
  const start = part.vertices.reduce((least, vertex) => Math.min(least, vertex));
  const round = yield* wayRound(demands, graph, part, start);
  const legs = round.map((edge) => legAlong(reader, demands, graph, edge));
  const { initial, steps } = pathTo(reader.search, graph.states[start]!, legs);
  const depth = steps.length - round.length;
  const inVain = tallyOf(demands, graph, [start], round)
    .inVain()
    .map((demand) => demands.messageOf(demand) as M);
  return {
    depth,
    initial,
    steps,
    cycle: { start: depth, inVain },
  };
}

/** Edges from a vertex of a fair part back to it, such that to go along them for ever is fair. */
function* wayRound<C, M, O, A>(
  demands: Demands<C, M, O, A>,
  graph: FairGraph,
  part: FairPart,
  start: number,
): Work<readonly number[]> {
  const round: number[] = [];
  for (;;) {
    const at = round.length === 0 ? start : graph.targets[round.at(-1)!]!;
    const [unmet] = tallyOf(demands, graph, [start], round).unmet();
    if (unmet === undefined && at === start) return round;
    const isLast =
      unmet === undefined
        ? (edge: number) => graph.targets[edge] === start
        : (edge: number) => graph.edgeSays(edge, 2 * unmet + ANSWERED);
    round.push(...(yield* wayFrom(graph, part, at, isLast)));
  }
}

/** What is said of some vertices, some edges and the vertices that these lead to. */
function tallyOf<C, M, O, A>(
  demands: Demands<C, M, O, A>,
  graph: FairGraph,
  vertices: readonly number[],
  edges: readonly number[],
): Tally {
  const tally = new Tally(demands);
  for (const vertex of vertices) graph.forEachStateWord(vertex, tally.ofState);
  for (const edge of edges) {
    graph.forEachEdgeWord(edge, tally.ofEdge);
    graph.forEachStateWord(graph.targets[edge]!, tally.ofState);
  }
  return tally;
}

/** The shortest way within a part that ends with an edge of some kind. */
function* wayFrom(
  graph: FairGraph,
  { vertices, silent }: FairPart,
  from: number,
  isLast: (edge: number) => boolean,
): Work<readonly number[]> {
  const inside = new Set(vertices);
  const isInside = (edge: number): boolean =>
    inside.has(graph.targets[edge]!) &&
    ![...silent].some((message) => graph.edgeSays(edge, 2 * message + SENT));
  /** For each vertex that was reached, the edge that led to it and the vertex that it came from. */
  const reached = new Map<number, { readonly edge: number; readonly from: number } | undefined>();
  const queue = [from];
  reached.set(from, undefined);
  let looks = 0;
  for (const vertex of queue) {
    if (looks++ % EACH_TIME === 0) yield { stage: 'going round', done: looks, of: vertices.length };
    for (let edge = graph.starts[vertex]!; edge < graph.starts[vertex + 1]!; edge++) {
      if (!isInside(edge)) continue;
      if (isLast(edge)) {
        const way = [edge];
        for (let last = reached.get(vertex); last !== undefined; last = reached.get(last.from)) {
          way.unshift(last.edge);
        }
        return way;
      }
      const target = graph.targets[edge]!;
      if (reached.has(target)) continue;
      reached.set(target, { edge, from: vertex });
      queue.push(target);
    }
  }
  throw new RangeError('the part is not strongly connected, or not fair');
}

/** What is known of the step that an edge stands for: whatever the search for fair runs went by. */
function legAlong<C, M, O, A>(
  reader: StepsOfState<C, M, O, A>,
  demands: Demands<C, M, O, A>,
  graph: FairGraph,
  edge: number,
): Leg<C, M, O, A> {
  const step = graph.steps[edge]!;
  reader.read(graph.states[sourceOf(graph, edge)]!);
  const { words } = reader.search.knowledge;
  const label = reader.labels.data[step]!;
  const received = reader.received.data[step]!;
  const [from, to] = [step === 0 ? 0 : reader.sentEnds.data[step - 1]!, reader.sentEnds.data[step]!];
  const known = textOf(received, reader.sent.data.slice(from, to), demands.ofLabel(label));
  const { kind } = words.labels.valueOf(label);
  return {
    to: reader.targets.data[step]!,
    isMeant: (taken) => {
      if (taken.kind !== words.kinds[kind]) return false;
      const own = words.labels.idOf({ kind, action: words.actions.idOf(taken.action) });
      const taking = 'received' in taken ? words.messages.idOf(taken.received as M) : -1;
      const sending = taken.sent.map((message) => words.messages.idOf(message));
      return textOf(taking, sending, demands.ofLabel(own)) === known;
    },
  };
}

/** What a step receives, sends and meets, whatever the order. */
function textOf(received: number, sent: Iterable<number>, { sends, meets }: StepDemands): string {
  const sorted = (numbers: Iterable<number>): string => [...new Set(numbers)].sort((a, b) => a - b).join();
  return [received, sorted(sent), sorted(sends), sorted(meets)].join(';');
}

/** The vertex that an edge comes from. */
function sourceOf({ starts }: FairGraph, edge: number): number {
  let source = 0;
  while (starts[source + 1]! <= edge) source++;
  return source;
}
