/** Files are there as a whole or not at all, and never in the place of what is read or is no plain file. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OutputError, WholeFile, writeWholeFile } from './whole-file.ts';

let place: string;
const at = (name: string): string => join(place, name);
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'whole-file-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test('what was there stays until all is written, and no trace is left of what is not', () => {
  writeFileSync(at('a'), 'old');
  chmodSync(at('a'), 0o640);
  const file = new WholeFile(at('a'));
  expect(readdirSync(place)).toEqual(['a']);
  file.write('ne');
  file.write(Buffer.from('w'));
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  file.finish();
  file.abandon();
  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(statSync(at('a')).mode & 0o777).toBe(0o640);
  const other = new WholeFile(at('a'));
  other.write('half of it');
  other.abandon();
  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(readdirSync(place)).toEqual(['a']);
});

test('two that write the same file do not meet', () => {
  const [one, other] = [new WholeFile(at('a')), new WholeFile(at('a'))];
  one.write('1'.repeat(10));
  other.write('2'.repeat(5));
  one.finish();
  other.finish();
  expect(readFileSync(at('a'), 'utf8')).toBe('22222');
});

test('what is read is not written to, by whatever name', () => {
  writeFileSync(at('in'), 'input');
  linkSync(at('in'), at('hard'));
  symlinkSync('in', at('soft'));
  mkdirSync(at('folder'));
  symlinkSync('..', at('folder/up'));
  for (const name of ['in', 'hard', 'soft', 'folder/up/in', './folder/../in']) {
    for (const input of ['in', 'hard', 'soft']) {
      expect(() => new WholeFile(join(place, name), { inputs: [at('nothing'), at(input)] })).toThrow(
        OutputError,
      );
    }
  }
  expect(readFileSync(at('in'), 'utf8')).toBe('input');
});

test('links are followed, also to what is not there yet', () => {
  writeFileSync(at('a'), 'old');
  symlinkSync('a', at('link'));
  symlinkSync('b', at('early'));
  symlinkSync('round', at('round'));
  writeWholeFile(at('link'), ['new']);
  writeWholeFile(at('early'), ['begun']);
  expect(readFileSync(at('a'), 'utf8')).toBe('new');
  expect(readFileSync(at('b'), 'utf8')).toBe('begun');
  expect(lstatSync(at('link')).isSymbolicLink() && lstatSync(at('early')).isSymbolicLink()).toBe(true);
  expect(() => new WholeFile(at('round'))).toThrow('circle');
  expect(new WholeFile(at('link')).place).toBe(new WholeFile(at('a')).place);
});

test('what is no plain file is never replaced', () => {
  execFileSync('mkfifo', [at('pipe')]);
  const wait = new WholeFile(at('pipe'));
  expect(() => wait.write('text')).toThrow('nobody reads from it');
  for (const name of [place, at('none/a'), at('a/'), ''])
    expect(() => new WholeFile(name)).toThrow(OutputError);
  for (const name of [at('pipe'), '/dev/null', '/dev/stdout']) {
    expect(() => new WholeFile(name, { plain: true })).toThrow('no plain file');
  }
  expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  writeWholeFile('/dev/null', ['gone']);
  expect(() => writeWholeFile('/dev/full', ['text'])).toThrow('no space left');
  expect(lstatSync('/dev/null').isCharacterDevice() && lstatSync('/dev/full').isCharacterDevice()).toBe(true);
});

test('what comes into the place meanwhile is not replaced either', () => {
  const file = new WholeFile(at('a'));
  file.write('text');
  mkdirSync(at('a'));
  expect(() => file.finish()).toThrow('a folder');
  expect(readdirSync(place)).toEqual(['a']);
});
