/** What the octets of one IKE message or ESP packet tell: the event in them, as far as the keys go. */
import type { Reading } from '../../common/octets.ts';
import { copyOf, toHex, u8, u32 } from '../../common/octets.ts';
import { tagLength } from '../../crypto/algorithms.ts';
import {
  checkIke,
  ESP_HEADER,
  type Opened,
  openedBefore,
  openFragments,
  openIke,
  USUAL_ICV_LENGTH,
} from '../../crypto/decrypt.ts';
import type { KeyUse, Outcome } from '../../crypto/key-use.ts';
import type { DirectionKeys } from '../../crypto/keys.ts';
import { sha256 } from '../../crypto/primitives.ts';
import { digestOf } from '../../esp/digest.ts';
import { quickDigest } from '../../esp/esp-sas.ts';
import type { End, MessageEvent } from '../../events/event.ts';
import { exchangeName } from '../../events/names.ts';
import type { FrameOf } from './frames.ts';
import { type Encrypted, IKE_HEADER, type IkeHeader, type IkeOctets, type Part, parseIke } from './ike.ts';
import { type Fragment, type Fragments, MOST_FRAGMENTS } from './ike-fragments.ts';
import type { IpsecPacket } from './packet.ts';

/** The part of an event that the message itself tells. */
export type Seen = Pick<
  MessageEvent,
  'sa' | 'from' | 'message' | 'octets' | 'octetsBeforeIntegrity' | 'integrityValue' | 'integrity'
>;

/** What messages are told from copies of them by. */
interface Digests extends Pick<MessageEvent, 'octetsBeforeIntegrity' | 'integrityValue'> {
  readonly octets: string;
}

/**
 * Digests of a message, and of its parts before and in the integrity value.
 *
 * @param least how many octets there must be before it
 * @param tag its length; 0 if there is none
 */
function digests(octets: Uint8Array, least: number, tag: number): Digests {
  const whole = { octets: digest(octets) };
  if (tag === 0 || octets.length < least + tag) return whole;
  const end = octets.length - tag;
  return {
    ...whole,
    octetsBeforeIntegrity: digest(octets.subarray(0, end)),
    // As much of it as tells any two apart.
    integrityValue: toHex(octets.subarray(Math.max(end, octets.length - USUAL_ICV_LENGTH))),
  };
}

/** The first half of SHA-256, in hexadecimal: 128 bits are enough to tell any two messages apart. */
function digest(octets: Uint8Array | string): string {
  return sha256(octets).slice(0, 32);
}

/** IKE_SA_INIT and IKE_SESSION_RESUME (RFC 5723 section 4.3.2), which come before there are keys. */
const UNPROTECTED_EXCHANGES: ReadonlySet<number> = new Set([34, 38]);

/**
 * @param inside the plaintext of its SK{}, if somebody else decrypted it
 * @returns nothing if the frame is one of `fragments`, which account for it
 */
export function ikeSeen(
  { file, number, time }: FrameOf,
  packet: IpsecPacket,
  use: KeyUse,
  fragments: Fragments,
  inside?: Uint8Array,
): Reading<Seen> | undefined {
  const parsed = parseIke(packet.octets);
  if ('reason' in parsed) return parsed;
  const { header, encrypted } = parsed.value;
  if (encrypted?.part !== undefined) {
    return fragmentSeen(
      { at: { file, number, time }, octets: packet.octets, header, encrypted, part: encrypted.part },
      use,
      fragments,
    );
  }
  const ownKeys = keysOf(header, use);
  const opened =
    encrypted === undefined
      ? { value: unprotected(parsed.value) }
      : ownKeys === undefined && inside !== undefined
        ? openedBefore(encrypted.first, inside)
        : openIke(packet.octets, encrypted, ownKeys);
  // Only a message whose integrity value is right can fail to open.
  if (encrypted)
    use.saw(saOf(header), senderOf(header), 'reason' in opened ? 'unreadable' : outcomeOf(opened.value));
  if ('reason' in opened) return opened;
  const tag =
    encrypted === undefined ? 0 : ownKeys === undefined ? USUAL_ICV_LENGTH : tagLength(ownKeys.protection);
  const octets = digests(packet.octets, IKE_HEADER, tag);
  const known =
    encrypted === undefined || opened.value.integrity === 'bad'
      ? octets.octets
      : fragments.identify(header, [], octets.octets, plainOf(opened.value));
  return { value: ikeOf(header, opened.value, known === octets.octets ? octets : { octets: known }) };
}

