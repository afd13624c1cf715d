/** What an answer comes to, in one plain sentence: what one would write into a mail. */
import type { CheckVerdict } from './check.ts';
import type { ComparedProperty, Comparison } from './compare.ts';

/** What was found in one scenario without some rules, and with them. */
export interface LeftOut {
  readonly revision: string;
  readonly without: readonly string[];
  readonly scenario: string;
  /** What is violated without them, and what becomes of it with them. */
  readonly broken: readonly { readonly id: string; readonly withThem: CheckVerdict | 'not checked' }[];
  readonly inconclusive: readonly string[];
}

/** Of `check --without`, in one or more scenarios: what breaks that holds with the rules. */
export function leftOutConclusion(all: readonly LeftOut[]): string {
  const revisions = [...new Set(all.map(({ revision }) => revision))];
  return revisions.map((name) => ofRevision(all.filter(({ revision }) => revision === name))).join(' ');
}

function ofRevision(all: readonly LeftOut[]): string {
  const [{ revision, without, scenario }] = all as readonly [LeftOut];
  const rules = without.length === 1 ? 'the rule' : 'the rules';
  const one = all.length === 1;
  const brokenWhere = (...wanted: readonly LeftOut['broken'][number]['withThem'][]) =>
    all.flatMap((each) =>
      each.broken
        .filter(({ withThem }) => wanted.includes(withThem))
        .map(({ id }) => ({ property: id, scenario: each.scenario })),
    );
  const [kept, anyway, open] = [
    brokenWhere('holds'),
    brokenWhere('violated'),
    brokenWhere('inconclusive', 'not checked'),
  ];
  const hold = new Set(kept.map(({ property }) => property)).size === 1 ? 'holds' : 'hold';
  const doubtful = all.reduce((sum, { inconclusive }) => sum + inconclusive.length, 0);
  const parts = [
    ...(kept.length === 0 ? [] : [`breaks ${idsIn(kept, one)}, which ${hold} with ${rules}`]),
    ...(anyway.length === 0 ? [] : [`breaks ${idsIn(anyway, one)} with ${rules}, too`]),
    ...(open.length === 0 ? [] : [`breaks ${idsIn(open, one)}, and with ${rules} that was not found out`]),
  ];
  const found =
    parts.length > 0
      ? parts.join('; it ')
      : doubtful > 0
        ? 'is not known to break anything that was checked'
        : 'breaks nothing that was checked';
  const where = one ? `in ${scenario}` : `in ${all.length} scenarios`;
  const doubt = doubtful === 0 ? '' : `; ${count(doubtful, 'verdict is', 'verdicts are')} inconclusive`;
  return `Without ${listed(without)}, ${revision} ${found} (${where})${doubt}.`;
}

/** Of a comparison: who breaks what the other keeps, and whether one does what the other cannot. */
export function comparisonConclusion(comparison: Omit<Comparison, 'conclusion'>): string {
  const { rows, revisions, size, results, verdict } = comparison;
  const [first, second] = revisions;
  const differing = rows.filter(({ difference }) => difference === 'differs');
  const unknown = rows.filter(({ difference }) => difference === 'unknown').length;
  const one = results.length === 1;
  const breaks = (who: string, other: string, mine: 'first' | 'second'): readonly string[] => {
    const all = idsIn(
      differing.filter((row) => row[mine].verdict === 'violated'),
      one,
    );
    return all === '' ? [] : [`${who} breaks ${all}, which ${other} ${one ? 'keeps' : 'keeps there'}`];
  };
  const verdicts =
    differing.length > 0
      ? [...breaks(first, second, 'first'), ...breaks(second, first, 'second')].join('; ')
      : verdict === 'same'
        ? `${first} and ${second} keep and break the same properties`
        : `no difference is known between the verdicts on ${first} and ${second}`;
  const doubt = unknown === 0 ? '' : `; ${count(unknown, 'verdict is', 'verdicts are')} not known`;
  const where = one ? results[0]?.[0].scenario : `${results.length} scenarios`;
  return `${verdicts} (${where}, ${size})${doubt}; ${behaviourWords(comparison)}.`;
}

/** `a (replay) and b (3 scenarios)`; without the scenarios, if there is only one. */
function idsIn(rows: readonly Pick<ComparedProperty, 'property' | 'scenario'>[], one: boolean): string {
  const ids = [...new Set(rows.map(({ property }) => property))];
  return listed(
    ids.map((id) => {
      if (one) return id;
      const where = rows.filter(({ property }) => property === id).map(({ scenario }) => scenario);
      return `${id} (${where.length <= 2 ? where.join(', ') : `${where.length} scenarios`})`;
    }),
  );
}

function behaviourWords({
  behaviours,
  behaviour,
  revisions: [first, second],
}: Omit<Comparison, 'conclusion'>): string {
  if (behaviour === 'none') return 'neither does anything that the other cannot';
  if (behaviour === 'inconclusive') return 'no difference is known in what they do';
  const does = (who: string): boolean =>
    behaviours.some(({ of, verdict }) => of === who && verdict === 'differs');
  if (does(first) && does(second)) return 'each does something that the other cannot';
  return does(first)
    ? `${first} does something that ${second} cannot`
    : `${second} does something that ${first} cannot`;
}

const count = (number: number, one: string, more: string): string => `${number} ${number === 1 ? one : more}`;

/** `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
