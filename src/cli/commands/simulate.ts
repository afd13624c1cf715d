/** `ipsecha simulate`: random walks far beyond what can be exhausted. */

import { Option } from 'commander';
import { type Size, settingsFor } from '../../../model/index.ts';
import { filesReadFor, mustBeConfirmed } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { type Path, pathOf } from '../../explore/walk/path.ts';
import { settingsWith, withoutRule } from '../../questions/check.ts';
import { simulateDocument } from '../../questions/document-of-simulation.ts';
import { replay, type SimulateResult, simulate, simulatedPropertyNamed } from '../../questions/simulate.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { sheetsMarkdown } from '../../report/sheet-markdown.ts';
import { renderSimulation, renderSimulations, simulationSheets } from '../../report/simulation.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { type DrawingOptions, drawing, drawingFiles, writeDrawings } from '../drawings.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { helpText } from '../help.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { collect, type Define, ends, positive, whole } from '../options.ts';
import { printJson, printText, say } from '../out.ts';
import { mustNotBePrintedOnto, outputs } from '../output-file.ts';
import { scenariosOf } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  drawing(command)
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .option('--scenario <name>', 'scenario to walk in; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large, before --set')
        .choices(['small', 'medium', 'large'])
        .default('large'),
    )
    .option('--property <id>', 'property to watch; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenarios; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option('--seed <number>', 'the same seed makes the same walks', whole(0, 0xffff_ffff), 1)
    .option('--depth <steps>', 'steps of a walk at most', whole(1, 1_000_000), 200)
    .option('--walks <number>', 'walks in each scenario at most', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--time <seconds>', 'time for each scenario (5, if walks are not limited either)', positive)
    .option('--replay <path>', 'follow a path that an earlier simulation told, instead of walking')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      helpText('\nEnds in 1 if a property is violated, else in 3: walks never tell that a property holds.'),
    )
    .action(ends(run));

export interface SimulateOptions extends DrawingOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly without: readonly string[];
  readonly seed: number;
  readonly depth: number;
  readonly walks?: number;
  /** Seconds for each scenario. */
  readonly time?: number;
  readonly replay?: string;
  readonly json?: boolean;
}

/** Seconds for each scenario, if neither time nor walks are limited. */
const USUAL_TIME = 5;

export async function run(argument: string, options: SimulateOptions): Promise<Exit> {
  mustNotBePrintedOnto([argument]);
  const revision = options.without.reduce(withoutRule, await revisionOf(argument));
  const files = outputs(drawingFiles(options), { inputs: [argument, ...filesReadFor(revision)] });
  const wanted = options.property.map((id) => simulatedPropertyNamed(id, revision));
  // Every setting is looked at before the first walk begins.
  const jobs = scenariosOf(options, [revision]).map((scenario) => ({
    revision,
    scenario,
    size: options.size,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
    seed: options.seed,
    depth: options.depth,
    ...(wanted.length > 0 ? { properties: wanted } : {}),
  }));
  const path = options.replay === undefined ? undefined : pathNamed(options.replay, jobs.length);
  const seconds = options.time ?? (options.walks === undefined ? USUAL_TIME : undefined);
  const stop = interruption();
  const line = progressLine(process.stderr);
  const results: SimulateResult[] = [];
  for (const job of jobs) {
    if (path !== undefined) {
      results.push(replay(job, path));
      break;
    }
    results.push(
      await simulate({
        ...job,
        ...(options.walks === undefined ? {} : { walks: options.walks }),
        ...(seconds === undefined ? {} : { seconds }),
        signal: stop,
        onProgress: ({ walks, steps, violated }) =>
          line.update(
            `${job.scenario.name}: ${walks.toLocaleString('en')} walks, ${steps.toLocaleString('en')} steps, ${violated} properties violated`,
          ),
      }),
    );
    line.done();
    if (stop.aborted || results.at(-1)?.statistics.stopped === 'unanswered') break;
  }
  stop.done();
  await mustBeConfirmed(revision);
  if (options.json === true) {
    printJson(documentText(document('simulate', results.map(simulateDocument))));
  } else if (options.markdown === true) {
    printText(sheetsMarkdown(simulationSheets(results)));
    if (stop.aborted) printText(`\n${INTERRUPTED}`);
  } else {
    const style = terminalOf(process.stdout);
    const [only] = results;
    printText(
      jobs.length === 1 && only !== undefined
        ? renderSimulation(only, style, askedBy(argument, options, only.scenario), path !== undefined)
        : renderSimulations(results, style),
    );
    if (stop.aborted) printText(INTERRUPTED);
  }
  const unanswered = new Set(results.flatMap(({ statistics }) => statistics.unanswered ?? []));
  for (const each of unanswered) say(`${each}\n  what is shown is what was found until then`);
  writeDrawings('simulate', files, () => simulationSheets(results), options);
  return stop.aborted ? EXIT.interrupted : exitForAll(results.map(({ verdict }) => verdict));
}

/** The path that was given, for one scenario. */
function pathNamed(text: string, scenarios: number): Path {
  if (scenarios !== 1) {
    throw new UsageError(
      '--replay needs one scenario',
      'name the one in which the path was found: --scenario NAME',
    );
  }
  const path = pathOf(text);
  if (path !== undefined) return path;
  throw new UsageError(
    `--replay ${text}: this is no path`,
    'a path is given by an earlier simulation, as 0.0-12.1-3.0',
  );
}

/** The command, as one would give it again, up to what makes walks. */
const askedBy = (argument: string, { size, set, without }: SimulateOptions, scenario: string): string =>
  [
    `ipsecha simulate ${argument} --scenario ${scenario}`,
    ...(size === 'large' ? [] : [`--size ${size}`]),
    ...set.map((change) => `--set ${change}`),
    ...without.map((rule) => `--without ${rule}`),
  ].join(' ');
