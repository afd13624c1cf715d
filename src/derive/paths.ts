/**
 * All ways through a function whose numbers are not known. A comparison is decided at once: the function sees a plain
 * truth value, and is run again from the start for the other one. So it needs no changes: its conditions, loops and
 * matches are those of the language.
 */
import { Bounds } from './bounds.ts';
import {
  NotFollowed,
  numberOf,
  plus,
  type Question,
  question,
  Sum,
  sumOf,
  sumText,
  takeRefusal,
  type Variable,
} from './linear.ts';

/** Variables by name, in the order in which they were first named. */
export class Variables {
  readonly #all = new Map<string, Variable>();

  get all(): readonly Variable[] {
    return [...this.#all.values()];
  }

  /** The variable with this name: the same each time. `least` and `most` are known of it from the start. */
  named(name: string, least?: number, most?: number): Variable {
    const known = this.#all.get(name);
    if (known !== undefined) {
      if (known.least !== least || known.most !== most) throw new Error(`two variables are named ${name}`);
      return known;
    }
    const variable: Variable = {
      name,
      index: this.#all.size + 1,
      ...(least === undefined ? {} : { least }),
      ...(most === undefined ? {} : { most }),
    };
    this.#all.set(name, variable);
    owners.set(variable, this);
    return variable;
  }

  /** The variable that stands for a sum, never below 0, divided by a whole number and rounded down: one for each. */
  quotient(of: Sum, by: number): Variable {
    const name = `${sumText(of).replaceAll('|', '')} by ${by}`;
    const known = this.#all.get(name);
    if (known !== undefined) return known;
    const variable: Variable = { name, index: this.#all.size + 1, least: 0, quotient: { of, by } };
    this.#all.set(name, variable);
    owners.set(variable, this);
    return variable;
  }
}

/** Where a variable was named. */
const owners = new WeakMap<Variable, Variables>();

/** A sum, never below 0 on the way that is looked at, divided by a whole number from 1 on and rounded down. */
export function quotientOf(of: Sum, by: number): Sum {
  const variables = of.terms[0] === undefined ? undefined : owners.get(of.terms[0][0]);
  if (variables === undefined) throw new NotFollowed('a quotient of what is no number of a world');
  const quotient = sumOf(variables.quotient(of, by));
  const rest = plus(of, quotient, -by);
  // 0 <= of - by * quotient <= by - 1
  const [low, high] = [plus(0, rest, -1), plus(rest, 1 - by)];
  for (const fact of [low, high]) if (fact instanceof Sum) assume(question('at-most', fact));
  return quotient;
}

/** What is known on a way so far. */
export interface Known {
  readonly bounds: Bounds;
  /** Between which numbers a sum lies that is no difference, by what was answered of it; without its constant. */
  readonly sums: ReadonlyMap<string, Between>;
  /** What was answered last, and what was known before it. */
  readonly answer: {
    readonly question: Question;
    readonly answer: boolean;
    readonly before: Known['answer'];
  } | null;
}

interface Between {
  readonly least: number;
  readonly most: number;
}

export const NOTHING_KNOWN: Known = { bounds: Bounds.nothing, sums: new Map(), answer: null };

/** The answer to a question that was answered before; undefined if it was not. */
function answerTo({ answer: last, bounds }: Known, asked: Question): boolean | undefined {
  for (let each = last; each !== null; each = each.before) {
    if (each.question.key === asked.key) return each.answer;
    // Of the same number a list says the same.
    if (asked.list !== undefined && each.question.list === asked.list) {
      const difference = plus(each.question.sum, asked.sum, -1);
      const isSame =
        difference instanceof Sum
          ? upperBound(bounds, difference) <= 0 && upperBound(bounds, negated(difference)) <= 0
          : difference === 0;
      if (isSame) return each.answer;
    }
  }
  return undefined;
}

/** A question that was put, and the answer on this way. */
export interface Decision {
  readonly question: Question;
  readonly answer: boolean;
  /** Nothing was chosen: it is so of whatever is looked at. */
  readonly isFact?: true;
}

/** One way through a function. */
export interface Path<T> {
  readonly result: T;
  /** Those that are not implied by the ones before. */
  readonly decisions: readonly Decision[];
  readonly known: Known;
}

/** A question in the order in which they are put, with its answer, and what is known then. */
interface Answered extends Decision {
  readonly known: Known;
  /** Whether the answer was free: else it followed from those before. */
  readonly isFree: boolean;
  /** The same question with the other answer, if that has yet to be looked at. */
  readonly other: Known | null;
}

/** A run of a function: what was asked before is answered as it was, and what comes new is decided. */
class Run {
  readonly trail: Answered[];
  at = 0;
  known: Known;

  constructor(trail: Answered[], from: Known) {
    this.trail = trail;
    this.known = from;
  }

  decide(question: Question, isAssumed = false): boolean {
    const before = this.trail[this.at];
    if (before !== undefined && before.question.key !== question.key) throw new NotFollowed(IMPURE);
    const next = before ?? this.#decided(question, isAssumed);
    if (before === undefined) this.trail.push(next);
    this.at++;
    this.known = next.known;
    return next.answer;
  }

  /** Among the decisions, for that nobody could answer it otherwise is no reason to know it. */
  assume(fact: Question): void {
    this.decide(fact, true);
  }

  most(sum: Sum): number {
    const known = meeting(this.known, sum);
    return Math.min(answeredOf(known, sum).most, upperBound(known.bounds, sum));
  }

  #decided(question: Question, isAssumed: boolean): Answered {
    const known = meeting(this.known, question.sum);
    const implied = answerTo(known, question) ?? impliedAnswer(known, question);
    if (isAssumed && implied === false) throw new Impossible();
    if (implied !== undefined) return { question, answer: implied, known, isFree: false, other: null };
    const yes = answered(known, question, true);
    if (isAssumed) {
      if (yes === null) throw new Impossible();
      return { question, answer: true, isFact: true, known: yes, isFree: true, other: null };
    }
    const no = answered(known, question, false);
    if (yes !== null && no !== null) return { question, answer: true, known: yes, isFree: true, other: no };
    // One of the two cannot be, though that is not plain at once.
    const certain = yes ?? no;
    if (certain === null) throw new Error('neither answer can be');
    return { question, answer: yes !== null, known: certain, isFree: false, other: null };
  }
}

/** What is assumed cannot be on this way: there is no such way. */
class Impossible extends Error {}

const IMPURE =
  'it did not ask the same when it was run again: it is no pure function, since it goes by more than its arguments';

interface Deciding {
  readonly decide: (asked: Question) => boolean;
  readonly assume: (fact: Question) => void;
  /** How much a sum is at most, by what is known; Infinity if nothing is. */
  readonly most: (sum: Sum) => number;
}

let current: Deciding | null = null;

/** How many ways are looked at before it is given up: a function with more is not what this is made for. */
const MOST_PATHS = 400_000;

/** All ways through a function; `from`: what is known from the start. Those that cannot be are mostly left out. */
export function explore<T>(run: () => T, from: Known = NOTHING_KNOWN): readonly Path<T>[] {
  const paths: Path<T>[] = [];
  const trail: Answered[] = [];
  const outer = current;
  try {
    for (;;) {
      const way = new Run(trail, from);
      current = way;
      const came = possible(run);
      if (way.at < trail.length) throw new NotFollowed(IMPURE);
      if (came !== null)
        paths.push({
          ...came,
          decisions: trail.flatMap(({ question, answer, isFact, isFree }) =>
            isFree ? [{ question, answer, ...(isFact && { isFact }) }] : [],
          ),
          known: way.known,
        });
      if (paths.length > MOST_PATHS) throw new NotFollowed(`it has more than ${MOST_PATHS} paths`);
      let last = trail.pop();
      while (last !== undefined && last.other === null) last = trail.pop();
      if (last === undefined) return paths;
      if (last.other === null) throw new Error('a fork without another way');
      trail.push({ ...last, answer: !last.answer, known: last.other, other: null });
    }
  } finally {
    current = outer;
  }
}

function possible<T>(run: () => T): { readonly result: T } | null {
  takeRefusal();
  let came: { readonly result: T } | null = null;
  try {
    came = { result: run() };
  } catch (error) {
    if (!(error instanceof Impossible)) throw error;
  }
  // Whoever catches what could not be followed would go on as if the rule itself had failed there.
  const refused = takeRefusal();
  if (refused !== null) throw refused;
  return came;
}

/** The answer to a question where every number is known. */
export function answerAt({ asks, sum, list }: Question, values: (name: string) => number): boolean {
  const value = numberOf(sum, values);
  if (list !== undefined) {
    const length = values(`${list}.length`);
    for (let place = 0; place < length; place++) if (values(`${list}.${place}`) === value) return true;
    return false;
  }
  return asks === 'is' ? value === 0 : value <= 0;
}

/** A function that must not ask anything: its result is the same whatever the numbers are. */
export function undecided<T>(because: string, run: () => T): T {
  const outer = current;
  current = {
    decide: () => {
      throw new NotFollowed(because);
    },
    assume: () => undefined,
    most: () => Infinity,
  };
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** What is so on every way that is looked at: whoever says so sees to it that there are no others. */
export function assume(fact: Question): void {
  if (current === null) throw new NotFollowed('something is assumed outside of a step');
  current.assume(fact);
}

/** How much a sum is at most on the way that is looked at, by what is known so far; Infinity if nothing is. */
export const knownMost = (sum: Sum): number => current?.most(sum) ?? Infinity;

/** A function where every number is known: what is asked is answered by the values of the variables. */
export function atValues<T>(values: (name: string) => number, run: () => T): T {
  const outer = current;
  current = {
    decide: (asked) => answerAt(asked, values),
    assume: () => undefined,
    most: (sum) => numberOf(sum, values),
  };
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** The answer to a question on the way that is looked at. */
export function decide(asked: Question): boolean {
  if (current === null) throw new NotFollowed('numbers that are not known are compared outside of a step');
  return current.decide(asked);
}

/** Something that is the same throughout a run, and another in the next. */
export const thisRun = (): object | null => current;

/** What of several is the case: a number from 0 to `many` - 1, decided when it is asked for. */
export function choose(variables: Variables, name: string, many: number): number {
  const variable = variables.named(name, 0, many - 1);
  for (let index = 0; index < many - 1; index++) {
    if (decide(question('is', new Sum(-index, [[variable, 1]])))) return index;
  }
  return many - 1;
}

/** With the limits of all variables in a sum. */
function meeting(known: Known, { terms }: Sum): Known {
  let { bounds } = known;
  for (const [variable] of terms) bounds = bounds.having(variable);
  return bounds === known.bounds ? known : { ...known, bounds };
}

/** A sum as x - y, if it is one. */
function difference({ terms }: Pick<Sum, 'terms'>): readonly [x: Variable | null, y: Variable | null] | null {
  const [one, other, ...more] = terms;
  if (one === undefined || more.length > 0) return null;
  if (other === undefined) return one[1] === 1 ? [one[0], null] : one[1] === -1 ? [null, one[0]] : null;
  if (one[1] === 1 && other[1] === -1) return [one[0], other[0]];
  if (one[1] === -1 && other[1] === 1) return [other[0], one[0]];
  return null;
}

/** How much a sum is at most, by what is known of differences. */
function upperBound(bounds: Bounds, { constant, terms }: Pick<Sum, 'constant' | 'terms'>): number {
  const pair = difference({ terms });
  if (pair !== null) return constant + bounds.most(...pair);
  if (terms.reduce((total, [, many]) => total + Math.abs(many), 0) > 6) return Infinity;
  const up: (Variable | null)[] = [];
  const down: (Variable | null)[] = [];
  for (const [variable, many] of terms) {
    for (let each = 0; each < Math.abs(many); each++) (many > 0 ? up : down).push(variable);
  }
  while (up.length < down.length) up.push(null);
  while (down.length < up.length) down.push(null);
  const least = (left: readonly (Variable | null)[], right: readonly (Variable | null)[]): number => {
    const [x, ...others] = left;
    if (x === undefined) return 0;
    return Math.min(
      ...right.map(
        (y, index) =>
          bounds.most(x, y) + least(others, [...right.slice(0, index), ...right.slice(index + 1)]),
      ),
    );
  };
  return constant + least(up, down);
}

const negated = ({ constant, terms }: Sum): Sum =>
  new Sum(
    -constant,
    terms.map(([variable, many]) => [variable, -many] as const),
  );

/** A sum and its negative have one name between them: the one that begins with a plus. */
function nameOf({ terms }: Sum): { readonly name: string; readonly sign: 1 | -1 } {
  const sign = (terms[0]?.[1] ?? 1) < 0 ? -1 : 1;
  return { name: terms.map(([{ index }, many]) => `${sign * many}*${index}`).join('+'), sign };
}

const ANYWHERE: Between = { least: -Infinity, most: Infinity };

/** Between which numbers a sum lies, by what was answered of itself. */
function answeredOf({ sums }: Known, sum: Sum): Between {
  if (sums.size === 0) return ANYWHERE;
  const { name, sign } = nameOf(sum);
  const { least, most } = sums.get(name) ?? ANYWHERE;
  const { constant } = sum;
  return sign === 1
    ? { least: constant + least, most: constant + most }
    : { least: constant - most, most: constant - least };
}

/** The answer that follows from what is known; undefined if none does. */
function impliedAnswer(known: Known, { asks, sum }: Question): boolean | undefined {
  if (asks === 'in') return undefined;
  const own = answeredOf(known, sum);
  const most = Math.min(own.most, upperBound(known.bounds, sum));
  const least = Math.max(own.least, -upperBound(known.bounds, negated(sum)));
  if (asks === 'at-most') return most <= 0 ? true : least > 0 ? false : undefined;
  if (most < 0 || least > 0) return false;
  return most === 0 && least === 0 ? true : undefined;
}

/** What is known with an answer about a sum that is no difference. */
function answeredOfSum(known: Known, { asks, sum }: Question, answer: boolean): Known['sums'] {
  const { name, sign } = nameOf(sum);
  const own = answeredOf(known, sum);
  let { least, most } = own;
  if (asks === 'at-most') {
    if (answer) most = Math.min(most, 0);
    else least = Math.max(least, 1);
  } else if (answer) {
    [least, most] = [0, 0];
  } else {
    // At an edge of what is known, that takes one away.
    if (Math.min(most, upperBound(known.bounds, sum)) === 0) most = -1;
    if (Math.max(least, -upperBound(known.bounds, negated(sum))) === 0) least = 1;
  }
  const { constant } = sum;
  const between =
    sign === 1
      ? { least: least - constant, most: most - constant }
      : { least: constant - most, most: constant - least };
  return new Map([...known.sums, [name, between]]);
}

/** What is known with an answer; null if it cannot be given. */
function answered(known: Known, asked: Question, answer: boolean): Known | null {
  const { asks, sum } = asked;
  const last = { question: asked, answer, before: known.answer };
  if (asks === 'in') return { ...known, answer: last };
  const pair = difference(sum);
  if (pair === null) {
    return { ...known, sums: answeredOfSum(known, asked, answer), answer: last };
  }
  const [x, y] = pair;
  const { constant: c } = sum;
  let { bounds }: { bounds: Bounds | null } = known;
  if (asks === 'at-most') bounds = answer ? bounds.with(x, y, -c) : bounds.with(y, x, c - 1);
  else if (answer) bounds = bounds.with(x, y, -c)?.with(y, x, c) ?? null;
  else {
    // x - y is not -c: at an edge of what is known, that takes one away.
    if (bounds.most(x, y) === -c) bounds = bounds.with(x, y, -c - 1);
    else if (bounds.most(y, x) === c) bounds = bounds.with(y, x, c - 1);
  }
  return bounds === null ? null : { ...known, bounds, answer: last };
}
