/**
 * Judges a source as it comes: a pipe, a file that is written, a log and the file that takes its place. What is certain
 * is told at once, the rest when its SA is done with or at the end; what shows later may weaken what was told, and that is
 * told as well. What can no longer matter is forgotten, so that it may go on for days.
 */
import { type Revision, rfc6311 } from '../../../model/index.ts';
import { CappedSet } from '../common/capped-set.ts';
import type { Event, Unread } from '../events/event.ts';
import type { Finding, Reading, Remark, Validation, Verdict } from '../findings/finding.ts';
import { isOfTheText, readingsOf, settingsOf } from '../judge/readings.ts';
import type { Roles } from '../roles.ts';
import { looksLikeCapture } from '../sources/capture/frames.ts';
import { formatOf, LOOKED_AT, type TraceFormat } from '../sources/format.ts';
import type { KnownSoFar, SourceReader } from '../sources/source.ts';
import { readerOf, type StreamOptions } from '../sources/stream.ts';
import { type News, Validator, verdictOf } from '../validator.ts';
import { Announced, type ToTell } from './announced.ts';
import { SourceClock } from './clock.ts';
import { type Grown, growing } from './growing.ts';
import { Tally } from './tally.ts';

/** What is told while a source is followed, in the order in which it turns out. */
export type Told =
  | { readonly kind: 'begin'; readonly format: TraceFormat }
  | { readonly kind: 'waiting'; readonly octets: number }
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** A finding that was told as certain, and is not any more: now under its condition. */
  | { readonly kind: 'weakened'; readonly finding: Finding }
  | { readonly kind: 'note'; readonly remark: Remark }
  /** What is missing for a verdict, as it turns out. */
  | { readonly kind: 'missing'; readonly what: string }
  | { readonly kind: 'unread'; readonly unread: Unread }
  | { readonly kind: 'rotated'; readonly how: 'replaced' | 'emptied' };

export interface Followed {
  readonly verdict: Verdict;
  /** What kept the verdict from being `conformant`. */
  readonly missing: readonly string[];
  readonly readings: readonly Reading[];
  readonly statistics: Validation['statistics'];
  readonly frames: Validation['frames'];
  readonly notJudged: readonly string[];
  /** As in `Validation`. */
  readonly notJudgedBecause?: string;
  /** Findings that convict by all that was seen, and those under a condition. */
  readonly findings: { readonly certain: number; readonly conditional: number };
  readonly unread: number;
  /** SAs that were done with and are not remembered any more. */
  readonly forgotten: { readonly ikeSas: number; readonly espSas: number };
  /** Whether it was ended before the source did. */
  readonly stopped: boolean;
  /** Why the source ended in the middle of a record, if it did. */
  readonly endsEarly: string | null;
}

export interface FollowOptions extends Pick<StreamOptions, 'keys' | 'format' | 'ports'> {
  readonly revision?: Revision;
  readonly roles?: Roles;
  readonly complete?: boolean;
  /** Ends it: what was found is told, and what was seen is judged. */
  readonly signal: AbortSignal;
  /** What is remembered of IKE SAs at most, in messages; `REMEMBERED` by default. */
  readonly remembered?: number;
  /** How many findings of IKE SAs that were forgotten are remembered for what may weaken them. */
  readonly loose?: number;
  /** Milliseconds: how long nothing comes before the source is quiet. */
  readonly every?: number;
  readonly clock?: SourceClock;
  /** Waited for after each look. */
  readonly afterLook?: () => Promise<void>;
}

/** What is remembered of IKE SAs at most, in messages: about 200 MiB. */
const REMEMBERED = 100_000;

/** Milliseconds between two looks at what is certain, while more and more comes. */
const LOOK = 1000;

/** Things that are missing, and records that could not be read, that are told one by one. */
const MOST_MISSING = 1000;

/**
 * Follows a source until it ends, or until it is told to stop.
 *
 * @param path of a file, a pipe; `-` is standard input
 * @param tell is told what turns out, at once
 * @throws InputError if it cannot be read, or is in no known format
 */
