import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resultOf } from './judging.ts';
import { StronglyConnected } from './strongly-connected.ts';

const VERTICES = 9;

/** A graph as the targets of each vertex. */
const graphs = fc.array(fc.array(fc.nat(VERTICES - 1), { maxLength: 3 }), {
  minLength: VERTICES,
  maxLength: VERTICES,
});

function listed(graph: readonly (readonly number[])[]): readonly [Int32Array, Int32Array] {
  const starts = Int32Array.from([0, ...graph.map((_, v) => graph.slice(0, v + 1).flat().length)]);
  return [starts, Int32Array.from(graph.flat())];
}

/** Components by what can be reached from what. */
function plainly(
  graph: readonly (readonly number[])[],
  vertices: readonly number[],
): readonly (readonly number[])[] {
  const reach = (from: number): ReadonlySet<number> => {
    const seen = new Set([from]);
    for (const v of seen) for (const to of graph[v]!) if (vertices.includes(to)) seen.add(to);
    return seen;
  };
  const components = vertices.map((v) => vertices.filter((o) => reach(v).has(o) && reach(o).has(v)));
  return components.filter(([first], index) => first === vertices[index]);
}

test('finds the components of any part of any graph, again and again', () => {
  fc.assert(
    fc.property(
      graphs,
      fc.array(fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8]), { minLength: 1, maxLength: 4 }),
      fc.nat(4),
      (graph, parts, modulus) => {
        const [starts, targets] = listed(graph);
        const isAllowed = (edge: number) => modulus < 2 || edge % modulus !== 0;
        const allowed = graph.map((to, v) => to.filter((_, i) => isAllowed(starts[v]! + i)));
        const components = new StronglyConnected(starts, targets);
        for (const part of parts) {
          const found: number[][] = [];
          resultOf(
            components.search(Int32Array.from(part), isAllowed, (component) =>
              found.push(Array.from(component).sort()),
            ),
          );
          expect(found.sort(([a], [b]) => a! - b!)).toEqual(plainly(allowed, part));
        }
      },
    ),
    { numRuns: 500, seed: 6311 },
  );
});

test('a component is told after those that it leads to', () => {
  const [starts, targets] = listed([[1], [2, 0], [3], [2]]);
  const found: number[][] = [];
  resultOf(
    new StronglyConnected(starts, targets).search(
      Int32Array.of(0, 1, 2, 3),
      () => true,
      (component) => found.push(Array.from(component).sort()),
    ),
  );
  expect(found).toEqual([
    [2, 3],
    [0, 1],
  ]);
});

test('a path as long as no stack is deep', () => {
  const length = 1_000_000;
  const starts = Int32Array.from({ length: length + 1 }, (_, v) => v);
  const ring = Int32Array.from({ length }, (_, v) => (v + 1) % length);
  const sizes: number[] = [];
  const components = new StronglyConnected(starts, ring);
  const all = Int32Array.from(starts.subarray(0, length));
  const tell = (component: Int32Array) => sizes.push(component.length);
  resultOf(components.search(all, () => true, tell));
  resultOf(components.search(all, (edge) => edge !== 7, tell));
  expect(sizes[0]).toBe(length);
  expect(sizes.length).toBe(1 + length);
});
