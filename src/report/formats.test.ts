/** What is written for other tools is read again here, as they would. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRule } from '../../model/index.ts';
import { junitText, type TestSuite } from './junit.ts';
import { sarifText } from './sarif.ts';
import { type Node, readXml } from './testing/read-xml.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ipsecha-formats-'));
afterAll(() => rmSync(folder, { recursive: true }));

const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Runs a command and returns what it prints and its exit status. */
async function run(...args: readonly string[]): Promise<{ readonly out: string; readonly status: unknown }> {
  try {
    const command = promisify(execFile)(process.execPath, ['src/cli/ipsecha.mjs', ...args], { cwd: ROOT });
    return { out: (await command).stdout, status: 0 };
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'code' in error) {
      return { out: String(error.stdout), status: error.code };
    }
    throw error;
  }
}

const HOSTILE = 'a <b> & "c" \' ]]> \u0000\u0007 \ud800 \n é';

/** What the schemas of Jenkins and Ant have in common. */
function expectJunit(root: Node): void {
  expect(root.name).toBe('testsuites');
  const number = (node: Node, name: string): number => {
    expect(node.attributes[name], `${node.name} ${name}`).toMatch(/^\d+$/);
    return Number(node.attributes[name]);
  };
  const kinds = (cases: readonly Node[], kind: string): number =>
    cases.filter(({ children }) => children[0]?.name === kind).length;
  for (const suite of root.children) {
    expect(suite.name).toBe('testsuite');
    expect(suite.attributes['name']).toBeTruthy();
    expect(suite.attributes['time']).toMatch(/^\d+\.\d{3}$/);
    const cases = suite.children;
    expect(number(suite, 'tests')).toBe(cases.length);
    expect(number(suite, 'failures')).toBe(kinds(cases, 'failure'));
    expect(number(suite, 'errors')).toBe(kinds(cases, 'error'));
    expect(number(suite, 'skipped')).toBe(kinds(cases, 'skipped'));
    for (const each of cases) {
      expect(each.name).toBe('testcase');
      expect(each.attributes['name']).toBeTruthy();
      expect(each.attributes['classname']).toBeTruthy();
      expect(each.children.length).toBeLessThanOrEqual(1);
      for (const outcome of each.children) {
        expect(['failure', 'error', 'skipped']).toContain(outcome.name);
        expect(outcome.attributes['message']).toBeTruthy();
        if (outcome.name !== 'skipped') expect(outcome.attributes['type']).toBeTruthy();
      }
    }
  }
  const total = (name: string): number => root.children.reduce((sum, suite) => sum + number(suite, name), 0);
  for (const name of ['tests', 'failures', 'errors']) expect(number(root, name)).toBe(total(name));
}

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly kind: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string } };
        readonly logicalLocations: readonly { readonly name: string }[];
      }[];
      readonly properties: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/** What SARIF 2.1.0 demands of what we write. */
function readSarif(text: string): Sarif['runs'][number] {
  const log = JSON.parse(text) as Sarif;
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toContain('sarif-schema-2.1.0.json');
  expect(log.runs).toHaveLength(1);
  const [only] = log.runs;
  const { rules } = only!.tool.driver;
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { ruleId, ruleIndex, kind, level, message, locations } of only!.results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(['fail', 'open', 'pass']).toContain(kind);
    // 3.27.10: a level only for what fails.
    expect(level === 'none').toBe(kind !== 'fail');
    expect(message.text).not.toBe('');
    for (const { physicalLocation, logicalLocations } of locations) {
      expect(logicalLocations[0]?.name).toBeTruthy();
      const uri = physicalLocation?.artifactLocation.uri;
      if (uri !== undefined) expect(() => new URL(uri, 'file:///base/')).not.toThrow();
    }
  }
  return only!;
}

describe('the writers', () => {
  it('JUnit: whatever the texts are, they come back, but for what XML forbids', () => {
    const suites: readonly TestSuite[] = [
      {
        name: HOSTILE,
        seconds: 1.5,
        cases: [
          {
            name: HOSTILE,
            className: HOSTILE,
            outcome: { kind: 'failed', type: HOSTILE, says: HOSTILE, details: HOSTILE },
          },
          { name: 'n', className: 'c', outcome: { kind: 'skipped', says: HOSTILE } },
          { name: 'n', className: 'c', outcome: { kind: 'passed' } },
        ],
      },
    ];
    const root = readXml(junitText(HOSTILE, suites));
    expectJunit(root);
    const told = HOSTILE.replace(/[^\P{Cc}\n]|\p{Cs}/gu, '\ufffd');
    const [suite] = root.children;
    const failure = suite?.children[0]?.children[0];
    expect([root.attributes['name'], suite?.attributes['name']]).toEqual([told, told]);
    expect([failure?.attributes['message'], failure?.attributes['type'], failure?.text]).toEqual([
      told,
      told,
      told,
    ]);
  });

  it('SARIF: file names become URI references', () => {
    const uris = ['a b.pcap', 'C:\\x\\y.pcap', '/t/a#b?c.pcap', '-', 'a:b.pcap', 'ü.pcap'].map((file) => {
      const text = sarifText(
        '1.2.3',
        [],
        [{ rule: 'r', kind: 'fail', message: 'm', places: [{ file, name: 'frame 1', kind: 'element' }] }],
      );
      return readSarif(text).results[0]?.locations[0]?.physicalLocation?.artifactLocation.uri;
    });
    expect(uris).toEqual([
      'a%20b.pcap',
      './C:/x/y.pcap',
      'file:///t/a%23b%3Fc.pcap',
      'stdin',
      './a:b.pcap',
      '%C3%BC.pcap',
    ]);
  });
});

