import { existsSync, readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinKeys, type Keys, NO_KEYS, readKeys } from '../../crypto/keys.ts';
import { describeCapture } from '../../events/describe.ts';
import { kept, number, patched, TRACES } from '../../testing/captures.ts';
import { InputError } from '../input-error.ts';
import { readCapture } from './capture.ts';
import { parseChain } from './ike.ts';

const folders = readdirSync(TRACES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const captures = folders.flatMap(({ name }) =>
  readdirSync(`${TRACES}${name}`)
    .filter((file) => file.endsWith('.pcap') && existsSync(`${TRACES}${name}/keys.csv`))
    .map((file) => ({ name, file })),
);

describe('the captures in traces/', () => {
  // Each listing was compared, frame by frame, with that of an independent decoder.
  it.each(captures)('$name/$file is read as listed', async ({ name, file }) => {
    const { path, octets, keys } = kept(name, file);
    const listing = `${TRACES}${name}/${file.replace('capture', 'frames').replace('.pcap', '.txt')}`;
    await expect(describeCapture(readCapture(path, octets, keys))).toMatchFileSnapshot(listing);
  });

  it('tells copies of a message from new messages', () => {
    const { path, octets, keys } = kept('replay');
    const digest = new Map(readCapture(path, octets, keys).events.map((event) => [event.frame, event]));
    expect(digest.get(39)?.octets).toBe(digest.get(38)?.octets);
    expect(digest.get(65)?.octets).not.toBe(digest.get(62)?.octets);
    // Frame 62 is 65 with its integrity value altered on the way.
    expect(digest.get(65)?.octetsBeforeIntegrity).toBe(digest.get(62)?.octetsBeforeIntegrity);
    expect(digest.get(50)?.octetsBeforeIntegrity).toBe(digest.get(14)?.octetsBeforeIntegrity);
  });

  it('are read without keys, headers alone', () => {
    const { path, octets } = kept('baseline');
    const { events } = readCapture(path, octets, NO_KEYS);
    expect(events).toHaveLength(58);
    expect(events.every(({ integrity }) => integrity === 'unchecked')).toBe(true);
    expect(events.filter(({ message }) => 'payloads' in message).map(({ frame }) => frame)).toEqual([1, 2]);
  });
});

describe('a cut file', () => {
  it('gives what is complete, and says what is missing', () => {
    const { path, octets, keys } = kept('baseline');
    const capture = readCapture(path, octets.subarray(0, octets.length - 100), keys);
    expect(capture.events).toHaveLength(57);
    expect(capture.frames).toBe(58);
    expect(capture.unread).toEqual([
      {
        file: path,
        at: 58,
        reason: expect.stringMatching(/^the file ends in the record at octet \d+: 100 of its/u),
      },
    ]);
  });
});

describe('keys that do not fit', () => {
  const { path, octets, keys } = kept('failover-esp');
  const row = [...keys.ike.values()][0];

  it('are refused if they are for an IKE SA of the capture', () => {
    if (row === undefined) throw new Error('no key row');
    const swapped: Keys = {
      ...keys,
      ike: new Map([[row.sa, { ...row, initiator: row.responder, responder: row.initiator }]]),
    };
    expect(() => readCapture(path, octets, swapped)).toThrow(InputError);
    expect(() => readCapture(path, octets, swapped)).toThrow(
      /keys.csv:1: the keys for SA 210782dfc1dfe762:cfb747adc3f8ba6d do not fit any of the \d+ encrypted messages of its initiator/u,
    );
  });

  it('are remarked on if they are for another SA', () => {
    const others = kept('baseline').keys;
    const { remarks, events } = readCapture(path, octets, { ...others, esp: [] });
    expect(remarks).toHaveLength(1);
    expect(remarks[0]).toMatch(
      /baseline\/keys.csv:1 is for SA e842214100935a1e:16140601363f0670, which is not in the capture; the capture has 210782dfc1dfe762:cfb747adc3f8ba6d$/u,
    );
    expect(events.every(({ integrity }) => integrity === 'unchecked')).toBe(true);
    // A row for another SA is nothing to mention as long as every SA has its keys.
    expect(readCapture(path, octets, joinKeys([keys, others])).remarks).toEqual([]);
  });

  it('are remarked on if they are for ESP', () => {
    const zeros = '0'.repeat(64);
    const text = `"IPv4","*","10.77.0.2","0x0dde43f0","AES-CBC [RFC3602]","0x${'0'.repeat(32)}","HMAC-SHA-256-128 [RFC4868]","0x${zeros}"`;
    const wrong = joinKeys([{ ...keys, esp: [] }, readKeys('esp.csv', text)]);
    expect(readCapture(path, octets, wrong).remarks).toEqual([
      'esp.csv:1: the keys for ESP SPI 0dde43f0 fit none of its 23 packets; they may be wrong',
    ]);
  });
});

describe('damaged captures', () => {
  const names = ['replay', 'fragmentation', 'strongswan-malformed'];
  const sources = new Map(names.map((name) => [name, kept(name)]));
  const change = fc.record({
    at: fc.nat(20_000),
    value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 46, 53, 127, 255)),
  });

  it('are read or refused, and every frame is accounted for', () => {
    const property = fc.property(
      fc.constantFrom(...names),
      fc.array(change, { maxLength: 60 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.boolean(),
      (name, changes, cut, withKeys) => {
        const { path, octets, keys } = sources.get(name) ?? kept(name);
        const damaged = changes.reduce<Uint8Array>(
          (file, { at, value }) =>
            file.length === 0 ? file : patched(file, at % file.length, number(value, 1)),
          octets.slice(0, cut === null ? undefined : Math.floor(cut * octets.length)),
        );
        try {
          const capture = readCapture(path, damaged, withKeys ? keys : NO_KEYS);
          const { events, unread, keepalives, other, fragments, frames, facts } = capture;
          const passed = facts.reduce(
            (sum, fact) => sum + (fact.kind === 'passed-over' ? fact.frames : 0),
            0,
          );
          // A frame with AH may have several events.
          const withEvents = new Set(events.map(({ frame }) => frame)).size;
          const all = withEvents + unread.length + keepalives + other + fragments + passed;
          if (events.every(({ message }) => message.kind === 'ike' || message.protocol === undefined)) {
            expect(all).toBe(frames);
          } else expect(all).toBeGreaterThanOrEqual(frames);
          describeCapture(capture);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
  });

  it('a payload chain of any octets is read or explained', () => {
    const property = fc.property(fc.nat(255), fc.uint8Array({ maxLength: 80 }), (first, octets) => {
      const chain = parseChain(first, octets);
      expect('value' in chain || chain.reason.length > 0).toBe(true);
    });
    fc.assert(property, { numRuns: 2000 });
  });
});
