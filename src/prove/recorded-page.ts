/** The tables of `docs/proofs.md` that are made of the record. */
import { revisions } from '../../model/index.ts';
import { ABLATED, type ProofsRecord, type RecordedCell, type Standing, standings } from './recorded.ts';

export const PAGE = new URL('../../docs/proofs.md', import.meta.url);

/** The table between two comments of the page is that of the record. */
const between = (name: string): readonly [string, string] => [`<!-- ${name} -->`, `<!-- end of ${name} -->`];

export function pageWith(record: ProofsRecord, page: string): string {
  return Object.entries({ 'what is proved': provedTable(record), 'which rules': needsTable(record) }).reduce(
    (text, [name, table]) => {
      const [begin, end] = between(name);
      const [from, to] = [text.indexOf(begin), text.indexOf(end)];
      if (from < 0 || to < from) throw new Error(`docs/proofs.md has no place for the table '${name}'`);
      return `${text.slice(0, from)}${begin}\n\n${table}\n\n${text.slice(to)}`;
    },
    page,
  );
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const standingWords = (standing: Standing): string => {
  switch (standing.kind) {
    case 'proved':
      return standing.assumes.length === 0 ? 'proved' : `proved, if ${standing.assumes.join(', ')}`;
    case 'refuted':
      return 'refuted';
    case 'nothing to break':
    case 'not recorded':
      return standing.kind;
    case 'not proved':
      return `not proved: ${shortly(standing.broken, 1)}`;
    case 'open':
      return 'open';
  }
};

/** Property by revision. */
export const provedTable = (record: ProofsRecord): string =>
  [
    row(['property', ...revisions.map(({ name }) => name)]),
    row(['---', ...revisions.map(() => '---')]),
    ...standings(record).map(({ property, of }) => row([`\`${property}\``, ...of.map(standingWords)])),
  ].join('\n');

/** The rules without which a theorem is not proved, with what fails; and those that no theorem needs. */
export function needsTable(record: ProofsRecord): string {
  const parts = ABLATED.map(({ revision, rules, about }) => {
    const of = (rule: string): readonly RecordedCell[] =>
      record.cells.filter((cell) => cell.revision === revision && cell.rule === rule);
    const failing = (rule: string): readonly RecordedCell[] =>
      of(rule).filter(({ verdict }) => verdict !== 'proved');
    const isWhole = (rule: string): boolean => of(rule).length === about.length;
    const idle = rules.filter((rule) => isWhole(rule) && failing(rule).length === 0);
    const partly = rules.filter((rule) => !isWhole(rule));
    return [
      row([`rule of \`${revision}\``, 'not proved without it', 'what fails']),
      row(['---', '---', '---']),
      ...rules.flatMap((rule) =>
        [...alike(failing(rule))].map(([what, those]) =>
          row([rule, those.map((property) => `\`${property}\``).join(', '), what]),
        ),
      ),
      ...(idle.length === 0
        ? []
        : ['', `Every theorem is proved without each of these: ${idle.join(', ')}.`]),
      ...(partly.length === 0 ? [] : ['', `Not tried yet, or not with every theorem: ${partly.join(', ')}.`]),
    ].join('\n');
  });
  return parts.join('\n\n');
}

/** Properties by what fails. */
function alike(cells: readonly RecordedCell[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { property, broken, because } of cells) {
    const what = because ?? shortly(broken);
    found.set(what, [...(found.get(what) ?? []), property]);
  }
  return found;
}

/** The first few statements that fail; the record has all. */
export const shortly = (broken: readonly string[], few = 3): string =>
  broken.length <= few
    ? broken.join('; ')
    : `${broken.slice(0, few).join('; ')}; and ${broken.length - few} more`;
