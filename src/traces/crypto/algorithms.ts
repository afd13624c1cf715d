/**
 * The algorithms of IKE and ESP that are known, under the names that Wireshark has for them in its tables
 * `ikev2_decryption_table` and `esp_sa`.
 *
 * Sources: RFC 3602 (AES-CBC), RFC 2451 (3DES), RFC 3686 and 5930 (AES-CTR), RFC 4106 and 5282 (AES-GCM), RFC 4309 and 5282
 * (AES-CCM), RFC 7634 (ChaCha20-Poly1305), RFC 2403, 2404, 4595 and 4868 (HMAC), RFC 3566 (AES-XCBC), RFC 4494 (AES-CMAC).
 */
import { aesCmac, aesXcbcMac } from './mac.ts';
import {
  aesCounted,
  cbcDecrypted,
  type Hash,
  hmac as hmacOf,
  isSame,
  type Sealing,
  unsealed,
} from './primitives.ts';

export interface Encryption {
  /** Lengths in octets that the key may have, salt included. */
  readonly keys: readonly number[];
  /** Length of the initialization vector that stands before the ciphertext, in octets. */
  readonly vector: number;
  /** What the ciphertext is a multiple of, in octets. */
  readonly block: number;
  /** Length of the integrity value, in octets: 0 if another algorithm makes it. */
  readonly tag: number;
  /**
   * The plaintext; nothing if the cipher has an integrity value of its own and that is wrong.
   *
   * @param associated what the integrity value covers besides
   */
  readonly decrypt: (
    key: Uint8Array,
    vector: Uint8Array,
    ciphertext: Uint8Array,
    associated: Uint8Array,
    tag: Uint8Array,
  ) => Uint8Array | undefined;
}

export interface Integrity {
  readonly keys: readonly number[];
  /** Length of the integrity value, in octets. */
  readonly length: number;
  /** Absent if it is not to be checked. */
  readonly value?: (key: Uint8Array, octets: Uint8Array) => Uint8Array;
}

/** What protects the messages of an SA. */
export interface Protection {
  readonly encryption: Encryption;
  /** Null if the cipher has an integrity value of its own. */
  readonly integrity: Integrity | null;
}

/** Length of the integrity value at the end of each message, in octets. */
export const tagLength = ({ encryption, integrity }: Protection): number =>
  integrity === null ? encryption.tag : integrity.length;

/** Whether there is an integrity value that can be checked. */
export const canCheck = ({ encryption, integrity }: Protection): boolean =>
  integrity === null ? encryption.tag > 0 : integrity.value !== undefined;

/** Whether `value` is right for `octets`, by an algorithm that makes one. */
export function isRight(
  algorithm: Integrity,
  key: Uint8Array,
  octets: Uint8Array,
  value: Uint8Array,
): boolean {
  if (algorithm.value === undefined || value.length !== algorithm.length) return false;
  return isSame(algorithm.value(key, octets).subarray(0, algorithm.length), value);
}

const joined = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

const cbc = (cipher: 'aes' | '3des', keys: readonly number[], block: number): Encryption => ({
  keys,
  vector: block,
  block,
  tag: 0,
  decrypt: (key, vector, ciphertext) => cbcDecrypted(cipher, key, vector, ciphertext),
});

const aesCbc = (keys: readonly number[]): Encryption => cbc('aes', keys, 16);
const tripleDes = cbc('3des', [24], 8);

/** The last octets of the key are the nonce (RFC 3686 section 5.1). */
const NONCE = 4;

const aesCtr = (keys: readonly number[]): Encryption => ({
  keys,
  vector: 8,
  block: 1,
  tag: 0,
  decrypt: (key, vector, ciphertext) => {
    const [cipherKey, nonce] = [key.subarray(0, -NONCE), key.subarray(-NONCE)];
    const counter = joined(nonce, vector, new Uint8Array([0, 0, 0, 1]));
    return aesCounted(cipherKey, counter, ciphertext);
  },
});

interface Combined {
  readonly sealing: Sealing;
  readonly keys: readonly number[];
  /** Octets at the end of the key that are the first of the nonce. */
  readonly salt: number;
  readonly tag: number;
}

const combined = ({ sealing, keys, salt, tag }: Combined): Encryption => ({
  keys,
  vector: 8,
  block: 1,
  tag,
  decrypt: (key, vector, ciphertext, associated, value) => {
    const cipherKey = key.subarray(0, key.length - salt);
    const nonce = joined(key.subarray(key.length - salt), vector);
    return unsealed(sealing, cipherKey, nonce, ciphertext, associated, value);
  },
});

const gcm = (keys: readonly number[], tag: number): Encryption =>
  combined({ sealing: 'gcm', keys, salt: 4, tag });
const ccm = (keys: readonly number[], tag: number): Encryption =>
  combined({ sealing: 'ccm', keys, salt: 3, tag });
const chaCha: Encryption = combined({ sealing: 'chacha20-poly1305', keys: [36], salt: 4, tag: 16 });
const nothing: Encryption = {
  keys: [0],
  vector: 0,
  block: 1,
  tag: 0,
  decrypt: (_key, _vector, ciphertext) => ciphertext,
};