/** What decrypted makes sense fits, even where no integrity value says so. */
function outcomeOf({ integrity, payloads, senseless }: Opened): Outcome {
  if (senseless === true) return 'unreadable';
  return integrity === 'unchecked' && payloads !== undefined ? 'good' : integrity;
}

const saOf = (header: IkeHeader): string => `${header.initiatorSpi}:${header.responderSpi}`;

const senderOf = (header: IkeHeader): End => (header.fromInitiator ? 'initiator' : 'responder');

const keysOf = (header: IkeHeader, use: KeyUse): DirectionKeys | undefined =>
  use.keys.ike.get(saOf(header))?.[senderOf(header)];

function ikeOf(
  header: IkeHeader,
  { integrity, payloads }: Opened,
  octets: Pick<MessageEvent, 'octets' | 'octetsBeforeIntegrity' | 'integrityValue'>,
): Seen {
  return {
    sa: saOf(header),
    from: senderOf(header),
    message: {
      kind: 'ike',
      exchange: exchangeName(header.exchange),
      response: header.response,
      id: header.id,
      ...(payloads && { payloads }),
    },
    ...octets,
    integrity,
  };
}

/** A message with an SKF{} payload. */
interface FragmentMessage {
  readonly at: FrameOf;
  readonly octets: Uint8Array;
  readonly header: IkeHeader;
  readonly encrypted: Encrypted;
  readonly part: Part;
}

/**
 * A fragment of a message (RFC 7383 section 2.6).
 *
 * @returns the whole message if the fragment completes it, nothing otherwise
 */
function fragmentSeen(
  message: FragmentMessage,
  use: KeyUse,
  fragments: Fragments,
): Reading<Seen> | undefined {
  const { header, encrypted, part } = message;
  const keys = keysOf(header, use);
  const integrity = checkIke(message.octets, encrypted, keys);
  use.saw(saOf(header), senderOf(header), integrity);
  if (integrity === 'bad') {
    fragments.passOver();
    return undefined;
  }
  if (part.total > MOST_FRAGMENTS) {
    return { reason: `one of ${part.total} fragments: more than ${MOST_FRAGMENTS} are not joined` };
  }
  const all = fragments.add(header, {
    at: message.at,
    ...part,
    first: encrypted.first,
    // Copies: the frame lies in a buffer that is used again.
    octets: copyOf(encrypted.octets),
    message: copyOf(message.octets),
    ...marksOf(message.octets, keys === undefined ? USUAL_ICV_LENGTH : tagLength(keys.protection)),
  });
  if (all === undefined) return undefined;
  const opened = openFragments(all, all[0]?.first ?? 0, keys);
  if ('reason' in opened) return opened;
  const octets = digestsOfAll(all);
  const known = fragments.identify(header, all, octets.octets, plainOf(opened.value));
  return { value: ikeOf(header, opened.value, known === octets.octets ? octets : { octets: known }) };
}

/** What tells messages in other fragments apart, where there are keys. */
const plainOf = ({ plain }: Opened): string | undefined => (plain === undefined ? undefined : digest(plain));

