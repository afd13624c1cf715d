/** A source that is followed has the findings that it has as a whole, as they come, and in memory that does not grow. */
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../events/event.ts';
import type { Finding } from '../findings/finding.ts';
import { eventLine } from '../sources/jsonl.ts';
import { TRACES } from '../testing/captures.ts';
import { validateFile } from '../validate-file.ts';
import { Validator } from '../validator.ts';
import { Announced } from './announced.ts';
import { SourceClock } from './clock.ts';
import { type Followed, Follower, follow, type Told } from './follow.ts';
import { type Grown, growing } from './growing.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'follow-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Follows a file, and stops as soon as it was quiet. */
async function followed(path: string): Promise<{ readonly told: readonly Told[]; readonly end: Followed }> {
  const told: Told[] = [];
  const stop = new AbortController();
  const end = await follow(
    path,
    {
      signal: stop.signal,
      every: 1,
      afterLook: async () => stop.abort(),
    },
    (each) => told.push(each),
  );
  return { told, end };
}

const findingsIn = (told: readonly Told[]): readonly string[] =>
  told.flatMap((each) => {
    if (each.kind !== 'finding') return [];
    const { event, rule, property = '', condition } = each.finding;
    return [`${event} ${rule} ${property} ${condition ?? ''}`];
  });

/** One that conforms, one that syncs rightly, and four that do not conform, each for other reasons. */
const SOME = [
  'baseline',
  'failover-sync-a-idle',
  'failover-naive',
  'strongswan-too-low',
  'member-esp-reuse',
  'peer-low-p2',
];

it('what a compressed source lacks is a hole, even if it is cut between two records', async () => {
  const octets = readFileSync(join(TRACES, 'baseline', 'capture.pcap'));
  const verdicts: string[] = [];
  for (const isCut of [false, true]) {
    const follower = new Follower('-', { signal: new AbortController().signal }, () => undefined);
    await follower.take({ kind: 'octets', octets });
    if (isCut) await follower.take({ kind: 'cut', why: 'its gzip compression ends early' });
    const { verdict, missing, endsEarly } = await follower.end(false);
    verdicts.push(verdict);
    expect(missing.includes('records that could not be read')).toBe(isCut);
    expect(endsEarly).toBe(isCut ? 'its gzip compression ends early' : null);
  }
  expect(verdicts[1]).toBe('inconclusive');
});

describe('what is told of a source as it comes', () => {
  it('is what is found in it as a whole', async () => {
    for (const name of SOME) {
      const path = join(TRACES, name, 'capture.pcap');
      const { validation } = await validateFile(path, { complete: false });
      const { told, end } = await followed(path);
      const whole = validation.findings.map(
        ({ event, rule, property = '', condition }) => `${event} ${rule} ${property} ${condition ?? ''}`,
      );
      expect([name, findingsIn(told).toSorted(), end.verdict]).toEqual([
        name,
        whole.toSorted(),
        validation.verdict,
      ]);
      expect(end.statistics).toEqual(validation.statistics);
      expect(new Set(end.missing)).toEqual(new Set(validation.missing));
      expect(end.readings).toEqual(validation.readings);
    }
  }, 60_000);

  it('waits for a record that is not whole, and goes on in the file that takes its place', async () => {
    const path = join(place, 'charon.log');
    const at = (second: number): string => `Nov  3 10:00:0${second} gw charon: 05`;
    const received = (id: number, second: number): string =>
      `${at(second)}[NET] <a|1> received packet: from 192.0.2.1[500] to 192.0.2.2[500] (80 bytes)\n${at(second)}[ENC] <a|1> parsed INFORMATIONAL request ${id} [ ]\n`;
    const sent = (id: number, second: number): string =>
      `${at(second)}[ENC] <a|1> generating INFORMATIONAL response ${id} [ ]\n${at(second)}[NET] <a|1> sending packet: from 192.0.2.2[500] to 192.0.2.1[500] (80 bytes)\n`;
    const [first = '', second = ''] = sent(2, 1).split('response 2');
    writeFileSync(path, `${received(2, 1)}${first}response 2`);
    const stop = new AbortController();
    const told: Told[] = [];
    let step = 0;
    const end = await follow(
      path,
      {
        signal: stop.signal,
        every: 1,
        afterLook: async () => {
          step += 1;
          if (step === 2) appendFileSync(path, second);
          if (step === 4) {
            renameSync(path, `${path}.1`);
            appendFileSync(`${path}.1`, received(3, 2));
            writeFileSync(path, sent(3, 2));
          }
          if (step === 8) truncateSync(path);
          if (step === 10) writeFileSync(path, received(4, 3));
          if (step === 14) stop.abort();
        },
      },
      (each) => told.push(each),
    );
    expect(told.flatMap((each) => (each.kind === 'rotated' ? [each.how] : []))).toEqual([
      'replaced',
      'emptied',
    ]);
    expect(findingsIn(told)).toEqual([]);
    expect(end.statistics.ikeMessages).toBe(5);
    expect(end.stopped).toBe(true);
    // What was lost when the file was emptied may be anything.
    expect(end.verdict).toBe('inconclusive');
    expect(end.missing.join()).toMatch(/was emptied while it was followed/u);
  });

  it('refuses what cannot be followed or read', async () => {
    const [none, odd, gz, down] = ['none', 'odd.txt', 'odd.gz', 'down.log'].map((name) => join(place, name));
    writeFileSync(odd!, 'nothing that is known\n');
    writeFileSync(gz!, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]));
    const line = (second: number): string => `Nov  3 10:00:0${second} gw charon: 05[NET] <a|1> waiting\n`;
    writeFileSync(down!, [5, 4, 3, 2, 1].map(line).join(''));
    await expect(followed(none!)).rejects.toThrow('there is no such file');
    await expect(followed(odd!)).rejects.toThrow('in no format that is known');
    await expect(followed(gz!)).rejects.toThrow('cannot be read while it is written');
    await expect(followed(down!)).rejects.toThrow('the newest line is first');
  });

  it('tells of an empty file that it is waited for', async () => {
    const path = join(place, 'empty');
    writeFileSync(path, '');
    const { told, end } = await followed(path);
    expect(told).toContainEqual({ kind: 'waiting', octets: 0 });
    expect(end.verdict).toBe('inconclusive');
  });
});

