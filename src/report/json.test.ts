import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { document, documentText } from './json.ts';

test('a document says what made it', () => {
  const description: unknown = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect(description).toMatchObject({ version: document('check', []).version });
  expect(document('check', [1])).toMatchObject({ tool: 'ipsecha', command: 'check', results: [1] });
});

test('its text is JSON that no terminal obeys', () => {
  const text = documentText(document('check', [{ large: 2n ** 64n, hostile: '\u009b2J\u001b[2J\u007f' }]));
  expect(text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e]*$/);
  expect(JSON.parse(text)).toMatchObject({
    results: [{ large: '18446744073709551616', hostile: '\u009b2J\u001b[2J\u007f' }],
  });
});
