import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  faultsOf,
  matchLine,
  matchOutput,
  type Outcome,
  outputLines,
  parseTranscript,
  promoteLines,
  promoteTranscript,
  type Step,
} from './transcript.ts';

const source = `# Some commands

Prose, and a block that is none of ours:

\`\`\`js
anything
\`\`\`

## Says hello

\`\`\`sh
$ echo hello
$ printf '%s\\n' a \\
> b
\`\`\`

\`\`\`text
hello
...
b
\`\`\`

## Fails

\`\`\`file=sub/in.txt
content
\`\`\`

<!-- exit 2 -->

\`\`\`sh
$ cat $TMP/sub/in.txt; ls nothing
\`\`\`

\`\`\`text
content
\`\`\`

\`\`\`stderr
ls: [...]nothing[...]
\`\`\`
`;

const cases = parseTranscript(source, 'some.md');
const stepOf = (number: number): Step => cases[number]?.steps[0] ?? expect.fail('no such step');
const [hello, fails] = [stepOf(0), stepOf(1)];
const outcome = (stdout: string, stderr = '', status: number | null = 0): Outcome => ({
  status,
  stdout,
  stderr,
});

describe('parseTranscript', () => {
  test('headings are cases, blocks are steps', () => {
    expect(cases.map(({ title }) => title)).toEqual(['Says hello', 'Fails']);
    expect(hello.script).toBe("echo hello\nprintf '%s\\n' a \\\nb\n");
    expect(hello.exit.status).toBe(0);
    expect(hello.text?.lines).toEqual(['hello', '...', 'b']);
    expect(hello.stderr).toBeUndefined();
    expect(cases[1]?.files).toEqual([{ name: 'sub/in.txt', text: 'content\n' }]);
    expect(fails.exit.status).toBe(2);
    expect(fails.stderr?.lines).toEqual(['ls: [...]nothing[...]']);
  });

  test.each([
    ['## a\n```sh\n$ x\n', ':2: this block is not closed'],
    ['## a\n', ":1: the case 'a' has no commands"],
    ['```sh\n$ x\n```\n', ':1: this block belongs to no case'],
    ['## a\n```text\n```\n', ':2: this output follows no commands'],
    ['## a\n```sh\nx\n```\n', ':2: commands have to begin with $'],
    ['## a\n```sh\n$ x\n```\n<!-- exit 1 -->\n', ':5: an exit status has to stand before'],
    ['## a\n```sh\n$ x\n```\n```text\n```\n```text\n```\n', ':7: these commands have a text block already'],
    ['## a\n```file=../x\n```\n', ':2: a file has to be inside $TMP'],
  ])('refuses %j', (text, message) => {
    expect(() => parseTranscript(text, 'bad.md')).toThrow(`bad.md${message}`);
  });
});

describe('matchLine', () => {
  test('[...] is any part of a line', () => {
    expect(matchLine('a[...]c', 'abc')).toBe(true);
    expect(matchLine('a[...]c', 'ac')).toBe(true);
    expect(matchLine('a[...]b[...]c', 'a-b-c')).toBe(true);
    expect(matchLine('a[...]b[...]c', 'a-c')).toBe(false);
    expect(matchLine('ab[...]ba', 'aba')).toBe(false);
    expect(matchLine('a.c', 'abc')).toBe(false);
    expect(matchLine('abc', 'abcd')).toBe(false);
  });
});

describe('matchOutput', () => {
  test('... is any lines', () => {
    expect(matchOutput(['a', '...', 'd'], ['a', 'b', 'c', 'd'])).toBeUndefined();
    expect(matchOutput(['a', '...', 'd'], ['a', 'd'])).toBeUndefined();
    expect(matchOutput(['...'], [])).toBeUndefined();
    expect(matchOutput(['...', 'b', '...', 'b'], ['b', 'b', 'b'])).toBeUndefined();
  });

  test('says where the output goes wrong', () => {
    expect(matchOutput(['a', 'b'], ['a', 'c'])).toEqual({ expected: 'b', actual: 'c', line: 1 });
    expect(matchOutput(['a', 'b'], ['a'])).toEqual({ expected: 'b', actual: undefined, line: 1 });
    expect(matchOutput(['a'], ['a', 'b'])).toEqual({ expected: undefined, actual: 'b', line: 1 });
    expect(matchOutput([], ['a'])).toEqual({ expected: undefined, actual: 'a', line: 0 });
    expect(matchOutput(['a', '...', 'z'], ['a', 'b', 'c'])).toEqual({ expected: 'z', actual: 'b', line: 1 });
  });

  test('without wildcards it is equality', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 });
    fc.assert(
      fc.property(lines, lines, (expected, actual) => {
        expect(matchOutput(expected, actual) === undefined).toBe(expected.join('\n') === actual.join('\n'));
      }),
    );
  });
});

