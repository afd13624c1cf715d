/**
 * IKE and ESP in TCP: a stream prefix, then messages with their length before them.
 *
 * Sources: RFC 8229 and RFC 9329, section 3 (the length counts itself; IKE has four zero octets before it) and
 * section 4 (the prefix `IKETCP` that the originator of the connection sends first).
 */
import { BoundedMap } from '../../common/bounded.ts';
import { u8, u16, u32 } from '../../common/octets.ts';
import { strangeStream } from './strangers.ts';

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
  /** Whether octets of it were not captured. */
  isHoled: boolean;
  /** Segments that came before their turn. */
  readonly waiting: Map<number, Data>;
  /** Whether nothing of it was read yet. */
  isFresh: boolean;
  /** What it is, if it is neither IKE nor ESP. */
  strange: Segment['strange'];
}

/** What a segment carries of the stream; in place of octets at its end that were not captured there are zeros. */
interface Data {
  readonly octets: Buffer;
  /** How many octets were captured. */
  readonly known: number;
}

/** What a segment brings. */
export interface Segment {
  /** The messages that it completes: four zero octets and IKE, or ESP. */
  readonly messages: readonly Buffer[];
  /** What is lost, if something is. */
  readonly lost?: string;
  /** Whether it carries anything of the stream. */
  readonly empty: boolean;
  /** Whether octets of it that are not there came in no segment before. */
  readonly cut: boolean;
  /** What its connection is, if that is neither IKE nor ESP. */
  readonly strange?: ReturnType<typeof strangeStream>;
}

export class TcpStreams {
  readonly #streams = new BoundedMap<string, Stream>(MOST_STREAMS);

  /**
   * @param key names the direction of the connection
   * @param missing octets at its end that were not captured
   * @returns a reason if it is no whole TCP segment
   */
  take(key: string, octets: Uint8Array, missing = 0): Segment | { readonly reason: string } {
    const header = octets.length < HEADER ? HEADER : 4 * (u8(octets, 12) >> 4);
    if (octets.length < header || header < HEADER) {
      return { reason: `the TCP header is ${header} octets, there are ${octets.length}` };
    }
    const sequence = u32(octets, 4);
    if ((u8(octets, 13) & SYN) !== 0) {
      this.#begin(key, (sequence + 1) >>> 0);
      return { messages: [], empty: true, cut: false };
    }
    const known = octets.length - header;
    const data = { octets: Buffer.concat([octets.subarray(header), Buffer.alloc(missing)]), known };
    if (data.octets.length === 0) return { messages: [], empty: true, cut: false };
    // In mid-session a segment is taken to begin with a message.
    const stream = this.#streams.get(key) ?? this.#begin(key, sequence);
    if (stream.isFresh && sequence === stream.next) {
      stream.isFresh = false;
      stream.strange = strangeStream(octets.subarray(header));
    }
    if (stream.strange !== undefined) {
      return { messages: [], empty: false, cut: false, strange: stream.strange };
    }
    return { ...this.#add(stream, sequence, data), empty: false };
  }

  /** The keys of connections that end inside a message. */
  get unfinished(): readonly string[] {
    return [...this.#streams].flatMap(([key, { rest, waiting }]) =>
      rest.length + waiting.size > 0 ? [key] : [],
    );
  }

  #begin(key: string, next: number): Stream {
    const stream: Stream = {
      ...{ next, rest: Buffer.alloc(0), isHoled: false, waiting: new Map<number, Data>() },
      ...{ isFresh: true, strange: undefined },
    };
    this.#streams.set(key, stream);
    return stream;
  }

  #add(stream: Stream, sequence: number, data: Data): Omit<Segment, 'empty'> {
    // Sequence numbers are compared modulo 2^32: the nearer way round counts.
    const ahead = (sequence - stream.next) | 0;
    if (ahead > 0) {
      const before = stream.waiting.get(sequence);
      const cut = isCut(data) && !(before !== undefined && before.known >= data.octets.length);
      if (before === undefined || before.known < data.known) stream.waiting.set(sequence, data);
      const octets = [...stream.waiting.values()].reduce((sum, each) => sum + each.octets.length, 0);
      if (stream.waiting.size <= MOST_WAITING && octets <= MOST_OCTETS) return { messages: [], cut };
      const { messages } = this.#jump(stream);
      return { messages, lost: 'octets of the TCP stream are missing before this', cut };
    }
    const fresh = from(data, -ahead);
    if (fresh.octets.length === 0) return { messages: [], cut: false };
    return { ...this.#join(stream, fresh), cut: isCut(fresh) };
  }

