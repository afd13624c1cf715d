/** Captures: from the octets of a pcap or pcapng file to events. */
import type { Keys } from '../../crypto/keys.ts';
import { EspShortCut, type ShortCutTarget } from '../../esp/short-cut.ts';
import type { MessageEvent, Unread } from '../../events/event.ts';
import type { Drops, FrameCounts, SourceFact } from '../../events/source-facts.ts';
import type { KnownSoFar, SourceReader } from '../source.ts';
import { type Frame, FrameReader } from './frames.ts';
import { FramesInOrder, FramesOutOfOrder, OrderOfFrames } from './in-order.ts';
import { MessageReader } from './message-reader.ts';
import { NO_PORTS, type Ports } from './ports.ts';
import { UnreadList } from './unread-list.ts';

/** What was counted while a capture was read. Every frame is in exactly one of these, or has events. */
export interface CaptureCounts extends FrameCounts {
  /** Frames, and records and packets that could not be read. */
  readonly unread: readonly Unread[];
  /** Number of NAT keepalives (RFC 3948 section 2.3). */
  readonly keepalives: number;
  /** Number of frames that are neither IKE nor ESP. What was looked at and passed over by name is in `facts`. */
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
  /** The times of the first and the last frame, in seconds since the epoch; absent if none has one. */
  readonly span?: { readonly first: number; readonly last: number } | undefined;
  /** How complete the capture is, in which order it stands, and what of it was passed over. */
  readonly facts: readonly SourceFact[];
}

/** What a capture holds. */
export interface Capture extends CaptureCounts {
  readonly events: readonly MessageEvent[];
}

/** What so many files say of packets that they lack is kept one by one. */
const MOST_DROPS = 10_000;

/** What to say if a capture has nothing to judge. */
const LOOKED_AT =
  'UDP ports 500 and 4500, TCP port 4500, and the IP protocols ESP and AH were looked at, in tunnels too; --decode-as udp.port=N names other ports';

/** How a capture is read. */
export interface CaptureOptions {
  /**
   * If there is one, packets of ESP take the short cut to it where they can; the digests in the events of the others
   * are then comparable within this run only.
   */
  readonly target?: ShortCutTarget;
  /** Whether frames are sorted by their times; otherwise they must stand so. */
  readonly sort?: boolean;
  /** Ports besides the usual ones that carry IKE and ESP. */
  readonly ports?: Ports;
  /** Whether the source is followed: then keys that do not fit are missing, and no error. */
  readonly live?: boolean;
}

/**
 * Reads a capture that comes in chunks, and hands its events on as they come. Several files may follow one another, as
 * those of a ring buffer do: what began in one goes on in the next.
 */
export class CaptureReader implements SourceReader {
  #file: string;
  #frames: FrameReader;
  readonly #begin: (file: string) => FrameReader;
  readonly #messages: MessageReader;
  readonly #unread: UnreadList;
  readonly #order = new OrderOfFrames();
  readonly #sorter: FramesInOrder | undefined;
  readonly #drops: Drops[] = [];
  #count = 0;
  #tookShortCut = false;
  #endsEarly: string | null = null;

  /** @param file its name, for messages */
  constructor(
    file: string,
    keys: Keys,
    take: (event: MessageEvent, file: string) => void,
    { target, sort = true, ports = NO_PORTS, live = false }: CaptureOptions = {},
  ) {
    this.#file = file;
    this.#unread = new UnreadList(file);
    const quick = target !== undefined;
    const messages = new MessageReader({ keys, unread: this.#unread, take, quick, ports, live });
    const shortCut = target === undefined ? undefined : new EspShortCut(target, keys);
    this.#messages = messages;
    const read = (frame: Frame): void => {
      if (shortCut?.take(frame) !== true) messages.frame(frame);
      else this.#tookShortCut = true;
    };
    const order = this.#order;
    const sorter = sort ? new FramesInOrder(read) : undefined;
    this.#sorter = sorter;
    this.#begin = (name) =>
      new FrameReader(name, (frame) => {
        const isLate = order.note(frame);
        if (sorter !== undefined) sorter.push(frame);
        else if (isLate) throw new FramesOutOfOrder(`${name}: frame ${frame.number}`);
        else read(frame);
      });
    this.#frames = this.#begin(file);
  }

  /**
   * @throws InputError if the file is no capture, or of an unknown link type
   * @throws FramesOutOfOrder if the frames are not sorted, and do not stand in the order of their times
   */
  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  /** A file has ended, and another one follows it. */
  next(file: string): void {
    this.#endFile();
    this.#file = file;
    this.#frames = this.#begin(file);
  }

  /**
   * @param stopped as in `SourceReader`
   * @throws InputError if nothing can be read, or the keys given for an IKE SA fit none of its messages
   * @throws FramesOutOfOrder as `push`
   */
  end(stopped = false): CaptureCounts {
    this.#endFile(stopped);
    this.#sorter?.end();
    const messages = this.#messages;
    const remarks = messages.end();
    const isEmpty =
      this.#unread.count === 0 && messages.events === 0 && !this.#tookShortCut && this.#count > 0;
    return {
      unread: this.#unread.list(),
      keepalives: messages.keepalives,
      other: messages.other,
      fragments: messages.parts,
      frames: this.#count,
      remarks: isEmpty ? [...remarks, LOOKED_AT] : remarks,
      endsEarly: this.#endsEarly,
      span: this.#order.span,
      facts: this.#facts(this.#drops),
    };
  }

  get known(): KnownSoFar {
    const { damaged, drops } = this.#frames;
    const file = this.#file;
    const unread = damaged.first.map(({ frame: at, reason }): Unread => ({ file, at, reason }));
    const now = drops.map((each): SourceFact => ({ kind: 'drops', file, ...each }));
    return {
      unread: [...this.#unread.list(), ...unread],
      facts: this.#facts([...this.#drops, ...now]),
      missing: this.#messages.missing,
      latest: this.#order.span?.last,
    };
  }

  settle(quiet: boolean): void {
    this.#sorter?.settle(quiet);
  }

  #facts(drops: readonly SourceFact[]): readonly SourceFact[] {
    return [...this.#order.fact(this.#sorter?.sorted ?? true), ...drops, ...this.#messages.passedOver];
  }

  #endFile(stopped = false): void {
    const file = this.#file;
    const cutOff = stopped ? undefined : this.#frames.end();
    const { damaged, count, drops } = this.#frames;
    for (const { frame, reason } of [...(cutOff === undefined ? [] : [cutOff]), ...damaged.first]) {
      this.#unread.add({ file, number: frame }, reason);
    }
    this.#unread.addMore(damaged.count - damaged.first.length);
    this.#count += count + (cutOff === undefined ? 0 : 1);
    this.#endsEarly ??= cutOff?.reason ?? damaged.first[0]?.reason ?? null;
    for (const each of drops) {
      const last = this.#drops.at(-1);
      if (last === undefined || this.#drops.length < MOST_DROPS)
        this.#drops.push({ kind: 'drops', file, ...each });
      else this.#drops[MOST_DROPS - 1] = { ...last, packets: last.packets + each.packets };
    }
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
