/**
 * Validates a trace: events in, verdict out. Each IKE SA and each ESP SA is judged for itself; what is left
 * open by the text is tried in all its readings.
 */
import { type Policies, type Revision, rfc6311, settingSpecs } from '../../model/index.ts';
import { withoutPort } from './address.ts';
import { EspSas } from './esp-sas.ts';
import type { End, Event, MessageEvent, Unread } from './event.ts';
import type { Finding, Reading, Remark, Validation, Verdict } from './finding.ts';
import type { NumberedIke } from './ike-event.ts';
import { type IkeSaResult, type Judging, judgeIkeSa } from './ike-sa.ts';

export interface ValidateOptions {
  readonly revision?: Revision;
  readonly file?: string;
  readonly unread?: readonly Unread[];
  readonly remarks?: readonly string[];
}

/**
 * The most permissive reading of the text: what a stricter reading allows, this one allows too. The verdict is
 * given under it; `readings` tells which stricter ones the trace also conforms to.
 */
const PERMISSIVE: Policies = {
  bump: 0,
  stateSync: 'any',
  retry: 'fresh',
  staleSync: 'answer-from-cache',
  m1Compare: 'highest-seen',
  m1Sharing: 'not-told',
  failoverCount: 'per-member',
  whileSyncing: 'process',
  // ESP is judged by its numbers alone, so what its counters should be advanced by does not matter.
  delta: 0,
  bumpSharing: 'told',
  inWindow: 'advance',
  counterForm: 'delta',
  pending: 'give-up',
};

/** The policies that a trace can show, with all their readings. */
const OPEN = ['m1Compare', 'retry', 'staleSync', 'whileSyncing'] as const;

export function validate(events: readonly Event[], options: ValidateOptions = {}): Validation {
  const revision = options.revision ?? rfc6311;
  const sorted = sort(events);
  const holes = (options.unread ?? []).length > 0 || sorted.notAuthentic > 0;
  const judging = { revision, policies: PERMISSIVE, holes };
  const sas = [...sorted.ikeSas.values()];
  const ike = sas.map((numbered) => judgeBothWays(numbered, judging));
  const esp = judgeEsp(sorted, new Set(ike.flatMap((sa) => sa.clusters)));
  const findings = [...ike.flatMap((sa) => sa.findings), ...esp.findings]
    .sort((a, b) => a.event - b.event)
    .map((finding) => (options.file === undefined ? finding : { ...finding, file: options.file }));
  const missing = [...new Set([...ike.flatMap((sa) => sa.missing), ...sorted.missing])];
  if (sorted.ikeMessages + sorted.esp.length === 0)
    missing.push('IKE messages and ESP packets: there are none');
  return {
    files: options.file === undefined ? [] : [options.file],
    revision: revision.name,
    verdict: verdictOf(findings, missing),
    missing,
    readings: ike.some((sa) => sa.usesSync) ? readings(sas, judging, esp.findings, missing) : [],
    findings,
    remarks: [
      ...(options.remarks ?? []).map((message): Remark => ({ message })),
      ...sorted.remarks,
      ...ike.flatMap((sa) => sa.remarks),
    ],
    unread: options.unread ?? [],
    statistics: {
      events: events.length,
      ikeMessages: sorted.ikeMessages,
      espPackets: sorted.esp.length,
      ikeSas: sorted.ikeSas.size,
      espSas: esp.sas,
      repeated: sum(ike.map((sa) => sa.repeated)) + esp.repeated,
      notAuthentic: sorted.notAuthentic + sum(ike.map((sa) => sa.altered)) + esp.altered,
    },
  };
}

const verdictOf = (findings: readonly Finding[], missing: readonly string[]): Verdict =>
  findings.length > 0 ? 'violates' : missing.length > 0 ? 'inconclusive' : 'conformant';

type IkeEvent = NumberedIke['event'];
type EspPacketEvent = Parameters<EspSas['take']>[0];

interface Sorted {
  /** Events of each IKE SA, by its SPIs. */
  readonly ikeSas: Map<string, NumberedIke[]>;
  readonly esp: EspPacketEvent[];
  /** Which end has which address. */
  readonly endAt: Map<string, End>;
  readonly remarks: Remark[];
  readonly missing: string[];
  ikeMessages: number;
  notAuthentic: number;
}

/** Sorts events by SA, and sets aside what is nobody's: messages that are not authentic. */
function sort(events: readonly Event[]): Sorted {
  const sorted: Sorted = {
    ikeSas: new Map(),
    esp: [],
    endAt: new Map(),
    remarks: [],
    missing: [],
    ikeMessages: 0,
    notAuthentic: 0,
  };
  let unused = 0;
  events.forEach((event, index) => {
    const number = index + 1;
    if (event.event === 'failover' || event.event === 'state-sync') unused++;
    else if (event.event !== 'seen' && event.event !== 'sent') unused++;
    else if (event.integrity === 'bad') sorted.notAuthentic++;
    else if (isIke(event)) sortIke(sorted, { number, event });
    else if (isEsp(event)) sorted.esp.push({ number, event });
    else sorted.missing.push(`which end sent event ${number} (\`from\` is absent)`);
  });
  if (unused > 0) {
    sorted.remarks.push({
      message: `${unused} events tell what an end received, dropped, copied or lost; only what was sent is judged so far`,
    });
  }
  return sorted;
}

