import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { document, documentText } from './json.ts';

const counters = { sends: 0, expects: 0 };
const ends = { cluster: counters, peer: counters };
const example = () => ({
  id: '',
  title: '',
  source: '',
  says: '',
  before: ends,
  exchanges: [],
  readings: [],
});
const revision = { name: 'ikev2', title: 'a title', source: 'a source' };

test('a document says what made it', () => {
  const description: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(description).toMatchObject({ version: document('revisions', []).version });
  expect(document('revisions', [revision])).toMatchObject({
    tool: 'ipsecha',
    command: 'revisions',
    results: [revision],
  });
});

test('what does not fit its contract does not compile', () => {
  const { source, ...lacking } = revision;
  const more = [{ ...revision, more: source }];
  const clause = [{ id: 'C', says: '' }];
  const check = { revision: 'ikev2', property: 'p', differences: [''] };
  const documents = [
    document('revisions', [revision]),
    // @ts-expect-error A field is missing.
    document('revisions', [lacking]),
    // @ts-expect-error A field is of another type.
    document('revisions', [{ ...lacking, source: 1 }]),
    // @ts-expect-error No reader knows of this field.
    document('revisions', more),
    document('prove', [check]),
    // @ts-expect-error Nor of this one, in one of several results that there can be.
    document('prove', [{ ...check, because: '' }]),
    // @ts-expect-error Nor further in.
    document('example', [{ ...example(), after: { ...ends, more } }]),
    // @ts-expect-error There is no such document.
    document('revision', clause),
  ];
  expect(documents).toHaveLength(8);
});

test('its text is JSON that no terminal obeys', () => {
  const text = documentText({ results: [{ large: 2n ** 64n, hostile: '\u009b2J\u001b[2J\u007f' }] });
  expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text)).toMatchObject({
    results: [{ large: '18446744073709551616', hostile: '\u009b2J\u001b[2J\u007f' }],
  });
});
