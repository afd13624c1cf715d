/** `ipsecha overview` (`npm start`): one summary that a person reads in ten seconds. */
import { checkDocument } from '../../check/document.ts';
import { overview } from '../../overview/overview.ts';
import { document, documentText } from '../../report/json.ts';
import { renderOverview } from '../../report/overview.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';

export async function run(options: { readonly json?: boolean }): Promise<Exit> {
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await overview(stop, (what) => line.update(what));
  line.done();
  stop.done();
  const { checks, traces, proofs, ...rest } = result;
  process.stdout.write(
    options.json === true
      ? documentText(
          document('overview', [
            {
              ...rest,
              checks: checks.map(checkDocument),
              traces: traces.map(({ validation }) => validation),
              proofs,
            },
          ]),
        )
      : renderOverview(result, terminalOf(process.stdout)),
  );
  if (result.interrupted) return EXIT.interrupted;
  return result.surprises.length === 0 ? EXIT.ok : EXIT.violated;
}
