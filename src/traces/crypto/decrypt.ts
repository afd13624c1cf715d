/**
 * Integrity check and decryption of IKE messages, integrity check of ESP packets.
 *
 * Sources: RFC 7296 section 3.14 (SK{}), RFC 7383 section 2.5 (SKF{}), RFC 4303 sections 2.8 and 3.4.4.1 (ESP), RFC 4868 (HMAC-SHA2-256-128),
 * RFC 3602 (AES-CBC).
 */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { type Encrypted, parseChain } from '../capture/ike.ts';
import type { MessageEvent, Payload } from '../event.ts';
import type { Reading } from '../octets.ts';
import { u8 } from '../octets.ts';
import type { DirectionKeys } from './keys.ts';

/** Length of the integrity value of the only algorithm known, in octets. */
export const ICV_LENGTH = 16;
const BLOCK = 16;

/** Whether the last 16 octets are the HMAC-SHA2-256-128 of those before them. */
export function integrityHolds(key: Uint8Array, octets: Uint8Array): boolean {
  if (octets.length < ICV_LENGTH) return false;
  const end = octets.length - ICV_LENGTH;
  const value = createHmac('sha256', key).update(octets.subarray(0, end)).digest().subarray(0, ICV_LENGTH);
  return timingSafeEqual(value, octets.subarray(end));
}

export interface Opened {
  readonly integrity: MessageEvent['integrity'];
  /** Absent unless the integrity value is right. */
  readonly payloads?: readonly Payload[];
}

/**
 * Opens an SK{} payload.
 *
 * @param message the whole message, from the IKE header on, which ends with the payload
 * @param keys of the direction of the message; without them its integrity stays unchecked
 * @returns a reason if the integrity value is right and yet the inside makes no sense
 */
export function openIke(
  message: Uint8Array,
  encrypted: Encrypted,
  keys: DirectionKeys | undefined,
): Reading<Opened> {
  const integrity = checkIke(message, encrypted, keys);
  if (keys === undefined || integrity !== 'good') return { value: { integrity } };
  const inside = decrypt(keys.encryption, encrypted.octets.subarray(0, -ICV_LENGTH));
  if ('reason' in inside) return { reason: `inside SK{}: ${inside.reason}` };
  return openedOf('SK{}', encrypted.first, inside.value);
}

/**
 * Whether the integrity value of a message that ends with an SK{} or SKF{} payload is right. In both it covers
 * the whole message before it (RFC 7383 section 2.5).
 */
export function checkIke(
  message: Uint8Array,
  encrypted: Encrypted,
  keys: DirectionKeys | undefined,
): MessageEvent['integrity'] {
  if (keys === undefined) return 'unchecked';
  return encrypted.octets.length >= BLOCK + ICV_LENGTH && integrityHolds(keys.integrity, message)
    ? 'good'
    : 'bad';
}

/**
 * Opens the SKF{} payloads of one message: each is decrypted for itself, with its own initialization vector and
 * padding, and what is inside them is joined (RFC 7383 sections 2.5 and 2.6).
 *
 * @param fragments all of them in the order of their numbers, their integrity values checked
 * @param keys that they were checked with
 * @returns a reason if the inside makes no sense
 */
export function openFragments(
  fragments: readonly Encrypted[],
  keys: DirectionKeys | undefined,
): Reading<Opened> {
  if (keys === undefined) return { value: { integrity: 'unchecked' } };
  const parts: Uint8Array[] = [];
  for (const [index, { octets }] of fragments.entries()) {
    const inside = decrypt(keys.encryption, octets.subarray(0, -ICV_LENGTH));
    if ('reason' in inside) {
      return { reason: `inside SKF{} ${index + 1} of ${fragments.length}: ${inside.reason}` };
    }
    parts.push(inside.value);
  }
  return openedOf('SKF{}', fragments[0]?.first ?? 0, Buffer.concat(parts));
}

function openedOf(name: string, first: number, inside: Uint8Array): Reading<Opened> {
  const chain = parseChain(first, inside);
  if ('reason' in chain) return { reason: `inside ${name}: ${chain.reason}` };
  if (chain.value.encrypted !== undefined) return { reason: `inside ${name}: another SK{} or SKF{}` };
  return { value: { integrity: 'good', payloads: chain.value.payloads } };
}

/** AES-CBC of an initialization vector and blocks; the padding, which the last octet counts, is taken off. */
function decrypt(key: Uint8Array, octets: Uint8Array): Reading<Uint8Array> {
  const vector = octets.subarray(0, BLOCK);
  const blocks = octets.subarray(BLOCK);
  if (blocks.length === 0 || blocks.length % BLOCK !== 0) {
    return { reason: `${blocks.length} encrypted octets are not whole blocks of ${BLOCK}` };
  }
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, vector);
  decipher.setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(blocks), decipher.final()]);
  const padding = u8(plain, plain.length - 1);
  const length = plain.length - 1 - padding;
  if (length < 0) return { reason: `${padding} octets of padding in ${plain.length} octets` };
  return { value: plain.subarray(0, length) };
}

/**
 * Whether an ESP packet's integrity value is right by any of the keys for it. Extended sequence numbers, whose
 * upper half would have to be known for that (RFC 4303 section 2.2.1), are not supported.
 */
export function checkEsp(packet: Uint8Array, keys: readonly Uint8Array[]): MessageEvent['integrity'] {
  if (keys.length === 0) return 'unchecked';
  return keys.some((key) => integrityHolds(key, packet)) ? 'good' : 'bad';
}
