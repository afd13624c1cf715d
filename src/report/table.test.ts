import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawTable, type Table } from './table.ts';
import { displayWidth, shown } from './text.ts';

const table: Table = {
  head: ['Name', 'States', 'Verdict'],
  rows: [
    ['small', '12', { text: '✓ holds', tone: 'good' }],
    ['a larger one', '3456', { text: '✗ violated', tone: 'bad' }],
    ['日本', { text: '-', tone: 'quiet' }],
  ],
  align: ['left', 'right'],
};

test('columns under their heads, without a box', () => {
  expect(`\n${drawTable(table)}`).toMatchInlineSnapshot(`
    "
    Name          States  Verdict
    ────────────  ──────  ──────────
    small             12  ✓ holds
    a larger one    3456  ✗ violated
    日本               -
    "
  `);
});

test('ASCII', () => {
  expect(drawTable(table, { unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
});

test('colours only if asked for, and they change no width', () => {
  expect(drawTable(table)).not.toContain('\u001b');
  const coloured = shown(drawTable(table, { colour: true }));
  expect(coloured).toContain('\u001b[31m✗ violated\u001b[0m');
  expect(stripVTControlCharacters(coloured)).toBe(drawTable(table));
});

test('wraps the widest column to the width', () => {
  const long: Table = {
    head: ['Id', 'Meaning'],
    rows: [
      ['a', 'one two three four five'],
      ['b', 'six'],
    ],
  };
  expect(`\n${drawTable(long, { width: 16 })}`).toMatchInlineSnapshot(`
    "
    Id  Meaning
    ──  ────────────
    a   one two
        three four
        five
    b   six
    "
  `);
});

test('a table of nothing', () => {
  expect(drawTable({ head: ['A'], rows: [] })).toBe('A\n─\n');
});

test('no cell is lost, and none acts on the terminal', () => {
  const word = fc.stringMatching(/^[a-z]{1,9}$/);
  const cell = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));
  const rows = fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 45, max: 120 }), (some, width) => {
      const text = drawTable({ head: ['h'], rows: some }, { width });
      for (const words of some.flat().map((it) => it.split(' '))) {
        for (const part of words) expect(text).toContain(part);
      }
      for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }),
  );
  expect(drawTable({ head: ['h'], rows: [['\u001b[2J']] })).toBe('h\n───────\n\\x1b[2J\n');
});
