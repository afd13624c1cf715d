import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../cli/options.ts';
import type { Event } from '../../events/event.ts';
import { isEvent } from '../../events/event-check.ts';
import { validate } from '../../validate.ts';
import { formatOf, TRACE_FORMATS } from '../format.ts';
import { logsPage } from './logs-page.ts';
import { LOG_FORMATS, logFormat } from './registry.ts';

/** The events of a text, in the format that it is found to be in. */
function read(text: string, observer = 'here') {
  const format = formatOf('a', Buffer.from(text));
  const events: Event[] = [];
  const reader = new (logFormat(format)!.Reader)('a', observer, { take: (event) => events.push(event) });
  reader.push(Buffer.from(text));
  const counts = reader.end();
  // Lines are no part of the schema of events: they are those of this file.
  const told = events.map(({ line: _, ...event }) => event);
  expect(told.filter((event) => !isEvent(event))).toEqual([]);
  return { format, events: told as readonly Event[], ...counts };
}

/** `sent initiator IKE_SA_INIT request 0` */
const told = (events: readonly Event[]): readonly string[] =>
  events.flatMap((event) =>
    'message' in event && event.message.kind === 'ike'
      ? [
          `${event.event} ${event.from ?? '?'} ${event.message.exchange} ${event.message.response ? 'response' : 'request'} ${event.message.id}`,
        ]
      : [],
  );

describe('the registry of logs', () => {
  it('is what the page prints, and what --format takes', async () => {
    await expect(logsPage()).toMatchFileSnapshot('../../../../docs/logs.md');
    expect(FORMATS).toEqual(TRACE_FORMATS);
  });

  it('has each format once, by a short name', () => {
    const names = LOG_FORMATS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { shows, cannotShow } of LOG_FORMATS)
      expect([shows.length > 0, cannotShow.length > 0]).toEqual([true, true]);
  });
});

describe('output of Cisco', () => {
  const packet = (way: 'Sending' | 'Received', exchange: string, kind: string, id: number): string => {
    const [to, from] = way === 'Sending' ? ['To', 'From'] : ['From', 'To'];
    return `Jun 12 09:49:2${id}.788: IKEv2:(SESSION ID = 1,SA ID = 5):${way} Packet [${to} 198.51.100.1:500/${from} 192.0.2.1:500/VRF i0:f0]
Initiator SPI : A47449A2BD1AE71A - Responder SPI : 5A1E2DF2291B6E9D Message id: ${id}
IKEv2 ${exchange} Exchange ${kind}
Payload contents:
`;
  };

  it('tells exchange, direction and Message ID', () => {
    const text = [
      packet('Sending', 'IKE_SA_INIT', 'REQUEST', 0),
      packet('Received', 'IKE_SA_INIT', 'RESPONSE', 0),
      packet('Sending', 'IKE_AUTH', 'REQUEST', 1),
      packet('Received', 'IKE_AUTH', 'RESPONSE', 1),
      packet('Received', 'INFORMATIONAL', 'REQUEST', 0),
    ].join('');
    const { format, events, unread } = read(text);
    expect({ format, unread }).toEqual({ format: 'cisco', unread: [] });
    expect(told(events)).toEqual([
      'sent initiator IKE_SA_INIT request 0',
      'received responder IKE_SA_INIT response 0',
      'sent initiator IKE_AUTH request 1',
      'received responder IKE_AUTH response 1',
      'received responder INFORMATIONAL request 0',
    ]);
    expect(events[0]).toMatchObject({
      sa: 'a47449a2bd1ae71a:5a1e2df2291b6e9d',
      source: '192.0.2.1:500',
      destination: '198.51.100.1:500',
    });
  });

  it('of an ASA, which breaks no line after the exchange', () => {
    const text = `IKEv2-PROTO-4: (23): Received Packet [From 198.51.100.1:500/To 192.0.2.1:500/VRF i0:f0]
(23): Initiator SPI : A47449A2BD1AE71A - Responder SPI : 5A1E2DF2291B6E9D Message id: 2
(23): IKEv2 INFORMATIONAL Exchange REQUESTIKEv2-PROTO-5: (23): Next payload: ENCR, version: 2.0 (23): Exchange type: INFORMATIONAL, flags: INITIATOR (23): Message id: 2, length: 76
`;
    const { events, unread } = read(text);
    expect(unread).toEqual([]);
    expect(events).toMatchObject([{ event: 'received', message: { exchange: 'INFORMATIONAL', id: 2 } }]);
  });

  it('in its older form, and with a message that is cut off', () => {
    const { events, unread } =
      read(`*Nov 11 19:30:34.811: IKEv2:Tx [L 192.0.2.1:500/R 198.51.100.1:500/VRF i0:f0] m_id: 0x0
*Nov 11 19:30:34.811: IKEv2:HDR[i:F074D8BBD5A59F0B - r: 0000000000000000]
*Nov 11 19:30:34.811: IKEv2:Next payload: SA, version: 2.0 Exchange type: IKE_SA_INIT, flags: INITIATOR Message id: 0, length: 344
*Nov 11 19:30:35.811: IKEv2:Rx [L 192.0.2.1:500/R 198.51.100.1:500/VRF i0:f0] m_id: 0x0
`);
    expect(told(events)).toEqual(['sent initiator IKE_SA_INIT request 0']);
    expect(unread.map(({ at }) => at)).toEqual([4]);
  });
});

