/** `ipsecha completion bash|zsh|fish`: a script for the shell. */
import { Argument } from 'commander';
import { completedCommands, completionScript, SHELLS, type Shell } from '../completion.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { type Define, ends } from '../options.ts';
import { printText } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .addArgument(new Argument('<shell>', 'the shell that is to complete').choices(SHELLS))
    .addHelpText(
      'after',
      helpText(`
It completes commands, options, and the names of revisions, scenarios, properties, rules and settings with their values.

In bash and zsh: source <(ipsecha completion bash), in zsh after compinit. In fish: ipsecha completion fish | source.
To have it always, put that line into ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.`),
    )
    .action(ends(run));

export async function run(shell: Shell): Promise<Exit> {
  printText(completionScript(shell, await completedCommands()));
  return EXIT.ok;
}
