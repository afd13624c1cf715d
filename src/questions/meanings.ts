/**
 * A search in what is said of everything that has a name: rules, settings and their values, properties, scenarios,
 * revisions, clauses, findings and questions.
 */
import {
  catalogue,
  clauses,
  isModelled,
  properties,
  revisions,
  scenarios,
  settingSpecs,
  shortForms,
  textExamples,
} from '../../model/index.ts';
import { valueSays } from './explained.ts';

export type MeaningKind =
  | 'rule'
  | 'property'
  | 'setting'
  | 'value'
  | 'scenario'
  | 'revision'
  | 'finding'
  | 'question'
  | 'clause'
  | 'example';

/** Something with a name, and what is said of it. */
export interface Meaning {
  readonly kind: MeaningKind;
  /** Its id; of a value `setting=value`; of a clause with its document. */
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** What tells more: a command, or a place. */
  readonly see: string;
}

/** A chapter of a page of `docs/`, as a reader finds it there. */
export interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly says: string;
}

/** The chapters with ids in `docs/findings.md` or `docs/questions.md`. */
export const chaptersIn = (text: string): readonly Chapter[] =>
  [...text.matchAll(/^##+ ([FQ]-\d+): (.+)\n([\s\S]*?)(?=^##|^```|$(?![\s\S]))/gm)].map(
    ([, id = '', title = '', says = '']) => ({
      id,
      title: title.trim(),
      says: says.replace(/\s+/g, ' ').trim(),
    }),
  );

/** All there is; of `docs/` what is handed over. */
export const meanings = (chapters: readonly Chapter[]): readonly Meaning[] => [
  ...catalogue.map(({ id, title, says }) => of('rule', id, title, says)),
  ...settingSpecs.map(({ key, meaning }) => of('setting', key, meaning, '')),
  ...shortForms.map(({ key, meaning }) => of('setting', key, meaning, '')),
  ...settingSpecs.flatMap((spec) =>
    spec.values === 'number'
      ? []
      : spec.values.map((value) =>
          of('value', `${spec.key}=${value}`, valueSays(spec, value), '', `ipsecha explain ${spec.key}`),
        ),
  ),
  ...properties.map(({ id, title, says }) => of('property', id, title, says)),
  ...scenarios.map(({ name, title, about }) => of('scenario', name, title, about)),
  ...revisions.map(({ name, title, source }) => of('revision', name, title, source)),
  ...chapters.map(({ id, title, says }) =>
    id.startsWith('F')
      ? of('finding', id, title, says, `docs/findings.md, ${id}`)
      : of('question', id, title, says, `docs/questions.md, ${id}`),
  ),
  ...clauses.map((clause) => {
    const by = isModelled(clause) ? ` ${clause.by.join(' ')}` : '';
    const id = `${clause.document} ${clause.id}`;
    return of('clause', id, clause.says, by, 'ipsecha rules --coverage');
  }),
  ...textExamples.map(({ id, title, says }) => of('example', id, title, says, `ipsecha example ${id}`)),
];

const of = (
  kind: MeaningKind,
  id: string,
  title: string,
  says: string,
  see = `ipsecha explain ${id}`,
): Meaning => ({ kind, id, title, says, see });

/** What a word counts for, by where it stands. */
const NAMED = 8;
const PART_OF_NAME = 5;
const TITLE = 3;
const SAID = 1;

/** What has all the words in it, the best first; if nothing has, what has the most of them. */
export function searched(words: string, all: readonly Meaning[]): readonly Meaning[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean).map(stem);
  const scored = all.map((meaning, index) => {
    const scores = wanted.map((word) => scoreOf(word, meaning));
    return {
      meaning,
      index,
      found: scores.filter((score) => score > 0).length,
      score: scores.reduce((sum, score) => sum + score, 0),
    };
  });
  const most = Math.max(0, ...scored.map(({ found }) => found));
  return most === 0
    ? []
    : scored
        .filter(({ found }) => found === most)
        .sort((a, b) => b.score - a.score || a.index - b.index)
        .map(({ meaning }) => meaning);
}

/** The word without an ending, so that `cached` finds a cache. */
const stem = (word: string): string => (word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word);

function scoreOf(word: string, { id, title, says }: Meaning): number {
  const name = id.toLowerCase();
  const begins = (text: string): boolean =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .some((part) => part.startsWith(word));
  const asName = name === word ? 2 * NAMED : begins(id) ? NAMED : name.includes(word) ? PART_OF_NAME : 0;
  return asName + (begins(title) ? TITLE : 0) + (begins(says) ? SAID : 0);
}
