/** The parts of the derivation, on small functions: what is followed is followed rightly, and all else is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bounds } from './bounds.ts';
import { exampleOf, takesPath, valuesFrom, withItems } from './example.ts';
import { instrument } from './instrument.ts';
import { NotFollowed, numberOf, Sum, sumOf } from './linear.ts';
import { atValues, explore, Variables } from './paths.ts';
import { integer, list, made, maybe, numbers, oneOf, record, value } from './shape.ts';
import { operations } from './symbolic.ts';
import { anyOf, concreteOf, oneAs, unfitIn } from './values.ts';

/** A function of its source, rewritten. */
const rewritten = (source: string): ((...args: unknown[]) => unknown) =>
  new Function('$op', `${instrument(`const made = ${source};`, () => 'here')}\nreturn made;`)(operations) as (
    ...args: unknown[]
  ) => unknown;

const plain = (source: string): ((...args: unknown[]) => unknown) =>
  new Function(`return ${source};`)() as (...args: unknown[]) => unknown;

/** Functions of three numbers, with all that the model has in it. */
const FOLLOWED: readonly string[] = [
  '(a, b, c) => Math.max(a, b + 1, c - 2)',
  '(a, b, c) => a <= b && b < c ? a - c : b + b',
  '(a, b) => [a, b].includes(3) || a === b',
  '(a, b, c) => [a, b, c].sort((x, y) => x - y)',
  '(a, b, c) => [...new Set([a, b, c])].length',
  '(a, b, c) => [a, b, c].filter((x) => x > 1).map((x) => x * 2)',
  '(a, b, c) => { let n = a; while ([b, c].some((x) => x === n)) n++; return n; }',
  '(a, b) => { let n = a; n += b; n -= 1; --n; return n > 0 ? n : -n; }',
  '(a, b) => (a ? b : 7)',
  '(a, b) => (a || b) ?? 1',
  '(a, b) => !a && !(b === 2)',
  '(a, b, c) => ({ ...{ a, b }, b: c })',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a function
  '(a, b) => `p${a}` === `p${b}`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a function
  '(a) => `p${a}` === "q1"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a function
  '(a, b) => [a, `p${b}`].map((x) => (typeof x === "string" ? Number(x.slice(1)) : x))',
  '(a, b) => { const { x = 4, ...rest } = { x: a > b ? undefined : a, y: b }; return { x, rest }; }',
  '(a, b) => typeof a === "number" && Number.isInteger(b) && a !== b',
  '(a, b) => Array.from({ length: Math.min(3, a < 0 ? 0 : a) }, (_, i) => b - i)',
  '(a, b, c) => [[a, 1], [b, 2], [c, 3]].find(([x]) => x === 2)?.[1]',
  '(a, b) => new Map([[a, 1], [b, 2]]).get(2)',
  '(a, b, c) => [a, b, c].indexOf(1) + [a, b].findIndex((x) => x < 0)',
  '(a, b) => [a, b].every((x) => x >= 0) ? Math.min(a, b) : Math.abs(a)',
  '(a, b) => { for (const x of [a, b]) if (x > 2) return x; return null; }',
  '(a, b, c) => [a, b, c].reduce((sum, x) => sum + x, 0) <= 3',
  '(a) => a <= Infinity && a > -Infinity',
  '(a, b) => [a, b].at(-1)',
  '(a, b) => [0, ...[a, b].filter((x) => x > 1), ...new Set([a, a])]',
  // Division by a number that is known, rounded, of what may be below 0.
  '(a, b) => [a % 3, (a + b) % 2, (a - 2 * b) % 4, 7 % 4, -a % 3]',
  '(a, b) => [Math.floor(a / 3), Math.ceil(b / 2), Math.trunc((a - b) / 3), Math.floor((a + b) / 2)]',
  '(a) => Math.floor(a / 4) * 4 + (((a % 4) + 4) % 4) === a',
  '(a, b) => Math.floor(Math.max(a, 0) / 5) * 5 + (b % 5) >= a && a % 2 === 0',
  '(a, b) => { let n = a; n %= 4; return [n, Math.ceil((n + b) / 4), Math.floor(Math.floor(a / 2) / 2)]; }',
  '(a, b) => [a, b].filter((x) => x % 2 === 1).map((x) => Math.trunc(x / 2))',
  '(a) => [typeof (a / 2), Number.isFinite(a / 2), (6 * a) % 3 === 0, 4 * a === 6]',
];

