/** Captures: from the octets of a pcap or pcapng file to events. */
import { KeyUse } from '../crypto/key-use.ts';
import type { Keys } from '../crypto/keys.ts';
import { EspShortCut, type ShortCutTarget } from '../esp/short-cut.ts';
import type { MessageEvent, Unread } from '../event.ts';
import { type Frame, FrameReader } from './frames.ts';
import { Fragments } from './ike-fragments.ts';
import { type IpsecPacket, PacketReader } from './packet.ts';
import { espSeen, ikeSeen, type Seen } from './seen.ts';
import { UnreadList } from './unread-list.ts';

/** What was counted while a capture was read. Every frame is in exactly one of these, or has events. */
export interface CaptureCounts {
  /** Frames, and records and packets that could not be read. */
  readonly unread: readonly Unread[];
  /** Number of NAT keepalives (RFC 3948 section 2.3). */
  readonly keepalives: number;
  /** Number of frames that are neither IKE nor ESP. */
  readonly other: number;
  /**
   * Number of frames that have no event of their own: with a fragment of an IKE message (RFC 7383), of an IP packet
   * or of a TCP stream, joined into the event of the frame that completed the message, or passed over because the
   * integrity value is wrong, the fragment is there already, or the sender has cut the message anew into more
   * fragments.
   */
  readonly fragments: number;
  /** Number of frames, one cut off at the end of the file included. */
  readonly frames: number;
  /** What the user should know about how the capture was read. */
  readonly remarks: readonly string[];
  /** Why the file could not be read as a whole, if it is cut off or damaged; the rest of it is read. */
  readonly endsEarly: string | null;
}

/** What a capture holds. */
export interface Capture extends CaptureCounts {
  readonly events: readonly MessageEvent[];
}

/** Reads a capture that comes in chunks, and hands its events on as they come. */
export class CaptureReader {
  readonly #frames: FrameReader;
  readonly #packets = new PacketReader();
  readonly #use: KeyUse;
  readonly #fragments = new Fragments();
  readonly #unread: UnreadList;
  readonly #take: (event: MessageEvent) => void;
  readonly #shortCut: EspShortCut | undefined;
  #keepalives = 0;
  #other = 0;

  /**
   * @param file its name, for messages
   * @param target if there is one, packets of ESP take the short cut to it where they can; the digests in the events
   * of the others are then comparable within this run only
   */
  constructor(file: string, keys: Keys, take: (event: MessageEvent) => void, target?: ShortCutTarget) {
    this.#use = new KeyUse(keys);
    this.#unread = new UnreadList(file);
    this.#take = take;
    this.#shortCut = target === undefined ? undefined : new EspShortCut(target, keys);
    this.#frames = new FrameReader(file, (frame) => this.#frame(frame));
  }

  /** @throws InputError if the file is no capture, or of an unknown link type */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  /** @throws InputError if nothing can be read, or the keys given for an IKE SA fit none of its messages */
  end(): CaptureCounts {
    const cutOff = this.#frames.end();
    const { damaged, count } = this.#frames;
    if (cutOff !== undefined) this.#unread.add(cutOff.frame, cutOff.reason);
    for (const { frame, reason } of damaged) this.#unread.add(frame, reason);
    const { leftOver, unfinishedStreams } = this.#packets.end();
    for (const { frame, reason } of [...leftOver, ...this.#fragments.end()]) this.#unread.add(frame, reason);
    if (unfinishedStreams > 0) {
      this.#unread.add(undefined, `${unfinishedStreams} TCP streams end inside a message`);
    }
    this.#use.refuseWrongKeys();
    const first = damaged[0];
    return {
      unread: this.#unread.list(),
      keepalives: this.#keepalives,
      other: this.#other,
      fragments: this.#fragments.counted + this.#packets.parts,
      frames: count + (cutOff === undefined ? 0 : 1),
      remarks: this.#use.remarks(),
      endsEarly: cutOff?.reason ?? first?.reason ?? null,
    };
  }

  #frame(frame: Frame): void {
    if (this.#shortCut?.take(frame) === true) return;
    const packet = this.#packets.read(frame);
    if (packet.kind === 'keepalive') this.#keepalives += 1;
    else if (packet.kind === 'other') this.#other += 1;
    else if (packet.kind === 'unread') this.#unread.add(frame.number, packet.reason);
    else if (packet.kind === 'several') {
      for (const each of packet.packets) this.#message(frame, each);
      if (packet.lost !== undefined) this.#unread.add(frame.number, packet.lost);
    } else if (packet.kind !== 'part') this.#message(frame, packet);
    for (const { frame: at, reason } of this.#packets.takeLeftOver()) this.#unread.add(at, reason);
  }

  #message(frame: Frame, packet: IpsecPacket): void {
    const seen =
      packet.kind === 'ike'
        ? ikeSeen(frame.number, packet, this.#use, this.#fragments)
        : espSeen(packet, this.#use, this.#shortCut !== undefined);
    for (const { frame: at, reason } of this.#fragments.takeLeftOver()) this.#unread.add(at, reason);
    if (seen === undefined) return;
    if ('reason' in seen) this.#unread.add(frame.number, seen.reason);
    else this.#take(eventOf(frame, packet, seen.value));
  }
}

/**
 * Reads a capture that is in memory.
 *
 * @param file its name, for messages
 * @throws InputError if it is no capture, of an unknown link type, or the keys given for an IKE SA fit none of
 * its messages
 */
export function readCapture(file: string, octets: Uint8Array, keys: Keys): Capture {
  const events: MessageEvent[] = [];
  const reader = new CaptureReader(file, keys, (event) => events.push(event));
  reader.push(octets);
  return { events, ...reader.end() };
}

function eventOf({ time, number }: Frame, packet: IpsecPacket, seen: Seen): MessageEvent {
  const { sa, from, message, ...rest } = seen;
  return {
    ...(!Number.isNaN(time) && { time }),
    observer: 'tap',
    ...(sa !== undefined && { sa }),
    frame: number,
    event: 'seen',
    ...(from !== undefined && { from }),
    source: packet.source,
    destination: packet.destination,
    message,
    ...rest,
  };
}
