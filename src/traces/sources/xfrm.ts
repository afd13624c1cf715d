/**
 * What `ip -s xfrm state` and `ip xfrm monitor` print of the states of the Linux kernel: the ESP counters of one end,
 * at the times at which it was asked, or at which a state was changed.
 *
 * A counter is no packet: it says that numbers up to it were sent or received.
 */
import { normalAddress, withPort } from '../address.ts';
import type { MessageEvent } from '../event.ts';
import { LogReader } from './log-reader.ts';

const STATE = /^(?:(Updated|Deleted|Expired|Flushed|Acquire|Added) )?src (\S+) dst (\S+)/u;
const PROTOCOL = /^\s+proto (\w+) spi 0x([0-9a-f]{1,8})/u;
const ENCAPSULATION = /^\s+encap type espinudp sport (\d+) dport (\d+)/u;
const COUNTERS = /^\s+anti-replay context: seq 0x([0-9a-f]{1,8}), oseq 0x([0-9a-f]{1,8})/u;
const EXTENDED =
  /^\s+seq-hi 0x([0-9a-f]{1,8}), seq 0x([0-9a-f]{1,8}), oseq-hi 0x([0-9a-f]{1,8}), oseq 0x([0-9a-f]{1,8})/u;
/** `ip -ts xfrm monitor`. */
const TIME = /^\[(\d{4}-\d\d-\d\dT[\d:.]+)\] ?/u;
const ASYNC = /^Async event/u;

/** Whether a text may be such output. */
export const looksLikeXfrm = (text: string): boolean =>
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
}

interface Counter {
  readonly lower: number;
  /** Absent without extended sequence numbers. */
  readonly upper?: number;
}

export class XfrmReader extends LogReader {
  #state: State | undefined;
  #asynchronous = 0;
  #states = 0;

  protected override finish(): readonly string[] {
    this.#flush();
    return [
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
      };
      return;
    }
    if (this.#state !== undefined) addTo(this.#state, text);
  }

  #flush(): void {
    const state = this.#state;
    this.#state = undefined;
    if (state?.spi === undefined || state.counters === undefined) return;
    this.#states += 1;
    this.#tell(state, 'received', state.counters.seq);
    this.#tell(state, 'sent', state.counters.oseq);
  }

  #tell(state: State, event: MessageEvent['event'], { lower, upper }: Counter): void {
    // Nothing was sent or received yet, or it is the counter of the other direction.
    if (state.spi === undefined || (lower === 0 && (upper ?? 0) === 0)) return;
    const { source, destination, ports, spi, time } = state;
    this.sink.take({
      ...(time !== undefined && { time }),
      observer: this.observer,
      event,
      source: ports === undefined ? source : withPort(source, ports[0]),
      destination: ports === undefined ? destination : withPort(destination, ports[1]),
      message: { kind: 'esp', spi, sequence: lower, ...(upper !== undefined && { upper }), counter: true },
      integrity: 'unchecked',
    });
  }
}

function addTo(state: State, text: string): void {
  const protocol = PROTOCOL.exec(text);
  if (protocol?.[1] === 'esp') state.spi = (protocol[2] ?? '').padStart(8, '0');
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
