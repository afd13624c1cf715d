/** `ipsecha compare`: the verdicts on two sides, and what each does that the other cannot. */
import { canBeLeftOut, type Revision, revisions, type Settings, settingsFor } from '../../../model/index.ts';
import { filesReadFor } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { ignoredField } from '../../questions/behaviour.ts';
import { checkedPropertyNamed, settingsWith, takes, withoutRule } from '../../questions/check.ts';
import { type Comparison, compare, type Side, sideNames } from '../../questions/compare.ts';
import { comparisonDocument } from '../../questions/document-of-comparison.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { comparisonSheet, renderComparison } from '../../report/comparison.ts';
import { document } from '../../report/json.ts';
import { type DrawingOptions, drawing, drawingFiles, writeDrawings } from '../drawings.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { collect, type Define, ends, exploring } from '../options.ts';
import { mustNotBePrintedOnto, outputs } from '../output-file.ts';
import { answer, type QuestionOptions, scenariosOf } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) => {
  // What stands before --with belongs to the first side, what stands after it to the second.
  let at: 0 | 1 = 0;
  const toSide = (value: string, earlier: readonly ForSide[]): readonly ForSide[] => [
    ...earlier,
    { side: at, value },
  ];
  return drawing(exploring(command, { set: false }))
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .argument('[other]', 'the one to compare it with')
    .option(
      '--set <key=value>',
      'change a setting; may be repeated. Before --with it is for the first side, after it for the second; without --with for both',
      toSide,
      [],
    )
    .option(
      '--without <rule>',
      'leave a rule out, on the side where --set would be; may be repeated',
      toSide,
      [],
    )
    .option(
      '--with <revision>',
      'the second side: a revision, the same one too, with what follows',
      (name: string) => {
        at = 1;
        return name;
      },
    )
    .option('--property <id>', 'property to compare; may be repeated (all, if none is named)', collect, [])
    .option(
      '--ignore <field>',
      'field of messages not to look at in behaviours, as failoverCount; may be repeated',
      collect,
      [],
    )
    .addHelpText(
      'after',
      helpText(`
Behaviours are compared as somebody sees them who watches every box and the wire: which box does what (makes a
request, takes a message, copies its state, fails, takes over ...), with which contents of the messages that it takes
and sends. For each direction a shortest run is looked for whose last step the other side cannot do, in the same
scenario. --ignore leaves a field of messages out of sight. In three scenarios or more, a thousand pairs of states
are looked at in each first, and more, for as long as --time says, only if no difference was found in any.

What differs is shown, and what does not is counted. A setting or rule that means something to only one of two
revisions is given to that one.

Ends in 0 if neither verdicts nor behaviours differ, in 1 if any does, in 3 if what is known does not tell.`),
    )
    .action(ends(run));
};

/** A value of an option, and the side that it is for. */
interface ForSide {
  readonly side: 0 | 1;
  readonly value: string;
}

export interface CompareOptions extends Omit<QuestionOptions, 'set'>, DrawingOptions {
  readonly set: readonly ForSide[];
  readonly without: readonly ForSide[];
  readonly with?: string;
  readonly property: readonly string[];
  /** Fields of messages. */
  readonly ignore: readonly string[];
}

export async function run(first: string, named: string | undefined, options: CompareOptions): Promise<Exit> {
  const second = secondOf(named, options);
  mustNotBePrintedOnto([first, second]);
  const sides = await sidesOf(first, second, options);
  const inputs = [first, second, ...sides.flatMap(({ revision }) => filesReadFor(revision))];
  const files = outputs(drawingFiles(options), { inputs });
  const [one, other] = sides;
  const both = sides.map(({ revision }) => revision);
  const wanted = options.property.map((id) => checkedPropertyNamed(id, both));
  const ignored = options.ignore.map(ignoredField);
  const places = scenariosOf(options, both).map((scenario) => {
    const [base, baseOfOther] = inSameBounds(
      settingsFor(scenario, options.size, one.revision),
      settingsFor(scenario, options.size, other.revision),
    );
    const settings = [
      settingsWith(base, one.set, one.revision),
      settingsWith(baseOfOther, other.set, other.revision),
    ] as const;
    return { scenario, settings };
  });
  let found: Comparison | undefined;
  const exit = await answer(
    options,
    async (running) => {
      found = await compare({
        sides,
        size: options.size,
        scenarios: places,
        ignored,
        ...(wanted.length > 0 ? { properties: wanted } : {}),
        ...running,
      });
      return found;
    },
    {
      json: (comparison) => document('compare', [comparisonDocument(comparison)]),
      text: renderComparison,
      sheets: (comparison) => [comparisonSheet(comparison)],
      exitOf: ({ verdict, behaviour }) => {
        if (verdict === 'differs' || behaviour === 'differs') return EXIT.violated;
        return verdict === 'same' && behaviour === 'none' ? EXIT.ok : EXIT.inconclusive;
      },
    },
  );
  // After the answer, which is not to be lost for want of room for them.
  writeDrawings('compare', files, () => (found === undefined ? [] : [comparisonSheet(found)]), options);
  return exit;
}

/** The revision of the second side. */
function secondOf(named: string | undefined, options: CompareOptions): string {
  if (named !== undefined && options.with !== undefined) {
    throw new UsageError(
      `the second side is named twice: ${named}, and --with ${options.with}`,
      'leave one of them out; with --with, each side has settings of its own',
    );
  }
  const second = options.with ?? named;
  if (second !== undefined) return second;
  throw new UsageError(
    'there is nothing to compare it with',
    'name a second revision, or the same one with other settings: --with REVISION --set KEY=VALUE',
  );
}

/** Both sides, with what each is asked with. */
async function sidesOf(
  first: string,
  second: string,
  options: CompareOptions,
): Promise<readonly [Side, Side]> {
  const given = [await revisionOf(first), await revisionOf(second)] as const;
  const isApart = options.with !== undefined;
  const changesOf = (all: readonly ForSide[], side: 0 | 1): readonly string[] =>
    all.filter((each) => !isApart || each.side === side).map(({ value }) => value);
  const sideAt = (side: 0 | 1): Omit<Side, 'name'> => {
    const [own, other] = [given[side], given[side === 0 ? 1 : 0]];
    // For both: what means something to only one of the two is given to that one; to neither, it is an error.
    const isFor = (means: (revision: Revision) => boolean): boolean =>
      isApart || means(own) || (!means(other) && side === 0);
    const set = changesOf(options.set, side).filter((change) => isFor((each) => takes(each, change)));
    const without = changesOf(options.without, side).filter((rule) =>
      isFor((each) => canBeLeftOut(each, rule)),
    );
    return {
      revision: without.reduce(withoutRule, own),
      ...(revisions.includes(own) ? { shipped: { name: own.name, without } } : {}),
      set,
      without,
    };
  };
  const [one, other] = [sideAt(0), sideAt(1)];
  // Where the revisions tell the sides apart, and all settings are for both, their names are enough.
  const [name, nameOfOther] = isApart ? sideNames([one, other]) : [one.revision.name, other.revision.name];
  return [
    { ...one, name },
    { ...other, name: nameOfOther },
  ];
}

/**
 * Both in the same bounds: the narrower ones, if one of them needs those. What is not a bound stays as it suits
 * each: the first draft tells counters in a form that no other has.
 */
function inSameBounds(one: Settings, other: Settings): readonly [Settings, Settings] {
  const requests = Math.min(one.requests, other.requests);
  const bump = Math.min(one.bump, other.bump);
  return [
    { ...one, requests, bump },
    { ...other, requests, bump },
  ];
}
