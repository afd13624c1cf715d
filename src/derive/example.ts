/** Numbers that take a path: without a solver where that is easily had, and always looked at before they are used. */
import type { Bounds } from './bounds.ts';
import { numberOf, type Sum, type Variable } from './linear.ts';
import { itemName, lengthName } from './number-lists.ts';
import { answerAt, type Decision, type Known } from './paths.ts';

/** The value of a variable, by its name. */
export type Values = (name: string) => number;

/** Values as a function; of what is not named nothing is known, so it is as low as it can be. */
export function valuesFrom(known: ReadonlyMap<string, number>, variables: readonly Variable[]): Values {
  const least = new Map(variables.map((each) => [each.name, each.least ?? 0]));
  const quotients = new Map(
    variables.flatMap(({ name, quotient }) => (quotient === undefined ? [] : [[name, quotient] as const])),
  );
  const values: Values = (name) => {
    const quotient = quotients.get(name);
    if (quotient !== undefined) return Math.floor(numberOf(quotient.of, values) / quotient.by);
    return known.get(name) ?? least.get(name) ?? 0;
  };
  return values;
}

/** What is no larger is held exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER + 1;

/** Whether values answer each question as it was answered, and none is so large that it would be rounded. */
export const takesPath = (decisions: readonly Decision[], values: Values): boolean =>
  decisions.every(
    ({ question, answer }) =>
      question.sum.terms.every(([{ name }]) => Math.abs(values(name)) <= LARGEST) &&
      answerAt(question, values) === answer,
  );

/** Values, with those in each list that is asked of that were answered to be in it, and no others. */
export function withLists(decisions: readonly Decision[], values: Values): Values {
  const lists = new Map<string, Set<number>>();
  for (const { question, answer } of decisions) {
    if (question.list === undefined || !answer) continue;
    const items = lists.get(question.list) ?? new Set();
    lists.set(question.list, items.add(numberOf(question.sum, values)));
  }
  return withItems(lists, values);
}

/** Values, with what is in lists, by their names. */
export function withItems(lists: ReadonlyMap<string, ReadonlySet<number>>, values: Values): Values {
  if (lists.size === 0) return values;
  const named = new Map(
    [...lists].flatMap(([list, items]) => [
      [lengthName(list), items.size] as const,
      ...[...items].sort((a, b) => a - b).map((item, place) => [itemName(list, place), item] as const),
    ]),
  );
  return (name) => named.get(name) ?? values(name);
}

const TRIES = 40;

/** How far above the least value one is tried. */
const SPREAD = 4;

/** Values that take a path; null if none were found, which says nothing. */
export function exampleOf(
  decisions: readonly Decision[],
  { bounds }: Pick<Known, 'bounds'>,
  variables: readonly Variable[],
): Values | null {
  const named = [
    ...new Set(decisions.flatMap(({ question }) => question.sum.terms.map(([variable]) => variable))),
    // A quotient is what the others make it.
  ].filter(({ quotient }) => quotient === undefined);
  const wide = decisions.filter(({ question }) => question.asks !== 'in' && !isDifference(question.sum));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = assigned(named, bounds, wide, attempt);
    const values = found === null ? null : withLists(decisions, valuesFrom(found, variables));
    if (values !== null && takesPath(decisions, values)) return values;
  }
  return null;
}

/** Each variable in turn gets a value that is still possible: the lowest one, or in later attempts one near it. */
function assigned(
  variables: readonly Variable[],
  known: Bounds,
  wide: readonly Decision[],
  attempt: number,
): ReadonlyMap<string, number> | null {
  const values = new Map<string, number>();
  let bounds: Bounds = known;
  for (const [index, variable] of variables.entries()) {
    const most = bounds.most(variable, null);
    const least = Math.max(-bounds.most(null, variable), most === Infinity ? -1 : most - 1000);
    const ahead =
      attempt === 0 ? 0 : ((attempt * 7 + index * (attempt + 3)) % (SPREAD + attempt)) % (SPREAD * 3);
    const value = Math.min(least + ahead, most);
    const next = bounds.with(variable, null, value)?.with(null, variable, -value);
    if (next === undefined || next === null) return null;
    values.set(variable.name, value);
    const further = wide.reduce<Bounds | null>(
      (bound, decision) => (bound === null ? null : withLast(bound, decision, variable, values)),
      next,
    );
    if (further === null) return null;
    bounds = further;
  }
  return values;
}

const isDifference = ({ terms }: Sum): boolean =>
  terms.length <= 2 &&
  terms.every(([, many]) => Math.abs(many) === 1) &&
  (terms.length < 2 || terms[0]?.[1] !== terms[1]?.[1]);

/** What an answer about a sum says of the last of its variables, once this one has its value as all others have. */
function withLast(
  bounds: Bounds,
  { question: { asks, sum }, answer }: Decision,
  settled: Variable,
  values: ReadonlyMap<string, number>,
): Bounds | null {
  if (!sum.terms.some(([variable]) => variable === settled)) return bounds;
  const [left, ...more] = sum.terms.filter(([{ name }]) => !values.has(name));
  if (left === undefined || more.length > 0 || Math.abs(left[1]) !== 1) return bounds;
  const [variable, many] = left;
  const others = sum.terms.reduce(
    (total, [{ name }, times]) => total + times * (values.get(name) ?? 0),
    sum.constant,
  );
  // The sum is others + many * variable.
  const atMost = (most: number): Bounds | null =>
    many === 1 ? bounds.with(variable, null, most - others) : bounds.with(null, variable, most - others);
  const atLeast = (least: number): Bounds | null =>
    many === 1 ? bounds.with(null, variable, others - least) : bounds.with(variable, null, others - least);
  if (asks === 'at-most') return answer ? atMost(0) : atLeast(1);
  if (answer) return bounds.with(variable, null, -many * others)?.with(null, variable, many * others) ?? null;
  // What it is not is looked at with the numbers themselves.
  return bounds;
}
