/** Ports that a user names, and files of which some cannot be judged. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { NO_PORTS } from '../traces/sources/capture/ports.ts';
import { decodeAs } from './decode-as.ts';

describe('--decode-as', () => {
  it('takes ports in our words and in those of Wireshark, one after the other', () => {
    const ports = ['udp.port=4501', 'udp.port==10000,isakmp', 'tcp.port=443'].reduce(
      (before, text) => decodeAs(text, before),
      NO_PORTS,
    );
    expect(ports).toEqual({ udp: new Set([4501, 10_000]), tcp: new Set([443]) });
  });

  it.each(['4501', 'udp.port=0', 'udp.port=65536', 'sctp.port=4500', 'udp.port=4501,dns'])(
    'refuses %s',
    (text) => {
      expect(() => decodeAs(text, NO_PORTS)).toThrow(/Expected udp.port=N or tcp.port=N/u);
    },
  );
});

it('--each gives every file its verdict, whatever becomes of others', () => {
  const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const cases = '../traces/sources/capture/cases/';
  const files = [at(`${cases}esp-two-senders.pcap`), '/nowhere/none.pcap', at(`${cases}esp-in-gre.pcap`)];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [at('ipsecha.mjs'), 'validate', '--json', '--each', ...files],
    { encoding: 'utf8' },
  );
  const { results, failed } = JSON.parse(stdout);
  expect(results.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['conformant', 'violates']);
  expect(failed).toEqual([{ file: files[1], problem: 'there is no such file', hint: expect.any(String) }]);
  expect(stderr).toMatch(/\/nowhere\/none.pcap: there is no such file/u);
  expect(status).toBe(2);
});
