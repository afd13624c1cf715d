/** Captures built for tests, and those kept in `traces/`. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fromHex } from '../common/octets.ts';
import { IKE_ENCRYPTION, IKE_INTEGRITY, type Protection } from '../crypto/algorithms.ts';
import { joinKeys, type Keys, readKeys } from '../crypto/keys.ts';

export const TRACES = fileURLToPath(new URL('../../../traces/', import.meta.url));

export const hex = (digits: string): Uint8Array => fromHex(digits.replaceAll(/\s/gu, '')) ?? new Uint8Array();

export const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** AES-CBC-128 with HMAC-SHA2-256-128. */
export const CBC_WITH_SHA2: Protection = {
  encryption: IKE_ENCRYPTION.get('AES-CBC-128 [RFC3602]')!,
  integrity: IKE_INTEGRITY.get('HMAC_SHA2_256_128 [RFC4868]')!,
};

/** The number in `size` octets, in network order unless `little`. */
export function number(value: number, size: number, little = false): Uint8Array {
  const octets = Array.from({ length: size }, (_, n) => Math.floor(value / 2 ** (8 * n)) % 256);
  return new Uint8Array(little ? octets : octets.reverse());
}

/** The octets, with those from `at` on replaced. */
export function patched(octets: Uint8Array, at: number, by: Uint8Array): Uint8Array {
  const copy = octets.slice();
  copy.set(by, at);
  return copy;
}

interface PcapForm {
  readonly linkType?: number;
  readonly little?: boolean;
  readonly nanoseconds?: boolean;
  /** Octets that were on the wire and not captured. */
  readonly cut?: number;
}

/** A capture file whose frames are a second and a half apart, from 1000.5 s on. */
export function pcapOf(frames: readonly Uint8Array[], form: PcapForm = {}): Uint8Array {
  const { linkType = 101, little = true, nanoseconds = false, cut = 0 } = form;
  const four = (value: number): Uint8Array => number(value, 4, little);
  const magic = four(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  const header = join(
    magic,
    number(2, 2, little),
    number(4, 2, little),
    four(0),
    four(0),
    four(65535),
    four(linkType),
  );
  const half = nanoseconds ? 5e8 : 5e5;
  const records = frames.map((frame, n) =>
    join(four(1000 + n), four(half), four(frame.length), four(frame.length + cut), frame),
  );
  return join(header, ...records);
}

/** A block of a pcapng file. */
export function block(type: number, body: Uint8Array, little = true): Uint8Array {
  const padded = join(body, new Uint8Array((4 - (body.length % 4)) % 4));
  const length = number(12 + padded.length, 4, little);
  return join(number(type, 4, little), length, padded, length);
}

export function sectionHeader(little = true): Uint8Array {
  const four = (value: number): Uint8Array => number(value, 4, little);
  return block(
    0x0a0d0d0a,
    join(four(0x1a2b3c4d), number(1, 2, little), number(0, 2), hex('ff'.repeat(8))),
    little,
  );
}

/** An interface, with its options as they are in the file. */
export function interfaceBlock(
  linkType: number,
  little = true,
  options = hex(''),
  snapLength = 0,
): Uint8Array {
  return block(
    1,
    join(number(linkType, 2, little), number(0, 2), number(snapLength, 4, little), options),
    little,
  );
}

/** An Enhanced Packet Block; the time stamp counts the units of its interface. */
export function enhancedPacket(at: number, stamp: number, frame: Uint8Array, little = true): Uint8Array {
  const four = (value: number): Uint8Array => number(value, 4, little);
  const [high, low] = [Math.floor(stamp / 2 ** 32), stamp % 2 ** 32];
  return block(6, join(...[at, high, low, frame.length, frame.length].map(four), frame), little);
}

/** An IPv4 packet from 192.0.2.1 to 192.0.2.2; `fragment` is the field of flags and offset. */
export function ipv4(protocol: number, body: Uint8Array, fragment = 0): Uint8Array {
  const head = join(hex('4500'), number(20 + body.length, 2), hex('0000'), number(fragment, 2), hex('40'));
  return join(head, number(protocol, 1), hex('0000 c0000201 c0000202'), body);
}

/** An IPv6 packet from 2001:db8::1 to 2001:db8::2. */
export function ipv6(next: number, body: Uint8Array): Uint8Array {
  const addresses = hex(`20010db8${'0'.repeat(23)}1 20010db8${'0'.repeat(23)}2`);
  return join(hex('60000000'), number(body.length, 2), number(next, 1), hex('40'), addresses, body);
}

export function udp(source: number, destination: number, body: Uint8Array): Uint8Array {
  return join(number(source, 2), number(destination, 2), number(body.length + 8, 2), hex('0000'), body);
}

interface IkeForm {
  readonly exchange?: number;
  readonly flags?: number;
  readonly id?: number;
  readonly version?: number;
  readonly first?: number;
  readonly body?: Uint8Array;
}

/** An IKE message of SA 1111111111111111:2222222222222222, by default an empty IKE_SA_INIT request. */
export function ike(form: IkeForm = {}): Uint8Array {
  const { exchange = 34, flags = 8, id = 0, version = 0x20, first = 0, body = new Uint8Array() } = form;
  const numbers = new Uint8Array([first, version, exchange, flags]);
  return join(
    hex('1111111111111111 2222222222222222'),
    numbers,
    number(id, 4),
    number(28 + body.length, 4),
    body,
  );
}

/** A payload with its generic header. */
export function payload(next: number, body: Uint8Array): Uint8Array {
  return join(number(next, 1), hex('00'), number(4 + body.length, 2), body);
}

/** The octets of a capture in `traces/`, with all its keys. */
export function kept(name: string, file = 'capture.pcap'): { path: string; octets: Uint8Array; keys: Keys } {
  // A run without ESP packets has no keys for them.
  const paths = ['keys.csv', 'esp_keys.csv'].map((key) => `${TRACES}${name}/${key}`).filter(existsSync);
  const keys = joinKeys(paths.map((path) => readKeys(path, readFileSync(path, 'utf8'))));
  const path = `${TRACES}${name}/${file}`;
  return { path, octets: new Uint8Array(readFileSync(path)), keys };
}