describe('a rewritten function', () => {
  test.each(FOLLOWED)('%s: is what it was, on each of its paths', (source) => {
    const variables = new Variables();
    const names = ['a', 'b', 'c'];
    const args = names.map((name) => sumOf(variables.named(name, -2, 6)));
    const paths = explore(() => rewritten(source)(...args));
    fc.assert(
      fc.property(fc.tuple(...names.map(() => fc.integer({ min: -2, max: 6 }))), (numbers) => {
        const values = valuesFrom(
          new Map(names.map((name, index) => [name, numbers[index] ?? 0])),
          variables.all,
        );
        const taken = paths.filter(({ decisions }) => takesPath(decisions, values));
        // One path, and one only.
        expect(taken).toHaveLength(1);
        const came = atValues(values, () => concreteOf(taken[0]?.result, values));
        // As JSON, which knows of one zero.
        expect(JSON.stringify({ came })).toBe(
          JSON.stringify({ came: concreteOf(plain(source)(...numbers), values) }),
        );
      }),
      { numRuns: 60, seed: 18 },
    );
  });

  test.each([
    ['(a, b) => a * b', 'not linear'],
    ['(a, b) => a % b', 'a remainder'],
    ['(a, b) => Math.floor(a / b)', 'a quotient'],
    ['(a) => 6 / a', 'a quotient'],
    ['(a) => a % -2', 'a remainder'],
    ['(a) => Math.floor(a / 0.5)', 'a quotient'],
    ['(a) => a / 2 > 1', 'no number'],
    ['(a) => a / 2 === 1', 'before it is rounded'],
    ['(a) => a / 2 + 1', 'before it is rounded'],
    ['(a) => Number.isInteger(a / 2)', 'before it is rounded'],
    ['(a) => Number.isSafeInteger(a / 2)', 'before it is rounded'],
    ['(a) => (a / 2 ? 1 : 0)', 'before it is rounded'],
    ['(a) => Math.round(a / 2)', 'not known'],
    ['(a) => Math.max(a / 2, 1)', 'no number'],
    ['(a) => [1, 2].includes(a / 2)', 'before it is rounded'],
    ['(a) => a * 2 ** 40 * 2 ** 40', 'times an integer'],
    ['(a) => a & 1', 'not linear'],
    ['(a) => [7, 8][a]', 'not rewritten'],
    ['(a) => a + Date.now()', 'reads Date'],
    ['(a) => (Math.random() < 0.5 ? a : 0)', 'Math.random'],
    ['() => process.env', 'reads process'],
    ['() => globalThis', 'reads globalThis'],
    ['(a) => { switch (a) { case 1: return 2; default: return 3; } }', 'a switch'],
    ['(a) => JSON.stringify({ a })', 'not rewritten'],
    ['(a, b) => [a, b].sort()[0]', 'order'],
    ['(a) => a == 1', '=='],
    ['(a) => a.toFixed(2)', 'is not a function'],
    ['(a) => Number.parseInt(a)', 'not known'],
    ['(a) => [1, 2, 3].slice(0, a + 100).length', '70 or more'],
  ])('%s: is refused', (source, why) => {
    const variables = new Variables();
    const args = ['a', 'b'].map((name) => sumOf(variables.named(name)));
    expect(() => explore(() => rewritten(source)(...args))).toThrow(why);
  });

  test('that goes by more than its arguments is found out when it is run again', () => {
    const variables = new Variables();
    const a = sumOf(variables.named('a'));
    const counts = rewritten('(() => { let n = 0; return (a) => { n = n + 1; return a < n; }; })()');
    expect(() => explore(() => counts(a))).toThrow(NotFollowed);
  });

  test('cannot hide a name of the language', () => {
    expect(() => rewritten('(a) => { const Math = a; return Math; }')).toThrow('declared anew: Math');
  });
});

