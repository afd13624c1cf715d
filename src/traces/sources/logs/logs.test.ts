/** Logs in the forms in which people paste them: each has the verdict that what it shows allows. */
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Validation } from '../../findings/finding.ts';
import { TRACES } from '../../testing/captures.ts';
import { validateFile } from '../../validate-file.ts';
import { validateTogether } from '../../validate-together.ts';

const CASES = fileURLToPath(new URL('cases/', import.meta.url));

const judged = async (name: string): Promise<Validation> =>
  (await validateFile(`${CASES}${name}`)).validation;

const rulesOf = ({ findings }: Validation): readonly string[] => findings.map(({ rule }) => rule);

const notesOf = ({ remarks }: Validation): string => remarks.map(({ message }) => message).join('\n');

/** The verdict on each, its findings by rule, and what is said besides. */
const cases: readonly {
  readonly file: string;
  readonly verdict: Validation['verdict'];
  readonly rules?: readonly string[];
  readonly missing?: RegExp;
  readonly note?: RegExp;
  readonly not?: RegExp;
  readonly messages?: number;
}[] = [
  { file: 'ok-control.log', verdict: 'conformant', messages: 12 },
  { file: 'ok-restart.log', verdict: 'conformant', messages: 24 },
  { file: 'repeated-lines.log', verdict: 'conformant', messages: 12 },
  { file: 'reversed.log', verdict: 'conformant', messages: 12, note: /the times descend/u },
  { file: 'false-pqc.log', verdict: 'conformant', messages: 18 },
  { file: 'intermediate-charon.log', verdict: 'conformant', messages: 6 },
  { file: 'swanctl-console.log', verdict: 'conformant', messages: 4 },
  { file: 'false-three-digit-threads.log', verdict: 'conformant', messages: 16 },
  { file: 'false-net-silent.log', verdict: 'conformant', messages: 12 },
  {
    file: 'false-journal-suppressed.log',
    verdict: 'inconclusive',
    missing: /line 18 .*Suppressed 120 messages/u,
    messages: 12,
  },
  {
    file: 'false-two-sas-mid.log',
    verdict: 'inconclusive',
    missing: /to which IKE SA of several it belongs/u,
    not: /8\.3-INCONSISTENT/u,
  },
  {
    file: 'charon-journald-triple.log',
    verdict: 'inconclusive',
    missing: /to which IKE SA of several it belongs/u,
    not: /--role/u,
  },
  {
    file: 'charon-in-order-ignored-old.log',
    verdict: 'conformant',
    note: /expects request 0, though it has answered request 1[\s\S]*the responder drops request 2 of the initiator, which it could have acted on/u,
  },
  { file: 'charon-processing-failed.log', verdict: 'conformant', not: /does not tell of which message/u },
  { file: 'charon-both-nodes-master.log', verdict: 'conformant', note: /request 2 .* never answered/u },
  { file: 'charon-both-nodes-backup.log', verdict: 'conformant', note: /request 2 .* never answered/u },
  { file: 'charon-ha-failover.log', verdict: 'conformant', messages: 2 },
  { file: 'charon-ha-member-a.log', verdict: 'conformant', messages: 6 },
  { file: 'charon-ha-member-b-naive.log', verdict: 'conformant', not: /--role/u },
  { file: 'enc-only-mid.log', verdict: 'conformant', messages: 7, not: /--role/u },
  {
    file: 'iked-rekey.log',
    verdict: 'inconclusive',
    missing: /contents of IKE_AUTH.*: a capture, with its keys/u,
    messages: 6,
  },
  {
    file: 'cisco-window.log',
    verdict: 'inconclusive',
    note: /outside its window/u,
    messages: 2,
    not: /--role/u,
  },
  { file: 'pluto-crossing.log', verdict: 'inconclusive', missing: /pluto does not tell of every message/u },
  {
    file: 'tcpdump.txt',
    verdict: 'inconclusive',
    missing: /octets of ESP packets.* number 2 of SPI 91a50440/u,
    note: /prints Message IDs with -v/u,
  },
  { file: 'fortios-retransmit.txt', verdict: 'inconclusive', missing: /contents of IKE_AUTH/u, messages: 7 },
  { file: 'ikemgr-child.txt', verdict: 'inconclusive', missing: /ikemgr does not tell of every message/u },
  { file: 'xfrm-oseq-back.txt', verdict: 'violates', rules: ['RFC4303-3.3.3-NEVER-REPEAT'] },
  { file: 'xfrm-node-a.txt', verdict: 'inconclusive' },
  {
    file: 'xfrm-node-b.txt',
    verdict: 'inconclusive',
    note: /dropped 6 packets of SPI 00000003 .* as replays/u,
  },
];

