/** What the completion scripts complete; each is run by its shell, where there is one. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { commands } from './commands/index.ts';
import { completedCommands, completionScript } from './completion.ts';

const all = await completedCommands();
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash would offer for each of these lines. */
function offered(...lines: readonly string[]): readonly (readonly string[])[] {
  const script = `${completionScript('bash', all)}
COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:'
for line in "$@"; do
  COMP_LINE="$line"; COMP_POINT=\${#line}
  _ipsecha
  echo "\${COMPREPLY[*]}"
done`;
  const { stdout, stderr } = spawnSync('bash', ['-s', '--', ...lines], { input: script, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter(Boolean));
}

test.skipIf(!has('bash'))('bash completes commands, options, and the names that they take', () => {
  const [first, scenario, setting, value, number, option, rule, revision, shells, help] = offered(
    'ipsecha com',
    'ipsecha check --scenario ',
    'ipsecha check --set stale-s',
    'ipsecha check --set stale-sync=',
    'ipsecha check --set bum',
    'ipsecha compare rfc6311 --wi',
    'ipsecha check --without RFC6311-5.1-DROP',
    'ipsecha compare rfc',
    'ipsecha completion ',
    'ipsecha help syn',
  );
  expect(first).toEqual(['compare', 'completion']);
  expect(scenario).toEqual(scenarios.map(({ name }) => name));
  expect(setting).toEqual(['stale-sync=drop', 'stale-sync=answer-from-cache']);
  expect(value).toEqual(['drop', 'answer-from-cache']);
  expect(number).toContain('bump=');
  expect(option).toEqual(['--without', '--with']);
  expect(rule).toEqual(['RFC6311-5.1-DROP-STALE']);
  expect(revision).toEqual(['rfc6311']);
  expect(shells).toEqual(['bash', 'zsh', 'fish']);
  expect(help).toEqual(['synthesise']);
});

/** What zsh would offer: words, and `FILES` where it would offer files. */
function offeredByZsh(...lines: readonly string[]): readonly string[][] {
  const script = `compdef() { : }
_files() { print -r -- FILES }
compadd() {
  local each
  for each in "\${@[$((\${@[(i)--]} + 1)),-1]}"; do [[ "$each" == "$cur"* ]] && print -r -- "$each"; done
}
${completionScript('zsh', all)}
for line in "$@"; do
  print -r -- "LINE"
  words=("\${(@s: :)line}") CURRENT=\${#words}
  _ipsecha
done`;
  const { stdout, stderr } = spawnSync('zsh', ['-f', '-s', '-', ...lines], {
    input: script,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout
    .split('LINE\n')
    .slice(1)
    .map((each) => each.split('\n').filter(Boolean));
}

/** What fish offers, in its order; files of the folder beside them. */
function offeredByFish(...lines: readonly string[]): readonly string[][] {
  const script = `${completionScript('fish', all)}
for line in $argv
  echo LINE
  complete -C "$line" | string replace -r '\\t.*' ''
end`;
  const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script, ...lines], {
    encoding: 'utf8',
    cwd: new URL('../contracts/', import.meta.url),
  });
  expect(stderr).toBe('');
  return stdout
    .split('LINE\n')
    .slice(1)
    .map((each) => each.split('\n').filter(Boolean));
}

const LINES = [
  'ipsecha com',
  'ipsecha check --set stale-s',
  'ipsecha compare rfc6311 --wi',
  'ipsecha check --without RFC6311-5.1-DROP',
  'ipsecha completion ',
  'ipsecha help syn',
  'ipsecha schema ov',
];

const WORDS = [
  ['compare', 'completion'],
  ['stale-sync=answer-from-cache', 'stale-sync=drop'],
  ['--with', '--without'],
  ['RFC6311-5.1-DROP-STALE'],
  ['bash', 'fish', 'zsh'],
  ['synthesise'],
  ['overview'],
];

test.skipIf(!has('zsh'))('zsh completes the same, and files where they can stand', () => {
  expect(offeredByZsh(...LINES).map((words) => words.toSorted())).toEqual(WORDS);
  expect(
    offeredByZsh(
      'ipsecha check ',
      'ipsecha validate --revision i',
      'ipsecha validate -',
      'ipsecha check --sarif ',
    ),
  ).toEqual([
    ['ikev2', 'ipsecha-00', 'ipsecha-01', 'rfc6311', 'FILES'],
    ['ikev2', 'ipsecha-00', 'ipsecha-01', 'FILES'],
    expect.not.arrayContaining(['FILES']) as unknown,
    ['FILES'],
  ]);
});

test.skipIf(!has('fish'))('fish completes the same, and files where they can stand', () => {
  expect(offeredByFish(...LINES).map((words) => words.toSorted())).toEqual(WORDS);
  const [version, revision, file, scenario] = offeredByFish(
    'ipsecha --ver',
    'ipsecha validate --revision i',
    'ipsecha validate ',
    'ipsecha check --scenario ',
  );
  expect(version).toEqual(['--version']);
  expect(revision).toEqual(expect.arrayContaining(['index.ts', 'ipsecha-00', 'ikev2']));
  expect(file).toContain('index.ts');
  expect(scenario?.toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted());
});

test('every command and option is in every script', () => {
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    const script = completionScript(shell, all);
    for (const { name, options } of all) {
      expect(script).toContain(name);
      for (const { flags } of options) {
        expect(script).toContain(shell === 'fish' ? `-l ${flags[0]?.slice(2)}` : flags[0]);
      }
    }
  }
  expect(all.map(({ name }) => name)).toEqual(commands.map(({ name }) => name));
});
