import { describe, expect, test } from 'vitest';
import { isFreshNumber, MAX_SEQUENCE_NUMBER, sendPacket } from './esp.ts';

describe('RFC4303-3.3.3-NEVER-REPEAT: no sequence number is sent twice', () => {
  const sa = { spi: 'c0ffee', last: 5 };

  test('numbers start at 1, increase, and may leave gaps', () => {
    expect([0, 1, 2].map((number) => isFreshNumber({ spi: 'c0ffee', last: 0 }, number))).toEqual([
      false,
      true,
      true,
    ]);
    expect([4, 5, 6, 1000].map((number) => isFreshNumber(sa, number))).toEqual([false, false, true, true]);
  });

  test('the counter does not cycle', () => {
    const full = { spi: 'c0ffee', last: MAX_SEQUENCE_NUMBER };
    expect(MAX_SEQUENCE_NUMBER).toBe(0xffff_ffff);
    expect(isFreshNumber({ ...full, last: MAX_SEQUENCE_NUMBER - 1 }, MAX_SEQUENCE_NUMBER)).toBe(true);
    expect(isFreshNumber(full, MAX_SEQUENCE_NUMBER + 1)).toBe(false);
    expect(isFreshNumber(full, 0)).toBe(false);
  });

  test('a packet with a used number does not leave', () => {
    expect(sendPacket('cluster', sa, 5)).toEqual({
      enabled: false,
      rule: 'RFC4303-3.3.3-NEVER-REPEAT',
      because: 'sequence number 5 is not above 5, the last that was sent',
    });
    expect(sendPacket('cluster', sa, 9)).toEqual({
      enabled: true,
      sa: { spi: 'c0ffee', last: 9 },
      observation: { kind: 'esp-sent', by: 'cluster', spi: 'c0ffee', number: 9 },
    });
  });
});
