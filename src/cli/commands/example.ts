/** `ipsecha example [ID]`: the examples of the texts, drawn from the model. */
import { textExamples } from '../../../model/index.ts';
import { orDidYouMean } from '../../questions/closest.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { sheetsMarkdown } from '../../report/sheet-markdown.ts';
import { terminalOf } from '../../report/terminal.ts';
import {
  textExampleDocument,
  textExampleSheets,
  textExamplesTable,
  textExampleText,
} from '../../report/text-examples.ts';
import { type DrawingOptions, drawing, drawingFiles, writeDrawings } from '../drawings.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { printJson, printText } from '../out.ts';
import { outputs } from '../output-file.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  drawing(command)
    .argument('[id]', 'an example (a list of all, if none is named)')
    .option('--json', 'print one JSON document')
    .action(ends(run));

export interface ExampleOptions extends DrawingOptions {
  readonly json?: boolean;
}

export async function run(id: string | undefined, options: ExampleOptions): Promise<Exit> {
  const examples = textExamples.filter(
    (example) => id === undefined || example.id.toLowerCase() === id.toLowerCase(),
  );
  if (examples.length === 0) {
    const ids = textExamples.map((example) => example.id);
    throw new UsageError(
      `there is no example '${id}'${orDidYouMean(id ?? '', ids)}`,
      `examples are: ${ids.join(', ')}`,
    );
  }
  const files = outputs(drawingFiles(options));
  const style = terminalOf(process.stdout);
  if (options.json === true) {
    printJson(documentText(document('example', examples.map(textExampleDocument))));
  } else if (options.markdown === true) {
    printText(sheetsMarkdown(textExampleSheets(examples)));
  } else {
    printText(
      id === undefined
        ? textExamplesTable(examples, style)
        : examples.map((example) => textExampleText(example, style)).join('\n'),
    );
  }
  writeDrawings('example', files, () => textExampleSheets(examples), options);
  return EXIT.ok;
}