function marksOf(octets: Uint8Array, tag: number): Pick<Fragment, 'digest' | 'body' | 'tail'> {
  const whole = digest(octets);
  const end = octets.length - tag;
  if (tag === 0 || end < IKE_HEADER) return { digest: whole, body: whole, tail: whole };
  return { digest: whole, body: digest(octets.subarray(0, end)), tail: toHex(octets.subarray(end)) };
}

/** The same for two copies of a message, whatever the order in which their fragments came. */
function digestsOfAll(fragments: readonly Fragment[]): Digests {
  const of = (part: 'digest' | 'body' | 'tail'): string =>
    digest(fragments.map((fragment) => fragment[part]).join(''));
  return { octets: of('digest'), octetsBeforeIntegrity: of('body'), integrityValue: of('tail') };
}

/** A message outside SK{}: as it should be in the exchanges before there are keys, and worth nothing elsewhere. */
function unprotected(message: IkeOctets): Opened {
  const integrity = UNPROTECTED_EXCHANGES.has(message.header.exchange) ? 'unchecked' : 'bad';
  return { integrity, payloads: message.clear };
}

/** @param quick whether digests that are comparable within this run only will do */
export function espSeen(packet: IpsecPacket, use: KeyUse, quick: boolean): Reading<Seen> {
  const { octets } = packet;
  if (octets.length < ESP_HEADER) {
    return { reason: `the ESP header is ${ESP_HEADER} octets, there are ${octets.length}` };
  }
  const spi = toHex(octets.subarray(0, 4));
  if (packet.cut === true) {
    return { value: { message: { kind: 'esp', spi, sequence: u32(octets, 4) }, integrity: 'unchecked' } };
  }
  const rows = use.espRows(spi, packet.addresses);
  const { integrity, upper } = use.checkEsp(rows, octets);
  const tag = rows[0] === undefined ? USUAL_ICV_LENGTH : tagLength(rows[0].protection);
  return {
    value: {
      message: { kind: 'esp', spi, sequence: u32(octets, 4), ...(upper !== undefined && { upper }) },
      ...(quick ? quickDigests(octets, tag) : digests(octets, ESP_HEADER, tag)),
      integrity,
    },
  };
}

/** Next header, length, and reserved; SPI; sequence number; then the integrity value (RFC 4302, 2). */
const AH_FIXED = 12;

/** @param packet AH with what it protects */
export function ahSeen({ octets, cut }: IpsecPacket): Reading<Seen> {
  const header = octets.length < AH_FIXED ? 0 : 4 * (u8(octets, 1) + 2);
  if (header < AH_FIXED || octets.length < header) {
    return { reason: `the AH header is ${header} octets, there are ${octets.length}` };
  }
  const message: Seen['message'] = {
    kind: 'esp',
    protocol: 'ah',
    spi: toHex(octets.subarray(4, 8)),
    sequence: u32(octets, 8),
  };
  if (cut === true) return { value: { message, integrity: 'unchecked' } };
  const value = toHex(octets.subarray(AH_FIXED, header));
  const body = digest(Buffer.concat([octets.subarray(0, AH_FIXED), octets.subarray(header)]));
  return {
    value: {
      message,
      octets: digest(octets),
      ...(value !== '' && { octetsBeforeIntegrity: body, integrityValue: value }),
      integrity: 'unchecked',
    },
  };
}

/** Like `digests`, at a twentieth of the time: for ESP, of which there are millions. */
function quickDigests(
  octets: Uint8Array,
  tag: number,
): Pick<MessageEvent, 'octets' | 'octetsBeforeIntegrity' | 'integrityValue'> {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const end = octets.length - tag;
  if (tag === 0 || end < ESP_HEADER) return { octets: quickDigest(digestOf(view, 0, octets.length)) };
  const body = quickDigest(digestOf(view, 0, end));
  const integrityValue = toHex(octets.subarray(Math.max(end, octets.length - USUAL_ICV_LENGTH)));
  return { octets: `${body} ${integrityValue}`, octetsBeforeIntegrity: body, integrityValue };
}
