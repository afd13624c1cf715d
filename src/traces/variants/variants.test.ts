/** No honest end is accused where something is missing in a trace, or stands in another place. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { goldenTraces, TRACES } from '../../overview/golden.ts';
import { readTrace } from '../read-trace.ts';
import { judgeVariant, KINDS, random, variant } from './variants.ts';

/** Conformant ones, with syncs, losses and replays. */
const NAMES = ['baseline', 'loss', 'sync-busy', 'sync-replay', 'libreswan-peer-sync'];

it('accuses nobody in variants of conformant traces', async () => {
  const pick = random(6311);
  const golden = (await goldenTraces()).filter(({ file }) =>
    NAMES.some((name) => file === `${name}/capture.pcap`),
  );
  expect(golden.map(({ verdict }) => verdict)).toEqual(NAMES.map(() => 'conformant'));
  for (const { file } of golden) {
    const { events } = await readTrace(fileURLToPath(new URL(file, TRACES)));
    for (const kind of KINDS) {
      const { appeared } = judgeVariant(variant(events, kind, pick), []);
      expect([file, kind, appeared]).toEqual([file, kind, []]);
    }
  }
}, 30_000);