describe('output of FortiOS', () => {
  it('tells exchange, direction and Message ID', () => {
    const { format, events, unread } = read(`ike 0: comes 198.51.100.1:500->192.0.2.1:500,ifindex=4,vrf=0....
ike 0: IKEv2 exchange=SA_INIT id=a47449a2bd1ae71a/0000000000000000 len=472
ike 0:vpn:94: sent IKE msg (SA_INIT_RESPONSE): 192.0.2.1:500->198.51.100.1:500, len=432, vrf=0, id=a47449a2bd1ae71a/5a1e2df2291b6e9d
ike 0: comes 198.51.100.1:4500->192.0.2.1:4500,ifindex=4,vrf=0....
ike 0: IKEv2 exchange=AUTH id=a47449a2bd1ae71a/5a1e2df2291b6e9d:00000001 len=240
ike 0:vpn:94: sent IKE msg (AUTH_RESPONSE): 192.0.2.1:4500->198.51.100.1:4500, len=240, vrf=0, id=a47449a2bd1ae71a/5a1e2df2291b6e9d:00000001
ike 0:vpn:94: sent IKE msg (RETRANSMIT_INFORMATIONAL): 192.0.2.1:4500->198.51.100.1:4500, len=80, vrf=0, id=a47449a2bd1ae71a/5a1e2df2291b6e9d:0000000a
ike 0: IKEv2 exchange=NOVELTY id=a47449a2bd1ae71a/5a1e2df2291b6e9d:00000002 len=240
ike 0:vpn:94: sent IKE msg (keepalive): 192.0.2.1:4500->198.51.100.1:4500, len=1, id=ff00000000000000/0000000000000000
`);
    expect(format).toBe('fortios');
    expect(told(events)).toEqual([
      'received initiator IKE_SA_INIT request 0',
      'sent responder IKE_SA_INIT response 0',
      'received initiator IKE_AUTH request 1',
      'sent responder IKE_AUTH response 1',
      'sent responder INFORMATIONAL request 10',
    ]);
    expect(events.map(({ sa }) => sa).at(-1)).toBe('a47449a2bd1ae71a:5a1e2df2291b6e9d');
    expect(unread).toMatchObject([{ at: 8, told: true }]);
  });
});

describe('a log of iked', () => {
  it('tells retransmissions, and lines of older versions', () => {
    const { format, events, unread } =
      read(`Jun  6 07:42:54 gw2 iked[18026]: spi=0xa51ee4a19e49248a: send INFORMATIONAL req 2 peer 192.0.2.1:4500 local 192.0.2.2:4500, 80 bytes, NAT-T
Jun  6 07:42:56 gw2 iked[18026]: spi=0xa51ee4a19e49248a: retransmit 1 INFORMATIONAL req 2 peer 192.0.2.1:4500 local 192.0.2.2:4500
Jun  6 07:42:57 gw2 iked[18026]: ikev2_recv: INFORMATIONAL response from responder 192.0.2.1:4500 to 192.0.2.2:4500 policy 'p' id 2, 80 bytes
Jun  6 07:42:58 gw2 iked[18026]: spi=0xa51ee4a19e49248a: odd INFORMATIONAL req 3
`);
    expect(format).toBe('iked');
    expect(told(events)).toEqual([
      'sent ? INFORMATIONAL request 2',
      'sent ? INFORMATIONAL request 2',
      'received ? INFORMATIONAL response 2',
    ]);
    expect(unread).toMatchObject([{ at: 4, told: true }]);
  });
});

