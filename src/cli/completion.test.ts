/** What the completion scripts complete; that of bash is run, where there is one. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { commands } from './commands/index.ts';
import { completedCommands, completionScript } from './completion.ts';

const all = await completedCommands();
const hasBash = spawnSync('bash', ['-c', 'true']).status === 0;

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

test.skipIf(!hasBash)('bash completes commands, options, and the names that they take', () => {
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
