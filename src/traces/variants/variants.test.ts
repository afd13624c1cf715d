/** No honest end is accused where something is missing in a trace, or stands in another place: a sample of `npm run variants`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { goldenTraces, TRACES } from '../../overview/golden.ts';
import { readTrace } from '../sources/read-trace.ts';
import { validate } from '../validate.ts';
import { convicted, cut, judgeCut, judgeEvents, OF_EVENTS, random, variant } from './variants.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, TRACES));

const eventsOf = async (file: string) => (await readTrace(pathOf(file))).events;

/** So many of the shipped captures. */
const EVERY = 12;

it('accuses nobody in variants who is not accused in the whole', async () => {
  const pick = random(6311);
  const golden = (await goldenTraces())
    .filter(({ file }) => file.endsWith('.pcap'))
    .filter((_, index) => index % EVERY === 0);
  expect(golden.length).toBeGreaterThan(10);
  for (const { file } of golden) {
    const events = await eventsOf(file);
    const whole = convicted(validate(events, { complete: true, readings: false }).findings);
    for (const kind of OF_EVENTS) {
      const { appeared } = judgeEvents(variant(events, kind, pick), whole);
      expect([file, kind, appeared]).toEqual([file, kind, []]);
    }
  }
}, 30_000);

it('finds in the parts of a capture together what it finds in the whole', async () => {
  const file = pathOf('failover-naive/capture.pcap');
  const octets = await readFile(file);
  expect(cut(octets, random(1)).length).toBeGreaterThan(1);
  const whole = convicted(validate(await eventsOf('failover-naive/capture.pcap')).findings);
  expect(whole.length).toBeGreaterThan(3);
  const keys = ['keys.csv', 'esp_keys.csv'].map((name) => pathOf(`failover-naive/${name}`));
  const parts = await judgeCut(octets, keys, random(1), whole);
  const same = { verdict: 'violates', appeared: [], renamed: 0, survived: whole.length };
  expect(parts['cut into files, together']).toEqual(same);
  expect(parts['cut into files, each alone'].appeared).toEqual([]);
});

/** What convicts in a capture of which some frames are missing. */
async function without(folder: string, isMissing: (frame: number, source: string) => boolean) {
  const events = await eventsOf(`${folder}/capture.pcap`);
  const left = events.filter(
    (event) => !('message' in event) || !isMissing(event.frame ?? 0, event.source ?? ''),
  );
  expect(left.length).toBeLessThan(events.length);
  const { findings } = validate(left, { readings: false });
  return findings.flatMap(({ condition, rule, frame, first }) =>
    condition === undefined ? [`${rule} ${frame}${first === undefined ? '' : `, ${first.frame}`}`] : [],
  );
}

describe('where frames are missing', () => {
  it('a number that is used again later is no sign that the first one was seen', async () => {
    // Request 2 of the peer is missing, and the peer falls back to 2 after the sync.
    expect(await without('peer-low-p2', (frame) => frame === 11)).toEqual(['RFC6311-5.1-P2 22']);
  });

  it('a rule is named that the message breaks by itself', async () => {
    expect(await without('peer-swapped', (frame) => frame < 19)).toEqual(['RFC6311-5.1-M2 20']);
  });

  it('a sync exchange that nobody saw may have come between', async () => {
    // The numbers jump to where M1 is; P2 may have been too low, and what was answered is asked anew under its number.
    expect(await without('sync-spoofed', (frame) => frame > 22 && frame < 41)).toEqual([]);
    expect(await without('sync-late-response', (frame) => frame > 27 && frame < 33)).toEqual([]);
    expect(await without('peer-p2-one-low', (frame) => frame > 17 && frame < 24)).toEqual([]);
  });

  it('what was seen first need not have been sent first', async () => {
    expect(await without('sync-late-response', (frame) => frame > 14 && frame < 27)).toEqual([]);
    const isOfCluster = (_: number, source: string) => source.startsWith('10.77.0.2');
    expect(await without('sync-busy', isOfCluster)).toEqual([]);
  });

  it('a response shows that there was a request', async () => {
    expect(await without('window-of-five', (frame) => frame === 5)).toEqual([]);
  });

  it('two requests with one number are one fault, whatever is known of the rest', async () => {
    const fault = ['RFC7296-2.2-NEXT-ID 6, 5'];
    expect(await without('peer-fresh-retransmission', (frame) => frame === 3)).toEqual(fault);
    expect(await without('peer-fresh-retransmission', (frame) => [4, 7, 9].includes(frame))).toEqual(fault);
  });
});