describe('a log of pluto', () => {
  const header = (
    what: 'parse' | 'emit',
    exchange: string,
    flags: string,
    id: number,
  ): string => `| **${what} ISAKMP Message:
|    initiator SPI: a4 74 49 a2  bd 1a e7 1a
|    responder SPI: 5a 1e 2d f2  29 1b 6e 9d
|    next payload type: ISAKMP_NEXT_v2SK (0x2e)
|    ISAKMP version: IKEv2 version 2.0 (rfc4306/rfc5996) (0x20)
|    exchange type: ${exchange}
|    flags: ${flags}
|    Message ID: ${id} (00 00 00 0${id})
|    length: 80 (00 00 00 50)
`;

  it('with plutodebug tells the header of every message', () => {
    const text = `| ${''}*received 80 bytes from 192.0.2.3:4500 on eth0 192.0.2.1:4500 using UDP
${header('parse', 'ISAKMP_v2_INFORMATIONAL (0x25)', 'ISAKMP_FLAG_v2_IKE_INIT (0x8)', 2)}${header('emit', 'ISAKMP_v2_INFORMATIONAL (0x25)', 'ISAKMP_FLAG_v2_MSG_RESPONSE (0x20)', 2)}| sending 80 bytes for reply packet through eth0 from 192.0.2.1:4500 to 192.0.2.3:4500 using UDP (for #1)
`;
    const { format, events, unread, remarks } = read(text);
    expect({ format, unread }).toEqual({ format: 'pluto', unread: [] });
    expect(told(events)).toEqual([
      'received initiator INFORMATIONAL request 2',
      'sent responder INFORMATIONAL response 2',
    ]);
    expect(events[1]).toMatchObject({ source: '192.0.2.1:4500', sa: 'a47449a2bd1ae71a:5a1e2df2291b6e9d' });
    expect(remarks.join()).not.toMatch(/plutodebug/u);
  });

  it('of Libreswan 3 has SPIs on lines of their own, and Message IDs as octets', () => {
    const old = (what: 'parse' | 'emit', flags: string): string => `| **${what} ISAKMP Message:
|    initiator cookie:
|   a4 74 49 a2  bd 1a e7 1a
|    responder cookie:
|   5a 1e 2d f2  29 1b 6e 9d
|    next payload type: ISAKMP_NEXT_v2SK (0x2e)
|    ISAKMP version: IKEv2 version 2.0 (rfc4306/rfc5996) (0x20)
|    exchange type: ISAKMP_v2_INFORMATIONAL (0x25)
|    flags: ${flags}
|    message ID:  00 00 00 1f
|    length: 76 (0x4c)
`;
    const { format, events, unread } = read(`| *received 76 bytes from 192.0.2.3:4500 on eth0 (port=4500)
${old('parse', 'ISAKMP_FLAG_v2_IKE_INIT (0x8)')}${old('emit', 'ISAKMP_FLAG_v2_MSG_RESPONSE (0x20)')}| sending 76 bytes for ikev2_process_encrypted through eth0:4500 to 192.0.2.3:4500 (using #1)
`);
    expect({ format, unread }).toEqual({ format: 'pluto', unread: [] });
    expect(told(events)).toEqual([
      'received initiator INFORMATIONAL request 31',
      'sent responder INFORMATIONAL response 31',
    ]);
    expect(events).toMatchObject([
      { source: '192.0.2.3:4500', sa: 'a47449a2bd1ae71a:5a1e2df2291b6e9d' },
      { destination: '192.0.2.3:4500' },
    ]);
  });

  it('says that a request was never answered', () => {
    const { remarks } = read(`Nov  8 10:27:04.5: "a" #1: sent IKE_SA_INIT request to 192.0.2.3:500
Nov  8 10:28:04.5: "a" #1: STATE_V2_PARENT_I1: 60 second timeout exceeded after 7 retransmits.  No response
`);
    expect(remarks.join()).toMatch(
      /line 2: a request of here was never answered in 60 s.*after 7 retransmits/u,
    );
  });

  it('at its usual level tells what it can, and that it is not all', () => {
    const { format, events, unread } = read(`Nov  8 10:27:04.4: "a" #1: initiating IKEv2 connection
Nov  8 10:27:04.5: "a" #1: sent IKE_SA_INIT request to 192.0.2.3:500
Nov  8 10:27:04.6: "a" #1: sent IKE_AUTH request {cipher=AES_GCM_16_256 integ=n/a prf=HMAC_SHA2_512 group=MODP2048}
Nov  8 10:28:28.5: "a" #1: INFORMATIONAL request has duplicate Message ID 0 but it is older than last response (2); message dropped
`);
    expect(format).toBe('pluto');
    expect(told(events)).toEqual([
      'sent initiator IKE_SA_INIT request 0',
      'sent initiator IKE_AUTH request 1',
      'dropped responder INFORMATIONAL request 0',
    ]);
    expect(unread.length).toBeGreaterThan(0);
    expect(validate(events, { unread })).toMatchObject({ verdict: 'inconclusive', findings: [] });
  });
});

