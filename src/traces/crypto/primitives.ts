/**
 * What is asked of a library of cryptography: here of Node.js. Whoever has none puts another module in the place of this one,
 * as the page does that judges captures (`src/web/browser/instead/primitives.ts`).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomFillSync,
  timingSafeEqual,
} from 'node:crypto';

export type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** A mode that makes an integrity value of its own. */
export type Sealing = 'gcm' | 'ccm' | 'chacha20-poly1305';

/** SHA-256 of octets, or of a text in UTF-8, in hexadecimal digits. */
export const sha256 = (octets: Uint8Array | string): string =>
  createHash('sha256').update(octets).digest('hex');

export const hmac = (hash: Hash, key: Uint8Array, octets: Uint8Array): Uint8Array =>
  createHmac(hash, key).update(octets).digest();

/** Decrypts whole blocks; what pads them stays. */
export function cbcDecrypted(
  cipher: 'aes' | '3des',
  key: Uint8Array,
  vector: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  const name = cipher === 'aes' ? `aes-${8 * key.length}-cbc` : 'des-ede3-cbc';
  const decipher = createDecipheriv(name, key, vector).setAutoPadding(false);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/** Encrypts whole blocks with AES-128, chained; the vector is zero. */
export const aesChained = (key: Uint8Array, blocks: Uint8Array): Uint8Array =>
  createCipheriv('aes-128-cbc', key, new Uint8Array(16)).setAutoPadding(false).update(blocks);

/** Encrypts or decrypts by AES in counter mode. @param counter the first block of it */
export const aesCounted = (key: Uint8Array, counter: Uint8Array, octets: Uint8Array): Uint8Array =>
  createDecipheriv(`aes-${8 * key.length}-ctr`, key, counter).update(octets);

/**
 * The plaintext; nothing if the integrity value is wrong.
 *
 * @param ciphertext at least an octet: of none, OpenSSL does not check what CCM made
 * @param tag the integrity value, which may be shorter than the mode makes it
 */
export function unsealed(
  sealing: Sealing,
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  associated: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  // The three modes have one interface; its types tell them apart by literal names, which are computed here.
  const name = (
    sealing === 'chacha20-poly1305' ? sealing : `aes-${8 * key.length}-${sealing}`
  ) as 'chacha20-poly1305';
  const decipher = createDecipheriv(name, key, nonce, { authTagLength: tag.length });
  decipher.setAuthTag(tag);
  decipher.setAAD(associated, { plaintextLength: ciphertext.length });
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Whether two values of one length are the same, in a time that does not tell where they differ. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean => timingSafeEqual(one, other);

/** Random numbers in all its 32 bits. */
export const randomWords = (count: number): Int32Array => randomFillSync(new Int32Array(count));
