/** What takes the short cut is judged as it would be without it, whatever the frames. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_KEYS } from '../crypto/keys.ts';
import type { Event, MessageEvent } from '../events/event.ts';
import { CaptureReader, readCapture } from '../sources/capture/capture.ts';
import { EventLines, writeEvents } from '../sources/jsonl.ts';
import { hex, ipv4, ipv6, join, number, patched, pcapOf, udp } from '../testing/captures.ts';
import { type EspEvent, EspSas } from './esp-sas.ts';

const isEsp = (event: MessageEvent): event is EspEvent['event'] => event.message.kind === 'esp';

/** The verdicts on the ESP packets of a capture, and how many took the short cut. */
function judged(file: Uint8Array, isPlain: boolean) {
  const sas = new EspSas();
  let events = 0;
  let short = 0;
  const verdicts: string[] = [];
  const target = {
    sas,
    isPlain,
    countPacket: () => {
      events += 1;
      short += 1;
      verdicts.push('new');
    },
  };
  const take = (event: MessageEvent): void => {
    events += 1;
    if (!isEsp(event)) verdicts.push('ike');
    else {
      const verdict = sas.take({ number: events, event }, 'peer');
      const first =
        verdict.kind === 'reused' ? ` after frame ${verdict.reuse.firstFrame}, ${verdict.reuse.highest}` : '';
      verdicts.push(`${verdict.kind}${first}`);
    }
  };
  const reader = new CaptureReader('a', NO_KEYS, take, target === undefined ? {} : { target });
  reader.push(file);
  const { unread, other, keepalives, frames } = reader.end();
  return { short, told: { verdicts, sas: sas.count, unread, other, keepalives, frames } };
}

const packet = fc.record({
  six: fc.boolean(),
  natted: fc.boolean(),
  spi: fc.integer({ min: 0, max: 3 }),
  sequence: fc.integer({ min: 0, max: 12 }),
  content: fc.integer({ min: 0, max: 2 }),
  tail: fc.integer({ min: 0, max: 1 }),
  size: fc.integer({ min: 0, max: 40 }),
  /** An octet of the frame that is not as it should be. */
  damage: fc.option(fc.tuple(fc.nat(70), fc.nat(255)), { freq: 4 }),
});

type Packet = typeof packet extends fc.Arbitrary<infer Value> ? Value : never;

function frameOf({ six, natted, spi, sequence, content, tail, size, damage }: Packet): Uint8Array {
  const esp = join(
    number(spi, 4),
    number(sequence, 4),
    new Uint8Array(size).fill(content),
    new Uint8Array(16).fill(tail),
  );
  const inside = natted ? udp(4500, 4500, esp) : esp;
  const frame = six ? ipv6(natted ? 17 : 50, inside) : ipv4(natted ? 17 : 50, inside);
  if (damage === null || damage[0] >= frame.length) return frame;
  return patched(frame, damage[0], number(damage[1], 1));
}

it('makes no difference', () => {
  let short = 0;
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 40 }), (packets) => {
      const file = pcapOf(packets.map(frameOf));
      const quick = judged(file, true);
      const whole = judged(file, false);
      expect(quick.told).toEqual(whole.told);
      expect(whole.short).toBe(0);
      short += quick.short;
    }),
    { numRuns: 500, seed: 4303 },
  );
  expect(short).toBeGreaterThan(1000);
});

/** The same for JSON Lines, as `import` writes them. */
function judgedLines(text: string, isPlain: boolean) {
  const sas = new EspSas();
  let short = 0;
  let events = 0;
  const verdicts: string[] = [];
  const countPacket = (): void => {
    events += 1;
    short += 1;
    verdicts.push('new');
  };
  const take = (event: Event): void => {
    events += 1;
    if (!('message' in event) || !isEsp(event)) verdicts.push('other');
    else {
      const verdict = sas.take({ number: events, event }, 'peer');
      verdicts.push(verdict.kind === 'reused' ? `after frame ${verdict.reuse.firstFrame}` : verdict.kind);
    }
  };
  const reader = new EventLines('a', { take, shortCut: { sas, isPlain, countPacket } });
  reader.push(Buffer.from(text));
  return { short, told: { verdicts, ...reader.end() } };
}

it('makes no difference to JSON Lines either', () => {
  let short = 0;
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 40 }), fc.nat(400), fc.nat(127), (packets, at, octet) => {
      const { events } = readCapture('a', pcapOf(packets.map(frameOf)), NO_KEYS);
      const text = writeEvents(events);
      const damaged =
        at % 4 === 0 ? `${text.slice(0, at)}${String.fromCharCode(octet)}${text.slice(at + 1)}` : text;
      const outcome = (isPlain: boolean): ReturnType<typeof judgedLines> | string => {
        try {
          return judgedLines(damaged, isPlain);
        } catch (error) {
          return String(error);
        }
      };
      const [quick, whole] = [outcome(true), outcome(false)];
      if (typeof quick === 'string' || typeof whole === 'string') expect(quick).toEqual(whole);
      else {
        expect(quick.told).toEqual(whole.told);
        short += quick.short;
      }
    }),
    { numRuns: 500, seed: 7 },
  );
  expect(short).toBeGreaterThan(1000);
});

it('is taken by a thousand SAs', () => {
  const frames = Array.from({ length: 3000 }, (_, n) =>
    ipv4(
      50,
      join(number(0xc0000000 + (n % 1000), 4), number(1 + Math.floor(n / 1000), 4), hex('00'.repeat(40))),
    ),
  );
  const { short, told } = judged(pcapOf(frames), true);
  expect(short).toBe(3000);
  expect(told.sas).toBe(1000);
});
