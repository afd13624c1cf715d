/** Vectors of the RFCs, and messages sealed here by `node:crypto` and opened by every algorithm. */
import { type CipherCCMTypes, createCipheriv, createHmac, randomFillSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCapture } from '../sources/capture/capture.ts';
import { parseIke } from '../sources/capture/ike.ts';
import { InputError } from '../sources/input-error.ts';
import { hex, ike, ipv4, join, number, payload, pcapOf, udp } from '../testing/captures.ts';
import { ESP_ENCRYPTION, ESP_INTEGRITY, IKE_ENCRYPTION, IKE_INTEGRITY, isRight } from './algorithms.ts';
import { espIsRight, openIke } from './decrypt.ts';
import { type DirectionKeys, readKeys } from './keys.ts';
import { aesCmac, aesXcbcMac } from './mac.ts';

const text = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('hex');
const counting = (length: number): Uint8Array => new Uint8Array(length).map((_, n) => n);

describe('vectors', () => {
  // RFC 4493 section 4.
  it.each([
    ['', 'bb1d6929e95937287fa37d129b756746'],
    ['6bc1bee22e409f96e93d7e117393172a', '070a16b46b4d4144f79bdd9dd04a287c'],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411',
      'dfa66747de9ae63030ca32611497c827',
    ],
    [
      '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
      '51f0bebf7e3b9d92fc49741779363cfe',
    ],
  ])('AES-CMAC of %j', (octets, value) => {
    expect(text(aesCmac(hex('2b7e151628aed2a6abf7158809cf4f3c'), hex(octets)))).toBe(value);
  });

  // RFC 3566 section 4.6.
  it.each([
    [0, '75f0251d528ac01c4573dfd584d79f29'],
    [3, '5b376580ae2f19afe7219ceef172756f'],
    [16, 'd2a246fa349b68a79998a4394ff7a263'],
    [20, '47f51b4564966215b8985c63055ed308'],
    [32, 'f54f0ec8d2b9f3d36807734bd5283fd4'],
    [34, 'becbb3bccdb518a30677d5481fb6b4d8'],
  ])('AES-XCBC-MAC of %i octets', (length, value) => {
    expect(text(aesXcbcMac(counting(16), counting(length)))).toBe(value);
  });

  // RFC 3566 section 4.6, test case 7; RFC 4494 section 3.2: both are cut off at 96 bits.
  it.each([
    [
      'AES_XCBC_96 [RFC3566]',
      '000102030405060708090a0b0c0d0e0f',
      '00'.repeat(1000),
      'f0dafee895db30253761103b',
    ],
    ['AES_CMAC_96 [RFC4494]', '2b7e151628aed2a6abf7158809cf4f3c', '', 'bb1d6929e95937287fa37d12'],
    [
      'AES_CMAC_96 [RFC4494]',
      '2b7e151628aed2a6abf7158809cf4f3c',
      '6bc1bee22e409f96e93d7e117393172a',
      '070a16b46b4d4144f79bdd9d',
    ],
  ])('%s', (name, key, octets, value) => {
    const algorithm = IKE_INTEGRITY.get(name)!;
    expect(isRight(algorithm, hex(key), hex(octets), hex(value))).toBe(true);
    expect(isRight(algorithm, hex(key), hex(`${octets}00`), hex(value))).toBe(false);
  });

  const none = new Uint8Array();
  it('AES-CBC (RFC 3602 section 4)', () => {
    const cipher = IKE_ENCRYPTION.get('AES-CBC-128 [RFC3602]');
    const plain = cipher?.decrypt(
      hex('06a9214036b8a15b512e03d534120006'),
      hex('3dafba429d9eb430b422da802c9fac41'),
      hex('e353779c1079aeb82708942dbe77181a'),
      none,
      none,
    );
    expect(Buffer.from(plain ?? []).toString()).toBe('Single block msg');
  });

  it('AES-CTR (RFC 3686 section 6)', () => {
    const cipher = IKE_ENCRYPTION.get('AES-CTR-128 [RFC5930]');
    const plain = cipher?.decrypt(
      hex('ae6852f8121067cc4bf7a5765577f39e 00000030'),
      new Uint8Array(8),
      hex('e4095d4fb7a7b3792d6175a3261311b8'),
      none,
      none,
    );
    expect(Buffer.from(plain ?? []).toString()).toBe('Single block msg');
  });

  it('ChaCha20-Poly1305 in ESP (RFC 7634 appendix A)', () => {
    const packet = hex(`01020304 00000005 1011121314151617
      24039428b97f417e3c13753a4f05087b67c352e6a7fab1b982d466ef407ae5c6
      14ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2facc638e8f3
      cbec163fac469b502773f6fb94e664da9165b82829f641e0
      76aaa8266b7fb0f7b11b369907e1ad43`);
    const encryption = join(
      new Uint8Array(32).map((_, n) => 0x80 + n),
      hex('a0a1a2a3'),
    );
    const cipher = ESP_ENCRYPTION.get('ChaCha20-Poly1305 [RFC7634]')!;
    const keys = { protection: { encryption: cipher, integrity: null }, encryption, integrity: none };
    expect(espIsRight(packet, keys)).toBe(true);
    expect(espIsRight(packet, keys, 0)).toBe(false);
    expect(espIsRight(packet.with(30, 0), keys)).toBe(false);
  });
});

