/** Events that are written out in tests: messages of one IKE SA between two hosts, and of its Child SAs. */
import { type Revision, rfc6311 } from '../../../model/index.ts';
import type { ClusterEvent, End, Event, IkeMessage, MessageEvent, Payload } from '../events/event.ts';
import type { Validation } from '../findings/finding.ts';
import { NOTIFY } from '../judge/interpret.ts';
import { type ValidateOptions, validate } from '../validate.ts';

export const SA = '1111111111111111:2222222222222222';
export const HOST: Readonly<Record<End, string>> = { initiator: '192.0.2.1', responder: '192.0.2.2' };

let serial = 0;

export const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');

export function ike(
  from: End,
  message: Partial<IkeMessage>,
  octets = `octets ${serial++}`,
  sa = SA,
): MessageEvent & { readonly message: IkeMessage } {
  return {
    event: 'seen',
    sa,
    from,
    source: `${HOST[from]}:4500`,
    destination: `${HOST[otherEnd(from)]}:4500`,
    octets,
    integrity: 'good',
    message: { kind: 'ike', exchange: 'INFORMATIONAL', response: false, id: 0, payloads: [], ...message },
  };
}

export const request = (from: End, id: number, octets?: string): MessageEvent => ike(from, { id }, octets);
export const response = (from: End, id: number, octets?: string): MessageEvent =>
  ike(from, { id, response: true }, octets);

/** A request of an end and its response. */
export const exchange = (from: End, id: number): readonly MessageEvent[] => [
  request(from, id),
  response(otherEnd(from), id),
];

export const hex = (number: number): string => number.toString(16).padStart(8, '0');

export const notify = (type: number, data = ''): Payload => ({
  type: 'N',
  notify: type,
  protocol: 0,
  spi: '',
  data,
});

/** A sync message with its numbers: M1 and P1, or P2 and M2; before them a Failover Count, if there is one. */
export const sync = (
  from: End,
  isResponse: boolean,
  nonce: string,
  numbers: readonly number[],
  more: readonly Payload[] = [],
): MessageEvent =>
  ike(from, {
    response: isResponse,
    payloads: [notify(NOTIFY.messageIdSync, nonce + numbers.map(hex).join('')), ...more],
  });

export const delta = (number: number): Payload => notify(NOTIFY.replayCounterSync, hex(number));

export function esp(
  from: End,
  sequence: number,
  {
    spi = '0000abcd',
    octets = `octets ${serial++}`,
    time,
  }: { spi?: string; octets?: string; time?: number } = {},
): MessageEvent {
  const { message: _, sa: __, ...event } = ike(from, {}, octets);
  return { ...event, message: { kind: 'esp', spi, sequence }, ...(time === undefined ? {} : { time }) };
}

/** IKE_SA_INIT and IKE_AUTH, in which both ends announce these notifications. */
export const established = (...announced: readonly number[]): readonly MessageEvent[] => [
  ike('responder', { exchange: 'IKE_SA_INIT', response: true }),
  ike('initiator', { exchange: 'IKE_AUTH', id: 1, payloads: announced.map((type) => notify(type)) }),
  ike('responder', {
    exchange: 'IKE_AUTH',
    id: 1,
    response: true,
    payloads: announced.map((type) => notify(type)),
  }),
];

/** The log of the receiving end says something of a message that was sent. */
export const told = (event: 'received' | 'accepted' | 'dropped', message: MessageEvent): MessageEvent => ({
  ...message,
  event,
});

export const clusterEvent = (event: ClusterEvent['event'], end: End, member: string): ClusterEvent => ({
  event,
  end,
  member,
  sa: SA,
});

/** Both notifications were announced. The responder is the cluster: after requests 0 to 2 of its own, it fails. */
export const beforeFailover: readonly MessageEvent[] = [
  ...established(NOTIFY.messageIdSyncSupported, NOTIFY.replayCounterSyncSupported),
  ...exchange('responder', 0),
  ...exchange('responder', 1),
  ...exchange('responder', 2),
  ...exchange('initiator', 2),
];

/** The verdict where nothing is missing in the trace. */
export function validateWhole(events: Iterable<Event>, options?: ValidateOptions): Validation;
export function validateWhole(events: AsyncIterable<Event>, options?: ValidateOptions): Promise<Validation>;
export function validateWhole(
  events: Iterable<Event> | AsyncIterable<Event>,
  options: ValidateOptions = {},
): Validation | Promise<Validation> {
  const whole = { complete: true, ...options };
  return Symbol.asyncIterator in events ? validate(events, whole) : validate(events, whole);
}

/** Rules and event numbers of the findings. */
export const found = (events: readonly Event[], revision: Revision = rfc6311): readonly string[] =>
  validateWhole(events, { revision }).findings.map(({ event, rule }) => `${event} ${rule}`);
