import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth, shown } from '../text.ts';
import type { Chart, Row } from './chart.ts';
import { chartSvg, drawChart } from './draw.ts';

const lifelines = [
  { id: 'l', label: 'Left', note: 'first' },
  { id: 'm', label: 'Middle' },
  { id: 'r', label: 'Right' },
];

const chartOf = (...rows: Row[]): Chart => ({ lifelines, rows, foot: [] });

/** The drawing without its last newline, for comparison with a template. */
const drawn = (chart: Chart, options: Parameters<typeof drawChart>[1] = {}): string =>
  `\n${drawChart(chart, options)}`;

const failing: Chart = {
  title: 'One order, two deliveries',
  lifelines,
  rows: [
    { kind: 'message', step: 1, from: 'l', to: 'r', label: 'order', number: 1 },
    { kind: 'state', notes: { l: 'sent 1', r: 'got 1' } },
    { kind: 'span', step: 2, from: 'l', to: 'm', text: 'copied' },
    { kind: 'send', step: 3, at: 'r', label: 'goods', towards: 'm', number: 2 },
    { kind: 'stop', step: 4, at: 'l' },
    { kind: 'receive', step: 5, at: 'm', from: 'r', label: 'goods', number: 2 },
    { kind: 'local', step: 6, at: 'm', text: 'orders again', mark: 'bad' },
    { kind: 'message', step: 7, from: 'm', to: 'lost', towards: 'r', label: 'order', number: 3 },
    { kind: 'start', step: 8, at: 'l' },
  ],
  foot: ['onlyOnce is broken.', 'Rule: order.'],
};

