/** The neighbourhood of a finding as a sequence chart: the two ends, and the messages around it. */
import { withoutPort } from '../traces/common/address.ts';
import { wholeNumber } from '../traces/esp/esp-sas.ts';
import { describeEvent } from '../traces/events/describe.ts';
import type { ClusterEvent, End, Event, MessageEvent } from '../traces/events/event.ts';
import {
  hostsOf,
  isClusterEvent,
  type NearEvent,
  type Neighbourhood,
} from '../traces/events/neighbourhood.ts';
import type { Finding, Validation } from '../traces/findings/finding.ts';
import type { Chart, Row } from './chart/chart.ts';
import { findRuleTitle } from './rule-title.ts';
import { clockText, placesText, whoText } from './verdict/place.ts';

export function traceChart(
  { events, hosts, ends }: Neighbourhood,
  result: Pick<Validation, 'findings'>,
  finding: Finding,
): Chart {
  const faulty = new Set(result.findings.map((each) => each.event));
  const cluster =
    finding.actor === 'initiator' || finding.actor === 'responder' ? ends.get(finding.actor) : undefined;
  return {
    title: titleOf(finding),
    // Somebody who talks to himself has one line.
    lifelines: [...new Set(hosts)].map((host) => ({
      id: idOf(host),
      label: host,
      ...noteOf(host, finding, cluster),
    })),
    rows: events.flatMap((near) => rowsOf(near, ends, faulty.has(near.number))),
    foot: [
      `${finding.rule}: ${findRuleTitle(finding.rule)}`,
      ...(finding.property === undefined ? [] : [`breaks ${finding.property}`]),
    ],
  };
}

/** The host of a cluster that tells of itself, as far as it is known. */
const clusterAt = (event: ClusterEvent, ends: Neighbourhood['ends']): string | undefined =>
  'address' in event ? event.address : ends.get(event.end);

function rowsOf(
  { number, event }: NearEvent,
  ends: Neighbourhood['ends'],
  isFaulty: boolean,
): readonly Row[] {
  const mark = isFaulty ? { mark: 'bad' as const } : {};
  if (isClusterEvent(event)) {
    const at = clusterAt(event, ends);
    const who = event.member === undefined ? 'another member' : `member ${event.member}`;
    const text = event.event === 'failover' ? `${who} takes over` : `state copied to ${who}`;
    return at === undefined
      ? []
      : [{ kind: 'local', at: idOf(at), text: `${event.frame ?? event.line ?? number}: ${text}`, ...mark }];
  }
  // What is missing has no place between two hosts; the text names it.
  if (event.event === 'gap') return [];
  const [from, to] = hostsOf(event);
  const told = event.event === 'seen' || event.event === 'sent' ? '' : ` (${event.event})`;
  const doubt = event.integrity === 'bad' ? ' (not authentic)' : '';
  const label = `${event.frame ?? event.line ?? number}: ${messageText(event)}${told}${doubt}`;
  if (from === to) return [{ kind: 'local', at: idOf(from), text: `${label} (to itself)`, ...mark }];
  return [
    {
      kind: 'message',
      from: idOf(from),
      to: idOf(to),
      label,
      ...(event.event === 'dropped' ? { received: false } : {}),
      ...mark,
    },
  ];
}

/** Events before the one at which one stands that are drawn with it, and after it. */
const BEFORE = 8;
const AFTER = 8;

/**
 * A trace as a chart, a step for each event: as much of it as stands around one event.
 *
 * @param events all of the trace
 * @param at number of the event, from 1
 */
export function walkedChart(
  events: readonly Event[],
  at: number,
  { findings }: Pick<Validation, 'findings'>,
): Chart {
  const faulty = new Set(findings.map(({ event }) => event));
  const first = Math.max(0, Math.min(at - 1 - BEFORE, events.length - BEFORE - 1 - AFTER));
  const near = events
    .slice(first, first + BEFORE + 1 + AFTER)
    .map((event, index) => ({ number: first + index + 1, event }));
  const ends = new Map<End, string>();
  for (const event of events.slice(0, first + near.length))
    if ('message' in event && event.from !== undefined) ends.set(event.from, hostsOf(event)[0]);
  const rows = near.flatMap((each) =>
    rowsOf(each, ends, faulty.has(each.number)).map((row) => ({ ...row, step: each.number })),
  );
  const hosts = near.flatMap(({ event }) =>
    'message' in event ? hostsOf(event) : isClusterEvent(event) ? [clusterAt(event, ends)] : [],
  );
  return {
    lifelines: [...new Set(hosts)].flatMap((host) =>
      host === undefined ? [] : [{ id: idOf(host), label: host }],
    ),
    rows,
    foot: [],
  };
}

/** `around frame 35 of run.pcap, 12:00:31.250`. */
function titleOf(finding: Finding): string {
  const file = finding.file === undefined ? '' : ` of ${finding.file}`;
  const time = clockText(finding.time);
  return `around ${placesText({ ...finding, alsoFrames: [] })}${file}${time === '' ? '' : `, ${time}`}`;
}

/** Whatever a host is called, it is not what a chart calls something else. */
const idOf = (host: string): string => `host ${host}`;

const noteOf = (
  host: string,
  finding: Finding,
  actor: string | undefined,
): { readonly note: string } | Record<never, never> =>
  (host === (finding.address ?? actor) || withoutPort(host) === finding.address) && host !== finding.actor
    ? { note: whoText(finding) }
    : {};

/** What the message is, without its frame, time and sender, which the chart shows. */
function messageText(event: MessageEvent): string {
  const { message } = event;
  if (message.kind === 'esp') return `ESP ${message.spi} number ${wholeNumber(message)}`;
  const full = describeEvent(event);
  const [first, last] = [full.indexOf('{'), full.lastIndexOf('}')];
  const payloads = first >= 0 && last > first ? full.slice(first, last + 1) : '';
  const shown = payloads.length > 60 ? '{...}' : payloads;
  return `${message.exchange} ${message.response ? 'response' : 'request'} ${message.id} ${shown}`.trim();
}
