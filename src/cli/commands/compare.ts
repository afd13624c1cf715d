/** `ipsecha compare`: the verdicts on two revisions, side by side. */
import {
  type Revision,
  type Scenario,
  type Size,
  scenarios,
  settingSpecs,
  settingsFor,
} from '../../../model/index.ts';
import { applies, checkedPropertyNamed, scenarioNamed, settingsWith } from '../../check/check.ts';
import { compare } from '../../check/compare.ts';
import { comparisonDocument } from '../../check/document-of-comparison.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { renderComparison } from '../../report/comparison.ts';
import { document, documentText } from '../../report/json.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';

export interface CompareOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly time: number;
  readonly memory?: number;
  readonly json?: boolean;
}

export async function run(first: string, second: string, options: CompareOptions): Promise<Exit> {
  const one = await revisionOf(first);
  const other = await revisionOf(second);
  const where: readonly Scenario[] =
    options.scenario.length > 0 ? options.scenario.map(scenarioNamed) : scenarios;
  const wanted = options.property.map(checkedPropertyNamed);
  const [changesOfOne, changesOfOther] = changesFor(one, other, options.set);
  const places = where.map((scenario) => {
    // Both in the same bounds: the narrower ones, if one of them needs those.
    const base = [one, other]
      .map((revision) => settingsFor(scenario, options.size, revision))
      .reduce((a, b) => (b.requests < a.requests ? b : a));
    const settings = [
      settingsWith(base, changesOfOne, one),
      settingsWith(base, changesOfOther, other),
    ] as const;
    return { scenario, settings };
  });
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await compare({
    revisions: [one, other],
    size: options.size,
    scenarios: places,
    ...(wanted.length > 0 ? { properties: wanted } : {}),
    seconds: options.time,
    ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
    signal: stop,
    tell: (what) => line.update(what),
  }).finally(() => {
    line.done();
    stop.done();
  });
  if (options.json === true) {
    process.stdout.write(documentText(document('compare', [comparisonDocument(result)])));
  } else {
    process.stdout.write(renderComparison(result, terminalOf(process.stdout)));
    if (stop.aborted) process.stdout.write('interrupted: what is shown is what was found until then\n');
  }
  if (stop.aborted) return EXIT.interrupted;
  return result.verdict === 'differs'
    ? EXIT.violated
    : result.verdict === 'same'
      ? EXIT.ok
      : EXIT.inconclusive;
}

/** A setting that means something to only one of the two is given to that one; to neither, it is an error. */
function changesFor(
  one: Revision,
  other: Revision,
  changes: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const takes = (revision: Revision) => (change: string) => {
    const spec = settingSpecs.find(({ key }) => key === change.split('=')[0]);
    return spec === undefined || applies(spec, revision);
  };
  const forOne = changes.filter((change) => takes(one)(change) || !takes(other)(change));
  return [forOne, changes.filter(takes(other))];
}
