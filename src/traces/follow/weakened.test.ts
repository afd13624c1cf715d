/**
 * The end verdict of a source that is followed is never stronger than that on the same source as a whole, whatever shows
 * late and whenever it is looked at; and what was told and does not stand is told of again.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenTraces, TRACES } from '../../overview/golden.ts';
import type { Event, MessageEvent } from '../events/event.ts';
import type { SourceFact } from '../events/source-facts.ts';
import type { Finding, Validation } from '../findings/finding.ts';
import { eventLine, trailerLine } from '../sources/jsonl.ts';
import { readTrace } from '../sources/read-trace.ts';
import { established, exchange, request, response, SA } from '../testing/events.ts';
import { validateFile } from '../validate-file.ts';
import { OF_EVENTS, type Pick, random, variant } from '../variants/variants.ts';
import { SourceClock } from './clock.ts';
import { type Followed, Follower, type FollowOptions, type Told } from './follow.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'weakened-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

let files = 0;

/** The verdict on octets as a whole. */
async function asWhole(octets: Uint8Array, complete = false): Promise<Validation> {
  files += 1;
  const path = join(place, `${files}.jsonl`);
  writeFileSync(path, octets);
  return (await validateFile(path, { complete })).validation;
}

interface Run {
  readonly told: readonly Told[];
  readonly end: Followed;
}

/** Follows octets that come in pieces; after each, so many seconds pass, and it is looked at what is certain. */
async function inPieces(
  octets: Uint8Array,
  places: readonly number[],
  seconds: number,
  options: Partial<FollowOptions> = {},
): Promise<Run> {
  const told: Told[] = [];
  let passed = 0;
  const follower = new Follower(
    'trace.jsonl',
    {
      format: 'jsonl',
      signal: new AbortController().signal,
      clock: new SourceClock(() => passed),
      ...options,
    },
    (each) => told.push(each),
  );
  let from = 0;
  for (const to of [...places.toSorted((a, b) => a - b), octets.length]) {
    await follower.take({ kind: 'octets', octets: octets.subarray(from, to) });
    await follower.take({ kind: 'quiet' });
    from = to;
    passed += seconds;
    follower.look(true);
  }
  return { told, end: await follower.end(false) };
}

const keyOf = ({ event, rule, property = '' }: Finding): string => `${event} ${rule} ${property}`;

/** What convicts in the end by what was told. */
function convictedBy(told: readonly Told[]): readonly string[] {
  const certain = new Set<string>();
  for (const each of told) {
    if (each.kind !== 'finding' && each.kind !== 'weakened') continue;
    const { finding } = each;
    const isWeakened = each.kind === 'weakened';
    // Only what was told as certain is weakened, and then it has a condition.
    expect([each.kind, certain.has(keyOf(finding)), finding.condition === undefined]).not.toEqual(
      isWeakened ? ['weakened', false, false] : ['', false, false],
    );
    if (finding.condition === undefined) certain.add(keyOf(finding));
    else certain.delete(keyOf(finding));
  }
  return [...certain].toSorted();
}

const convictedIn = ({ findings }: Validation): readonly string[] =>
  [...new Set(findings.filter(({ condition }) => condition === undefined).map(keyOf))].toSorted();

const isMessage = (event: Event): event is MessageEvent => 'message' in event;

const drops: SourceFact = { kind: 'drops', file: 'trace.jsonl', packets: 3, by: 'system' };

/** What may show late, as a line. */
const LATE = {
  nothing: () => '',
  'a hole': () => eventLine({ event: 'gap', reason: 'lines are missing' }),
  'a hole in one IKE SA': (events, pick) => {
    const sa = some(events, pick).sa ?? '';
    return eventLine({ event: 'gap', reason: 'lines are missing', sa });
  },
  'a counter of dropped packets': () => trailerLine([], [drops]),
  'a record that cannot be read': () => 'no event\n',
  'a record of one IKE SA that cannot be read': (events, pick) => {
    const { sa = '' } = some(events, pick);
    return trailerLine([{ file: 'trace.jsonl', reason: 'cut', concern: { kind: 'ike', sa } }]);
  },
  'a message that is not authentic': (events, pick) =>
    eventLine({ ...some(events, pick), octets: 'forged', integrity: 'bad' }),
  'a message once more': (events, pick) => eventLine(some(events, pick)),
  'a request far ahead': (events, pick) => {
    const event = some(events, pick);
    if (event.message.kind !== 'ike') return '';
    const message = { ...event.message, exchange: 'INFORMATIONAL', response: false, id: 900, payloads: [] };
    return eventLine({ ...event, message, octets: 'ahead' });
  },
  'a message of an earlier time': (events, pick) => {
    const event = some(events, pick);
    return eventLine({ ...event, time: (event.time ?? 0) - 1000, octets: 'early', integrity: 'good' });
  },
} satisfies Readonly<Record<string, (events: readonly Event[], pick: Pick) => string>>;

