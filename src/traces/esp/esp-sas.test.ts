import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { espSequenceUnique, rfc6311, sendPacket } from '../../../model/index.ts';
import { type EspEvent, EspSas, wholeNumber } from './esp-sas.ts';
import { Intervals, MOST_INTERVALS } from './intervals.ts';

let count = 0;
function packet(sequence: number, content: string, more: Partial<EspEvent['event']> = {}): EspEvent {
  count += 1;
  const message = { kind: 'esp', spi: 'c0000001', sequence } as const;
  const event = { event: 'seen', integrity: 'unchecked', destination: '192.0.2.2', octets: content } as const;
  return { number: count, event: { ...event, message, frame: count, ...more } };
}

const parts = (body: string, value: string) => ({ octetsBeforeIntegrity: body, integrityValue: value });

describe('EspSas', () => {
  it('tells new, repeated, altered and reused', () => {
    const sas = new EspSas();
    const kinds = [
      packet(1, 'a', parts('body a', '0a')),
      packet(1, 'a', parts('body a', '0a')),
      packet(1, 'b', parts('body a', '0b')),
      packet(1, 'c', parts('body c', '0a')),
      packet(1, 'd', parts('body d', '0d')),
      packet(5, 'e', parts('body e', '0e')),
      packet(3, 'f', parts('body f', '0f')),
      packet(3, 'f', { ...parts('body f', '0f'), destination: '192.0.2.9' }),
    ].map((each) => sas.take(each, 'peer'));
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'new',
      'repeated',
      'altered',
      'altered',
      'reused',
      'new',
      'new',
      'new',
    ]);
    expect(kinds[4]).toMatchObject({ reuse: { highest: 1 } });
    expect(sas.count).toBe(2);
    expect(sas.missing).toEqual([]);
  });

  it('tells extended numbers apart in all of their 64 bits', () => {
    const extended = (upper: number, sequence: number, octets: string): EspEvent => {
      const plain = packet(sequence, octets);
      const message = { ...plain.event.message, upper };
      return { ...plain, event: { ...plain.event, message } };
    };
    const uppers = [0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 21, 2 ** 22, 2 ** 31, 2 ** 32 - 1];
    const numbers = uppers.flatMap((upper) => [1, 2, 3].map((sequence) => [upper, sequence] as const));
    const sas = new EspSas();
    const kinds = (octets: string): readonly string[] => [
      ...new Set(
        numbers.map(([upper, sequence]) => sas.take(extended(upper, sequence, octets), 'peer').kind),
      ),
    ];
    expect([kinds('a'), kinds('a'), kinds('b'), sas.count]).toEqual([['new'], ['repeated'], ['reused'], 1]);
    expect(sas.take(extended(2 ** 32 - 1, 3, 'c'), 'peer')).toMatchObject({
      reuse: { highest: 0xffff_ffff_0000_0003n },
    });
    expect(wholeNumber({ kind: 'esp', spi: '0', sequence: 5, upper: 2 ** 20 })).toBe(2 ** 52 + 5);
  });

  it('judges as the specification does, which remembers everything', () => {
    const choice = fc.record({ number: fc.integer({ min: 1, max: 300 }), content: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 120 }), (choices) => {
        const sas = new EspSas();
        let sa = { spi: 'c0000001', last: 0 };
        let watched = espSequenceUnique.watch.initial;
        const octets = new Map<number, number>();
        for (const { number, content } of choices) {
          const before = octets.get(number);
          const step = sendPacket(rfc6311, 'peer', sa, number, `${content}`);
          const sent = { kind: 'esp-sent', by: 'peer', spi: sa.spi, number, content: `${content}` } as const;
          const seen = espSequenceUnique.watch.observe(watched, sent);
          const expected = before === content ? 'repeated' : seen.ok ? 'new' : 'reused';
          if (expected === 'new' && seen.ok) watched = seen.state;
          if (expected === 'new') octets.set(number, content);
          if (step.enabled) sa = step.sa;
          expect(sas.take(packet(number, `${number} ${content}`), 'peer').kind).toBe(expected);
        }
      }),
      { numRuns: 200, seed: 4303 },
    );
  });

  it('says of numbers that it no longer remembers that it does not know', () => {
    const sas = new EspSas(4);
    for (let number = 1; number <= 1000; number += 1) {
      expect(sas.take(packet(number, `a${number}`), 'peer').kind).toBe('new');
    }
    expect(sas.take(packet(999, 'b'), 'peer').kind).toBe('reused');
    expect(sas.take(packet(7, 'a7'), 'peer')).toEqual({ kind: 'forgotten', behind: 993 });
    expect(sas.take(packet(8, 'b'), 'peer').kind).toBe('forgotten');
    expect(sas.missing).toEqual([
      expect.stringMatching(/^the octets of ESP packets: 2 have numbers .* number 7 of SPI c0000001/u),
    ]);
    // One that was never sent is late, no more.
    const gaps = new EspSas(4);
    for (let number = 1; number <= 1000; number += 1)
      if (number !== 50) gaps.take(packet(number, `a${number}`), 'peer');
    expect(gaps.take(packet(50, 'c'), 'peer').kind).toBe('new');
    expect(gaps.take(packet(50, 'd'), 'peer').kind).toBe('reused');
  });

  it('does not take a counter that goes round for a reuse, but says what it depends on', () => {
    const sas = new EspSas();
    sas.take(packet(5, 'a'), 'peer');
    sas.take(packet(0xffff_fff0, 'b'), 'peer');
    expect(sas.take(packet(5, 'a'), 'peer').kind).toBe('repeated');
    expect(sas.take(packet(6, 'c'), 'peer').kind).toBe('new');
    expect(sas.take(packet(0xffff_fff1, 'd'), 'peer').kind).toBe('new');
    expect(sas.take(packet(6, 'e'), 'peer').kind).toBe('reused');
    expect(sas.missing).toEqual([expect.stringMatching(/^whether extended sequence numbers are in use/u)]);
    // Where the upper half is known, it is part of the number.
    const known = new EspSas();
    const upper = (half: number) => ({
      message: { kind: 'esp', spi: 'c0000001', sequence: 6, upper: half } as const,
    });
    expect([0, 1, 0].map((half) => known.take(packet(6, `${half}`, upper(half)), 'peer').kind)).toEqual([
      'new',
      'new',
      'repeated',
    ]);
    expect(known.missing).toEqual([]);
  });
});

describe('Intervals', () => {
  it('are exact until there are too many gaps, and then never say no to what was added', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 300 }), (numbers) => {
        const set = new Intervals();
        const added = new Set<number>();
        for (const number of numbers) {
          set.add(number, number);
          added.add(number);
        }
        const exact = runs(added) <= MOST_INTERVALS;
        for (let number = 0; number <= 1000; number += 1) {
          if (added.has(number)) expect(set.has(number)).not.toBe('no');
          else expect(set.has(number)).not.toBe('yes');
          if (numbers.length <= MOST_INTERVALS && exact) expect(set.has(number)).not.toBe('maybe');
        }
      }),
      { numRuns: 100, seed: 32 },
    );
  });
});

const runs = (numbers: ReadonlySet<number>): number =>
  [...numbers].filter((number) => !numbers.has(number - 1)).length;