describe('differences of integers', () => {
  const variables = new Variables();
  const named = ['x', 'y', 'z', 'w'].map((name) => variables.named(name));
  const facts = fc.array(
    fc.record({ x: fc.nat({ max: 4 }), y: fc.nat({ max: 4 }), c: fc.integer({ min: -3, max: 3 }) }),
    { maxLength: 8 },
  );

  test('say no more than what was said, and notice what cannot be', () => {
    fc.assert(
      fc.property(facts, fc.tuple(...named.map(() => fc.integer({ min: -4, max: 4 }))), (said, numbers) => {
        const at = (index: number): number => (index === 0 ? 0 : (numbers[index - 1] ?? 0));
        const of = (index: number) => (index === 0 ? null : (named[index - 1] ?? null));
        const isTrue = said.every(({ x, y, c }) => at(x) - at(y) <= c);
        const bounds = said.reduce<Bounds | null>(
          (known, { x, y, c }) => known?.with(of(x), of(y), c) ?? null,
          Bounds.nothing,
        );
        if (!isTrue) return;
        // The numbers are a case of all that was said.
        expect(bounds).not.toBeNull();
        for (let x = 0; x <= 4; x++) {
          for (let y = 0; y <= 4; y++) {
            expect(at(x) - at(y)).toBeLessThanOrEqual(bounds?.most(of(x), of(y)) ?? Infinity);
          }
        }
      }),
      { numRuns: 2000, seed: 18 },
    );
  });

  test('a chain that comes back below where it began cannot be', () => {
    const [x = null, y = null, z = null] = named;
    const chain = Bounds.nothing.with(x, y, 2)?.with(y, z, -1);
    expect(chain?.most(x, z)).toBe(1);
    expect(chain?.with(z, x, -2)).toBeNull();
    expect(chain?.with(z, x, -1)).not.toBeNull();
  });
});

