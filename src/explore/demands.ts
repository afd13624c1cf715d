/**
 * What fairness demands, as small integers: one demand for each message (to be received) and one for each group of
 * steps (one of them to be taken). See `Fairness` in `system.ts`.
 *
 * A demand is *raised* in a run if infinitely often it is *possible* to meet it (a step that does is enabled) and,
 * if it is a message, it is sent infinitely often. The run is fair if each demand raised is *met* infinitely often.
 */
import { Interner } from './intern.ts';
import type { Search } from './search.ts';
import type { Fairness } from './system.ts';
import { TupleTable } from './tuple-table.ts';

type Demand<M> = { readonly message: M } | { readonly group: string };

/** What the steps with a label do, apart from the set of messages. */
export interface StepDemands {
  /** The messages that it sends. */
  readonly sends: readonly number[];
  /** The demands that it meets. */
  readonly meets: readonly number[];
}

/** The demands of steps and states, as integers. */
export interface DemandTable {
  /** Number of demands so far; all are below it. */
  readonly count: number;
  /** Whether a demand is to take a step of a group, not to receive a message. */
  isGroup(demand: number): boolean;
  /** The demand that a message of the set of messages be received. */
  ofMessage(message: number): number;
  /** What the steps with a label send and meet, apart from the set of messages. */
  ofLabel(label: number): StepDemands;
  /** Calls with each message that is sent again and again while the components have these ids. */
  forEachAgain(ids: Int32Array, call: (demand: number) => void): void;
}

export class Demands<C, M, O, A> implements DemandTable {
  readonly #search: Search<C, M, O, A>;
  readonly #fairness: Fairness<C, M, A>;
  readonly #demands = new Interner<Demand<M>>();
  readonly #isGroup: boolean[] = [];
  readonly #byMessage: number[] = [];
  readonly #byLabel: StepDemands[] = [];
  readonly #again: readonly { readonly tuples: TupleTable; readonly messages: (readonly number[])[] }[];

  constructor(search: Search<C, M, O, A>, fairness: Fairness<C, M, A>) {
    this.#search = search;
    this.#fairness = fairness;
    this.#again = fairness.again.map(({ reads }) => ({ tuples: new TupleTable(reads), messages: [] }));
  }

  get count(): number {
    return this.#demands.size;
  }

  isGroup(demand: number): boolean {
    return this.#isGroup[demand]!;
  }

  /** The message that is to be received. */
  messageOf(demand: number): M | undefined {
    const it = this.#demands.valueOf(demand);
    return 'message' in it ? it.message : undefined;
  }

  ofMessage(message: number): number {
    const known = this.#byMessage[message];
    if (known !== undefined) return known;
    const demand = this.#idOf({ message: this.#search.knowledge.words.messages.valueOf(message) });
    this.#byMessage[message] = demand;
    return demand;
  }

  ofLabel(label: number): StepDemands {
    const known = this.#byLabel[label];
    if (known !== undefined) return known;
    const { labels, kinds, actions } = this.#search.knowledge.words;
    const { kind, action } = labels.valueOf(label);
    const told = [kinds[kind]!, actions.valueOf(action)] as const;
    const queued = this.#fairness.queued?.(...told);
    const demands: StepDemands = {
      sends: (queued?.sent ?? []).map((message) => this.#idOf({ message })),
      meets: [
        ...(queued !== undefined && 'received' in queued
          ? [this.#idOf({ message: queued.received as M })]
          : []),
        ...this.#fairness.groups(...told).map((group) => this.#idOf({ group })),
      ],
    };
    this.#byLabel[label] = demands;
    return demands;
  }

  forEachAgain(ids: Int32Array, call: (demand: number) => void): void {
    for (let index = 0; index < this.#again.length; index++) {
      const { tuples, messages } = this.#again[index]!;
      let tuple = tuples.find(ids);
      if (tuple < 0) {
        tuple = tuples.add(ids);
        messages.push(this.#askAgain(index, ids));
      }
      const known = messages[tuple]!;
      for (let i = 0; i < known.length; i++) call(known[i]!);
    }
  }

  #askAgain(index: number, ids: Int32Array): readonly number[] {
    const { reads, messages } = this.#fairness.again[index]!;
    const { components } = this.#search.knowledge.words;
    return messages(reads.map((component) => components[component]!.valueOf(ids[component]!))).map(
      (message) => this.#idOf({ message }),
    );
  }

  #idOf(demand: Demand<M>): number {
    const id = this.#demands.idOf(demand);
    if (id === this.#isGroup.length) this.#isGroup.push('group' in demand);
    return id;
  }
}
