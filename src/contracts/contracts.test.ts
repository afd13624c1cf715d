/** The files in `docs/schemas` are what `ipsecha schema` prints; `npx vitest run src/contracts -u` writes them anew. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { jsonSchemaNamed, schemaNames } from './index.ts';

const FOLDER = new URL('../../docs/schemas/', import.meta.url).pathname;

it.each(schemaNames)('docs/schemas/%s.schema.json is the current one', async (name) => {
  await expect(`${JSON.stringify(jsonSchemaNamed(name), null, 2)}\n`).toMatchFileSnapshot(
    `${FOLDER}${name}.schema.json`,
  );
});

it('there is no file of a schema that is none', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(schemaNames.map((name) => `${name}.schema.json`).sort());
});