describe('a list of numbers whose length and order are not known', () => {
  /** Functions of such a list and three numbers: what a window of any size does with what it holds. */
  const asked: readonly string[] = [
    '(list, a, b) => list.includes(a) || list.includes(b)',
    '(list, a, b) => list.includes(a + 1) === list.includes(b)',
    '(list, a, b, c) => [...new Set([...list, a])].filter((x) => x > b).sort((x, y) => x - y).includes(c)',
    '(list, a, b, c) => [...list, ...Array.from({ length: Math.min(a, b) }, (_, i) => b - i)].includes(c)',
    '(list, a, b, c) => [...list, ...Array.from({ length: a }, (_, i) => i + b)].toSorted().includes(c)',
    '(list, a) => new Set(list).has(a) && !list.includes(4)',
    '(list, a, b) => list.filter((x) => x !== a && -x < b && !(x > 7)).includes(b)',
    // What a list is to the language.
    '(list) => Array.isArray(list) && !Array.isArray(new Set(list)) && new Set(list) instanceof Set',
    '(list) => list.toSorted() === list || [...list] === list || new Set(list) === list',
  ];

  const worlds = fc.record({
    list: fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 5 }),
    numbers: fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 9 }))),
  });

  test.each(asked)('%s: says of each number what the function says', (source) => {
    const variables = new Variables();
    const names = ['a', 'b', 'c'];
    const args = names.map((name) => sumOf(variables.named(name, 0)));
    const paths = explore(() => rewritten(source)(anyOf(variables, numbers, 'list'), ...args));
    fc.assert(
      fc.property(worlds, ({ list: items, numbers: given }) => {
        const values = withItems(
          new Map([['list', new Set(items)]]),
          valuesFrom(new Map(names.map((name, index) => [name, given[index] ?? 0])), []),
        );
        const taken = paths.filter(({ decisions }) => takesPath(decisions, values));
        expect(taken).toHaveLength(1);
        expect(taken[0]?.result).toBe(plain(source)(items, ...given));
      }),
      { numRuns: 200, seed: 18 },
    );
  });

  test('is with numbers what the function makes of it, lowest first', () => {
    const source =
      '(list, a, b) => [...new Set([...list, ...Array.from({ length: a }, (_, i) => b - i)])].filter((x) => x > 1).sort((x, y) => x - y)';
    const variables = new Variables();
    const args = ['a', 'b'].map((name) => sumOf(variables.named(name, 0)));
    const [path] = explore(() => rewritten(source)(anyOf(variables, numbers, 'list'), ...args));
    fc.assert(
      fc.property(worlds, ({ list: items, numbers: [a = 0, b = 0] }) => {
        const given = new Map([
          ['a', a],
          ['b', b],
        ]);
        const values = withItems(new Map([['list', new Set(items)]]), valuesFrom(given, []));
        const came = atValues(values, () => concreteOf(path?.result, values));
        expect(came).toEqual(plain(source)(items, a, b));
      }),
      { numRuns: 200, seed: 18 },
    );
  });

  test('has numbers that take each path, one number not in it and out of it at once', () => {
    const variables = new Variables();
    const args = ['a', 'b'].map((name) => sumOf(variables.named(name, 0)));
    const source = '(list, a, b) => list.includes(a) && !list.includes(b)';
    const paths = explore(() => rewritten(source)(anyOf(variables, numbers, 'list'), ...args));
    expect(paths).toHaveLength(3);
    for (const { decisions, known, result } of paths) {
      const values = exampleOf(decisions, known, variables.all)!;
      const items = oneAs(numbers, 'list', values) as readonly number[];
      expect(items.includes(values('a')) && !items.includes(values('b'))).toBe(result);
    }
    // Of the same number the list says the same, though nobody asks whether it is the same.
    const same = '(list, a, b) => (a <= b && b <= a ? list.includes(a) === list.includes(b) : true)';
    const answers = explore(() => rewritten(same)(anyOf(variables, numbers, 'list'), ...args));
    expect(answers.every(({ result }) => result === true)).toBe(true);
  });

  test.each([
    ['(list) => list.length', 'the length'],
    ['(list) => [...list].map((x) => x + 1)', 'the item map'],
    ['(list) => [].concat(list)', 'each item'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the source of a function
    ['(list) => `${list}`', 'the text'],
    ['(list) => Math.max(...list)', 'each item'],
    ['(list) => list[0] + 1', 'the item 0'],
    ['(list) => ({ ...list })', 'each item'],
    ['(list) => [...list, "1"].includes(1)', 'no whole number'],
    ['(list) => list.some((x) => x > 1)', 'some of a list'],
    ['(list, a) => Array.from({ length: a }, (_, i) => (i > 2 ? i : 0)).includes(1)', 'go by their places'],
    ['(list, a) => Array.from({ length: a }, () => 1).includes(1)', 'do not go up or down'],
    ['(list) => JSON.stringify(list)', 'JSON.stringify of something'],
    ['(list, a) => list.includes(a, 1)', 'includes of a list'],
    ['(list, a) => list.includes(a / 2)', 'before it is rounded'],
    ['(list, a) => [...list, a / 2].includes(1)', 'no whole number'],
    ['(list, a) => [1, a].includes(1, 1)', 'from a place on'],
    ['(list, a) => new Set(list).includes(a)', 'includes of a list'],
    ['(list) => new Set(list).size', 'the size'],
    ['(list) => 0 in list', 'the item 0'],
    ['(list) => Object.hasOwn(list, 0)', 'the item 0'],
    ['(list) => list.has === undefined', 'the item has'],
    ['(list) => list.made === undefined', 'the item made'],
    ['(list) => [[1], list].flat().length', 'the length'],
    ['(list, a) => { const all = [...list]; delete all[0]; return all.includes(a); }', 'each item'],
    // An argument is frozen.
    ['(list, a) => list.sort().includes(a)', 'sort of a list'],
    ['(list, a) => list.toSorted(() => { throw new Error(); }).includes(a)', 'goes by a function'],
    ['(list, a) => list.filter((_, place) => place !== 0).includes(a)', 'goes by a function'],
    ['(list, a) => list.filter((x, place = 0) => place !== x).includes(a)', 'goes by a function'],
    ['(list, a) => list.filter(function () { return this; }).includes(a)', 'goes by a function'],
    ['(list, a) => { let n = 0; return list.filter(() => (n += 1) > 1).includes(a); }', 'goes by a function'],
    [
      '(list, a) => { let n = 9; const some = list.filter((x) => x > n); n = 0; return some.includes(a); }',
      'goes by a function',
    ],
    [
      '(list, a) => { const n = { v: 9 }; const some = list.filter((x) => x > n.v); n.v = 0; return some.includes(a); }',
      'goes by a function',
    ],
    [
      '(list, a) => { let n = 0; return Array.from({ length: a }, (_, i) => i + n++).includes(3); }',
      'goes by a function',
    ],
    ['(list) => { try { return list.length > 0; } catch { return false; } }', 'a try statement'],
    ['(list) => { (async () => list.length)(); return true; }', 'an async function'],
  ])('%s: is refused', (source, why) => {
    const variables = new Variables();
    const list = anyOf(variables, numbers, 'list');
    expect(() => explore(() => rewritten(source)(list, sumOf(variables.named('a', 0))))).toThrow(why);
  });

  test('is refused also where the function catches that', () => {
    const caught = (list: unknown): boolean => {
      try {
        return (list as { readonly length: number }).length > 0;
      } catch {
        return false;
      }
    };
    expect(() => explore(() => caught(anyOf(new Variables(), numbers, 'list')))).toThrow('the length');
  });

  test('is of its shape, as is any array of numbers', () => {
    const variables = new Variables();
    expect(unfitIn(anyOf(variables, numbers, 'list'), numbers, 'list')).toBeUndefined();
    expect(unfitIn([3, sumOf(variables.named('a'))], numbers, 'list')).toBeUndefined();
    expect(unfitIn(['3'], numbers, 'list')).toBe('list');
    expect(unfitIn(3, numbers, 'list')).toBe('list');
  });
});

