/** Octets read as numbers and text. Callers check lengths first: reading beyond the end throws a RangeError. */

/** A view for each would take longer than the reading does. */
const outside = (octets: Uint8Array, at: number): never => {
  throw new RangeError(`octet ${at} of ${octets.length}`);
};

export const u8 = (octets: Uint8Array, at: number): number => octets[at] ?? outside(octets, at);

/** Two octets, in network order unless `little`. */
export const u16 = (octets: Uint8Array, at: number, little = false): number =>
  little ? (u8(octets, at + 1) << 8) | u8(octets, at) : (u8(octets, at) << 8) | u8(octets, at + 1);

/** Four octets, unsigned, in network order unless `little`. */
export const u32 = (octets: Uint8Array, at: number, little = false): number =>
  little
    ? u16(octets, at + 2, true) * 0x1_0000 + u16(octets, at, true)
    : u16(octets, at) * 0x1_0000 + u16(octets, at + 2);

/** A copy. The method `slice` of a Buffer gives a view. */
export const copyOf = (octets: Uint8Array): Uint8Array => new Uint8Array(octets);

/** All parts, one after the other. */
export function joinedOctets(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Two lower-case hexadecimal digits for each octet. */
export function toHex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('hex');
}

/** The octets of hexadecimal digits, or nothing if `text` is not an even number of them. */
export function fromHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})*$/iu.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : undefined;
}

/** What reading gives: the value, or why there is none. */
export type Reading<T> = { readonly value: T } | { readonly reason: string };
