/** `ipsecha schema NAME`: the JSON Schemas of what is read and of what is printed. */
import { UsageError } from '../../check/usage-error.ts';
import { eventJsonSchema } from '../../traces/event-schema.ts';
import { EXIT, type Exit } from '../exit.ts';
import { documentJsonSchema } from '../schemas.ts';

export async function run(name: string): Promise<Exit> {
  if (name !== 'events' && name !== 'check' && name !== 'validate' && name !== 'prove') {
    throw new UsageError(`there is no schema '${name}'`, 'schemas are: events, check, validate, prove');
  }
  const schema = name === 'events' ? eventJsonSchema() : documentJsonSchema(name);
  process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return EXIT.ok;
}
