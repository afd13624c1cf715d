/** What `--json` prints fits its published schema, and the published files are the current ones. */
import { readFile } from 'node:fs/promises';
import * as Schema from '@effect/schema/Schema';
import { describe, expect, it } from 'vitest';
import { eventJsonSchema } from '../traces/events/event-schema.ts';
import { type DocumentName, documentJsonSchema, documentSchemas } from './schemas.ts';
import { ROOT, run } from './testing/run-command.ts';

describe('published schemas', () => {
  it.each(['events', 'check', 'simulate', 'generate', 'validate', 'prove', 'coverage', 'example'] as const)(
    'docs/schemas/%s.schema.json is the current one',
    async (name) => {
      const published: unknown = JSON.parse(
        await readFile(`${ROOT}/docs/schemas/${name}.schema.json`, 'utf8'),
      );
      expect(published).toEqual(name === 'events' ? eventJsonSchema() : documentJsonSchema(name));
    },
  );

  it.each([
    ['check', ['check', 'ikev2', '--scenario', 'single-failover', '--json']],
    ['check', ['check', 'rfc6311', '--scenario', 'replay', '--time', '0.05', '--json']],
    ['check', ['check', 'rfc6311', '--scenario', 'single-failover', '--property', 'recovery-fair', '--json']],
    [
      'simulate',
      ['simulate', 'ikev2', '--scenario', 'single-failover', '--size', 'small', '--walks', '50', '--json'],
    ],
    [
      'generate',
      ['generate', 'rfc6311', '--mutations', '--scenario', 'single-failover', '--walks', '1', '--json'],
    ],
    [
      'validate',
      ['validate', 'traces/strongswan-too-low/capture.pcap', 'traces/baseline/capture.pcap', '--json'],
    ],
    ['prove', ['prove', 'message-id-unique', 'message-id-unique-unassumed', '--json']],
    ['coverage', ['rules', '--coverage', '--json']],
    ['example', ['example', '--json']],
  ] as const)('%s --json fits its schema', async (name: DocumentName, args: readonly string[]) => {
    const document: unknown = JSON.parse((await run(...args)).stdout);
    const decode = Schema.decodeUnknownSync(documentSchemas[name] as Schema.Decoder<unknown>, {
      onExcessProperty: 'error',
    });
    expect(() => decode(document)).not.toThrow();
    // A misfit is noticed.
    expect(() => decode({ ...(document as object), results: [{}] })).toThrow();
    expect(() => decode({ ...(document as object), more: 1 })).toThrow();
  });
});
