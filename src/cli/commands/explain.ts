/** `ipsecha explain ID`: one rule or one property. */

import type { PropertyText } from '../../../model/index.ts';
import {
  type CatalogueEntry,
  catalogue,
  confidenceSays,
  findRule,
  properties,
} from '../../../model/index.ts';
import { UsageError } from '../../check/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { terminalOf } from '../../report/terminal.ts';
import { wrap } from '../../report/text.ts';
import { EXIT, type Exit } from '../exit.ts';

export async function run(id: string, options: { readonly json?: boolean }): Promise<Exit> {
  const rule = findRule(id);
  const property = properties.find((each) => each.id === id);
  const found = rule ?? property;
  if (found === undefined) {
    throw new UsageError(`there is no rule or property '${id}'`, suggestion(id));
  }
  if (options.json === true) process.stdout.write(documentText(document('explain', [plain(found)])));
  else process.stdout.write(rule === undefined ? propertyText(found) : ruleText(rule));
  return EXIT.ok;
}

/** Without the functions, which are no data. */
const plain = ({ id, title, says, ...rest }: CatalogueEntry | PropertyText): object => ({
  id,
  title,
  says,
  ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'watch')),
});

function ruleText(rule: CatalogueEntry): string {
  const serves = properties.filter((property) => property.rules.includes(rule.id)).map(({ id }) => id);
  return [
    `${rule.id}  ${rule.title}`,
    '',
    ...paragraph(rule.says),
    '',
    `  where       ${rule.document} section ${rule.section}, ${rule.level}, kept by: ${rule.actor}`,
    `  confidence  ${rule.confidence}: ${confidenceSays[rule.confidence]}; wording ours`,
    `  function    ${rule.functionName} in ${rule.file}`,
    `  properties  ${serves.length === 0 ? 'none rests on it directly' : serves.join(', ')}`,
    '',
  ].join('\n');
}

const propertyText = (property: CatalogueEntry | PropertyText): string =>
  [
    `${property.id}  ${property.title}`,
    '',
    ...paragraph(property.says),
    '',
    ...('rules' in property ? [`  rules  ${property.rules.join(', ')}`] : []),
    '',
  ].join('\n');

const paragraph = (text: string): readonly string[] =>
  wrap(text, terminalOf(process.stdout).width - 2).map((line) => `  ${line}`);

function suggestion(id: string): string {
  const near = [...catalogue, ...properties]
    .map((each) => each.id)
    .filter((each) => each.toLowerCase().includes(id.toLowerCase()));
  return near.length > 0
    ? `did you mean ${near.slice(0, 5).join(', ')}?`
    : 'ipsecha rules and ipsecha properties list them';
}
