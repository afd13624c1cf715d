/**
 * Completion scripts for shells, made from the commands and options that there are, and from the names that they take.
 * A script is text: it starts nothing of ours while one types.
 */
import { type Argument, Command, type Option } from 'commander';
import {
  catalogue,
  revisions,
  scenarios,
  settingSpecs,
  shortForms,
  textExamples,
} from '../../model/index.ts';
import { checkedProperties } from '../questions/check.ts';
import { names } from '../questions/explained.ts';
import { commands } from './commands/index.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Words that can stand somewhere; none: a file, or anything. */
type Words = readonly string[];

interface CompletedOption {
  /** `--scenario`, and `-o` if it has a short name. */
  readonly flags: Words;
  readonly about: string;
  /** What its value can be; undefined if it takes none. */
  readonly values?: Words;
}

export interface CompletedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be, besides files. */
  readonly values: Words;
}

/** `bump=`, and each value of what has named ones. */
const settings: Words = [
  ...settingSpecs.flatMap(({ key, values }) =>
    values === 'number' ? [`${key}=`] : values.map((value) => `${key}=${value}`),
  ),
  ...shortForms.flatMap(({ key, values }) => Object.keys(values).map((value) => `${key}=${value}`)),
];

const revisionNames: Words = revisions.map(({ name }) => name);

/** By the names that options have in code. */
const VALUES: Readonly<Record<string, Words>> = {
  scenario: scenarios.map(({ name }) => name),
  property: checkedProperties,
  without: catalogue.map(({ id }) => id),
  set: settings,
  over: [...settingSpecs, ...shortForms].map(({ key }) => `${key}=`),
  with: revisionNames,
  revision: revisionNames,
};

/** What the arguments of a command can be, where they are no files or not only files. */
function argumentWords(
  command: string,
  { argChoices = [] }: Pick<Argument, 'argChoices'>,
  name: string,
): Words {
  if (argChoices.length > 0) return argChoices;
  if (command === 'explain') return names();
  if (command === 'example') return textExamples.map(({ id }) => id);
  return name === 'revision' || name === 'other' ? revisionNames : [];
}

/** All commands with what can stand behind them. */
export async function completedCommands(): Promise<readonly CompletedCommand[]> {
  const all: CompletedCommand[] = [];
  for (const { name, about, load } of commands) {
    const command = (await load()).define(new Command(name));
    const values = command.registeredArguments.flatMap((each) => argumentWords(name, each, each.name()));
    all.push({ name, about, options: command.options.map(completedOption), values: [...new Set(values)] });
  }
  return all;
}

function completedOption(option: Option): CompletedOption {
  const { short, long, description, argChoices } = option;
  const takesValue = option.required || option.optional;
  return {
    flags: [long, short].flatMap((flag) => flag ?? []),
    about: description,
    ...(takesValue ? { values: argChoices ?? VALUES[option.attributeName()] ?? [] } : {}),
  };
}

const QUOTED = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const listed = (words: Words): string => QUOTED(words.join(' '));

/** The script for a shell. */
export const completionScript = (shell: Shell, all: readonly CompletedCommand[]): string =>
  ({ bash: bashScript, zsh: zshScript, fish: fishScript })[shell](all);

/** What is the same in bash and zsh: sets `list` by the command and the word before. */
const cases = (all: readonly CompletedCommand[]): string =>
  all
    .map(({ name, options, values }) => {
      const taking = options.filter((option) => option.values !== undefined);
      const flags = [...options.flatMap((option) => option.flags.slice(0, 1)), '--help'];
      return `    ${name})
      case "$prev" in
${taking.map((option) => `        ${option.flags.join('|')}) list=${listed(option.values ?? [])} ;;`).join('\n')}
        *) if [[ "$cur" == -* ]]; then list=${listed(flags)}; else list=${listed(values)}; fi ;;
      esac ;;`;
    })
    .join('\n')
    .replaceAll('\n\n', '\n');

const bashScript = (all: readonly CompletedCommand[]): string => `# bash completion for ipsecha
_ipsecha() {
  local line cur prev list count
  local -a words
  COMPREPLY=()
  # Bash parts words at '=' too, so the line is parted here.
  line="\${COMP_LINE:0:COMP_POINT}"
  read -ra words <<< "$line"
  count=\${#words[@]}
  cur=''
  if [[ "$line" != *[[:space:]] ]]; then
    count=$((count - 1))
    cur="\${words[count]}"
  fi
  prev="\${words[count-1]}"
  list=''
  if ((count == 1)); then
    list=${listed([...all.map(({ name }) => name), 'help', '--help', '--version'])}
  else
    case "\${words[1]}" in
    help) list=${listed(all.map(({ name }) => name))} ;;
${cases(all)}
    esac
  fi
  COMPREPLY=($(compgen -W "$list" -- "$cur"))
  if [[ "\${COMPREPLY[0]-}" == *= ]] && type compopt > /dev/null 2>&1; then compopt -o nospace 2> /dev/null; fi
  # What stands before the last '=' is there already.
  if [[ "$cur" == *=* && "$COMP_WORDBREAKS" == *=* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${cur%=*}="}"); fi
}
complete -o default -F _ipsecha ipsecha
`;

const zshScript = (all: readonly CompletedCommand[]): string => `#compdef ipsecha
_ipsecha() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" list=''
  if ((CURRENT == 2)); then
    list=${listed([...all.map(({ name }) => name), 'help', '--help', '--version'])}
  else
    case "\${words[2]}" in
    help) list=${listed(all.map(({ name }) => name))} ;;
${cases(all)}
    esac
  fi
  local -a found
  found=(\${=list})
  compadd -S '' -- \${(M)found:#*=}
  compadd -- \${found:#*=}
  [[ "$cur" == -* ]] || _files
}
compdef _ipsecha ipsecha
`;

function fishScript(all: readonly CompletedCommand[]): string {
  const first = "'not __fish_seen_subcommand_from $__ipsecha_commands'";
  return [
    '# fish completion for ipsecha',
    `set -g __ipsecha_commands ${all.map(({ name }) => name).join(' ')}`,
    ...all.map(({ name, about }) => `complete -c ipsecha -n ${first} -f -a ${name} -d ${fishQuoted(about)}`),
    ...all.flatMap(({ name, options, values }) => {
      const here = `complete -c ipsecha -n '__fish_seen_subcommand_from ${name}'`;
      return [
        ...(values.length === 0 ? [] : [`${here} -a ${fishQuoted(values.join(' '))}`]),
        ...options.map(({ flags: [long = '', short], about, values: taken }) =>
          [
            here,
            `-l ${long.slice(2)}`,
            ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
            ...(taken === undefined
              ? []
              : taken.length === 0
                ? ['-r']
                : [`-x -a ${fishQuoted(taken.join(' '))}`]),
            `-d ${fishQuoted(about)}`,
          ].join(' '),
        ),
      ];
    }),
    '',
  ].join('\n');
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