/** One and the same run, in every form in which it is written. */
const forms = [
  'fmt-ipsec-up-bare.log',
  'fmt-journal-json.log',
  'fmt-journald-bare.log',
  'fmt-log-level-suffix.log',
  'fmt-map-level.log',
  'fmt-name-without-number.log',
  'fmt-rfc5424-opnsense.log',
  'fmt-swanctl-console.log',
  'fmt-trailing-space.log',
];

describe('a log as it is pasted', () => {
  it.each(cases)('$file is $verdict', async ({ file, verdict, rules = [], missing, note, not, messages }) => {
    const validation = await judged(file);
    expect({
      verdict: validation.verdict,
      rules: rulesOf(validation),
      missing: validation.missing,
    }).toMatchObject({
      verdict,
      rules,
    });
    if (missing !== undefined) expect(validation.missing.join('\n')).toMatch(missing);
    if (note !== undefined) expect(notesOf(validation)).toMatch(note);
    if (not !== undefined) {
      expect(
        [...validation.missing, notesOf(validation), ...validation.unread.map(({ reason }) => reason)].join(),
      ).not.toMatch(not);
    }
    if (messages !== undefined) expect(validation.statistics.ikeMessages).toBe(messages);
  });

  it.each(forms)('%s is what the same run is in any other form', async (file) => {
    const validation = await judged(file);
    expect(
      validation.findings.map(({ rule, actor, address, message }) => [rule, actor, address, message]),
    ).toEqual([
      [
        'RFC7296-2.2-NEXT-ID',
        'cluster',
        '192.0.2.2',
        expect.stringMatching(/^the responder uses Message ID 1 for a new request/u),
      ],
      [
        'RFC7296-2.3-EXPECTED-ID',
        'cluster',
        '192.0.2.2',
        expect.stringMatching(/^the responder does not answer request 3 of the initiator/u),
      ],
    ]);
    expect(validation).toMatchObject({
      unread: [],
      statistics: { ikeMessages: 16, retransmitted: 2, ikeSas: 1 },
    });
    expect(notesOf(validation)).toMatch(/line 40: request 3 of .* to 192\.0\.2\.2 was never answered/u);
  });

  it('of what tells no messages is refused, with what would be read', async () => {
    await expect(judged('statusall.txt')).rejects.toThrow(/in no format that is known/u);
    await expect(judged('statusall.txt')).rejects.toMatchObject({
      hint: expect.stringMatching(/pluto, charon.*ipsecha schema events/u),
    });
  });

  it('is a case here, if its file is', () => {
    const tested = [...cases.map(({ file }) => file), ...forms, 'statusall.txt'];
    expect(readdirSync(CASES).toSorted()).toEqual(tested.toSorted());
  });
});

