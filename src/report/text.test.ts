import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ascii, clean, displayWidth, jsonEscaped, shown, wrap } from './text.ts';
import { paint } from './tone.ts';

test('nothing that acts on a terminal is left', () => {
  expect(clean('a\u001b[31mred\u0007\u009b2J')).toBe('a\\x1b[31mred\\x07\\x9b2J');
  expect(clean('two\r\nlines\tand a tab')).toBe('two lines and a tab');
  expect(clean('left\u202eright\u200b')).toBe('left\\u{202e}right\\u{200b}');
  expect(clean('\ud800')).toBe('\\u{d800}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(clean(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('what is written out has our colours, our line ends, and nothing else that acts on a terminal', () => {
  expect(shown(`${paint('bad', 'bad', true)} as read: \u001b[31mred\u001b[0m\r\n`)).toBe(
    '\u001b[31mbad\u001b[0m as read: \\x1b[31mred\\x1b[0m\n',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(shown(text)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('JSON has everything escaped that acts on a terminal, and says the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const escaped = jsonEscaped(JSON.stringify({ text }, null, 2));
      expect(escaped).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(escaped)).toEqual({ text });
    }),
  );
});

test('line ends that JSON lets stand are escaped in it', () => {
  expect(jsonEscaped('"a\u2028b\u2029c\u0085d"')).toBe('"a\\u2028b\\u2029c\\u0085d"');
});

test('ASCII spells what it can and escapes the rest', () => {
  expect(ascii('§2.2 → é … 日')).toBe('sec. 2.2 -> e ... \\u{65e5}');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(ascii(text)).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test('width is counted in columns', () => {
  expect(displayWidth('abc')).toBe(3);
  expect(displayWidth('日本')).toBe(4);
  expect(displayWidth('e\u0301')).toBe(1);
});

test('wrapping keeps every character and the limit', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('0123456789', 4)).toEqual(['0123', '4567', '89']);
  expect(wrap('', 4)).toEqual(['']);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (text, limit) => {
      const lines = wrap(clean(text), limit);
      expect(lines.join('').replace(/\s/g, '')).toBe(clean(text).replace(/\s/g, ''));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(limit);
    }),
  );
});
