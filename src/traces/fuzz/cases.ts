/**
 * Broken input for every reader: real traces with octets changed, cut out, doubled and swapped, and made ones. Each case
 * is told by a seed, so that it can be had again.
 */

import { createHash } from 'node:crypto';
import { rfc6311 } from '../../../model/index.ts';
import { document, documentText } from '../../report/json.ts';
import { junitText } from '../../report/junit.ts';
import { sarifText } from '../../report/sarif.ts';
import { jsonEscaped, shown } from '../../report/text.ts';
import { renderValidation } from '../../report/validation.ts';
import { validationPage } from '../../report/validation-html.ts';
import { validationSuite } from '../../report/validation-junit.ts';
import { validationMarkdown } from '../../report/validation-markdown.ts';
import { validationResults, validationRules } from '../../report/validation-sarif.ts';
import { documented } from '../../report/verdict/document.ts';
import { NO_EXPERIMENTS } from '../../report/verdict/pointers.ts';
import { type Keys, readKeys } from '../crypto/keys.ts';
import type { Event, Unread } from '../events/event.ts';
import { isEvent } from '../events/event-check.ts';
import { neighbourhoodsIn } from '../events/neighbourhood.ts';
import type { Validation } from '../findings/finding.ts';
import { mergeTraces } from '../merge/merge.ts';
import { CaptureReader } from '../sources/capture/capture.ts';
import type { TraceFormat } from '../sources/format.ts';
import { InputError } from '../sources/input-error.ts';
import { EventLines } from '../sources/jsonl.ts';
import { logFormat } from '../sources/logs/registry.ts';
import type { SourceReader } from '../sources/source.ts';
import { TsharkReader } from '../sources/tshark.ts';
import { validate } from '../validate.ts';
import { Validator } from '../validator.ts';

/** What is broken: the octets of a source, its format and its keys. */
export interface Seed {
  readonly name: string;
  readonly format: TraceFormat | 'keys';
  readonly octets: Uint8Array;
  readonly keys: Keys;
}

/** What became of a case. */
export type Outcome =
  | { readonly kind: 'judged'; readonly events: number; readonly unread: number }
  /** It could not be read at all, and why was said. */
  | { readonly kind: 'refused' };

