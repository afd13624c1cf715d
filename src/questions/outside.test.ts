import { expect, test } from 'vitest';
import { rfc6311, usual } from '../../model/index.ts';
import { boundsOf } from './check.ts';
import { outsideWords } from './outside.ts';

test('two active members are marked as what no text assumes; nothing else is', () => {
  expect(outsideWords(boundsOf(rfc6311, { ...usual, actives: 2 }))).toContain(
    'outside what RFC 6311 assumes',
  );
  expect(outsideWords(boundsOf(rfc6311, usual))).toBeUndefined();
});