describe('a finding', () => {
  const finding: Finding = {
    rule: 'RFC7296-2.2-NEXT-ID',
    ...{ actor: 'peer', event: 7, message: '', allowed: '', explainedUntil: 6 },
  };

  const nothing = { found: [], weakened: [] };
  const conditional = { ...finding, condition: 'nothing is missing before frame 7' };

  it('that its messages show is told at once, and once', () => {
    const announced = new Announced();
    const soFar = [{ finding, isPlain: true }];
    expect(announced.soFar('a', soFar, 0)).toEqual({ found: [finding], weakened: [] });
    expect(announced.soFar('a', soFar, 1)).toEqual(nothing);
    expect(announced.closed('a', [finding])).toEqual(nothing);
    expect(announced.remembered).toBe(0);
  });

  it('that what comes late may explain is told when it is certain still after a while', () => {
    const announced = new Announced();
    const soFar = [{ finding, isPlain: false }];
    expect(announced.soFar('a', soFar, 0)).toEqual(nothing);
    expect(announced.waiting('a')).toBe(true);
    // It was explained, and is a finding again.
    expect(announced.soFar('a', [], 4)).toEqual(nothing);
    expect(announced.soFar('a', soFar, 6)).toEqual(nothing);
    expect(announced.soFar('a', soFar, 11)).toEqual({ found: [finding], weakened: [] });
    expect(announced.waiting('a')).toBe(false);
  });

  it('that is not certain any more is told of again after a while, or when its IKE SA is done with', () => {
    const announced = new Announced();
    const [certain, weak] = [finding, conditional].map((each) => [{ finding: each, isPlain: true }]);
    announced.soFar('a', certain!, 0);
    expect(announced.soFar('a', weak!, 1)).toEqual(nothing);
    // That was no more than a response under way.
    expect(announced.soFar('a', certain!, 3)).toEqual(nothing);
    expect(announced.soFar('a', weak!, 4)).toEqual(nothing);
    expect(announced.soFar('a', weak!, 9)).toEqual({ found: [], weakened: [conditional] });
    expect(announced.soFar('a', certain!, 10)).toEqual({ found: [finding], weakened: [] });
    expect(announced.closed('a', [conditional])).toEqual({ found: [], weakened: [conditional] });
    expect(announced.closed('b', [conditional])).toEqual({ found: [conditional], weakened: [] });
  });
});

