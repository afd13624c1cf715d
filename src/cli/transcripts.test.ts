/**
 * Runs the transcripts of docs/transcripts. `UPDATE_TRANSCRIPTS=1` rewrites what they expect instead.
 *
 * Commands with a revision in a TypeScript file are run from the sources, as users run them; the others from the same
 * sources built once, since that is what a hundred starts mostly take.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { isWhole } from '../testing/sweep.ts';
import { faultsOf, type Outcome, parseTranscript, promoteTranscript, type Step } from './transcript.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = join(root, 'docs', 'transcripts');
const update = process.env['UPDATE_TRANSCRIPTS'] === '1';
/** Milliseconds for one step. */
const stepLimit = 120_000;

/** Cases that take long: `npm run sweeps` runs these, `npm test` the others. */
const LONG: ReadonlySet<string> = new Set([
  'check.md A rule left out',
  'generate.md What was generated conforms',
  'generate.md A revision that prevents nothing shows what it does not prevent',
  'matrix-weakest-shards.md A matrix in which something is undecided says why',
  'matrix-weakest-shards.md Shards, and what they say together',
  'questions.md For which bump no Message ID is used twice',
  "questions.md A revision of one's own, from a file",
  'questions.md What each rule is there for',
  'questions.md No difference in verdicts',
  'questions.md A revision outside any project, by its only export',
  'questions.md A rule function that throws, or returns what it should not',
  'questions.md An import that is not there, and a file that throws',
  'questions.md A slot that is missing',
  'questions.md No revision is exported',
  'other.md One rule in plain words',
  'matrix-weakest-shards.md A rule, with what breaks without it',
  'other.md A property for all numbers',
  'other.md A way to recover, for all numbers',
  'other.md A property that needs a rule',
  'other.md A rule that no proof follows',
  'generate.md Which faults the validator catches',
  'generate.md What cannot be done',
  "verdicts.md A text of one's own to judge by",
  'matrix-weakest-shards.md Many checks as a matrix',
  'matrix-weakest-shards.md How large must the bump be, for several settings at once',
  'matrix-weakest-shards.md The weakest settings that break a property',
]);

const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .sort()
  : [];
const transcripts = names.map((name) => {
  const source = readFileSync(join(folder, name), 'utf8');
  return { name, source, cases: parseTranscript(source, `docs/transcripts/${name}`) };
});

/** The cases' directories, and the commands. */
const place = mkdtempSync(join(tmpdir(), 'ipsecha-transcripts-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

beforeAll(() => {
  mkdirSync(join(place, 'bin'));
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const exec = (program: string) => `exec ${quoted(process.execPath)} ${quoted(program)} "$@"`;
  const script = `#!/bin/sh
case " $* " in
  *.ts\\ *) ${exec(join(root, 'src', 'cli', 'ipsecha.mjs'))} ;;
  *) ${exec(inject('builtCommand'))} ;;
esac
`;
  writeFileSync(join(place, 'bin', 'ipsecha'), script, { mode: 0o755 });
});

/** The environment of the tests themselves must not show in what the commands print. */
function environment(own: string): NodeJS.ProcessEnv {
  const {
    FORCE_COLOR: _f,
    NODE_OPTIONS: _o,
    COLUMNS: _c,
    NODE_ENV: _e,
    VITEST: _v,
    GITHUB_ACTIONS: _g,
    ...rest
  } = process.env;
  const path = `${join(place, 'bin')}${delimiter}${rest['PATH'] ?? ''}`;
  return { ...rest, PATH: path, TMP: own, NO_COLOR: '1', LC_ALL: 'C.UTF-8', TZ: 'UTC' };
}

function run(step: Step, own: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Its own process group, so that the limit ends everything that it has started.
    const child = spawn('sh', ['-ec', step.script], {
      cwd: root,
      env: environment(own),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      said.stdout += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      said.stderr += part;
    });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, stepLimit);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      const portable = (text: string) => text.replaceAll(own, '$TMP').replaceAll(root, '$ROOT');
      resolve({ status, stdout: portable(said.stdout), stderr: portable(said.stderr) });
    });
  });
}

test.skipIf(!existsSync(folder))('there are transcripts', () => {
  expect(transcripts.flatMap(({ cases }) => cases)).not.toEqual([]);
  const titles = transcripts.flatMap(({ name, cases }) => cases.map(({ title }) => `${name} ${title}`));
  expect([...LONG].filter((title) => !titles.includes(title))).toEqual([]);
});

for (const { name, source, cases } of transcripts) {
  const tried = update ? cases : cases.filter(({ title }) => LONG.has(`${name} ${title}`) === isWhole);
  if (tried.length === 0) continue;
  describe(name, () => {
    const outcomes: [Step, Outcome][] = [];
    for (const { title, line, files, steps } of tried) {
      test(title, { timeout: (stepLimit + 10_000) * steps.length }, async () => {
        const own = mkdtempSync(join(place, 'case-'));
        for (const file of files) {
          mkdirSync(dirname(join(own, file.name)), { recursive: true });
          writeFileSync(join(own, file.name), file.text);
        }
        for (const step of steps) {
          const outcome = await run(step, own);
          outcomes.push([step, outcome]);
          if (update) continue;
          const faults = faultsOf(step, outcome);
          const where = `docs/transcripts/${name}:${step.line + 1} (case at line ${line + 1})`;
          const said = `--- output\n${outcome.stdout}--- standard error\n${outcome.stderr}`;
          if (faults.length > 0) expect.fail(`${where}\n${step.script}${faults.join('\n')}\n${said}`);
        }
      });
    }
    afterAll(() => {
      const promoted = promoteTranscript(source, outcomes);
      if (update && promoted !== source) writeFileSync(join(folder, name), promoted);
    });
  });
}
