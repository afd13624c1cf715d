/** What revisions bring along: properties and scenarios of their own, beside ours. */
import {
  type OwnProperty,
  ownScenario,
  properties,
  type Revision,
  type RuleId,
  type Scenario,
  scenarios,
} from '../../model/index.ts';
import { UsageError } from '../questions/usage-error.ts';

type Having = Pick<Revision, 'name' | 'properties' | 'scenarios'>;

/** What a reader has to know of a property that no page of ours tells of. */
export interface PropertyWords {
  readonly title: string;
  readonly says: string;
  readonly rules: readonly RuleId[];
}

/** One of each name; the same revision may be named twice, or without some of its rules. */
function named<T>(
  revisions: readonly Having[],
  which: (revision: Having) => readonly T[],
  nameOf: (each: T) => string,
  what: string,
): readonly T[] {
  const found = new Map<string, { readonly each: T; readonly of: string }>();
  for (const revision of revisions) {
    const of = revision.name.split(' ')[0] ?? revision.name;
    for (const each of which(revision)) {
      const before = found.get(nameOf(each));
      if (before !== undefined && before.of !== of) {
        throw new UsageError(
          `${before.of} and ${of} have each a ${what} '${nameOf(each)}' of their own`,
          'rename one of them: in one run a name stands for one thing',
        );
      }
      if (before === undefined) found.set(nameOf(each), { each, of });
    }
  }
  return [...found.values()].map(({ each }) => each);
}

/**
 * Properties that these revisions bring along.
 *
 * @throws UsageError if two of them have different ones of the same id
 */
export const ownPropertiesOf = (revisions: readonly Having[]): readonly OwnProperty[] =>
  named(
    revisions,
    (revision) => revision.properties ?? [],
    ({ id }) => id,
    'property',
  );

/** The shipped scenarios, and those that these revisions bring along. */
export const scenariosWith = (revisions: readonly Having[]): readonly Scenario[] => [
  ...scenarios,
  ...named(
    revisions,
    (revision) => revision.scenarios ?? [],
    ({ name }) => name,
    'scenario',
  ).map(ownScenario),
];

/** What a property says that a revision brings along; undefined of ours. */
export function wordsOfOwn(own: readonly OwnProperty[], id: string): PropertyWords | undefined {
  const found = own.find((each) => each.id === id);
  return found === undefined ? undefined : { title: found.title, says: found.says, rules: found.rules };
}

/** What a property says, ours or not. */
export const wordsOf = (id: string, own: PropertyWords | undefined): PropertyWords | undefined =>
  own ?? properties.find((each) => each.id === id);
