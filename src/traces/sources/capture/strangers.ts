/**
 * What others send to UDP port 4500: probes of scanners, and programs that share the port. By its first octets a receiver
 * takes it for ESP of an SA that it does not have, and drops it; whoever judges it as ESP would see one "sequence number"
 * come again and again, and accuse somebody of that.
 *
 * Sources: RFC 8489 section 5 (STUN), RFC 9147 section 4 (DTLS), RFC 9000 section 17.2 (QUIC), RFC 7296 section 3.1.
 */
import { u8, u16, u32 } from '../../common/octets.ts';

const STUN_COOKIE = 0x2112_a442;
const STUN_HEADER = 20;
const DTLS_HEADER = 13;
/** Octets that tell ESP packets apart: SPI and sequence number. */
const TELLING = 8;

const isTextOctet = (octet: number): boolean =>
  (octet >= 0x20 && octet < 0x7f) || octet === 9 || octet === 10 || octet === 13;

/** Only of what begins as text all is looked at. */
const isText = (data: Uint8Array): boolean =>
  data.subarray(0, TELLING).every(isTextOctet) && data.every(isTextOctet);

const isStun = (data: Uint8Array): boolean =>
  data.length >= STUN_HEADER &&
  u8(data, 0) < 0x40 &&
  u32(data, 4) === STUN_COOKIE &&
  u16(data, 2) === data.length - STUN_HEADER;

/** Content types 20 to 26, and versions 1.0 and 1.2. */
const isDtls = (data: Uint8Array): boolean =>
  data.length >= DTLS_HEADER &&
  u8(data, 0) >= 20 &&
  u8(data, 0) <= 26 &&
  (u16(data, 1) === 0xfefd || u16(data, 1) === 0xfeff) &&
  u16(data, 11) <= data.length - DTLS_HEADER;

/** A packet with long header of version 1, 2 or a draft: two connection IDs of at most 20 octets after it. */
function isQuic(data: Uint8Array): boolean {
  if (data.length < 7 || u8(data, 0) < 0xc0) return false;
  const version = u32(data, 1);
  if (version !== 1 && version !== 0x6b33_43cf && version >>> 8 !== 0xff_0000) return false;
  const own = 6 + u8(data, 5);
  return u8(data, 5) <= 20 && own < data.length && own + 1 + u8(data, own) <= data.length;
}

const isFilling = (data: Uint8Array): boolean => {
  const first = u8(data, 0);
  return u8(data, 1) === first && u8(data, 4) === first && data.every((octet) => octet === first);
};

/** @returns what it is, if it is nothing of IPsec whose first octets only look like the header of ESP */
export function strangeIn(data: Uint8Array): string | undefined {
  if (data.length < TELLING) return undefined;
  if (isStun(data)) return 'STUN on UDP port 4500';
  if (isDtls(data)) return 'DTLS on UDP port 4500';
  if (isQuic(data)) return 'QUIC on UDP port 4500';
  if (isText(data)) return 'text on UDP port 4500';
  return isFilling(data) ? 'one octet over and over on UDP port 4500' : undefined;
}

/** What a TCP stream to port 4500 begins with, where that is not IKE or ESP. */
export function strangeStream(data: Uint8Array): 'TLS' | 'text' | undefined {
  if (data.length < 5) return undefined;
  const type = u8(data, 0);
  if (type >= 0x14 && type <= 0x17 && u8(data, 1) === 3 && u8(data, 2) <= 4) return 'TLS';
  // The prefix of a stream of IKE is text, too (RFC 9329, 4).
  const isOurs = Buffer.from(data.subarray(0, 5)).toString('latin1') === 'IKETC';
  return !isOurs && data.subarray(0, 5).every(isTextOctet) ? 'text' : undefined;
}
