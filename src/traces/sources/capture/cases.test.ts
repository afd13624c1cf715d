/** Captures as people have them, each with what is right: `cases/README.md` lists them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { NO_KEYS } from '../../crypto/keys.ts';
import { hex, ipv4, join, number, pcapOf, udp } from '../../testing/captures.ts';
import { validate } from '../../validate.ts';
import { validateFile } from '../../validate-file.ts';
import type { StreamOptions } from '../stream.ts';
import { readCapture } from './capture.ts';

const CASES = fileURLToPath(new URL('cases/', import.meta.url));

async function judged(name: string, options: StreamOptions = {}) {
  const { validation } = await validateFile(`${CASES}${name}.pcap`, options);
  const { verdict, findings, unread, statistics, facts, frames, missing, remarks } = validation;
  const found = findings.map(({ rule, frame }) => `${rule} ${frame}`);
  return { verdict, found, unread, statistics, facts, frames, missing, remarks };
}

/** Without keys nothing more can be said of a run in which nothing is wrong. */
const NOTHING_WRONG = { verdict: 'inconclusive', found: [], unread: [] };

describe('nobody is accused for', () => {
  it('frames in another order than their times, which is told', async () => {
    const control = await judged('in-order');
    expect(control).toMatchObject({ ...NOTHING_WRONG, facts: [], remarks: [] });
    expect(await judged('order-response-first')).toMatchObject({
      ...NOTHING_WRONG,
      missing: control.missing,
      facts: [{ kind: 'out-of-order', frames: 1, first: 4, sorted: true }],
      remarks: [{ message: expect.stringMatching(/^1 frame stands behind one with a later time, by/u) }],
    });
  });

  it('a copy of a message that was altered on its way', async () => {
    expect(await judged('copy-altered-in-body')).toMatchObject({
      ...NOTHING_WRONG,
      statistics: { notAuthentic: 1 },
    });
  });

  it('fragments that are seen twice', async () => {
    expect(await judged('fragments-twice')).toMatchObject({ ...NOTHING_WRONG, frames: { fragments: 3 } });
  });

  it('two senders to a group', async () => {
    const control = { found: [], verdict: 'conformant' };
    expect(await judged('esp-two-senders')).toMatchObject({ ...control, statistics: { espSas: 2 } });
  });

  it('what ICMP quotes', async () => {
    expect(await judged('icmp-quotes-ike')).toMatchObject({ ...NOTHING_WRONG, frames: { other: 1 } });
  });
});

it('an IKE_SA_INIT that is sent again counts', async () => {
  expect(await judged('init-retransmitted')).toMatchObject({
    ...NOTHING_WRONG,
    statistics: { repeated: 1, retransmitted: 1 },
  });
});

describe('IKE on another port', () => {
  it('is named, and the ports that were looked at are', async () => {
    const { verdict, missing, facts, remarks } = await judged('ike-other-port');
    expect(verdict).toBe('inconclusive');
    expect(missing[0]).toMatch(/6 frames with IKE on UDP port 4501.*--decode-as udp.port=4501/u);
    expect(facts).toMatchObject([{ kind: 'passed-over', frames: 6, first: 1, mayHide: true }]);
    expect(remarks[0]?.message).toMatch(/^UDP ports 500 and 4500, TCP port 4500/u);
  });

  it('is read if the port is named', async () => {
    const ports = { udp: new Set([4501]), tcp: new Set<number>() };
    const { missing, ...rest } = await judged('ike-other-port', { ports });
    expect(rest).toMatchObject({ ...NOTHING_WRONG, statistics: { ikeMessages: 6 } });
    expect(missing).toEqual((await judged('in-order')).missing);
  });
});