/** The ciphers of `node:crypto`, and how long their salts are. */
function cipherOf(name: string): { readonly node: string; readonly salt: number; readonly vector: number } {
  const bits = /AES-\w+-(\d+)/u.exec(name)?.[1];
  if (name.startsWith('3DES')) return { node: 'des-ede3-cbc', salt: 0, vector: 8 };
  if (name.startsWith('ChaCha')) return { node: 'chacha20-poly1305', salt: 4, vector: 8 };
  if (name.startsWith('NULL')) return { node: '', salt: 0, vector: 0 };
  if (name.includes('CBC')) return { node: `aes-${bits}-cbc`, salt: 0, vector: 16 };
  if (name.includes('CTR')) return { node: `aes-${bits}-ctr`, salt: 4, vector: 8 };
  return {
    node: `aes-${bits}-${name.includes('CCM') ? 'ccm' : 'gcm'}`,
    salt: name.includes('CCM') ? 3 : 4,
    vector: 8,
  };
}

const MACS: Readonly<Record<string, (key: Uint8Array, octets: Uint8Array) => Uint8Array>> = {
  AES_XCBC: aesXcbcMac,
  AES_CMAC: aesCmac,
};

function macOf(name: string): (key: Uint8Array, octets: Uint8Array) => Uint8Array {
  const hash = /^HMAC_(MD5|SHA1|SHA2_(\d+))/u.exec(name);
  const digest = hash?.[2] === undefined ? hash?.[1]?.toLowerCase() : `sha${hash[2]}`;
  if (digest !== undefined) return (key, octets) => createHmac(digest, key).update(octets).digest();
  return MACS[name.slice(0, 8)] ?? ((_, octets) => octets);
}

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
const inner = payload(0, hex('0000 4024'));

/** A message sealed by `node:crypto` under the names of the two algorithms. */
function sealed(encryption: string, integrity: string, keys: DirectionKeys): Uint8Array {
  const { node, salt, vector: vectorLength } = cipherOf(encryption);
  const { block, tag } = keys.protection.encryption;
  const mac = keys.protection.integrity;
  const vector = random(vectorLength);
  const padding = (block - ((inner.length + 1) % block)) % block;
  const plain = join(inner, new Uint8Array(padding), number(padding, 1));
  const end = tag + (mac?.length ?? 0);
  const body = new Uint8Array(vectorLength + plain.length + end);
  const empty = ike({ exchange: 37, id: 3, first: 46, body: payload(41, body) });
  const associated = empty.subarray(0, empty.length - body.length);
  const key = keys.encryption.subarray(0, keys.encryption.length - salt);
  const nonce = join(keys.encryption.subarray(keys.encryption.length - salt), vector);
  let ciphertext: Uint8Array = plain;
  let value = new Uint8Array();
  if (tag > 0) {
    const cipher = createCipheriv(node as CipherCCMTypes, key, nonce, { authTagLength: tag });
    cipher.setAAD(associated, { plaintextLength: plain.length });
    ciphertext = join(cipher.update(plain), cipher.final());
    value = new Uint8Array(cipher.getAuthTag());
  } else if (node !== '') {
    const iv = node.endsWith('ctr') ? join(nonce, hex('00000001')) : vector;
    ciphertext = new Uint8Array(createCipheriv(node, key, iv).setAutoPadding(false).update(plain));
  }
  const covered = join(associated, vector, ciphertext);
  if (mac === null) return join(covered, value);
  return join(covered, macOf(integrity)(keys.integrity, covered).subarray(0, mac.length));
}

const combinations = [...IKE_ENCRYPTION].flatMap(([name, { tag }]) =>
  [...IKE_INTEGRITY]
    .filter(([, mac]) => (mac === null) === tag > 0 && (mac === null || mac.value !== undefined))
    .map(([mac]) => [name, mac] as const),
);

const SHA1 = 'HMAC_SHA1_96 [RFC2404]';