export async function follow(
  path: string,
  options: FollowOptions,
  tell: (told: Told) => void,
): Promise<Followed> {
  const follower = new Follower(path, options, tell);
  const { signal, every } = options;
  let last = performance.now();
  for await (const grown of growing(path, { signal, ...(every !== undefined && { every }) })) {
    await follower.take(grown);
    if (grown.kind === 'quiet' || performance.now() - last >= LOOK) {
      follower.look(grown.kind === 'quiet');
      await options.afterLook?.();
      last = performance.now();
    }
  }
  return follower.end(signal.aborted);
}

/** What `follow` does, fed from outside: `take` what comes, `look` now and then, and `end`. */
export class Follower {
  readonly #path: string;
  readonly #options: FollowOptions;
  readonly #tell: (told: Told) => void;
  readonly #validator: Validator;
  readonly #clock: SourceClock;
  readonly #announced = new Announced();
  readonly #missing = new CappedSet(MOST_MISSING);
  readonly #unread: Unread[] = [];
  #unreadTold = 0;
  #reader: SourceReader | undefined;
  /** What came before the format was known. */
  #start = Buffer.alloc(0);
  #isWaiting = false;
  readonly #tally: Tally;
  #cut: string | null = null;

  constructor(path: string, options: FollowOptions, tell: (told: Told) => void) {
    this.#path = path;
    this.#options = options;
    this.#tell = tell;
    const { revision = rfc6311, roles, complete, remembered = REMEMBERED, loose } = options;
    this.#validator = new Validator({
      ...{ revision, remembered, unread: this.#unread },
      ...(roles !== undefined && { roles }),
      ...(complete !== undefined && { complete }),
    });
    this.#validator.watch(loose);
    this.#clock = options.clock ?? new SourceClock();
    this.#tally = new Tally(readingsOf(revision).length);
  }

  async take(grown: Grown): Promise<void> {
    if (grown.kind === 'octets') await this.#octets(grown.octets);
    else if (grown.kind === 'cut') this.#cut = grown.why;
    else if (grown.kind === 'quiet') await this.#quiet();
    else {
      this.#tell({ kind: 'rotated', how: grown.kind });
      this.#start = Buffer.alloc(0);
      this.#reader?.next(this.#path);
      // A file that has another name now was read to its end.
      if (grown.kind === 'emptied' && this.#reader !== undefined) {
        this.#take({
          event: 'gap',
          reason: `${this.#path} was emptied while it was followed: what was written before that and not read is lost`,
        });
      }
    }
  }

  async #octets(octets: Uint8Array): Promise<void> {
    if (this.#reader !== undefined) {
      this.#reader.push(octets);
      return;
    }
    this.#start = Buffer.concat([this.#start, octets]);
    if (this.#start.length >= LOOKED_AT || looksLikeCapture(this.#start)) await this.#begin(this.#start);
  }

  /** A few lines tell the format as well, if no more are to be had. */
  async #quiet(): Promise<void> {
    if (this.#reader !== undefined) return;
    const lines = this.#start.lastIndexOf(0x0a) + 1;
    if (lines > 0) await this.#begin(this.#start.subarray(0, lines));
    else if (!this.#isWaiting) {
      this.#isWaiting = true;
      this.#tell({ kind: 'waiting', octets: this.#start.length });
    }
  }

  /** @param start what the format is told by */
  async #begin(start: Uint8Array): Promise<void> {
    const { keys, ports, format = formatOf(this.#path, start) } = this.#options;
    const sink = { take: (event: Event): void => this.#take(event), shortCut: this.#validator.shortCut };
    const { reader, remarks } = await readerOf(format, this.#path, sink, {
      ...(keys !== undefined && { keys }),
      ...(ports !== undefined && { ports }),
      live: true,
    });
    this.#reader = reader;
    this.#tell({ kind: 'begin', format });
    for (const message of remarks) this.#tell({ kind: 'note', remark: { message } });
    const all = new Uint8Array(this.#start);
    this.#start = Buffer.alloc(0);
    reader.push(all);
  }

  #take(event: Event): void {
    this.#clock.note(event.time);
    this.#validator.now = this.#clock.now;
    this.#validator.take(event);
  }

  /** Tells what is new, and forgets what is done with. */
  look(isQuiet: boolean): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    reader.settle(isQuiet);
    const { known } = reader;
    this.#clock.note(known.latest);
    this.#known(known);
    this.#news(known, this.#clock.now);
  }

  #known({ unread, missing = [] }: KnownSoFar): void {
    for (const what of missing) this.#isMissing(what);
    if (unread.length <= this.#unreadTold) return;
    // In order of their places: one that became known late may stand before others.
    for (const each of unread.slice(this.#unreadTold, MOST_MISSING))
      this.#tell({ kind: 'unread', unread: each });
    this.#unreadTold = unread.length;
  }

  #isMissing(what: string): void {
    if (this.#missing.has(what)) return;
    this.#missing.add(what);
    if (this.#missing.has(what)) this.#tell({ kind: 'missing', what });
  }

  #news(known: KnownSoFar, now: number): void {
    for (const news of this.#validator.news(known, now)) this.#tellOf(news, now);
  }

  #tellOf(news: News, now: number): void {
    if (news.kind === 'so far') {
      this.#tellFindings(this.#announced.soFar(news.sa, news.soFar, now));
      if (this.#announced.waiting(news.sa)) this.#validator.lookAgain(news.sa);
    } else if (news.kind === 'closed') {
      const { findings, remarks, missing } = news.result;
      this.#tally.add(news.result);
      this.#tellFindings(this.#announced.closed(news.sa, findings));
      for (const remark of remarks) this.#tell({ kind: 'note', remark });
      for (const what of missing) this.#isMissing(what);
    } else if (news.kind === 'weakened') {
      this.#tally.replace(news.before, news.result);
      this.#tellFindings({ found: [], weakened: news.findings });
      for (const what of news.result.missing) this.#isMissing(what);
    } else {
      this.#foundOfEsp(news.findings);
      for (const remark of news.remarks) this.#tell({ kind: 'note', remark });
    }
  }

  #tellFindings({ found, weakened }: ToTell): void {
    const here = (finding: Finding): Finding => ({ ...finding, file: this.#path });
    for (const finding of found) this.#tell({ kind: 'finding', finding: here(finding) });
    for (const finding of weakened) this.#tell({ kind: 'weakened', finding: here(finding) });
  }

  #foundOfEsp(found: readonly Finding[]): void {
    this.#tally.addEsp(found);
    this.#tellFindings({ found, weakened: [] });
  }

  /** @param stopped whether the source goes on */
  async end(stopped: boolean): Promise<Followed> {
    const { signal, revision = rfc6311 } = this.#options;
    if (this.#reader === undefined && !signal.aborted) await this.#begin(this.#start);
    const counts = this.#reader?.end(stopped);
    // What a compressed source lacks is a hole, even if it is cut between two records.
    const cut = this.#cut === null ? [] : [{ file: this.#path, reason: this.#cut }];
    const known = { unread: [...(counts?.unread ?? []), ...cut], facts: counts?.facts ?? [] };
    this.#known({ ...known, missing: this.#reader?.known.missing ?? [] });
    for (const message of counts?.remarks ?? []) this.#tell({ kind: 'note', remark: { message } });
    // What is closed since there is no more of it was not forgotten.
    const { forgotten } = this.#validator;
    this.#news(known, Number.POSITIVE_INFINITY);
    this.#unread.push(...known.unread);
    const { frames = 0, keepalives = 0, other = 0, fragments = 0 } = counts ?? {};
    const rest = this.#validator.end({ frames, keepalives, other, fragments, facts: known.facts });
    this.#foundOfEsp(rest.findings);
    for (const remark of rest.remarks) this.#tell({ kind: 'note', remark });
    for (const what of rest.missing) this.#isMissing(what);
    const missing = this.#missing.list();
    const tally = this.#tally;
    return {
      verdict: verdictOf(tally.standing, missing),
      missing,
      readings: tally.readingsDiffer
        ? readingsOf(revision).map(
            (policies, index): Reading => ({
              settings: settingsOf(revision, policies),
              ofTheText: isOfTheText(policies),
              verdict: verdictOf(tally.under(index), missing),
            }),
          )
        : [],
      statistics: rest.statistics,
      frames: rest.frames,
      notJudged: rest.notJudged,
      ...(rest.notJudgedBecause === undefined ? {} : { notJudgedBecause: rest.notJudgedBecause }),
      findings: { certain: tally.certain, conditional: tally.conditional },
      unread: known.unread.length,
      forgotten,
      stopped,
      endsEarly: this.#cut ?? counts?.endsEarly ?? null,
    };
  }
}