const hmac = (hash: Hash, key: number, length: number): Integrity => ({
  keys: [key],
  length,
  value: (secret, octets) => hmacOf(hash, secret, octets),
});
const xcbc: Integrity = { keys: [16], length: 12, value: aesXcbcMac };
const cmac: Integrity = { keys: [16], length: 12, value: aesCmac };
/** Some integrity value of this length, by an algorithm or a key that is not told. */
const unchecked = (length: number): Integrity => ({ keys: [], length });

const AES_BITS = [128, 192, 256] as const;
const TAGS = [8, 12, 16] as const;

/** For each length of an AES key, in octets. */
const perBits = <T>(make: (bits: number, octets: number) => readonly (readonly [string, T])[]) =>
  AES_BITS.flatMap((bits) => make(bits, bits / 8));

/** ChaCha20-Poly1305, AES-XCBC and AES-CMAC have no names in these tables of Wireshark 4.0; theirs are ours. */
const CHACHA = 'ChaCha20-Poly1305 [RFC7634]';

export const IKE_ENCRYPTION: ReadonlyMap<string, Encryption> = new Map<string, Encryption>([
  ['3DES [RFC2451]', tripleDes],
  ...perBits((bits, octets) => [[`AES-CBC-${bits} [RFC3602]`, aesCbc([octets])]]),
  ...perBits((bits, octets) => [[`AES-CTR-${bits} [RFC5930]`, aesCtr([octets + NONCE])]]),
  ...perBits((bits, octets) =>
    TAGS.map((tag) => [`AES-CCM-${bits} with ${tag} octet ICV [RFC5282]`, ccm([octets + 3], tag)] as const),
  ),
  ...perBits((bits, octets) =>
    TAGS.map((tag) => [`AES-GCM-${bits} with ${tag} octet ICV [RFC5282]`, gcm([octets + 4], tag)] as const),
  ),
  [CHACHA, chaCha],
  ['NULL [RFC2410]', nothing],
]);

export const NO_INTEGRITY = 'NONE [RFC4306]';

export const IKE_INTEGRITY: ReadonlyMap<string, Integrity | null> = new Map<string, Integrity | null>([
  [NO_INTEGRITY, null],
  ['HMAC_MD5_96 [RFC2403]', hmac('md5', 16, 12)],
  ['HMAC_MD5_128 [RFC4595]', hmac('md5', 16, 16)],
  ['HMAC_SHA1_96 [RFC2404]', hmac('sha1', 20, 12)],
  ['HMAC_SHA1_160 [RFC4595]', hmac('sha1', 20, 20)],
  ['HMAC_SHA2_256_96 [draft-ietf-ipsec-ciph-sha-256-00]', hmac('sha256', 32, 12)],
  ['HMAC_SHA2_256_128 [RFC4868]', hmac('sha256', 32, 16)],
  ['HMAC_SHA2_384_192 [RFC4868]', hmac('sha384', 48, 24)],
  ['HMAC_SHA2_512_256 [RFC4868]', hmac('sha512', 64, 32)],
  ['AES_XCBC_96 [RFC3566]', xcbc],
  ['AES_CMAC_96 [RFC4494]', cmac],
  ...[64, 96, 128, 160, 192, 256].map(
    (bits) => [`ANY ${bits}-bits of Authentication [No Checking]`, unchecked(bits / 8)] as const,
  ),
]);

const ALL_AES = [16, 24, 32];
/** The cipher of ESP named `AES-GCM [RFC4106]`, whose integrity value is as long as is said beside it. */
export const ESP_GCM = 'AES-GCM [RFC4106]';

/** AES-GCM in ESP with an integrity value of so many octets. */
export const espGcm = (tag: number): Encryption => gcm(GCM_KEYS, tag);

const GCM_KEYS = ALL_AES.map((octets) => octets + 4);

export const ESP_ENCRYPTION: ReadonlyMap<string, Encryption> = new Map<string, Encryption>([
  ['NULL', nothing],
  ['TripleDES-CBC [RFC2451]', tripleDes],
  ['AES-CBC [RFC3602]', aesCbc(ALL_AES)],
  ['AES-CTR [RFC3686]', aesCtr(ALL_AES.map((octets) => octets + NONCE))],
  [ESP_GCM, gcm(GCM_KEYS, 16)],
  ...TAGS.map((tag) => [`AES-GCM with ${tag} octet ICV [RFC4106]`, gcm(GCM_KEYS, tag)] as const),
  [CHACHA, chaCha],
  ['ChaCha20 with Poly1305 [RFC7634]', chaCha],
]);

export const ESP_INTEGRITY: ReadonlyMap<string, Integrity | null> = new Map<string, Integrity | null>([
  ['NULL', null],
  ['HMAC-MD5-96 [RFC2403]', hmac('md5', 16, 12)],
  ['HMAC-SHA-1-96 [RFC2404]', hmac('sha1', 20, 12)],
  ['HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]', hmac('sha256', 32, 12)],
  ['HMAC-SHA-256-128 [RFC4868]', hmac('sha256', 32, 16)],
  ['HMAC-SHA-384-192 [RFC4868]', hmac('sha384', 48, 24)],
  ['HMAC-SHA-512-256 [RFC4868]', hmac('sha512', 64, 32)],
  ['AES-XCBC-96 [RFC3566]', xcbc],
  ['AES-CMAC-96 [RFC4494]', cmac],
  ...[64, 96, 128, 192, 256].map(
    (bits) => [`ANY ${bits} bit authentication [no checking]`, unchecked(bits / 8)] as const,
  ),
]);
