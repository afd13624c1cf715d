import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from './canonical.ts';
import { Interner } from './intern.ts';
import { Lineage, NO_PARENT } from './lineage.ts';
import { MessageSets } from './message-sets.ts';
import { RowLayout } from './row-layout.ts';
import { findRow, RowTable } from './row-table.ts';
import { isSameStructure, structuralHash } from './structure.ts';
import { TupleTable } from './tuple-table.ts';

/** What is not plain data. */
const NOT_PLAIN: readonly (readonly [unknown])[] = [
  [undefined],
  [1n],
  [Number.NaN],
  [Infinity],
  [new Map()],
  [new Date()],
  [() => 1],
  [[undefined]],
  [{ a: [{ b: new Set() }] }],
];

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

  test.each(NOT_PLAIN)('refuses %s, which JSON would not show', (value) => {
    expect(() => canonicalText(value)).toThrow('not plain data');
  });
});

describe('structure', () => {
  /** Small values, so that equal ones come up, with keys in any order and some that are undefined. */
  const { value: values } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 32 + 1, '', '0', 'a', 'toString', null, true, false),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('a', 'b', 'toString', '__proto__', '0', 'length'),
        fc.option(tie('value'), { nil: undefined }),
        { maxKeys: 3 },
      ),
    ),
  }));

  test('is the same if and only if the canonical text is, and then the hash is the same', () => {
    let same = 0;
    fc.assert(
      fc.property(fc.array(values, { minLength: 30, maxLength: 30 }), (some) => {
        for (const one of some) {
          for (const other of some) {
            const isSame = canonicalText(one) === canonicalText(other);
            if (isSameStructure(one, other) !== isSame) return false;
            if (isSame && structuralHash(one) !== structuralHash(other)) return false;
            if (isSame && one !== other) same++;
          }
        }
        return true;
      }),
      { seed: 6311 },
    );
    expect(same).toBeGreaterThan(1000);
  });

  test('a value comes back from its text as the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const again: unknown = JSON.parse(canonicalText(value));
        expect(isSameStructure(value, again)).toBe(true);
        expect(structuralHash(again)).toBe(structuralHash(value));
      }),
    );
  });

  test.each(NOT_PLAIN)('refuses %s', (value) => {
    expect(() => structuralHash(value)).toThrow('not plain data');
    expect(() => new Interner<unknown>().idOf(value)).toThrow('not plain data');
  });
});

test('values with the same hash are told apart', () => {
  // Two that have it: found by looking for one.
  const byHash = new Map<number, number>();
  const interner = new Interner<number>();
  for (let value = 0.5; ; value++) {
    const other = byHash.get(structuralHash(value));
    byHash.set(structuralHash(value), value);
    if (other === undefined) continue;
    expect(structuralHash(other)).toBe(structuralHash(value));
    expect([other, value, other, value].map((each) => interner.idOf(each))).toEqual([0, 1, 0, 1]);
    return;
  }
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

test('a row keeps its ids, also when it is laid out anew', () => {
  const fields = fc.array(
    fc
      .integer({ min: 1, max: 2 ** 29 })
      .chain((size) => fc.record({ size: fc.constant(size), id: fc.nat(size - 1), larger: fc.nat(2 ** 29) })),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(fields, (parts) => {
      const layout = new RowLayout(parts.map(({ size }) => size));
      const row = new Int32Array(layout.words).fill(-1);
      parts.forEach(({ id }, field) => {
        layout.write(row, field, id);
      });
      const wider = new RowLayout(parts.map(({ size, larger }) => Math.max(size, larger)));
      const into = new Int32Array(wider.words).fill(-1);
      layout.convert(row, wider, into);
      parts.forEach(({ id }, field) => {
        expect(layout.read(row, field)).toBe(id);
        expect(wider.read(into, field)).toBe(id);
      });
    }),
  );
});

test('no two fields of a layout share a bit, none straddles words, and no word could be spared by packing anew', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 29 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      const layout = new RowLayout(sizes);
      const taken = new Array<number>(layout.words).fill(0);
      sizes.forEach((size, field) => {
        expect(layout.mask[field]).toBeGreaterThanOrEqual(size - 1);
        const bits = (layout.mask[field]! << layout.shift[field]!) >>> 0;
        expect(bits >>> layout.shift[field]!).toBe(layout.mask[field]);
        const word = layout.word[field]!;
        expect(taken[word]! & bits).toBe(0);
        taken[word] = (taken[word]! | bits) >>> 0;
      });
      expect(layout.fits(sizes)).toBe(true);
      expect(taken.every((bits) => bits !== 0)).toBe(true);
    }),
  );
});

