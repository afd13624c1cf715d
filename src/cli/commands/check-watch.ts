/**
 * `ipsecha check --watch`: checks a file again whenever it changes, or what it imports. Answers come as they are
 * known: what takes least time comes first, as it took the last time, or takes with RFC 6311.
 */
import { resolve } from 'node:path';
import { type Revision, type Scenario, settingsFor } from '../../../model/index.ts';
import { confirmed, filesReadFor, ledgersOf, type Said } from '../../author/ledger.ts';
import { isRevisionFile, revisionOf } from '../../author/revision-file.ts';
import { PATIENCE } from '../../author/rule-thread.ts';
import { breathe } from '../../explore/host.ts';
import { isSameStructure } from '../../explore/structure.ts';
import { CHEAPEST } from '../../questions/cheapest.ts';
import {
  type CheckResult,
  check,
  checkedPropertyNamed,
  settingsWith,
  withoutRule,
} from '../../questions/check.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { mostTelling, renderCheck } from '../../report/check.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { wrap } from '../../report/text.ts';
import { takeBegun } from '../begun.ts';
import { endAtOnce } from '../ending.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Interruption, interruption } from '../interrupt.ts';
import { printText } from '../out.ts';
import { scenariosOf } from '../question.ts';
import { namedIn, type State, stateOf } from '../watched-files.ts';
import type { CheckOptions } from './check.ts';

/** Milliseconds between two looks at the files. */
const LOOK = 100;

/** What goes with it: all that says what is checked, and nothing that writes or is for one exploration. */
const WITH: readonly (keyof CheckOptions)[] = [
  ...(['watch', 'scenario', 'size', 'property', 'set', 'without'] as const),
  ...(['memory', 'time', 'workers', 'reduction'] as const),
];

