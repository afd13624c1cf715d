import { u16 } from './octets.ts';

/** Text of 4 or 16 octets: dotted for IPv4, as RFC 5952 section 4 has it for IPv6. */
export function addressOf(octets: Uint8Array): string {
  return octets.length === 4 ? octets.join('.') : ipv6(octets);
}

/** `10.77.0.1:4500`, `[2001:db8::1]:4500`. */
export function withPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether packets to this address, with or without port, go to a group: by several senders, perhaps. */
export const isGroup = (address: string): boolean => {
  // Asked of every packet: most are told by their first character.
  const first = address.charCodeAt(0);
  const mayBe = first === TWO || first === BRACKET || (first | LOWER) === F;
  return mayBe && /^(?:2(?:2[4-9]|3\d)\.|255\.255\.255\.255|\[?ff)/iu.test(address);
};

const [TWO, BRACKET, F, LOWER] = [0x32, 0x5b, 0x66, 0x20] as const;

/** The address of `10.77.0.1:4500`, `[2001:db8::1]:4500`, or of an address that has no port. */
export function withoutPort(address: string): string {
  if (address.charCodeAt(0) === BRACKET) {
    return /^\[([^\]]*)\](?::\d+)?$/u.exec(address)?.[1] ?? address;
  }
  // Asked of every message of IKE, so without regular expressions. More than one colon without brackets: IPv6, and all of it
  // is the address.
  const colon = address.indexOf(':');
  if (colon < 0 || colon === address.length - 1) return address;
  for (let at = colon + 1; at < address.length; at++) {
    const digit = address.charCodeAt(at);
    if (digit < ZERO || digit > NINE) return address;
  }
  return address.slice(0, colon);
}

const [ZERO, NINE] = [0x30, 0x39] as const;

function ipv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, n) => u16(octets, 2 * n));
  const zeros = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  // RFC 5952 section 4.2.2: one group of zeros is not shortened.
  if (zeros.length < 2) return text(groups);
  return `${text(groups.slice(0, zeros.start))}::${text(groups.slice(zeros.start + zeros.length))}`;
}

/** The first longest run of zeros (RFC 5952 section 4.2.3). */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [at, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: at + 1 - length, length };
  }
  return best;
}

/** An address as people write it, in the form of `addressOf`; nothing if it is none. */
export function normalAddress(text: string): string | undefined {
  const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/u.exec(text);
  if (dotted !== null) {
    const parts = dotted.slice(1).map(Number);
    return parts.every((part) => part < 256) ? parts.join('.') : undefined;
  }
  const halves = text.toLowerCase().split('::');
  if (halves.length > 2 || !/^[0-9a-f:]+$/iu.test(text)) return undefined;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/u.test(group))) return undefined;
  const octets = new Uint8Array(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
  return ipv6(octets);
}
