/** What `traces/crypto/primitives.ts` is in Node.js, in a page: WebCrypto answers later, and the readers need it at once. */
import { cbc, ctr, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hmac as hmacOf } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 as ofSha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import des from 'des.js';
import { joinedOctets } from '../../../traces/common/octets.ts';
import type * as node from '../../../traces/crypto/primitives.ts';

const BLOCK = 16;

const HASHES = { md5, sha1, sha256: ofSha256, sha384, sha512 };

const sha256: typeof node.sha256 = (octets) =>
  bytesToHex(ofSha256(typeof octets === 'string' ? utf8ToBytes(octets) : octets));

const hmac: typeof node.hmac = (hash, key, octets) => hmacOf(HASHES[hash], key, octets);

/** Without padding that it would add or take off. */
const RAW = { disablePadding: true };

const cbcDecrypted: typeof node.cbcDecrypted = (cipher, key, vector, ciphertext) => {
  if (cipher === 'aes') return cbc(key, vector, RAW).decrypt(ciphertext);
  const decipher = des.CBC.instantiate(des.EDE).create({
    ...{ type: 'decrypt', padding: false },
    ...{ key: [...key], iv: [...vector] },
  });
  return Uint8Array.from([...decipher.update([...ciphertext]), ...decipher.final()]);
};

const aesChained: typeof node.aesChained = (key, blocks) =>
  cbc(key, new Uint8Array(BLOCK), RAW).encrypt(blocks);

const aesCounted: typeof node.aesCounted = (key, counter, octets) => ctr(key, counter).decrypt(octets);

const unsealed: typeof node.unsealed = (sealing, key, nonce, ciphertext, associated, tag) => {
  switch (sealing) {
    case 'gcm':
      return gcmUnsealed(key, nonce, ciphertext, associated, tag);
    case 'ccm':
      return ccmUnsealed(key, nonce, ciphertext, associated, tag);
    case 'chacha20-poly1305':
      try {
        return chacha20poly1305(key, nonce, associated).decrypt(joinedOctets(ciphertext, tag));
      } catch {
        return undefined;
      }
  }
};

/** The library knows whole tags alone; a shortened one is what the whole one begins with (SP 800-38D section 7.2). */
function gcmUnsealed(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  associated: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const plain = ctr(key, joinedOctets(nonce, new Uint8Array([0, 0, 0, 2]))).decrypt(ciphertext);
  const whole = gcm(key, nonce, associated).encrypt(plain).subarray(plain.length);
  return isSame(whole.subarray(0, tag.length), tag) ? plain : undefined;
}

/** Counter mode, and a tag by CBC-MAC (RFC 3610), which the library does not have. */
function ccmUnsealed(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  associated: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  // Octets of the field that counts (L in section 2.1); IKE and ESP have salts that leave four.
  const counting = BLOCK - 1 - nonce.length;
  const block = (flags: number, count: number): Uint8Array => {
    const octets = new Uint8Array(BLOCK);
    octets.set([flags, ...nonce]);
    new DataView(octets.buffer).setUint32(BLOCK - 4, count);
    return octets;
  };
  const mask = ctr(key, block(counting - 1, 0)).encrypt(new Uint8Array(BLOCK));
  const plain = ctr(key, block(counting - 1, 1)).decrypt(ciphertext);
  const flags = (associated.length > 0 ? 64 : 0) + 8 * ((tag.length - 2) / 2) + (counting - 1);
  const length =
    associated.length === 0 ? [] : [new Uint8Array([associated.length >> 8, associated.length & 255])];
  const chained = cbc(key, new Uint8Array(BLOCK), RAW).encrypt(
    joinedOctets(block(flags, plain.length), wholeBlocks(...length, associated), wholeBlocks(plain)),
  );
  const right = chained.subarray(-BLOCK).map((octet, at) => octet ^ (mask[at] ?? 0));
  return isSame(right.subarray(0, tag.length), tag) ? plain : undefined;
}

/** All parts, and as many zeros as fill the last block. */
function wholeBlocks(...parts: readonly Uint8Array[]): Uint8Array {
  const octets = joinedOctets(...parts);
  return joinedOctets(octets, new Uint8Array((BLOCK - (octets.length % BLOCK)) % BLOCK));
}

/** Nobody measures the time of a page that is alone with what is given to it. */
const isSame: typeof node.isSame = (one, other) =>
  one.length === other.length && one.every((octet, at) => octet === other[at]);

const randomWords: typeof node.randomWords = (count) => {
  const words = new Int32Array(count);
  // At most 65,536 octets at once.
  for (let at = 0; at < count; at += 16_384) crypto.getRandomValues(words.subarray(at, at + 16_384));
  return words;
};

export { aesChained, aesCounted, cbcDecrypted, hmac, isSame, randomWords, sha256, unsealed };

({
  aesChained,
  aesCounted,
  cbcDecrypted,
  hmac,
  isSame,
  randomWords,
  sha256,
  unsealed,
}) satisfies typeof node;
