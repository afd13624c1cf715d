/** From packets with IKE or ESP to events, by the keys that there are; for every source that has octets. */
import { type Reading, u8 } from '../../common/octets.ts';
import { KeyUse } from '../../crypto/key-use.ts';
import type { Keys } from '../../crypto/keys.ts';
import type { MessageEvent } from '../../events/event.ts';
import type { Concern, PassedOver } from '../../events/source-facts.ts';
import type { Frame, FrameOf } from './frames.ts';
import { IKE_HEADER } from './ike.ts';
import { Fragments } from './ike-fragments.ts';
import { concernOf, type IpsecPacket, type Packet, PacketReader } from './packet.ts';
import { NO_PORTS, type Ports } from './ports.ts';
import { ahSeen, espSeen, ikeSeen, type Seen } from './seen.ts';
import type { UnreadList } from './unread-list.ts';

export interface MessageReaderOptions {
  readonly keys: Keys;
  readonly unread: UnreadList;
  /** @param file the file that its frame is in */
  readonly take: (event: MessageEvent, file: string) => void;
  /** Whether digests of ESP packets that are comparable within this run only will do. */
  readonly quick?: boolean;
  /** Ports besides the usual ones that carry IKE and ESP. */
  readonly ports?: Ports;
  /** Whether the source is followed: then keys that do not fit are told in `missing`, and are no error. */
  readonly live?: boolean;
}

/** Frames that carry one kind of thing that is passed over. */
interface Passed {
  mayHide: boolean;
  frames: number;
  /** The first of them. */
  readonly file: string;
  readonly first: number;
  /** The last of them: number and file. */
  last: string;
  /** The SAs that they may be of, by their texts; null if it may be any. */
  concerns: Map<string, Concern> | null;
}

/** Reads frames and packets one after the other. */
export class MessageReader {
  readonly #packets: PacketReader;
  readonly #use: KeyUse;
  readonly #fragments = new Fragments();
  readonly #unread: UnreadList;
  readonly #take: (event: MessageEvent, file: string) => void;
  readonly #quick: boolean;
  readonly #live: boolean;
  readonly #passed = new Map<string, Passed>();
  /** Packets of ESP and AH of which only the beginning was captured. */
  #cut = 0;
  /** Number of events. */
  events = 0;
  keepalives = 0;
  other = 0;

  constructor({ keys, unread, take, quick = false, ports = NO_PORTS, live = false }: MessageReaderOptions) {
    this.#packets = new PacketReader(ports);
    this.#use = new KeyUse(keys);
    this.#unread = unread;
    this.#take = take;
    this.#quick = quick;
    this.#live = live;
  }

  /** Frames that have no event of their own. */
  get parts(): number {
    return this.#fragments.counted + this.#packets.parts;
  }

  /** Keys that do not fit the messages so far. */
  get missing(): readonly string[] {
    return this.#use.missing();
  }

