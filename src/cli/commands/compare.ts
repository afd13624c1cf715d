/** `ipsecha compare`: the verdicts on two revisions, side by side, and what each does that the other cannot. */
import { type Revision, type Settings, settingsFor } from '../../../model/index.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { ignoredField } from '../../questions/behaviour.ts';
import { checkedPropertyNamed, settingsWith, takes } from '../../questions/check.ts';
import { compare } from '../../questions/compare.ts';
import { comparisonDocument } from '../../questions/document-of-comparison.ts';
import { renderComparison } from '../../report/comparison.ts';
import { EXIT, type Exit } from '../exit.ts';
import { collect, type Define, ends, exploring } from '../options.ts';
import { mustNotBePrintedOnto } from '../output-file.ts';
import { answer, type QuestionOptions, scenariosOf } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  exploring(command)
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .argument('<other>', 'the one to compare it with')
    .option('--property <id>', 'property to compare; may be repeated (all, if none is named)', collect, [])
    .option(
      '--ignore <field>',
      'field of messages not to look at in behaviours, as failoverCount; may be repeated',
      collect,
      [],
    )
    .addHelpText(
      'after',
      `
Behaviours are compared as somebody sees them who watches every box and the wire: which box does what (makes a
request, takes a message, copies its state, fails, takes over ...), with which contents of the messages that it takes
and sends. For each direction a shortest run is looked for whose last step the other revision cannot do, in the same
scenario and with the same settings. --ignore leaves a field of messages out of sight.
A setting that means something to only one of the two is given to that one.
Ends in 0 if neither verdicts nor behaviours differ, in 1 if any does, in 3 if what is known does not tell.`,
    )
    .action(ends(run));

export interface CompareOptions extends QuestionOptions {
  readonly property: readonly string[];
  /** Fields of messages. */
  readonly ignore: readonly string[];
}

export async function run(first: string, second: string, options: CompareOptions): Promise<Exit> {
  mustNotBePrintedOnto([first, second]);
  const one = await revisionOf(first);
  const other = await revisionOf(second);
  const wanted = options.property.map((id) => checkedPropertyNamed(id, [one, other]));
  const ignored = options.ignore.map(ignoredField);
  const [changesOfOne, changesOfOther] = changesFor(one, other, options.set);
  const places = scenariosOf(options, [one, other]).map((scenario) => {
    const [base, baseOfOther] = inSameBounds(
      settingsFor(scenario, options.size, one),
      settingsFor(scenario, options.size, other),
    );
    const settings = [
      settingsWith(base, changesOfOne, one),
      settingsWith(baseOfOther, changesOfOther, other),
    ] as const;
    return { scenario, settings };
  });
  return answer(
    'compare',
    options,
    (running) =>
      compare({
        revisions: [one, other],
        size: options.size,
        scenarios: places,
        ignored,
        ...(wanted.length > 0 ? { properties: wanted } : {}),
        ...running,
      }),
    {
      documents: (comparison) => [comparisonDocument(comparison)],
      text: renderComparison,
      exitOf: ({ verdict, behaviour }) => {
        if (verdict === 'differs' || behaviour === 'differs') return EXIT.violated;
        return verdict === 'same' && behaviour === 'none' ? EXIT.ok : EXIT.inconclusive;
      },
    },
  );
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

/** A setting that means something to only one of the two is given to that one; to neither, it is an error. */
function changesFor(
  one: Revision,
  other: Revision,
  changes: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const forOne = changes.filter((change) => takes(one, change) || !takes(other, change));
  return [forOne, changes.filter((change) => takes(other, change))];
}
