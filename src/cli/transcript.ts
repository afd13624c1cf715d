/**
 * Tests of the command line written as Markdown transcripts. Every `##` heading is a case. In a case
 *
 * - a block ```` ```sh ```` holds commands, each after `$ ` (continued by `> `), run by one `sh -e`;
 * - the block ```` ```text ```` after it is what they write to the standard output, then to standard error;
 *   a block ```` ```stderr ```` after it takes standard error apart; no block means no output;
 * - `<!-- exit 1 -->` before the commands is their exit status, else 0;
 * - a block ```` ```file=NAME ```` puts a file into the case's own directory, `$TMP`.
 *
 * In expected output a line `...` stands for any lines or none, and `[...]` for any characters of a line.
 * Nothing here runs or reads anything: it is text in, text out.
 */

/** A block of lines in the source. Lines are counted from 0; `first` is the line after the opening fence. */
export interface Block {
  readonly first: number;
  readonly lines: readonly string[];
}

/** Commands and what is expected of them. */
export interface Step {
  /** A script for `sh`. */
  readonly script: string;
  /** Line of the opening fence, from 0. */
  readonly line: number;
  /** Line of the closing fence, from 0. */
  readonly end: number;
  readonly exit: { readonly status: number; readonly line: number | undefined };
  readonly text: Block | undefined;
  readonly stderr: Block | undefined;
}

export interface TranscriptFile {
  readonly name: string;
  readonly text: string;
}

export interface Case {
  readonly title: string;
  /** Line of the heading, from 0. */
  readonly line: number;
  /** Written before the first step. */
  readonly files: readonly TranscriptFile[];
  readonly steps: readonly Step[];
}

