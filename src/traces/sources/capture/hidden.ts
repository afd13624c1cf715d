/**
 * Packets of IPsec in an encapsulation that is not known: where the header of an IP packet that carries ESP, AH or IKE
 * stands in a frame, in whatever is around it, the frame is not passed over without a word.
 */
import { u8, u16 } from '../../common/octets.ts';

/** A header of an encapsulation is hardly longer, in octets. */
const LONGEST = 64;

const ESP = 50;
const AH = 51;
const UDP = 17;

/** Whether an IP packet with ESP, AH or IKE seems to begin in these octets, and to end where they do. */
export function hidesIp(octets: Uint8Array): boolean {
  const last = Math.min(LONGEST, octets.length - 28);
  for (let at = 0; at <= last; at += 1) {
    const first = octets[at]!;
    if (first === 0x45 ? isIpv4(octets, at) : first >> 4 === 6 && isIpv6(octets, at)) return true;
  }
  return false;
}

/** What follows the packet may be padding or a check sequence, if the header's checksum is right. */
function isIpv4(octets: Uint8Array, at: number): boolean {
  const length = u16(octets, at + 2);
  const rest = octets.length - at;
  if (length > rest || u8(octets, at + 8) === 0) return false;
  return (length === rest || isChecked(octets, at)) && isIpsec(octets, u8(octets, at + 9), at + 20);
}

function isIpv6(octets: Uint8Array, at: number): boolean {
  if (octets.length - at < 48 || u16(octets, at + 4) !== octets.length - at - 40) return false;
  // Traffic class and flow label are mostly 0, the addresses are none of those.
  return u8(octets, at + 8) !== 0 && isIpsec(octets, u8(octets, at + 6), at + 40);
}

function isIpsec(octets: Uint8Array, protocol: number, at: number): boolean {
  if (protocol === ESP || protocol === AH) return true;
  const ports = protocol === UDP ? [u16(octets, at), u16(octets, at + 2)] : [];
  return ports.includes(500) || ports.includes(4500);
}

/** The one's complement sum of a header that is whole is all ones (RFC 1071). */
function isChecked(octets: Uint8Array, at: number): boolean {
  let sum = 0;
  for (let word = 0; word < 20; word += 2) sum += u16(octets, at + word);
  return sum % 0xffff === 0 && sum > 0;
}
