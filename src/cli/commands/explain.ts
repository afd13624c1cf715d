/** `ipsecha explain NAME`: a rule, a property, a setting, a scenario or a revision, with an example where there is one. */
import { clauses, isModelled, textExamples } from '../../../model/index.ts';
import { examplesOfProperty, examplesOfRule } from '../../questions/example.ts';
import { type Explained, explained, names } from '../../questions/explained.ts';
import type { Limits } from '../../questions/limits.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { exampleDocument, explainedDocument, renderExplained } from '../../report/explained.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends, positive } from '../options.ts';
import { answer, type QuestionOptions } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<name>', 'id of a rule or a property, or name of a setting, scenario or revision')
    .option('--no-example', 'look for no example')
    .option('--time <seconds>', 'end each exploration for an example after this time', positive, 10)
    .option('--memory <GiB>', 'end each exploration at this much memory', positive)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
The example of a rule is a shortest counterexample without it, in the first scenario where something breaks that
holds with it; if there is none, a shortest run in which it shapes a step. That of a property is a shortest run that
breaks it in some revision, or in one without a rule that is there for it. Each search is over after three times the
time of one exploration.`,
    )
    .action(ends(run));

export interface ExplainOptions extends Pick<QuestionOptions, 'time' | 'memory' | 'json'> {
  readonly example: boolean;
}

export async function run(name: string, options: ExplainOptions): Promise<Exit> {
  const found = explained(name);
  if (found.length === 0) {
    throw new UsageError(`there is no rule, property, setting, scenario or revision '${name}'`, near(name));
  }
  return answer(
    'explain',
    options,
    async (running) => {
      const answers = [];
      for (const each of found) {
        answers.push({ ...each, ...(options.example ? await examplesOf(each, running) : NO_EXAMPLES) });
      }
      return answers;
    },
    {
      documents: (answers) =>
        answers.map(({ examples, remarks, ...what }) => ({
          ...explainedDocument(what),
          examples: examples.map(exampleDocument),
          remarks,
        })),
      text: (answers, style) => answers.map((each) => renderExplained(each, style)).join('\n'),
      exitOf: () => EXIT.ok,
    },
  );
}

const NO_EXAMPLES = { examples: [], remarks: [] };

const examplesOf = ({ kind, name }: Explained, limits: Limits) =>
  kind === 'rule'
    ? examplesOfRule(name, limits)
    : kind === 'property'
      ? examplesOfProperty(name, limits)
      : NO_EXAMPLES;

/** Where to look for a name that is none of these: other things have ids too, and whoever read one tries it here. */
function near(name: string): string {
  const example = textExamples.find(({ id }) => id.toLowerCase() === name.toLowerCase());
  if (example !== undefined) return `it is an example of a text: ipsecha example ${example.id} draws it`;
  if (/^F-\d+$/i.test(name)) return 'findings stand in docs/findings.md, each under its id';
  if (/^Q-\d+$/i.test(name)) return 'open questions stand in docs/questions.md, each under its id';
  const clause = clauses.find(({ id }) => id === name);
  if (clause !== undefined) {
    const by = isModelled(clause) ? `, with its rules: ${clause.by.join(', ')}` : '';
    return `it is a clause: ipsecha rules --coverage lists it${by}`;
  }
  const alike = names().filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  return name !== '' && alike.length > 0
    ? `did you mean ${alike.slice(0, 5).join(', ')}?`
    : 'ipsecha rules, properties, scenarios (with the settings) and revisions list them';
}