const isIke = (event: MessageEvent): event is IkeEvent =>
  event.message.kind === 'ike' && event.from !== undefined;

const isEsp = (event: MessageEvent): event is EspPacketEvent['event'] => event.message.kind === 'esp';

const NO_SPI = '0000000000000000';

function sortIke(sorted: Sorted, numbered: NumberedIke): void {
  const { event } = numbered;
  sorted.ikeMessages++;
  if (event.source !== undefined) sorted.endAt.set(withoutPort(event.source), event.from);
  if (event.destination !== undefined) {
    sorted.endAt.set(withoutPort(event.destination), event.from === 'initiator' ? 'responder' : 'initiator');
  }
  // The first request has no SPI of the responder yet, and may be repeated with a cookie or another group
  // under the same Message ID (RFC 7296, 2.6 and 1.2); the SA begins with the response that has both SPIs.
  const sa = event.sa ?? '';
  if (sa.endsWith(`:${NO_SPI}`)) return;
  const known = sorted.ikeSas.get(sa);
  if (known === undefined) sorted.ikeSas.set(sa, [numbered]);
  else known.push(numbered);
}

/** Both ends may be the cluster. If only the end taken for the peer behaves like one, it is the other way round. */
function judgeBothWays(events: readonly NumberedIke[], judging: Omit<Judging, 'clusterIs'>): IkeSaResult {
  const first = judgeIkeSa(events, { ...judging, clusterIs: 'responder' });
  return first.clusters.length === 1 && first.clusters[0] === 'initiator'
    ? judgeIkeSa(events, { ...judging, clusterIs: 'initiator' })
    : first;
}

function judgeEsp(
  sorted: Sorted,
  clusters: ReadonlySet<End>,
): {
  readonly findings: readonly Finding[];
  readonly sas: number;
  readonly repeated: number;
  readonly altered: number;
} {
  const sas = new EspSas();
  const findings: Finding[] = [];
  let repeated = 0;
  let altered = 0;
  for (const packet of sorted.esp) {
    const { event, number } = packet;
    const verdict = sas.take(packet, 'cluster');
    if (verdict.kind === 'repeated') repeated++;
    if (verdict.kind === 'altered') altered++;
    if (verdict.kind !== 'reused') continue;
    const host = event.source === undefined ? undefined : withoutPort(event.source);
    const end = (host === undefined ? undefined : sorted.endAt.get(host)) ?? event.from;
    const { firstFrame, highest } = verdict.reuse;
    findings.push({
      rule: 'RFC4303-3.3.3-NEVER-REPEAT',
      property: 'esp-sequence-unique',
      actor:
        end === undefined ? 'sender' : clusters.size === 0 ? end : clusters.has(end) ? 'cluster' : 'peer',
      ...(host === undefined ? {} : { address: host }),
      event: number,
      ...(event.frame === undefined ? {} : { frame: event.frame }),
      message: `ESP sequence number ${event.message.sequence} of SPI ${event.message.spi} is sent a second time, with other octets${firstFrame === undefined ? '' : ` (first in frame ${firstFrame})`}`,
      allowed: `any number above ${highest}`,
      explainedUntil: number - 1,
    });
  }
  return { findings, sas: sas.count, repeated, altered };
}

/** Every combination of readings that a trace can show, and the verdict under each. */
function readings(
  sas: readonly (readonly NumberedIke[])[],
  judging: Omit<Judging, 'clusterIs'>,
  espFindings: readonly Finding[],
  missing: readonly string[],
): readonly Reading[] {
  const combinations = OPEN.reduce<readonly Partial<Policies>[]>(
    (sofar, field) =>
      sofar.flatMap((each) => valuesOf(field).map((value) => Object.assign({ [field]: value }, each))),
    [{}],
  );
  return combinations.map((policies): Reading => {
    const findings = sas.flatMap(
      (sa) => judgeBothWays(sa, { ...judging, policies: { ...PERMISSIVE, ...policies } }).findings,
    );
    return {
      settings: Object.fromEntries(OPEN.map((field) => [keyOf(field), String(policies[field])])),
      ofTheText: policies.m1Compare === 'highest-seen',
      verdict: verdictOf([...findings, ...espFindings], missing),
    };
  });
}

const specOf = (field: keyof Policies) => settingSpecs.find((spec) => spec.field === field);

const valuesOf = (field: keyof Policies): readonly string[] => {
  const values = specOf(field)?.values;
  return Array.isArray(values) ? values : [];
};

const keyOf = (field: keyof Policies): string => specOf(field)?.key ?? field;

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