export async function run(names: readonly string[], options: CheckOptions): Promise<Exit> {
  const [file, more] = names;
  if (file === undefined || more !== undefined || !isRevisionFile(file)) {
    throw new UsageError('--watch is for one file', 'name the file of a revision: --watch my-draft.ts');
  }
  const odd = Object.entries(options).find(
    ([name, value]) => !WITH.some((each) => each === name) && value !== undefined && value !== false,
  );
  if (odd !== undefined) {
    const option = odd[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--watch does not go with --${option}`, 'leave one of them out');
  }
  const stop = interruption();
  const before = new Map<string, Earlier>();
  let files: readonly string[] = [resolve(file)];
  for (let round = 0; !stop.aborted; round += 1) {
    begin(file, round);
    // If it cannot be loaded, nobody tells what it imports, and it may be an import that has to be mended or made.
    const begun = takeBegun(file);
    files = begun?.files ?? [...new Set([...files, ...namedIn(resolve(file))])];
    const state = begun?.state ?? stateOf(files);
    // A file that is never loaded has nothing to show, and would be waited for.
    const atOnce = (): void => endAtOnce(EXIT.interrupted);
    stop.signal.addEventListener('abort', atOnce);
    const edit = watching(files, state, stop);
    begun?.endWith(edit);
    const loaded = await revisionOf(file, PATIENCE, {
      signal: edit,
      ahead: true,
      begun,
    }).catch((error) =>
      // What was edited meanwhile is loaded anew: just now, maybe, and an error of what it is by now.
      edit.isSo() ? undefined : told(error),
    );
    stop.signal.removeEventListener('abort', atOnce);
    if (loaded !== undefined) {
      edit.end();
      files = [...new Set([resolve(file), ...filesReadFor(loaded)])];
      const changes = watching(files, { ...stateOf(files), ...state }, stop);
      await checked(loaded, options, changes, before).catch(told);
      for (const ledger of ledgersOf(loaded)) ledger.close();
      if (!changes.aborted) printText('waiting for a change; Ctrl-C ends it\n');
      await changes.change;
    } else {
      if (!edit.aborted) printText('waiting for a change; Ctrl-C ends it\n');
      await edit.change;
    }
  }
  stop.done();
  return EXIT.interrupted;
}

/** A terminal begins anew; in a pipe stands a line. */
function begin(file: string, round: number): void {
  if (process.stdout.isTTY) process.stdout.write('\u001b[2J\u001b[3J\u001b[H');
  else if (round > 0) printText(`--- ${file} has changed\n`);
}

/** What a user can mend is said, and then it is waited for. */
function told(error: unknown): undefined {
  if (!(error instanceof UsageError)) throw error;
  printText(`${error.message}\n  ${error.hint}\n`);
  return undefined;
}

/** Until something changes, or it is ended. */
interface Changes {
  readonly aborted: boolean;
  readonly change: Promise<void>;
  /** Whether it is so by now: looks, where `aborted` tells of the last look. */
  isSo(): boolean;
  /** Nobody waits for it any more. */
  end(): void;
}

function watching(files: readonly string[], since: State, stop: Interruption): Changes {
  let aborted = false;
  let timer: NodeJS.Timeout | undefined;
  let changed: () => void = () => undefined;
  const isSo = (): boolean => {
    const now = stateOf(files);
    aborted ||= stop.aborted || files.some((each) => now[each] !== since[each]);
    if (aborted) {
      clearInterval(timer);
      changed();
    }
    return aborted;
  };
  const change = new Promise<void>((done) => {
    changed = done;
    timer = setInterval(isSo, LOOK);
  });
  return {
    get aborted() {
      return aborted || stop.aborted;
    },
    change,
    isSo,
    end: () => clearInterval(timer),
  };
}

/** What came out in a scenario when the file was another one, and all that its rules were asked for that. */
interface Earlier {
  readonly result: CheckResult;
  readonly said: Iterable<Said>;
  readonly shape: unknown;
}

/**
 * The scenarios in which nothing can have come out differently. An exploration is a function of what the file exports as
 * data and of what its rules say; so it is the same one if the rules, asked all that they were asked in it, and in that
 * order, say the same. What ended early is not one of them, for it may come further now.
 */
async function standing(
  revision: Revision,
  all: readonly Scenario[],
  before: ReadonlyMap<string, Earlier>,
  changes: Changes,
): Promise<readonly Scenario[]> {
  const [ledger] = ledgersOf(revision);
  if (ledger === undefined) return [];
  const same: Scenario[] = [];
  for (const scenario of all) {
    const earlier = before.get(scenario.name);
    if (changes.aborted) return [];
    if (earlier === undefined || !isDecided(earlier.result)) continue;
    if (isSameStructure(earlier.shape, ledger.shape) && ledger.saysTheSame(earlier.said)) same.push(scenario);
    // Somebody may have edited it again.
    await breathe();
  }
  // They are rules of the file as it is now: all of it is asked again, as after an exploration.
  return same.length > 0 && (await confirmed(revision)) === undefined ? same : [];
}

const isDecided = ({ properties }: CheckResult): boolean =>
  properties.every(({ verdict }) => verdict !== 'inconclusive');

/** Checks in all scenarios, and says each verdict as soon as it is known. */
async function checked(
  whole: Revision,
  options: CheckOptions,
  changes: Changes,
  before: Map<string, Earlier>,
): Promise<void> {
  const { size, set, without, memory, time, workers, reduction } = options;
  const revision = without.reduce(withoutRule, whole);
  const wanted = options.property.map((id) => checkedPropertyNamed(id, [whole]));
  const style = terminalOf(process.stdout);
  const line = progressLine(process.stderr);
  const results: CheckResult[] = [];
  const all = [...scenariosOf(options, [whole])].sort((a, b) => costOf(before, a) - costOf(before, b));
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  const say = (scenario: Scenario, words: string): void =>
    printText(
      wrap(words, style.width - width)
        .map((text, index) => `${(index === 0 ? scenario.name : '').padEnd(width)}${text}\n`)
        .join(''),
    );
  const same = await standing(revision, all, before, changes);
  if (changes.aborted) return;
  for (const scenario of same) {
    const { result } = before.get(scenario.name)!;
    results.push(result);
    say(scenario, `${verdictWords(result)} (stands)`);
  }
  if (same.length > 0) printText(`${wrap(STANDS, style.width).join('\n')}\n`);
  for (const scenario of all) {
    if (same.includes(scenario)) continue;
    const settings = settingsWith(settingsFor(scenario, size, revision), set, revision);
    const said = ledgersOf(revision)[0]?.takeDown() ?? [];
    const result = await check({
      ...{ revision, scenario, size, settings, signal: changes, noReductions: reduction },
      ...(wanted.length > 0 ? { properties: wanted } : {}),
      ...(time === undefined ? {} : { seconds: time }),
      ...(memory === undefined ? {} : { bytes: memory * 2 ** 30 }),
      ...(workers === undefined ? {} : { workers }),
      onProgress: ({ depth, states }) =>
        line.update(`${scenario.name}: depth ${depth}, ${states.toLocaleString('en')} states`),
    });
    line.done();
    if (changes.aborted) return;
    results.push(result);
    say(scenario, `${verdictWords(result)}${changedWords(before.get(scenario.name)?.result, result)}`);
    before.set(scenario.name, { result, said, shape: ledgersOf(revision)[0]?.shape });
  }
  const telling = mostTelling(results);
  if (telling !== undefined) printText(`\n${renderCheck(telling.result, style)}`);
}

const STANDS =
  'stands: whatever was asked of the file in that scenario has the same answer as before, so all of it would come out as before; it was not explored again';

/** What comes first: seconds of the last time; else the place in the list, as if of small systems. */
const costOf = (before: ReadonlyMap<string, Earlier>, { name }: Scenario): number =>
  before.get(name)?.result.statistics.seconds ?? CHEAPEST.indexOf(name) / CHEAPEST.length;

/** `holds`, or what is broken and what is not known. */
function verdictWords({ properties, verdict }: CheckResult): string {
  const broken = properties.flatMap(({ id, counterexample }) =>
    counterexample === undefined ? [] : [`${id} (${counterexample.depth})`],
  );
  const unknown = properties.filter((each) => each.verdict === 'inconclusive').map(({ id }) => id);
  return [
    ...(broken.length === 0 ? [] : [`violated: ${broken.join(', ')}`]),
    ...(unknown.length === 0 ? [] : [`inconclusive: ${unknown.join(', ')}`]),
    ...(verdict === 'holds' ? ['holds'] : []),
  ].join('; ');
}

/** What it was before the change, if that was something else. */
function changedWords(earlier: CheckResult | undefined, now: CheckResult): string {
  if (earlier === undefined || verdictWords(earlier) === verdictWords(now)) return '';
  return ` (before: ${verdictWords(earlier)})`;
}