describe('logs of several observers', () => {
  const together = async (...names: readonly string[]) =>
    (await validateTogether(names.map((name) => `${CASES}${name}`))).map(({ validation }) => validation);

  it('of two members of a cluster are one run', async () => {
    const [run, ...others] = await together('charon-ha-member-a.log', 'charon-ha-member-b-naive.log');
    expect(others).toEqual([]);
    expect(run).toMatchObject({ verdict: 'violates', statistics: { ikeSas: 1 } });
    expect(run?.findings.map(({ rule, actor, address }) => [rule, actor, address])).toEqual([
      ['RFC7296-2.2-NEXT-ID', 'cluster', '192.0.2.2'],
    ]);
  });

  it.each(['ike-rekey', 'ipv6'])(
    'of both ends of %s are one run, in which nobody is at fault',
    async (name) => {
      const paths = ['peer.log', 'clu.log'].map((log) => `${TRACES}${name}/${log}`);
      const [run, ...others] = await validateTogether(paths);
      expect(others).toEqual([]);
      expect(run?.validation.findings).toEqual([]);
    },
  );

  it('of both ends, in two formats, are one run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const paths = [join(folder, 'gw1.log'), join(folder, 'gw2.log')] as const;
    const line = (way: string, exchange: string, kind: string, id: number): string =>
      `Nov  3 10:00:0${id} gw2 iked[1]: spi=0xa51ee4a19e49248a: ${way} ${exchange} ${kind} ${id} peer 198.51.100.1:500 local 192.0.2.2:500, 80 bytes\n`;
    const other = [
      ['IKE_SA_INIT', 0],
      ['IKE_AUTH', 1],
      ['CREATE_CHILD_SA', 2],
    ] as const;
    const charon = ([exchange, id]: (typeof other)[number]): string =>
      `Nov  3 10:00:0${id} 05[ENC] generating ${exchange} request ${id} [ SA No ]
Nov  3 10:00:0${id} 05[NET] sending packet: from 198.51.100.1[500] to 192.0.2.2[500] (80 bytes)
Nov  3 10:00:0${id} 05[NET] received packet: from 192.0.2.2[500] to 198.51.100.1[500] (80 bytes)
Nov  3 10:00:0${id} 05[ENC] parsed ${exchange} response ${id} [ SA No ]
`;
    await writeFile(paths[0], other.map(charon).join(''));
    const lines = other.map(
      ([exchange, id]) => line('recv', exchange, 'req', id) + line('send', exchange, 'res', id),
    );
    await writeFile(paths[1], lines.join(''));
    const [run, ...others] = await validateTogether(paths);
    expect(others).toEqual([]);
    expect(run?.validation).toMatchObject({ findings: [], statistics: { ikeSas: 1, ikeMessages: 12 } });
  });

  it('of two boxes that each have an IKE SA of their own are two runs', async () => {
    const runs = await together('charon-both-nodes-master.log', 'charon-both-nodes-backup.log');
    expect(runs.map(({ verdict }) => verdict)).toEqual(['conformant', 'conformant']);
  });

  it('xfrm states of both ends show a sender that began again', async () => {
    const [run, ...others] = await together('xfrm-node-a.txt', 'xfrm-node-b.txt');
    expect(others).toEqual([]);
    expect(run?.verdict).toBe('violates');
    expect(run?.findings).toMatchObject([
      {
        rule: 'RFC4303-3.3.3-NEVER-REPEAT',
        address: '192.0.2.1',
        message: expect.stringMatching(
          /has sent 6, its receiver has received 5000, and has dropped 6 as replays/u,
        ),
      },
    ]);
  });
});