describe('validate', () => {
  const traces = ['failover-naive', 'sync-extra-replay', 'baseline'].map(
    (name) => `traces/${name}/capture.pcap`,
  );
  let printed = '';
  beforeAll(async () => {
    const files = ['--junit', join(folder, 'v.xml'), '--sarif', join(folder, 'v.sarif')];
    const { out, status } = await run(
      'validate',
      ...traces,
      '--json',
      ...files,
      '--html',
      join(folder, 'v.html'),
    );
    expect(status).toBe(1);
    printed = out;
  });

  it('--junit: a suite for each file, a failure for each rule that is broken', () => {
    const root = readXml(written('v.xml'));
    expectJunit(root);
    expect(root.children.map(({ attributes }) => attributes['name'])).toEqual(traces);
    const failed = root.children.map(({ children }) =>
      children
        .filter((each) => each.children[0]?.name === 'failure')
        .map(({ attributes }) => attributes['name']),
    );
    expect(failed).toEqual([
      ['RFC4303-3.3.3-NEVER-REPEAT', 'RFC7296-2.2-NEXT-ID', 'RFC7296-2.3-EXPECTED-ID'],
      ['RFC6311-5-REPLAY-NEGOTIATED'],
      [],
    ]);
  });

  it('--sarif: a result for each finding, with its frame and its rule', () => {
    const { results } = readSarif(written('v.sarif'));
    const told = JSON.parse(printed).results.flatMap(
      (result: { findings: readonly object[] }) => result.findings,
    );
    expect(results).toHaveLength(told.length);
    results.forEach(({ ruleId, locations, properties }, index) => {
      const { rule, frame, file } = told[index];
      expect(findRule(ruleId)?.id).toBe(rule);
      expect(properties['frame']).toBe(frame);
      expect(locations[0]?.logicalLocations[0]?.name).toBe(`frame ${frame}`);
      expect(locations[0]?.physicalLocation?.artifactLocation.uri).toBe(file);
    });
  });

  it('--html: one page with a chart of each finding, and nothing from elsewhere', () => {
    const page = written('v.html');
    expect(page.match(/<svg /g)).toHaveLength(8);
    expect(page.match(/<article id="finding-/g)).toHaveLength(8);
    expect(page).not.toMatch(/<script|src=|href="(?!#|https:\/\/www\.rfc-editor\.org\/rfc\/)/);
    for (const name of traces) expect(page).toContain(name);
  });

  it('--markdown: a table of the findings, and charts', async () => {
    const { out } = await run('validate', traces[0]!, '--markdown');
    expect(out).toContain('# traces/failover-naive/capture.pcap: violates');
    expect(out.match(/^\| frames? \d/gm)).toHaveLength(3);
    expect(out.match(/^```text$/gm)).toHaveLength(5);
  });

  it('what is inconclusive is no success: an error in JUnit, open in SARIF', async () => {
    const files = ['--junit', join(folder, 'i.xml'), '--sarif', join(folder, 'i.sarif')];
    const keys = ['--keys', 'traces/no-keys.csv'];
    expect((await run('validate', traces[2]!, ...keys, ...files)).status).toBe(3);
    const root = readXml(written('i.xml'));
    expectJunit(root);
    expect(root.attributes['errors']).toBe('1');
    expect(root.children[0]?.children.every(({ children }) => children.length === 1)).toBe(true);
    const kinds = readSarif(written('i.sarif')).results.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['open']));
  });

  it('a file that cannot be written is wrong usage', async () => {
    expect((await run('validate', traces[2]!, '--junit', join(folder, 'nowhere', 'x.xml'))).status).toBe(2);
  });
});

describe('check', () => {
  it('--junit and --sarif: a case and a result for each property', async () => {
    const files = ['--junit', join(folder, 'c.xml'), '--sarif', join(folder, 'c.sarif'), '--json'];
    const { out } = await run('check', 'ikev2', '--scenario', 'single-failover', ...files);
    const [result] = JSON.parse(out).results;
    const root = readXml(written('c.xml'));
    expectJunit(root);
    expect(root.children[0]?.children.map(({ attributes }) => attributes['name'])).toEqual(
      result.properties.map(({ id }: { id: string }) => id),
    );
    const kinds = { holds: 'pass', violated: 'fail', inconclusive: 'open' } as const;
    expect(readSarif(written('c.sarif')).results.map(({ ruleId, kind }) => [ruleId, kind])).toEqual(
      result.properties.map(({ id, verdict }: { id: string; verdict: keyof typeof kinds }) => [
        id,
        kinds[verdict],
      ]),
    );
    expect(Number(root.attributes['failures'])).toBeGreaterThan(2);
  });
});
