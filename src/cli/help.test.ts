/** What `--help` shows of every command. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { commands } from './commands/index.ts';
import { exampleText, grouped, groupOf, helpStyle } from './help.ts';

describe.each(commands)('$name --help', ({ name, about, examples, load }) => {
  it('has options in groups, examples that can be given, and no empty defaults', async () => {
    const { define } = await load();
    const ipsecha = new Command('ipsecha');
    const command = grouped(define(helpStyle(ipsecha.command(name)).description(about)));
    const help = command.helpInformation();
    expect(help).not.toMatch(/default: (?:\[\]|\{\})/);
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(command.options.filter((option) => groupOf(option) === undefined).map(({ long }) => long)).toEqual(
      [],
    );
    expect(examples.length).toBeGreaterThan(0);
    for (const example of examples) {
      const [first, ...words] = example.split(' ');
      expect(first).toBe(name);
      for (const word of words.filter((each) => each.startsWith('--'))) {
        expect(command.options.map(({ long }) => long)).toContain(word);
      }
    }
    expect(exampleText(examples).split('\n')).toHaveLength(examples.length + 2);
  });
});
