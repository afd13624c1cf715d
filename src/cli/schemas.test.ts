/** What `--json` prints fits its published schema. */
import * as Schema from '@effect/schema/Schema';
import { describe, expect, it } from 'vitest';
import { type DocumentName, documentSchemas } from '../contracts/index.ts';
import { run } from './testing/run-command.ts';

describe('published schemas', () => {
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
    ['prove', ['prove', 'ikev2', '--property', 'window-respected', '--json']],
    ['coverage', ['rules', '--coverage', '--json']],
    ['example', ['example', '--json']],
    ['rules', ['rules', '--json']],
    ['properties', ['properties', '--json']],
    ['scenarios', ['scenarios', '--json']],
    ['revisions', ['revisions', '--json']],
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