  #join(stream: Stream, fresh: Data): Pick<Segment, 'messages' | 'lost'> {
    stream.next = (stream.next + fresh.octets.length) >>> 0;
    const found = messagesIn(
      Buffer.concat([stream.rest, fresh.octets]),
      stream.rest.length + fresh.known,
      stream.isHoled,
    );
    stream.rest = found.rest;
    stream.isHoled = found.isHoled;
    const messages = [...found.messages];
    let lost = found.lost;
    for (const [sequence, data] of stream.waiting) {
      const ahead = (sequence - stream.next) | 0;
      if (ahead > 0) continue;
      stream.waiting.delete(sequence);
      const more = from(data, -ahead);
      if (more.octets.length === 0) continue;
      const joined = this.#join(stream, more);
      messages.push(...joined.messages);
      lost ??= joined.lost;
    }
    return { messages, ...(lost !== undefined && { lost }) };
  }

  /** Gives up what is missing, and goes on with the first segment after it. */
  #jump(stream: Stream): Pick<Segment, 'messages' | 'lost'> {
    const ahead = ([sequence]: readonly [number, Data]): number => (sequence - stream.next) | 0;
    const first = [...stream.waiting].toSorted((one, other) => ahead(one) - ahead(other))[0];
    if (first === undefined) return { messages: [] };
    stream.waiting.delete(first[0]);
    stream.next = first[0];
    stream.rest = Buffer.alloc(0);
    stream.isHoled = false;
    return this.#join(stream, first[1]);
  }
}

const isCut = ({ octets, known }: Data): boolean => known < octets.length;

const from = ({ octets, known }: Data, at: number): Data => ({
  octets: octets.subarray(at),
  known: Math.max(0, known - at),
});

interface Found {
  readonly messages: readonly Buffer[];
  readonly rest: Buffer;
  /** Whether octets of the rest were not captured. */
  readonly isHoled: boolean;
  readonly lost?: string;
}

/**
 * The messages of which all octets were captured.
 *
 * @param known how many octets at the beginning of the stream were captured
 * @param isHoled whether some of those at its beginning were not: their message is known by its length alone
 */
function messagesIn(stream: Buffer, known: number, isHoled: boolean): Found {
  const messages: Buffer[] = [];
  const ends = (rest: Buffer, holed: boolean, lost?: string): Found => ({
    ...{ messages, rest, isHoled: holed },
    ...(lost !== undefined && { lost }),
  });
  const nothing = Buffer.alloc(0);
  let at = stream.subarray(0, PREFIX.length).equals(PREFIX) ? PREFIX.length : 0;
  // The prefix itself may come in parts.
  const start = stream.subarray(0, known);
  if (at === 0 && start.length < PREFIX.length && PREFIX.subarray(0, start.length).equals(start)) {
    return known < stream.length ? ends(nothing, false) : ends(Buffer.from(stream), false);
  }
  while (stream.length - at >= 2) {
    // Where the next message begins is not known: the next segment is taken to begin with one.
    if (known < at + 2 && known < stream.length) return ends(nothing, false);
    const length = u16(stream, at);
    if (length < 2) return ends(nothing, false, `a message of ${length} octets in the TCP stream`);
    if (stream.length - at < length) break;
    const isWhole = at + length <= known && !(isHoled && at === 0);
    // A length of 2 is a message without octets, which keeps the connection alive.
    if (length > 2 && isWhole) messages.push(stream.subarray(at + 2, at + length));
    at += length;
  }
  const rest = stream.subarray(at);
  if (known < stream.length && known < at + 2 && rest.length > 0) return ends(nothing, false);
  return ends(Buffer.from(rest), rest.length > 0 && (known < stream.length || (isHoled && at === 0)));
}
