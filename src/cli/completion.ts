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

type Words = readonly string[];

/** What can stand somewhere: some words, and whether a file can as well. No words and no file: anything. */
interface Values {
  readonly words: Words;
  readonly files: boolean;
}

interface CompletedOption {
  /** `--scenario`, and `-o` if it has a short name. */
  readonly flags: Words;
  readonly about: string;
  /** What its value can be; undefined if it takes none. */
  readonly values?: Values;
}

export interface CompletedCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be. */
  readonly values: Values;
}

/** `bump=`, and each value of what has named ones. */
const settings: Words = [
  ...settingSpecs.flatMap(({ key, values }) =>
    values === 'number' ? [`${key}=`] : values.map((value) => `${key}=${value}`),
  ),
  ...shortForms.flatMap(({ key, values }) => Object.keys(values).map((value) => `${key}=${value}`)),
];

const revisionNames: Words = revisions.map(({ name }) => name);

const only = (words: Words): Values => ({ words, files: false });
const FILES: Values = { words: [], files: true };
/** A revision is one of ours or a file. */
const REVISION: Values = { words: revisionNames, files: true };

/** By the names that options have in code. */
const VALUES: Readonly<Record<string, Values>> = {
  scenario: only(scenarios.map(({ name }) => name)),
  property: only(checkedProperties),
  without: only(catalogue.map(({ id }) => id)),
  set: only(settings),
  over: only([...settingSpecs, ...shortForms].map(({ key }) => `${key}=`)),
  with: REVISION,
  revision: REVISION,
};

/** What an argument of a command can be. */
function argumentValues(command: string, argument: Argument): Values {
  if (argument.argChoices !== undefined) return only(argument.argChoices);
  if (command === 'explain') return only(names());
  if (command === 'example') return only(textExamples.map(({ id }) => id));
  const name = argument.name();
  return name === 'revision' || name === 'other' ? REVISION : FILES;
}

/** All commands with what can stand behind them. */
export async function completedCommands(): Promise<readonly CompletedCommand[]> {
  const all: CompletedCommand[] = [];
  for (const { name, about, load } of commands) {
    const command = (await load()).define(new Command(name));
    const values = command.registeredArguments.map((each) => argumentValues(name, each));
    all.push({
      name,
      about,
      options: command.options.map(completedOption),
      values: {
        words: [...new Set(values.flatMap(({ words }) => words))],
        files: values.some(({ files }) => files),
      },
    });
  }
  return all;
}

function completedOption(option: Option): CompletedOption {
  const { short, long, description, argChoices } = option;
  const takesValue = option.required || option.optional;
  return {
    flags: [long, short].flatMap((flag) => flag ?? []),
    about: description,
    ...(takesValue
      ? { values: argChoices === undefined ? (VALUES[option.attributeName()] ?? FILES) : only(argChoices) }
      : {}),
  };
}

const QUOTED = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const listed = (words: Words): string => QUOTED(words.join(' '));

/** The script for a shell. */
export const completionScript = (shell: Shell, all: readonly CompletedCommand[]): string =>
  ({ bash: bashScript, zsh: zshScript, fish: fishScript })[shell](all);

/** In bash and zsh: what can stand here, and whether files can. */
const sets = ({ words, files }: Values): string => `list=${listed(words)}${files ? ' files=1' : ''}`;

/** What is the same in bash and zsh: sets `list` and `files` by the command and the word before. */
const cases = (all: readonly CompletedCommand[]): string =>
  all
    .map(({ name, options, values }) => {
      const taking = options.filter((option) => option.values !== undefined);
      const flags = [...options.flatMap((option) => option.flags.slice(0, 1)), '--help'];
      return `    ${name})
      case "$prev" in
${taking.map((option) => `        ${option.flags.join('|')}) ${sets(option.values ?? FILES)} ;;`).join('\n')}
        *) if [[ "$cur" == -* ]]; then list=${listed(flags)}; else ${sets(values)}; fi ;;
      esac ;;`;
    })
    .join('\n')
    .replaceAll('\n\n', '\n');

const bashScript = (all: readonly CompletedCommand[]): string => `# bash completion for ipsecha
_ipsecha() {
  local line cur prev list files count
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
  list='' files=''
  if ((count == 1)); then
    list=${listed([...all.map(({ name }) => name), 'help', '--help', '--version'])}
  else
    case "\${words[1]}" in
    help) list=${listed(all.map(({ name }) => name))} ;;
${cases(all)}
    esac
  fi
  COMPREPLY=($(compgen -W "$list" -- "$cur"))
  if [[ -z "$files" ]] && type compopt > /dev/null 2>&1; then compopt +o default 2> /dev/null; fi
  if [[ "\${COMPREPLY[0]-}" == *= ]] && type compopt > /dev/null 2>&1; then compopt -o nospace 2> /dev/null; fi
  # What stands before the last '=' is there already.
  if [[ "$cur" == *=* && "$COMP_WORDBREAKS" == *=* ]]; then COMPREPLY=("\${COMPREPLY[@]#"\${cur%=*}="}"); fi
}
complete -o default -F _ipsecha ipsecha
`;

const zshScript = (all: readonly CompletedCommand[]): string => `#compdef ipsecha
_ipsecha() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}" list='' files=''
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
  if [[ -n "$files" ]]; then _files; fi
}
# Read by 'source', it says what it completes; as a file in $fpath, it is called.
if [[ "\${funcstack[1]}" == _ipsecha ]]; then _ipsecha "$@"; else compdef _ipsecha ipsecha; fi
`;

function fishScript(all: readonly CompletedCommand[]): string {
  const first = "'not __fish_seen_subcommand_from $__ipsecha_commands'";
  return [
    '# fish completion for ipsecha',
    `set -g __ipsecha_commands ${all.map(({ name }) => name).join(' ')}`,
    ...all.map(({ name, about }) => `complete -c ipsecha -n ${first} -f -a ${name} -d ${fishQuoted(about)}`),
    `complete -c ipsecha -n ${first} -f -a help -d 'tell of a command'`,
    `complete -c ipsecha -n ${first} -l version -s V -d 'print the version'`,
    "complete -c ipsecha -l help -s h -d 'print the help'",
    ...all.flatMap(({ name, options, values }) => {
      const here = `complete -c ipsecha -n '__fish_seen_subcommand_from ${name}'`;
      return [
        ...(values.words.length === 0 && values.files ? [] : [`${here} ${fishValues(values)}`]),
        ...options.map(({ flags: [long = '', short], about, values: taken }) =>
          [
            here,
            `-l ${long.slice(2)}`,
            ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
            ...(taken === undefined ? [] : [`-r ${fishValues(taken)}`.trimEnd()]),
            `-d ${fishQuoted(about)}`,
          ].join(' '),
        ),
      ];
    }),
    '',
  ].join('\n');
}

/** Files are offered beside the words, unless it says otherwise. */
const fishValues = ({ words, files }: Values): string =>
  `${files ? '' : '-f '}${words.length === 0 ? '' : `-a ${fishQuoted(words.join(' '))}`}`;

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
