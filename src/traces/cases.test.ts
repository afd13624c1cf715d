/** Traces as people report them: what is wrong in each, and what is not. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { validateFile } from './validate-file.ts';

const judged = async (name: string, complete = false) => {
  const path = fileURLToPath(new URL(`cases/${name}`, import.meta.url));
  const { validation } = await validateFile(path, complete ? { complete } : {});
  const { verdict, findings, missing, remarks } = validation;
  const convicted = findings.filter(({ condition }) => condition === undefined);
  return {
    verdict,
    convicted: convicted.map(({ rule, actor }) => `${actor} ${rule}`),
    conditions: findings.flatMap(({ condition = [] }) => condition),
    missing: missing.join('; '),
    remarks: remarks.map(({ message }) => message).join('; '),
  };
};

describe('reported as events', () => {
  it.each([
    ['cisco-late-response', 'conformant', []],
    ['ok-intermediate', 'conformant', []],
    ['dpd-unanswered', 'conformant', []],
    ['f5-sync-byte-order', 'conformant', []],
    ['esp-32bit-end', 'inconclusive', []],
    ['f5-sync-wrong-ids', 'violates', ['cluster RFC6311-5.1-M1-FRESH']],
    ['libreswan-delete-jumps-queue', 'violates', ['initiator RFC7296-2.3-WINDOW']],
    ['openswan-delete-reuses-id', 'violates', ['cluster RFC7296-2.2-NEXT-ID']],
    ['vpp-init-id-not-zero', 'violates', ['initiator RFC7296-2.2-NEXT-ID']],
    [
      'split-brain',
      'violates',
      [
        'cluster RFC4303-3.3.3-NEVER-REPEAT',
        'cluster RFC4303-3.3.3-NEVER-REPEAT',
        'cluster RFC7296-2.2-NEXT-ID',
      ],
    ],
  ])('%s: %s', async (name, verdict, convicted) => {
    expect(await judged(`${name}.jsonl`)).toMatchObject({ verdict, convicted });
  });

  it('remarks on a request that is never answered', async () => {
    const { remarks } = await judged('dpd-unanswered.jsonl');
    expect(remarks).toContain('was sent 6 times in 89 s and is never answered');
  });

  it('remarks on numbers whose octets look swapped', async () => {
    expect((await judged('f5-sync-byte-order.jsonl')).remarks).toContain('M1 83886080 is 5');
  });
});

describe('what was not captured', () => {
  it('accuses nobody if a request is missing, and says which', async () => {
    const open = await judged('request-not-captured.pcap');
    expect(open).toMatchObject({ verdict: 'inconclusive', convicted: [] });
    expect(open.conditions).toEqual(['nothing is missing before frame 3']);
    expect(open.missing).toContain('request 1 of the initiator was not captured');
    // Who says that nothing is missing says who is at fault.
    expect(await judged('request-not-captured.pcap', true)).toMatchObject({ verdict: 'violates' });
  });

  it('accuses nobody if one direction is missing, and says so', async () => {
    const open = await judged('one-direction.pcap');
    expect(open).toMatchObject({ verdict: 'inconclusive', convicted: [], conditions: [] });
    expect(open.missing).toContain('the requests of the initiator: none is in the trace');
  });

  it('accuses nobody if frames stand in another order', async () => {
    expect(await judged('order-response-first.pcap')).toMatchObject({ convicted: [] });
    expect(await judged('in-order.pcap')).toMatchObject({ convicted: [], conditions: [] });
  });

  it('accuses who answers far beyond all that was asked', async () => {
    const convicted = ['responder RFC7296-2.2-RESPONSE-ID'];
    expect(await judged('unasked-response.pcap')).toMatchObject({ verdict: 'violates', convicted });
  });
});