test('a layout fits as long as its ids do, and gives away the bits that are left, more of them to larger fields', () => {
  const layout = new RowLayout([4, 17]);
  expect(layout.words).toBe(1);
  expect(layout.fits([2 ** 9, 2 ** 23])).toBe(true);
  expect(layout.fits([2 ** 9 + 1, 2 ** 23])).toBe(false);
  expect(layout.fits([2 ** 9, 2 ** 23 + 1])).toBe(false);
});

test('a row table finds every row again, also beyond a block and after widening', () => {
  const layout = new RowLayout([1000, 1000, 1 << 20]);
  const table = new RowTable(layout.words);
  const row = new Int32Array(layout.words);
  const rows = 150_000;
  const numbered = (n: number, by: RowLayout) => {
    row.fill(0);
    by.write(row, 0, n % 997);
    by.write(row, 1, Math.floor(n / 997));
    by.write(row, 2, n);
  };
  for (let n = 0; n < rows; n++) {
    numbered(n, layout);
    expect(table.insert(row)).toBe(n);
  }
  for (let n = 0; n < rows; n += 7) {
    numbered(n, layout);
    expect(table.insert(row)).toBe(n);
  }
  const wider = new RowLayout([50_000, 1000, 1 << 20]);
  table.widen(wider.words, (from, into) => layout.convert(from, wider, into));
  for (let n = 0; n < rows; n += 7) {
    numbered(n, wider);
    expect(table.insert(row)).toBe(n);
  }
  expect(table.count).toBe(rows);
  expect(table.load).toBeLessThanOrEqual(0.75);
});

test('rows from a limit on are not found, and those before it are', () => {
  const table = new RowTable(1);
  for (let n = 0; n < 1000; n++) table.insert(Int32Array.of(n * 7));
  for (const limit of [0, 1, 500, 1000]) {
    for (let n = 0; n < 1000; n++) {
      expect(findRow(table.index, Int32Array.of(n * 7), limit)).toBe(n < limit ? n : -1);
    }
  }
});

test('rows inserted by the batch get the numbers that they would get one by one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(fc.nat(5), fc.nat(40)), { maxLength: 60 }), { maxLength: 30 }),
      (batches) => {
        const [together, single] = [new RowTable(2), new RowTable(2)];
        for (const batch of batches) {
          const numbers = new Int32Array(batch.length);
          together.insertAll(Int32Array.from(batch.flat()), batch.length, numbers);
          expect([...numbers]).toEqual(batch.map((row) => single.insert(Int32Array.from(row))));
        }
        expect(together.count).toBe(single.count);
      },
    ),
  );
});

test('a lineage tells the parents that it was told the children of', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.oneof(fc.constant(0), fc.nat(3), fc.nat(100)), { maxLength: 600 }),
      (initial, children) => {
        const lineage = new Lineage(initial);
        const parents = new Array<number>(initial).fill(NO_PARENT);
        children.forEach((count, state) => {
          lineage.add(count);
          for (let i = 0; i < count; i++) parents.push(state);
        });
        expect(parents.map((_, state) => lineage.parentOf(state))).toEqual(parents);
        expect(lineage.expanded).toBe(children.length);
        expect(() => lineage.parentOf(parents.length)).toThrow(RangeError);
      },
    ),
  );
});

test('a set of messages has one id, also when there is room for more', () => {
  const sets = new MessageSets();
  expect(sets.size).toBe(1);
  const few = Int32Array.of(0b101);
  const id = sets.idOf(few);
  expect(sets.messagesIn(id)).toEqual([0, 2]);
  expect(sets.fits(33)).toBe(false);
  sets.widen(33);
  expect(sets.words).toBe(2);
  expect(sets.idOf(Int32Array.of(0b101, 0))).toBe(id);
  expect(sets.idOf(Int32Array.of(0, 0))).toBe(0);
  const more = sets.idOf(Int32Array.of(1 << 31, 1));
  expect(sets.messagesIn(more)).toEqual([31, 32]);
});

test('a tuple table numbers tuples like a map would', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(4), { maxLength: 4 }),
      // Some ids are so large that the table has to go from one way of finding to the other.
      fc.array(
        fc.tuple(
          ...[9, 9, 9, 9].map((most) => fc.oneof(fc.nat(most), fc.nat(most), fc.nat(5000))),
          fc.nat(99),
        ),
        { maxLength: 300 },
      ),
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
        expect([...table.all()].map((tuple) => tuple.join())).toEqual([...map.keys()]);
      },
    ),
  );
});
