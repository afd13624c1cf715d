/**
 * Variants of a capture: something is missing, twice, in another place, or in another file. Whatever convicts in one of
 * them has to convict in the whole capture.
 *
 * What is compared is who is accused of which message. Two messages of one end that contradict each other are one fault,
 * told at the later of them, or at the earlier where something shows that this one is the wrong one; the other one is
 * `first`. Which rule it breaks may hang on what was seen: a second answer under one number breaks
 * RFC7296-2.1-RETRANSMISSION if it is to the same request, and RFC7296-2.3-EXPECTED-ID if it is to another one. So a
 * finding under another rule is counted by itself, and is none that appeared.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, MessageEvent } from '../events/event.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { validate } from '../validate.ts';
import type { ValidatedFile } from '../validate-file.ts';
import { validateTogether } from '../validate-together.ts';

/** Variants of the events, as a tap or the path may make them. */
export const OF_EVENTS = [
  'one frame missing',
  'one direction only',
  'a prefix missing',
  'a suffix missing',
  'a middle missing',
  'neighbours swapped',
  'everything doubled',
  'strangers between',
] as const;

/** Variants of the file: cut at one to four places, as a ring buffer does. */
export const OF_FILES = ['cut into files, together', 'cut into files, each alone'] as const;

export type EventKind = (typeof OF_EVENTS)[number];
export type Kind = EventKind | (typeof OF_FILES)[number];

export const KINDS: readonly Kind[] = [...OF_EVENTS, ...OF_FILES];

/** A number from 0 to below a bound. */
export type Pick = (bound: number) => number;

/** Numbers by a seed (mulberry32). */
export function random(seed: number): Pick {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, bound);
  };
}

export function variant(events: readonly Event[], kind: EventKind, pick: Pick): readonly Event[] {
  const at = pick(events.length);
  const to = at + 1 + pick(events.length - at);
  switch (kind) {
    case 'one frame missing':
      return events.toSpliced(at, 1);
    case 'one direction only': {
      const source = isMessage(events[at]) ? events[at].source : undefined;
      return events.filter((event) => !isMessage(event) || event.source !== source);
    }
    case 'a prefix missing':
      return events.slice(at);
    case 'a suffix missing':
      return events.slice(0, at);
    case 'a middle missing':
      return events.toSpliced(at, to - at);
    case 'neighbours swapped': {
      const [one, other] = [events[at], events[at + 1]];
      return one === undefined || other === undefined ? events : events.toSpliced(at, 2, other, one);
    }
    case 'everything doubled':
      return events.flatMap((event) => [event, event]);
    case 'strangers between':
      return events.flatMap((event, index) =>
        index % 3 === 0 && isMessage(event) ? [event, strange(event)] : [event],
      );
  }
}

const isMessage = (event: Event | undefined): event is MessageEvent =>
  event !== undefined && 'message' in event;

/** The same between two other hosts, under other SPIs, in a frame that no finding may be at. */
const strange = ({ frame: _, ...event }: MessageEvent): MessageEvent => ({
  ...event,
  sa: '5555555555555555:6666666666666666',
  source: '203.0.113.1',
  destination: '203.0.113.2',
  octets: `of a stranger ${event.octets}`,
  integrity: 'bad',
});

/** A finding that convicts: the frames that show it, first that which it is told at, and the rule. */
export interface Convicted {
  readonly frames: readonly (number | undefined)[];
  readonly rule: string;
  /** The address of who is accused, if it was seen. */
  readonly address: string | undefined;
}

/** What goes on is told once, at the first packet that shows it: if that is missing, at the next one. */
const TOLD_ONCE: ReadonlySet<string> = new Set(['RFC6311-5.2-PEER-DELTA']);

export const convicted = (findings: readonly Finding[]): readonly Convicted[] =>
  findings.flatMap(({ condition, rule, frame, address, alsoFrames = [], first }) =>
    condition === undefined ? [{ frames: [frame, ...alsoFrames, first?.frame], rule, address }] : [],
  );

export interface Judged {
  readonly verdict: Verdict;
  /** What convicts in the variant, and accuses nobody of these messages in the whole capture. */
  readonly appeared: readonly Convicted[];
  /** What convicts in both under other rules. */
  readonly renamed: number;
  /** How many of those in the whole capture convict in the variant. */
  readonly survived: number;
}

const isOfOneFault = (one: Convicted, other: Convicted): boolean =>
  isSameGoingOn(one, other) || isOfOneMessage(one, other);

