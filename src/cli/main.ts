/** The command line: what there is. What a command does is in `commands/`, loaded only when it is asked for. */
import { createRequire } from 'node:module';
import { Command, CommanderError, Help, type Option } from 'commander';
import { UsageError } from '../questions/usage-error.ts';
import { wrap } from '../report/text.ts';
import { commands } from './commands/index.ts';
import { endIn, watchEndings } from './ending.ts';
import { EXIT, type Exit } from './exit.ts';
import { exampleText, grouped, helpStyle } from './help.ts';
import { printText, say, sayLines } from './out.ts';

const { version } = createRequire(import.meta.url)('ipsecha/package.json') as { readonly version: string };

/** Runs the command line and sets the exit status. Errors that a user can mend are said in a few lines. */
export async function main(argv: readonly string[]): Promise<void> {
  watchEndings(explain);
  const words = argv.slice(2);
  const end = words.includes('--watch') && named(words) === 'check' ? await begun(words) : undefined;
  try {
    const ipsecha = await program(words);
    await ipsecha.parseAsync([...argv]);
  } catch (error) {
    const status = explain(error);
    end?.();
    await showRun(error);
    endIn(status);
  }
}

/** What takes as long as the command to be loaded, and can be done beside that. Gives what ends it. */
const begun = async (words: readonly string[]): Promise<() => void> =>
  (await import('./begun.ts')).begin(words);

/** The command that a command line names, its help included: the first word that is no option, or what follows `help`. */
const named = (words: readonly string[]): string | undefined => {
  const [first, second] = words.filter((word) => !word.startsWith('-'));
  return first === 'help' ? second : first;
};

/** What one tries first. */
const EXAMPLES = [
  'check ikev2 --scenario single-failover',
  'validate your.pcap --keys keys.csv',
  'explain bump',
  'help check',
];

async function program(words: readonly string[]): Promise<Command> {
  const ipsecha = helpStyle(new Command('ipsecha'))
    .description(
      'Executable specification and reference verifier for IKEv2/IPsec high availability (RFC 6311)',
    )
    .version(version)
    .showHelpAfterError('(ipsecha --help shows what there is)')
    .configureOutput({ writeOut: printText, writeErr: sayLines })
    .configureHelp({ optionDescription })
    .exitOverride();
  for (const { name, about, group, examples, load } of commands) {
    const command = helpStyle(ipsecha.command(name)).description(about).helpGroup(group);
    if (name === named(words)) {
      grouped((await load()).define(command)).addHelpText('after', exampleText(examples));
    }
  }
  return ipsecha.addHelpText('after', exampleText(EXAMPLES));
}

/** What an option is for. That lists, of what may be given several times, begin empty needs no saying. */
function optionDescription(option: Option): string {
  const isList = typeof option.defaultValue === 'object';
  const shown = isList ? Object.assign(Object.create(option) as Option, { defaultValue: undefined }) : option;
  return new Help().optionDescription(shown);
}

/** The run that led to what went wrong, if it is known. */
async function showRun(error: unknown): Promise<void> {
  if (!(error instanceof UsageError) || error.run === undefined) return;
  const { renderRun } = await import('../report/run-before.ts');
  sayLines(renderRun(error.run));
}

/** Names of errors that say all that there is to say. */
const PLAIN: readonly string[] = ['UsageError', 'InputError', 'OutputError', 'Unanswered'];

/** Whatever was thrown, in words. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack ?? error.message) : String(error);
  } catch {
    return 'something was thrown that cannot be put into words';
  }
}

/** A hint as wide as the terminal; in a pipe, where one looks for lines, in one. */
const wrapped = (hint: string): string =>
  process.stderr.isTTY && !hint.includes('\n') ? wrap(hint, process.stderr.columns - 2).join('\n  ') : hint;

/** Says what went wrong in a few lines; the status to end with. */
function explain(error: unknown): Exit {
  // Commander has said it already; --help and --version come here too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Error && PLAIN.includes(error.name)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
    // Some messages end with the hint already.
    const said =
      hint === undefined || error.message.includes(hint)
        ? error.message
        : `${error.message}\n  ${wrapped(hint)}`;
    say(said);
    return EXIT.usage;
  }
  say(`an error of ours, please report it: ${textOf(error)}`);
  return EXIT.usage;
}
