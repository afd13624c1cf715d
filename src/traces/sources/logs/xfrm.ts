/**
 * What `ip -s xfrm state` and `ip xfrm monitor` print of the states of the Linux kernel: the ESP counters of one end,
 * at the times at which it was asked, or at which a state was changed.
 *
 * A counter is no packet: it says that numbers up to it were sent or received.
 */

import { normalAddress, withPort } from '../../common/address.ts';
import { BoundedSet } from '../../common/bounded.ts';
import type { MessageEvent } from '../../events/event.ts';
import type { LogFormat } from './log-format.ts';
import { LogReader } from './log-reader.ts';

const STATE = /^(?:(Updated|Deleted|Expired|Flushed|Acquire|Added) (?:policy )?)?src (\S+) dst (\S+)/u;
const PROTOCOL = /^\s+proto (\w+) spi 0x([0-9a-f]{1,8})/u;
const ENCAPSULATION = /^\s+encap type espinudp sport (\d{1,5}) dport (\d{1,5})\b/u;
const COUNTERS = /^\s+anti-replay context: seq 0x([0-9a-f]{1,8}), oseq 0x([0-9a-f]{1,8})/u;
const EXTENDED =
  /^\s+seq-hi 0x([0-9a-f]{1,8}), seq 0x([0-9a-f]{1,8}), oseq-hi 0x([0-9a-f]{1,8}), oseq 0x([0-9a-f]{1,8})/u;
const FLAGS = /^\s+replay-window \d+ (?:\S{1,40} ){0,8}flag ([\w -]*)/u;
const STATISTICS = /^\s+replay-window (\d{1,10}) replay (\d{1,10}) failed (\d{1,10})\b/u;
/** `ip -ts xfrm monitor`. */
const TIME = /^\[(\d{4}-\d\d-\d\dT[\d:.]+)\] ?/u;
const ASYNC = /^Async event/u;

/** The last number that an SA without extended sequence numbers can send. */
const LAST = 0xffff_ffff;

/** So many remarks are kept. */
const MOST_REMARKS = 100;

