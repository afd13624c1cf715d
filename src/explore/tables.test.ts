import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from './canonical.ts';
import { Interner } from './intern.ts';
import { RowLayout } from './row-layout.ts';
import { NO_PARENT, StateTable } from './state-table.ts';
import { TupleTable } from './tuple-table.ts';

describe('canonical text', () => {
  test('is JSON with sorted keys', () => {
    expect(canonicalText({ b: [1, 'x', null], a: { d: true, c: -0.5 } })).toBe(
      '{"a":{"c":-0.5,"d":true},"b":[1,"x",null]}',
    );
    expect(canonicalText({ a: 1, b: undefined })).toBe('{"a":1}');
    expect(canonicalText(-0)).toBe('0');
  });

  test('means the same as JSON, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalText(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([
    [undefined],
    [1n],
    [Number.NaN],
    [Infinity],
    [new Map()],
    [new Date()],
    [() => 1],
    [[undefined]],
  ])('refuses %s, which JSON would not show', (value) => {
    expect(() => canonicalText(value)).toThrow('not plain data');
  });
});

test('an interner gives equal values one id, and freezes them', () => {
  const interner = new Interner<unknown>();
  const first = { a: [1], b: 2 };
  expect(interner.idOf(first)).toBe(0);
  expect(interner.idOf([])).toBe(1);
  expect(interner.idOf({ b: 2, a: [1] })).toBe(0);
  expect(interner.size).toBe(2);
  expect(interner.valueOf(0)).toBe(first);
  expect(Object.isFrozen(first.a)).toBe(true);
  expect(() => interner.valueOf(2)).toThrow(RangeError);
});

test('a row keeps its ids and messages, also when it is laid out anew', () => {
  const fields = fc.array(
    fc
      .integer({ min: 1, max: 2 ** 29 })
      .chain((size) => fc.record({ size: fc.constant(size), id: fc.nat(size - 1), larger: fc.nat(2 ** 29) })),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(fields, fc.uniqueArray(fc.nat(99)), fc.nat(200), (parts, messages, more) => {
      const layout = new RowLayout(
        parts.map(({ size }) => size),
        100,
      );
      const row = new Int32Array(layout.words).fill(-1, 0, layout.messagesAt);
      parts.forEach(({ id }, field) => {
        layout.write(row, field, id);
      });
      for (const message of messages) layout.addMessage(row, message);
      const wider = new RowLayout(
        parts.map(({ size, larger }) => Math.max(size, larger)),
        100 + more,
      );
      const into = new Int32Array(wider.words).fill(-1);
      layout.convert(row, wider, into);
      parts.forEach(({ id }, field) => {
        expect(layout.read(row, field)).toBe(id);
        expect(wider.read(into, field)).toBe(id);
      });
      for (let message = 0; message < 100 + more; message++) {
        expect(wider.hasMessage(into, message)).toBe(messages.includes(message));
      }
    }),
  );
});

test('a layout fits as long as ids and messages do', () => {
  const layout = new RowLayout([4, 17], 32);
  expect(layout.words).toBe(2);
  expect(layout.fits([4, 64], 32)).toBe(true);
  expect(layout.fits([5, 17], 32)).toBe(false);
  expect(layout.fits([4, 65], 32)).toBe(false);
  expect(layout.fits([4, 17], 33)).toBe(false);
});

test('the state table finds every row again, also beyond a block and after widening', () => {
  const layout = new RowLayout([1000, 1000], 1);
  const table = new StateTable(layout.words);
  const row = new Int32Array(layout.words);
  const rows = 150_000;
  const numbered = (n: number, by: RowLayout) => {
    row.fill(0);
    by.write(row, 0, n % 997);
    by.write(row, 1, Math.floor(n / 997));
  };
  for (let n = 0; n < rows; n++) {
    numbered(n, layout);
    expect(table.insert(row, n === 0 ? NO_PARENT : n - 1)).toBe(n);
  }
  for (let n = 0; n < rows; n += 7) {
    numbered(n, layout);
    expect(table.insert(row, 0)).toBe(n);
  }
  const wider = new RowLayout([5000, 1000], 1);
  expect(wider.words).toBe(layout.words);
  table.widen(layout, wider);
  for (let n = 0; n < rows; n += 7) {
    numbered(n, wider);
    expect(table.insert(row, 0)).toBe(n);
    expect(table.parentOf(n)).toBe(n === 0 ? NO_PARENT : n - 1);
  }
  expect(table.count).toBe(rows);
});

test('a tuple table numbers tuples like a map would', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(4), { maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(99)), { maxLength: 300 }),
      (fields, lists) => {
        const table = new TupleTable(fields);
        const map = new Map<string, number>();
        for (const list of lists) {
          const ids = Int32Array.from(list);
          const key = fields.map((field) => list[field]).join();
          expect(table.find(ids)).toBe(map.get(key) ?? -1);
          if (map.has(key)) continue;
          expect(table.add(ids)).toBe(map.size);
          map.set(key, map.size);
        }
        expect(table.count).toBe(map.size);
      },
    ),
  );
});
