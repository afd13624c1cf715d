/** What is imported is judged as its source is. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isWhole } from '../testing/sweep.ts';
import type { Validation } from './findings/finding.ts';
import { seeds } from './fuzz/seeds.ts';
import { importFile } from './import-file.ts';
import { TRACES } from './testing/captures.ts';
import { validateFile } from './validate-file.ts';

const sources = readdirSync(TRACES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) =>
    readdirSync(`${TRACES}${name}`)
      .filter((file) => /\.(?:pcap|pcapng|log|jsonl)$/u.test(file))
      // Logs of libreswan are kept for readers; no program reads them.
      .filter((file) => !(name.startsWith('libreswan') && file.endsWith('.log')))
      .map((file) => `${name}/${file}`),
  )
  // Each format is among those of any five traces.
  .filter((_, index) => isWhole || index % 5 === 0);

/** All that does not depend on what the file is called, and how it is written; JSON Lines have no frames. */
function comparable({ files, remarks, unread, frames, facts, ...rest }: Validation) {
  return withoutLines({
    ...rest,
    findings: rest.findings.map(({ file, ...finding }) => finding),
    facts: facts.map(({ file, ...fact }) => fact),
    unread: unread.map(({ at, reason }) => ({ at, reason })),
    // What is said of the source itself, not of what happened.
    remarks: remarks.filter(
      ({ message }) => !/: keys taken from|^the log of|the capture has only the beginning/u.test(message),
    ),
    files: files.length,
  });
}

/** What is imported has lines of its own. */
const withoutLines = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      key === 'line'
        ? undefined
        : typeof each === 'string'
          ? each.replace(/\blines? \d+(?:, (?:\d+|\.\.\.))*/gu, 'that line')
          : each,
    ),
  );

describe('every shipped trace', () => {
  it.each(sources)('%s is judged the same after import', async (source) => {
    const path = `${TRACES}${source}`;
    let text = '';
    const { events } = await importFile(path, (piece) => {
      text += piece;
    });
    expect(events).toBe(text.split('\n').filter((line) => line.includes('"event":')).length);
    const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const imported = join(folder, 'events.jsonl');
    await writeFile(imported, text);
    const [before, after] = [
      await validateFile(path, { complete: true }),
      await validateFile(imported, { complete: true }),
    ];
    expect(comparable(after.validation)).toEqual(comparable(before.validation));
    // And imported again, it is the same to the letter.
    let again = '';
    await importFile(imported, (piece) => {
      again += piece;
    });
    expect(again).toBe(text.replaceAll(JSON.stringify(path), JSON.stringify(imported)));
  });

  // Of these no files are shipped but samples.
  it.each(
    seeds()
      .filter(({ format }) => ['tshark-json', 'tshark-ek', 'xfrm'].includes(format))
      .map(({ name, format, octets }, n) => ({ name, format, octets, n })),
  )('and $format $n', async ({ octets, format }) => {
    const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [path, imported] = [join(folder, 'peer.txt'), join(folder, 'events.jsonl')];
    await writeFile(path, octets);
    let text = '';
    const streamed = await importFile(path, (piece) => {
      text += piece;
    });
    expect(streamed.format).toBe(format);
    expect(streamed.events).toBeGreaterThan(0);
    await writeFile(imported, text);
    const [before, after] = [
      await validateFile(path, { complete: true }),
      await validateFile(imported, { complete: true }),
    ];
    expect(comparable(after.validation)).toEqual(comparable(before.validation));
  });

  it('are many', () => {
    expect(sources.length).toBeGreaterThan(30);
    expect(existsSync(`${TRACES}baseline/peer.log`)).toBe(true);
  });
});

describe('a large trace', () => {
  it('is judged as a small one is, without keeping its events', async () => {
    for (const name of ['failover-naive', 'failover-esp', 'replay']) {
      const path = `${TRACES}${name}/capture.pcap`;
      const [all, few] = [await validateFile(path), await validateFile(path, { keep: 3 })];
      expect(few.validation).toEqual(all.validation);
      for (const { event } of all.validation.findings) {
        const numbers = (of: typeof all) => of.around.of(event)?.events.map(({ number }) => number);
        expect(numbers(few)).toEqual(numbers(all));
        expect(numbers(all)).toContain(event);
      }
    }
  });
});