describe('every pair of algorithms', () => {
  it.each(combinations)('%s, %s: opens what is right, and nothing else', (encryption, integrity) => {
    const protection = {
      encryption: IKE_ENCRYPTION.get(encryption)!,
      integrity: IKE_INTEGRITY.get(integrity) ?? null,
    };
    const keys: DirectionKeys = {
      protection,
      encryption: random(protection.encryption.keys[0] ?? 0),
      integrity: random(protection.integrity?.keys[0] ?? 0),
    };
    const message = sealed(encryption, integrity, keys);
    const open = (octets: Uint8Array, by = keys) => {
      const parsed = parseIke(octets);
      if ('reason' in parsed || parsed.value.encrypted === undefined) throw new Error('not encrypted');
      return openIke(octets, parsed.value.encrypted, by);
    };
    const notify = { type: 'N', notify: 16420, protocol: 0, spi: '', data: '' };
    expect(open(message)).toMatchObject({ value: { integrity: 'good', payloads: [notify] } });
    for (const at of [20, 40, message.length - 1]) {
      expect(open(message.with(at, message[at]! ^ 1))).toEqual({ value: { integrity: 'bad' } });
    }
    const wrong = random(keys.integrity.length || keys.encryption.length);
    const by = protection.integrity === null ? { ...keys, encryption: wrong } : { ...keys, integrity: wrong };
    expect(open(message, by)).toEqual({ value: { integrity: 'bad' } });
  });

  it('without one to check, what makes sense was decrypted with the right key', () => {
    const cipher = 'AES-CBC-128 [RFC3602]';
    const key = { encryption: random(16), integrity: random(20) };
    const known = { encryption: IKE_ENCRYPTION.get(cipher)!, integrity: IKE_INTEGRITY.get(SHA1) ?? null };
    const message = sealed(cipher, SHA1, { ...key, protection: known });
    const any = IKE_INTEGRITY.get('ANY 96-bits of Authentication [No Checking]') ?? null;
    const parsed = parseIke(message);
    if ('reason' in parsed || parsed.value.encrypted === undefined) throw new Error('not encrypted');
    const open = (encryption: Uint8Array) =>
      openIke(message, parsed.value.encrypted!, {
        ...{ encryption, integrity: new Uint8Array() },
        protection: { ...known, integrity: any },
      });
    expect(open(key.encryption)).toMatchObject({
      value: { integrity: 'unchecked', payloads: [{ type: 'N', notify: 16420 }] },
    });
    // Sixteen octets of padding that fit by chance are one in some thousands: this key gives none.
    expect(open(new Uint8Array(16).fill(7))).not.toMatchObject({ value: { integrity: 'good' } });
  });

  it('has the names of both tables', () => {
    // 19 with an integrity value of their own; 8 others, each with 10 algorithms for it.
    expect(combinations.length).toBe(19 + 8 * 10);
    expect(ESP_ENCRYPTION.size).toBe(10);
    expect(ESP_INTEGRITY.size).toBe(14);
  });
});

describe('an SA of a capture, with the keys of a file', () => {
  const [encryptionKey, integrityKey] = ['0a'.repeat(16), '0b'.repeat(16)];

  it.each([
    ['AES_XCBC_96 [RFC3566]', 'AES-XCBC-96 [RFC3566]', aesXcbcMac],
    ['AES_CMAC_96 [RFC4494]', 'AES-CMAC-96 [RFC4494]', aesCmac],
  ] as const)('%s', (ofIke, ofEsp, mac) => {
    const cipher = 'AES-CBC-128 [RFC3602]';
    const spis = ['1111111111111111', '2222222222222222'];
    const both = (key: string): readonly string[] => [key, key];
    const rows = [
      [...spis, ...both(encryptionKey), `"${cipher}"`, ...both(integrityKey), `"${ofIke}"`].join(','),
      `"IPv4","*","*","0xc0000001","AES-CBC [RFC3602]","0x${encryptionKey}","${ofEsp}","0x${integrityKey}"`,
    ];
    const keys = readKeys('keys.csv', rows.join('\n'));
    const message = sealed(cipher, ofIke, keys.ike.get(spis.join(':'))!.initiator);
    const covered = join(hex('c0000001 00000001'), counting(48));
    const packet = join(covered, mac(hex(integrityKey), covered).subarray(0, 12));
    const frames = (change: (octets: Uint8Array) => Uint8Array) =>
      pcapOf([
        ipv4(17, udp(500, 500, message)),
        ipv4(17, udp(500, 500, change(message))),
        ipv4(17, udp(4500, 4500, change(packet))),
      ]);
    const right = readCapture(
      'a',
      frames((octets) => octets),
      keys,
    ).events;
    expect(right.map(({ integrity }) => integrity)).toEqual(['good', 'good', 'good']);
    expect(right[0]?.message).toMatchObject({ payloads: [{ type: 'N', notify: 16420 }] });
    const altered = readCapture(
      'a',
      frames((octets) => octets.with(40, octets[40]! ^ 1)),
      keys,
    ).events;
    expect(altered.map(({ integrity }) => integrity)).toEqual(['good', 'bad', 'bad']);
  });
});

