/** The description beside a trace, `trace.json`: what who recorded it says of it. */
import { dirname, join } from 'node:path';
import { contentIfAny } from './files.ts';
import { InputError } from './input-error.ts';

const NAME = 'trace.json';
const SCHEMA = 'ipsecha-trace';

/**
 * Whether the folder of a file has a description which says that nothing is missing in the traces there, as
 * `{ "schema": "ipsecha-trace", "complete": true }` does. A `trace.json` with another schema, or none, is somebody else's.
 *
 * @param path of the trace; `-`, standard input, has no folder
 * @throws InputError if the description is ours and not as it has to be
 */
export async function isSaidComplete(path: string): Promise<boolean> {
  if (path === '-') return false;
  const file = join(dirname(path), NAME);
  const said = await readJson(file);
  if (typeof said !== 'object' || said === null || !('schema' in said) || said.schema !== SCHEMA)
    return false;
  if (!('complete' in said)) return false;
  if (typeof said.complete === 'boolean') return said.complete;
  throw new InputError({ file }, '`complete` is neither true nor false', 'Correct it, or remove the file.');
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await contentIfAny(file)));
  } catch {
    // Not there, not readable or no JSON: then it says nothing.
    return undefined;
  }
}

/** Whether the descriptions beside all files say that nothing is missing. */
export async function areSaidComplete(paths: readonly string[]): Promise<boolean> {
  const said = await Promise.all(paths.map((path) => isSaidComplete(path)));
  return said.every((each) => each);
}