/** Whether a text may be such output. */
const looksLikeXfrm = (text: string): boolean =>
  /^(?:\[\S+\] ?)?(?:(?:(?:Updated|Deleted|Expired|Added) )?src \S+ dst \S+|Async event {2}\(0x)/mu.test(
    text,
  );

interface State {
  readonly source: string;
  readonly destination: string;
  readonly line: number;
  readonly time: number | undefined;
  spi: string | undefined;
  ports: readonly [number, number] | undefined;
  counters: { readonly seq: Counter; readonly oseq: Counter } | undefined;
  /** Another protocol than ESP. */
  other: string | undefined;
  isExtended: boolean;
  /** Packets that the kernel dropped since their numbers had come before. */
  replays: number;
  readonly isDeleted: boolean;
}

interface Counter {
  readonly lower: number;
  /** Absent without extended sequence numbers. */
  readonly upper?: number;
}

export class XfrmReader extends LogReader {
  #state: State | undefined;
  readonly #remarks: string[] = [];
  /** SAs that were deleted: another one that has the same SPI later has other keys, and numbers of its own. */
  readonly #deleted = new BoundedSet<string>();
  #others = 0;
  #asynchronous = 0;
  #states = 0;

  protected override finish(): readonly string[] {
    this.#flush();
    return [
      ...this.#remarks,
      ...(this.#others === 0 ? [] : [`${this.#others} states of other protocols than ESP are not judged`]),
      ...(this.#asynchronous === 0
        ? []
        : [
            `${this.#asynchronous} asynchronous events of the kernel tell no counters: ask for them with ip -s xfrm state`,
          ]),
      ...(this.#states === 0 ? [`no state of ESP with counters; ip xfrm state prints them with -s`] : []),
    ];
  }

  protected override line(line: string, number: number): void {
    const stamp = TIME.exec(line);
    const time = stamp === null ? undefined : Date.parse(`${stamp[1]}Z`) / 1000;
    const text = stamp === null ? line : line.slice(stamp[0].length);
    if (ASYNC.test(text)) {
      this.#flush();
      this.#asynchronous += 1;
      return;
    }
    const begins = STATE.exec(text);
    if (begins !== null) {
      this.#flush();
      const [source, destination] = [normalAddress(begins[2] ?? ''), normalAddress(begins[3] ?? '')];
      if (source === undefined || destination === undefined) {
        this.unread.add(number, 'a state whose addresses are none');
        return;
      }
      const known = time !== undefined && Number.isFinite(time) ? time : undefined;
      this.#state = {
        source,
        destination,
        line: number,
        time: known,
        spi: undefined,
        ports: undefined,
        counters: undefined,
        other: undefined,
        isExtended: false,
        replays: 0,
        isDeleted: begins[1] === 'Deleted',
      };
      return;
    }
    if (this.#state !== undefined) addTo(this.#state, text);
  }

  #flush(): void {
    const state = this.#state;
    this.#state = undefined;
    if (state?.other !== undefined) this.#others += 1;
    if (state?.spi === undefined) return;
    const name = `${state.destination} ${state.spi}`;
    if (this.#deleted.has(name)) {
      this.#remark(
        `line ${state.line}: SPI ${state.spi} was deleted before: this is another SA, which is not judged`,
      );
      return;
    }
    if (state.isDeleted) this.#deleted.add(name);
    if (state.counters === undefined) return;
    this.#states += 1;
    this.#note(state, state.counters.oseq);
    this.#tell(state, 'received', state.counters.seq);
    this.#tell(state, 'sent', state.counters.oseq);
  }

  /** What the kernel's own figures say by themselves. */
  #note({ line, spi, source, destination, isExtended }: State, { lower, upper = 0 }: Counter): void {
    if (lower === LAST && upper === 0 && !isExtended) {
      this.#remark(
        `line ${line}: SPI ${spi} from ${source} to ${destination} has sent its last number, ${LAST}: it may send nothing more (RFC4303-3.3.3-NEXT-NUMBER), so it has to be replaced`,
      );
    }
  }

  #remark(text: string): void {
    if (this.#remarks.length < MOST_REMARKS) this.#remarks.push(text);
  }

  #tell(state: State, event: MessageEvent['event'], { lower, upper }: Counter): void {
    // Nothing was sent or received yet, or it is the counter of the other direction.
    if (state.spi === undefined || (lower === 0 && (upper ?? 0) === 0)) return;
    const { source, destination, ports, spi, line, time, replays } = state;
    const told = event === 'received' && replays > 0 ? { replays } : {};
    this.sink.take({
      line,
      ...(time !== undefined && { time }),
      observer: this.observer,
      event,
      source: ports === undefined ? source : withPort(source, ports[0]),
      destination: ports === undefined ? destination : withPort(destination, ports[1]),
      message: {
        kind: 'esp',
        spi,
        sequence: lower,
        ...(upper !== undefined && { upper }),
        counter: true,
        ...told,
      },
      integrity: 'unchecked',
    });
  }
}

function addTo(state: State, text: string): void {
  const protocol = PROTOCOL.exec(text);
  if (protocol?.[1] === 'esp') state.spi = (protocol[2] ?? '').padStart(8, '0');
  else if (protocol !== null) state.other = protocol[1];
  if (FLAGS.exec(text)?.[1]?.split(' ').includes('esn') === true) state.isExtended = true;
  const statistics = STATISTICS.exec(text);
  if (statistics !== null) state.replays = Number(statistics[1]) + Number(statistics[2]);
  const ports = ENCAPSULATION.exec(text);
  if (ports !== null) state.ports = [Number(ports[1]), Number(ports[2])];
  const counters = COUNTERS.exec(text);
  if (counters !== null)
    state.counters = { seq: { lower: hex(counters[1]) }, oseq: { lower: hex(counters[2]) } };
  const extended = EXTENDED.exec(text);
  if (extended !== null) {
    state.counters = {
      seq: { upper: hex(extended[1]), lower: hex(extended[2]) },
      oseq: { upper: hex(extended[3]), lower: hex(extended[4]) },
    };
  }
}

const hex = (digits: string | undefined): number => Number.parseInt(digits ?? '0', 16);

export const xfrm: LogFormat<'xfrm'> = {
  name: 'xfrm',
  title: 'output of ip xfrm',
  source: 'Linux: `ip -s xfrm state`, twice or at both ends; `ip -ts xfrm monitor`.',
  looksLike: looksLikeXfrm,
  // It has those of ESP, which is all that it tells of.
  hasSpis: true,
  Reader: XfrmReader,
  shows: [
    'how far the counters of each ESP SA had come, and so a counter that went back, and a sender that is below its receiver',
    'that an SA has sent its last number',
    'how many packets the kernel dropped as replays',
  ],
  cannotShow: ['single packets, and IKE: without anything against it the verdict is `inconclusive`'],
};
