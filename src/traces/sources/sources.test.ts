/** Sources other than captures and JSON Lines. The logs are of our own laboratory; what they tell was read by hand. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NO_KEYS } from '../crypto/keys.ts';
import type { Event } from '../events/event.ts';
import { isEvent } from '../events/event-check.ts';
import { hex, ipv4, pcapOf, TRACES, udp } from '../testing/captures.ts';
import { validate } from '../validate.ts';
import { readCapture } from './capture/capture.ts';
import { formatOf } from './format.ts';
import { CharonReader } from './logs/charon.ts';
import { XfrmReader } from './logs/xfrm.ts';
import { readTrace } from './read-trace.ts';
import { TsharkReader } from './tshark.ts';

function read(reader: 'charon' | 'xfrm', text: string, size = 1e6) {
  const events: Event[] = [];
  const sink = { take: (event: Event) => events.push(event) };
  const source =
    reader === 'charon' ? new CharonReader('a', 'peer', sink) : new XfrmReader('a', 'peer', sink);
  const octets = Buffer.from(text);
  for (let at = 0; at < octets.length; at += size) source.push(octets.subarray(at, at + size));
  return { events, ...source.end() };
}

const log = (name: string): string => readFileSync(`${TRACES}${name}`, 'utf8');

describe('a log of charon', () => {
  it('tells what was sent and received', () => {
    const { events, unread } = read('charon', log('baseline/peer.log'));
    expect(unread).toEqual([]);
    // Where its line stands is not written.
    expect(events.every(({ line: _, ...event }) => isEvent(event))).toBe(true);
    expect(events.slice(0, 6)).toMatchObject([
      {
        event: 'sent',
        from: 'initiator',
        source: '10.77.0.1:500',
        destination: '10.77.0.2:500',
        message: { exchange: 'IKE_SA_INIT', response: false, id: 0 },
      },
      { event: 'received', from: 'responder', message: { exchange: 'IKE_SA_INIT', response: true } },
      {
        event: 'sent',
        message: {
          exchange: 'IKE_AUTH',
          id: 1,
          payloads: expect.arrayContaining([expect.objectContaining({ notify: 16420 })]),
        },
      },
      { event: 'received', message: { exchange: 'IKE_AUTH', response: true, id: 1 } },
      {
        event: 'received',
        destination: '10.77.0.1:4500',
        message: { kind: 'esp', spi: 'f043f3a4', sequence: 1 },
      },
      { event: 'received', message: { kind: 'esp', sequence: 2 } },
    ]);
    expect(events[0]?.time).toBeCloseTo(15 * 3600 + 57 * 60 + 44.158, 3);
    expect(validate(events).findings).toEqual([]);
  });

  it('is the same in chunks of any size', () => {
    const text = log('baseline/peer.log');
    expect(read('charon', text, 7)).toEqual(read('charon', text));
  });

  it('tells what was ignored, and does not guess the data of a notification', () => {
    const { events } = read('charon', log('strongswan-too-low/peer.log'));
    const dropped = events.filter(({ event }) => event === 'dropped');
    expect(dropped).toHaveLength(2);
    for (const event of dropped) expect(event).not.toHaveProperty('message.payloads');
    const retransmitted = read(
      'charon',
      `15:25:29.0 13[ENC] generating INFORMATIONAL request 4 [ ]
15:25:29.1 13[NET] sending packet: from 10.77.0.1[4500] to 10.77.0.2[4500] (80 bytes)
15:25:30.8 16[IKE] retransmit 1 of request with message ID 4
15:25:30.9 16[NET] sending packet: from 10.77.0.1[4500] to 10.77.0.2[4500] (80 bytes)
15:25:31.0 07[NET] received packet: from 10.77.0.2[4500] to 10.77.0.1[4500] (80 bytes)
15:25:31.0 07[IKE] received message ID 1, expected 3, ignored
`,
    );
    expect(retransmitted.events).toMatchObject([
      { event: 'sent', message: { id: 4 } },
      { event: 'sent', message: { id: 4 } },
      { event: 'gap' },
    ]);
    expect(retransmitted.unread).toEqual([
      {
        file: 'a',
        at: 6,
        reason: expect.stringMatching(/^"received message ID 1, expected 3, ignored"/u),
        told: true,
      },
    ]);
  });

  it('goes on after midnight', () => {
    const line = (clock: string, id: number): string =>
      `${clock} 13[ENC] generating INFORMATIONAL request ${id} [ ]\n${clock} 13[NET] sending packet: from 10.77.0.1[4500] to 10.77.0.2[4500] (80 bytes)\n`;
    const { events } = read('charon', line('23:59:59.5', 1) + line('00:00:00.5', 2));
    expect(events.map(({ time }) => time)).toEqual([86_399.5, 86_400.5]);
  });
});

describe('ip xfrm', () => {
  it('tells counters, which are no packets', () => {
    const { events, remarks, unread } = read(
      'xfrm',
      readFileSync(new URL('logs/xfrm-state.sample.txt', import.meta.url), 'utf8'),
    );
    expect({ remarks, unread }).toEqual({ remarks: [], unread: [] });
    // Where its line stands is not written.
    expect(events.every(({ line: _, ...event }) => isEvent(event))).toBe(true);
    expect(events).toMatchObject([
      {
        event: 'sent',
        destination: '10.77.0.2:4500',
        message: { spi: 'ee829d8f', sequence: 7, counter: true },
      },
      {
        event: 'received',
        source: '10.77.0.2:4500',
        message: { spi: 'f043f3a4', sequence: 5, counter: true },
      },
      { event: 'sent', destination: '2001:db8::2', message: { spi: 'c0000001', sequence: 9, upper: 1 } },
    ]);
    // The same counter twice is not a number that was used twice.
    expect(validate([...events, ...events])).toMatchObject({
      findings: [],
      missing: ['messages of IKE, and single packets of ESP: only the counters of SAs were seen'],
    });
  });

  it('says what it tells nothing of', () => {
    const monitor = `Async event  (0x20)  timer expired \n\tsrc 10.0.0.1 dst 10.0.0.2  reqid 0x1 protocol esp  SPI 0xc1234567\n`;
    expect(formatOf('a', Buffer.from(monitor))).toBe('xfrm');
    expect(read('xfrm', monitor).remarks).toEqual([
      '1 asynchronous events of the kernel tell no counters: ask for them with ip -s xfrm state',
      'no state of ESP with counters; ip xfrm state prints them with -s',
    ]);
  });
});

describe('tshark', () => {
  /** What `tshark -T json` and `-T ek` print of a capture, as far as it is read. */
  function printed(
    form: 'json' | 'ek',
    frames: readonly {
      source: string;
      destination: string;
      ports: readonly [number, number];
      payload: string;
    }[],
  ): string {
    const packets = frames.map(({ source, destination, ports, payload }, n) => {
      const name = (layer: string, field: string): string =>
        form === 'json' ? `${layer}.${field}` : `${layer}_${layer}_${field.replaceAll('.', '_')}`;
      const layers = {
        frame: {
          [name('frame', 'number')]: `${n + 1}`,
          [name('frame', 'time_epoch')]: `${1000 + n}.500000000`,
        },
        ip: { [name('ip', 'src')]: source, [name('ip', 'dst')]: destination },
        udp: {
          [name('udp', 'srcport')]: `${ports[0]}`,
          [name('udp', 'dstport')]: `${ports[1]}`,
          [name('udp', 'payload')]: payload,
        },
      };
      return form === 'json'
        ? JSON.stringify({ _index: 'packets', _source: { layers } }, null, 2)
        : `{"index":{"_index":"packets"}}\n${JSON.stringify({ timestamp: '1', layers })}`;
    });
    return form === 'json' ? `[\n${packets.join(',\n')}\n]\n` : `${packets.join('\n')}\n`;
  }

  const message = hex(`c0000001 00000007 ${'0a'.repeat(40)}`);
  const colons = (octet: Uint8Array): string =>
    (Buffer.from(octet).toString('hex').match(/../gu) ?? []).join(':');
  const frames = [
    { source: '192.0.2.1', destination: '192.0.2.2', ports: [4500, 4500], payload: colons(message) },
    { source: '192.0.2.1', destination: '192.0.2.2', ports: [53, 5353], payload: '00' },
    { source: '192.0.2.1', destination: '192.0.2.2', ports: [4500, 4500], payload: 'ff' },
  ] as const;

  it.each(['json', 'ek'] as const)('-T %s tells what the capture tells', (form) => {
    const text = printed(form, frames);
    expect(formatOf('a', Buffer.from(text))).toBe(`tshark-${form}`);
    const events: Event[] = [];
    const reader = new TsharkReader('a', form, NO_KEYS, { take: (event) => events.push(event) });
    for (const octet of Buffer.from(text)) reader.push(new Uint8Array([octet]));
    expect(reader.end()).toMatchObject({ frames: 3, other: 1, keepalives: 1, unread: [], endsEarly: null });
    const [direct] = readCapture('a', pcapOf([ipv4(17, udp(4500, 4500, message))]), NO_KEYS).events;
    expect(events).toEqual([direct]);
  });

  it('takes all of the frame if it is there', () => {
    const raw = Buffer.from(ipv4(50, message)).toString('hex');
    const layers = {
      frame: { 'frame.number': '1', 'frame.encap_type': '7', 'frame.time_epoch': '1970-01-01T00:16:40.500Z' },
      frame_raw: [raw, 0],
    };
    const events: Event[] = [];
    const reader = new TsharkReader('a', 'json', NO_KEYS, { take: (event) => events.push(event) });
    reader.push(Buffer.from(JSON.stringify([{ _source: { layers } }])));
    expect(reader.end().unread).toEqual([]);
    expect(events).toEqual(readCapture('a', pcapOf([ipv4(50, message)]), NO_KEYS).events);
  });

  it('passes over custom blocks of pcapng, which tshark numbers as frames', () => {
    const layers = { frame: { 'frame.number': '1', 'frame.cb_pen': '1' }, frame_raw: ['6f636b20', 0] };
    const reader = new TsharkReader('a', 'json', NO_KEYS, { take: () => undefined });
    reader.push(Buffer.from(JSON.stringify([{ _source: { layers } }])));
    expect(reader.end()).toMatchObject({ frames: 1, other: 1, unread: [] });
  });

  it('tells of what it cannot read, and of an end that is missing', () => {
    const events: Event[] = [];
    const reader = new TsharkReader('a', 'json', NO_KEYS, { take: (event) => events.push(event) });
    reader.push(
      Buffer.from(`[{"_source":{"layers":{"ip":7}}},{"x":1},{"y":}, ${printed('json', frames).slice(2, -3)}`),
    );
    const { unread, endsEarly } = reader.end();
    expect(events).toHaveLength(1);
    expect(endsEarly).toMatch(/before its last bracket/u);
    expect(unread.map(({ at }) => at)).toEqual([2, 3, 5]);
  });

  it('is told by its content in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'a.json');
    await writeFile(path, printed('json', frames));
    expect(await readTrace(path)).toMatchObject({ format: 'tshark-json', events: [{ frame: 1 }] });
  });
});
