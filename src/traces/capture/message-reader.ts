/** From packets with IKE or ESP to events, by the keys that there are; for every source that has octets. */
import { KeyUse } from '../crypto/key-use.ts';
import type { Keys } from '../crypto/keys.ts';
import type { MessageEvent } from '../event.ts';
import type { Frame } from './frames.ts';
import { Fragments } from './ike-fragments.ts';
import { type IpsecPacket, PacketReader } from './packet.ts';
import { espSeen, ikeSeen, type Seen } from './seen.ts';
import type { UnreadList } from './unread-list.ts';

/** The frame that a packet came in: its number, and its time in seconds (NaN if it is not known). */
export type FrameOf = Pick<Frame, 'number' | 'time'>;

export interface MessageReaderOptions {
  readonly keys: Keys;
  readonly unread: UnreadList;
  readonly take: (event: MessageEvent) => void;
  /** Whether digests of ESP packets that are comparable within this run only will do. */
  readonly quick?: boolean;
}

/** Reads frames and packets one after the other. */
export class MessageReader {
  readonly #packets = new PacketReader();
  readonly #use: KeyUse;
  readonly #fragments = new Fragments();
  readonly #unread: UnreadList;
  readonly #take: (event: MessageEvent) => void;
  readonly #quick: boolean;
  keepalives = 0;
  other = 0;

  constructor({ keys, unread, take, quick = false }: MessageReaderOptions) {
    this.#use = new KeyUse(keys);
    this.#unread = unread;
    this.#take = take;
    this.#quick = quick;
  }

  /** Frames that have no event of their own. */
  get parts(): number {
    return this.#fragments.counted + this.#packets.parts;
  }

  frame(frame: Frame): void {
    const packet = this.#packets.read(frame);
    if (packet.kind === 'keepalive') this.keepalives += 1;
    else if (packet.kind === 'other') this.other += 1;
    else if (packet.kind === 'unread') this.#unread.add(frame.number, packet.reason);
    else if (packet.kind === 'several') {
      for (const each of packet.packets) this.message(frame, each);
      if (packet.lost !== undefined) this.#unread.add(frame.number, packet.lost);
    } else if (packet.kind !== 'part') this.message(frame, packet);
    for (const { frame: at, reason } of this.#packets.takeLeftOver()) this.#unread.add(at, reason, true);
  }

  /** @param inside the plaintext of its SK{}, if somebody else decrypted it; padding may be left on it */
  message(frame: FrameOf, packet: IpsecPacket, inside?: Uint8Array): void {
    const seen =
      packet.kind === 'ike'
        ? ikeSeen(frame.number, packet, this.#use, this.#fragments, inside)
        : espSeen(packet, this.#use, this.#quick);
    for (const { frame: at, reason } of this.#fragments.takeLeftOver()) this.#unread.add(at, reason, true);
    if (seen === undefined) return;
    if ('reason' in seen) this.#unread.add(frame.number, seen.reason);
    else this.#take(eventOf(frame, packet, seen.value));
  }

  /**
   * The source has ended.
   *
   * @returns what the user should know about how the keys were used
   * @throws InputError if the keys given for an IKE SA fit none of its messages
   */
  end(): readonly string[] {
    const { leftOver, unfinishedStreams } = this.#packets.end();
    for (const { frame, reason } of [...leftOver, ...this.#fragments.end()])
      this.#unread.add(frame, reason, true);
    if (unfinishedStreams > 0) {
      this.#unread.add(undefined, `${unfinishedStreams} TCP streams end inside a message`);
    }
    this.#use.refuseWrongKeys();
    return this.#use.remarks();
  }
}

function eventOf({ time, number }: FrameOf, packet: IpsecPacket, seen: Seen): MessageEvent {
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
