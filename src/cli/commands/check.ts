/** `ipsecha check`: explores, and says what holds, what breaks, and how. */
import { revisions, type Size, settingsFor } from '../../../model/index.ts';
import {
  type CheckResult,
  check,
  checkedPropertyNamed,
  settingsWith,
  takes,
  withoutRule,
} from '../../check/check.ts';
import { checkDocument } from '../../check/document.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { renderCheck, renderChecks } from '../../report/check.ts';
import { document, documentText } from '../../report/json.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { scenariosOf } from '../question.ts';

export interface CheckOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly without: readonly string[];
  readonly memory?: number;
  readonly time?: number;
  readonly json?: boolean;
}

export async function run(names: readonly string[], options: CheckOptions): Promise<Exit> {
  const chosen =
    names.length > 0
      ? await Promise.all(names.map(revisionOf))
      : // With no revision named, those to which every given setting applies.
        revisions.filter((each) => options.set.every((change) => takes(each, change)));
  const targets = chosen.map((revision) => options.without.reduce(withoutRule, revision));
  const wanted = options.property.map(checkedPropertyNamed);
  // Every setting is looked at before the first exploration begins.
  const jobs = targets.flatMap((revision) =>
    scenariosOf(options).map((scenario) => ({
      revision,
      scenario,
      settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
    })),
  );
  const stop = interruption();
  const line = progressLine(process.stderr);
  const deadline = options.time === undefined ? undefined : performance.now() + options.time * 1000;
  const results: CheckResult[] = [];
  for (const job of jobs) {
    results.push(
      await check({
        ...job,
        size: options.size,
        ...(wanted.length > 0 ? { properties: wanted } : {}),
        ...(deadline === undefined ? {} : { seconds: Math.max(0, (deadline - performance.now()) / 1000) }),
        ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
        signal: stop,
        onProgress: ({ depth, states, seconds }) => {
          const rate = Math.round(states / Math.max(seconds, 0.001)).toLocaleString('en');
          line.update(
            `${job.revision.name} ${job.scenario.name}: depth ${depth}, ${states.toLocaleString('en')} states, ${rate} states/s`,
          );
        },
      }),
    );
    line.done();
    if (stop.aborted) break;
  }
  stop.done();
  if (options.json === true) {
    process.stdout.write(documentText(document('check', results.map(checkDocument))));
  } else {
    const style = terminalOf(process.stdout);
    const [only] = results;
    process.stdout.write(
      results.length === 1 && only !== undefined
        ? renderCheck(only, style, wanted.length === 1, names[0])
        : renderChecks(results, style),
    );
    if (stop.aborted) process.stdout.write(INTERRUPTED);
  }
  return stop.aborted ? EXIT.interrupted : exitForAll(results.map(({ verdict }) => verdict));
}