describe('a log of ikemgr', () => {
  it('tells Child SA negotiations, and that it is not all', () => {
    const { format, events, unread } =
      read(`2026-02-07 12:03:20.000 +0000  [PNTF]: {    1:     }: ====> IKEv2 CHILD SA NEGOTIATION STARTED AS INITIATOR, rekey; tunnel t <====
====> Initiated SA: 192.0.2.1[500]-198.51.100.1[500] message id:0x0000000A parent SN:4 <====
2026-02-07 12:03:20.100 +0000  [PNTF]: {    1:    1}: ====> IKEv2 CHILD SA NEGOTIATION SUCCEEDED AS INITIATOR, rekey; tunnel t <====
====> Established SA: 192.0.2.1[500]-198.51.100.1[500] message id:0x0000000A, SPI:0xB8F2F4F9/0xC6C6BC02 parent SN:4 <====
`);
    expect(format).toBe('ikemgr');
    expect(told(events)).toEqual([
      'sent ? CREATE_CHILD_SA request 10',
      'received ? CREATE_CHILD_SA response 10',
    ]);
    expect(unread).toMatchObject([{ told: true }]);
  });
});

describe('text printed by tcpdump', () => {
  it('with -vv tells Message IDs and SPIs', () => {
    const { format, events, unread } =
      read(`12:00:00.100000 IP (tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto UDP (17), length 108)
    192.0.2.1.500 > 192.0.2.2.500: isakmp 2.0 msgid 00000002 cookie a47449a2bd1ae71a->5a1e2df2291b6e9d: child_sa  inf2[I]: (v2e: len=52)
12:00:00.200000 IP (tos 0x0, ttl 64, id 2, offset 0, flags [DF], proto UDP (17), length 108)
    192.0.2.2.ipsec-nat-t > 192.0.2.1.ipsec-nat-t: [udp sum ok] NONESP-encap: isakmp 2.0 msgid 00000002 cookie a47449a2bd1ae71a->5a1e2df2291b6e9d: child_sa  inf2[R]: (v2e: len=52)
12:00:01.000000 IP6 2001:db8::1.4500 > 2001:db8::2.4500: UDP-encap: ESP(spi=0x5581e1a4,seq=0x4), length 120
`);
    expect({ format, unread }).toEqual({ format: 'tcpdump', unread: [] });
    expect(told(events)).toEqual([
      'seen initiator INFORMATIONAL request 2',
      'seen responder INFORMATIONAL response 2',
    ]);
    expect(events).toMatchObject([
      { time: 43200.1, source: '192.0.2.1:500', sa: 'a47449a2bd1ae71a:5a1e2df2291b6e9d' },
      { source: '192.0.2.2:4500' },
      { destination: '[2001:db8::2]:4500', message: { spi: '5581e1a4', sequence: 4 } },
    ]);
  });
});

describe('text printed by tcpdump of AH', () => {
  it('tells its numbers, and those of what it protects', () => {
    const ah = 'IP 192.0.2.1 > 192.0.2.2: AH(spi=0x5581e1a4';
    const { format, events } = read(`22:29:33.251813 ${ah},seq=0x4): ESP(spi=0x5581e1a5,seq=0x7), length 120
22:29:34.251813 ${ah},sumlen=16,seq=0x5,icv=0x0011): ICMP echo request, id 1, seq 1, length 64
`);
    expect(format).toBe('tcpdump');
    expect(events).toMatchObject([
      { message: { protocol: 'ah', spi: '5581e1a4', sequence: 4 } },
      { message: { spi: '5581e1a5', sequence: 7 } },
      { message: { protocol: 'ah', sequence: 5 } },
    ]);
  });

  it.each([
    ['0 packets dropped by kernel', 'conformant'],
    ['5 packets dropped by kernel', 'inconclusive'],
    ['1 packet dropped by interface', 'inconclusive'],
  ])('that ends with "%s" is %s', (said, verdict) => {
    const packet = '22:29:33.251813 IP 192.0.2.1 > 192.0.2.2: ESP(spi=0x5581e1a5,seq=0x7), length 120';
    const { events, unread } = read(`${packet}\n2 packets captured\n7 packets received by filter\n${said}\n`);
    expect(validate(events, { unread }).verdict).toBe(verdict);
  });
});