test('what was answered of a sum that is no difference is known afterwards', () => {
  const variables = new Variables();
  const [a, b] = ['a', 'b'].map((name) => sumOf(variables.named(name, 0)));
  // Where it is at most 1 it is 0 or 1, and nothing else is asked.
  const counts = rewritten('(a, b) => a + b <= 1 ? Array.from({ length: a + b }).length : -(a + b) <= -2');
  expect(explore(() => counts(a, b)).map(({ result }) => result)).toEqual([0, 1, true]);
});

describe('values of shapes', () => {
  const shape = record({
    kind: value('box'),
    next: integer(),
    last: maybe(integer(-1)),
    sync: oneOf(value(null), record({ nonce: integer() })),
    waiting: list(record({ id: integer() }), 2),
  });

  test('any value is settled as it is looked at, and is of its shape without being looked at', () => {
    const variables = new Variables();
    const paths = explore(() => {
      const any = anyOf(variables, shape, 'A') as { readonly waiting: readonly unknown[] };
      expect(unfitIn(operations.spread(any), shape, 'A')).toBeUndefined();
      return any.waiting.length;
    });
    // How many wait; whether `last` is there, nobody asked.
    expect(paths.map(({ result }) => result).toSorted()).toEqual([0, 1, 2]);
  });

  test('a field that may be absent is settled by whoever asks whether it is there', () => {
    const asks = [
      '(any) => "last" in any',
      '(any) => Object.hasOwn(any, "last")',
      '(any) => Object.keys(any).includes("last")',
      '(any) => { for (const key in any) if (key === "last") return true; return false; }',
      '(any) => { const { next, ...rest } = any; return "last" in rest; }',
      '(any) => any.last !== undefined',
    ];
    for (const source of asks) {
      const variables = new Variables();
      const two = record({ next: integer(), last: maybe(integer(-1)) });
      const paths = explore(() => rewritten(source)(anyOf(variables, two, 'A')));
      expect([source, paths.map(({ result }) => result).toSorted()]).toEqual([source, [false, true]]);
    }
  });

  test('a value that is made of one of its parts', () => {
    const pair = made(
      integer(1),
      (high) => ({ high, items: [high] }),
      (of) => (of as { readonly high: unknown }).high,
    );
    expect(oneAs(pair, 'A', () => 4)).toEqual({ high: 4, items: [4] });
    expect(unfitIn({ high: 4, items: [4] }, pair, 'A')).toBeUndefined();
    expect(unfitIn({ high: 4, items: [3] }, pair, 'A')).toBe('A');
    expect(unfitIn({ high: 0, items: [0] }, pair, 'A')).toBe('A');
  });

  test('a list whose items ascend is looked at in no other order, and one in another order is not of it', () => {
    const variables = new Variables();
    const ascending = list(record({ id: integer() }), 3, 'id');
    const source = '(any) => any.items.map(({ id }) => id).sort((x, y) => x - y)';
    const paths = explore(() => rewritten(source)(anyOf(variables, record({ items: ascending }), 'A')));
    // One for each length; without an order there would be ten.
    expect(paths.map(({ result }) => (result as readonly unknown[]).length)).toEqual([0, 1, 2, 3]);
    for (const { decisions, known } of paths) {
      const values = exampleOf(decisions, known, variables.all)!;
      expect(unfitIn(oneAs(ascending, 'A.items', values), ascending, 'A')).toBeUndefined();
    }
    // What is assumed is among the answers, so that a solver knows of it; and marked, for nobody has chosen it.
    expect(paths[2]?.decisions.filter(({ question }) => question.asks === 'at-most')).toHaveLength(1);
    expect(paths[2]?.decisions.map(({ isFact }) => isFact === true)).toEqual([false, false, false, true]);
    expect(unfitIn([{ id: 1 }, { id: 1 }], ascending, 'A')).toBe('the order of A');
    expect(unfitIn([{ id: 2 }, { id: 1 }], ascending, 'A')).toBe('the order of A');
    expect(unfitIn([{ id: 1 }, { id: 3 }], ascending, 'A')).toBeUndefined();
    // Where what is known has them in another order, there is no such list.
    const one = explore(() => {
      const [x, y] = ['A.items.0.id', 'A.items.1.id'].map((name) => sumOf(variables.named(name, 0)));
      if (operations.le(x, y, '')) return 'in order';
      return (anyOf(variables, record({ items: ascending }), 'A') as { items: unknown[] }).items.length;
    });
    expect(one.map(({ result }) => result).toSorted()).toEqual([0, 1, 'in order']);
  });

  test('one value is what the numbers say', () => {
    const numbers = new Map([
      ['A.next', 5],
      ['A.last?', 1],
      ['A.last', 3],
      ['A.sync?', 0],
      ['A.waiting.length', 1],
      ['A.waiting.0.id', 4],
    ]);
    expect(oneAs(shape, 'A', (name) => numbers.get(name) ?? 0)).toEqual({
      kind: 'box',
      next: 5,
      last: 3,
      sync: null,
      waiting: [{ id: 4 }],
    });
  });

  test.each([
    [{ kind: 'box', next: 0, sync: null, waiting: [] }, undefined],
    [{ kind: 'box', next: -1, sync: null, waiting: [] }, 'A.next'],
    [{ kind: 'other', next: 0, sync: null, waiting: [] }, 'A.kind'],
    [{ kind: 'box', next: 0, sync: {}, waiting: [] }, 'A.sync'],
    [
      { kind: 'box', next: 0, sync: null, waiting: [{ id: 0 }, { id: 1 }, { id: 2 }] },
      'the length of A.waiting',
    ],
    [{ kind: 'box', next: 0, sync: null, waiting: [], more: 1 }, 'A.more'],
  ])('%j is not of it: %s', (of, part) => {
    expect(unfitIn(of, shape, 'A')).toBe(part);
  });
});

test.each([
  '(a, b) => a + b > 5 && a < b && b !== a + 1',
  '(a, b) => a + b <= 1 && a + b !== 0 && a !== 1',
  '(a, b) => a + b > 4294967295 && a < 3',
])('numbers for a path are numbers that take it: %s', (source) => {
  const variables = new Variables();
  const [a, b] = ['a', 'b'].map((name) => sumOf(variables.named(name, 0)));
  const meets = rewritten(source);
  for (const { decisions, known, result } of explore(() => meets(a, b))) {
    const values = exampleOf(decisions, known, variables.all);
    expect(values).not.toBeNull();
    if (values === null) continue;
    const [x, y] = [a, b].map((sum) => (sum instanceof Sum ? numberOf(sum, values) : 0));
    expect(meets(x, y)).toBe(result);
  }
});