/** What a step did. */
export interface Outcome {
  /** Null if it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A transcript that cannot be read; the message begins with its name and line. */
export class TranscriptError extends Error {}

interface Draft {
  title: string;
  line: number;
  files: TranscriptFile[];
  steps: Step[];
}

/**
 * The cases of a transcript.
 *
 * @param name what errors call the file
 * @throws {TranscriptError} if a block is not closed, stands where it means nothing, or has no command
 */
export function parseTranscript(source: string, name: string): Case[] {
  const lines = source.split('\n');
  const cases: Draft[] = [];
  let exit: { status: number; line: number } | undefined;
  const fail = (line: number, message: string): never => {
    throw new TranscriptError(`${name}:${line + 1}: ${message}`);
  };
  const settled = () => {
    if (exit !== undefined) fail(exit.line, 'an exit status has to stand before its commands');
  };
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const heading = /^##\s+(.+?)\s*$/.exec(line);
    if (heading !== null) {
      settled();
      cases.push({ title: heading[1] ?? '', line: i, files: [], steps: [] });
      continue;
    }
    const status = /^<!--\s*exit\s+(\d+)\s*-->\s*$/.exec(line);
    if (status !== null) {
      settled();
      exit = { status: Number(status[1]), line: i };
      continue;
    }
    const fence = /^(`{3,})\s*([^`]*?)\s*$/.exec(line);
    if (fence === null) continue;
    const [, ticks = '', info = ''] = fence;
    const open = i;
    const content: string[] = [];
    for (i += 1; ; i += 1) {
      const inner = lines[i];
      if (inner === undefined) return fail(open, 'this block is not closed');
      if (/^`+\s*$/.test(inner) && inner.trim().length >= ticks.length) break;
      content.push(inner);
    }
    const file = /^file=(.+)$/.exec(info);
    if (file === null && info !== 'sh' && info !== 'text' && info !== 'stderr') continue;
    const current = cases.at(-1) ?? fail(open, 'this block belongs to no case: there is no ## heading above');
    const block: Block = { first: open + 1, lines: content };
    if (file !== null) {
      const path = file[1] ?? '';
      if (path.startsWith('/') || path.split('/').includes('..')) fail(open, 'a file has to be inside $TMP');
      current.files.push({ name: path, text: content.map((part) => `${part}\n`).join('') });
    } else if (info === 'sh') {
      const script = scriptOf(content) ?? fail(open, 'commands have to begin with $');
      const expected = { status: exit?.status ?? 0, line: exit?.line };
      exit = undefined;
      current.steps.push({ script, line: open, end: i, exit: expected, text: undefined, stderr: undefined });
    } else {
      const step = current.steps.at(-1) ?? fail(open, 'this output follows no commands');
      const kind = info === 'text' ? 'text' : 'stderr';
      if (step[kind] !== undefined) fail(open, `these commands have a ${kind} block already`);
      current.steps[current.steps.length - 1] = { ...step, [kind]: block };
    }
  }
  settled();
  for (const { title, line, steps } of cases) {
    if (steps.length === 0) fail(line, `the case '${title}' has no commands`);
  }
  return cases;
}

/** Lines of a block of commands as a script; undefined unless it begins with a command. */
function scriptOf(lines: readonly string[]): string | undefined {
  if (!(lines[0] ?? '').startsWith('$ ')) return undefined;
  return lines.map((line) => `${line.replace(/^[$>] /, '')}\n`).join('');
}

/** Output as lines, without the spaces at their ends and the empty lines at the end. */
export function outputLines(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Where output first goes another way than expected. Lines are counted from 0; undefined is the end. */
export interface Mismatch {
  readonly expected: string | undefined;
  readonly actual: string | undefined;
  readonly line: number;
}

const isGap = (line: string): boolean => line.trim() === '...';

/** Whether one line is as expected; `[...]` stands for any characters, also none. */
export function matchLine(expected: string, actual: string): boolean {
  const parts = expected.trimEnd().split('[...]');
  const first = parts[0] ?? '';
  if (parts.length === 1) return first === actual;
  const last = parts.at(-1) ?? '';
  if (!actual.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = actual.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return actual.length - last.length >= at && actual.endsWith(last);
}

/** The first difference of the output from what is expected, of all readings of `...` the latest; or undefined. */
export function matchOutput(expected: readonly string[], actual: readonly string[]): Mismatch | undefined {
  const wanted = [...expected];
  while (wanted.at(-1)?.trim() === '') wanted.pop();
  // The positions in the output that can be reached with the expected lines so far.
  let reached = new Set([0]);
  for (const line of wanted) {
    const next = new Set<number>();
    if (isGap(line)) {
      for (let at = Math.min(...reached); at <= actual.length; at += 1) next.add(at);
    } else {
      for (const at of reached) {
        const own = actual[at];
        if (own !== undefined && matchLine(line, own)) next.add(at + 1);
      }
    }
    if (next.size === 0) {
      // After a gap every later line is a candidate; the first of them says most.
      const at = Math.min(...reached);
      return { expected: line, actual: actual[at], line: at };
    }
    reached = next;
  }
  if (reached.has(actual.length)) return undefined;
  const at = Math.max(...reached);
  return { expected: undefined, actual: actual[at], line: at };
}

/** Everything in which an outcome differs from what its step expects, in words; empty if nothing does. */
export function faultsOf(step: Step, outcome: Outcome): string[] {
  const faults: string[] = [];
  if (outcome.status !== step.exit.status) {
    faults.push(`exit status: expected ${step.exit.status}, was ${outcome.status ?? 'killed'}`);
  }
  const { text, stderr } = actualOf(step, outcome);
  const look = (what: string, block: Block | undefined, actual: readonly string[]) => {
    const mismatch = matchOutput(block?.lines ?? [], actual);
    if (mismatch === undefined) return;
    const quoted = (line: string | undefined) => (line === undefined ? 'the end' : JSON.stringify(line));
    faults.push(
      `${what}, line ${mismatch.line + 1}:\n  expected ${quoted(mismatch.expected)}\n  was      ${quoted(mismatch.actual)}`,
    );
  };
  look('output', step.text, text);
  if (stderr !== undefined) look('standard error', step.stderr, stderr);
  return faults;
}

/** The output as the step's blocks divide it. */
function actualOf(step: Step, outcome: Outcome): { text: string[]; stderr: string[] | undefined } {
  const stdout = outputLines(outcome.stdout);
  const stderr = outputLines(outcome.stderr);
  return step.stderr === undefined
    ? { text: [...stdout, ...stderr], stderr: undefined }
    : { text: stdout, stderr };
}

/**
 * Expected lines brought up to date: the output itself, in which a gap or a line with `[...]` stays where it
 * still matches, a gap only between lines that match, too (or at an end of the output).
 */
export function promoteLines(expected: readonly string[], actual: readonly string[]): string[] {
  if (matchOutput(expected, actual) === undefined) return [...expected];
  // Fewest changes, as in a difference of two files, by dynamic programming from the end. What came before is
  // part of the position, since a gap beside changed lines would swallow them.
  const ends = { e: expected.length, a: actual.length };
  const known = new Map<number, Plan>();
  const key = (e: number, a: number, mode: Mode) =>
    (e * (ends.a + 1) + a) * modes.length + modes.indexOf(mode);
  const best = (e: number, a: number, mode: Mode): Plan => known.get(key(e, a, mode)) ?? impossible;
  for (let e = ends.e; e >= 0; e -= 1) {
    for (let a = ends.a; a >= 0; a -= 1) {
      for (const mode of modes) known.set(key(e, a, mode), planOf(e, a, mode, expected, actual, best));
    }
  }
  const lines: string[] = [];
  for (let at: Plan | undefined = best(0, 0, 'matched'); at?.next !== undefined; ) {
    if (at.line !== undefined) lines.push(at.line);
    const [e, a, mode]: readonly [number, number, Mode] = at.next;
    at = best(e, a, mode);
  }
  return lines;
}

/** What came before: a line that matched (or the beginning), a change, or a gap, open or just closed. */
type Mode = 'matched' | 'changed' | 'in gap' | 'after gap';
/** A gap that is open can be closed without moving on, so `after gap` has to be known first. */
const modes: readonly Mode[] = ['after gap', 'matched', 'changed', 'in gap'];

/** The cheapest way on from a position. */
interface Plan {
  readonly cost: number;
  readonly line: string | undefined;
  readonly next: readonly [number, number, Mode] | undefined;
}

const impossible: Plan = { cost: Number.POSITIVE_INFINITY, line: undefined, next: undefined };

function planOf(
  e: number,
  a: number,
  mode: Mode,
  expected: readonly string[],
  actual: readonly string[],
  best: (e: number, a: number, mode: Mode) => Plan,
): Plan {
  const wanted = expected[e];
  const own = actual[a];
  if (wanted === undefined && own === undefined) return { cost: 0, line: undefined, next: undefined };
  const ways: Plan[] = [];
  const go = (cost: number, line: string | undefined, next: readonly [number, number, Mode]) => {
    const rest = best(...next).cost;
    if (rest < Number.POSITIVE_INFINITY) ways.push({ cost: cost + rest, line, next });
  };
  if (mode === 'in gap') {
    if (own !== undefined) go(0, undefined, [e, a + 1, 'in gap']);
    go(0, undefined, [e, a, 'after gap']);
  } else {
    if (wanted !== undefined && own !== undefined && !isGap(wanted) && matchLine(wanted, own)) {
      go(0, wanted, [e + 1, a + 1, 'matched']);
    }
    if (wanted !== undefined && isGap(wanted) && mode === 'matched') go(0, wanted, [e + 1, a, 'in gap']);
    if (mode !== 'after gap') {
      if (wanted !== undefined) go(1, undefined, [e + 1, a, 'changed']);
      if (own !== undefined) go(1, own, [e, a + 1, 'changed']);
    }
  }
  return ways.reduce((least, way) => (way.cost < least.cost ? way : least), impossible);
}

/** The source of a transcript with what its steps really did in place of what was expected. */
export function promoteTranscript(source: string, outcomes: readonly (readonly [Step, Outcome])[]): string {
  const lines = source.split('\n');
  // From the end, so that the places of earlier steps stay as they are.
  for (const [step, outcome] of [...outcomes].sort(([a], [b]) => b.line - a.line)) {
    const { text, stderr } = actualOf(step, outcome);
    const blocks = [
      { block: step.text, actual: text },
      { block: step.stderr, actual: stderr ?? [] },
    ].sort((a, b) => (b.block?.first ?? 0) - (a.block?.first ?? 0));
    for (const { block, actual } of blocks) {
      if (block !== undefined) replaceBlock(lines, block, promoteLines(block.lines, actual));
    }
    if (step.text === undefined && text.length > 0) {
      const fence = fenceFor(text, 3);
      lines.splice(step.end + 1, 0, '', `${fence}text`, ...text, fence);
    }
    if (outcome.status !== null && outcome.status !== step.exit.status) {
      const comment = `<!-- exit ${outcome.status} -->`;
      if (step.exit.line === undefined) lines.splice(step.line, 0, comment, '');
      else lines[step.exit.line] = comment;
    }
  }
  return lines.join('\n');
}

function replaceBlock(lines: string[], block: Block, content: readonly string[]): void {
  const open = block.first - 1;
  const close = block.first + block.lines.length;
  const before = lines[open] ?? '';
  const ticks = /^`+/.exec(before)?.[0].length ?? 3;
  const fence = fenceFor(content, ticks);
  lines.splice(open, close - open + 1, fence + before.slice(ticks), ...content, fence);
}

/** A fence longer than any in the content. */
function fenceFor(content: readonly string[], least: number): string {
  const longest = Math.max(0, ...content.map((line) => /^`+/.exec(line)?.[0].length ?? 0));
  return '`'.repeat(Math.max(least, longest + 1));
}
