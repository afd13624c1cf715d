/** The account of one IKE SA: findings, remarks, what is missing; and what the two ends are called in it. */
import { type Endpoint, otherEnd, type RuleId } from '../../../model/index.ts';
import { withoutPort } from '../common/address.ts';
import { CappedSet } from '../common/capped-set.ts';
import type { End } from '../events/event.ts';
import { placeText, type Where } from '../events/places.ts';
import type { Tried } from '../judge/explanation.ts';
import { type NumberedIke, whereOf } from '../judge/ike-event.ts';
import { ruleBrokenBy } from '../judge/refusal.ts';
import { list } from '../judge/wording.ts';
import {
  BY_ITSELF,
  CONTRADICTION,
  type Conviction,
  convicts,
  isForGood,
  type Observation,
  type Sequence,
} from './conviction.ts';
import type { Finding, Prefix, Remark } from './finding.ts';

/** What is said of an event; the account adds who and where. */
export interface Told {
  readonly rule: RuleId;
  readonly property?: string | undefined;
  readonly message: string;
  readonly allowed: string;
  readonly alsoFrames?: readonly number[];
  readonly tried?: readonly Tried[];
  /** What makes it certain; by default, the message itself if it breaks a rule by its form. */
  readonly conviction?: Conviction | undefined;
  /** What is missing, if it is not a fault: `request 1 of the initiator`. */
  readonly lacks?: string;
  /** The Message ID of the request, if it is about one. */
  readonly messageId?: number | undefined;
  /** The event of the first message with the number that is used again. */
  readonly first?: number;
  /** The events after one of which the state is with which a member can have taken over, if one seems to have. */
  readonly takenOverFrom?: readonly number[];
}

/** One end, as far as the account needs it. */
export interface Party {
  /** Whether it showed that another member took over, or is told to be a cluster. */
  readonly actsAsCluster: boolean;
  /** Whether something tells so: a sync request, a word of its own or of the user; not only that it explains a fault. */
  readonly isShown: boolean;
  readonly address: string | undefined;
}

/** What of a finding decides whether it convicts. */
export interface Charge {
  readonly rule: RuleId;
  readonly by: Endpoint;
  readonly conviction: Conviction | undefined;
}

export interface Entry {
  readonly told: Told;
  readonly by: Endpoint;
  readonly event: number;
  readonly at: Where;
  readonly conviction: Conviction | undefined;
  /** The message after which something may be missing, in words; empty if that is the beginning of the trace. */
  readonly since: string;
}

/** A finding by what was seen so far: without a condition, it is certain by that. */
export interface SoFar {
  readonly finding: Finding;
  /** Whether messages show it by themselves, in whatever order they come; only a hole may still weaken it. */
  readonly isPlain: boolean;
}

/** What findings say together: whether one convicts, and whether there is any. */
export interface Standing {
  readonly violates: boolean;
  readonly any: boolean;
}

export const standingOf = (findings: readonly Pick<Finding, 'condition'>[]): Standing => ({
  violates: findings.some(({ condition }) => condition === undefined),
  any: findings.length > 0,
});

/** What findings of several IKE SAs say together. */
export const together = (standings: readonly Standing[]): Standing => ({
  violates: standings.some(({ violates }) => violates),
  any: standings.some(({ any }) => any),
});

/** A finding that convicts by all that was seen of an IKE SA, and that something which shows later may weaken. */
export interface Loose {
  readonly charge: Charge;
  /** Its place among the findings of the IKE SA. */
  readonly index: number;
  /** The condition under which it then stands, and what is then missing, in words. */
  readonly condition: string;
  readonly missing: string;
}

/** What is remembered of the account of an IKE SA that is done with. */
export interface ClosedAccount {
  readonly standing: Standing;
  readonly loose: readonly Loose[];
  /** How many of its findings convict, come what may. */
  readonly forGood: number;
  readonly sequences: Readonly<Record<Endpoint, Sequence>>;
}

/** A message from a host that is neither where its end was before, nor where anything for that end goes. */
interface Strange {
  readonly by: Endpoint;
  readonly host: string;
  readonly event: number;
  readonly at: Where;
}

/** So many hosts of an end are told apart, and so many messages of unknown origin. */
const MOST_HOSTS = 64;
const MOST_STRANGE = 16;

interface Noted {
  readonly message: string;
  readonly at: Where;
}

