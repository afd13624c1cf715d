import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { chaptersIn, meanings, searched } from './meanings.ts';

const page = (name: string) => readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const chapters = [
  ...chaptersIn(await page('findings.md')).filter(({ id }) => id.startsWith('F')),
  ...chaptersIn(await page('questions.md')),
];
const all = meanings(chapters);
const ids = (words: string): readonly string[] => searched(words, all).map(({ id }) => id);

test('a word is found where it is meant, names first', () => {
  expect(ids('cache')[0]).toBe('stale-sync=answer-from-cache');
  expect(ids('bump')[0]).toBe('bump');
  expect(ids('bump')).toContain('RFC6311-5.1-M1-BUMP');
  expect(ids('bump').some((id) => id.startsWith('F-'))).toBe(true);
  expect(ids('cached')).toEqual(expect.arrayContaining(['stale-sync=answer-from-cache']));
});

test('several words are looked for together', () => {
  expect(ids('bump window').length).toBeLessThan(ids('bump').length);
  expect(ids('answer cache')[0]).toBe('stale-sync=answer-from-cache');
  expect(ids('sequence number twice')).toContain('F-02');
});

test('every kind of thing is found, and nonsense is not', () => {
  expect(new Set(all.map(({ kind }) => kind)).size).toBe(10);
  expect(chapters.filter(({ says }) => says !== '').length).toBeGreaterThan(chapters.length / 2);
  expect(new Set(all.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(all.length);
  expect(ids('zebra')).toEqual([]);
  expect(ids('')).toEqual([]);
});
