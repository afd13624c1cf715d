/**
 * Integrity algorithms that libraries have only the parts of: AES-XCBC-MAC (RFC 3566) and AES-CMAC (RFC 4493).
 * Both chain AES-128 over blocks and mask the last one; they differ in where the masks come from.
 */
import { aesChained } from './primitives.ts';

const BLOCK = 16;

/** RFC 3566 section 4: all three keys are encryptions of constants under the one given. */
export function aesXcbcMac(key: Uint8Array, octets: Uint8Array): Uint8Array {
  const [first, whole, partial] = [1, 2, 3].map((n) => encrypted(key, new Uint8Array(BLOCK).fill(n)));
  return chained(first ?? key, octets, whole ?? key, partial ?? key);
}

/** RFC 4493 section 2.3: the masks are the encryption of zero, doubled once and twice. */
export function aesCmac(key: Uint8Array, octets: Uint8Array): Uint8Array {
  const whole = doubled(encrypted(key, new Uint8Array(BLOCK)));
  return chained(key, octets, whole, doubled(whole));
}

/** CBC-MAC whose last block is masked by `whole`, or padded and masked by `partial` if it is not full. */
function chained(key: Uint8Array, octets: Uint8Array, whole: Uint8Array, partial: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(octets.length / BLOCK));
  const padded = new Uint8Array(BLOCK * blocks);
  padded.set(octets);
  const isWhole = octets.length === padded.length;
  if (!isWhole) padded[octets.length] = 0x80;
  const mask = isWhole ? whole : partial;
  const last = padded.length - BLOCK;
  for (let n = 0; n < BLOCK; n += 1) padded[last + n] = padded[last + n]! ^ mask[n]!;
  return aesChained(key, padded).subarray(-BLOCK);
}

/** One block, which nothing is chained to. */
const encrypted = aesChained;

/** Times x in GF(2^128). */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK);
  for (let n = 0; n < BLOCK; n += 1) {
    const carry = n + 1 < BLOCK ? block[n + 1]! >> 7 : 0;
    result[n] = ((block[n]! << 1) & 0xff) | carry;
  }
  if (block[0]! >> 7 === 1) result[BLOCK - 1] = result[BLOCK - 1]! ^ 0x87;
  return result;
}
