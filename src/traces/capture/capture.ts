/** Captures: from the octets of a pcap or pcapng file to events. */
import type { Keys } from '../crypto/keys.ts';
import { EspShortCut, type ShortCutTarget } from '../esp/short-cut.ts';
import type { MessageEvent, Unread } from '../event.ts';
import { FrameReader } from './frames.ts';
import { MessageReader } from './message-reader.ts';
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
  readonly #messages: MessageReader;
  readonly #unread: UnreadList;

  /**
   * @param file its name, for messages
   * @param target if there is one, packets of ESP take the short cut to it where they can; the digests in the events
   * of the others are then comparable within this run only
   */
  constructor(file: string, keys: Keys, take: (event: MessageEvent) => void, target?: ShortCutTarget) {
    this.#unread = new UnreadList(file);
    const quick = target !== undefined;
    const messages = new MessageReader({ keys, unread: this.#unread, take, quick });
    const shortCut = target === undefined ? undefined : new EspShortCut(target, keys);
    this.#messages = messages;
    this.#frames = new FrameReader(file, (frame) => {
      if (shortCut?.take(frame) !== true) messages.frame(frame);
    });
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
    for (const { frame, reason } of damaged.first) this.#unread.add(frame, reason);
    this.#unread.addMore(damaged.count - damaged.first.length);
    const messages = this.#messages;
    const remarks = messages.end();
    return {
      unread: this.#unread.list(),
      keepalives: messages.keepalives,
      other: messages.other,
      fragments: messages.parts,
      frames: count + (cutOff === undefined ? 0 : 1),
      remarks,
      endsEarly: cutOff?.reason ?? damaged.first[0]?.reason ?? null,
    };
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
