/** What several observers saw, taken together; `src/overview/golden-runs.test.ts` has the shipped runs. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Event } from '../events/event.ts';
import { NO_ROLES, withRole } from '../roles.ts';
import { readTrace, type Trace } from '../sources/read-trace.ts';
import { TRACES } from '../testing/captures.ts';
import { request, response, validateWhole as validate } from '../testing/events.ts';
import { validateTogether } from '../validate-together.ts';
import { mergeTraces } from './merge.ts';
import { type Marked, Marks, runsOf } from './runs.ts';

const ALL = ['capture.pcap', 'capture-clu.pcap', 'cluster.jsonl', 'peer.log'];
const pathsOf = (name: string): readonly string[] =>
  ALL.map((file) => `${TRACES}${name}/${file}`).filter((path) => existsSync(path));
const tracesOf = (name: string) => Promise.all(pathsOf(name).map((path) => readTrace(path)));

describe('files of one run', () => {
  it('may have clocks that differ by anything', async () => {
    for (const name of ['three-failovers', 'unshared-m1', 'loss']) {
      const traces = await tracesOf(name);
      const findings = (shift: (file: number) => number) => {
        const shifted = traces.map(({ file, events }, n) => ({
          file,
          events: events.map(
            (event): Event => (event.time === undefined ? event : { ...event, time: event.time + shift(n) }),
          ),
        }));
        return validate(mergeTraces(shifted).events).findings.map(({ rule, message }) => [rule, message]);
      };
      const plain = findings(() => 0);
      expect(findings((n) => [0, 3600, -86_400, 7.25][n] ?? 0)).toEqual(plain);
      expect(findings((n) => [-5, 0.5, 1e6, -0.75][n] ?? 0)).toEqual(plain);
    }
  });

  it('tell of each sending once', async () => {
    const [one, other] = await tracesOf('loss');
    const merged = mergeTraces([one!, other!]);
    const count = (events: readonly Event[]): number => events.filter((event) => 'message' in event).length;
    expect(count(merged.events)).toBeLessThan(count(one!.events) + count(other!.events));
    const octets = (events: readonly Event[]) =>
      new Set(
        events.flatMap((event) => ('octets' in event && event.octets !== undefined ? [event.octets] : [])),
      );
    // Nothing is lost but second views.
    expect(octets(merged.events)).toEqual(new Set([...octets(one!.events), ...octets(other!.events)]));
    expect(merged.files).toHaveLength(merged.events.length);
  });

  it('say how far clocks are apart, and drift', async () => {
    const [one, other] = await tracesOf('loss');
    const moved = (by: (time: number) => number) => ({
      ...other!,
      events: other!.events.map((event) => ({ ...event, time: by(event.time ?? 0) })),
    });
    expect(mergeTraces([one!, moved((time) => time + 12.5)]).remarks).toEqual([
      expect.stringMatching(
        /its clock is 12\.\d+ s (?:ahead of|behind) that of the first observer; it is set/u,
      ),
    ]);
    expect(mergeTraces([one!, other!]).remarks).toEqual([]);
  });
});

/** Ordinary requests and their answers, one exchange a second, as a tap sees them by its clock. */
const exchanges = (count: number) =>
  Array.from({ length: count }, (_, id) => [request('initiator', id), response('responder', id)])
    .flat()
    .map((event, n): Event => ({ ...event, observer: 'tap', time: 1_000_000 + n / 2 }));

/** The same at another tap: a little later, by a clock that is wrong. */
const elsewhere = (events: readonly Event[], clock: (time: number) => number): readonly Event[] =>
  events.map((event) => ({ ...event, time: clock((event.time ?? 0) + 0.02) }));

const judged = (traces: readonly (readonly Event[])[]) =>
  validate(mergeTraces(traces.map((events, n) => ({ file: `tap-${n}`, events }))).events);

