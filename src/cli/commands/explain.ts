/** `ipsecha explain NAME`: a rule, a property, a setting, a scenario or a revision, with an example where there is one. */
import { clauses, isModelled, textExamples } from '../../../model/index.ts';
import { examplesOfProperty, examplesOfRule } from '../../questions/example.ts';
import { type Explained, explained, names } from '../../questions/explained.ts';
import type { Limits } from '../../questions/limits.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { exampleDocument, explainedDocument, renderExplained } from '../../report/explained.ts';
import { EXIT, type Exit } from '../exit.ts';
import { answer, type QuestionOptions } from '../question.ts';

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
