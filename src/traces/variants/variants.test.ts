/** No honest end is accused where something is missing in a trace, or stands in another place. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { goldenTraces, TRACES } from '../../overview/golden.ts';
import { readTrace } from '../read-trace.ts';
import { validate } from '../validate.ts';
import { convictions, judgeVariant, KINDS, random, variant } from './variants.ts';

/** So many of the conformant ones. */
const EVERY = 8;

it('accuses nobody in variants of conformant traces', async () => {
  const pick = random(6311);
  const golden = (await goldenTraces())
    .filter(({ file, verdict }) => verdict === 'conformant' && file.endsWith('.pcap'))
    .filter((_, index) => index % EVERY === 0);
  expect(golden.length).toBeGreaterThan(3);
  for (const { file } of golden) {
    const { events } = await readTrace(fileURLToPath(new URL(file, TRACES)));
    const whole = convictions(validate(events, { complete: true }));
    for (const kind of KINDS) {
      const { appeared } = judgeVariant(variant(events, kind, pick), whole);
      expect([file, kind, appeared]).toEqual([file, kind, []]);
    }
  }
}, 30_000);
