/**
 * Random walks: far beyond what can be exhausted, and never a proof of anything.
 *
 * Each walk begins in an initial state and takes one enabled step after the other. Which ones it prefers is drawn
 * anew for each walk: a weight for each kind of step (0 at times, so that a kind is left out), and how often a
 * message is received. Walks with the same habits would all look alike (Groce et al., Swarm Testing, 2012).
 *
 * Rules are evaluated once for the values that they touch (`moves.ts`); when these tables are full they are given
 * up and begun anew. The same seed makes the same walks; only how many of them there are can depend on the clock.
 */
import { SystemDefect, Unanswered } from '../defect.ts';
import { checkShape } from '../evaluate.ts';
import { breathe } from '../host.ts';
import { Interner } from '../intern.ts';
import type { Monitor, System } from '../system.ts';
import { follow, othersOfKind, pathTaken } from './follow.ts';
import { type Label, Moves, RULE, type Tagging } from './moves.ts';
import type { Path } from './path.ts';
import { Random } from './random.ts';
import { shorten } from './shorten.ts';
import { WalkState } from './walk-state.ts';
import { Watch } from './watch.ts';

export interface WalkOptions<C, M, O, A> {
  /** Any 32-bit integer. */
  readonly seed: number;
  /** Steps of a walk at most. */
  readonly depth: number;
  /** Walks at most; without it, as many as the time allows. */
  readonly walks?: number;
  readonly seconds?: number;
  /** Ids of the safety properties to watch; all of the system if absent. */
  readonly properties?: readonly string[];
  /** What the tables may take before they are given up; about. */
  readonly bytes?: number;
  readonly signal?: { readonly aborted: boolean };
  /** What a step is counted as besides its kind. */
  readonly tagging?: Tagging<C, M, O, A>;
  readonly onProgress?: (progress: WalkProgress) => void;
}

export interface WalkProgress {
  readonly walks: number;
  readonly steps: number;
  readonly seconds: number;
  readonly violated: number;
}

/** In how many steps and in how many walks something occurred. */
export interface Times {
  readonly steps: number;
  readonly walks: number;
}

export interface Violation {
  readonly property: string;
  /** Number of the first walk that violated it, from 1, and the step in which it did. */
  readonly walk: number;
  readonly step: number;
  /** The shortened way to it. */
  readonly path: Path;
}

export interface WalksResult {
  readonly walks: number;
  readonly steps: number;
  readonly seconds: number;
  /** Steps of the longest walk. */
  readonly longest: number;
  /** How many walks ended since nothing was possible, or nothing changed any more, before their depth was reached. */
  readonly endedEarly: number;
  /** `unanswered`: a rule did not end. */
  readonly stopped: 'walks' | 'time' | 'interrupted' | 'all-violated' | 'unanswered';
  /** Which rule did not end. */
  readonly unanswered?: string;
  readonly kinds: Readonly<Record<string, Times>>;
  readonly tags: Readonly<Record<string, Times>>;
  /** Walks that violated some property. */
  readonly violatingWalks: number;
  readonly violations: readonly Violation[];
  /** Times that a rule was evaluated; everything else was looked up. */
  readonly evaluations: number;
  /** Times that the tables were given up since they were full. */
  readonly restarts: number;
}

/** Steps between two looks at the clock, about. */
const STEPS_AT_ONCE = 4096;
/** Milliseconds between two returns to the event loop. */
const BREATH = 100;
/** A walk ends when so many steps in a row changed nothing. */
const MOST_IDLE = 32;
/** One in so many of the steps that change nothing is told in a single walk. */
const IDLE_TOLD = 4;
const DEFAULT_BYTES = 2 ** 30;
const MOST_MONITORS = 31;

/**
 * Takes random walks through a system.
 *
 * @throws SystemDefect if the system is not what `System` asks for, or has no such property
 */
