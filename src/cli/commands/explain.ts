/**
 * `ipsecha explain NAME`: a rule, a property, a setting, a scenario or a revision, with an example where there is one;
 * of words that are no name, a list of what speaks of them.
 */
import { readFile } from 'node:fs/promises';
import { clauses, isModelled, textExamples } from '../../../model/index.ts';
import { closest } from '../../questions/closest.ts';
import { examplesOfProperty, examplesOfRule } from '../../questions/example.ts';
import { type Explained, explained, names } from '../../questions/explained.ts';
import type { Limits } from '../../questions/limits.ts';
import { type Chapter, chaptersIn, meanings, searched } from '../../questions/meanings.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { exampleDocument, explainedDocument, renderExplained } from '../../report/explained.ts';
import { document, documentText } from '../../report/json.ts';
import { meaningDocument, renderMeanings } from '../../report/meanings.ts';
import { terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { type Define, ends, positive } from '../options.ts';
import { printJson, printText } from '../out.ts';
import { answer, type QuestionOptions } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument(
      '<name...>',
      'id of a rule or a property, or name of a setting, scenario or revision; or words to look for in what is said of them',
    )
    .option('--search', 'list all that speaks of it, even where something has this very name')
    .option('--no-example', 'look for no example')
    .option('--time <seconds>', 'end each exploration for an example after this time', positive, 10)
    .option('--memory <GiB>', 'end each exploration at this much memory', positive)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      helpText(`
The example of a rule is a shortest counterexample without it, in the first scenario where something breaks that
holds with it; if there is none, a shortest run in which it shapes a step. That of a property is a shortest run that
breaks it in some revision, or in one without a rule that is there for it. Each search is over after three times the
time of one exploration.

Words that are no name are looked for in rules, settings and their values, properties, scenarios, revisions, clauses,
examples, findings and questions; the list has the best first.`),
    )
    .action(ends(run));

export interface ExplainOptions extends Pick<QuestionOptions, 'time' | 'memory' | 'json'> {
  readonly example: boolean;
  readonly search?: boolean;
}

export async function run(words: readonly string[], options: ExplainOptions): Promise<Exit> {
  const name = words.join(' ');
  const found = options.search === true ? [] : explained(name);
  if (found.length === 0) return search(name, options);
  return answer(
    options,
    async (running) => {
      const answers = [];
      for (const each of found) {
        answers.push({ ...each, ...(options.example ? await examplesOf(each, running) : NO_EXAMPLES) });
      }
      return answers;
    },
    {
      json: (answers) =>
        document(
          'explain',
          answers.map(({ examples, remarks, ...what }) => ({
            ...explainedDocument(what),
            examples: examples.map(exampleDocument),
            remarks,
          })),
        ),
      text: (answers, style) => answers.map((each) => renderExplained(each, style)).join('\n'),
      exitOf: () => EXIT.ok,
    },
  );
}

/** Lists what speaks of some words. */
async function search(words: string, { json, search: isAsked }: ExplainOptions): Promise<Exit> {
  // Ids of other kinds lead to where they stand.
  const elsewhere = isAsked === true ? undefined : otherKind(words);
  const listed = elsewhere === undefined ? searched(words, meanings(await chapters())) : [];
  if (listed.length === 0) {
    throw new UsageError(
      `there is no rule, property, setting, scenario or revision '${words}'`,
      elsewhere ?? near(words),
    );
  }
  if (json === true) printJson(documentText(document('explain', listed.map(meaningDocument))));
  else printText(renderMeanings(words, listed, terminalOf(process.stdout)));
  return EXIT.ok;
}

const DOCS = new URL('../../../docs/', import.meta.url);

/** The findings and the questions. */
const chapters = async (): Promise<readonly Chapter[]> => [
  ...chaptersIn(await readFile(new URL('findings.md', DOCS), 'utf8')).filter(({ id }) => id.startsWith('F')),
  ...chaptersIn(await readFile(new URL('questions.md', DOCS), 'utf8')),
];

const NO_EXAMPLES = { examples: [], remarks: [] };

const examplesOf = ({ kind, name }: Explained, limits: Limits) =>
  kind === 'rule'
    ? examplesOfRule(name, limits)
    : kind === 'property'
      ? examplesOfProperty(name, limits)
      : NO_EXAMPLES;

/** Where to look for an id of another kind: whoever read one tries it here. */
function otherKind(name: string): string | undefined {
  const example = textExamples.find(({ id }) => id.toLowerCase() === name.toLowerCase());
  if (example !== undefined) return `it is an example of a text: ipsecha example ${example.id} draws it`;
  if (/^F-\d+$/i.test(name)) return 'findings stand in docs/findings.md, each under its id';
  if (/^Q-\d+$/i.test(name)) return 'open questions stand in docs/questions.md, each under its id';
  const clause = clauses.find(({ id }) => id === name);
  if (clause === undefined) return undefined;
  const by = isModelled(clause) ? `, with its rules: ${clause.by.join(', ')}` : '';
  return `it is a clause: ipsecha rules --coverage lists it${by}`;
}

const near = (name: string): string => {
  const meant = closest(name, names());
  return meant === undefined
    ? 'ipsecha rules, properties, scenarios (with the settings) and revisions list them'
    : `did you mean ${meant}?`;
};
