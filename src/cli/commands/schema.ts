/** `ipsecha schema NAME`: the JSON Schemas of what is read and of what is printed. */
import { UsageError } from '../../questions/usage-error.ts';
import { eventJsonSchema } from '../../traces/events/event-schema.ts';
import { EXIT, type Exit } from '../exit.ts';
import { type Define, ends } from '../options.ts';
import { printJson } from '../out.ts';
import { documentJsonSchema, documentNames } from '../schemas.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument(
      '<name>',
      'events, check, ablate, compare, synthesise, simulate, generate, explain, example, validate or prove',
    )
    .action(ends(run));

export async function run(name: string): Promise<Exit> {
  const found = documentNames.find((each) => each === name);
  if (found === undefined && name !== 'events') {
    throw new UsageError(`there is no schema '${name}'`, `schemas are: events, ${documentNames.join(', ')}`);
  }
  const schema = found === undefined ? eventJsonSchema() : documentJsonSchema(found);
  printJson(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.ok;
}
