/**
 * IKE and ESP in TCP: a stream prefix, then messages with their length before them.
 *
 * Sources: RFC 8229 and RFC 9329, section 3 (the length counts itself; IKE has four zero octets before it) and
 * section 4 (the prefix `IKETCP` that the originator of the connection sends first).
 */
import { u8, u16, u32 } from '../octets.ts';

const HEADER = 20;
const SYN = 0x02;
const PREFIX = Buffer.from('IKETCP', 'latin1');
/** Connections followed at once, each direction for itself; segments and octets that wait for a gap to be filled. */
const MOST_STREAMS = 1024;
const MOST_WAITING = 64;
const MOST_OCTETS = 256 * 1024;

interface Stream {
  /** Sequence number of the next octet, modulo 2^32. */
  next: number;
  /** The beginning of a message that is not complete. */
  rest: Buffer;
  /** Segments that came before their turn. */
  readonly waiting: Map<number, Buffer>;
}

/** What a segment brings. */
export interface Segment {
  /** The messages that it completes: four zero octets and IKE, or ESP. */
  readonly messages: readonly Buffer[];
  /** What is lost, if something is. */
  readonly lost?: string;
  /** Whether it carries anything of the stream. */
  readonly empty: boolean;
}

export class TcpStreams {
  readonly #streams = new Map<string, Stream>();

  /**
   * @param key names the direction of the connection
   * @returns a reason if it is no whole TCP segment
   */
  take(key: string, octets: Uint8Array): Segment | { readonly reason: string } {
    const header = octets.length < HEADER ? HEADER : 4 * (u8(octets, 12) >> 4);
    if (octets.length < header || header < HEADER) {
      return { reason: `the TCP header is ${header} octets, there are ${octets.length}` };
    }
    const sequence = u32(octets, 4);
    if ((u8(octets, 13) & SYN) !== 0) {
      this.#begin(key, (sequence + 1) >>> 0);
      return { messages: [], empty: true };
    }
    const data = Buffer.from(octets.subarray(header));
    if (data.length === 0) return { messages: [], empty: true };
    // In mid-session a segment is taken to begin with a message.
    const stream = this.#streams.get(key) ?? this.#begin(key, sequence);
    return { ...this.#add(stream, sequence, data), empty: false };
  }

  /** Number of connections that end inside a message. */
  get unfinished(): number {
    return [...this.#streams.values()].filter(({ rest, waiting }) => rest.length + waiting.size > 0).length;
  }

  #begin(key: string, next: number): Stream {
    const [oldest] = this.#streams.keys();
    if (oldest !== undefined && this.#streams.size >= MOST_STREAMS) this.#streams.delete(oldest);
    const stream = { next, rest: Buffer.alloc(0), waiting: new Map<number, Buffer>() };
    this.#streams.set(key, stream);
    return stream;
  }

  #add(stream: Stream, sequence: number, data: Buffer): Omit<Segment, 'empty'> {
    // Sequence numbers are compared modulo 2^32: the nearer way round counts.
    const ahead = (sequence - stream.next) | 0;
    if (ahead > 0) {
      stream.waiting.set(sequence, data);
      const octets = [...stream.waiting.values()].reduce((sum, each) => sum + each.length, 0);
      if (stream.waiting.size <= MOST_WAITING && octets <= MOST_OCTETS) return { messages: [] };
      const { messages } = this.#jump(stream);
      return { messages, lost: 'octets of the TCP stream are missing before this' };
    }
    const fresh = data.subarray(-ahead);
    if (fresh.length === 0) return { messages: [] };
    return this.#join(stream, fresh);
  }

  #join(stream: Stream, fresh: Buffer): Omit<Segment, 'empty'> {
    stream.next = (stream.next + fresh.length) >>> 0;
    const cut = messagesIn(Buffer.concat([stream.rest, fresh]));
    stream.rest = cut.rest;
    const messages = [...cut.messages];
    let lost = cut.lost;
    for (const [sequence, data] of stream.waiting) {
      const ahead = (sequence - stream.next) | 0;
      if (ahead > 0) continue;
      stream.waiting.delete(sequence);
      const more = data.subarray(-ahead);
      if (more.length === 0) continue;
      const joined = this.#join(stream, more);
      messages.push(...joined.messages);
      lost ??= joined.lost;
    }
    return { messages, ...(lost !== undefined && { lost }) };
  }

  /** Gives up what is missing, and goes on with the first segment after it. */
  #jump(stream: Stream): Omit<Segment, 'empty'> {
    const ahead = ([sequence]: readonly [number, Buffer]): number => (sequence - stream.next) | 0;
    const first = [...stream.waiting].toSorted((one, other) => ahead(one) - ahead(other))[0];
    if (first === undefined) return { messages: [] };
    stream.waiting.delete(first[0]);
    stream.next = first[0];
    stream.rest = Buffer.alloc(0);
    return this.#join(stream, first[1]);
  }
}

function messagesIn(stream: Buffer): { messages: readonly Buffer[]; rest: Buffer; lost?: string } {
  const messages: Buffer[] = [];
  let at = stream.subarray(0, PREFIX.length).equals(PREFIX) ? PREFIX.length : 0;
  // The prefix itself may come in parts.
  if (at === 0 && stream.length < PREFIX.length && PREFIX.subarray(0, stream.length).equals(stream)) {
    return { messages, rest: Buffer.from(stream) };
  }
  while (stream.length - at >= 2) {
    const length = u16(stream, at);
    if (length < 2) {
      return { messages, rest: Buffer.alloc(0), lost: `a message of ${length} octets in the TCP stream` };
    }
    if (stream.length - at < length) break;
    // A length of 2 is a message without octets, which keeps the connection alive.
    if (length > 2) messages.push(stream.subarray(at + 2, at + length));
    at += length;
  }
  return { messages, rest: Buffer.from(stream.subarray(at)) };
}
