/**
 * A system walked state by state, as one asks: for questions that are about steps rather than about properties, and
 * that look at a small part of what is reachable. States, values, messages and labels are small integers; a rule is
 * evaluated once for each tuple of values that it touches.
 */
import { evaluate } from './evaluate.ts';
import { GrowingInts } from './growing-ints.ts';
import { Interner } from './intern.ts';
import type { TakenStep } from './result.ts';
import type { Outcome, StepRule, System } from './system.ts';
import { TupleTable } from './tuple-table.ts';

/** What can be told of a step from outside: the kind of step, its action, the message received, those sent. */
export interface Seen<M, A> {
  readonly kind: string;
  readonly action: A;
  readonly received?: M;
  readonly sent: readonly M[];
}

/** A step out of a state, in integers. */
export interface Arc {
  readonly rule: number;
  /** The message received, or -1. */
  readonly message: number;
  /** Which of the outcomes of the rule. */
  readonly outcome: number;
  /** What it looks like. */
  readonly label: number;
  /** The state that it leads to. */
  readonly target: number;
}

interface Evaluated<C, M, O, A> {
  readonly outcomes: readonly {
    readonly outcome: Outcome<C, M, O, A>;
    readonly label: number;
    readonly values: readonly number[];
    readonly sent: readonly number[];
    readonly consumes: boolean;
  }[];
  readonly boundedBy: string | undefined;
}

export class Stepper<C, M, O, A> {
  readonly #system: System<C, M, O, A>;
  readonly #labelOf: (seen: Seen<M, A>) => unknown;
  readonly #labels: Interner<unknown>;
  readonly #components: readonly Interner<C>[];
  readonly #messages: Interner<M>;
  readonly #sets = new Interner<readonly number[]>(true);
  /** For each rule, the tuples that it was asked about, and what it said. */
  readonly #asked: readonly TupleTable[];
  readonly #said: readonly Evaluated<C, M, O, A>[][];
  /** A state is the ids of its values and that of its set of messages. */
  readonly #states: TupleTable;
  readonly #rows = new GrowingInts();
  readonly #width: number;
  /** The ids of a state, and the message that is received. */
  readonly #at: Int32Array;

  /**
   * @param labels shared by the systems whose steps are compared
   * @param labelOf plain data: two steps with the same label look the same
   */
  constructor(system: System<C, M, O, A>, labels: Interner<unknown>, labelOf: (seen: Seen<M, A>) => unknown) {
    this.#system = system;
    this.#labels = labels;
    this.#labelOf = labelOf;
    this.#messages = new Interner(system.isPlain);
    this.#components = system.components.map(() => new Interner<C>(system.isPlain));
    this.#width = system.components.length + 1;
    this.#states = new TupleTable(Array.from({ length: this.#width }, (_, field) => field));
    this.#asked = system.rules.map(
      ({ touches, receives }) => new TupleTable(receives ? [...touches, this.#width] : touches),
    );
    this.#said = system.rules.map(() => []);
    this.#at = new Int32Array(this.#width + 1);
  }

  /** Number of states met so far. */
  get size(): number {
    return this.#states.count;
  }

  /** The initial states, in the order of the system. */
  initial(): readonly number[] {
    const none = this.#sets.idOf([]);
    return this.#system.initial.map((values) =>
      this.#stateOf([...values.map((value, index) => this.#components[index]!.idOf(value)), none]),
    );
  }

  /** The state with these values and this set of messages. */
  stateAt(values: readonly C[], sent: readonly M[]): number {
    const set = sent.map((message) => this.#messages.idOf(message)).sort((a, b) => a - b);
    return this.#stateOf([
      ...values.map((value, index) => this.#components[index]!.idOf(value)),
      this.#sets.idOf(set),
    ]);
  }

