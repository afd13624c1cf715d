/**
 * Proof of a theorem over a derived relation: its clauses hold at the start, each step keeps each of them, no step from
 * where they hold breaks the property, and none leaves the shapes of worlds that are looked at. Nothing is quantified:
 * what is said of every standby and of every message is shown for one of which nothing else is known.
 */
import type {
  ActiveMember,
  Endpoint,
  Message,
  SafetyProperty,
  Settings,
  StepKind,
  Value,
} from '../../model/index.ts';
import { COUNTS, endOfBox, FURTHER_COUNTS, isActive } from '../../model/index.ts';
import { type Clause, peerKind, type StepSeen, type Theorem, type World } from '../../proofs/theorem.ts';
import { takesPath, type Values, valuesFrom, withItems } from '../derive/example.ts';
import { answeredText, type Question, sumOf, type Variable } from '../derive/linear.ts';
import {
  atValues,
  choose,
  type Decision,
  explore,
  type Known,
  NOTHING_KNOWN,
  thisRun,
} from '../derive/paths.ts';
import {
  activeAfter,
  anyMessage,
  type DerivedStep,
  placeBefore,
  type Relation,
  type StepPath,
} from '../derive/relation.ts';
import { integer, oneOf, type Shape, value } from '../derive/shape.ts';
import { anyOf, concreteOf, unfitIn } from '../derive/values.ts';
import type { Answer, Solver } from './solver.ts';

/** One way in which something that has to be so may not be. */
export interface Case {
  readonly step: DerivedStep;
  readonly path: StepPath;
  readonly decisions: readonly Decision[];
  /** What is broken there, in words, if that says more than the clause. */
  readonly because?: string;
}

/** A way in which a step can be taken, as it is assumed. */
export interface Way extends Case {
  readonly known: Known;
}

/** All that could speak against one statement in one kind of step. */
export interface Obligation {
  readonly step: string;
  readonly statement: string;
  readonly cases: readonly Case[];
}

/** A world from which a step breaks a statement, though all clauses hold in it. */
export interface BrokenStep {
  readonly step: string;
  /** The id of a clause, `the property` or `shapes`. */
  readonly statement: string;
  readonly because?: string;
  readonly world: Readonly<Record<string, unknown>>;
  readonly message: unknown;
  readonly action: unknown;
  readonly after: Readonly<Record<string, unknown>>;
  readonly sent: unknown;
}

/** What came of one statement in one kind of step: how many cases were asked, and what was answered. */
export interface Row {
  readonly step: string;
  readonly statement: string;
  readonly cases: number;
  readonly result: 'holds' | 'broken' | 'unknown';
}

export interface TheoremOutcome {
  readonly verdict: 'proved' | 'not proved' | 'unknown';
  readonly rows: readonly Row[];
  /** The first that was found. */
  readonly broken: BrokenStep | null;
  /** Kinds of steps that the assumptions and clauses leave no way to take: of these nothing is shown. */
  readonly impossible: readonly string[];
  readonly paths: number;
}

/** The statements beside the clauses. */
export const PROPERTY = 'the property';
export const SHAPES = 'shapes';
export const START = 'at the start';

const FEW_WAYS = 16;

/** So many cases in one question: solvers take longer for all of many at once. */
export const MOST_CASES = 1500;

export const inParts = (cases: readonly Case[]): readonly (readonly Case[])[] =>
  Array.from({ length: Math.ceil(cases.length / MOST_CASES) }, (_, part) =>
    cases.slice(part * MOST_CASES, (part + 1) * MOST_CASES),
  );

export async function proveTheorem(
  relation: Relation,
  theorem: Theorem,
  property: SafetyProperty,
  settings: Settings,
  solver: Solver,
  further?: Further,
): Promise<TheoremOutcome> {
  const proof = new TheoremProof(relation, theorem, property, settings);
  const deciding = new Deciding(proof, solver);
  await deciding.decide(START, [...proof.atStart(), ...(further?.atStart() ?? [])]);
  for (const step of relation.steps) {
    const { obligations, ways } = proof.ofStep(step);
    await deciding.decide(step.name, [...obligations, ...(further?.ofStep(step, ways) ?? [])]);
    await deciding.mustBePossible(
      step.name,
      ways.map(({ way }) => way),
    );
  }
  return {
    ...deciding.outcome(),
    paths: relation.steps.reduce((total, { paths }) => total + paths.length, 0),
  };
}

/** What has to be so beside the clauses. */
export interface Further {
  readonly atStart: () => readonly Obligation[];
  readonly ofStep: (step: DerivedStep, ways: readonly WayOn[]) => readonly Obligation[];
}