describe('a number that is used twice is found', () => {
  it.each([
    ['in AH', 'esp-in-ah', 2],
    ['in GRE', 'esp-in-gre', 0],
    ['in PPPoE', 'esp-in-pppoe', 0],
  ])('%s', async (_, name, ahPackets) => {
    expect(await judged(name)).toMatchObject({
      verdict: 'violates',
      found: ['RFC4303-3.3.3-NEVER-REPEAT 3'],
      statistics: { espPackets: 3, ahPackets },
    });
  });

  it('in AH itself, whose numbers are replay counters too', () => {
    const ah = (sequence: number, content: string): Uint8Array =>
      ipv4(51, join(hex('3b04 0000 00003000'), number(sequence, 4), hex(content.repeat(16))));
    const { events } = readCapture(
      'a',
      pcapOf([ah(7, 'aa'), ah(7, 'bb'), ah(8, 'cc'), ah(8, 'cc')]),
      NO_KEYS,
    );
    const { findings, statistics } = validate(events);
    expect(findings).toMatchObject([
      {
        rule: 'RFC4303-3.3.3-NEVER-REPEAT',
        frame: 2,
        message: expect.stringMatching(/^AH sequence number 7/u),
      },
    ]);
    expect(statistics).toMatchObject({ espPackets: 0, ahPackets: 4, espSas: 1, repeated: 1 });
  });
});

describe('what cannot concern an IKE SA takes nothing away from its findings', () => {
  it.each([
    ['unasked-response', 7, undefined],
    ['unasked-response-and-ikev1', 8, 'IKE version 1'],
    ['unasked-response-and-probe', 8, 'a datagram of UDP port 500 or 4500 that is too short for IKE and ESP'],
  ])('%s', async (name, frame, what) => {
    const { facts, ...rest } = await judged(name);
    expect(rest).toMatchObject({
      verdict: 'violates',
      found: [`RFC7296-2.2-RESPONSE-ID ${frame}`],
      unread: [],
    });
    expect(facts).toMatchObject(what === undefined ? [] : [{ what, frames: 1, first: 1, mayHide: false }]);
  });

  it('what can does', () => {
    const octets = new Uint8Array(readFileSync(`${CASES}unasked-response.pcap`));
    const { events } = readCapture('a', octets, NO_KEYS);
    const verdict = (concern?: Parameters<typeof withUnread>[1]) => withUnread(events, concern).verdict;
    const [first] = events;
    const sa = events.at(-1)?.sa ?? '';
    expect(verdict()).toBe('inconclusive');
    expect(verdict({ kind: 'ike', sa })).toBe('inconclusive');
    expect(verdict({ kind: 'ike', sa: first?.sa ?? '' })).toBe('inconclusive');
    expect(verdict({ kind: 'hosts', hosts: ['192.0.2.1', '192.0.2.2'] })).toBe('inconclusive');
    expect(verdict({ kind: 'ike', sa: `${'9'.repeat(16)}:${'8'.repeat(16)}` })).toBe('violates');
    expect(verdict({ kind: 'hosts', hosts: ['192.0.2.1', '198.51.100.1'] })).toBe('violates');
    expect(verdict({ kind: 'esp' })).toBe('violates');
  });
});

const withUnread = (
  events: ReturnType<typeof readCapture>['events'],
  concern?: NonNullable<NonNullable<Parameters<typeof validate>[1]>['unread']>[number]['concern'],
) =>
  validate(events, {
    unread: [{ file: 'a', at: 1, reason: 'x', ...(concern !== undefined && { concern }) }],
  });

it("Wireshark's own table of keys refuses nothing that it is not for", async () => {
  expect(await judged('in-order', { keys: [`${CASES}wireshark-keys.csv`] })).toMatchObject(NOTHING_WRONG);
});

it('a stranger on port 4500 leaves a verdict as it is', () => {
  const events = (frames: readonly Uint8Array[]) => {
    const { facts, unread, events: read } = readCapture('a', pcapOf(frames), NO_KEYS);
    return validate(read, { unread, observed: { facts } });
  };
  const esp = (sequence: number) =>
    ipv4(17, udp(4500, 4500, join(hex('c0000001'), number(sequence, 4), hex('ab'.repeat(24)))));
  const strangers = ['ff', '0a', '', '000000', '00000000', '00000000ff'].map((octets) =>
    ipv4(17, udp(50_000, 4500, hex(octets))),
  );
  expect(events([esp(1), ...strangers, esp(2)])).toMatchObject({ verdict: 'conformant', unread: [] });
});
