/**
 * Integrity check and decryption of IKE messages, integrity check of ESP packets.
 *
 * Sources: RFC 7296 section 3.14 (SK{}), RFC 7383 section 2.5 (SKF{}), RFC 5282 section 5 and RFC 7634 section 3 (ciphers
 * with an integrity value of their own), RFC 4303 sections 2.2.1, 2.8 and 3.4.4 (ESP).
 */
import type { Reading } from '../common/octets.ts';
import { u8 } from '../common/octets.ts';
import type { MessageEvent, Payload } from '../events/event.ts';
import { type Encrypted, parseChain } from '../sources/capture/ike.ts';
import { canCheck, isRight, tagLength } from './algorithms.ts';
import type { DirectionKeys } from './keys.ts';

/** Length of an integrity value whose algorithm is not known, in octets: that of most, and none here is far from it. */
export const USUAL_ICV_LENGTH = 16;

export interface Opened {
  readonly integrity: MessageEvent['integrity'];
  /** Absent unless the integrity value is right, or the algorithm is such that nobody checks it. */
  readonly payloads?: readonly Payload[];
  /** What was decrypted, without its padding. */
  readonly plain?: Uint8Array;
  /** Whether what was decrypted makes no sense, and no integrity value tells whose fault that is. */
  readonly senseless?: true;
}

/** One SK{} or SKF{} payload and the whole message that ends with it, from the IKE header on. */
export interface Sealed {
  readonly message: Uint8Array;
  readonly octets: Uint8Array;
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
  if (keys === undefined) return { value: { integrity: 'unchecked' } };
  const inside = unsealed({ message, octets: encrypted.octets }, keys);
  if (!canCheck(keys.protection)) {
    return inside === 'bad' || 'reason' in inside ? SENSELESS : unchecked(encrypted.first, inside.value);
  }
  if (inside === 'bad') return { value: { integrity: 'bad' } };
  if ('reason' in inside) return { reason: `inside SK{}: ${inside.reason}` };
  return openedOf('SK{}', encrypted.first, inside.value);
}

const SENSELESS: Reading<Opened> = { value: { integrity: 'unchecked', senseless: true } };

/** With an algorithm that is not told, what makes sense inside was decrypted with the right key. */
function unchecked(first: number, inside: Uint8Array): Reading<Opened> {
  const chain = parseChain(first, inside);
  if ('reason' in chain || chain.value.encrypted !== undefined) return SENSELESS;
  return { value: { integrity: 'unchecked', payloads: chain.value.payloads, plain: inside } };
}

/** Whether the integrity value of a message that ends with an SK{} or SKF{} payload is right. */
export function checkIke(
  message: Uint8Array,
  encrypted: Encrypted,
  keys: DirectionKeys | undefined,
): MessageEvent['integrity'] {
  if (keys === undefined || !canCheck(keys.protection)) return 'unchecked';
  return unsealed({ message, octets: encrypted.octets }, keys) === 'bad' ? 'bad' : 'good';
}

/**
 * Opens the SKF{} payloads of one message: each is decrypted for itself, with its own initialization vector and
 * padding, and what is inside them is joined (RFC 7383 sections 2.5 and 2.6).
 *
 * @param fragments all of them in the order of their numbers, their integrity values checked
 * @param first type of the first payload inside
 * @param keys that they were checked with
 * @returns a reason if the inside makes no sense
 */
export function openFragments(
  fragments: readonly Sealed[],
  first: number,
  keys: DirectionKeys | undefined,
): Reading<Opened> {
  if (keys === undefined) return { value: { integrity: 'unchecked' } };
  const parts: Uint8Array[] = [];
  for (const [index, fragment] of fragments.entries()) {
    const inside = unsealed(fragment, keys);
    if (!canCheck(keys.protection) && (inside === 'bad' || 'reason' in inside)) return SENSELESS;
    if (inside === 'bad') return { value: { integrity: 'bad' } };
    if ('reason' in inside) {
      return { reason: `inside SKF{} ${index + 1} of ${fragments.length}: ${inside.reason}` };
    }
    parts.push(inside.value);
  }
  const inside = Buffer.concat(parts);
  return canCheck(keys.protection) ? openedOf('SKF{}', first, inside) : unchecked(first, inside);
}

