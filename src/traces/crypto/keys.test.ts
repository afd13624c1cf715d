import { describe, expect, it } from 'vitest';
import { InputError } from '../sources/input-error.ts';
import { joinKeys, readKeys } from './keys.ts';

const SA = '1111111111111111:2222222222222222';
const e = '0a'.repeat(16);
const i = '0b'.repeat(32);
const ike = (changes: Readonly<Record<number, string>> = {}): string =>
  Object.values({
    ...[
      '1111111111111111',
      '2222222222222222',
      e,
      e,
      '"AES-CBC-128 [RFC3602]"',
      i,
      i,
      '"HMAC_SHA2_256_128 [RFC4868]"',
    ],
    ...changes,
  }).join(',');
const esp = (changes: Readonly<Record<number, string>> = {}): string =>
  Object.values({
    ...[
      'IPv4',
      '10.0.0.1',
      '*',
      '0x0DDE43F0',
      'AES-CBC [RFC3602]',
      `0x${e}`,
      'HMAC-SHA-256-128 [RFC4868]',
      `0x${i}`,
    ],
    ...changes,
  })
    .map((field) => `"${field}"`)
    .join(',');

describe('readKeys', () => {
  it('reads both tables from one file', () => {
    const text = `\ufeff# keys of the lab\r\n\r\n${ike()}\r\n  ${esp()}\n`;
    const { ike: ikes, esp: esps } = readKeys('keys.csv', text);
    expect([...ikes]).toMatchObject([
      ['1111111111111111:2222222222222222', { place: { file: 'keys.csv', line: 3 } }],
    ]);
    expect(esps).toMatchObject([
      { source: '10.0.0.1', destination: '*', spi: '0dde43f0', place: { line: 4 } },
    ]);
    expect(esps[0]?.integrity).toEqual(new Uint8Array(32).fill(11));
  });

  it('takes fields with and without quotation marks', () => {
    const bare = ike().replaceAll('"', '');
    const quoted = bare
      .split(',')
      .map((field) => ` "${field}" `)
      .join(',');
    expect(readKeys('a', bare)).toEqual(readKeys('a', quoted));
  });

  it('takes 192 and 256 bits, and IPv6', () => {
    const long = { 2: '0c'.repeat(32), 3: '0c'.repeat(32), 4: '"AES-CBC-256 [RFC3602]"' };
    expect([...readKeys('a', ike(long)).ike.values()][0]?.initiator.encryption).toHaveLength(32);
    const row = readKeys('a', esp({ 0: 'IPv6', 1: '2001:DB8::1', 5: `0x${'0c'.repeat(24)}` })).esp[0];
    expect(row).toMatchObject({ source: '2001:db8::1' });
    expect(row?.encryption).toHaveLength(24);
  });

  it.each([
    ['1,2,3', /8 fields are needed, there are 3\n.*ikev2_decryption_table.*esp_sa/u],
    [`${ike()},x`, /8 fields are needed, there are 9/u],
    ['"a', /quotation marks that do not match/u],
    [ike({ 0: '12' }), /the initiator's SPI is "12", expected 16 hexadecimal digits/u],
    [ike({ 1: 'x'.repeat(16) }), /the responder's SPI is "x+", expected 16/u],
    [esp({ 3: '0xDDE43F00F' }), /the SPI is "0xDDE43F00F", expected 8/u],
  ])('refuses %j, if there is nothing else', (row, message) => {
    expect(() => readKeys('keys.csv', `# one\n${row}\n`)).toThrow(InputError);
    expect(() => readKeys('keys.csv', `# one\n${row}\n`)).toThrow(/^keys.csv:2: /u);
    expect(() => readKeys('keys.csv', `# one\n${row}\n`)).toThrow(message);
    expect(readKeys('keys.csv', `${row}\n${ike()}`)).toMatchObject({
      ike: new Map([['1111111111111111:2222222222222222', { place: { line: 2 } }]]),
      unusable: [{ place: { line: 1 } }],
    });
  });

  it.each([
    [ike({ 2: 'xy' }), /SK_ei is not hexadecimal/u],
    [ike({ 3: '00' }), /SK_er has 1 octets, AES-CBC-128 \[RFC3602\] takes 16/u],
    [ike({ 4: '"DES [x]"' }), /encryption algorithm "DES.*\n.*Known: "3DES.*"AES-CBC-256/u],
    [ike({ 4: '"3DES [RFC2451]"' }), /SK_ei has 16 octets, 3DES \[RFC2451\] takes 24/u],
    [
      ike({ 4: '"AES-GCM-128 with 16 octet ICV [RFC5282]"' }),
      /has an integrity value of its own, and HMAC.*\n.*Write "NONE \[RFC4306\]"/u,
    ],
    [ike({ 5: '000' }), /SK_ai is not hexadecimal/u],
    [ike({ 7: 'SHA2' }), /integrity algorithm "SHA2.*\n.*HMAC_SHA2_256_128/u],
    [esp({ 1: 'gateway' }), /the source is "gateway", expected an IPv4 or IPv6 address or \*/u],
    [esp({ 5: '0x00' }), /encryption key has 1 octets.*takes 16 or 24 or 32/u],
    [
      esp({ 6: 'ANY 97 bit authentication [no checking]' }),
      /integrity algorithm "ANY 97 bit .*\n.*HMAC-SHA-256-128/u,
    ],
  ])('passes over %j, and explains it', (row, message) => {
    const { ike: ikes, esp: esps, unusable = [] } = readKeys('keys.csv', `# one\n${row}\n`);
    expect([ikes.size, esps.length]).toEqual([0, 0]);
    expect(unusable).toMatchObject([
      { place: { file: 'keys.csv', line: 2 }, ...(row.startsWith('"IP') ? { spi: '0dde43f0' } : { sa: SA }) },
    ]);
    expect(`${unusable[0]?.problem}\n${unusable[0]?.hint}`).toMatch(message);
  });

  it('takes the rows that Wireshark writes: NULL and NONE, ANY bits, short and newer ones', () => {
    const none = ike({ 2: '', 3: '', 4: '"NULL [RFC2410]"', 5: '', 6: '', 7: '"NONE [RFC4306]"' });
    const any = ike({ 0: '3'.repeat(16), 5: '', 7: '"ANY 96-bits of Authentication [No Checking]"' });
    const rows = [none, any, esp({ 3: '0xABC' }), `${esp({ 3: '*' })},"64-bit (ESN)","0"`];
    const { ike: ikes, esp: esps, unusable } = readKeys('keys.csv', rows.join('\n'));
    expect([...ikes.values()].map(({ initiator }) => initiator.protection.integrity?.length)).toEqual([
      undefined,
      12,
    ]);
    expect(esps.map(({ spi }) => spi)).toEqual(['00000abc', '*']);
    expect(unusable).toEqual([]);
  });

  it('takes the first of two rows for one SA', () => {
    expect(readKeys('keys.csv', `${ike()}\n${ike()}`).unusable).toEqual([]);
    const other = ike({ 2: '0c'.repeat(16) });
    const { ike: ikes, unusable } = readKeys('keys.csv', `${ike()}\n${other}`);
    expect(ikes.get(SA)?.place.line).toBe(1);
    expect(unusable).toMatchObject([
      { sa: SA, problem: expect.stringMatching(/line 1 has keys for SA 1111/u) },
    ]);
  });

  it('never shows a key', () => {
    const secret = 'feedfacefeedface';
    for (const row of [ike({ 2: secret }), esp({ 7: `0x${secret}` }), ike({ 5: `${secret}x` })]) {
      const [{ problem = '' } = {}] = readKeys('keys.csv', row).unusable ?? [];
      expect(problem).not.toBe('');
      expect(problem).not.toContain(secret);
    }
  });

  it('joins files', () => {
    const all = joinKeys([readKeys('a', ike()), readKeys('b', `${esp()}\n${ike()}`)]);
    expect([...all.ike.values()].map(({ place }) => place.file)).toEqual(['b']);
    expect(all.esp).toHaveLength(1);
  });
});
