/** Twice as much hostile input takes twice the work: counted, not timed. */
import { expect, it } from 'vitest';
import { NO_KEYS, readKeys } from '../crypto/keys.ts';
import type { Event } from '../events/event.ts';
import { mergeTraces } from '../merge/merge.ts';
import { CaptureReader } from '../sources/capture/capture.ts';
import { InputError } from '../sources/input-error.ts';
import { EventLines } from '../sources/jsonl.ts';
import { logFormat } from '../sources/logs/registry.ts';
import type { SourceReader } from '../sources/source.ts';
import { TsharkReader } from '../sources/tshark.ts';
import { block, interfaceBlock, ipv4, join, number, pcapOf, sectionHeader } from '../testing/captures.ts';
import { esp, established, hex, ike, notify, request, response } from '../testing/events.ts';
import { Validator } from '../validator.ts';
import { workOf } from './work.ts';

const several = <T>(size: number, make: (n: number) => T): T[] =>
  Array.from({ length: size }, (_, n) => make(n));
const text = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\n'));

/** Reads octets and judges what they tell. */
function judge(
  make: (take: (event: Event) => void, validator: Validator) => SourceReader,
  octets: Uint8Array,
): void {
  const validator = new Validator();
  const reader = make((event) => validator.take(event), validator);
  try {
    reader.push(octets);
    reader.end();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  validator.end();
}

const capture = (frames: readonly Uint8Array[]) => (): void =>
  judge((take, { shortCut }) => new CaptureReader('a', NO_KEYS, take, { target: shortCut }), pcapOf(frames));
const events = (all: readonly Event[]) => (): void => {
  const validator = new Validator();
  for (const event of all) validator.take(event);
  validator.end();
};
const keys = (line: string) => (): void => {
  expect(() => readKeys('keys.csv', line)).toThrow(InputError);
};

const spi = (n: number): string => (n + 1).toString(16).padStart(16, '0');
const packet = (spi: number, sequence: number): Uint8Array =>
  ipv4(50, join(number(spi >>> 0, 4), number(sequence >>> 0, 4), new Uint8Array(40)));

const log = (format: string, lines: readonly string[]) => (): void =>
  judge((take) => new (logFormat(format)!.Reader)('a', 'peer', { take }), text(lines));
const generated = (size: number, from = 0): string[] =>
  several(
    size,
    (n) => `${100 + from + n}[ENC] <${1 + from + n}> generating INFORMATIONAL request ${from + n} [ ]`,
  );

/** Each makes input of a size, and is given back what reads it. */
const shapes: readonly (readonly [name: string, size: number, of: (size: number) => () => void])[] = [
  ['a line of keys that is all spaces', 2000, (size) => keys(`${' '.repeat(size)}"`)],
  ['a line of keys that is all commas', 2000, (size) => keys(','.repeat(size))],
  ['responses that nobody asked for', 150, (size) => events(several(size, (n) => response('responder', n)))],
  [
    'requests that nobody answers',
    40,
    (size) =>
      events([...established(), ...several(size, (n) => request('initiator', n + 2, `request ${n}`))]),
  ],
  [
    'requests that nobody answers, each of them twice',
    30,
    (size) =>
      events([
        ...established(),
        ...several(2 * size, (n) => request('initiator', (n % size) + 2, `request ${n % size}`)),
      ]),
  ],
  [
    'responses that nobody asked for, from the beginning',
    150,
    (size) => events([...established(), ...several(size, (n) => response('responder', n + 2))]),
  ],
  [
    'packets accepted twice',
    1500,
    (size) => events(several(size, (n): Event => ({ ...esp('initiator', 1 + (n % 2)), event: 'accepted' }))),
  ],
  ['numbers sent twice', 1500, (size) => events(several(size, (n) => esp('initiator', 1 + (n % 3))))],
  [
    'one request again and again',
    400,
    (size) => events([...established(), ...several(size, () => request('initiator', 2, 'the same'))]),
  ],
  [
    'IKE SAs with one message each',
    100,
    (size) => events(several(size, (n) => ({ ...request('initiator', 5), sa: `${spi(n)}:${spi(n)}` }))),
  ],
  [
    'Child SAs with one packet each',
    300,
    (size) => events(several(size, (n) => esp('initiator', 1, { spi: hex(n + 256) }))),
  ],
  [
    'notifications in one message',
    800,
    (size) =>
      events([
        ...established(),
        ike('initiator', { id: 2, payloads: several(size, (n) => notify(16384 + n)) }),
      ]),
  ],
  [
    'fragments of one IP packet',
    400,
    (size) => capture(several(size, (n) => ipv4(17, new Uint8Array(8), 0x2000 | (2 * n)))),
  ],
  ['numbers chosen to meet', 1500, (size) => capture(several(size, (n) => packet(7, (n + 1) << 16)))],
  ['SPIs chosen to meet', 1500, (size) => capture(several(size, (n) => packet((n + 1) << 16, 1)))],
  [
    'damaged blocks of pcapng',
    400,
    (size) => () =>
      judge(
        (take) => new CaptureReader('a', NO_KEYS, take),
        join(sectionHeader(), interfaceBlock(1), ...several(size, () => block(6, new Uint8Array(8)))),
      ),
  ],
  [
    'lines that are no events',
    1000,
    (size) => () =>
      judge((take) => new EventLines('a', { take }), text(several(size, () => '{"event":"none"}'))),
  ],
  [
    'elements that are no packets',
    1500,
    (size) => () =>
      judge(
        (take) => new TsharkReader('a', 'json', NO_KEYS, { take }),
        text([`[${several(size, String).join(',')}]`]),
      ),
  ],
  ['lines of charon, each of another thread', 600, (size) => log('charon', generated(size))],
  [
    'IKE SAs of charon that end, rekey and begin anew',
    300,
    (size) =>
      log(
        'charon',
        several(size, (n) => [
          `01[IKE] <a${n}> IKE_SA a[${n}] rekeyed between 192.0.2.1[a]...192.0.2.2[b]`,
          `02[DMN] loaded plugins: none`,
          `03[IKE] IKE_SA a[${n}] established`,
          ...generated(1, n),
        ]).flat(),
      ),
  ],
  [
    'holes in a log of many IKE SAs',
    400,
    (size) =>
      log(
        'charon',
        generated(size).flatMap((line) => [line, 'Suppressed 1 messages from charon']),
      ),
  ],
  [
    'logs of IKE SAs between the same hosts',
    200,
    (size) => () => {
      const told = (observer: string): Event[] =>
        several(size, (n): Event => {
          const half = `f${n.toString(16).padStart(15, '0')}`;
          return { ...response('responder', n), observer, event: 'sent', sa: `${half}:${half}` };
        });
      mergeTraces(['a', 'b'].map((file) => ({ file, events: told(file) })));
    },
  ],
];

it.each(shapes)('%s', async (_, size, of) => {
  const [once, twice] = [of(size), of(2 * size)];
  // What is done once and for all is done before.
  once();
  const [work, more] = [await workOf(once), await workOf(twice)];
  expect(work).toBeGreaterThan(size / 4);
  expect(more / work).toBeLessThan(2.3);
});
