/**
 * Every sentence of findings.md stands above the command that shows it. Here the commands are run, at size small, and
 * what they find is compared with what is written. `UPDATE_FINDINGS=1` rewrites what is written instead.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findRule, settingsFor } from '../model/index.ts';
import { main } from '../src/cli/main.ts';
import { brokenRuns, drawnRuns } from '../src/overview/finding-examples.ts';
import {
  FINDING_LANGUAGE,
  findingBlock,
  findingRunsIn,
  findingsByIdIn,
} from '../src/overview/finding-runs.ts';
import { boundsOf, revisionNamed, scenarioNamed, settingsWith } from '../src/questions/check.ts';
import { isWhole } from '../src/testing/sweep.ts';

const FILE = new URL('findings.md', import.meta.url);
const text = await readFile(FILE, 'utf8');
const update = process.env['UPDATE_FINDINGS'] === '1';

const blocks = findingRunsIn(text);

/** What takes long, even at size small, and three of four others: `npm run sweeps` runs these, `npm test` the rest. */
const isLong = (command: string): boolean =>
  !command.includes('--scenario') ||
  /--scenario (?:\S*multiple|simultaneous)-failover(?!.*requests=0)/u.test(command) ||
  /--scenario negotiation(?!.*message-id-sync)/u.test(command) ||
  /^(?:ablate|synthesise).*(?:periodic|requests=3|larger-window)/u.test(command);
const short = blocks.filter(({ command }) => !isLong(command)).filter((_, index) => index % 4 === 0);
const tried = update ? blocks : isWhole ? blocks.filter((block) => !short.includes(block)) : short;

/** What `--json` prints of check, synthesise and compare, as far as it matters here. */
interface Result {
  readonly scenario?: string;
  readonly verdict: string;
  readonly bounds?: Readonly<Record<string, string | number>>;
  readonly properties?: readonly { readonly id: string; readonly verdict: string; readonly depth?: number }[];
  readonly tables?: readonly { readonly scenario: string; readonly summary: string }[];
  readonly breaksNothing?: readonly string[];
}

/**
 * The results of a command. Those of one scenario are taken from the run over all scenarios, if the page has that run
 * with the same settings, too.
 */
async function resultsOf(command: string): Promise<readonly Result[]> {
  const [option, scenario] = / --scenario (\S+)/u.exec(command) ?? [];
  const sweep = option === undefined ? undefined : command.replace(option, '');
  if (sweep === undefined || !tried.some((block) => block.command === sweep)) return runOf(command);
  return (await runOf(sweep)).filter((result) => result.scenario === scenario);
}

const runs = new Map<string, Promise<readonly Result[]>>();

function runOf(command: string): Promise<readonly Result[]> {
  const run = runs.get(command) ?? printedBy(command);
  runs.set(command, run);
  return run;
}

async function printedBy(command: string): Promise<readonly Result[]> {
  let said = '';
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    said += String(part);
    return true;
  });
  try {
    await main(['node', 'ipsecha', ...command.split(' '), '--json']);
  } finally {
    write.mockRestore();
    // Violated is no failure of a test.
    process.exitCode = 0;
  }
  return (JSON.parse(said) as { readonly results: readonly Result[] }).results;
}

/** The settings of a command whose results do not tell them: those of the one scenario that it names. */
function boundsOfScenario(command: string): Readonly<Record<string, string | number>> {
  const [, revision = ''] = command.split(' ');
  const scenario = scenarioNamed(/--scenario (\S+)/.exec(command)?.[1] ?? '');
  const changes = [...command.matchAll(/--set (\S+)/g)].map(([, change = '']) => change);
  const named = revisionNamed(revision);
  return boundsOf(named, settingsWith(settingsFor(scenario, 'small', named), changes, named));
}

/** The sizes that a reader wants to know, and what the command itself sets. */
function boundsText(results: readonly Result[], command: string): string {
  const bounds = results[0]?.bounds ?? boundsOfScenario(command);
  const told = ['members', 'failovers', 'requests', 'bump', 'network'];
  const present = ['packets', 'delta', 'peer-failovers', 'retries', 'window'];
  const set = [...command.matchAll(/--set ([a-z0-9-]+)=/g)].map(([, key]) => key);
  return Object.entries(bounds)
    .filter(
      ([key, value]) =>
        told.includes(key) ||
        set.includes(key) ||
        (present.includes(key) && value !== 0 && !(key === 'window' && value === 1)),
    )
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
}

function foundText(results: readonly Result[]): string {
  return results
    .map(({ verdict, properties, tables, breaksNothing }) => {
      if (tables !== undefined)
        return tables.map(({ scenario, summary }) => `${scenario}: ${summary}`).join('; ');
      if (breaksNothing !== undefined) return `needed for nothing here: ${breaksNothing.join(', ')}`;
      const broken = (properties ?? []).filter((property) => property.verdict !== 'holds');
      return broken.length === 0
        ? verdict
        : broken.map((property) => `${property.id} ${property.depth ?? property.verdict}`).join(', ');
    })
    .join('; ');
}

describe('findings.md', () => {
  let updated = text;

  it('has a command below every paragraph of a finding', () => {
    const findings = text
      .slice(text.indexOf('\n## '))
      .split(/\n### /)
      .slice(1);
    expect(findings.length).toBeGreaterThan(20);
    for (const finding of findings)
      expect(finding, finding.split('\n')[0]).toContain('```finding\n$ ipsecha ');
    // None of them is written so that it would not be run.
    expect(blocks).toHaveLength(text.split(`\`\`\`${FINDING_LANGUAGE}`).length - 1);
  });

  it('draws something of each finding: what breaks, the step that it names, or an example of the text', () => {
    const drawn = [...brokenRuns(text), ...drawnRuns(text)].map(({ finding }) => finding);
    const bare = [...findingsByIdIn(text)].filter(
      ([id, part]) => !drawn.includes(id) && !/`ipsecha example \S+`/.test(part),
    );
    expect(bare.map(([id]) => id)).toEqual([]);
    for (const { steps } of drawnRuns(text)) expect(findRule(steps.rule)?.id).toBe(steps.rule);
  });

  it.each(tried)('ipsecha $command', { timeout: 120_000 }, async ({ command, bounds, found, ...rest }) => {
    const results = await resultsOf(command);
    if (update) {
      updated = updated.replace(
        findingBlock({ command, bounds, found, ...rest }),
        findingBlock({
          command,
          bounds: boundsText(results, command),
          found: foundText(results),
          ...rest,
        }),
      );
      return;
    }
    expect(foundText(results)).toBe(found);
    expect(boundsText(results, command)).toBe(bounds);
  });

  afterAll(async () => {
    if (update && updated !== text) await writeFile(FILE, updated);
  });
});
