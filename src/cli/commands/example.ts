/** `ipsecha example [ID]`: the examples of the texts, drawn from the model. */
import { textExamples } from '../../../model/index.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { terminalOf } from '../../report/terminal.ts';
import { textExampleDocument, textExamplesTable, textExampleText } from '../../report/text-examples.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('[id]', 'an example (a list of all, if none is named)')
    .option('--json', 'print one JSON document')
    .action(ends(run));

export async function run(id: string | undefined, { json }: { readonly json?: boolean }): Promise<Exit> {
  const examples = textExamples.filter(
    (example) => id === undefined || example.id.toLowerCase() === id.toLowerCase(),
  );
  if (examples.length === 0) {
    throw new UsageError(
      `there is no example '${id}'`,
      `examples are: ${textExamples.map((example) => example.id).join(', ')}`,
    );
  }
  const style = terminalOf(process.stdout);
  process.stdout.write(
    json === true
      ? documentText(document('example', examples.map(textExampleDocument)))
      : id === undefined
        ? textExamplesTable(examples, style)
        : examples.map((example) => textExampleText(example, style)).join('\n'),
  );
  return EXIT.ok;
}