export async function walk<C, M, O, A>(
  system: System<C, M, O, A>,
  options: WalkOptions<C, M, O, A>,
): Promise<WalksResult> {
  checkShape(system.components, system.initial, system.rules);
  const walker = new Walker(system, watched(system, options.properties), options);
  const began = performance.now();
  let breathed = began;
  let stopped: WalksResult['stopped'] | undefined;
  let unanswered: string | undefined;
  const tell = (): void =>
    options.onProgress?.({
      walks: walker.walks,
      steps: walker.steps,
      seconds: (performance.now() - began) / 1000,
      violated: walker.found.length,
    });
  while (stopped === undefined) {
    const now = performance.now();
    if (now - breathed > BREATH) {
      tell();
      await breathe();
      breathed = performance.now();
    }
    if (options.signal?.aborted === true) stopped = 'interrupted';
    else if (walker.allViolated) stopped = 'all-violated';
    else if (options.walks !== undefined && walker.walks >= options.walks) stopped = 'walks';
    else if (options.seconds !== undefined && now - began >= options.seconds * 1000) stopped = 'time';
    else {
      unanswered = answered(() => walker.run(STEPS_AT_ONCE, options.walks));
      if (unanswered !== undefined) stopped = 'unanswered';
    }
  }
  tell();
  const seconds = (performance.now() - began) / 1000;
  const violations = await walker.violations();
  return {
    ...{ ...walker.figures(), seconds, stopped, violations },
    ...(unanswered === undefined ? {} : { unanswered }),
  };
}

/** Does something that asks rules. @returns which rule did not answer, if one did not */
function answered(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Unanswered) return error.message;
    throw error;
  }
}

function watched<C, M, O, A>(
  { monitors }: System<C, M, O, A>,
  ids: readonly string[] | undefined,
): readonly Monitor<O>[] {
  const known = monitors.map(({ id }) => id);
  const unknown = ids?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new SystemDefect(`there is no safety property '${unknown}'; there are: ${known.join(', ')}`);
  }
  const wanted = monitors.filter(({ id }) => ids === undefined || ids.includes(id));
  if (wanted.length > MOST_MONITORS) throw new SystemDefect(`more than ${MOST_MONITORS} safety properties`);
  return wanted;
}

interface Found {
  readonly monitor: number;
  readonly walk: number;
  readonly step: number;
  readonly path: Path;
}

class Walker<C, M, O, A> {
  walks = 0;
  steps = 0;
  /** The first violation of each property. */
  readonly found: Found[] = [];

  readonly #system: System<C, M, O, A>;
  readonly #monitors: readonly Monitor<O>[];
  readonly #options: WalkOptions<C, M, O, A>;
  #state: WalkState<C, M, O, A>;
  #longest = 0;
  #endedEarly = 0;
  #violatingWalks = 0;
  #evaluations = 0;
  #restarts = 0;

  // What is counted: by label in the hot loop, by kind and tag when asked.
  readonly #labels = new Interner<Label>();
  #timesOf = new Float64Array(16);
  #lastWalkOf = new Float64Array(16);
  readonly #walksOf = new Map<string, { last: number; walks: number }>();

  // The walk under way.
  readonly #rules: Int32Array;
  readonly #ats: Int32Array;
  readonly #messages: Int32Array;

  constructor(system: System<C, M, O, A>, monitors: readonly Monitor<O>[], options: WalkOptions<C, M, O, A>) {
    this.#system = system;
    this.#monitors = monitors;
    this.#options = options;
    this.#state = this.#fresh();
    this.#rules = new Int32Array(options.depth);
    this.#ats = new Int32Array(options.depth);
    this.#messages = new Int32Array(options.depth);
  }