describe('a chart side by side', () => {
  test('every kind of row', () => {
    expect(drawn(failing)).toMatchInlineSnapshot(`
      "
      One order, two deliveries

        Left       Middle                 Right
        first
          │           │                     │
       1  ├─ (1) order ────────────────────►│
          │ sent 1    │                     │ got 1
          │           │                     │
       2  ╞═ copied ═►│                     │
          │           │                     │
       3  │           │      <╌╌ (2) goods ─┤
          │           │                     │
       4  ╳ stops     │                     │
                      │                     │
       5              │◄─ (2) goods ╌╌      │
                      │                     │
       6              ✗ orders again        │
                      │                     │
       7              ├─ (3) order ──╳ lost │
                      │                     │
       8  ○ starts    │                     │
          │           │                     │

      ✗ onlyOnce is broken.
        Rule: order.
      "
    `);
  });

  test('every kind of row in ASCII', () => {
    expect(drawn(failing, { unicode: false })).toMatchInlineSnapshot(`
      "
      One order, two deliveries

        Left       Middle                 Right
        first
          |           |                     |
       1  |- (1) order -------------------->|
          | sent 1    |                     | got 1
          |           |                     |
       2  |= copied =>|                     |
          |           |                     |
       3  |           |      <.. (2) goods -|
          |           |                     |
       4  X stops     |                     |
                      |                     |
       5              |<- (2) goods ..      |
                      |                     |
       6              x orders again        |
                      |                     |
       7              |- (3) order --X lost |
                      |                     |
       8  o starts    |                     |
          |           |                     |

      x onlyOnce is broken.
        Rule: order.
      "
    `);
    expect(drawChart(failing, { unicode: false })).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('from right to left', () => {
    const chart = chartOf(
      { kind: 'message', from: 'r', to: 'l', label: 'answer' },
      { kind: 'span', from: 'm', to: 'l', text: 'back' },
      { kind: 'receive', at: 'l', from: 'm', label: 'late', number: 4 },
      { kind: 'message', from: 'r', to: 'm', label: 'no', received: false },
    );
    expect(drawn(chart)).toMatchInlineSnapshot(`
      "
      Left           Middle    Right
      first
        │               │        │
        │◄────────────── answer ─┤
        │               │        │
        │◄═══════ back ═╡        │
        │               │        │
        │◄─ (4) late ╌╌ │        │
        │               │        │
        │               │<── no ─┤
        │               │        │
      "
    `);
  });

  test('an arrow that is still under way', () => {
    const chart = chartOf({ kind: 'message', from: 'l', to: 'in flight', label: 'slow', number: 9 });
    expect(drawn(chart)).toMatchInlineSnapshot(`
      "
      Left                     Middle    Right
      first
        │                         │        │
        ├─ (9) slow ╌╌> in flight │        │
        │                         │        │
      "
    `);
  });

  test('labels that do not fit on their arrow stand above it, wrapped', () => {
    const chart = chartOf(
      { kind: 'message', from: 'l', to: 'm', label: 'one label of many words that needs more than a line' },
      { kind: 'message', from: 'r', to: 'm', label: 'another label of many words' },
    );
    expect(drawn(chart, { width: 60 })).toMatchInlineSnapshot(`
      "
      Left                      Middle                       Right
      first
        │                          │                           │
        │ one label of many words  │                           │
        │ that needs more than a   │                           │
        │ line                     │                           │
        ├─────────────────────────►│                           │
        │                          │                           │
        │                          │     another label of many │
        │                          │     words                 │
        │                          │◄──────────────────────────┤
        │                          │                           │
      "
    `);
  });

  test('a lifeline that starts before it stops is absent before', () => {
    const chart = chartOf(
      { kind: 'local', at: 'l', text: 'waits' },
      { kind: 'start', at: 'm', text: 'joins' },
    );
    expect(drawn(chart)).toMatchInlineSnapshot(`
      "
      Left    Middle    Right
      first
        │                 │
        ● waits           │
        │                 │
        │        ○ joins  │
        │        │        │
      "
    `);
  });

  test('a long chart repeats the names at its end', () => {
    const rows = Array.from({ length: 20 }, (_, i): Row => ({ kind: 'local', at: 'l', text: `event ${i}` }));
    expect(
      drawChart(chartOf(...rows))
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toMatch(/Left +Middle +Right/);
  });

  test('wide characters keep the lifelines straight', () => {
    const chart = chartOf({ kind: 'message', from: 'l', to: 'm', label: '日本語' });
    const line = drawChart(chart)
      .split('\n')
      .find((it) => it.includes('日'));
    expect(displayWidth(line ?? '')).toBe(displayWidth(drawChart(chart).split('\n')[2] ?? ''));
  });
});

describe('colour', () => {
  test('only if asked for', () => {
    expect(drawChart(failing)).not.toContain('\u001b');
  });

  test('what is bad is red, and the colours change nothing else', () => {
    const text = shown(drawChart(failing, { colour: true }));
    expect(text).toContain('\u001b[31m✗ onlyOnce is broken.\u001b[0m');
    expect(text).toContain('\u001b[31m✗ orders again');
    const plain = stripVTControlCharacters(text).replaceAll(/ +$/gm, '');
    expect(plain).toBe(drawChart(failing));
  });
});

describe('a terminal too narrow for the lifelines', () => {
  test('gets a list', () => {
    expect(drawn(failing, { width: 28 })).toMatchInlineSnapshot(`
      "
      One order, two deliveries

      Left (first), Middle, Right

        1. Left → Right: (1) order
           Left: sent 1
           Right: got 1
        2. Left ⇒ Middle: copied
        3. Right sends to Middle:
           (2) goods
        4. Left stops
        5. Middle receives from
           Right: (2) goods
      ✗ 6. Middle: orders again
        7. Middle → Right (lost):
           (3) order
        8. Left starts

      ✗ onlyOnce is broken.
        Rule: order.
      "
    `);
  });

  test('numbers the rows itself if they have no steps', () => {
    const chart = chartOf({ kind: 'local', at: 'l', text: 'a' }, { kind: 'local', at: 'r', text: 'b' });
    expect(drawChart(chart, { width: 16 })).toMatch(/1\. Left: a\n {2}2\. Right: b\n/);
  });
});

test('names that the chart does not have are refused', () => {
  expect(() => drawChart(chartOf({ kind: 'stop', at: 'x' }))).toThrow("no lifeline is called 'x'");
  expect(() => chartSvg(chartOf({ kind: 'state', notes: { x: '' } }))).toThrow(RangeError);
  const twice = { lifelines: [...lifelines, { id: 'l', label: '' }], rows: [], foot: [] };
  expect(() => drawChart(twice)).toThrow("two lifelines are called 'l'");
  expect(() => drawChart({ lifelines: [{ id: 'lost', label: '' }], rows: [], foot: [] })).toThrow(RangeError);
});

test('a chart of nothing', () => {
  expect(drawChart({ lifelines: [], rows: [], foot: [] })).toBe('');
  expect(chartSvg({ lifelines: [], rows: [], foot: [] })).toMatch(/^<svg/);
});

/** A chart in which every word of every text is another one. */
const someChart: fc.Arbitrary<{ chart: Chart; words: string[] }> = fc
  .record({
    count: fc.integer({ min: 1, max: 5 }),
    steps: fc.boolean(),
    rows: fc.array(
      fc.record({
        kind: fc.constantFrom('message', 'send', 'receive', 'local', 'span', 'state', 'stop', 'start'),
        from: fc.nat(4),
        to: fc.nat(6),
        size: fc.integer({ min: 1, max: 9 }),
        bad: fc.boolean(),
      }),
      { maxLength: 12 },
    ),
  })
  .map(({ count, steps, rows }) => {
    const words: string[] = [];
    const text = (size: number): string => {
      const own = Array.from({ length: size }, (_, i) => `w${'o'.repeat((i * 5) % 9)}${words.length + i}d`);
      words.push(...own);
      return own.join(' ');
    };
    const names = Array.from({ length: count }, (_, i) => ({
      id: `n${i}`,
      label: text(1 + (i % 2)),
      note: text(1),
    }));
    const made = rows.map(({ kind, from, to, size, bad }, i): Row => {
      const at = `n${from % count}`;
      const other = `n${to % count}`;
      const common = { ...(steps ? { step: i + 1 } : {}), ...(bad ? { mark: 'bad' as const } : {}) };
      switch (kind) {
        case 'message':
          if (to > 4)
            return { kind, from: at, to: to === 5 ? 'lost' : 'in flight', label: text(size), ...common };
          return { kind, from: at, to: other, label: text(size), received: size !== 2, ...common };
        case 'send':
          return { kind, at, towards: other, label: text(size), number: i, ...common };
        case 'receive':
          return { kind, at, from: other, label: text(size), number: i, ...common };
        case 'span':
          return { kind, from: at, to: other, text: text(size), ...common };
        case 'state':
          return {
            kind,
            notes: at === other ? { [at]: text(size) } : { [at]: text(size), [other]: text(size) },
          };
        case 'stop':
        case 'start':
          return { kind, at, text: text(size), ...common };
        default:
          return { kind: 'local', at, text: text(size), ...common };
      }
    });
    return { chart: { title: text(4), lifelines: names, rows: made, foot: [text(5), text(30)] }, words };
  });

test('no text is lost or overwritten, and no line is too long', () => {
  const drawing = fc.record({ width: fc.integer({ min: 40, max: 160 }), unicode: fc.boolean() });
  fc.assert(
    fc.property(someChart, drawing, ({ chart, words }, options) => {
      const text = drawChart(chart, options);
      for (const word of words) expect(text).toMatch(new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`));
      for (const line of text.split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(options.width);
        expect(line).toBe(line.trimEnd());
      }
      const svg = chartSvg(chart).replace(/<desc>[^<]*<\/desc>/, '');
      for (const word of words) expect(svg).toMatch(new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`));
    }),
    { numRuns: 300 },
  );
});

test('captured text cannot act on the terminal', () => {
  const hostile = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(hostile, fc.boolean(), fc.integer({ min: 20, max: 100 }), (text, unicode, width) => {
      const chart: Chart = {
        title: text,
        lifelines: [
          { id: 'a', label: text, note: text },
          { id: 'b', label: 'b' },
        ],
        rows: [
          { kind: 'message', from: 'a', to: 'b', label: text },
          { kind: 'local', at: 'a', text },
          { kind: 'stop', at: 'b', text },
          { kind: 'state', notes: { a: text } },
        ],
        foot: [text],
      };
      const control = /[\p{Cc}\p{Cf}\p{Cs}]/u;
      expect(drawChart(chart, { unicode, width }).replaceAll('\n', '')).not.toMatch(control);
      expect(chartSvg(chart).replaceAll('\n', '')).not.toMatch(control);
    }),
  );
});

describe('SVG', () => {
  test('escapes every text', () => {
    const svg = chartSvg({
      title: '<script>&"\'',
      lifelines: [{ id: 'a', label: '<a>', note: 'R&D' }],
      rows: [{ kind: 'local', at: 'a', text: '</text><script>alert(1)</script>' }],
      foot: ['a < b && c > d'],
    });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;&amp;&quot;&#39;');
    expect(svg).toContain('>&lt;a&gt;</text>');
    expect(svg).toContain('a &lt; b &amp;&amp; c &gt; d');
    expect(svg).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
  });

  test('is one well-formed element in the colour of its page', () => {
    const svg = chartSvg(failing);
    const open: string[] = [];
    for (const [, close, name, empty] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (empty !== '/') open.push(name ?? '');
    }
    expect(open).toEqual([]);
    expect(svg).toContain('stroke:currentColor');
    expect(svg).toMatch(/<text [^>]*class="bad">✗ onlyOnce is broken\.<\/text>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('draws everything within its box', () => {
    fc.assert(
      fc.property(someChart, ({ chart }) => {
        const svg = chartSvg(chart);
        const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
        for (const [, name, value] of svg.matchAll(/ (x|x1|x2|cx|y|y1|y2|cy)="([^"]+)"/g)) {
          const limit = Number(name?.includes('x') ? width : height);
          expect(Number(value)).toBeGreaterThanOrEqual(0);
          expect(Number(value)).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });
});
