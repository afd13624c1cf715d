/** How `--help` looks: options in groups, examples, all as wide as the terminal. */
import { type Command, Help, type Option } from 'commander';
import { wrap } from '../report/text.ts';

/** Groups of options, by the names that options have in code; in this order. What is in none is told first. */
const GROUPS: readonly (readonly [heading: string, names: readonly string[]])[] = [
  [
    'What is asked:',
    [
      ...[
        'scenario',
        'size',
        'property',
        'over',
        'set',
        'without',
        'with',
        'ignore',
        'assume',
        'infer',
        'weakest',
      ],
      ...['revision', 'complete', 'from', 'search', 'example', 'coverage', 'mutations', 'observe'],
    ],
  ],
  ['What is read:', ['keys', 'format', 'each', 'decodeAs', 'role', 'follow', 'watch', 'resume', 'check']],
  [
    'How far it goes:',
    [
      ...['time', 'memory', 'workers', 'shard', 'walks', 'depth', 'steps', 'seed', 'replay'],
      ...['reduction', 'hashCompaction'],
    ],
  ],
  [
    'What is written:',
    [
      ...['output', 'json', 'markdown', 'html', 'svg', 'chart', 'junit', 'sarif', 'annotations', 'stats'],
      ...['checkpoint', 'certificate'],
    ],
  ],
];

/** The heading of the group of an option; undefined if it is in none. */
export const groupOf = (option: Option): string | undefined =>
  GROUPS.find(([, names]) => names.includes(option.attributeName()))?.[0];

/** Columns of help that goes into a pipe. */
const WIDTH = 100;

/** Columns of a line of help. */
const widthOf = (): number => (process.stdout.isTTY ? process.stdout.columns : WIDTH);

/** Puts the options of a command into groups. */
export function grouped(command: Command): Command {
  for (const option of command.options) {
    const group = groupOf(option);
    if (group !== undefined) option.helpGroup(group);
  }
  return command;
}

/** What every command has of it. */
export const helpStyle = (command: Command): Command =>
  command.configureHelp({
    helpWidth: widthOf(),
    showGlobalOptions: false,
    optionDescription(option) {
      const { defaultValue } = option;
      // Nothing named yet, and what has no words of its own, is no default that one could give.
      const isTold = typeof defaultValue !== 'object';
      return Help.prototype.optionDescription.call(
        this,
        isTold ? option : Object.assign(Object.create(option) as Option, { defaultValue: undefined }),
      );
    },
  });

/** Paragraphs below the options: an empty line parts them. */
export const helpText = (text: string): (() => string) => {
  const paragraphs = text.trim().split('\n\n');
  return () => paragraphs.map((each) => `\n${wrap(each, widthOf()).join('\n')}`).join('\n');
};

/** Commands to begin with, each as one would type it: they are not wrapped, so that they can be copied. */
export const exampleText = (examples: readonly string[]): string =>
  [
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((each) => `  $ ipsecha ${each}`),
  ].join('\n');
