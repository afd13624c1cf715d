/** What an answer comes to, in one plain sentence: what one would write into a mail. */
import type { ComparedProperty, Comparison } from './compare.ts';

/** Of a comparison: who breaks what the other keeps, and whether one does what the other cannot. */
export function comparisonConclusion(comparison: Omit<Comparison, 'conclusion'>): string {
  const { rows, revisions, size, results, verdict } = comparison;
  const [first, second] = revisions;
  const differing = rows.filter(({ difference }) => difference === 'differs');
  const unknown = rows.filter(({ difference }) => difference === 'unknown').length;
  const breaks = (who: string, other: string, mine: 'first' | 'second'): readonly string[] => {
    const all = brokenIn(differing.filter((row) => row[mine].verdict === 'violated'));
    return all === '' ? [] : [`${who} breaks ${all}, which ${other} keeps there`];
  };
  const verdicts =
    differing.length > 0
      ? [...breaks(first, second, 'first'), ...breaks(second, first, 'second')].join('; ')
      : verdict === 'same'
        ? `${first} and ${second} keep and break the same properties ${everywhere(results.length)}`
        : `no difference is known between the verdicts on ${first} and ${second}`;
  const doubt = unknown === 0 ? '' : `; ${count(unknown, 'verdict is', 'verdicts are')} not known`;
  return `${verdicts} (size ${size})${doubt}; ${behaviourWords(comparison)}.`;
}

const everywhere = (scenarios: number): string =>
  scenarios === 1 ? 'in the scenario' : `in all ${scenarios} scenarios`;

/** `a (replay), b (3 scenarios)`. */
function brokenIn(rows: readonly ComparedProperty[]): string {
  const ids = [...new Set(rows.map(({ property }) => property))];
  return listed(
    ids.map((id) => {
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
