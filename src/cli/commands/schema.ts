/** `ipsecha schema NAME`: the JSON Schemas of what is read and of what is printed. */
import { Argument } from 'commander';
import { jsonSchemaNamed, type SchemaName, schemaNames } from '../../contracts/index.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { printJson } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .addArgument(new Argument('<name>', 'what is to be described').choices(schemaNames))
    .action(ends(run));

export async function run(name: SchemaName): Promise<Exit> {
  printJson(`${JSON.stringify(jsonSchemaNamed(name), null, 2)}\n`);
  return EXIT.ok;
}