/** An IKE message that is judged. */
function some(events: readonly Event[], pick: Pick): MessageEvent {
  const messages = events.filter(isMessage).filter(({ message, sa = '' }) => {
    return message.kind === 'ike' && !sa.endsWith(':0000000000000000');
  });
  return messages[pick(messages.length)]!;
}

/** Days later, and of others: what was idle is forgotten. */
function daysLater(events: readonly Event[]): string {
  const last = events.findLast(({ time }) => time !== undefined)?.time ?? 0;
  const stranger = events.find(isMessage);
  if (stranger === undefined) return '';
  return eventLine({
    ...stranger,
    ...{ time: last + 200_000, sa: '5555555555555555:6666666666666666', octets: 'of a stranger' },
    ...{ source: '203.0.113.1', destination: '203.0.113.2' },
  });
}

/** Of so many shipped captures with a few findings one is taken, and of the others one of three times as many. */
const EVERY = 12;

/** Events of one, days apart at some place if they are to be forgotten; and what shows late, not always at the end. */
function textOf(
  events: readonly Event[],
  late: string,
  goesOn: 'at once' | 'days later' | 'no more',
  pick: Pick,
): { readonly text: string; readonly before: number } {
  const at = goesOn === 'days later' ? pick(events.length) : events.length;
  const lines = events.slice(0, at).map(eventLine);
  if (goesOn !== 'at once') lines.push(daysLater(events));
  const shift = (event: Event): Event =>
    event.time === undefined ? event : { ...event, time: event.time + 400_000 };
  lines.push(...events.slice(at).map((event) => eventLine(shift(event))));
  const place = lines.length - (goesOn === 'at once' ? pick(4) : 0);
  const before = Buffer.byteLength(lines.slice(0, place).join(''));
  return { text: lines.toSpliced(place, 0, late).join(''), before };
}

describe('a source that is followed', () => {
  it('is never judged more strictly than as a whole', async () => {
    const pick = random(6311);
    const golden = (await goldenTraces())
      .filter(({ file }) => file.endsWith('.pcap'))
      .toSorted((one, other) => (one.file < other.file ? -1 : 1));
    const isFew = ({ findings }: (typeof golden)[number]): boolean =>
      findings.length > 0 && findings.length < 6;
    const sample = [
      ...golden.filter(isFew).filter((_, index) => index % EVERY === 0),
      ...golden.filter((each) => !isFew(each)).filter((_, index) => index % (3 * EVERY) === 0),
    ];
    const counts = { convicted: 0, weakened: 0, forgotten: 0 };
    const kinds = Object.entries(LATE);
    for (const [index, { file }] of sample.entries()) {
      const whole = (await readTrace(fileURLToPath(new URL(file, TRACES)))).events;
      const kind = OF_EVENTS[pick(OF_EVENTS.length)]!;
      const events = index % 3 === 0 ? variant(whole, kind, pick) : whole;
      if (!events.some((event) => isMessage(event) && event.message.kind === 'ike')) continue;
      const [late, lineOf] = kinds[index % kinds.length]!;
      const goesOn = (['at once', 'no more', 'at once', 'days later'] as const)[pick(4)]!;
      const { text, before } = textOf(events, lineOf(whole, pick), goesOn, pick);
      const octets = Buffer.from(text);
      const validation = await asWhole(octets);
      const begun = octets.indexOf(0x0a) + 1;
      const places = Array.from({ length: 6 }, () => begun + pick(octets.length - begun));
      const { told, end } = await inPieces(octets, [...places, before], 3 * pick(4));
      const convicted = convictedBy(told);
      const which = [file, index % 3 === 0 ? kind : 'whole', late, goesOn].join(', ');
      expect(end.findings.certain > 0, which).toBe(convicted.length > 0);
      if (goesOn === 'at once') {
        expect([end.verdict, convicted], which).toEqual([validation.verdict, convictedIn(validation)]);
        expect(end.readings, which).toEqual(validation.readings);
      } else {
        // What is forgotten convicts nobody; nor is anything said to be in order that was not judged.
        expect(convictedIn(validation), which).toEqual(expect.arrayContaining([...convicted]));
        expect(['inconclusive', validation.verdict], which).toContain(end.verdict);
      }
      counts.convicted += convicted.length;
      counts.weakened += told.filter((each) => each.kind === 'weakened').length;
      counts.forgotten += end.forgotten.ikeSas;
    }
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  }, 60_000);
});

/** Exchanges that run through, and a response to a request far beyond: a finding as long as nothing may be missing. */
const far: readonly Event[] = [
  ...established(),
  ...[2, 3].flatMap((id) => exchange('initiator', id)),
  response('responder', 50),
].map((event, index) => ({ ...event, time: 1000 + index }));

const FAR = `${far.length} RFC7296-2.2-RESPONSE-ID `;

/** What was told of findings, in order. */
const said = (told: readonly Told[]): readonly string[] =>
  told.flatMap((each) =>
    each.kind === 'finding' || each.kind === 'weakened'
      ? [`${each.kind} ${keyOf(each.finding)}${each.finding.condition === undefined ? '' : 'if'}`]
      : [],
  );

