/**
 * What a message on the wire is in the words of the specification. One table for all readers:
 *
 * | specification | event field | Wireshark field |
 * | --- | --- | --- |
 * | Message ID | message.id | isakmp.messageid |
 * | request, response | message.response | isakmp.flag_response |
 * | sync request, sync response | payload N with notify 16422 | isakmp.notify.msgtype |
 * | nonce, M1 and P1 (P2 and M2) | its data: 4, 4 and 4 octets | isakmp.notify.data |
 * | Failover Count (`ipsecha-01`) | its data: 4 octets after the nonce of a request (our reading) | isakmp.notify.data |
 * | delta | payload N with notify 16423: its data of 4 or 8 octets | isakmp.notify.data |
 * | window | payload N with notify 16385: its data of 4 octets | isakmp.notify.data |
 * | SPI, sequence number | message.spi, message.sequence | esp.spi, esp.sequence |
 */
import type { Endpoint, Revision, SyncRequest, SyncResponse } from '../../../model/index.ts';
import type { IkeMessage, NotifyPayload, Payload } from '../events/event.ts';

/** Notify message types of RFC 6311, 6 and RFC 7296, 3.10.1 that the rules speak of. */
export const NOTIFY = {
  setWindowSize: 16385,
  messageIdSyncSupported: 16420,
  replayCounterSyncSupported: 16421,
  messageIdSync: 16422,
  replayCounterSync: 16423,
} as const;

/** IPSEC_REPLAY_COUNTER_SYNC in a message. */
export interface ReplayCounters {
  /** Octets of its data. */
  readonly octets: number;
  /** What they say, if they are 4 or 8; of large ones of 8, as near as a number can be. */
  readonly delta?: number;
}

export type Meaning =
  | { readonly kind: 'request'; readonly id: number; readonly counters?: ReplayCounters }
  | { readonly kind: 'response'; readonly id: number; readonly counters?: ReplayCounters }
  | {
      readonly kind: 'sync-request';
      readonly message: SyncRequest;
      readonly form: Form;
      readonly counters?: ReplayCounters;
    }
  | {
      readonly kind: 'sync-response';
      readonly message: SyncResponse;
      readonly form: Form;
      readonly counters?: ReplayCounters;
    }
  /** Encrypted and not read: it may be anything that its header allows, a sync message included. */
  | { readonly kind: 'unreadable'; readonly response: boolean; readonly id: number };

/** How the notification of a sync message departs from RFC 6311, 6.3, in words. */
export interface Form {
  /** What a receiver has to look at; null if it is in order. */
  readonly defect: string | null;
  /** What its sender does wrong and a receiver ignores (RFC 7296, 3.10: Protocol ID without an SPI). */
  readonly ignored: string | null;
}

/** @param revision whose notifications are known; to any other, they are of an unknown type (RFC 7296, 3.10.1) */
export function interpret(
  message: IkeMessage,
  from: Endpoint,
  { counterSync, replaySync }: Pick<Revision, 'counterSync' | 'replaySync'>,
): Meaning {
  const { id, response, payloads } = message;
  const kind = response ? 'response' : 'request';
  const informational = message.exchange === 'INFORMATIONAL';
  // A sync message has Message ID 0; without its contents such a message could be one.
  if (payloads === undefined) {
    return id === 0 && informational ? { kind: 'unreadable', response, id } : { kind, id };
  }
  const told = replaySync === null ? undefined : notifications(payloads, NOTIFY.replayCounterSync)[0];
  const counters = told === undefined ? {} : { counters: countersIn(told) };
  const sync = counterSync === null ? undefined : notifications(payloads, NOTIFY.messageIdSync)[0];
  if (sync === undefined) return { kind, id, ...counters };
  const octets = counterSync?.nextCount !== undefined && !response ? 16 : 12;
  const form = formOf(sync, octets, informational ? null : message.exchange);
  const common = {
    from,
    id,
    nonce: sync.data.slice(0, 8),
    wellFormed: form.defect === null,
    otherPayloads: payloads.flatMap((payload) =>
      payload === sync || (payload.type === 'N' && payload.notify === NOTIFY.replayCounterSync)
        ? []
        : [nameOf(payload)],
    ),
    ...(counters.counters?.delta === undefined ? {} : { delta: counters.counters.delta }),
  };
  const send = numberAt(sync.data, -16);
  const receive = numberAt(sync.data, -8);
  if (response) {
    // Of a response it only matters that the notification is there.
    const beside = told === undefined ? {} : { delta: common.delta ?? 0 };
    const message: SyncResponse = { kind: 'sync-response', ...common, ...beside, p2: send, m2: receive };
    return { kind: 'sync-response', form, message, ...counters };
  }
  const count = octets === 16 ? { failoverCount: numberAt(sync.data, -24) } : {};
  const asked: SyncRequest = { kind: 'sync-request', ...common, m1: send, p1: receive, ...count };
  return { kind: 'sync-request', form, message: asked, ...counters };
}

function formOf({ data, spi, protocol }: NotifyPayload, wanted: number, otherExchange: string | null): Form {
  const octets = data.length / 2;
  const defect =
    otherExchange !== null
      ? `it is in a ${otherExchange} exchange, not an INFORMATIONAL one`
      : octets !== wanted
        ? `its data has ${octets} octets, not ${wanted}`
        : spi !== ''
          ? `it has an SPI of ${spi.length / 2} octets`
          : null;
  return { defect, ignored: protocol === 0 ? null : `its Protocol ID is ${protocol}, not 0` };
}

export function countersIn({ data }: NotifyPayload): ReplayCounters {
  const octets = data.length / 2;
  return octets === 4 || octets === 8 ? { octets, delta: Number(BigInt(`0x${data}`)) } : { octets };
}

/** The notifications of a type among payloads. */
export const notifications = (payloads: readonly Payload[], notify: number): readonly NotifyPayload[] =>
  payloads.filter((payload): payload is NotifyPayload => payload.type === 'N' && payload.notify === notify);

/** Notify message types from here on tell of a status; those before, of an error (RFC 7296, 3.10.1). */
const FIRST_STATUS = 16384;

/** Whether a payload, by its name in `otherPayloads`, is a notification of a status: an unknown one is ignored. */
export const isStatus = (name: string): boolean =>
  Number(/^N\((\d+)\)$/u.exec(name)?.[1] ?? 0) >= FIRST_STATUS;

const nameOf = (payload: Payload): string =>
  payload.type === 'N' ? `N(${payload.notify})` : payload.type === 'D' ? 'D' : payload.name;

/** The 4 octets at an offset (from the end) of hexadecimal data; 0 if they are not there. */
function numberAt(data: string, offset: number): number {
  const digits = offset + 8 === 0 ? data.slice(offset) : data.slice(offset, offset + 8);
  return digits.length === 8 ? Number.parseInt(digits, 16) : 0;
}
