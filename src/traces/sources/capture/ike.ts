/**
 * IKEv2 messages: the header and the chain of payloads, with every length checked.
 *
 * Sources: RFC 7296 sections 3.1 (header), 3.2 (generic payload header), 3.10 (Notify), 3.11 (Delete) and
 * 3.14 (Encrypted), RFC 7383 section 2.5 (Encrypted Fragment).
 */
import type { Reading } from '../../common/octets.ts';
import { toHex, u8, u16, u32 } from '../../common/octets.ts';
import type { Payload } from '../../events/event.ts';
import { payloadName } from '../../events/names.ts';

export interface IkeHeader {
  /** 16 hexadecimal digits each. */
  readonly initiatorSpi: string;
  readonly responderSpi: string;
  /** Exchange type, 0 to 255. */
  readonly exchange: number;
  /** The flag Initiator: sent by the original initiator of the IKE SA. */
  readonly fromInitiator: boolean;
  readonly response: boolean;
  readonly id: number;
}

/**
 * The inside of an Encrypted or Encrypted Fragment payload, still encrypted: initialization vector, ciphertext,
 * integrity value.
 */
export interface Encrypted {
  /** Type of the first payload inside; of fragments, only the first tells. */
  readonly first: number;
  readonly octets: Uint8Array;
  /** Absent if the message is whole. */
  readonly part?: Part;
}

/** Which part of a message a fragment is. */
export interface Part {
  /** Fragment Number, 1 to `total`. */
  readonly number: number;
  /** Total Fragments. */
  readonly total: number;
}

export interface IkeOctets {
  readonly header: IkeHeader;
  /** Payloads outside SK{} or SKF{}. */
  readonly clear: readonly Payload[];
  /** Absent if the message is not encrypted. */
  readonly encrypted?: Encrypted;
}

/** Length of the header, in octets. */
export const IKE_HEADER = 28;
const NOTIFY = 41;
const DELETE = 42;
const SK = 46;
const SKF = 53;

/** Parses one message, which must be the whole of `octets`. */
export function parseIke(octets: Uint8Array): Reading<IkeOctets> {
  if (octets.length < IKE_HEADER) {
    return { reason: `the IKE header is ${IKE_HEADER} octets, there are ${octets.length}` };
  }
  const version = u8(octets, 17) >> 4;
  if (version !== 2) return { reason: `IKE version ${version}: only version 2 is read` };
  const length = u32(octets, 24);
  if (length !== octets.length) {
    return { reason: `the IKE header says ${length} octets, the datagram has ${octets.length}` };
  }
  const chain = parseChain(u8(octets, 16), octets.subarray(IKE_HEADER));
  if ('reason' in chain) return chain;
  const flags = u8(octets, 19);
  const header: IkeHeader = {
    initiatorSpi: toHex(octets.subarray(0, 8)),
    responderSpi: toHex(octets.subarray(8, 16)),
    exchange: u8(octets, 18),
    fromInitiator: (flags & 0x08) !== 0,
    response: (flags & 0x20) !== 0,
    id: u32(octets, 20),
  };
  const { payloads, encrypted } = chain.value;
  return { value: { header, clear: payloads, ...(encrypted && { encrypted }) } };
}

interface Chain {
  readonly payloads: readonly Payload[];
  readonly encrypted?: Encrypted;
}

/** Parses a chain of payloads, which must fill `octets`; an Encrypted or Encrypted Fragment payload ends it. */
export function parseChain(first: number, octets: Uint8Array): Reading<Chain> {
  const payloads: Payload[] = [];
  let type = first;
  let at = 0;
  while (type !== 0) {
    const name = payloadName(type);
    const rest = octets.length - at;
    if (rest < 4) return { reason: `payload ${name}: its header is 4 octets, there are ${rest}` };
    const length = u16(octets, at + 2);
    // At least 4, so the loop always gets on.
    if (length < 4 || length > rest) {
      return { reason: `payload ${name}: it says ${length} octets, there are ${rest}` };
    }
    const body = octets.subarray(at + 4, at + length);
    const next = u8(octets, at);
    if (type === SK || type === SKF) {
      // RFC 7296 section 3.14: it must be the last; its Next Payload is the first inside.
      if (length !== rest) {
        return { reason: `payload ${name} is not the last: ${rest - length} octets follow it` };
      }
      const encrypted = type === SK ? { value: { first: next, octets: body } } : parseFragment(next, body);
      if ('reason' in encrypted) return { reason: `payload ${name}: ${encrypted.reason}` };
      return { value: { payloads, encrypted: encrypted.value } };
    }
    const payload = parsePayload(type, body);
    if ('reason' in payload) return { reason: `payload ${name}: ${payload.reason}` };
    payloads.push(payload.value);
    type = next;
    at += length;
  }
  if (at !== octets.length) return { reason: `${octets.length - at} octets follow the last payload` };
  return { value: { payloads } };
}

/** RFC 7383 section 2.6: both numbers are at least 1, and Fragment Number at most Total Fragments. */
function parseFragment(first: number, body: Uint8Array): Reading<Encrypted> {
  if (body.length < 4) return { reason: `its fixed part is 4 octets, there are ${body.length}` };
  const number = u16(body, 0);
  const total = u16(body, 2);
  if (number === 0 || number > total) return { reason: `it says fragment ${number} of ${total}` };
  return { value: { first, octets: body.subarray(4), part: { number, total } } };
}

function parsePayload(type: number, body: Uint8Array): Reading<Payload> {
  if (type === NOTIFY) return parseNotify(body);
  if (type === DELETE) return parseDelete(body);
  return { value: { type: 'other', name: payloadName(type) } };
}

function parseNotify(body: Uint8Array): Reading<Payload> {
  if (body.length < 4) return { reason: `its fixed part is 4 octets, there are ${body.length}` };
  const dataAt = 4 + u8(body, 1);
  if (dataAt > body.length) {
    return { reason: `an SPI of ${u8(body, 1)} octets, there are ${body.length - 4}` };
  }
  return {
    value: {
      type: 'N',
      notify: u16(body, 2),
      protocol: u8(body, 0),
      spi: toHex(body.subarray(4, dataAt)),
      data: toHex(body.subarray(dataAt)),
    },
  };
}

function parseDelete(body: Uint8Array): Reading<Payload> {
  if (body.length < 4) return { reason: `its fixed part is 4 octets, there are ${body.length}` };
  const size = u8(body, 1);
  const count = u16(body, 2);
  if (body.length !== 4 + size * count) {
    return { reason: `${count} SPIs of ${size} octets, there are ${body.length - 4} octets` };
  }
  const spis: string[] = [];
  for (let at = 4; at < body.length; at += size) spis.push(toHex(body.subarray(at, at + size)));
  return { value: { type: 'D', protocol: u8(body, 0), spis } };
}