it('has a clock that runs with the source, and never goes back', () => {
  let passed = 0;
  const clock = new SourceClock(() => passed);
  passed = 2;
  expect(clock.now).toBe(2);
  clock.note(1000);
  passed = 5;
  expect(clock.now).toBe(1003);
  clock.note(900);
  expect(clock.now).toBe(1003);
});

describe('memory', () => {
  /** IKE SAs that are deleted after half a minute, each with an ESP SA: one in ten minutes, for more than a day. */
  function* days(count: number): Generator<Event> {
    for (let n = 0; n < count; n += 1) {
      const begun = 1_000_000 + 600 * n;
      const [one, other] = [`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, '192.0.2.1'];
      const sa = `${(n + 1).toString(16).padStart(16, 'a')}:${(n + 1).toString(16).padStart(16, 'b')}`;
      const message = (
        second: number,
        from: 'initiator' | 'responder',
        exchange: string,
        response: boolean,
        id: number,
        payloads: readonly {
          readonly type: 'D';
          readonly protocol: number;
          readonly spis: readonly string[];
        }[] = [],
      ): Event => ({
        time: begun + second,
        observer: 'tap',
        sa,
        event: 'seen',
        from,
        source: from === 'initiator' ? one : other,
        destination: from === 'initiator' ? other : one,
        message: { kind: 'ike', exchange, response, id, payloads },
        octets: `${n}-${id}-${response}`,
        integrity: 'good',
      });
      yield message(0, 'responder', 'IKE_SA_INIT', true, 0);
      yield message(1, 'initiator', 'IKE_AUTH', false, 1);
      yield message(2, 'responder', 'IKE_AUTH', true, 1);
      for (let sequence = 1; sequence <= 3; sequence += 1) {
        yield {
          ...{ time: begun + 2 + sequence, observer: 'tap', event: 'seen', source: one, destination: other },
          message: { kind: 'esp', spi: (0x1000 + n).toString(16).padStart(8, '0'), sequence },
          ...{ octets: `${n} ${sequence}`, integrity: 'unchecked' },
        };
      }
      const deletes = [{ type: 'D', protocol: 1, spis: [] }] as const;
      yield message(30, 'initiator', 'INFORMATIONAL', false, 2, deletes);
      yield message(31, 'responder', 'INFORMATIONAL', true, 2);
    }
  }

  it('does not grow: what is done with is forgotten, with a count', () => {
    const validator = new Validator();
    validator.watch();
    const clock = new SourceClock(() => 0);
    const known = { unread: [], facts: [] };
    let [mostLive, told] = [0, 0];
    let events = 0;
    for (const event of days(200)) {
      clock.note(event.time);
      validator.now = clock.now;
      validator.take(event);
      events += 1;
      if (events % 40 !== 0) continue;
      for (const news of validator.news(known, clock.now)) {
        if (news.kind === 'closed' && news.result.findings.length > 0) told += 1;
      }
      mostLive = Math.max(mostLive, validator.remembered.ikeSas);
    }
    expect(told).toBe(0);
    // A minute after it was deleted an SA is forgotten, and one that sends no ESP after a day.
    expect(mostLive).toBeLessThan(40);
    expect(validator.forgotten.ikeSas).toBeGreaterThan(190);
    expect(validator.forgotten.espSas).toBeGreaterThan(40);
    expect(validator.remembered.espSas).toBe(200 - validator.forgotten.espSas);
    const { statistics } = validator.end();
    expect([statistics.ikeSas, statistics.espSas]).toEqual([200, 200]);
  });

  it('is as small for lines of a file as for events', async () => {
    const path = join(place, 'days.jsonl');
    writeFileSync(path, [...days(50)].map(eventLine).join(''));
    const { told, end } = await followed(path);
    expect(findingsIn(told)).toEqual([]);
    expect(end.verdict).toBe('conformant');
    expect(end.statistics.ikeSas).toBe(50);
    expect(end.forgotten.ikeSas).toBeGreaterThan(40);
  });
});

it('gives a file as far as it goes, and says that it is quiet', async () => {
  const stop = new AbortController();
  const path = join(place, 'plain');
  writeFileSync(path, 'abc');
  const grown: Grown['kind'][] = [];
  for await (const each of growing(path, { signal: stop.signal, every: 1 })) {
    grown.push(each.kind);
    if (each.kind === 'quiet') stop.abort();
  }
  expect(grown).toEqual(['octets', 'quiet']);
});