/** So many findings, and so many remarks, are kept of one IKE SA; the rest is counted. */
const MOST = 1000;

/** And so many things that are missing. */
const MOST_MISSING = 100;

/** Which end of the specification an end of the trace stands for: the same throughout, whichever is a cluster. */
export const modelEnd = (end: End): Endpoint => (end === 'responder' ? 'cluster' : 'peer');

export const wireEnd = (end: Endpoint): End => (end === 'cluster' ? 'responder' : 'initiator');

export class Account {
  readonly missing: CappedSet;
  /** Whether something is known to be missing in the trace of this SA: it may explain what seems not allowed. */
  hasGap: boolean;
  readonly #entries: Entry[];
  readonly #noted: Noted[];
  #beyond: { readonly findings: number; readonly remarks: number };
  /** The end of which nothing was seen, though the other answers it. */
  #silent: Endpoint | undefined;
  /**
   * Whether an end's own account may not be whole: a line that is not there would explain a finding. Lines are cut out,
   * lost on their way to another host or dropped under load, and nothing says so.
   */
  #lacksLines: boolean;
  /** Hosts to which messages for each end went, and those from which it was seen to send first. */
  readonly #hosts: Readonly<Record<Endpoint, Set<string>>>;
  /** From where to where the last message of each end went that was looked at for this. */
  readonly #ways: Record<Endpoint, { readonly source: string; readonly destination: string }>;
  /** Messages that bear the SPIs of an end, and come from where nothing of it goes: whose they are is not known. */
  #strange: readonly Strange[];
  /** The last message of each end. */
  #last: Readonly<Partial<Record<Endpoint, NumberedIke>>>;

  constructor(from?: Account) {
    this.missing = new CappedSet(MOST_MISSING, from?.missing);
    this.hasGap = from?.hasGap ?? false;
    this.#entries = from === undefined ? [] : [...from.#entries];
    this.#noted = from === undefined ? [] : [...from.#noted];
    this.#beyond = from === undefined ? { findings: 0, remarks: 0 } : from.#beyond;
    this.#last = from === undefined ? {} : from.#last;
    this.#silent = from === undefined ? undefined : from.#silent;
    this.#lacksLines = from === undefined ? false : from.#lacksLines;
    this.#strange = from === undefined ? [] : from.#strange;
    const nowhere = { source: '', destination: '' };
    this.#ways = from === undefined ? { cluster: nowhere, peer: nowhere } : { ...from.#ways };
    const hostsOf = (end: Endpoint) => new Set(from === undefined ? [] : from.#hosts[end]);
    this.#hosts = { cluster: hostsOf('cluster'), peer: hostsOf('peer') };
  }

  /**
   * Notes from where an end sends, and to where: addresses change (NAT, MOBIKE), but then the other end follows. What comes
   * from elsewhere, and nothing shows to be authentic, anybody may have sent who has seen the SPIs.
   */
  noteHosts(numbered: NumberedIke, by: Endpoint): void {
    const { source, destination, integrity } = numbered.event;
    if (source === undefined || destination === undefined) return;
    // Most go the way of the last.
    const way = this.#ways[by];
    if (way.source === source && way.destination === destination) return;
    this.#ways[by] = { source, destination };
    const [from, to] = [withoutPort(source), withoutPort(destination)];
    const own = this.#hosts[by];
    const others = this.#hosts[otherEnd(by)];
    if (!others.has(to) && others.size < MOST_HOSTS) {
      others.add(to);
      this.#strange = this.#strange.filter((each) => each.by === by || each.host !== to);
    }
    if (own.has(from)) return;
    if (own.size === 0 || integrity === 'good') {
      if (own.size < MOST_HOSTS) own.add(from);
    } else if (!this.#strange.some((each) => each.by === by && each.host === from)) {
      const strange = { by, host: from, event: numbered.number, at: whereOf(numbered) };
      this.#strange = [...this.#strange, strange].slice(0, MOST_STRANGE);
    }
  }

  /** The message of unknown origin that may be what a finding is about, or what led to it. */
  #strangeBefore(entry: Entry): Strange | undefined {
    return this.#strange.find(({ event }) => event <= entry.event);
  }

  /** A message was judged. */
  pass(numbered: NumberedIke, by: Endpoint): void {
    this.#last = { ...this.#last, [by]: numbered };
  }