describe('keys of ESP', () => {
  const key = '0b'.repeat(32);
  const row = (encryption: string, encryptionKey: string, integrity: string, integrityKey: string): string =>
    `"IPv4","*","*","0xc0000001","${encryption}","0x${encryptionKey}","${integrity}","0x${integrityKey}"`;
  const rows = row('AES-CBC [RFC3602]', '0a'.repeat(16), 'HMAC-SHA-256-128 [RFC4868]', key);
  const packet = (sequence: number, upper?: number): Uint8Array => {
    const covered = join(hex('c0000001'), number(sequence, 4), new Uint8Array(32));
    const whole = upper === undefined ? covered : join(covered, number(upper, 4));
    return join(covered, createHmac('sha256', hex(key)).update(whole).digest().subarray(0, 16));
  };
  const read = (packets: readonly Uint8Array[], text = rows) =>
    readCapture(
      'a',
      pcapOf(packets.map((each) => ipv4(17, udp(4500, 4500, each)))),
      readKeys('keys.csv', text),
    );

  it('tell right from wrong', () => {
    const { events, remarks } = read([packet(1), packet(2).with(20, 1)]);
    expect(events.map(({ integrity }) => integrity)).toEqual(['good', 'bad']);
    expect(remarks).toEqual([]);
    const wrong = read([packet(1)], rows.replaceAll('0b', '0c'));
    expect(wrong.events[0]?.integrity).toBe('bad');
    expect(wrong.remarks).toEqual([
      expect.stringMatching(/c0000001 fit none of its 1 packets; they may be wrong/u),
    ]);
  });

  it('find the upper half of extended sequence numbers', () => {
    const { events } = read([
      packet(1, 0),
      packet(0xffff_ffff, 0),
      packet(0, 1),
      packet(0xffff_fffe, 0),
      packet(2, 1),
    ]);
    expect(
      events.map(({ message, integrity }) => [integrity, 'upper' in message ? message.upper : null]),
    ).toEqual([
      ['good', 0],
      ['good', 0],
      ['good', 1],
      ['good', 0],
      ['good', 1],
    ]);
  });

  it('may leave the integrity value unchecked, and tell its length', () => {
    const unchecked = row('AES-GCM with 8 octet ICV [RFC4106]', '0a'.repeat(20), 'NULL', '');
    const gcm = (plain: Uint8Array): Uint8Array => {
      const cipher = createCipheriv(
        'aes-128-gcm',
        hex('0a'.repeat(16)),
        hex(`${'0a'.repeat(4)}${'01'.repeat(8)}`),
        { authTagLength: 8 },
      );
      const head = hex('c0000001 00000001');
      cipher.setAAD(head);
      return join(head, hex('01'.repeat(8)), cipher.update(plain), cipher.final(), cipher.getAuthTag());
    };
    const checked = read([gcm(hex('4500'))], unchecked).events[0];
    expect(checked?.integrity).toBe('good');
    expect(checked?.integrityValue).toHaveLength(16);
    const any = row('AES-CBC [RFC3602]', '0a'.repeat(16), 'ANY 96 bit authentication [no checking]', '');
    expect(read([packet(1)], any).events[0]).toMatchObject({ integrity: 'unchecked' });
    expect(read([packet(1)], any).events[0]?.integrityValue).toHaveLength(24);
  });

  it('of IKE that are wrong are refused with the name of the key', () => {
    const names = ['"AES-GCM-128 with 16 octet ICV [RFC5282]"', '"NONE [RFC4306]"'];
    const line = [
      '1111111111111111',
      '2222222222222222',
      '0a'.repeat(20),
      '0a'.repeat(20),
      names[0],
      '',
      '',
      names[1],
    ].join(',');
    const keys = readKeys('keys.csv', line).ike.get('1111111111111111:2222222222222222')!.initiator;
    const message = sealed('AES-GCM-128 with 16 octet ICV [RFC5282]', 'NONE [RFC4306]', keys);
    const capture = pcapOf([ipv4(17, udp(500, 500, message))]);
    expect(readCapture('a', capture, readKeys('keys.csv', line)).events[0]?.integrity).toBe('good');
    const wrong = readKeys('keys.csv', line.replaceAll('0a', '0b'));
    expect(() => readCapture('a', capture, wrong)).toThrow(InputError);
    expect(() => readCapture('a', capture, wrong)).toThrow(/SK_ei is wrong, or the cipher/u);
  });
});
