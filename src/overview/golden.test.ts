/** The shipped traces, event by event: each gets the verdict and the findings that its `trace.json` expects. */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findRule, properties } from '../../model/index.ts';
import { sweep } from '../testing/sweep.ts';
import { readTrace } from '../traces/sources/read-trace.ts';
import { validate } from '../traces/validate.ts';
import { findingsOf, goldenRuns, goldenTraces, originsOfTraces, TRACES } from './golden.ts';
import { withTables } from './traces-page.ts';

const golden = await goldenTraces();
/** Those that keys are for; accounts in JSON Lines need none. */
const captures = golden.filter(({ file }) => !file.endsWith('.jsonl'));
/** In `npm test`, one of three. */
const some = captures.filter((_, index) => index % sweep(3, 1) === 0);
/** Those with extended sequence numbers, whose lower halves come again. */
const beginsAgain = new Set(
  ['bare-esp-esn', 'esn-gcm-ipv6', 'libreswan-esn'].map((name) => `${name}/capture.pcap`),
);

describe('golden traces', () => {
  it.each(golden)('$file: $verdict', async ({ file, verdict, findings }) => {
    const path = fileURLToPath(new URL(file, TRACES));
    const trace = await readTrace(path);
    const validation = validate(trace.events, { file, unread: trace.unread, complete: true });
    expect(findingsOf(validation)).toEqual(findings);
    expect(validation.verdict).toBe(verdict);
    for (const { rule, property } of validation.findings) {
      expect(findRule(rule)?.id).toBe(rule);
      if (property !== undefined) expect(properties.map(({ id }) => id)).toContain(property);
    }
  });

  it('lists every capture and account that is there', async () => {
    const there = (await readdir(TRACES, { recursive: true })).filter((name) =>
      /\.(?:pcap|pcapng|jsonl)$/u.test(name),
    );
    expect(there.sort()).toEqual(golden.map(({ file }) => file).sort());
  });

  it('lists every folder once, and each says what it is', async () => {
    const there = (await readdir(TRACES, { withFileTypes: true })).filter((each) => each.isDirectory());
    const folders = (await originsOfTraces()).flatMap((origin) => origin.folders);
    expect(folders.map(({ name }) => name).sort()).toEqual(there.map(({ name }) => name).sort());
    for (const { name, folder } of folders) {
      const { schema, complete, about, traces, runs, ...others } = folder;
      expect([name, schema, complete, others]).toEqual([name, 'ipsecha-trace', true, {}]);
      expect([name, about.length > 0, traces.length > 0, runs?.length ?? 1]).not.toContain(false);
      expect([name, traces[0]?.file]).toEqual([name, 'capture.pcap']);
    }
  });

  it('stand in the tables of the README', async () => {
    const readme = fileURLToPath(new URL('README.md', TRACES));
    const page = withTables(await readFile(readme, 'utf8'), await originsOfTraces());
    await expect(page).toMatchFileSnapshot(readme);
  });

  it('expects findings of rules that there are, in the order of the frames, where a verdict needs them', () => {
    for (const { file, verdict, findings } of golden) {
      const frames = findings.map((finding) => Number(finding.split(' ')[0]));
      const rules = findings.map((finding) => finding.split(' ')[1] ?? '');
      expect([file, frames]).toEqual([file, frames.toSorted((one, other) => one - other)]);
      expect([file, rules.filter((rule) => findRule(rule)?.id !== rule)]).toEqual([file, []]);
      expect([file, findings.length > 0]).toEqual([file, verdict === 'violates']);
    }
  });

  it('expects findings of several observers in files that are there, by rules that there are', async () => {
    const there = await readdir(TRACES, { recursive: true });
    for (const { files, verdict, findings } of await goldenRuns()) {
      expect(there).toEqual(expect.arrayContaining([...files]));
      expect(files.length).toBeGreaterThan(1);
      expect([files, findings.length > 0]).toEqual([files, verdict === 'violates']);
      for (const finding of findings) {
        const [file = '', frame, rule = ''] = finding.split(' ');
        expect(files).toContain(file);
        expect(Number(frame)).toBeGreaterThan(0);
        expect(findRule(rule)?.id).toBe(rule);
      }
    }
  });

  // Where an integrity value was altered, something else has to tell.
  it.each(some)('$file has the same verdict without ESP keys', async ({ file, verdict, findings }) => {
    const path = fileURLToPath(new URL(file, TRACES));
    const keys = fileURLToPath(new URL(file.replace(/[^/]*$/, 'keys.csv'), TRACES));
    const { events, unread } = await readTrace(path, { keys: [keys] });
    const validation = validate(events, { file, unread, complete: true });
    expect(findingsOf(validation)).toEqual(findings);
    // Numbers that begin again are in order if they are extended, which only the integrity values tell.
    const unsure = verdict === 'conformant' && beginsAgain.has(file);
    expect(validation.verdict).toBe(unsure ? 'inconclusive' : verdict);
  });

  it.each(some)('$file is not called conformant without keys', async ({ file, verdict }) => {
    const path = fileURLToPath(new URL(file, TRACES));
    const { events, unread } = await readTrace(path, {
      keys: [fileURLToPath(new URL('no-keys.csv', TRACES))],
    });
    const validation = validate(events, { file, unread, complete: true });
    expect(validation.verdict).not.toBe('conformant');
    if (verdict === 'conformant') expect(validation.verdict).toBe('inconclusive');
  });
});
