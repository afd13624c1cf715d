import { createCipheriv, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as node from '../../traces/crypto/primitives.ts';
import * as page from './instead/primitives.ts';

const octets = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const plain = (value: Uint8Array | undefined): Uint8Array | undefined => value && new Uint8Array(value);

/** What both make of the same. */
const both = <T>(of: (library: typeof node) => T): readonly [T, T] => [of(node), of(page)];

describe('a page computes what Node.js computes', () => {
  test('hashes and their HMACs', () => {
    for (const length of [0, 1, 55, 64, 1000]) {
      const [text, key] = [octets(length), octets(20)];
      for (const hash of ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const) {
        const [one, other] = both(({ hmac }) => plain(hmac(hash, key, text)));
        expect(other).toEqual(one);
      }
      expect(page.sha256(text)).toBe(node.sha256(text));
    }
    expect(page.sha256('Bär')).toBe(node.sha256('Bär'));
  });

  test('CBC, by AES and 3DES, and counter mode over the end of a word', () => {
    for (const length of [16, 32, 160]) {
      const text = octets(length);
      for (const key of [16, 24, 32].map(octets)) {
        const [one, other] = both(({ cbcDecrypted }) => plain(cbcDecrypted('aes', key, octets16, text)));
        expect(other).toEqual(one);
        const counter = new Uint8Array([...octets(12), 255, 255, 255, 254]);
        const [counted, countedToo] = both(({ aesCounted }) => plain(aesCounted(key, counter, text)));
        expect(countedToo).toEqual(counted);
      }
      const [key, vector] = [octets(24), octets(8)];
      const [one, other] = both(({ cbcDecrypted }) => plain(cbcDecrypted('3des', key, vector, text)));
      expect(other).toEqual(one);
      const [chained, chainedToo] = both(({ aesChained }) => plain(aesChained(octets16, text)));
      expect(chainedToo).toEqual(chained);
    }
  });

  test.each(['gcm', 'ccm', 'chacha20-poly1305'] as const)(
    '%s opens what is right, and nothing else',
    (mode) => {
      const isChaCha = mode === 'chacha20-poly1305';
      for (const bits of isChaCha ? [256] : [128, 192, 256]) {
        for (const tagLength of isChaCha ? [16] : [8, 12, 16]) {
          for (const [length, more] of [
            [15, 8],
            [1, 12],
            [16, 0],
            [333, 20],
          ] as const) {
            const [key, text, associated] = [octets(bits / 8), octets(length), octets(more)];
            const nonce = octets(mode === 'ccm' ? 11 : 12);
            const name = (isChaCha ? mode : `aes-${bits}-${mode}`) as 'chacha20-poly1305';
            const cipher = createCipheriv(name, key, nonce, { authTagLength: tagLength });
            cipher.setAAD(associated, { plaintextLength: length });
            const sealed = new Uint8Array(Buffer.concat([cipher.update(text), cipher.final()]));
            const tag = new Uint8Array(cipher.getAuthTag());
            const opened = both(({ unsealed }) => plain(unsealed(mode, key, nonce, sealed, associated, tag)));
            expect(opened).toEqual([text, text]);
            const wrong = tag.with(tagLength - 1, tag.at(-1)! ^ 1);
            const refused = both(({ unsealed }) => unsealed(mode, key, nonce, sealed, associated, wrong));
            expect(refused).toEqual([undefined, undefined]);
          }
        }
      }
    },
  );

  test('random words, more than a browser gives at once', () => {
    const words = page.randomWords(40_000);
    expect(words).toHaveLength(40_000);
    expect(new Set(words.subarray(30_000)).size).toBeGreaterThan(9_990);
    expect(page.isSame(octets16, octets16.slice())).toBe(true);
    expect(page.isSame(octets16, octets16.with(15, octets16[15]! ^ 128))).toBe(false);
  });
});

const octets16 = octets(16);