  /** What was looked at and passed over, by name. */
  get passedOver(): readonly PassedOver[] {
    return [...this.#passed].map(([what, { mayHide, frames, file, first, concerns }]) => ({
      kind: 'passed-over',
      ...{ file, what, frames, first, mayHide },
      ...(mayHide && concerns !== null && { concerns: [...concerns.values()] }),
    }));
  }

  frame(frame: Frame): void {
    this.packet(frame, this.#packets.read(frame));
    for (const { at, reason, hosts } of this.#packets.takeLeftOver()) {
      this.#unread.add(at, reason, true, { kind: 'hosts', hosts });
    }
  }

  /** What a frame carries. */
  packet(frame: FrameOf, packet: Packet): void {
    if (packet.kind === 'keepalive') this.keepalives += 1;
    else if (packet.kind === 'other') this.other += 1;
    else if (packet.kind === 'passed') this.#passOver(frame, packet);
    else if (packet.kind === 'unread') this.#unread.add(frame, packet.reason, false, packet.concern);
    else if (packet.kind === 'several') {
      for (const each of packet.packets) this.message(frame, each);
      if (packet.rest !== undefined) this.packet(frame, packet.rest);
    } else if (packet.kind !== 'part') this.message(frame, packet);
  }

  /** @param inside the plaintext of its SK{}, if somebody else decrypted it; padding may be left on it */
  message(frame: FrameOf, packet: IpsecPacket, inside?: Uint8Array): void {
    if (packet.kind === 'ike' && isVersion1(packet.octets)) {
      this.#passOver(frame, { what: 'IKE version 1', mayHide: false });
      return;
    }
    const seen = this.#seen(frame, packet, inside);
    for (const { at, reason, sa } of this.#fragments.takeLeftOver()) {
      this.#unread.add(at, reason, true, { kind: 'ike', sa });
    }
    if (seen === undefined) return;
    if ('reason' in seen) this.#unread.add(frame, seen.reason, false, concernOf(packet));
    else {
      this.events += 1;
      this.#take(eventOf(frame, packet, seen.value), frame.file);
    }
  }

  #seen(frame: FrameOf, packet: IpsecPacket, inside?: Uint8Array): Reading<Seen> | undefined {
    if (packet.cut === true) this.#cut += 1;
    if (packet.kind === 'ah') return ahSeen(packet);
    return packet.kind === 'ike'
      ? ikeSeen(frame, packet, this.#use, this.#fragments, inside)
      : espSeen(packet, this.#use, this.#quick);
  }

  /** A frame counts once, however many of the kind it carries. */
  #passOver(
    { file, number }: Omit<FrameOf, 'time'>,
    { what, mayHide, concern }: Omit<Extract<Packet, { kind: 'passed' }>, 'kind'>,
  ): void {
    const name = this.#passed.size < MOST_NAMES || this.#passed.has(what) ? what : REST;
    const known = this.#passed.get(name);
    const last = `${number} ${file}`;
    const passed = known ?? { mayHide, frames: 1, file, first: number, last, concerns: new Map() };
    if (known === undefined) this.#passed.set(name, passed);
    else if (known.last !== last) {
      known.frames += 1;
      known.last = last;
      known.mayHide ||= mayHide;
    }
    if (!mayHide || passed.concerns === null) return;
    if (concern === undefined || passed.concerns.size >= MOST_CONCERNS) passed.concerns = null;
    else passed.concerns.set(JSON.stringify(concern), concern);
  }

  /**
   * The source has ended.
   *
   * @returns what the user should know about how the keys were used
   * @throws InputError if the keys given for an IKE SA fit none of its messages
   */
  end(): readonly string[] {
    const { leftOver, unfinishedStreams } = this.#packets.end();
    for (const { at, reason, hosts } of leftOver) {
      this.#unread.add(at, reason, true, { kind: 'hosts', hosts });
    }
    for (const { at, reason, sa } of this.#fragments.end()) {
      this.#unread.add(at, reason, true, { kind: 'ike', sa });
    }
    for (const { count, concern } of unfinishedStreams) {
      this.#unread.add(undefined, `${count} TCP streams end inside a message`, false, concern);
    }
    if (!this.#live) this.#use.refuseWrongKeys();
    const cut = `of ${this.#cut} packets of ESP or AH the capture has only the beginning (snapshot length): their numbers are judged, and two of one number cannot be compared`;
    return this.#cut === 0 ? this.#use.remarks() : [...this.#use.remarks(), cut];
  }
}

/** Names of what is passed over, at most: each port that IKE may be on is one. */
const MOST_NAMES = 64;
const REST = 'still other things';
/** So many SAs are told apart that what is passed over may be of. */
const MOST_CONCERNS = 256;

/** Cookies, next payload; then the version, whose upper half is the major one. */
const isVersion1 = (octets: Uint8Array): boolean => octets.length >= IKE_HEADER && u8(octets, 17) >> 4 === 1;

type Filled = { -readonly [Name in keyof MessageEvent]?: MessageEvent[Name] };

/** Filled in field by field: of a flood there are very many, and spreading takes several times as long. */
function eventOf({ time, number }: FrameOf, { source, destination }: IpsecPacket, seen: Seen): MessageEvent {
  const event: Filled = {};
  if (!Number.isNaN(time)) event.time = time;
  event.observer = 'tap';
  if (seen.sa !== undefined) event.sa = seen.sa;
  event.frame = number;
  event.event = 'seen';
  if (seen.from !== undefined) event.from = seen.from;
  event.source = source;
  event.destination = destination;
  event.message = seen.message;
  if (seen.octets !== undefined) event.octets = seen.octets;
  if (seen.octetsBeforeIntegrity !== undefined) event.octetsBeforeIntegrity = seen.octetsBeforeIntegrity;
  if (seen.integrityValue !== undefined) event.integrityValue = seen.integrityValue;
  event.integrity = seen.integrity;
  return event as MessageEvent;
}
