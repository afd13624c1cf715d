import { createCipheriv, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseIke } from '../sources/capture/ike.ts';
import { CBC_WITH_SHA2, hex, ike, join, number, payload } from '../testing/captures.ts';
import { openIke } from './decrypt.ts';

const keys = { protection: CBC_WITH_SHA2, encryption: hex('11'.repeat(16)), integrity: hex('22'.repeat(32)) };

/** A message with an SK payload around these octets, padding included, and the first payload's type. */
function sealed(first: number, plain: Uint8Array, encryption = keys.encryption): Uint8Array {
  const vector = hex('33'.repeat(16));
  const cipher = createCipheriv(`aes-${encryption.length * 8}-cbc`, encryption, vector).setAutoPadding(false);
  const blocks = join(cipher.update(plain), cipher.final());
  return signed(join(vector, blocks), first);
}

function signed(body: Uint8Array, first = 0): Uint8Array {
  const message = ike({ exchange: 37, first: 46, body: payload(first, join(body, new Uint8Array(16))) });
  const covered = message.subarray(0, -16);
  return join(covered, createHmac('sha256', keys.integrity).update(covered).digest().subarray(0, 16));
}

function open(message: Uint8Array, withKeys: typeof keys | undefined = keys) {
  const parsed = parseIke(message);
  if ('reason' in parsed || parsed.value.encrypted === undefined) throw new Error('not an encrypted message');
  return openIke(message, parsed.value.encrypted, withKeys);
}

const padded = (inner: Uint8Array): Uint8Array => {
  const padding = 15 - (inner.length % 16);
  return join(inner, new Uint8Array(padding), number(padding, 1));
};

describe('openIke', () => {
  const inner = payload(0, hex('0000 4024'));

  it.each([16, 24, 32])('opens AES-CBC with a key of %i octets', (size) => {
    const encryption = new Uint8Array(size).fill(7);
    const opened = open(sealed(41, padded(inner), encryption), { ...keys, encryption });
    expect(opened).toMatchObject({
      value: { integrity: 'good', payloads: [{ type: 'N', notify: 16420, protocol: 0, spi: '', data: '' }] },
    });
  });

  it('takes a whole block of padding more', () => {
    expect(open(sealed(0, join(new Uint8Array(31), hex('1f'))))).toMatchObject({
      value: { integrity: 'good', payloads: [] },
    });
  });

  it('tells bad from unchecked', () => {
    const message = sealed(41, padded(inner));
    expect(open(message, { ...keys, integrity: hex('23'.repeat(32)) })).toEqual({
      value: { integrity: 'bad' },
    });
    for (let at = 32; at < message.length; at += 1) {
      const altered = message.slice();
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(open(altered)).toEqual({ value: { integrity: 'bad' } });
    }
    const parsed = parseIke(message);
    if ('reason' in parsed || parsed.value.encrypted === undefined)
      throw new Error('not an encrypted message');
    expect(openIke(message, parsed.value.encrypted, undefined)).toEqual({
      value: { integrity: 'unchecked' },
    });
  });

  it('cannot be right if it is too short for an integrity value', () => {
    expect(open(ike({ first: 46, body: payload(0, new Uint8Array(31)) }))).toEqual({
      value: { integrity: 'bad' },
    });
  });

  it.each([
    ['no blocks', signed(new Uint8Array(16)), /0 encrypted octets are not whole blocks/u],
    ['part of a block', signed(new Uint8Array(33)), /17 encrypted octets are not whole blocks/u],
    ['padding', sealed(0, join(new Uint8Array(15), hex('10'))), /16 octets of padding in 16/u],
    ['chain', sealed(41, padded(hex('00'))), /inside SK\{\}: payload N: its header/u],
    ['SK in SK', sealed(46, padded(payload(0, hex('')))), /another SK/u],
  ])('explains what makes no sense inside: %s', (_, message, reason) => {
    const opened = open(message);
    expect('reason' in opened ? opened.reason : '').toMatch(reason);
  });
});
