/** `ipsecha properties | scenarios | revisions`, and `rules` (`rules.ts`): what there is. */
import {
  catalogue,
  confidenceSays,
  levelSays,
  properties,
  revisions,
  type Settings,
  scenarios,
  settingSpecs,
  shortForms,
} from '../../../model/index.ts';
import { shortFormSets } from '../../questions/explained.ts';
import { boundsText, untold } from '../../report/bounds.ts';
import { document, documentText } from '../../report/json.ts';
import { drawTable } from '../../report/table.ts';
import { terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { printJson, printText } from '../out.ts';

type What = 'rules' | 'properties' | 'scenarios' | 'revisions';

/** Which of them it is, its name says. */
export const define: Define = (command) =>
  command
    .option('--json', 'print one JSON document')
    .action(ends((options: { readonly json?: boolean }) => listed(command.name() as What, options)));

export async function listed(what: What, options: { readonly json?: boolean }): Promise<Exit> {
  if (options.json === true) printJson(documentText(jsonOf[what]()));
  else printText(textOf[what]());
  return EXIT.ok;
}

/** The settings of a scenario by their names on the command line. */
const named = (settings: Settings): Readonly<Record<string, string | number>> =>
  Object.fromEntries(settingSpecs.map(({ key, field }) => [key, settings[field]]));

const jsonOf: Record<What, () => object> = {
  rules: () =>
    document(
      'rules',
      catalogue.map((rule) => ({ ...rule })),
    ),
  properties: () =>
    document(
      'properties',
      properties.map(({ id, title, says, rules }) => ({ id, title, says, rules })),
    ),
  scenarios: () =>
    document(
      'scenarios',
      scenarios.map(({ sizes: { small, medium, large }, ...scenario }) => ({
        ...scenario,
        sizes: { small: named(small), medium: named(medium), large: named(large) },
      })),
    ),
  revisions: () =>
    document(
      'revisions',
      revisions.map(({ name, title, source }) => ({ name, title, source })),
    ),
};

const draw = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  drawTable({ head, rows }, terminalOf(process.stdout));

/** What each of a few short words means, a line each. */
const meanings = (says: Readonly<Record<string, string>>): string =>
  Object.entries(says)
    .map(([word, meaning]) => `  ${word.padEnd(11)}  ${meaning}\n`)
    .join('');

const textOf: Record<What, () => string> = {
  rules: () =>
    `${draw(
      ['rule', 'level', 'conf.', 'what it says (wording ours)'],
      catalogue.map(({ id, level, confidence, title }) => [id, level, confidence, title]),
    )}\nlevel: how binding the text makes it\n${meanings(levelSays)}conf.: how sure we are that the text says this\n${meanings(confidenceSays)}ipsecha explain RULE tells more\n`,
  properties: () =>
    draw(
      ['property', 'holds when'],
      properties.map(({ id, title }) => [id, title]),
    ),
  scenarios: () =>
    `${draw(
      ['scenario', 'size', 'settings'],
      scenarios.flatMap(({ name, sizes }) =>
        Object.entries(sizes).map(([size, settings], index) => [
          index === 0 ? name : '',
          size,
          boundsText(named(settings)),
        ]),
      ),
    )}\n${draw(
      ['setting', 'values', 'if not shown', 'meaning'],
      settingSpecs.map((spec) => [
        spec.key,
        spec.values === 'number' ? `${spec.least}..${spec.most}` : spec.values.join(', '),
        String(untold[spec.key] ?? ''),
        spec.meaning,
      ]),
    )}\n${draw(
      ['value', 'what it means, or which text says so'],
      settingSpecs.flatMap((spec) =>
        spec.values === 'number'
          ? []
          : spec.values.map((value) => [`${spec.key}=${value}`, spec.says[value] ?? '']),
      ),
    )}\n${draw(
      ['short form', 'sets'],
      shortForms.flatMap(({ key, values }) =>
        Object.entries(values).map(([value, set]) => [`${key}=${value}`, shortFormSets(set)]),
      ),
    )}`,
  revisions: () =>
    draw(
      ['revision', 'title', 'source'],
      revisions.map(({ name, title, source }) => [name, title, source]),
    ),
};