/** Follows lines, each of which comes by itself, with so many seconds after each. */
async function lineByLine(
  lines: readonly string[],
  seconds: number,
  options: Partial<FollowOptions> = {},
): Promise<Run & { readonly whole: Validation }> {
  const octets = Buffer.from(lines.join(''));
  const places = lines.slice(0, -1).map((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('')));
  const run = await inPieces(octets, places, seconds, options);
  return { ...run, whole: await asWhole(octets, options.complete) };
}

const HOLES = [
  'a hole',
  'a hole in one IKE SA',
  'a counter of dropped packets',
  'a record that cannot be read',
  'a record of one IKE SA that cannot be read',
  'a message that is not authentic',
] as const;

describe('a finding that was told', () => {
  const lines = far.map(eventLine);

  it('stands if nothing shows later', async () => {
    for (const more of [[], [daysLater(far)]]) {
      const { told, end, whole } = await lineByLine([...lines, ...more], 3);
      expect([said(told), end.verdict, whole.verdict]).toEqual([[`finding ${FAR}`], 'violates', 'violates']);
      expect(end.findings).toEqual({ certain: 1, conditional: 0 });
    }
  });

  it.each(HOLES)('is weakened by %s, whether its IKE SA is forgotten by then or not', async (hole) => {
    const late = LATE[hole](far, () => 0);
    for (const more of [[], [daysLater(far)]]) {
      const { told, end, whole } = await lineByLine([...lines, '\n', '\n', ...more, late], 3);
      expect(said(told)).toEqual([`finding ${FAR}`, `weakened ${FAR}if`]);
      expect([end.verdict, whole.verdict]).toEqual(['inconclusive', 'inconclusive']);
      expect(end.findings).toEqual({ certain: 0, conditional: 1 });
      expect(end.missing.join()).toMatch(/breaks RFC7296-2.2-RESPONSE-ID, unless request 50/u);
      expect(end.forgotten.ikeSas).toBe(more.length);
    }
  });

  it('is not weakened by what is missing in another IKE SA, or between others', async () => {
    const sa = '3333333333333333:4444444444444444';
    const hosts = ['198.51.100.1', '198.51.100.2'] as const;
    for (const more of [[], [daysLater(far)]]) {
      const late = [
        eventLine({ event: 'gap', reason: 'lines are missing', sa }),
        trailerLine([{ file: 'trace.jsonl', reason: 'cut', concern: { kind: 'ike', sa } }]),
        trailerLine([{ file: 'trace.jsonl', reason: 'cut', concern: { kind: 'hosts', hosts } }]),
      ];
      const { told, end } = await lineByLine([...lines, '\n', '\n', ...more, ...late], 3);
      expect([said(told), end.verdict]).toEqual([[`finding ${FAR}`], 'violates']);
    }
  });

  it('is weakened if its IKE SA goes on after it was forgotten, and nothing more convicts there', async () => {
    const [again, more] = [response('responder', 90), request('initiator', 4)].map((event) =>
      eventLine({ ...event, time: 300_000 }),
    );
    for (const late of [[more!], [more!, again!]]) {
      const { told, end } = await lineByLine([...lines, '\n', '\n', daysLater(far), ...late], 3, {
        complete: true,
      });
      expect(said(told).slice(0, 2)).toEqual([`finding ${FAR}`, `weakened ${FAR}if`]);
      expect([convictedBy(told), end.verdict]).toEqual([[], 'inconclusive']);
      expect(end.missing.join()).toMatch(/was idle for so long that it was forgotten: what was before/u);
    }
  });

  it('is weakened where there is no memory for what may weaken it', async () => {
    const { told, end } = await lineByLine([...lines, '\n', '\n', daysLater(far), '\n'], 3, { loose: 0 });
    expect(said(told)).toEqual([`finding ${FAR}`, `weakened ${FAR}if`]);
    expect(end.verdict).toBe('inconclusive');
    expect(end.missing.join()).toMatch(/memory for findings of IKE SAs that were done with: beyond 0/u);
  });

  it('is told once more if it turns out to be certain after all', async () => {
    const [asked, answered] = exchange('initiator', 4).map(eventLine);
    const { told, end, whole } = await lineByLine(
      [...lines, '\n', '\n', asked!, '\n', '\n', answered!, '\n', '\n'],
      3,
    );
    expect(said(told)).toEqual([`finding ${FAR}`, `weakened ${FAR}if`, `finding ${FAR}`]);
    expect([end.verdict, whole.verdict]).toEqual(['violates', 'violates']);
  });
});

it('does not call conformant what it did not judge as a whole', async () => {
  const lines = far.slice(0, -1).map(eventLine);
  const concern = { kind: 'ike', sa: SA } as const;
  const late = trailerLine([{ file: 'trace.jsonl', reason: 'cut', concern }]);
  for (const more of [[], [daysLater(far)]]) {
    const { end, whole } = await lineByLine([...lines, ...more, late], 3);
    expect([end.verdict, whole.verdict]).toEqual(['inconclusive', 'inconclusive']);
    expect(end.missing).toContain('records that could not be read');
  }
});
