/** What check --weakest, explain and shards print with `--json` fits the published schemas. */
import * as Schema from '@effect/schema/Schema';
import { describe, expect, it } from 'vitest';
import { catalogue, properties, revisions, scenarios, settingSpecs, shortForms } from '../../model/index.ts';
import { documentSchemas } from '../contracts/index.ts';
import { explained, names } from '../questions/explained.ts';
import { run } from './testing/run-command.ts';

const small = ['--scenario', 'single-failover', '--set', 'requests=1'];

describe('published schemas', () => {
  it.each([
    ['check', 1, ['check', 'ikev2', ...small, '--property', 'request-at-most-once', '--weakest']],
    ['check', 1, ['check', 'ikev2', 'rfc6311', ...small, '--shard', '2/2']],
    [
      'check',
      1,
      [
        'check',
        'rfc6311',
        ...small,
        '--without',
        'RFC6311-5.1-DROP-STALE',
        '--property',
        'sync-request-once',
      ],
    ],
    ['ablate', 0, ['ablate', 'rfc6311', ...small, '--shard', '1/40']],
    [
      'synthesise',
      0,
      [
        'synthesise',
        'rfc6311',
        '--property',
        'sync-request-once',
        '--over',
        'bump=0..1',
        ...small,
        '--shard',
        '1/2',
      ],
    ],
    ['explain', 0, ['explain', 'RFC6311-5.1-DROP-STALE']],
    ['explain', 0, ['explain', 'RFC6311-5.1-MID-ZERO']],
    ['explain', 0, ['explain', 'esp-sequence-unique']],
    ['explain', 0, ['explain', 'rekey']],
    ['explain', 0, ['explain', 'ipsecha-00']],
    ['explain', 0, ['explain', 'answered', 'from', 'a', 'cache']],
  ] as const)('%s --json fits its schema', async (name, exit, args) => {
    const { stdout, status } = await run(...args, '--json');
    expect(status).toBe(exit);
    const document: unknown = JSON.parse(stdout);
    const decode = Schema.decodeUnknownSync(documentSchemas[name] as Schema.Decoder<unknown>, {
      onExcessProperty: 'error',
    });
    expect(() => decode(document)).not.toThrow();
    expect(() => decode({ ...(document as object), results: [{}] })).toThrow();
  });
});

describe('explain', () => {
  it('tells three values of a setting where sizes differ, so that each can be told', async () => {
    const { stdout } = await run('explain', 'bump');
    expect(stdout).toMatch(/^ {2}2, 4, 4 +in missing-state-sync$/mu);
  });

  it('says which active member takes a message that is delivered once', async () => {
    const { stdout } = await run('explain', 'actives');
    expect(stdout.replaceAll(/\s+/gu, ' ')).toContain('whichever active member takes it has it');
  });

  it('knows everything that has a name', () => {
    expect(names()).toHaveLength(
      catalogue.length +
        properties.length +
        settingSpecs.length +
        shortForms.length +
        scenarios.length +
        revisions.length,
    );
    for (const name of names()) {
      const found = explained(name);
      expect(found.length).toBeGreaterThan(0);
      for (const { title, facts } of found) {
        expect(title).not.toBe('');
        expect(facts.every(([about, says]) => about !== '' && says !== '')).toBe(true);
      }
    }
    expect(explained('nothing')).toEqual([]);
  });

  it('looks for no example if it shall not', async () => {
    const { stdout } = await run('explain', 'RFC6311-5.1-DROP-STALE', '--no-example');
    expect(stdout).not.toContain('counterexample');
  });
});
