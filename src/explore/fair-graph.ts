/**
 * Some states and the steps between them, with what fairness makes of each: whatever a search for fair cycles asks,
 * again and again, while it leaves out states and steps.
 *
 * Everything is in flat lists. What is said of a state or an edge is a list of integers, two for each demand
 * (`demands.ts`): in a state a message may be sent again and again, or a demand may be possible to meet; on an edge
 * a message may be sent, or a demand be met.
 */
import type { DemandTable } from './demands.ts';
import { GrowingInts } from './growing-ints.ts';
import { forEachBelow, type Work } from './judging.ts';
import type { StepReader } from './steps-of-state.ts';

/** A word about a demand: `2 * demand + SENT`, or `2 * demand + ANSWERED` (possible in a state, met on an edge). */
export const SENT = 0;
export const ANSWERED = 1;

export class FairGraph {
  /** The states, by vertex, lowest first. */
  readonly states: Int32Array;
  /** Where the edges of each vertex begin; one more at the end. Edges that lead out of the graph are left out. */
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** For each edge, which of the steps of its state it is. */
  readonly steps: Int32Array;
  readonly #stateWords: Words;
  readonly #edgeWords: Words;

  private constructor(
    { states, starts, targets, steps }: Pick<FairGraph, 'states' | 'starts' | 'targets' | 'steps'>,
    stateWords: Words,
    edgeWords: Words,
  ) {
    this.states = states;
    this.starts = starts;
    this.targets = targets;
    this.steps = steps;
    this.#stateWords = stateWords;
    this.#edgeWords = edgeWords;
  }

  /** @param states - lowest first */
  static *of(states: Int32Array, reader: StepReader, demands: DemandTable): Work<FairGraph> {
    const starts = new Int32Array(states.length + 1);
    const targets = new GrowingInts();
    const steps = new GrowingInts();
    const stateWords = new WordsBuilder();
    const edgeWords = new WordsBuilder();
    yield* forEachBelow(states.length, 'taking down the steps', (v) => {
      reader.read(states[v]!);
      demands.forEachAgain(reader.ids, (demand) => stateWords.add(2 * demand + SENT));
      for (let step = 0; step < reader.count; step++) {
        forEachMet(reader, demands, step, (demand) => stateWords.add(2 * demand + ANSWERED));
        const target = indexIn(states, reader.targets.data[step]!);
        if (target < 0) continue;
        targets.push(target);
        steps.push(step);
        forEachMet(reader, demands, step, (demand) => edgeWords.add(2 * demand + ANSWERED));
        forEachSent(reader, demands, step, (demand) => edgeWords.add(2 * demand + SENT));
        edgeWords.end();
      }
      stateWords.end();
      starts[v + 1] = targets.length;
    });
    return new FairGraph(
      {
        states,
        starts,
        targets: targets.data.slice(0, targets.length),
        steps: steps.data.slice(0, steps.length),
      },
      stateWords.words,
      edgeWords.words,
    );
  }

  /** Calls with each word about a state. */
  forEachStateWord(vertex: number, call: (word: number) => void): void {
    forEach(this.#stateWords, vertex, call);
  }

  /** Calls with each word about an edge. */
  forEachEdgeWord(edge: number, call: (word: number) => void): void {
    forEach(this.#edgeWords, edge, call);
  }

  stateSays(vertex: number, word: number): boolean {
    return says(this.#stateWords, vertex, word);
  }

  edgeSays(edge: number, word: number): boolean {
    return says(this.#edgeWords, edge, word);
  }
}

/** Calls with each demand that a step of the state that was read last meets. */
export function forEachMet(
  { received, labels }: StepReader,
  demands: DemandTable,
  step: number,
  call: (demand: number) => void,
): void {
  if (received.data[step]! >= 0) call(demands.ofMessage(received.data[step]!));
  for (const demand of demands.ofLabel(labels.data[step]!).meets) call(demand);
}

/** Calls with each message that a step of the state that was read last sends. */
export function forEachSent(
  { sent, sentEnds, labels }: StepReader,
  demands: DemandTable,
  step: number,
  call: (demand: number) => void,
): void {
  for (let at = step === 0 ? 0 : sentEnds.data[step - 1]!; at < sentEnds.data[step]!; at++) {
    call(demands.ofMessage(sent.data[at]!));
  }
  for (const demand of demands.ofLabel(labels.data[step]!).sends) call(demand);
}

/** Where a number is in a list that is lowest first, or -1. */
export function indexIn(sorted: Int32Array, number: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < number) from = middle + 1;
    else to = middle;
  }
  return sorted[from] === number ? from : -1;
}

/** Lists of words, one after the other, and where each ends. */
interface Words {
  readonly words: Int32Array;
  readonly ends: Int32Array;
}

class WordsBuilder {
  readonly #words = new GrowingInts();
  readonly #ends = new GrowingInts();

  add(word: number): void {
    this.#words.push(word);
  }

  /** The words to come are about the next one. */
  end(): void {
    this.#ends.push(this.#words.length);
  }

  get words(): Words {
    return {
      words: this.#words.data.slice(0, this.#words.length),
      ends: this.#ends.data.slice(0, this.#ends.length),
    };
  }
}

function forEach({ words, ends }: Words, index: number, call: (word: number) => void): void {
  for (let at = index === 0 ? 0 : ends[index - 1]!; at < ends[index]!; at++) call(words[at]!);
}

function says({ words, ends }: Words, index: number, word: number): boolean {
  for (let at = index === 0 ? 0 : ends[index - 1]!; at < ends[index]!; at++)
    if (words[at] === word) return true;
  return false;
}
