/** Events in words, one line each: for listings and messages. */
import { fromHex, u32 } from '../common/octets.ts';
import type { Capture } from '../sources/capture/capture.ts';
import type {
  ClusterEvent,
  Event,
  GapEvent,
  IkeMessage,
  MessageEvent,
  NotifyPayload,
  Payload,
} from './event.ts';
import { notifyName } from './names.ts';

/** Longer notification data (cookies, certificates' hashes) would only hide the rest of the line. */
const SHOWN_DATA = 24;

/**
 * One line: frame, time in seconds, who, what.
 *
 * @param start time that is shown as zero, in seconds since the epoch
 */
export function describeEvent(event: Event, start = 0): string {
  const parts = [
    event.frame === undefined ? undefined : String(event.frame),
    event.time === undefined ? undefined : (event.time - start).toFixed(3),
    ...('message' in event ? messageParts(event) : clusterParts(event)),
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** A listing of a capture, frame by frame, with times from its first event. */
export function describeCapture(capture: Capture): string {
  const start = capture.events[0]?.time ?? 0;
  const lines = [
    ...capture.events.map((event) => ({ at: event.frame ?? 0, text: describeEvent(event, start) })),
    ...capture.unread.map(({ at = 0, reason }) => ({ at, text: `${at} not read: ${reason}` })),
  ].sort((one, other) => one.at - other.at);
  const counts = `${capture.frames} frames, ${capture.keepalives} keepalives, ${capture.other} not IKE or ESP`;
  const fragments =
    capture.fragments === 0 ? '' : `, ${capture.fragments} fragments joined to others or passed over`;
  return `${lines.map((line) => line.text).join('\n')}\n${counts}${fragments}\n`;
}

function clusterParts(event: ClusterEvent | GapEvent): readonly (string | undefined)[] {
  if (event.event === 'gap') return [event.observer, 'gap:', event.reason];
  return ['address' in event ? event.address : event.end, event.event, event.member];
}

function messageParts(event: MessageEvent): readonly (string | undefined)[] {
  const { message, source, destination } = event;
  const way = source === undefined || destination === undefined ? undefined : `${source} > ${destination}`;
  const told = event.event === 'seen' ? undefined : `${event.observer ?? 'somebody'} ${event.event}`;
  const integrity = { good: undefined, bad: '(bad integrity)', unchecked: '(unchecked)' }[event.integrity];
  if (message.kind === 'esp') {
    return [
      told,
      event.from ?? way,
      message.protocol === 'ah' ? 'AH' : 'ESP',
      message.spi,
      String(message.sequence),
      integrity,
    ];
  }
  // IKE_SA_INIT has no integrity value, which needs no saying.
  const mark = message.exchange === 'IKE_SA_INIT' && event.integrity === 'unchecked' ? undefined : integrity;
  return [told, event.from ?? way, describeIke(message), mark];
}

function describeIke(message: IkeMessage): string {
  const inside =
    message.payloads === undefined ? '{...}' : `{${message.payloads.map(describePayload).join(', ')}}`;
  return `${message.response ? 'response' : 'request'} ${message.exchange} id ${message.id} ${inside}`;
}

/** `N(REKEY_SA ESP f043f3a4)`, `D(ESP f043f3a4)`, `TSi`. */
export function describePayload(payload: Payload): string {
  if (payload.type === 'other') return payload.name;
  if (payload.type === 'D') return `D(${[protocolName(payload.protocol), ...payload.spis].join(' ')})`;
  const protocol = payload.protocol === 0 ? undefined : protocolName(payload.protocol);
  const parts = [notifyName(payload.notify), protocol, payload.spi, describeData(payload)];
  return `N(${parts.filter((part) => part !== undefined && part !== '').join(' ')})`;
}

/** Security Protocol Identifiers (RFC 7296 section 3.3.1). */
const protocolName = (protocol: number): string =>
  ['none', 'IKE', 'AH', 'ESP'][protocol] ?? `protocol ${protocol}`;

const IKEV2_MESSAGE_ID_SYNC = 16422;
const IPSEC_REPLAY_COUNTER_SYNC = 16423;

/** Numbers in the notifications of RFC 6311 in decimal, if they have the form of its section 6. */
function describeData({ notify, data }: NotifyPayload): string {
  const octets = fromHex(data) ?? new Uint8Array();
  // Section 6.3: a nonce of 4 octets, then the two expected Message IDs.
  if (notify === IKEV2_MESSAGE_ID_SYNC && octets.length === 12) {
    return `${data.slice(0, 8)} ${u32(octets, 4)} ${u32(octets, 8)}`;
  }
  // Section 6.4: how much to add to the sequence numbers, 4 octets, or 8 with extended ones.
  if (notify === IPSEC_REPLAY_COUNTER_SYNC && [4, 8].includes(octets.length)) {
    return BigInt(`0x${data}`).toString();
  }
  return octets.length > SHOWN_DATA ? `${octets.length} octets` : data;
}