/**
 * What is inside an SK{} payload that another program has decrypted. Whether its integrity value is right, it does not
 * tell; what makes sense inside was decrypted with the right key.
 *
 * @param plain with its padding, or without
 */
export function openedBefore(first: number, plain: Uint8Array): Reading<Opened> {
  const padding = plain.length === 0 ? 0 : u8(plain, plain.length - 1) + 1;
  for (const end of [plain.length, plain.length - padding]) {
    const chain = end < 0 ? { reason: '' } : parseChain(first, plain.subarray(0, end));
    if (!('reason' in chain) && chain.value.encrypted === undefined) {
      return { value: { integrity: 'unchecked', payloads: chain.value.payloads } };
    }
  }
  return { value: { integrity: 'unchecked' } };
}

function openedOf(name: string, first: number, inside: Uint8Array): Reading<Opened> {
  const chain = parseChain(first, inside);
  if ('reason' in chain) return { reason: `inside ${name}: ${chain.reason}` };
  if (chain.value.encrypted !== undefined) return { reason: `inside ${name}: another SK{} or SKF{}` };
  return { value: { integrity: 'good', payloads: chain.value.payloads, plain: inside } };
}

/**
 * The plaintext without its padding; `bad` if the integrity value is wrong. It covers the whole message before it:
 * by an algorithm of its own, or as what the cipher takes as associated data.
 */
function unsealed({ message, octets }: Sealed, keys: DirectionKeys): Reading<Uint8Array> | 'bad' {
  const { protection, encryption: key, integrity: integrityKey } = keys;
  const { encryption, integrity } = protection;
  const tag = tagLength(protection);
  if (octets.length < encryption.vector + tag) return 'bad';
  const value = octets.subarray(octets.length - tag);
  if (
    integrity !== null &&
    integrity.value !== undefined &&
    !isRight(integrity, integrityKey, message.subarray(0, message.length - tag), value)
  ) {
    return 'bad';
  }
  const ciphertext = octets.subarray(encryption.vector, octets.length - tag);
  if (ciphertext.length === 0 || ciphertext.length % encryption.block !== 0) {
    return {
      reason: `${ciphertext.length} encrypted octets are not whole blocks of ${encryption.block}`,
    };
  }
  const associated = message.subarray(0, message.length - octets.length);
  const vector = octets.subarray(0, encryption.vector);
  const plain = encryption.decrypt(key, vector, ciphertext, associated, value);
  if (plain === undefined) return 'bad';
  // The last octet counts the padding before it.
  const padding = u8(plain, plain.length - 1);
  const length = plain.length - 1 - padding;
  if (length < 0) return { reason: `${padding} octets of padding in ${plain.length} octets` };
  return { value: plain.subarray(0, length) };
}

/**
 * Whether the integrity value of an ESP packet is right. Of an extended sequence number the packet has only the
 * lower half; the upper one takes part in the value all the same (RFC 4303 section 2.2.1).
 *
 * @param upper upper half of the sequence number; absent if the SA has none
 */
export function espIsRight(packet: Uint8Array, keys: DirectionKeys, upper?: number): boolean {
  const { protection, encryption: key, integrity: integrityKey } = keys;
  const { encryption, integrity } = protection;
  const tag = tagLength(protection);
  if (packet.length < ESP_HEADER + encryption.vector + tag) return false;
  const covered = packet.subarray(0, packet.length - tag);
  const value = packet.subarray(packet.length - tag);
  const high = Buffer.alloc(upper === undefined ? 0 : 4);
  if (upper !== undefined) high.writeUInt32BE(upper);
  if (integrity !== null) return isRight(integrity, integrityKey, Buffer.concat([covered, high]), value);
  // SPI, upper half if there is one, lower half (RFC 4106 section 5).
  const associated = Buffer.concat([packet.subarray(0, 4), high, packet.subarray(4, ESP_HEADER)]);
  const body = covered.subarray(ESP_HEADER);
  const vector = body.subarray(0, encryption.vector);
  return encryption.decrypt(key, vector, body.subarray(encryption.vector), associated, value) !== undefined;
}

/** SPI and sequence number. */
export const ESP_HEADER = 8;
