/**
 * A verdict in one paragraph, as one would tell it: what happened, to whom, when, and what to look at. It is made of what
 * was judged, and says no more than that: what holds under a condition is told under it, and what is supposed as such.
 */
import { type EventPlace, placeText } from '../../traces/events/places.ts';
import type { Finding, Validation } from '../../traces/findings/finding.ts';
import { readingsText } from '../readings.ts';
import { type Folded, folded, foldedPlaces } from './folded.ts';
import { placesInFile, secondsText } from './place.ts';

/** Kinds of findings that are told; of the others there is a table. */
const MOST_TOLD = 4;

export const summaryOf = (result: Validation): string => {
  const sentences =
    result.findings.length > 0
      ? ofFindings(result)
      : result.verdict === 'conformant'
        ? ofNothing(result)
        : ofMissing(result);
  return sentences.join(' ');
};

function ofFindings({ files, findings, verdict, missing }: Validation): readonly string[] {
  const takeovers = findings.filter(
    ({ takenOverFrom = [], messageId }) => takenOverFrom.length > 0 && messageId !== undefined,
  );
  const told = takeoversByEnd(takeovers).map((all) => takeoverSentences(all, files));
  const others = folded(findings.filter((finding) => !takeovers.includes(finding)));
  const shown = others.slice(0, MOST_TOLD);
  const more = others.length - shown.length;
  const first = findings[0];
  // What happened first is told first.
  const parts = [
    ...told,
    ...shown.map((each) => ({ at: each.first.event, sentences: [otherSentence(each, files)] })),
  ].toSorted((one, other) => one.at - other.at);
  return [
    ...parts.flatMap(({ sentences }) => sentences),
    ...(more > 0
      ? [
          `${more} more ${more === 1 ? 'kind' : 'kinds'} of findings ${more === 1 ? 'is' : 'are'} in the table.`,
        ]
      : []),
    ...(first === undefined ? [] : [lookSentence(findings, files)]),
    ...(verdict === 'inconclusive'
      ? [
          'This accuses nobody: a message that was not captured would explain it. If nothing is missing, --complete says so.',
        ]
      : []),
    ...(verdict === 'violates' && missing.length > 0
      ? [
          `Not all could be judged: ${missing.length === 1 ? 'something is' : `${missing.length} things are`} missing.`,
        ]
      : []),
  ];
}

const takeoversByEnd = (findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] => {
  const byEnd = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.address, finding.end, finding.sa, finding.condition === undefined]);
    const all = byEnd.get(key);
    if (all === undefined) byEnd.set(key, [finding]);
    else all.push(finding);
  }
  return [...byEnd.values()];
};

/** What a member that takes over with an old state did. */
function takeoverSentences([first, ...more]: readonly [Finding, ...Finding[]], files: readonly string[]) {
  const { takenOverFrom = [], supposed, actor, sync, condition } = first;
  const all = [first, ...more];
  const ids = [...new Set(all.flatMap(({ messageId }) => messageId ?? []))];
  const used = ids.length === 0 ? '' : ` and used ${listOf('Message ID', ids)} again`;
  const last = more.at(-1);
  const until = last === undefined ? '' : `, ${all.length} times until ${placesInFile(last, files)}`;
  const who = nameOf(first);
  const mayBe = actor === 'cluster' && supposed === true ? ', which may be a cluster,' : '';
  const state = `with the state of ${listedPlaces(takenOverFrom, 'or')}`;
  const says =
    supposed === true || actor !== 'cluster'
      ? `${capital(who)}${mayBe} went on ${whenOf(first, files)} ${state}${used}${until}, as a member of a cluster does that takes over with an old copy.`
      : `${capital(memberOf(first))} took over by ${whenOf(first, files).replace(/^at /, '')} ${state}${used}${until}.`;
  return { at: first.event, sentences: [underCondition(condition, says), ...syncSentence(sync)] };
}

function syncSentence(sync: Finding['sync']): readonly string[] {
  if (sync === undefined || sync.asked) return [];
  if (sync.announcedByBoth === true) {
    return ['It sent no IKEV2_MESSAGE_ID_SYNC, though both ends had announced it.'];
  }
  return sync.announcedByBoth === false
    ? ['It sent no IKEV2_MESSAGE_ID_SYNC: not both ends had announced that they have it.']
    : ['No IKEV2_MESSAGE_ID_SYNC of it is in the trace.'];
}

const otherSentence = (each: Folded, files: readonly string[]): string => {
  const { first, all } = each;
  const when = secondsText(first.time);
  const where = `${capital(foldedPlaces(each, files))}${when === '' ? '' : ` (${all.length > 1 ? 'from ' : ''}${when})`}`;
  const differ = all.some(({ message }) => message !== first.message);
  const says = underCondition(first.condition, first.message, true);
  return `${where}, ${nameOf(first)}: ${says}${differ ? ` (the first of ${all.length})` : ''}.`;
};

