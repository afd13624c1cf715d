/** `ipsecha generate`: traces from the specification, and trials of the validator with faults put into them. */

import { Option } from 'commander';
import { type Scenario, scenarios, settingsFor } from '../../../model/index.ts';
import { filesReadFor, mustBeConfirmed } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { generate } from '../../generate/generate.ts';
import { mutate, usualPlaces } from '../../generate/mutate.ts';
import type { Observer } from '../../generate/observe.ts';
import { settingsWith } from '../../questions/check.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { renderMutations } from '../../report/mutations.ts';
import { terminalOf } from '../../report/terminal.ts';
import { writeEvents } from '../../traces/sources/jsonl.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { collect, type Define, ends, whole } from '../options.ts';
import { printJson, printText } from '../out.ts';
import { outputs, writeOutput } from '../output-file.ts';
import { scenariosOf } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .option('-o, --output <file>', 'file to write to (the standard output, if none is named)')
    .option('--scenario <name>', 'scenario to walk in (the first, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenario; may be repeated', collect, [])
    .option('--seed <number>', 'the same seed makes the same traces', whole(0, 0xffff_ffff), 1)
    .option(
      '--walks <number>',
      'runs, each an IKE SA of its own (1; with --mutations 10)',
      whole(1, 1_000_000),
    )
    .option('--steps <number>', 'steps of a run at most', whole(1, 100_000), 60)
    .addOption(
      new Option('--observe <who>', 'who sees it')
        .choices(['all', 'wire', 'peer-tap', 'cluster-tap', 'random'])
        .default('wire'),
    )
    .option('--mutations', 'put faults into traces instead, and show which of them `validate` catches')
    .option('--json', 'with --mutations: print one JSON document')
    .addHelpText(
      'after',
      helpText('\nWith --mutations, ends in 1 if a fault is not told rightly and no reason for it is known.'),
    )
    .action(ends(run));

export interface GenerateOptions {
  readonly output?: string;
  readonly scenario: readonly string[];
  readonly set: readonly string[];
  readonly seed: number;
  readonly walks?: number;
  readonly steps: number;
  readonly observe: Observer;
  readonly mutations?: boolean;
  readonly json?: boolean;
}

/** Runs in each scenario, if nothing is said: enough that each mutation finds something to mutate. */
const RUNS_TO_MUTATE = 10;

export async function run(argument: string, options: GenerateOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const placed = (scenario: Scenario) => ({
    scenario: scenario.name,
    settings: settingsWith(settingsFor(scenario, 'medium', revision), options.set, revision),
  });
  const { seed, steps } = options;
  if (options.mutations === true) {
    const places =
      options.scenario.length > 0 || options.set.length > 0
        ? scenariosOf(options, [revision]).map(placed)
        : usualPlaces(revision);
    const stop = interruption();
    const walks = options.walks ?? RUNS_TO_MUTATE;
    const tallies = await mutate({ revision, places, seed, walks, steps, signal: stop });
    stop.done();
    await mustBeConfirmed(revision);
    const result = { revision: revision.name, seed, walks, steps, mutations: tallies };
    if (options.json === true) printJson(documentText(document('generate', [result])));
    else {
      printText(renderMutations(tallies, terminalOf(process.stdout)));
      if (stop.aborted) printText(INTERRUPTED);
    }
    if (stop.aborted) return EXIT.interrupted;
    // A fault that is not told rightly, without a reason for it, is a fault of the validator.
    return tallies.every(({ otherwise, missed, unseen }) => otherwise + missed === 0 || unseen !== undefined)
      ? EXIT.ok
      : EXIT.violated;
  }
  if (options.json === true) {
    throw new UsageError('--json is for --mutations', 'traces are JSON Lines anyway: leave it out');
  }
  if (options.scenario.length > 1) {
    throw new UsageError(
      'traces are of one scenario',
      'name one --scenario, and run the command again for others',
    );
  }
  const [scenario] = options.scenario.length > 0 ? scenariosOf(options, [revision]) : scenarios;
  if (scenario === undefined) throw new RangeError('there are no scenarios');
  const { settings } = placed(scenario);
  const output = options.output === '-' ? undefined : options.output;
  const { o } = outputs({ o: output }, { inputs: [argument, ...filesReadFor(revision)] });
  const traces = generate({
    ...{ revision, settings, observer: options.observe, seed, walks: options.walks ?? 1, steps },
  });
  await mustBeConfirmed(revision);
  const text = writeEvents(traces.flatMap(({ events }) => events));
  if (o === undefined) printJson(text);
  else writeOutput(o, text);
  return EXIT.ok;
}
