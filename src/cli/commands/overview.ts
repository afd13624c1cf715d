/** `ipsecha overview` (`npm start`): one summary that a person reads in ten seconds. */

import { overview } from '../../overview/overview.ts';
import { checkDocument } from '../../questions/document.ts';
import { document, documentText } from '../../report/json.ts';
import { renderOverview } from '../../report/overview.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { documented } from '../../report/verdict/document.ts';
import { NO_EXPERIMENTS } from '../../report/verdict/pointers.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';
import { type Define, ends } from '../options.ts';
import { printJson, printText } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command.option('--json', 'print one JSON document').action(ends(run));

export async function run(options: { readonly json?: boolean }): Promise<Exit> {
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await overview(stop, (what) => line.update(what));
  line.done();
  stop.done();
  const { checks, traces, ...rest } = result;
  if (options.json === true) {
    const documents = {
      ...rest,
      checks: checks.map(checkDocument),
      traces: traces.map(({ validation }) => documented(validation, NO_EXPERIMENTS)),
    };
    printJson(documentText(document('overview', [documents])));
  } else printText(renderOverview(result, terminalOf(process.stdout)));
  if (result.interrupted) return EXIT.interrupted;
  return result.surprises.length === 0 ? EXIT.ok : EXIT.violated;
}
