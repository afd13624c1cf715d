import { expect, test } from 'vitest';
import { Interner } from './intern.ts';
import { invisibleIn } from './visible.ts';

class Own {
  readonly a = 1;
}
const extra: unknown[] & { k?: number } = [1];
extra.k = 1;
const holed: unknown[] & { k?: number } = new Array(1);
// As many keys as an array of one element has.
holed.k = 1;
const round: { self?: unknown } = {};
round.self = round;

test.each<readonly [unknown, string]>([
  [{ a: { [Symbol('k')]: 1 } }, 'the key Symbol(k) in .a'],
  [Object.defineProperty({}, 'k', { value: 1 }), 'not enumerable in .k'],
  [
    {
      a: [
        {
          get k() {
            return 1;
          },
        },
      ],
    },
    'an accessor in .a[0].k',
  ],
  [extra, 'the property k of an array'],
  [new Array(2), 'an array with holes'],
  [holed, 'the property k of an array'],
  [new Own(), 'an instance of Own'],
  [Object.create({ a: 1 }), 'an instance of Object'],
  [[-0], '-0, which looks like 0 in [0]'],
  [{ a: Number.NaN }, 'NaN in .a'],
  [{ a: undefined }, 'undefined in .a'],
  [[1n], 'a bigint in [0]'],
  [round, 'itself, or more'],
])('%# is refused: %s', (value, what) => {
  expect(invisibleIn(value)).toContain(what);
  expect(() => new Interner<unknown>().idOf(value)).toThrow('is not plain data');
});

test('a value that looks like one that is known is looked at all the same', () => {
  const interner = new Interner<unknown>();
  interner.idOf({ a: 1 });
  expect(() => interner.idOf({ a: 1, [Symbol('k')]: 1 })).toThrow('the key Symbol(k)');
});

test('plain data is what it is', () => {
  expect(
    invisibleIn({ a: [1, 'x', null, true, { b: [] }], c: Object.create(null) as unknown }),
  ).toBeUndefined();
});