  /** @returns the finding, if it is listed */
  find(numbered: NumberedIke, by: Endpoint, told: Told): Entry | undefined {
    if (this.#entries.length < MOST) {
      const at = whereOf(numbered);
      const entry = {
        ...{ told, by, event: numbered.number, at },
        conviction: convictionOf(numbered, told),
        since: this.#since(numbered),
      };
      this.#entries.push(entry);
      this.#lacksLines ||= entry.conviction?.kind === 'account' && told.lacks !== undefined;
      return entry;
    }
    this.#beyond = { ...this.#beyond, findings: this.#beyond.findings + 1 };
    return undefined;
  }

  /** Responses of one end were seen, and nothing of the other. */
  oneDirection(silent: Endpoint): void {
    this.#silent = silent;
  }

  /** From where on something has to be missing: the last message of the end that was silent for longer. */
  #since({ number }: NumberedIke): string {
    const { cluster, peer } = this.#last;
    if (cluster === undefined || peer === undefined) return '';
    const before = cluster.number < peer.number ? cluster : peer;
    return before.number < number ? placeOf(before.number, whereOf(before)) : '';
  }

  /** Takes back what turned out to be no fault. */
  takeBack(entry: Entry): void {
    const at = this.#entries.indexOf(entry);
    if (at >= 0) this.#entries.splice(at, 1);
  }

  remark(numbered: NumberedIke | undefined, message: string): void {
    if (this.#noted.length < MOST) this.#noted.push({ message, at: whereOf(numbered) });
    else this.#beyond = { ...this.#beyond, remarks: this.#beyond.remarks + 1 };
  }

  /** How many findings there are so far, those that something unread may explain included. */
  get count(): number {
    return this.#entries.length + this.#beyond.findings;
  }

  /**
   * What all that was seen so far shows. What comes later may still explain some of it, if it comes late.
   *
   * @param doubted findings that another message may yet explain: not certain yet
   */
  soFar(
    parties: Readonly<Record<Endpoint, Party>>,
    observation: Observation,
    sequences: Readonly<Record<Endpoint, Sequence>>,
    doubted: ReadonlySet<Entry>,
  ): readonly SoFar[] {
    const names = namesOf(parties);
    const words = wordsOf(parties, names);
    const silent = this.#silentEnd;
    return this.#entries.flatMap((entry) => {
      if (silent !== undefined && entry.told.rule === 'RFC7296-2.2-RESPONSE-ID') return [];
      const isCertain = !doubted.has(entry) && this.#isCertain(entry, observation, sequences);
      const condition = isCertain ? undefined : this.#conditionOf(entry);
      const isPlain = entry.conviction?.kind === 'contradiction';
      return [{ finding: findingOf(entry, condition, parties, { names, words }), isPlain }];
    });
  }

  #isCertain(
    entry: Entry,
    observation: Observation,
    sequences: Readonly<Record<Endpoint, Sequence>>,
  ): boolean {
    const {
      told: { rule },
      by,
      conviction,
    } = entry;
    if (this.#strangeBefore(entry) !== undefined) return false;
    // Where lines are missing in an end's own account, they may explain whatever one message does not show by itself.
    const lacksLines = this.#lacksLines && conviction?.kind === 'account' && !observation.complete;
    if (lacksLines && !BY_ITSELF.has(rule)) return false;
    return isCertain({ rule, by, conviction }, this.hasGap, observation, sequences);
  }

  #conditionOf(entry: Entry): string {
    const strange = this.#strangeBefore(entry);
    if (strange === undefined) return conditionOf(entry);
    return `${placeOf(strange.event, strange.at)} is of the ${strange.by}`;
  }

  #missingFor(entry: Entry, condition: string, words: Names): string {
    const strange = this.#strangeBefore(entry);
    if (strange === undefined) return missingFor(entry, condition, words);
    return inWords(
      `whether ${condition}: it comes from ${strange.host}, to where nothing of this IKE SA goes, and without keys nothing shows who sent it`,
      words,
    );
  }

  /** The findings that are told: what nobody was seen to ask for is none, where one direction was captured only. */
  #listed({ complete }: Observation): readonly Entry[] {
    return this.#silentEnd === undefined || complete
      ? this.#entries
      : this.#entries.filter(({ told }) => told.rule !== 'RFC7296-2.2-RESPONSE-ID');
  }

  /**
   * What of all this may still change once the IKE SA is done with.
   *
   * @param doubted findings that another message might yet have explained
   */
  close(
    parties: Readonly<Record<Endpoint, Party>>,
    observation: Observation,
    sequences: Readonly<Record<Endpoint, Sequence>>,
    doubted: ReadonlySet<Entry>,
  ): ClosedAccount {
    const words = wordsOf(parties, namesOf(parties));
    const listed = this.#listed(observation).toSorted((a, b) => a.event - b.event);
    const certain = listed.filter((entry) => this.#isCertain(entry, observation, sequences));
    const loose = certain.filter(
      (entry) => doubted.has(entry) || !isForGood(entry.told.rule, entry.conviction),
    );
    return {
      standing: { violates: certain.length > 0, any: listed.length > 0 },
      loose: loose.map((entry) => {
        const { told, by, conviction } = entry;
        const condition = this.#conditionOf(entry);
        return {
          charge: { rule: told.rule, by, conviction },
          ...{ index: listed.indexOf(entry), condition, missing: this.#missingFor(entry, condition, words) },
        };
      }),
      forGood: certain.length - loose.length,
      sequences,
    };
  }

  /** What nobody was seen to ask for in the whole trace was asked for where nobody looked. */
  get #silentEnd(): Endpoint | undefined {
    return this.#silent !== undefined && this.#last[this.#silent] === undefined ? this.#silent : undefined;
  }

  /** Everything, in the words that fit what turned out: which end is a cluster. */
  result(
    parties: Readonly<Record<Endpoint, Party>>,
    observation: Observation,
    sequences: Readonly<Record<Endpoint, Sequence>>,
  ) {
    const names = namesOf(parties);
    const words = wordsOf(parties, names);
    const silent = this.#silentEnd;
    const listed = this.#listed(observation);
    const oneSided = `the requests of the ${silent === undefined ? '' : words[silent]}: none is in the trace; was one direction captured only?`;
    const entries = listed.map((entry): readonly [Entry, string | undefined] => {
      return [entry, this.#isCertain(entry, observation, sequences) ? undefined : this.#conditionOf(entry)];
    });
    const open = entries.flatMap(([entry, condition]) =>
      condition === undefined ? [] : [this.#missingFor(entry, condition, words)],
    );
    const { findings: more, remarks } = this.#beyond;
    return {
      findings: entries
        .map(([entry, condition]) => findingOf(entry, condition, parties, { names, words }))
        .toSorted((a, b) => a.event - b.event),
      remarks: [
        ...this.#noted.map(({ message, at }): Remark => ({ message: inWords(message, words), ...at })),
        ...(more === 0 ? [] : [{ message: `${more} further findings under this IKE SA are not listed` }]),
        ...(remarks === 0 ? [] : [{ message: `${remarks} further notes on this IKE SA are not listed` }]),
      ],
      missing: [
        ...new Set([
          ...this.missing.list(),
          ...(silent === undefined ? [] : [oneSided]),
          ...(observation.holes && open.length > 0 ? [UNREAD] : []),
          ...firstOf(open),
        ]),
      ],
      clusters: clustersAmong(parties),
      supposed: clustersAmong(parties).filter((end) => !parties[modelEnd(end)].isShown),
    };
  }
}

/** Whether a finding convicts; where the trace has a hole, that may explain whatever one message does not show by itself. */
export const isCertain = (
  { rule, by, conviction }: Charge,
  hasGap: boolean,
  observation: Observation,
  sequences: Readonly<Record<Endpoint, Sequence>>,
): boolean => !(hasGap && !BY_ITSELF.has(rule)) && convicts(rule, conviction, observation, sequences[by]);

/** What is missing for a finding with a condition to convict. */
function missingFor({ told, event, at }: Entry, condition: string, words: Names): string {
  const what = inWords(told.lacks ?? 'a message that explains it', words);
  return `whether ${condition}: ${placeOf(event, at)} breaks ${told.rule}, unless ${what} was not captured (--complete says that all was)`;
}

/** What is missing for many findings, as much as anybody reads. */
export const firstOf = (open: readonly string[]): readonly string[] =>
  open.length <= MOST_OPEN
    ? open
    : [...open.slice(0, MOST_OPEN), `the same for ${open.length - MOST_OPEN} further findings`];

function convictionOf({ event }: NumberedIke, { rule, conviction }: Told): Conviction | undefined {
  if (conviction?.kind === 'contradiction') return CONTRADICTION;
  if (conviction === undefined && BY_ITSELF.has(rule)) return CONTRADICTION;
  // Who has a log of its own has all that it sent and received in it.
  return event.event === 'seen' ? conviction : { kind: 'account' };
}

const placeOf = (event: number, at: Where): string => placeText({ event, ...at });

const conditionOf = ({ since, event, at }: Entry): string => {
  const here = placeOf(event, at);
  const [what = '', before = ''] = since.split(' ');
  return since === ''
    ? `nothing is missing before ${here}`
    : here.startsWith(what)
      ? `nothing is missing between ${what}s ${before} and ${here.slice(what.length + 1)}`
      : `nothing is missing between ${since} and ${here}`;
};

/** A finding for which nothing in the trace is missing, and where something may be. */
export const UNREAD =
  'messages that could not be read or are not authentic: one of them may explain what seems not allowed';

/** Findings with a condition for which it is said what is missing. */
const MOST_OPEN = 20;

type Names = Readonly<Record<Endpoint, Finding['actor']>>;

/** `cluster` and `peer` only if one end showed that it is a cluster, and the other did not; else what the wire tells. */
function namesOf(parties: Readonly<Record<Endpoint, Party>>): Names {
  const [first, ...others] = (['cluster', 'peer'] as const).filter((end) => parties[end].actsAsCluster);
  if (first === undefined || others.length > 0) {
    return { cluster: wireEnd('cluster'), peer: wireEnd('peer') };
  }
  return first === 'cluster' ? { cluster: 'cluster', peer: 'peer' } : { cluster: 'peer', peer: 'cluster' };
}

/** What the ends are called in sentences: nobody is called a cluster for that alone that it would explain a fault. */
const wordsOf = (parties: Readonly<Record<Endpoint, Party>>, names: Names): Names =>
  isSupposed(parties) ? { cluster: wireEnd('cluster'), peer: wireEnd('peer') } : names;

/** Whether it is only supposed that an end is a cluster. */
const isSupposed = ({ cluster, peer }: Readonly<Record<Endpoint, Party>>): boolean =>
  [cluster, peer].some(({ actsAsCluster }) => actsAsCluster) &&
  ![cluster, peer].some(({ actsAsCluster, isShown }) => actsAsCluster && isShown);

/** The ends that showed that they are clusters. */
function clustersAmong(parties: Readonly<Record<Endpoint, Party>>): readonly End[] {
  const ends: readonly Endpoint[] = ['cluster', otherEnd('cluster')];
  return ends.filter((end) => parties[end].actsAsCluster).map(wireEnd);
}

/** The specification's words for the ends, in those of the trace. */
const inWords = (text: string, names: Names): string =>
  text.replace(/\bthe (cluster|peer)\b/g, (_, end: Endpoint) => `the ${names[end]}`);

function findingOf(
  { told, by, event, at }: Entry,
  condition: string | undefined,
  parties: Readonly<Record<Endpoint, Party>>,
  { names, words }: { readonly names: Names; readonly words: Names },
): Finding {
  const { address } = parties[by];
  const { rule, property, alsoFrames = [], tried = [], messageId, first, takenOverFrom = [] } = told;
  return {
    rule,
    ...(property === undefined ? {} : { property }),
    actor: names[by],
    end: wireEnd(by),
    ...(isSupposed(parties) ? { supposed: true } : {}),
    ...(address === undefined ? {} : { address }),
    event,
    ...at,
    message: inWords(told.message, words),
    ...(condition === undefined ? {} : { condition: inWords(condition, words) }),
    allowed: inWords(told.allowed, words),
    explainedUntil: event - 1,
    ...(tried.length === 0 ? {} : { prefixes: tried.map((each) => prefixOf(each, words)) }),
    ...(alsoFrames.length === 0 ? {} : { alsoFrames }),
    ...(first === undefined ? {} : { first: { event: first } }),
    ...(messageId === undefined ? {} : { messageId }),
    ...(takenOverFrom.length === 0 ? {} : { takenOverFrom: takenOverFrom.map((each) => ({ event: each })) }),
  };
}

const prefixOf = ({ way, events, refusal }: Tried, names: Names): Prefix => ({
  way:
    way === 'goes on'
      ? 'the active member goes on'
      : `another member takes over, with the state after ${list('event', events)}`,
  rule: ruleBrokenBy(refusal),
  because: inWords(refusal.because, names),
});