describe('a log that was handed on', () => {
  const control = readFileSync(new URL('cases/ok-control.log', import.meta.url), 'utf8');
  const plain = read(control).events;

  it('in a mail has its lines quoted and broken', () => {
    const broken = control
      .split('\n')
      .flatMap((line) => {
        const at = line.lastIndexOf(' ', 76);
        return line.length > 78 ? [line.slice(0, at), line.slice(at + 1)] : [line];
      })
      .map((line) => `> ${line}`)
      .join('\r\n');
    expect(read(broken).events).toEqual(plain);
    expect(read(control.replaceAll('[ENC] ', '[ENC]\n')).events).toEqual(plain);
  });

  it('in the journal is the same in any of its forms', () => {
    const entries = control
      .trim()
      .split('\n')
      .map((line) => {
        const [, thread, group, said] = /(\d+)\[(\w+)\] <gw\|1> (.*)$/u.exec(line) ?? [];
        return JSON.stringify({
          __REALTIME_TIMESTAMP: '1793700000000000',
          SYSLOG_IDENTIFIER: 'charon-systemd',
          ...{ _PID: '7', THREAD: thread, GROUP: group, IKE_SA_UNIQUE_ID: '1', IKE_SA_NAME: 'gw' },
          MESSAGE: [...Buffer.from(said ?? '')],
        });
      });
    const { events } = read(entries.join('\n'));
    expect(events.map(({ time, ...rest }) => rest)).toEqual(plain.map(({ time, ...rest }) => rest));
    expect(events[0]?.time).toBe(1_793_700_000);
  });

  it.each([
    ['Nov  3 10:00:50 gw1 rsyslogd: imuxsock[pid 7]: begin to drop messages due to rate-limiting', 1],
    ['[...]', 1],
    ['Nov  3 10:00:50 05[IKE] <gw|1> CREATE_CHILD_SA request 3 has an unheard-of property', 1],
    ['Nov  3 10:00:50 05[IKE] <gw|1> sending DPD request', 0],
    ['Nov  3 10:00:50 05[ENC] <gw|1> generating NOVELTY request 3 [ SA ]', 1],
  ])('has a hole where it says "%s"', (line, gaps) => {
    const at = control.indexOf('Nov  3 10:01:01');
    const { events, unread } = read(`${control.slice(0, at)}${line}\n${control.slice(at)}`);
    expect(unread.filter((each) => each.told === true)).toHaveLength(gaps);
    expect(events.filter(({ event }) => event === 'gap')).toHaveLength(gaps);
    const { verdict, findings } = validate(events, { unread });
    expect(verdict).toBe(gaps === 0 ? 'conformant' : 'inconclusive');
    expect(findings.filter(({ condition }) => condition === undefined)).toEqual([]);
  });

  it('out of order says so', () => {
    const lines = control.trim().split('\n');
    const { events, unread, remarks } = read([...lines.slice(9), ...lines.slice(0, 9)].join('\n'));
    expect(remarks.join()).toMatch(/the times go back at line \d+/u);
    expect(validate(events, { unread }).findings).toEqual([]);
  });
});

describe('a hole', () => {
  const control = readFileSync(new URL('cases/ok-control.log', import.meta.url), 'utf8');
  const { events } = read(control);
  const wrong = events.filter(
    (event) => !('message' in event && event.message.kind === 'ike' && event.message.id === 2),
  );

  it('forbids a violation under its IKE SA, and under no other', () => {
    // By the log alone: a line that is not there may be what is missing.
    expect(validate(wrong).verdict).toBe('inconclusive');
    const verdictOn = (events: readonly Event[]) => validate(events, { complete: true }).verdict;
    expect(verdictOn(wrong)).toBe('violates');
    const at = wrong.findIndex(
      (event) =>
        'message' in event && event.message.kind === 'ike' && event.message.exchange === 'INFORMATIONAL',
    );
    const gap = (sa: string): Event => ({ event: 'gap', sa, reason: 'a line' });
    const own = '0000000000000001:0000000000000001';
    expect(verdictOn(wrong.toSpliced(at, 0, gap(own)))).toBe('inconclusive');
    expect(verdictOn([gap(own), ...wrong])).toBe('inconclusive');
    expect(verdictOn(wrong.toSpliced(at, 0, gap('0000000000000002:0000000000000002')))).toBe('violates');
    // A log may say late that it is missing something.
    expect(verdictOn([...wrong, gap(own)])).toBe('inconclusive');
  });
});
