/** What a person reads first: what happened, where, and what to do next. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  canBeLeftOut,
  findRule,
  properties,
  revisions,
  rfc6311,
  scenarios,
  settingsFor,
} from '../../../model/index.ts';
import { check, withoutRule } from '../../questions/check.ts';
import type { Finding, Validation } from '../../traces/findings/finding.ts';
import { judgedOnTraces } from '../../traces/findings/not-judged.ts';
import { validateFile } from '../../traces/validate-file.ts';
import { annotations } from '../validation-annotations.ts';
import { validationResults } from '../validation-sarif.ts';
import { recordedExperiments } from './experiments.ts';
import { folded, foldedPlaces } from './folded.ts';
import { clockText, whoText } from './place.ts';
import { frameFilters, ruleUrl } from './pointers.ts';
import { summaryOf } from './summary.ts';

const judged = async (path: string): Promise<Validation> =>
  (await validateFile(fileURLToPath(new URL(`../../../${path}`, import.meta.url)))).validation;

const CAPTURE = 'traces/failover-naive/capture.pcap';
const EVENTS = 'src/traces/cases/split-brain.jsonl';

describe('the summary', () => {
  it('tells of a capture who did what, when, with which state, and what to look at', async () => {
    const said = summaryOf(await judged(CAPTURE));
    expect(said).toContain(
      '10.77.0.2 (the responder), which may be a cluster, went on at 15:43:13 (frame 35)',
    );
    expect(said).toContain('with the state of frame 17 or 20 and used Message ID 2 again');
    expect(said).toContain('It sent no IKEV2_MESSAGE_ID_SYNC, though both ends had announced it.');
    expect(said).toContain('Look at frame 35 beside frame 21.');
  });

  it('tells conditions, and accuses nobody under one', async () => {
    const said = summaryOf(await judged('src/traces/cases/request-not-captured.pcap'));
    expect(said).toContain('if nothing is missing before frame 3: response 1 is sent');
    expect(said).toContain('This accuses nobody');
  });

  it('calls an end a cluster once something shows it', async () => {
    const { findings } = await judged('src/traces/cases/f5-sync-wrong-ids.jsonl');
    expect(findings[0]).toMatchObject({ actor: 'cluster', end: 'responder' });
    expect(findings[0]).not.toHaveProperty('supposed');
    const [supposed] = (await judged(CAPTURE)).findings;
    expect(supposed).toMatchObject({ actor: 'cluster', supposed: true });
    expect(whoText(supposed as Finding)).toBe('responder (may be a cluster)');
    expect(supposed?.message).not.toContain('the cluster');
  });

  it('says what is missing where nothing is found, and that nothing is wrong where that is so', async () => {
    expect(summaryOf(await judged('src/traces/cases/one-direction.pcap'))).toMatch(
      /not all that a verdict takes\. Missing: /u,
    );
    expect(summaryOf(await judged('src/traces/cases/ok-intermediate.jsonl'))).toMatch(
      /^Nothing is wrong in what was seen/u,
    );
  });
});

describe('places', () => {
  it('are lines with their times where there are no frames, and never numbers of events', async () => {
    const result = await judged(EVENTS);
    expect(result.findings[0]).toMatchObject({ line: 10, time: 6.1 });
    const texts = [
      summaryOf(result),
      ...result.findings.flatMap(({ message, allowed }) => [message, allowed]),
    ];
    expect(texts.join(' ')).not.toMatch(/\bevents? \d/u);
    expect(clockText(43_231.25)).toBe('12:00:31.250');
  });

  it('of findings of one kind are told in one', async () => {
    const result = await judged(CAPTURE);
    expect(folded(result.findings).map((each) => foldedPlaces(each, result.files))).toEqual([
      'frames 35 to 44, 3 times',
      'frames 37, 40, 41, 42, 43',
      'frames 38 and 39',
    ]);
  });

  it('are a filter for Wireshark', async () => {
    expect(frameFilters(await judged(CAPTURE))).toMatchObject([
      { filter: 'frame.number in {17,20,21,28,30,35..44}' },
    ]);
    expect(frameFilters(await judged(EVENTS))).toEqual([]);
  });

  it('are lines in SARIF, with a fingerprint for each finding', async () => {
    const results = validationResults(await judged(EVENTS));
    expect(results.map(({ places: [place] }) => place?.line)).toEqual([10, 12, 14]);
    expect(new Set(results.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(validationResults(await judged(EVENTS)).map(({ fingerprint }) => fingerprint)).toEqual(
      results.map(({ fingerprint }) => fingerprint),
    );
  });

  it('are in annotations, one for each kind, with everything escaped', async () => {
    const result = { ...(await judged(EVENTS)), files: ['a,b:c.jsonl'] };
    const findings = result.findings.map((finding) => ({ ...finding, file: 'a,b:c.jsonl' }));
    const lines = annotations([{ ...result, findings }], [{ file: 'x', problem: 'one\ntwo' }]).split('\n');
    expect(lines[0]).toMatch(
      /^::error file=a%2Cb%3Ac\.jsonl,line=10,title=RFC4303-3\.3\.3-NEVER-REPEAT::lines 10 and 12: /u,
    );
    expect(lines[2]).toBe('::error file=x,title=not read::one%0Atwo');
  });
});

it('remarks on the numbers of two boxes that alternate', async () => {
  const { remarks } = await judged(EVENTS);
  expect(remarks.map(({ message }) => message).join()).toContain(
    'go back 2 times, and on in between: as if two members of 192.0.2.2 were active at once',
  );
});

describe('the command that shows what comes of it', () => {
  it('names a revision, rule, scenario and property that there are, for each rule that traces are judged by and that can be left out', async () => {
    const experiments = await recordedExperiments();
    for (const [rule, command] of experiments) {
      const [, revision, without = '', scenario, property] =
        /^npx ipsecha check (\S+) --without (\S+) --scenario (\S+) --property (\S+)$/u.exec(command) ?? [];
      const named = revisions.find(({ name }) => name === revision);
      expect(named !== undefined && without === rule && canBeLeftOut(named, rule), command).toBe(true);
      expect(
        scenarios.some(({ name }) => name === scenario),
        command,
      ).toBe(true);
      expect(
        properties.some(({ id }) => id === property),
        command,
      ).toBe(true);
    }
    const judgedBy = judgedOnTraces(rfc6311).filter((rule) => experiments.has(rule));
    expect(judgedBy.length).toBeGreaterThan(5);
    for (const rule of judgedBy) expect(ruleUrl(rule), rule).toBe(findRule(rule)?.link);
  });

  // The record itself is held by `ablation-record.test.ts`; here, that what is printed is what the record means.
  it.each(['RFC7296-2.2-NEXT-ID', 'RFC4303-3.3.3-NEVER-REPEAT', 'RFC7296-2.3-EXPECTED-ID'])(
    'breaks something without %s',
    async (rule) => {
      const command = (await recordedExperiments()).get(rule) ?? '';
      const [, name, scenarioName, property = ''] =
        /check (\S+) .* --scenario (\S+) --property (\S+)$/u.exec(command) ?? [];
      const revision = revisions.find((each) => each.name === name);
      const scenario = scenarios.find((each) => each.name === scenarioName);
      if (revision === undefined || scenario === undefined) throw new Error(command);
      const result = await check({
        revision: withoutRule(revision, rule),
        scenario,
        size: 'small',
        settings: settingsFor(scenario, 'small', revision),
        properties: [property],
        stopWhenAllViolated: true,
      });
      expect(result.properties[0]?.verdict).toBe('violated');
    },
  );
});
