/** `ipsecha rules | properties | scenarios | revisions`: what there is. */
import {
  catalogue,
  properties,
  revisions,
  type Settings,
  scenarios,
  settingSpecs,
} from '../../../model/index.ts';
import { boundsText, untold } from '../../report/bounds.ts';
import { document, documentText } from '../../report/json.ts';
import { drawTable } from '../../report/table.ts';
import { terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { printJson, printText } from '../out.ts';

type What = 'rules' | 'properties' | 'scenarios' | 'revisions';

export async function run(what: What, options: { readonly json?: boolean }): Promise<Exit> {
  if (options.json === true) printJson(documentText(document(what, jsonOf[what]())));
  else printText(textOf[what]());
  return EXIT.ok;
}

/** The settings of a scenario by their names on the command line. */
const named = (settings: Settings): Readonly<Record<string, string | number>> =>
  Object.fromEntries(settingSpecs.map(({ key, field }) => [key, settings[field]]));

const jsonOf: Record<What, () => readonly object[]> = {
  rules: () => catalogue,
  properties: () => properties.map(({ id, title, says, rules }) => ({ id, title, says, rules })),
  scenarios: () =>
    scenarios.map(({ sizes, ...scenario }) => ({
      ...scenario,
      sizes: Object.fromEntries(Object.entries(sizes).map(([size, settings]) => [size, named(settings)])),
    })),
  revisions: () => revisions.map(({ name, title, source }) => ({ name, title, source })),
};

const draw = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  drawTable({ head, rows }, terminalOf(process.stdout));

const textOf: Record<What, () => string> = {
  rules: () =>
    `${draw(
      ['rule', 'level', 'conf.', 'what it says (wording ours)'],
      catalogue.map(({ id, level, confidence, title }) => [id, level, confidence, title]),
    )}\nconf.: A wording seen, B slides or two implementations, C from memory of the text, D our reading\nipsecha explain RULE tells more\n`,
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
    )}`,
  revisions: () =>
    draw(
      ['revision', 'title', 'source'],
      revisions.map(({ name, title, source }) => [name, title, source]),
    ),
};
