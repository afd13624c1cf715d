import { describe, expect, test } from 'vitest';
import { isMessageIdAnnouncement } from './6.1-message-id-sync-supported.ts';
import { isReplayCounterAnnouncement } from './6.2-replay-counter-sync-supported.ts';

const right = { protocol: 0, spiSize: 0, octets: 0 };
const wrong = [{ protocol: 1 }, { spiSize: 4 }, { octets: 1 }];

describe('RFC6311-6.1-FORMAT: no Protocol ID, no SPI, no data', () => {
  test('in order', () => expect(isMessageIdAnnouncement(right)).toBe(true));
  test.each(wrong)('not with %o', (change) => {
    expect(isMessageIdAnnouncement({ ...right, ...change })).toBe(false);
  });
});

describe('RFC6311-6.2-FORMAT: no Protocol ID, no SPI, no data', () => {
  test('in order', () => expect(isReplayCounterAnnouncement(right)).toBe(true));
  test.each(wrong)('not with %o', (change) => {
    expect(isReplayCounterAnnouncement({ ...right, ...change })).toBe(false);
  });
});