describe('one packet at two taps', () => {
  const clocks: readonly (readonly [string, (time: number) => number])[] = [
    ['right', (time) => time],
    ['an hour ahead', (time) => time + 3600],
    ['too fast by a thousandth', (time) => time * 1.001],
  ];

  it.each(clocks)('is one packet, by a clock that is %s', (_, clock) => {
    const events = exchanges(1000);
    const { verdict, statistics } = judged([events, elsewhere(events, clock)]);
    expect(verdict).toBe('conformant');
    expect(statistics).toEqual(validate(events).statistics);
    expect(statistics.repeated).toBe(0);
  });

  it.each(clocks)(
    'is not what the network doubled or somebody replayed, by a clock that is %s',
    (_, clock) => {
      const plain = exchanges(200);
      const [doubled, replayed] = [plain[40]!, plain[41]!];
      const events = [
        ...plain.slice(0, 41),
        { ...doubled, time: (doubled.time ?? 0) + 0.003 },
        ...plain.slice(41, 300),
        { ...replayed, time: (plain[300]!.time ?? 0) - 0.1 },
        { ...doubled, time: (plain[300]!.time ?? 0) - 0.05 },
        ...plain.slice(300),
      ];
      const alone = validate(events).statistics;
      expect(alone.repeated).toBe(3);
      expect(judged([events, elsewhere(events, clock)]).statistics).toEqual(alone);
      // The second copy came to one of the taps alone.
      const lost = events.filter((_event, n) => n !== 41);
      expect(judged([events, elsewhere(lost, clock)]).statistics).toEqual(alone);
      expect(judged([lost, elsewhere(events, clock)]).statistics).toEqual(alone);
    },
  );

  it.each(clocks)('does not hide a number that is used again, by a clock that is %s', (_, clock) => {
    const events = exchanges(100);
    const again = { ...request('initiator', 60), observer: 'tap', time: (events[150]!.time ?? 0) + 0.1 };
    const withReuse = [...events.slice(0, 151), again, ...events.slice(151)];
    const expected = validate(withReuse).findings.map(({ rule, message }) => [rule, message]);
    expect(expected.join()).toContain('request 60');
    for (const [one, other] of [
      [withReuse, withReuse],
      [withReuse, events],
      [events, withReuse],
    ] as const) {
      const { findings } = judged([one, elsewhere(other, clock)]);
      expect(findings.map(({ rule, message }) => [rule, message])).toEqual(expected);
    }
  });

  it('may be sent so often that every copy is compared with few others', () => {
    const events = exchanges(2);
    const flood = Array.from(
      { length: 50_000 },
      (_, n): Event => ({ ...events[0]!, time: 1_000_010 + n / 1000 }),
    );
    const { statistics } = judged([
      [...events, ...flood],
      elsewhere([...events, ...flood], (time) => time - 77),
    ]);
    expect(statistics.events).toBe(50_004);
  });
});

describe('a log that does not know who opened the IKE SA', () => {
  const withoutEnds = (events: readonly Event[]): readonly Event[] =>
    events.map((event) => {
      if (!('message' in event)) return event;
      const { from, octets, ...rest } = event;
      return { ...rest, event: from === 'initiator' ? 'sent' : 'received', observer: 'peer' };
    });

  it('is completed by those who do', () => {
    const events = exchanges(5);
    const { statistics, missing } = judged([events, withoutEnds(events)]);
    expect(missing.join()).not.toContain('`from` is absent');
    expect(statistics.ikeMessages).toBe(15);
  });

  it('or by a hint', () => {
    const events = withoutEnds(exchanges(5));
    expect(validate(events).missing.join()).not.toContain('`from` is absent');
    // Without addresses that agree, it cannot be told.
    const [first, ...others] = events;
    const stranger = { ...first!, source: '192.0.2.77' };
    expect(validate([...others, stranger]).missing.join()).toContain('`from` is absent');
    const roles = withRole(NO_ROLES, '192.0.2.2=responder');
    if ('reason' in roles) throw new Error(roles.reason);
    expect(validate(events, { roles: roles.value }).missing.join()).not.toContain('`from` is absent');
  });
});

describe('files of several runs', () => {
  it('are judged for themselves', async () => {
    const names = ['baseline', 'loss', 'failover-naive'];
    const results = await validateTogether(names.map((name) => `${TRACES}${name}/capture.pcap`));
    expect(results.map(({ validation }) => validation.verdict)).toEqual([
      'conformant',
      'conformant',
      'violates',
    ]);
  });

  it('a log is taken to the run between the same hosts, if there is one only', async () => {
    const [baseline, loss] = await Promise.all(['baseline', 'loss'].map(tracesOf));
    const marked = ({ format, events }: Trace): Marked => {
      const marks = new Marks();
      for (const event of events) marks.note(event);
      return { format, marks };
    };
    const log = marked(baseline!.find(({ format }) => format === 'charon')!);
    const capture = marked(baseline!.find(({ format }) => format === 'pcap')!);
    const other = marked(loss!.find(({ format }) => format === 'pcap')!);
    expect(runsOf([log, capture])).toEqual([[log, capture]]);
    // Its Child SAs tell; without them, it cannot be known.
    expect(runsOf([log, capture, other])).toEqual([[log, capture], [other]]);
    const marks = new Marks();
    marks.add({ ...log.marks, sas: new Set() } as Marks);
    const without = { format: 'charon', marks };
    expect(runsOf([without, capture, other])).toEqual([[without], [capture], [other]]);
  });

  it('are refused if those of one run are too large to be kept, and read one by one if they are not of one', async () => {
    const paths = pathsOf('loss');
    await expect(validateTogether(paths, { together: 50 })).rejects.toThrow(
      /too many events to be taken together/u,
    );
    const apart = ['baseline', 'loss'].map((name) => `${TRACES}${name}/capture.pcap`);
    const results = await validateTogether(apart, { together: 50 });
    expect(results.map(({ validation }) => validation.verdict)).toEqual(['conformant', 'conformant']);
  });
});
