/** What is told while a source is followed: a line for each thing as it turns out, for people and as JSON. */
import type { DocumentOf, Fitting } from '../contracts/index.ts';
import { whyNotJudged } from '../traces/findings/finding.ts';
import type { Followed, Told } from '../traces/follow/follow.ts';
import { verdictCell } from './check.ts';
import { readingsText } from './readings.ts';
import type { Cell } from './table.ts';
import type { Terminal } from './terminal.ts';
import { clean, jsonEscaped } from './text.ts';
import { paint } from './tone.ts';
import { remarkPlace, saidOf, seenText } from './validation.ts';
import { placesText, whoText } from './verdict/place.ts';

type FollowLine = DocumentOf<'follow'>;

/** What all lines of one run have in common. */
export interface FollowedSource {
  readonly file: string;
  readonly revision: string;
  readonly version: string;
}

const ROTATED = {
  replaced: 'another file has taken its place, and is read on',
  emptied: 'it was emptied; what was written before that and not read is lost',
} as const;

/** @param at when it was told */
export function toldText(told: Told, { file, revision }: FollowedSource, at: Date, style: Terminal): string {
  const line = (text: string): string => `${secondsOf(at)} ${text}\n`;
  if (told.kind === 'begin') return line(`${clean(file)}: followed as ${told.format}, judged by ${revision}`);
  if (told.kind === 'rotated') return line(`${clean(file)}: ${ROTATED[told.how]}`);
  if (told.kind === 'missing') return line(`missing: ${clean(told.what)}`);
  if (told.kind === 'note') {
    return line(`note${remarkPlace(told.remark)}: ${clean(told.remark.message)}`);
  }
  if (told.kind === 'unread') {
    const { at: place, reason } = told.unread;
    return line(`not read${place === undefined ? '' : ` (frame or line ${place})`}: ${clean(reason)}`);
  }
  if (told.kind === 'waiting') {
    const soFar = told.octets === 0 ? 'nothing is there yet' : `only ${told.octets} octets are there yet`;
    return line(`${clean(file)}: ${soFar}, and more is waited for`);
  }
  const { finding } = told;
  const { address, rule, property, allowed, condition } = finding;
  const where = placesText(finding);
  const who = address === undefined ? whoText(finding) : `${whoText(finding)} ${address}`;
  const broken = property === undefined ? rule : `${rule} (${property})`;
  const verdict = condition === undefined ? 'violates' : 'inconclusive';
  if (told.kind === 'weakened') {
    return line(
      `${painted(verdict, style)}: ${where}, ${who}, ${broken}: told before as certain, now under a condition: if ${clean(condition ?? '')}`,
    );
  }
  return line(
    `${painted(verdict, style)}: ${where}, ${who}, ${broken}: ${clean(saidOf(finding))}; allowed: ${clean(allowed)}`,
  );
}

/** The last lines: the verdict on all that was seen. */
export function followedText(
  followed: Followed,
  { file, revision }: FollowedSource,
  at: Date,
  style: Terminal,
): string {
  const { verdict, findings, missing, notJudged, unread, forgotten } = followed;
  const { certain, conditional } = findings;
  const readings = readingsText(followed.readings);
  const { ikeSas, espSas } = forgotten;
  return [
    `${secondsOf(at)} ${clean(file)}: ${painted(verdict, style)} by ${revision}`,
    `  ${seenText(followed)}`,
    `  ${certain} findings, ${conditional} under a condition; ${unread} records not read`,
    ...(ikeSas + espSas === 0 ? [] : [`  done with and forgotten: ${ikeSas} IKE SAs, ${espSas} ESP SAs`]),
    ...(missing.length === 0 ? [] : [`  missing: ${missing.length} things, as told above`]),
    ...(notJudged.length === 0
      ? []
      : [`  not judged, ${clean(whyNotJudged(followed))}: ${notJudged.length} rules (--json lists them)`]),
    ...(readings === undefined ? [] : [`  ${readings}`]),
    '',
  ].join('\n');
}

const painted = (verdict: Followed['verdict'], style: Terminal): string => {
  const { tone } = verdictCell(verdict) as Exclude<Cell, string>;
  return paint(verdict, tone, style.colour);
};

const secondsOf = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** The same as JSON. */
export function toldJson(told: Told, source: FollowedSource, time: Date): string {
  const at = time.toISOString();
  switch (told.kind) {
    case 'begin':
      return jsonLine({ event: told.kind, at, tool: 'ipsecha', ...source, format: told.format });
    case 'note':
      return jsonLine({ event: told.kind, at, ...told.remark });
    case 'waiting':
      return jsonLine({ event: told.kind, at, octets: told.octets });
    case 'finding':
    case 'weakened':
      return jsonLine({ event: told.kind, at, finding: told.finding });
    case 'missing':
      return jsonLine({ event: told.kind, at, what: told.what });
    case 'unread':
      return jsonLine({ event: told.kind, at, unread: told.unread });
    case 'rotated':
      return jsonLine({ event: told.kind, at, how: told.how });
  }
}

export const followedJson = (followed: Followed, { file, revision }: FollowedSource, at: Date): string =>
  jsonLine({ event: 'end', at: at.toISOString(), file, revision, ...followed });

/** It compiles only if the line fits the contract. */
const jsonLine = <Line extends FollowLine>(line: Line & Fitting<FollowLine, Line>): string =>
  `${jsonEscaped(JSON.stringify(line))}\n`;