/** The lines of an ordinary session as other programs hand them on. */
describe('an ordinary session', () => {
  const lines = readFileSync(`${CASES}ok-control.log`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => /^Nov {2}3 (\S+) (\d\d\[\w+\]) (.*)$/u.exec(line) ?? [])
    .map(([, time = '', group = '', said = '']) => ({ time, group, said }));
  type Written = (line: (typeof lines)[number]) => string;
  const written: Readonly<Record<string, Written>> = {
    'ISO 8601 with a zone': ({ time, group, said }) =>
      `2026-11-03T${time}.123456+01:00 gw charon[812]: ${group} ${said}`,
    'charon-systemd': ({ time, group, said }) => `Nov 03 ${time} gw charon-systemd[812]: ${group} ${said}`,
    'RFC 5424': ({ time, group, said }) => `<30>1 2026-11-03T${time}Z gw charon 812 - - ${group} ${said}`,
    containers: ({ group, said }) => `strongswan-1  | ${group} ${said}`,
    Kubernetes: ({ time, group, said }) => `2026-11-03T${time}.123Z ${group} ${said}`,
    logcat: ({ time, group, said }) => `11-03 ${time}.123  1234  1250 I charon  : ${group} ${said}`,
    OpenWrt: ({ time, group, said }) => `Tue Nov  3 ${time} 2026 daemon.info ipsec: ${group} ${said}`,
    'fields between tabs': ({ time, group, said }) => `Nov 3 ${time}\tcharon\t812\t${group} ${said}`,
    'a table': ({ time, group, said }) => `"2026-11-03 ${time}","gw","${group} ${said}","info"`,
    'json-file of Docker': ({ group, said }) =>
      JSON.stringify({ log: `${group} ${said}\n`, stream: 'stdout' }),
    Elasticsearch: ({ time, group, said }) =>
      JSON.stringify({ _source: { '@timestamp': `2026-11-03T${time}.000Z`, message: `${group} ${said}` } }),
    'journalctl -o json-pretty': ({ group, said }) =>
      JSON.stringify({ ...journalEntry(group, said), _PID: '7' }, null, 2),
    'journalctl -o json-sse': ({ group, said }) => `data: ${JSON.stringify(journalEntry(group, said))}\n`,
    'journalctl -o export': ({ group, said }) =>
      Object.entries(journalEntry(group, said))
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    Markdown: ({ time, group, said }) => `> \`Nov  3 ${time} ${group} ${said}\``,
    'the source of a page': ({ time, group, said }) =>
      `Nov  3 ${time} ${group} ${said.replace('<', '&lt;').replace('>', '&gt;')}`,
    'a page with hard blanks': ({ time, group, said }) => `Nov\u00a0 3 ${time} ${group}\u00a0${said}`,
    'a table with its own quotation marks': ({ time, group, said }) =>
      `"2026-11-03T${time}.000Z","gw","charon: ${group} ${said}"`,
    colours: ({ time, group, said }) =>
      `\u001b[32mNov  3 ${time}\u001b[0m \u001b[1m${group}\u001b[0m ${said}`,
    'a name with blanks': ({ time, group, said }) =>
      `Nov  3 ${time} ${group} ${said.replace('<gw|1>', '<my gw (prod)|1>')}`,
    'a broken mail': ({ time, group, said }) => {
      const line = `> > Nov  3 ${time} ${group} ${said}`;
      const at = line.lastIndexOf(' ', 76);
      return line.length <= 76 ? line : `${line.slice(0, at)}\n> > ${line.slice(at + 1)}`;
    },
  };

  const journalEntry = (group: string, said: string): Readonly<Record<string, string>> => {
    const [, thread = '', name = ''] = /(\d+)\[(\w+)\]/u.exec(group) ?? [];
    const about = said.startsWith('<') ? { IKE_SA_NAME: 'gw', IKE_SA_UNIQUE_ID: '1' } : {};
    const message = said.replace(/^<\S+> /u, '');
    return {
      __REALTIME_TIMESTAMP: '1793700000000000',
      THREAD: thread,
      GROUP: name,
      ...about,
      MESSAGE: message,
    };
  };

  const verdictOn = async (text: string): Promise<Validation> => {
    const place = await mkdtemp(join(tmpdir(), 'logs-'));
    onTestFinished(() => rm(place, { recursive: true }));
    const path = join(place, 'gw.log');
    await writeFile(path, text);
    return (await validateFile(path)).validation;
  };

  it.each(Object.entries(written))('is read from %s', async (_, write) => {
    const { verdict, statistics } = await verdictOn(lines.map(write).join('\n'));
    expect([verdict, statistics.ikeMessages, statistics.ikeSas]).toEqual(['conformant', 12, 1]);
  });

  it('accuses nobody if any of its lines are missing without a word', async () => {
    const all = lines.map(({ time, group, said }) => `Nov  3 ${time} ${group} ${said}`);
    for (const count of [1, 2, 5]) {
      for (let at = 0; at + count <= all.length; at += 1) {
        const { verdict } = await verdictOn(all.toSpliced(at, count).join('\n'));
        expect([count, at, verdict]).not.toEqual([count, at, 'violates']);
      }
    }
  });

  it('has lines missing where rsyslog says so', async () => {
    const all = lines.map(({ time, group, said }) => `Nov  3 ${time} ${group} ${said}`);
    const lost = 'Nov  3 10:00:41 gw rsyslogd: imuxsock lost 120 messages from pid 811 due to rate-limiting';
    const { verdict, missing } = await verdictOn(all.toSpliced(13, 4, lost).join('\n'));
    expect([verdict, missing.join()]).toEqual(['inconclusive', expect.stringContaining('imuxsock lost 120')]);
  });

  const told = (thread: string, sa: string, ...said: readonly string[]): readonly string[] =>
    said.map((text) => `Nov  3 10:00:41 ${thread} ${sa} ${text}`);
  const sent = (host = '192.0.2.2') => `sending packet: from 198.51.100.1[500] to ${host}[500] (80 bytes)`;
  const came = (host = '192.0.2.2') => `received packet: from ${host}[500] to 198.51.100.1[500] (80 bytes)`;

  it('keeps what one thread does for one IKE SA after another apart', async () => {
    const rekeyed = [
      ...told('12[ENC]', '<gw|1>', 'generating CREATE_CHILD_SA request 4 [ SA No KE ]'),
      ...told('12[NET]', '<gw|1>', sent(), came()),
      ...told('12[ENC]', '<gw|1>', 'parsed CREATE_CHILD_SA response 4 [ SA No KE ]'),
      ...told('12[IKE]', '<gw|2>', 'IKE_SA gw[2] rekeyed between 198.51.100.1[a]...192.0.2.2[b]'),
      ...told('12[ENC]', '<gw|1>', 'generating INFORMATIONAL request 5 [ D ]'),
      ...told('12[NET]', '<gw|1>', sent(), came()),
      ...told('12[ENC]', '<gw|1>', 'parsed INFORMATIONAL response 5 [ ]'),
      ...told('12[ENC]', '<gw|2>', 'generating INFORMATIONAL request 0 [ ]'),
      ...told('12[NET]', '<gw|2>', sent(), came()),
      ...told('12[ENC]', '<gw|2>', 'parsed INFORMATIONAL response 0 [ ]'),
    ];
    const all = lines.map(({ time, group, said }) => `Nov  3 ${time} ${group} ${said}`);
    const text = [...all, ...rekeyed].join('\n').replaceAll('10:00:41 12', '10:02:00 12');
    const { verdict, findings, statistics } = await verdictOn(text);
    expect([verdict, findings, statistics.ikeSas]).toEqual(['conformant', [], 2]);
  });

  it('may be sent to another host, and begin anew there (RFC 5685)', async () => {
    const host = '203.0.113.5';
    const text = [
      ...told('05[IKE]', '<gw|1>', 'initiating IKE_SA gw[1] to 192.0.2.2'),
      ...told('05[ENC]', '<gw|1>', 'generating IKE_SA_INIT request 0 [ SA KE No N(REDIR_SUP) ]'),
      ...told('05[NET]', '<gw|1>', sent(), came()),
      ...told('05[ENC]', '<gw|1>', 'parsed IKE_SA_INIT response 0 [ N(REDIR) ]'),
      ...told('05[IKE]', '<gw|1>', `initiating IKE_SA gw[1] to ${host}`),
      ...told('05[ENC]', '<gw|1>', 'generating IKE_SA_INIT request 0 [ SA KE No N(REDIR_FROM) ]'),
      ...told('05[NET]', '<gw|1>', sent(host), came(host)),
      ...told('05[ENC]', '<gw|1>', 'parsed IKE_SA_INIT response 0 [ SA KE No ]'),
      ...told('05[ENC]', '<gw|1>', 'generating IKE_AUTH request 1 [ IDi AUTH ]'),
      ...told('05[NET]', '<gw|1>', sent(host), came(host)),
      ...told('05[ENC]', '<gw|1>', 'parsed IKE_AUTH response 1 [ IDr AUTH ]'),
    ].join('\n');
    expect(await verdictOn(text)).toMatchObject({ verdict: 'conformant', findings: [] });
  });

  it('may be resumed, which is a beginning (RFC 5723)', async () => {
    const text = lines
      .map(({ time, group, said }) => `Nov  3 ${time} ${group} ${said}`)
      .join('\n')
      .replaceAll('IKE_SA_INIT', 'IKE_SESSION_RESUME');
    const { verdict, remarks } = await verdictOn(text);
    expect([verdict, remarks.filter(({ message }) => message.includes('already there'))]).toEqual([
      'conformant',
      [],
    ]);
  });

  it('may begin twice: with a cookie, and with another group', async () => {
    const all = lines.map(({ time, group, said }) => `Nov  3 ${time} ${group} ${said}`);
    const again = ['N(COOKIE)', 'N(INVAL_KE)'].flatMap((demand) => [
      'Nov  3 10:00:01 06[NET] <gw|1> received packet: from 192.0.2.2[500] to 198.51.100.1[500] (72 bytes)',
      `Nov  3 10:00:01 06[ENC] <gw|1> parsed IKE_SA_INIT response 0 [ ${demand} ]`,
      `Nov  3 10:00:01 06[ENC] <gw|1> generating IKE_SA_INIT request 0 [ ${demand === 'N(COOKIE)' ? 'N(COOKIE) ' : ''}SA KE No ]`,
      'Nov  3 10:00:01 06[NET] <gw|1> sending packet: from 198.51.100.1[500] to 192.0.2.2[500] (464 bytes)',
    ]);
    const { verdict, findings, statistics } = await verdictOn(all.toSpliced(3, 0, ...again).join('\n'));
    expect([verdict, findings, statistics.ikeMessages]).toEqual(['conformant', [], 16]);
  });
});