  #fresh(): WalkState<C, M, O, A> {
    const moves = new Moves(this.#system, this.#options.tagging ?? (() => []), this.#labels);
    const watches = this.#monitors.map((monitor) => new Watch(monitor, moves));
    return new WalkState(moves, watches, this.#system.rules);
  }

  get allViolated(): boolean {
    return this.#monitors.length > 0 && this.found.length === this.#monitors.length;
  }

  /** Takes walks until there were about so many steps more; not too many, since walks can be without a step. */
  run(steps: number, most = Number.POSITIVE_INFINITY): void {
    const end = this.steps + steps;
    const last = Math.min(most, this.walks + steps);
    const { bytes = DEFAULT_BYTES } = this.#options;
    while (this.steps < end && this.walks < last && !this.allViolated) {
      if (this.#held() > bytes) {
        this.#evaluations += this.#state.moves.evaluations;
        this.#restarts++;
        this.#state = this.#fresh();
      }
      this.#walk();
    }
  }

  /** Bytes in tables, about. */
  #held(): number {
    const { moves, watches } = this.#state;
    return watches.reduce((sum, watch) => sum + watch.bytes + watch.size * 1000, moves.bytes);
  }

  #walk(): void {
    const state = this.#state;
    const walk = ++this.walks;
    const random = new Random(this.#options.seed, walk);
    const initial = random.below(this.#system.initial.length);
    const receives = drawHabits(random, state);
    state.begin(this.#system.initial[initial] ?? []);
    const { depth } = this.#options;
    let idle = 0;
    let step = 0;
    let violates = false;
    for (; step < depth && idle < MOST_IDLE; step++) {
      const { at, message } = state.draw(random, receives);
      if (at === 0) break;
      const rule = state.moves.code[at + RULE]!;
      this.#rules[step] = rule;
      this.#ats[step] = at;
      this.#messages[step] = message;
      this.#count(state.labelOf(at), walk);
      idle = state.take(at, message) ? 0 : idle + 1;
      if (state.violated !== 0) {
        violates = true;
        this.#note(state.violated, step + 1);
      }
    }
    this.steps += step;
    this.#longest = Math.max(this.#longest, step);
    if (step < depth) this.#endedEarly++;
    if (violates) this.#violatingWalks++;
    this.#settle(walk, initial);
  }

  #count(label: number, walk: number): void {
    if (label >= this.#timesOf.length) {
      const size = this.#labels.size * 2;
      const [times, last] = [new Float64Array(size), new Float64Array(size)];
      times.set(this.#timesOf);
      last.set(this.#lastWalkOf);
      this.#timesOf = times;
      this.#lastWalkOf = last;
    }
    this.#timesOf[label]!++;
    if (this.#lastWalkOf[label] === walk) return;
    this.#lastWalkOf[label] = walk;
    const { kind, tags } = this.#labels.valueOf(label);
    this.#occurred(`kind ${kind}`, walk);
    for (const tag of tags) this.#occurred(`tag ${tag}`, walk);
  }

  #occurred(name: string, walk: number): void {
    const known = this.#walksOf.get(name);
    if (known === undefined) this.#walksOf.set(name, { last: walk, walks: 1 });
    else if (known.last !== walk) {
      known.last = walk;
      known.walks++;
    }
  }

  /** Violations of the walk under way that are the first of their property. */
  readonly #pending: { readonly monitor: number; readonly step: number }[] = [];

  #note(violated: number, step: number): void {
    for (let monitor = 0; monitor < this.#monitors.length; monitor++) {
      if (((violated >>> monitor) & 1) === 0) continue;
      if (this.found.some((found) => found.monitor === monitor)) continue;
      this.#pending.push({ monitor, step });
    }
  }

  /** Turns what was found in a walk into paths, while the tables know it. */
  #settle(walk: number, initial: number): void {
    for (const { monitor, step } of this.#pending) {
      const steps = Array.from({ length: step }, (_, i) => ({
        rule: this.#rules[i]!,
        at: this.#ats[i]!,
        message: this.#messages[i]!,
      }));
      const path = pathTaken(this.#system, this.#state, initial, steps);
      this.found.push({ monitor, walk, step, path });
    }
    this.#pending.length = 0;
  }

  /** The violations, each shortened; in the order of the properties. */
  async violations(): Promise<readonly Violation[]> {
    const state = this.#fresh();
    const others = othersOfKind(this.#system);
    const violations: Violation[] = [];
    for (const { monitor, walk, step, path } of this.found.toSorted((a, b) => a.monitor - b.monitor)) {
      const followed = (longer: Path): Path | undefined => {
        let shorter: Path | undefined;
        // Where a rule does not answer, there is no shorter way that could be shown.
        answered(() => {
          const { path: taken, violates } = follow(this.#system, state, longer, monitor, others);
          if (violates) shorter = taken;
        });
        return shorter;
      };
      const short = await shorten(path, followed, this.#options.seed);
      violations.push({ property: this.#monitors[monitor]!.id, walk, step, path: short });
    }
    return violations;
  }

  figures(): Omit<WalksResult, 'seconds' | 'stopped' | 'unanswered' | 'violations'> {
    return {
      walks: this.walks,
      steps: this.steps,
      longest: this.#longest,
      endedEarly: this.#endedEarly,
      ...this.#times(),
      violatingWalks: this.#violatingWalks,
      evaluations: this.#evaluations + this.#state.moves.evaluations,
      restarts: this.#restarts,
    };
  }

  #times(): Pick<WalksResult, 'kinds' | 'tags'> {
    const steps = new Map<string, number>();
    const add = (name: string, times: number): void => {
      steps.set(name, (steps.get(name) ?? 0) + times);
    };
    for (const { kind } of this.#system.rules) add(`kind ${kind}`, 0);
    for (let label = 0; label < this.#labels.size; label++) {
      const { kind, tags } = this.#labels.valueOf(label);
      const times = this.#timesOf[label] ?? 0;
      add(`kind ${kind}`, times);
      if (times > 0) for (const tag of tags) add(`tag ${tag}`, times);
    }
    const told = (what: 'kind' | 'tag'): Record<string, Times> =>
      Object.fromEntries(
        [...steps].flatMap(([name, times]): [string, Times][] =>
          name.startsWith(`${what} `)
            ? [[name.slice(what.length + 1), { steps: times, walks: this.#walksOf.get(name)?.walks ?? 0 }]]
            : [],
        ),
      );
    return { kinds: told('kind'), tags: told('tag') };
  }
}

/**
 * Draws the habits of a walk: a weight for each kind of step, 0, 1, 2, 4, 8 or 16.
 *
 * @returns how often a message is received, in eighths
 */
function drawHabits<C, M, O, A>(random: Random, state: WalkState<C, M, O, A>): number {
  const receives = 1 + random.below(7);
  state.weigh(
    Array.from({ length: state.ownKinds }, () => (random.below(8) === 0 ? 0 : 1 << random.below(5))),
  );
  return receives;
}

/** Makes single walks, each known by its seed and number. */
export function pathMaker<C, M, O, A>(
  system: System<C, M, O, A>,
): (seed: number, walk: number, depth: number) => Path {
  checkShape(system.components, system.initial, system.rules);
  return (seed, number, depth) => {
    // What is in the tables has a say in what is drawn: fresh ones, and no walk depends on those before it.
    const moves = new Moves(system, () => [], new Interner());
    const state = new WalkState(moves, [], system.rules);
    const random = new Random(seed, number);
    const initial = random.below(system.initial.length);
    const receives = drawHabits(random, state);
    state.begin(system.initial[initial] ?? []);
    const steps: { rule: number; at: number; message: number }[] = [];
    for (let idle = 0; steps.length < depth && idle < MOST_IDLE; ) {
      const { at, message } = state.draw(random, receives);
      if (at === 0) break;
      const changed = state.take(at, message);
      idle = changed ? 0 : idle + 1;
      // Of the steps that change nothing, a few will do.
      if (changed || random.below(IDLE_TOLD) === 0) steps.push({ rule: moves.code[at + RULE]!, at, message });
    }
    return pathTaken(system, state, initial, steps);
  };
}
