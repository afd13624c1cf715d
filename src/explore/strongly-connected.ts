/**
 * Strongly connected components of parts of one graph (Tarjan 1972, without recursion).
 *
 * Vertices are 0, 1, 2 ...; the edges of each stand in one list, beginning where `starts` says. The same graph is
 * searched again and again, each time some vertices and edges being left out; so the memory is kept.
 */
import { EACH_TIME, type Work } from './judging.ts';

export class StronglyConnected {
  readonly #starts: Int32Array;
  readonly #targets: Int32Array;
  /** In which search a vertex takes part; it takes part in the current one if that is its number. */
  readonly #turn: Int32Array;
  #turns = 0;
  /** When a vertex was met, from 1; 0 before, and -1 once its component has been told. */
  readonly #met: Int32Array;
  /** The earliest vertex that is known to be in the same component. */
  readonly #low: Int32Array;
  /** Vertices whose component is not known yet. */
  readonly #open: Int32Array;
  /** The path to the current vertex, and for each vertex the edge to look at next. */
  readonly #path: Int32Array;
  readonly #edge: Int32Array;

  /**
   * @param starts - where the edges of each vertex begin; one more at the end
   * @param targets - where the edges lead
   */
  constructor(starts: Int32Array, targets: Int32Array) {
    const vertices = starts.length - 1;
    this.#starts = starts;
    this.#targets = targets;
    this.#turn = new Int32Array(vertices);
    this.#met = new Int32Array(vertices);
    this.#low = new Int32Array(vertices);
    this.#open = new Int32Array(vertices);
    this.#path = new Int32Array(vertices);
    this.#edge = new Int32Array(vertices);
  }

  /**
   * Tells the components of the graph that has some of the vertices, and of the edges between them those allowed.
   *
   * @param found - called for each component; the array is the component's only during the call
   */
  *search(
    vertices: Int32Array,
    isAllowed: (edge: number) => boolean,
    found: (component: Int32Array) => void,
  ): Work<void> {
    const turn = ++this.#turns;
    for (let i = 0; i < vertices.length; i++) {
      this.#turn[vertices[i]!] = turn;
      this.#met[vertices[i]!] = 0;
    }
    let clock = 0;
    let open = 0;
    let looks = 0;
    for (let i = 0; i < vertices.length; i++) {
      if (this.#met[vertices[i]!] !== 0) continue;
      let depth = 0;
      let vertex = vertices[i]!;
      this.#enter(vertex, ++clock, open++);
      this.#path[depth++] = vertex;
      while (depth > 0) {
        if (looks++ % EACH_TIME === 0)
          yield { stage: 'looking for ways round', done: i, of: vertices.length };
        vertex = this.#path[depth - 1]!;
        const next = this.#nextUnmet(vertex, turn, isAllowed);
        if (next >= 0) {
          this.#enter(next, ++clock, open++);
          this.#path[depth++] = next;
          continue;
        }
        depth--;
        const low = this.#low[vertex]!;
        if (depth > 0) {
          const parent = this.#path[depth - 1]!;
          if (low < this.#low[parent]!) this.#low[parent] = low;
        }
        if (low !== this.#met[vertex]) continue;
        let first = open - 1;
        while (this.#open[first] !== vertex) first--;
        for (let at = first; at < open; at++) this.#met[this.#open[at]!] = -1;
        found(this.#open.subarray(first, open));
        open = first;
      }
    }
  }

  #enter(vertex: number, time: number, open: number): void {
    this.#met[vertex] = time;
    this.#low[vertex] = time;
    this.#open[open] = vertex;
    this.#edge[vertex] = this.#starts[vertex]!;
  }

  /** Goes along the edges of a vertex up to the first that leads to one not met before: that one, or -1. */
  #nextUnmet(vertex: number, turn: number, isAllowed: (edge: number) => boolean): number {
    const end = this.#starts[vertex + 1]!;
    for (let edge = this.#edge[vertex]!; edge < end; edge++) {
      const target = this.#targets[edge]!;
      if (this.#turn[target] !== turn || !isAllowed(edge)) continue;
      const met = this.#met[target]!;
      if (met === 0) {
        this.#edge[vertex] = edge + 1;
        return target;
      }
      if (met > 0 && met < this.#low[vertex]!) this.#low[vertex] = met;
    }
    this.#edge[vertex] = end;
    return -1;
  }
}