  /** All steps out of a state, in the order of the rules and then of the messages. */
  arcsFrom(state: number): readonly Arc[] {
    const row = this.#row(state);
    const sent = this.#sets.valueOf(row.at(-1)!);
    const arcs: Arc[] = [];
    this.#system.rules.forEach((rule, index) => {
      for (const message of rule.receives ? sent : NO_MESSAGE) {
        this.#evaluated(index, row, message).outcomes.forEach((each, outcome) => {
          arcs.push({
            rule: index,
            message,
            outcome,
            label: each.label,
            target: this.#after(row, rule, each, message),
          });
        });
      }
    });
    return arcs;
  }

  /** Whether a step of this kind is possible in a state, but for a bound. */
  isBounded(state: number, kind: string): boolean {
    const row = this.#row(state);
    return this.#system.rules.some(
      (rule, index) =>
        rule.kind === kind &&
        (rule.receives ? this.#sets.valueOf(row.at(-1)!) : NO_MESSAGE).some(
          (message) => this.#evaluated(index, row, message).boundedBy !== undefined,
        ),
    );
  }

  /** The bounds that alone forbid a step in a state: names of settings. */
  boundsOf(state: number): readonly string[] {
    const row = this.#row(state);
    const sent = this.#sets.valueOf(row.at(-1)!);
    return this.#system.rules.flatMap((rule, index) =>
      (rule.receives ? sent : NO_MESSAGE).flatMap(
        (message) => this.#evaluated(index, row, message).boundedBy ?? [],
      ),
    );
  }

  /** What the monitors see of a step. */
  observationsOf(from: number, arc: Arc): readonly O[] {
    return this.#evaluated(arc.rule, this.#row(from), arc.message).outcomes[arc.outcome]!.outcome
      .observations;
  }

  kindOf({ rule }: Arc): string {
    return this.#system.rules[rule]!.kind;
  }

  /** The values of a state. */
  valuesOf(state: number): readonly C[] {
    return this.#row(state)
      .slice(0, -1)
      .map((id, index) => this.#components[index]!.valueOf(id));
  }

  /** A step in full. */
  told(from: number, arc: Arc): TakenStep<C, M, O, A> {
    const { outcome } = this.#evaluated(arc.rule, this.#row(from), arc.message).outcomes[arc.outcome]!;
    return {
      kind: this.kindOf(arc),
      action: outcome.action,
      ...(arc.message < 0 ? {} : { received: this.#messages.valueOf(arc.message) }),
      sent: outcome.sent,
      observations: outcome.observations,
      before: this.valuesOf(from),
      after: this.valuesOf(arc.target),
    };
  }

  #row(state: number): readonly number[] {
    return [...this.#rows.data.subarray(state * this.#width, (state + 1) * this.#width)];
  }

  #stateOf(row: readonly number[]): number {
    this.#at.set(row);
    const known = this.#states.find(this.#at);
    if (known >= 0) return known;
    for (const id of row) this.#rows.push(id);
    return this.#states.add(this.#at);
  }

  #after(
    row: readonly number[],
    rule: StepRule<C, M, O, A>,
    { values, sent, consumes }: Evaluated<C, M, O, A>['outcomes'][number],
    message: number,
  ): number {
    const next = [...row];
    rule.touches.forEach((component, index) => {
      next[component] = values[index]!;
    });
    if (sent.length > 0 || consumes) {
      const before = this.#sets.valueOf(row.at(-1)!);
      const kept = consumes ? before.filter((each) => each !== message) : before;
      next[next.length - 1] = this.#sets.idOf([...new Set([...kept, ...sent])].sort((a, b) => a - b));
    }
    return this.#stateOf(next);
  }

  #evaluated(index: number, row: readonly number[], message: number): Evaluated<C, M, O, A> {
    const asked = this.#asked[index]!;
    this.#at.set(row);
    this.#at[this.#width] = message;
    const known = asked.find(this.#at);
    if (known >= 0) return this.#said[index]![known]!;
    asked.add(this.#at);
    const rule = this.#system.rules[index]!;
    const values = rule.touches.map((component) => this.#components[component]!.valueOf(row[component]!));
    const received = message < 0 ? undefined : this.#messages.valueOf(message);
    const { outcomes, boundedBy } = evaluate(rule, values, received);
    const said = {
      boundedBy,
      outcomes: outcomes.map((outcome) => ({
        outcome,
        label: this.#labels.idOf(
          this.#labelOf({
            kind: rule.kind,
            action: outcome.action,
            ...(received === undefined ? {} : { received }),
            sent: outcome.sent,
          }),
        ),
        values: outcome.values.map((value, at) => this.#components[rule.touches[at]!]!.idOf(value)),
        sent: outcome.sent.map((each) => this.#messages.idOf(each)),
        consumes: 'consumes' in outcome && outcome.consumes === true,
      })),
    };
    this.#said[index]!.push(said);
    return said;
  }
}

const NO_MESSAGE: readonly number[] = [-1];