/** Numbers that look random, the same for the same seed (a linear congruential generator). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 0;
  }

  /** An integer from 0 up to and without `limit`. */
  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) | 0;
    return Math.floor(((this.#state >>> 0) / 2 ** 32) * limit);
  }
}

/** Values that lengths and counters are apt to be wrong about. */
const NASTY = [0, 1, 2, 3, 4, 7, 8, 0x0a, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xfe, 0xff] as const;

/** JSON that is nested deeper than a stack is; not often the octets of a seed become that. */
const DEEP = Buffer.from('['.repeat(20_000));
/** What acts on a terminal, as octets and as JSON writes it. */
const HOSTILE = Buffer.from('\u001b]0;a\u0007\u001b[31m\u009b2J\u202e\\u001b[31m\\u202e');

/** Lines, or what else lies between line ends, in another order. */
function inAnotherOrder(octets: Buffer, chance: Chance): Buffer<ArrayBuffer> {
  const lines = octets.toString('latin1').split('\n');
  const [from, to] = [chance.below(lines.length), chance.below(lines.length)];
  const [line = ''] = lines.splice(from, 1);
  lines.splice(to, 0, line);
  return Buffer.from(lines.join('\n'), 'latin1');
}

/** The octets with one to eight things done to them. */
export function broken(octets: Uint8Array, chance: Chance): Uint8Array {
  let result = Buffer.from(octets);
  for (let times = 1 + chance.below(8); times > 0; times -= 1) {
    const at = chance.below(result.length + 1);
    const length = 1 + chance.below(chance.below(4) === 0 ? 200 : 8);
    const [before, after] = [result.subarray(0, at), result.subarray(Math.min(result.length, at + length))];
    const piece = result.subarray(at, at + length);
    switch (chance.below(9)) {
      case 0:
        result = Buffer.concat([before, after]);
        break;
      case 1:
        result = Buffer.concat([before, piece, piece, after]);
        break;
      case 2:
        result = Buffer.from(result.subarray(0, at));
        break;
      case 3: {
        const other = chance.below(result.length + 1);
        result = Buffer.concat([before, result.subarray(other, other + length), result.subarray(at)]);
        break;
      }
      case 4:
        result = Buffer.concat([before, chance.below(2) === 0 ? DEEP : HOSTILE, after]);
        break;
      case 5:
        result = inAnotherOrder(result, chance);
        break;
      default:
        for (let n = at; n < Math.min(result.length, at + Math.min(length, 4)); n += 1) {
          result[n] = chance.below(2) === 0 ? NASTY[chance.below(NASTY.length)]! : chance.below(256);
        }
    }
  }
  return result;
}

/** So many times the octets of a case may become events: more would be growth without bound. */
const MOST_EVENTS = 64;

/**
 * Reads and judges one case.
 *
 * @throws Error if anything but an `InputError` is thrown, an event is not of our schema, or a verdict does not agree
 * with its findings
 */
export function tried(seed: Seed, octets: Uint8Array, chance: Chance): Outcome {
  try {
    if (seed.format === 'keys') {
      readKeys('keys.csv', Buffer.from(octets).toString('latin1'));
      return { kind: 'judged', events: 0, unread: 0 };
    }
    const file = `a\u001b[2J\u202e\n${seed.name}`;
    const remarks = [`told of ${file}`];
    const told: Unread[] = [];
    const validator = new Validator({ file, remarks, unread: told });
    let events = 0;
    const { shortCut } = validator;
    const kept: Event[] | undefined = chance.below(8) === 0 ? [] : undefined;
    const take = (event: Event): void => {
      events += 1;
      kept?.push(event);
      // The line is where it stands, and not written.
      const { line: _line, ...written } = event;
      if (!isEvent(JSON.parse(JSON.stringify(written))))
        throw new Error(`no event: ${JSON.stringify(event)}`);
      validator.take(event);
    };
    const before = createHash('sha256').update(octets).digest('hex');
    const reader = readerOf(seed, { take, ...(chance.below(2) === 0 && { shortCut }) });
    // In chunks, as files come.
    const size = chance.below(3) === 0 ? 1 + chance.below(500) : octets.length + 1;
    for (let at = 0; at < octets.length; at += size) reader.push(octets.subarray(at, at + size));
    const { unread } = reader.end();
    if (createHash('sha256').update(octets).digest('hex') !== before)
      throw new Error('the input was changed');
    told.push(...unread);
    const validation = validator.end();
    const { verdict, findings } = validation;
    if (events === 0 && unread.length === 0 && verdict !== 'inconclusive')
      throw new Error(`nothing read: ${verdict}`);
    if (kept !== undefined && chance.below(4) === 0) written(validation, kept);
    // What stands under a condition accuses nobody.
    const certain = findings.filter(({ condition }) => condition === undefined);
    if ((verdict === 'violates') !== certain.length > 0)
      throw new Error(`${verdict}: ${findings.length} findings`);
    if (kept !== undefined) judgeTogether(kept, chance);
    if (events > MOST_EVENTS + octets.length) throw new Error(`${events} events of ${octets.length} octets`);
    return { kind: 'judged', events, unread: unread.length };
  } catch (error) {
    if (error instanceof InputError) {
      if (ACTING.test(shown(error.message))) throw new Error('the message of an error acts on the terminal');
      return { kind: 'refused' };
    }
    throw error;
  }
}

/** What acts on a terminal, but for line ends. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const STYLE = { width: 100, colour: false, unicode: true };

/** Every way of writing it out works, and none acts on the terminal. */
function written(validation: Validation, events: readonly Event[]): void {
  const around = neighbourhoodsIn(
    events,
    validation.findings.map(({ event }) => event),
  );
  const texts = {
    text: shown(renderValidation(validation, around, STYLE)),
    markdown: shown(validationMarkdown(validation, around)),
    json: documentText(document('validate', [documented(validation, NO_EXPERIMENTS)])),
    sarif: jsonEscaped(sarifText('0', validationRules(), validationResults(validation))),
  };
  for (const [kind, text] of Object.entries(texts)) {
    if (ACTING.test(text)) throw new Error(`${kind} acts on the terminal`);
    if (text.trim() === '') throw new Error(`${kind} says nothing`);
  }
  junitText('fuzz', [validationSuite(validation, rfc6311, 0)]);
  validationPage([{ validation, around }], '0');
}

/** The same events as a second observer saw them, by another clock and not all of them, taken together with the first. */
function judgeTogether(events: readonly Event[], chance: Chance): void {
  const shift = chance.below(2) === 0 ? 0 : chance.below(100_000) - 50_000;
  const seen = events
    .filter(() => chance.below(5) > 0)
    .map((event): Event => (event.time === undefined ? event : { ...event, time: event.time + shift }));
  const merged = mergeTraces([
    { file: 'a', events },
    { file: 'b', events: seen },
  ]);
  const { verdict, findings } = validate(merged.events);
  if ((verdict === 'violates') !== findings.some(({ condition }) => condition === undefined)) {
    throw new Error(`together ${verdict}: ${findings.length} findings`);
  }
  if (merged.events.length > events.length + seen.length) {
    throw new Error(`${merged.events.length} events of ${events.length} and ${seen.length}`);
  }
}

function readerOf(
  { format, keys }: Seed,
  sink: { take: (event: Event) => void; shortCut?: Validator['shortCut'] },
): SourceReader {
  if (format === 'pcap')
    return new CaptureReader('a', keys, sink.take, {
      ...(sink.shortCut !== undefined && { target: sink.shortCut }),
    });
  if (format === 'jsonl') return new EventLines('a', sink);
  const log = logFormat(format);
  if (log !== undefined) return new log.Reader('a', 'peer', sink);
  return new TsharkReader('a', format === 'tshark-json' ? 'json' : 'ek', keys, sink);
}
