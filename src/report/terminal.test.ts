import { describe, expect, test } from 'vitest';
import { progressLine, terminalOf } from './terminal.ts';

const utf8 = { LANG: 'en_GB.UTF-8', TERM: 'xterm' };
const tty = { isTTY: true, columns: 80 };

describe('terminalOf', () => {
  test('a terminal', () => {
    expect(terminalOf(tty, utf8)).toEqual({ width: 80, colour: true, unicode: true });
    expect(terminalOf({ isTTY: true, columns: 0 }, utf8).width).toBe(100);
  });

  test('a pipe', () => {
    expect(terminalOf({}, { ...utf8, LC_ALL: 'C' })).toEqual({ width: 100, colour: false, unicode: true });
  });

  test('a dumb terminal in the C locale', () => {
    const environment = { LC_ALL: 'C', LANG: 'en_GB.UTF-8', TERM: 'dumb' };
    expect(terminalOf(tty, environment)).toEqual({ width: 80, colour: false, unicode: false });
  });

  test('NO_COLOR and FORCE_COLOR', () => {
    expect(terminalOf(tty, { ...utf8, NO_COLOR: '1' }).colour).toBe(false);
    expect(terminalOf(tty, { ...utf8, NO_COLOR: '' }).colour).toBe(true);
    expect(terminalOf({}, { FORCE_COLOR: '1' }).colour).toBe(true);
    expect(terminalOf(tty, { ...utf8, FORCE_COLOR: '0' }).colour).toBe(false);
    expect(terminalOf({}, { NO_COLOR: '1', FORCE_COLOR: '1' }).colour).toBe(true);
  });
});

describe('progressLine', () => {
  const recorder = (isTTY: boolean) => {
    const written: string[] = [];
    return { isTTY, columns: 10, written, write: (text: string) => written.push(text) };
  };

  test('writes nothing to a pipe or a dumb terminal', () => {
    for (const [stream, environment] of [
      [recorder(false), utf8],
      [recorder(true), { TERM: 'dumb' }],
    ] as const) {
      const progress = progressLine(stream, () => 0, environment);
      progress.update('a');
      progress.done();
      expect(stream.written).toEqual([]);
    }
  });

  test('is throttled, fits the terminal, is harmless and clears itself', () => {
    let time = 0;
    const stream = recorder(true);
    const progress = progressLine(stream, () => time, utf8);
    progress.update('1 state of many');
    time = 99;
    progress.update('dropped');
    time = 100;
    progress.update('\u001b[2J');
    progress.done();
    progress.done();
    expect(stream.written).toEqual(['\r\u001b[2K1 state o', '\r\u001b[2K\\x1b[2J', '\r\u001b[2K']);
  });
});