/** Puts the questions of a proof, and keeps what is answered. */
export class Deciding {
  readonly #proof: TheoremProof;
  readonly #solver: Solver;
  readonly #rows: Row[] = [];
  readonly #impossible: string[] = [];
  #broken: BrokenStep | null = null;

  constructor(proof: TheoremProof, solver: Solver) {
    this.#proof = proof;
    this.#solver = solver;
  }

  #ask(name: string, cases: readonly Case[], wanted: 'unsat' | 'sat'): Promise<Answer> {
    return this.#solver.ask({ name, text: this.#proof.questionText(cases), wanted });
  }

  /** All of one kind of step in one question; only where that is not enough, one by one. */
  async decide(step: string, obligations: readonly Obligation[]): Promise<void> {
    const asked = obligations.filter(({ cases }) => cases.length > 0);
    const all = asked.flatMap(({ cases }) => cases);
    let isFine = true;
    for (const [index, some] of inParts(all).entries()) {
      if (!isFine) break;
      const name = index === 0 ? `${step}: all` : `${step}: all, part ${index + 1}`;
      isFine = (await this.#ask(name, some, 'unsat')).result === 'unsat';
    }
    for (const { statement, cases } of obligations) {
      if (isFine || cases.length === 0) {
        this.#rows.push({ step, statement, cases: cases.length, result: 'holds' });
        continue;
      }
      let result: Row['result'] = 'holds';
      for (const some of inParts(cases)) {
        const answer = await this.#ask(`${step}: ${statement}`, some, 'unsat');
        if (answer.result === 'unknown') result = 'unknown';
        if (answer.result !== 'sat') continue;
        result = 'broken';
        this.#broken ??= this.#proof.brokenBy(statement, some, answer);
        break;
      }
      this.#rows.push({ step, statement, cases: cases.length, result });
    }
  }

  /** That one of these ways can be taken. One is enough, so few are asked of first. */
  async mustBePossible(step: string, ways: readonly Case[]): Promise<void> {
    let result: Answer['result'] = 'unsat';
    for (const many of [1, FEW_WAYS, ways.length]) {
      if (result === 'sat') break;
      const asked = ways.slice(0, many);
      result = (await this.#ask(`${step}: can be taken`, asked, 'sat')).result;
      if (asked.length === ways.length) break;
    }
    if (result === 'unsat') this.#impossible.push(step);
    if (result === 'unknown') {
      this.#rows.push({ step, statement: 'can be taken', cases: ways.length, result: 'unknown' });
    }
  }

  outcome(): Omit<TheoremOutcome, 'paths'> {
    const results = this.#rows.map(({ result }) => result);
    return {
      verdict: results.includes('broken') ? 'not proved' : results.includes('unknown') ? 'unknown' : 'proved',
      rows: this.#rows,
      broken: this.#broken,
      impossible: this.#impossible,
    };
  }
}

/** The way to the world where the SA has just been established: none. */
export const AT_START: Way = {
  step: { name: START } as DerivedStep,
  path: { effect: { action: { kind: START } } } as unknown as StepPath,
  decisions: [],
  known: NOTHING_KNOWN,
};

/** The values of all places there, by their names. */
const placedAtStart = ({ composition, initial }: Relation): ReadonlyMap<string, Value | undefined> =>
  new Map(composition.places.map(({ name }, index) => [name, initial[index]]));

/** That world. */
export function worldAtStart(
  relation: Relation,
  { ghosts }: Pick<Theorem, 'ghosts'>,
  further: Pick<World, 'memory' | 'any' | 'settings'>,
): World {
  const placed = placedAtStart(relation);
  const [cluster, peer] = [placed.get(relation.boxes.cluster.active), placed.get(relation.boxes.peer.active)];
  if (!isActive(cluster) || !isActive(peer)) throw new Error('both ends are active at the start');
  return {
    ...{ cluster, isClosed: false, peer, isClosedByPeer: false },
    made: { cluster: 0, peer: 0, syncs: 0, syncsOfPeer: 0 },
    packets: { cluster: 0, peer: 0 },
    ghosts: Object.fromEntries(Object.entries(ghosts).map(([name, { initial }]) => [name, initial])),
    ...further,
  };
}

/** What of the past a path has to do with; all else is not even settled for it. */
export interface Touched {
  readonly memory: boolean;
  /** By their names. */
  readonly ghosts: readonly string[];
}

/** What can change in a step, as a clause reads it. */
export type Part = 'cluster' | 'peer' | 'made' | 'memory' | `ghost ${string}`;

/** A way, with the worlds before and after it. */
export interface WayOn {
  readonly way: Way;
  readonly before: World;
  readonly after: World;
  readonly touched: Touched;
  readonly changed: ReadonlySet<Part>;
}

/** A clause, with the ways in which it is false before a step: of each thing that it is said of. */
interface Premise {
  readonly id: string;
  readonly broken: readonly (readonly (readonly Decision[])[])[];
}

export class TheoremProof {
  readonly #relation: Relation;
  readonly #theorem: Theorem;
  readonly #property: SafetyProperty;
  readonly #settings: Settings;
  readonly #any: number;
  readonly #memory: Shape;
  readonly #ghosts: Readonly<Record<string, Shape>>;
  readonly #reads = new Map<Clause, ReadonlySet<Part>>();
  readonly #premises: Premise[] = [];

  constructor(relation: Relation, theorem: Theorem, property: SafetyProperty, settings: Settings) {
    this.#relation = relation;
    this.#theorem = theorem;
    this.#property = property;
    this.#settings = settings;
    // Whatever it stands for is a number of the model's.
    this.#any = sumOf(relation.variables.named('any', 0)) as unknown as number;
    this.#memory = theorem.memory.shape(this.#any, peerKind(settings));
    this.#ghosts = Object.fromEntries(
      Object.entries(theorem.ghosts).map(([name, { initial, least }]) => [
        name,
        initial === null ? oneOf(value(null), integer(least)) : integer(least),
      ]),
    );
    for (const clause of theorem.clauses) this.take(clause);
  }

  /** Takes a clause to hold before every step, where a question does not leave it out. */
  take(clause: Clause): void {
    this.#premises.push({ id: clause.id, broken: this.#brokenBefore(clause) });
  }

  /** Any value of a place before a step. */
  #placed(name: string): Value {
    return placeBefore(this.#relation, this.#relation.variables, name);
  }

  /** The members of an end that are not active before a step, by their names. */
  #othersAt(end: Endpoint): readonly string[] {
    return this.#relation.boxes[end].others;
  }

  /** How many sync requests there were of a peer that is a cluster too. */
  #syncsOfPeer(count: (name: string) => number): number {
    return this.#othersAt('peer').length > 0 ? count(FURTHER_COUNTS.peerSyncRequests) : 0;
  }

  /** The world before a step. */
  before(): World {
    return this.#before(() => undefined);
  }

  /** The world before a step; of its parts those that are asked for are settled. */
  #before(read: (part: Part) => void): World {
    const { variables, boxes } = this.#relation;
    const placed = (name: string): Value => this.#placed(name);
    const count = (name: string): number => placed(name) as number;
    const syncsOfPeer = (): number => this.#syncsOfPeer(count);
    const canPeerClose = this.#othersAt('peer').length > 0;
    const [theorem, any, memory, ghosts] = [this.#theorem, this.#any, this.#memory, this.#ghosts];
    return {
      get cluster() {
        read('cluster');
        return placed(boxes.cluster.active) as ActiveMember;
      },
      get isClosed() {
        read('cluster');
        return choose(variables, 'closed?', 2) === 1;
      },
      get peer() {
        read('peer');
        return placed(boxes.peer.active) as ActiveMember;
      },
      get isClosedByPeer() {
        if (!canPeerClose) return false;
        read('peer');
        return choose(variables, 'closed by the peer?', 2) === 1;
      },
      get made() {
        read('made');
        return {
          cluster: count(COUNTS.clusterRequests),
          peer: count(COUNTS.peerRequests),
          syncs: count(COUNTS.syncRequests),
          syncsOfPeer: syncsOfPeer(),
        };
      },
      get packets() {
        read('made');
        return {
          cluster: count(FURTHER_COUNTS.clusterPackets),
          peer: count(FURTHER_COUNTS.peerPackets),
        };
      },
      get memory() {
        read('memory');
        return anyOf(variables, memory, `memory of ${theorem.property}`);
      },
      ghosts: this.#ghostsOf((name) => {
        read(`ghost ${name}`);
        return anyOf(variables, ghosts[name] ?? integer(-1), `ghost ${name} of ${theorem.property}`) as
          | number
          | null;
      }),
      any,
      settings: this.#settings,
    };
  }

  /** All ghosts, each of which is settled when it is read. */
  #ghostsOf(settled: (name: string) => number | null): World['ghosts'] {
    const of = {};
    for (const name of Object.keys(this.#theorem.ghosts)) {
      Object.defineProperty(of, name, { enumerable: true, get: () => settled(name) });
    }
    return of;
  }

  /** What a clause says of a world, for one standby or one message where it is about these. */
  #holds(clause: Clause, world: World, about: Value | Message | null): boolean {
    switch (clause.of) {
      case 'world':
        return clause.holds(world);
      case 'standby': {
        const member = about as Value;
        if (typeof member !== 'object' || !('role' in member) || member.role !== 'standby') return true;
        return clause.holds(world, member.snapshot);
      }
      case 'message':
        return clause.holds(world, about as Message);
    }
  }

  /** The ways in which a clause is false of something that a step can meet: the members beside the active one, and any message. */
  #brokenBefore(clause: Clause): Premise['broken'] {
    const { variables, shapes } = this.#relation;
    const abouts =
      clause.of === 'world'
        ? [() => null]
        : clause.of === 'standby'
          ? this.#othersAt(endOfClause(clause)).map((name) => () => this.#placed(name))
          : ['m', 'o'].map((name) => () => anyMessage(shapes, variables, name));
    const parts = new Set<Part>();
    this.#reads.set(clause, parts);
    return abouts.map((about) => {
      const world = this.#before((part) => parts.add(part));
      const paths = explore(() => this.#holds(clause, world, about()));
      // Facts are left out: else a clause that has looked at more than it needed would say nothing of a world in which the
      // solver, of what no case looks at, takes numbers that are in no shape.
      return paths
        .filter(({ result }) => !result)
        .map(({ decisions }) => decisions.filter(({ isFact }) => isFact !== true));
    });
  }

  /** Whether there is such a case, given that all clauses hold before the step but those that are left out, by their ids. */
  questionText(cases: readonly Case[], leftOut: ReadonlySet<string> = new Set()): string {
    const premises = this.#premises.flatMap(({ id, broken }) => (leftOut.has(id) ? [] : broken));
    const texts = premises
      .filter((ways) => ways.length > 0)
      .map((ways) => `(not (or ${ways.map(textOf).join(' ')} false))`);
    return questionOf([...texts, casesText(cases)], this.#relation.variables.all);
  }

  /** The clauses taken that are false in a world before a step, by their ids. */
  brokenIn(values: Values): ReadonlySet<string> {
    const broken = this.#premises.filter((premise) =>
      premise.broken.flat().some((decisions) => takesPath(decisions, values)),
    );
    return new Set(broken.map(({ id }) => id));
  }

  /** The clauses where the SA has just been established. */
  atStart(clauses: readonly Clause[] = this.#theorem.clauses): readonly Obligation[] {
    const { shapes, boxes } = this.#relation;
    const world = worldAtStart(this.#relation, this.#theorem, {
      memory: this.#property.watch.initial,
      any: this.#any,
      settings: this.#settings,
    });
    const placed = placedAtStart(this.#relation);
    const standbyOf = (end: Endpoint): Value | null => placed.get(boxes[end].others[0] ?? '') ?? null;
    const ofClauses = clauses
      .filter(({ of }) => of !== 'message')
      .map((clause) => ({
        step: START,
        statement: clause.id,
        cases: casesOn(AT_START, () => this.#holds(clause, world, standbyOf(endOfClause(clause)))),
      }));
    const isFit = (): boolean =>
      ENDS.every(
        (end) =>
          unfitIn(world[end], shapes[end].active, end) === undefined &&
          (boxes[end].others.length === 0 ||
            unfitIn(standbyOf(end), shapes[end].inactive, 'a standby') === undefined),
      ) &&
      unfitIn(world.memory, this.#memory, 'memory') === undefined &&
      Object.entries(world.ghosts).every(
        ([name, first]) => unfitIn(first, this.#ghosts[name] ?? integer(), name) === undefined,
      );
    return [...ofClauses, { step: START, statement: SHAPES, cases: casesOn(AT_START, isFit) }];
  }

  /** All that has to be so of a kind of step, and the ways in which it can be taken. */
  ofStep(step: DerivedStep): {
    readonly obligations: readonly Obligation[];
    readonly ways: readonly WayOn[];
  } {
    const ways = this.#waysOf(step);
    const isOwn = step.lookedAt === null;
    const obligations = [
      {
        step: step.name,
        statement: PROPERTY,
        cases: ways.flatMap(({ way, before, touched }) =>
          isOwn && touched.memory ? this.#propertyCases(way, before) : [],
        ),
      },
      {
        step: step.name,
        statement: SHAPES,
        cases: ways.flatMap(({ way, after, touched }) => this.#shapeCases(way, after, touched)),
      },
      ...this.#theorem.clauses.map((clause) => this.against(clause, step, ways)),
    ];
    return { obligations, ways };
  }

  /** All that could speak against a clause after a step, on the ways in which that can be taken. */
  against(clause: Clause, step: DerivedStep, ways: readonly WayOn[]): Obligation {
    const cases = ways.flatMap(({ way, after, changed }) =>
      this.#aboutAfter(clause, step, way.path, changed).flatMap((about) =>
        casesOn(way, () => this.#holds(clause, after, about())),
      ),
    );
    return { step: step.name, statement: clause.id, cases };
  }

  #waysOf(step: DerivedStep): readonly WayOn[] {
    return step.paths.flatMap((path) => {
      const before = this.#before(() => undefined);
      const touched = this.#touchedBy(path, before);
      const after = this.#after(path, before, touched);
      const changed = changedIn(path, touched);
      return explore(() => this.#isAssumed(step, path, before), path.known).flatMap(
        ({ result, decisions, known }) => {
          const way: Way = { step, path, decisions: [...path.decisions, ...decisions], known };
          return result && !this.#isRuledOut(way, before) ? [{ way, before, after, touched, changed }] : [];
        },
      );
    });
  }

  /** Whether what is remembered can be another after a path: looked at for whatever it was before. */
  #touchedBy({ effect: { observations }, known }: StepPath, before: World): Touched {
    const { watch } = this.#property;
    if (observations.length === 0) return { memory: false, ghosts: [] };
    const isMoved = (run: () => boolean): boolean => explore(run, known).some(({ result }) => result);
    return {
      memory: isMoved(() => {
        const { memory } = before;
        return observations.some((observation) => {
          const next = watch.observe(memory, observation);
          return !next.ok || next.state !== memory;
        });
      }),
      ghosts: Object.entries(this.#theorem.ghosts).flatMap(([name, { after }]) =>
        isMoved(() => {
          const ghost = before.ghosts[name] ?? null;
          return observations.some((observation) => after(ghost, observation, this.#any) !== ghost);
        })
          ? [name]
          : [],
      ),
    };
  }

  /** Whether a step is one that the theorem is about. */
  #isAssumed(step: DerivedStep, path: StepPath, before: World): boolean {
    const seen = this.#stepSeen(step, path, before);
    // Where an end has closed the SA, no member of it takes a step.
    const isOpen = step.end === 'cluster' ? !before.isClosed : !before.isClosedByPeer;
    return isOpen && this.#theorem.assumes.every((assumption) => assumption.holds(before, seen));
  }

  /** Whether a clause is plainly false on a way, of what the step meets: then it is never taken, and nobody need be asked. */
  #isRuledOut(way: Way, before: World): boolean {
    const { path, known } = way;
    const { boxes } = this.#relation;
    const met = (part: Part): boolean =>
      (part === 'cluster' || part === 'peer') && boxes[part].active in path.before;
    const standbysOf = (end: Endpoint): readonly Value[] =>
      this.#othersAt(end).flatMap((name) => path.before[name] ?? []);
    return this.#theorem.clauses.some((clause) => {
      if (clause.of === 'message') return false;
      const reads = [...(this.#reads.get(clause) ?? [])];
      const abouts: readonly (Value | null)[] =
        clause.of === 'standby' ? standbysOf(endOfClause(clause)) : reads.length > 0 ? [null] : [];
      return (
        reads.every(met) &&
        abouts.some((about) =>
          explore(() => this.#holds(clause, before, about), known).every(({ result }) => !result),
        )
      );
    });
  }

  /** What the property remembers after a path; or why it is broken there, which may be nothing that is said. */
  #remembered(path: StepPath, before: World): { readonly memory: unknown } | { readonly because: string } {
    const { memory: keeping, isAbout } = this.#theorem;
    let { memory } = before;
    for (const observation of path.effect.observations) {
      const next = this.#property.watch.observe(memory, observation);
      if (next.ok) memory = next.state === memory ? memory : keeping.keep(next.state, this.#any);
      else if (isAbout?.(observation, this.#any) ?? true) {
        return { because: typeof next.because === 'string' ? next.because : '' };
      }
    }
    return { memory };
  }

  /** The ways on which a step breaks the property. */
  #propertyCases(way: Way, before: World): readonly Case[] {
    return explore(() => this.#remembered(way.path, before), way.known).flatMap(({ result, decisions }) => {
      if (!('because' in result)) return [];
      const { because } = result;
      return [
        { ...way, decisions: [...way.decisions, ...decisions], ...(because === '' ? {} : { because }) },
      ];
    });
  }

  #stepSeen({ end: by }: DerivedStep, path: StepPath, before: World): StepSeen {
    const { kind } = path.effect.action;
    const [other = ''] = this.#othersAt(by);
    const taker = path.before[other];
    if (kind === 'ask') return { kind, by, snapshot: before[by].sa };
    if (kind !== 'failover' || typeof taker !== 'object' || !('role' in taker) || taker.role !== 'standby') {
      return { kind: kind as StepKind, by, snapshot: null };
    }
    const { stateSync } = this.#settings;
    return { kind, by, snapshot: stateSync === 'each-step' ? before[by].sa : taker.snapshot };
  }

  /** Whether what a step leaves is of the shapes. */
  #shapeCases(way: Way, after: World, touched: Touched): readonly Case[] {
    const { step, path } = way;
    const { shapes } = this.#relation;
    const actives = Object.values(path.after).filter(isActive);
    const unfitPlace = (): string | undefined => {
      if (actives.length > 1) return 'two members are active';
      for (const [name, value] of Object.entries(path.after)) {
        if (value === path.before[name]) continue;
        if (step.lookedAt !== null && name !== step.lookedAt) continue;
        // A count is one more than it was: a sum, which is no number to JavaScript.
        const shape = isCount(name) ? integer() : shapes[step.end][isActive(value) ? 'active' : 'inactive'];
        const found = unfitIn(value, shape, name);
        if (found !== undefined) return found;
      }
      for (const [index, message] of path.effect.sent.entries()) {
        const isOne = shapes.messages.some((shape) => unfitIn(message, shape, '') === undefined);
        if (!isOne) return `message ${index} that is sent`;
      }
      // In no message, so it has no shape there; what is looked at for all is 0 or more.
      for (const seen of path.effect.observations) {
        if (seen.kind !== 'iv-used') continue;
        const found = unfitIn(seen.iv, integer(), 'an initialization vector that is used');
        if (found !== undefined) return found;
      }
      return undefined;
    };
    return [
      unfitPlace,
      ...(touched.memory ? [() => unfitIn(after.memory, this.#memory, 'what the property remembers')] : []),
      ...touched.ghosts.map(
        (name) => () => unfitIn(after.ghosts[name] ?? null, this.#ghosts[name] ?? integer(), name),
      ),
    ].flatMap((unfit) =>
      explore(() => unlessBroken(unfit, undefined), way.known).flatMap(({ result, decisions }) =>
        result === undefined
          ? []
          : [
              {
                ...way,
                decisions: [...way.decisions, ...decisions],
                because: `${result} is in no shape that is looked at`,
              },
            ],
      ),
    );
  }

  /** The world after a path; what is remembered is worked out when it is read, by whoever reads it. */
  #after(path: StepPath, before: World, touched: Touched): World {
    const { boxes } = this.#relation;
    const touches = (end: Endpoint): boolean => boxes[end].active in path.after;
    const activeOf = (end: Endpoint): ActiveMember | null => {
      const active = touches(end) ? activeAfter(path, boxes[end], null) : null;
      return isActive(active ?? undefined) ? (active as ActiveMember) : null;
    };
    const after = { cluster: activeOf('cluster'), peer: activeOf('peer') };
    const count = (name: string): number => (path.after[name] ?? this.#placed(name)) as number;
    const syncsOfPeer = (): number => this.#syncsOfPeer(count);
    const memory = onceInARun(() => {
      const remembered = this.#remembered(path, before);
      if ('because' in remembered) throw new Broken();
      return remembered.memory;
    });
    return {
      get cluster() {
        return after.cluster ?? before.cluster;
      },
      get isClosed() {
        return touches('cluster') ? after.cluster === null : before.isClosed;
      },
      get peer() {
        return after.peer ?? before.peer;
      },
      get isClosedByPeer() {
        return touches('peer') ? after.peer === null : before.isClosedByPeer;
      },
      get made() {
        return {
          cluster: count(COUNTS.clusterRequests),
          peer: count(COUNTS.peerRequests),
          syncs: count(COUNTS.syncRequests),
          syncsOfPeer: syncsOfPeer(),
        };
      },
      get packets() {
        return {
          cluster: count(FURTHER_COUNTS.clusterPackets),
          peer: count(FURTHER_COUNTS.peerPackets),
        };
      },
      get memory() {
        return touched.memory ? memory() : before.memory;
      },
      ghosts: this.#ghostsOf((name) => {
        const known = before.ghosts[name] ?? null;
        const next = touched.ghosts.includes(name) ? this.#theorem.ghosts[name]?.after : undefined;
        return next === undefined
          ? known
          : path.effect.observations.reduce<number | null>(
              (ghost, observation) => next(ghost, observation, this.#any),
              known,
            );
      }),
      any: this.#any,
      settings: this.#settings,
    };
  }

  /** What a clause has to be looked at for after a step; nothing, where the step changes nothing that it reads. */
  #aboutAfter(
    clause: Clause,
    step: DerivedStep,
    path: StepPath,
    changed: ReadonlySet<Part>,
  ): readonly (() => Value | Message | null)[] {
    const { variables, shapes } = this.#relation;
    const isMoved = [...(this.#reads.get(clause) ?? [])].some((part) => changed.has(part));
    switch (clause.of) {
      case 'world':
        return isMoved && step.lookedAt === null ? [() => null] : [];
      case 'standby': {
        const { active, others: standbys } = this.#relation.boxes[endOfClause(clause)];
        const touched = Object.entries(path.after).filter(
          ([name, after]) =>
            (step.lookedAt === null || name === step.lookedAt) &&
            (name === active || standbys.includes(name)) &&
            (isMoved || after !== path.before[name]),
        );
        // Whoever is not named is untouched, or has a step of its own among these.
        const isLeft =
          step.end === endOfClause(clause) ? step.others === 'untouched' : step.lookedAt === null;
        const others =
          isMoved && isLeft
            ? standbys
                .slice(-1)
                .filter((name) => !(name in path.after))
                .map((name) => () => this.#placed(name))
            : [];
        return [
          ...touched.map(
            ([, after]) =>
              () =>
                after,
          ),
          ...others,
        ];
      }
      case 'message': {
        if (step.lookedAt !== null) return [];
        const old = isMoved ? [() => anyMessage(shapes, variables, 'o')] : [];
        return [...path.effect.sent.map((message) => () => message), ...old];
      }
    }
  }

  /** The numbers of an answer to a question, and what is in the lists that it asks of. */
  valuesIn(text: string, answer: Extract<Answer, { result: 'sat' }>): Values {
    const { all } = this.#relation.variables;
    const numbers = new Map(all.map(({ name }) => [name, Number(answer.value(name))]));
    const lists = new Map<string, Set<number>>();
    for (const { list, number, isIn } of askedOf(text)) {
      const items = lists.get(list) ?? new Set();
      lists.set(list, answer.value(isIn) === 1n ? items.add(Number(answer.value(number))) : items);
    }
    return withItems(lists, valuesFrom(numbers, all));
  }

  /** The world behind an answer, with its numbers. */
  brokenBy(
    statement: string,
    cases: readonly Case[],
    answer: Extract<Answer, { result: 'sat' }>,
  ): BrokenStep {
    const found = cases[Number(answer.value('case'))];
    if (found === undefined) throw new Error('the solver names a case that is not there');
    const { variables, shapes, boxes } = this.#relation;
    const values = this.valuesIn(this.questionText(cases), answer);
    const { step, path, because } = found;
    const shown = (of: unknown): unknown => concreteOf(of, values);
    if (step.name === START) {
      return { step: START, statement, world: {}, message: null, action: null, after: {}, sent: [] };
    }
    // Along the way of the case, every part that is looked at is settled.
    const settled = atValues(values, () => {
      const before = this.#before(() => undefined);
      const canPeerFail = boxes.peer.others.length > 0;
      const others = [...boxes.cluster.others, ...boxes.peer.others].map((name) => [
        name,
        shown(this.#placed(name)),
      ]);
      return {
        [boxes.cluster.active]: before.isClosed ? { role: 'closed' } : shown(before.cluster),
        [boxes.peer.active]: before.isClosedByPeer ? { role: 'closed' } : shown(before.peer),
        ...Object.fromEntries(others),
        made: shown(canPeerFail ? before.made : { ...before.made, syncsOfPeer: undefined }),
        packets: shown(before.packets),
        memory: shown(before.memory),
        ghosts: shown(before.ghosts),
        bump: shown(before.settings.bump),
        any: shown(before.any),
        message: shown(path.message),
        other: shown(anyMessage(shapes, variables, 'o')),
        after: shown(path.after),
        sent: shown(path.effect.sent),
        action: shown(path.effect.action),
      };
    });
    const { message, after, sent, action, ...world } = settled;
    return {
      step: step.name,
      statement,
      ...(because === undefined ? {} : { because }),
      world,
      message,
      action,
      after: after as Readonly<Record<string, unknown>>,
      sent,
    };
  }
}

const ALL_COUNTS: readonly string[] = [...Object.values(COUNTS), ...Object.values(FURTHER_COUNTS)];

const isCount = (name: string): boolean => ALL_COUNTS.includes(name);

const ENDS: readonly Endpoint[] = ['cluster', 'peer'];

/** The end of whose standbys a clause is; of others it does not matter. */
const endOfClause = (clause: Clause): Endpoint =>
  clause.of === 'standby' ? (clause.end ?? 'cluster') : 'cluster';

/** What is remembered is asked for where the property is broken: what comes after that is no matter. */
class Broken extends Error {}

function unlessBroken<T>(run: () => T, otherwise: T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Broken) return otherwise;
    throw error;
  }
}

/** A value that is worked out when it is first asked for in a run, and kept until the next. */
function onceInARun<T>(work: () => T): () => T {
  let kept: { readonly run: object | null; readonly value: T } | null = null;
  return () => {
    const run = thisRun();
    if (kept === null || kept.run !== run) kept = { run, value: work() };
    return kept.value;
  };
}

function changedIn(path: StepPath, { memory, ghosts }: Touched): ReadonlySet<Part> {
  const changed = new Set<Part>(ghosts.map((name) => `ghost ${name}` as const));
  if (memory) changed.add('memory');
  for (const [name, after] of Object.entries(path.after)) {
    if (after === path.before[name]) continue;
    changed.add(isCount(name) ? 'made' : endOfBox(name));
  }
  return changed;
}

/** The cases on a way in which a statement is false. */
export const casesOn = (way: Way, holds: () => boolean): readonly Case[] =>
  explore(() => unlessBroken(holds, true), way.known).flatMap(({ result, decisions }) =>
    result ? [] : [{ step: way.step, path: way.path, decisions: [...way.decisions, ...decisions] }],
  );

const textOf = (decisions: readonly Decision[]): string =>
  decisions.length === 0
    ? 'true'
    : `(and ${decisions.map(({ question, answer }) => answeredText(question, answer)).join(' ')})`;

/** Cases by what they have decided in common: so each question is written once for all that follow it. */
interface Branch {
  readonly ends: number[];
  readonly next: Map<string, { readonly question: Question; readonly yes: Branch; readonly no: Branch }>;
}

const branch = (): Branch => ({ ends: [], next: new Map() });

/** That one of the cases is so; `case` says which. */
function casesText(cases: readonly Pick<Case, 'decisions'>[]): string {
  const root = branch();
  for (const [index, { decisions }] of cases.entries()) {
    let at = root;
    for (const { question, answer } of decisions) {
      const fork = at.next.get(question.key) ?? { question, yes: branch(), no: branch() };
      at.next.set(question.key, fork);
      at = answer ? fork.yes : fork.no;
    }
    at.ends.push(index);
  }
  return branchText(root);
}

const isEmpty = ({ ends, next }: Branch): boolean => ends.length === 0 && next.size === 0;

function branchText({ ends, next }: Branch): string {
  const forks = [...next.values()].flatMap(({ question, yes, no }) => [
    ...(isEmpty(yes) ? [] : [`(and ${answeredText(question, true)} ${branchText(yes)})`]),
    ...(isEmpty(no) ? [] : [`(and ${answeredText(question, false)} ${branchText(no)})`]),
  ]);
  const all = [...ends.map((index) => `(= |case| ${index})`), ...forks];
  return all.length === 0 ? 'false' : all.length === 1 ? all.join('') : `(or ${all.join('\n')})`;
}

/** The question which numbers take a path. */
export const pathText = (
  { decisions }: Pick<StepPath, 'decisions'>,
  variables: readonly Variable[],
): string => questionOf([textOf(decisions)], variables);

/** Whether all claims can be true at once, of the variables that they name. */
function questionOf(claims: readonly string[], variables: readonly Variable[]): string {
  const claimed = claims.map((claim) => `(assert ${claim})`).join('\n');
  const asked = askedOf(claimed);
  const text = [claimed, ...asked.map(({ text: named }) => named)].join('\n');
  const named = new Set([...text.matchAll(/\|([^|]*)\|/g)].map(([, name]) => name));
  const used = variables
    .filter(({ name }) => named.has(name))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return [
    ...[...new Set(asked.map(({ list }) => list))].map((name) => `(declare-fun |${name}| (Int) Bool)`),
    ...asked.flatMap(({ number, isIn }) => [
      `(declare-const |${number}| Int)`,
      `(declare-const |${isIn}| Int)`,
    ]),
    ...used.map(({ name }) => `(declare-const |${name}| Int)`),
    ...(named.has('case') ? ['(declare-const |case| Int)'] : []),
    ...used.flatMap(limitsOf),
    text,
    '',
  ].join('\n');
}

/** A number of which a list is asked, under names by which the solver tells what it is, and whether it is there: 1 or 0. */
interface AskedOf {
  readonly list: string;
  readonly number: string;
  readonly isIn: string;
  readonly text: string;
}

/** What lists are asked of in a text, each once. */
function askedOf(text: string): readonly AskedOf[] {
  const terms = new Map<string, string>();
  for (const { index, 0: opening, 1: list = '' } of text.matchAll(/\(\|([^|]*)\| /g)) {
    const end = endOf(text, index);
    terms.set(text.slice(index, end + 1), `${list}\n${text.slice(index + opening.length, end)}`);
  }
  return [...terms].sort().map(([term, parts], place) => {
    const [list = '', sum = ''] = parts.split('\n');
    const [number, isIn] = [`${list} ${ASKED} ${place}`, `${list} has ${place}`];
    return {
      list,
      number,
      isIn,
      text: `(assert (and (= |${number}| ${sum}) (= |${isIn}| (ite ${term} 1 0))))`,
    };
  });
}

const ASKED = 'is asked of';

/** Where the bracket is closed that is opened there. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  throw new RangeError('a bracket is not closed');
}

const limitsOf = ({ name, least, most }: Variable): readonly string[] => [
  ...(least === undefined ? [] : [`(assert (<= ${least < 0 ? `(- ${-least})` : least} |${name}|))`]),
  ...(most === undefined ? [] : [`(assert (<= |${name}| ${most}))`]),
];
