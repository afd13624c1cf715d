/** `ipsecha schema NAME`: the JSON Schemas of what is read and of what is printed. */
import { jsonSchemaNamed, schemaNames } from '../../contracts/index.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { printJson } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<name>', `${schemaNames.slice(0, -1).join(', ')} or ${schemaNames.at(-1)}`)
    .action(ends(run));

export async function run(name: string): Promise<Exit> {
  const found = schemaNames.find((each) => each === name);
  if (found === undefined) {
    throw new UsageError(`there is no schema '${name}'`, `schemas are: ${schemaNames.join(', ')}`);
  }
  printJson(`${JSON.stringify(jsonSchemaNamed(found), null, 2)}\n`);
  return EXIT.ok;
}