const isSameGoingOn = (one: Convicted, other: Convicted): boolean =>
  TOLD_ONCE.has(one.rule) && one.rule === other.rule && one.address === other.address;

const isOfOneMessage = (one: Convicted, other: Convicted): boolean =>
  one.frames[0] !== undefined &&
  other.frames[0] !== undefined &&
  (other.frames.includes(one.frames[0]) || one.frames.includes(other.frames[0]));

/** @param whole what convicts in the whole capture */
function compared(verdict: Verdict, found: readonly Convicted[], whole: readonly Convicted[]): Judged {
  const isKnown = (each: Convicted): boolean => whole.some((other) => isOfOneFault(each, other));
  const isSame = (each: Convicted): boolean =>
    whole.some((other) => other.rule === each.rule && isOfOneFault(each, other));
  return {
    verdict,
    appeared: found.filter((each) => !isKnown(each)),
    renamed: found.filter((each) => isKnown(each) && !isSame(each)).length,
    survived: whole.filter((each) => found.some((other) => isOfOneFault(each, other))).length,
  };
}

export function judgeEvents(events: readonly Event[], whole: readonly Convicted[]): Judged {
  const { verdict, findings } = validate(events, { readings: false });
  return compared(verdict, convicted(findings), whole);
}

const MAGICS: ReadonlySet<number> = new Set([0xa1b2c3d4, 0xa1b23c4d]);

/** A pcap file cut at some of the places between its records: at one, or at up to four. */
export function cut(octets: Uint8Array, pick: Pick): readonly { octets: Uint8Array; framesBefore: number }[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const isLittle = MAGICS.has(view.getUint32(0, true));
  const starts: number[] = [];
  for (let at = HEADER; at < octets.length; at += RECORD + view.getUint32(at + 8, isLittle)) starts.push(at);
  const places = Array.from({ length: 1 + pick(4) }, () => 1 + pick(starts.length - 1));
  const from = [0, ...new Set(places)].sort((a, b) => a - b);
  return from.map((first, index) => {
    const [begin, end] = [starts[first], starts[from[index + 1] ?? starts.length]];
    const records = octets.subarray(begin, end ?? octets.length);
    const file = new Uint8Array(HEADER + records.length);
    file.set(octets.subarray(0, HEADER));
    file.set(records, HEADER);
    return { octets: file, framesBefore: first };
  });
}

const HEADER = 24;
const RECORD = 16;

/**
 * The verdict on the parts of a capture, taken together and each alone.
 *
 * @param keys files with the keys of the capture
 */
export async function judgeCut(
  octets: Uint8Array,
  keys: readonly string[],
  pick: Pick,
  whole: readonly Convicted[],
): Promise<Readonly<Record<(typeof OF_FILES)[number], Judged>>> {
  const folder = await mkdtemp(join(tmpdir(), 'ipsecha-variants-'));
  try {
    const framesBefore = new Map<string, number>();
    for (const [index, part] of cut(octets, pick).entries()) {
      // As dumpcap -b names them.
      const path = join(folder, `ring_${String(index + 1).padStart(5, '0')}_20200101000000.pcap`);
      await writeFile(path, part.octets);
      framesBefore.set(path, part.framesBefore);
    }
    const files = [...framesBefore.keys()];
    const judged = (results: readonly ValidatedFile[]): Judged => {
      const findings = results.flatMap(({ validation }) =>
        validation.findings.map((finding) => placed(finding, framesBefore.get(finding.file ?? '') ?? 0)),
      );
      const verdicts = results.map(({ validation }) => validation.verdict);
      const verdict = (['violates', 'inconclusive'] as const).find((each) => verdicts.includes(each));
      return compared(verdict ?? 'conformant', convicted(findings), whole);
    };
    const options = { keys, readings: false, complete: false };
    const together = await validateTogether(files, options);
    const alone: ValidatedFile[] = [];
    for (const file of files) alone.push(...(await validateTogether([file], options)));
    return { 'cut into files, together': judged(together), 'cut into files, each alone': judged(alone) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A finding with the numbers that its frames have in the whole capture. */
const placed = ({ alsoFrames, frame, first, ...finding }: Finding, before: number): Finding => ({
  ...finding,
  ...(frame === undefined ? {} : { frame: frame + before }),
  ...(first?.frame === undefined ? {} : { first: { frame: first.frame + before } }),
  ...(alsoFrames === undefined ? {} : { alsoFrames: alsoFrames.map((each) => each + before) }),
});