const underCondition = (condition: string | undefined, says: string, isClause = false): string =>
  condition === undefined
    ? isClause
      ? says
      : capital(says)
    : `${isClause ? 'if' : 'If'} ${condition}: ${says}`;

/** What to look at: the first finding beside what it contradicts. */
function lookSentence(findings: readonly Finding[], files: readonly string[]): string {
  const [finding] = findings;
  if (finding === undefined) return '';
  const { first, takenOverFrom = [] } = finding;
  const beside = first === undefined ? takenOverFrom : [first];
  const than = beside.length === 0 ? '' : ` beside ${listedPlaces(beside, 'and')}`;
  return `Look at ${placesInFile(finding, files)}${than}.`;
}

const HOLE = 'what is missing in the trace: ';

function ofMissing({ missing }: Validation): readonly string[] {
  const [first] = missing;
  if (first === undefined) return ['Nothing that was seen breaks a rule.'];
  const more = missing.length - 1;
  return [
    `Nothing that was seen breaks a rule, but it is not all that a verdict takes. ${first.startsWith(HOLE) ? `There is a hole in it: ${first.slice(HOLE.length)}` : `Missing: ${first}`}${more === 0 ? '' : `; and ${more} more`}.`,
  ];
}

function ofNothing({ revision, readings, notJudged, remarks, statistics }: Validation): readonly string[] {
  const { ikeMessages, espPackets, ahPackets } = statistics;
  const packets = espPackets + ahPackets;
  const what = [
    ...(ikeMessages > 0 ? [`all ${ikeMessages} IKE messages`] : []),
    ...(packets > 0 ? [`all ${packets} ESP ${ahPackets > 0 ? 'and AH ' : ''}packets`] : []),
  ].join(' and ');
  // The others are about files and keys.
  const notes = remarks.filter(({ frame, line }) => frame !== undefined || line !== undefined).length;
  const differ = readings.some(({ verdict }) => verdict === 'violates');
  const readingsSaid = differ ? readingsText(readings) : undefined;
  return [
    `Nothing is wrong in what was seen: ${revision} explains ${what === '' ? 'all of it' : what}.`,
    ...(readingsSaid === undefined ? [] : [`${capital(readingsSaid)}.`]),
    ...(notJudged.length === 0
      ? []
      : [
          `Contents of messages could not be read, so ${notJudged.length} rules were not judged: --keys has them read.`,
        ]),
    ...(notes === 0
      ? []
      : [`${notes === 1 ? 'A note' : `${notes} notes`} below: no fault, and worth a look.`]),
  ];
}

/** What an end is called: a cluster only where something shows that it is one. */
const nameOf = (finding: Finding): string => {
  const { actor, address, end, supposed } = finding;
  if (actor === 'sender') return address ?? 'the sender';
  const name = supposed === true && end !== undefined ? end : actor;
  return address === undefined ? `the ${name}` : `${address} (the ${name})`;
};

const memberOf = ({ actor, address }: Finding): string => `another member of ${address ?? `the ${actor}`}`;

/** `at 12:00:31 (frame 35)`. */
const whenOf = (finding: Finding, files: readonly string[]): string => {
  const time = secondsText(finding.time);
  return time === '' ? `at ${placesInFile(finding, files)}` : `at ${time} (${placesInFile(finding, files)})`;
};

const placeIn = (place: EventPlace): string =>
  place.file === undefined ? placeText(place) : `${placeText(place)} of ${place.file}`;

/** Places that are named; of more, that there are others. */
const MOST_PLACES = 4;

/** `frame 17 or 20`, `frames 2, 4 and 12`. */
function listedPlaces(places: readonly EventPlace[], word: 'and' | 'or'): string {
  const texts = places.slice(0, MOST_PLACES).map(placeIn);
  const [kind = ''] = (texts[0] ?? '').split(' ');
  const isOneKind = texts.every((text) => text.startsWith(`${kind} `));
  const names = isOneKind ? texts.map((text) => text.slice(kind.length + 1)) : texts;
  const all = places.length > MOST_PLACES ? [...names, word === 'or' ? 'another' : 'others'] : names;
  const list = all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${word} ${all.at(-1)}`;
  return isOneKind ? `${kind}${word === 'and' && all.length > 1 ? 's' : ''} ${list}` : list;
}

const listOf = (what: string, numbers: readonly number[]): string => {
  const shown = numbers.slice(0, 8);
  const last = shown.at(-1);
  if (shown.length < 2 || last === undefined) return `${what} ${shown.join('')}`;
  const more = numbers.length > shown.length ? ' and others' : '';
  return more === ''
    ? `${what}s ${shown.slice(0, -1).join(', ')} and ${last}`
    : `${what}s ${shown.join(', ')}${more}`;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