describe('faultsOf', () => {
  test('nothing, if all is as expected', () => {
    expect(faultsOf(hello, outcome('hello\na\nb\n'))).toEqual([]);
    expect(faultsOf(fails, outcome('content\n', "ls: cannot access 'nothing'\n", 2))).toEqual([]);
  });

  test('a wrong output is caught', () => {
    expect(faultsOf(hello, outcome('hallo\na\nb\n'))).toEqual([
      'output, line 1:\n  expected "hello"\n  was      "hallo"',
    ]);
    expect(faultsOf(hello, outcome('hello\nb\nmore\n'))).toHaveLength(1);
    expect(faultsOf(hello, outcome(''))).toHaveLength(1);
  });

  test('a wrong exit status is caught', () => {
    expect(faultsOf(hello, outcome('hello\nb\n', '', 1))).toEqual(['exit status: expected 0, was 1']);
    expect(faultsOf(hello, outcome('hello\nb\n', '', null))).toEqual(['exit status: expected 0, was killed']);
  });

  test('standard error follows the output, or is compared apart', () => {
    expect(faultsOf(hello, outcome('hello\n', 'b\n'))).toEqual([]);
    expect(faultsOf(hello, outcome('hello\nb\n', 'warning\n'))).toHaveLength(1);
    expect(faultsOf(fails, outcome('content\nls: nothing\n', '', 2))).toHaveLength(2);
  });

  test('commands without expected output have none', () => {
    const [silent] = parseTranscript('## a\n```sh\n$ x\n```\n', 'a.md')[0]?.steps ?? [];
    if (silent === undefined) return expect.fail('no step');
    expect(faultsOf(silent, outcome(''))).toEqual([]);
    expect(faultsOf(silent, outcome('x\n'))).toHaveLength(1);
  });
});

describe('promotion', () => {
  test('keeps what matches, and a gap only between lines that match', () => {
    expect(promoteLines(['a', '...', 'd', 'e'], ['a', 'b', 'd', 'E'])).toEqual(['a', '...', 'd', 'E']);
    expect(promoteLines(['a', '...', 'd'], ['a', 'b', 'D'])).toEqual(['a', 'b', 'D']);
    expect(promoteLines(['t [...] s', 'x'], ['t 5 s', 'y'])).toEqual(['t [...] s', 'y']);
    expect(promoteLines(['x', 'a', '...'], ['y', 'a', 'b', 'c'])).toEqual(['y', 'a', '...']);
  });

  test('always gives what matches', () => {
    const line = fc.constantFrom('a', 'b', 'c');
    const expected = fc.array(fc.oneof(line, fc.constantFrom('...', '[...]', 'a[...]')), { maxLength: 6 });
    fc.assert(
      fc.property(expected, fc.array(line, { maxLength: 6 }), (old, actual) => {
        expect(matchOutput(promoteLines(old, actual), actual)).toBeUndefined();
      }),
    );
  });

  test('rewrites the file so that it passes', () => {
    const outcomes: [Step, Outcome][] = [
      [hello, outcome('hello\n```\nc\n', 'oops\n', 3)],
      [fails, outcome('other\n', 'ls: it is nothing\nmore\n', 1)],
    ];
    const promoted = promoteTranscript(source, outcomes);
    const again = parseTranscript(promoted, 'some.md').map(({ steps }) => steps[0]);
    outcomes.forEach(([, own], i) => {
      expect(faultsOf(again[i] ?? expect.fail('a step is gone'), own)).toEqual([]);
    });
    expect(promoted).toContain('<!-- exit 3 -->\n\n```sh\n$ echo hello');
    expect(promoted).toContain('```stderr\nls: [...]nothing[...]\nmore\n```');
    expect(promoted).toContain('Prose, and a block that is none of ours');
  });

  test('leaves a file that passes as it is', () => {
    const right = outcome('hello\nb\n');
    expect(promoteTranscript(source, [[hello, right]])).toBe(source);
  });

  test('adds a block where there is output and none was expected', () => {
    const silent = '## a\n```sh\n$ x\n```\n';
    const step = parseTranscript(silent, 'a.md')[0]?.steps[0] ?? expect.fail('no step');
    expect(promoteTranscript(silent, [[step, outcome('x\n')]])).toBe(
      `${silent.trimEnd()}\n\n\`\`\`text\nx\n\`\`\`\n`,
    );
  });
});

test('outputLines drops trailing space only', () => {
  expect(outputLines('a  \n\n b\n\n')).toEqual(['a', '', ' b']);
  expect(outputLines('')).toEqual([]);
});
