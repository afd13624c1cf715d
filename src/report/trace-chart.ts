/** The neighbourhood of a finding as a sequence chart: the two ends, and the messages around it. */
import { withoutPort } from '../traces/address.ts';
import { describeEvent } from '../traces/describe.ts';
import type { Event, MessageEvent } from '../traces/event.ts';
import type { Finding, Validation } from '../traces/finding.ts';
import type { Chart, Row } from './chart/chart.ts';
import { findRuleTitle } from './rule-title.ts';

/** Messages that are shown before and after the finding. */
const BEFORE = 4;
const AFTER = 2;

export function traceChart(events: readonly Event[], result: Validation, finding: Finding): Chart {
  const at = finding.event - 1;
  const hosts = hostsOf(events);
  const from = Math.max(0, at - BEFORE);
  const rows = events.slice(from, at + AFTER + 1).flatMap((event, index): readonly Row[] => {
    if (!isMessage(event)) return [];
    const source = hostOf(event.source);
    const destination = hostOf(event.destination);
    if (source === undefined || destination === undefined) return [];
    const others = result.findings.filter((each) => each.event === from + index + 1);
    return [
      {
        kind: 'message',
        from: source,
        to: destination,
        label: `${event.frame ?? from + index + 1}: ${messageText(event)}${event.integrity === 'bad' ? ' (not authentic)' : ''}`,
        ...(others.length > 0 ? { mark: 'bad' as const } : {}),
      },
    ];
  });
  return {
    title: `around frame ${finding.frame ?? finding.event}`,
    lifelines: hosts.map((host) => ({ id: host, label: host, ...noteOf(host, finding) })),
    rows,
    foot: [
      `${finding.rule}: ${findRuleTitle(finding.rule)}`,
      ...(finding.property === undefined ? [] : [`breaks ${finding.property}`]),
    ],
  };
}

const isMessage = (event: Event): event is MessageEvent => 'message' in event;

/** Both addresses, the one that sent first to the left. */
function hostsOf(events: readonly Event[]): readonly string[] {
  const hosts = new Set<string>();
  for (const event of events) {
    if (!isMessage(event)) continue;
    for (const address of [event.source, event.destination]) {
      const host = hostOf(address);
      if (host !== undefined) hosts.add(host);
    }
  }
  return [...hosts];
}

const noteOf = (host: string, finding: Finding): { readonly note: string } | Record<never, never> =>
  host === finding.address ? { note: finding.actor } : {};

const hostOf = (address: string | undefined): string | undefined =>
  address === undefined ? undefined : withoutPort(address);

/** What the message is, without its frame, time and sender, which the chart shows. */
function messageText(event: MessageEvent): string {
  const { message } = event;
  if (message.kind === 'esp') return `ESP ${message.spi} number ${message.sequence}`;
  const full = describeEvent(event);
  const payloads = /\{.*\}/.exec(full)?.[0] ?? '';
  const shown = payloads.length > 60 ? '{...}' : payloads;
  return `${message.exchange} ${message.response ? 'response' : 'request'} ${message.id} ${shown}`.trim();
}
