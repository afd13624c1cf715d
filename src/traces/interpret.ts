/**
 * What a message on the wire is in the words of the specification. One table for all readers:
 *
 * | specification | event field | Wireshark field |
 * | --- | --- | --- |
 * | Message ID | message.id | isakmp.messageid |
 * | request, response | message.response | isakmp.flag_response |
 * | sync request, sync response | payload N with notify 16422 | isakmp.notify.msgtype |
 * | nonce, M1 and P1 (P2 and M2) | its data: 4, 4 and 4 octets | isakmp.notify.data |
 * | SPI, sequence number | message.spi, message.sequence | esp.spi, esp.sequence |
 */
import type { Endpoint, SyncRequest, SyncResponse } from '../../model/index.ts';
import type { IkeMessage, NotifyPayload, Payload } from './event.ts';

/** Notify message types of RFC 6311, 6 and RFC 7296, 3.10.1 that the rules speak of. */
export const NOTIFY = {
  setWindowSize: 16385,
  messageIdSyncSupported: 16420,
  replayCounterSyncSupported: 16421,
  messageIdSync: 16422,
  replayCounterSync: 16423,
} as const;

export type Meaning =
  | { readonly kind: 'request'; readonly id: number }
  | { readonly kind: 'response'; readonly id: number }
  | { readonly kind: 'sync-request'; readonly message: SyncRequest; readonly form: Form }
  | { readonly kind: 'sync-response'; readonly message: SyncResponse; readonly form: Form }
  /** Encrypted and not read: it may be anything that its header allows, a sync message included. */
  | { readonly kind: 'unreadable'; readonly response: boolean; readonly id: number };

/** How the notification of a sync message departs from RFC 6311, 6.3, in words. */
export interface Form {
  /** What a receiver has to look at; null if it is in order. */
  readonly defect: string | null;
  /** What its sender does wrong and a receiver ignores (RFC 7296, 3.10: Protocol ID without an SPI). */
  readonly ignored: string | null;
}

export function interpret(message: IkeMessage, from: Endpoint): Meaning {
  const { id, response, payloads } = message;
  const kind = response ? 'response' : 'request';
  const informational = message.exchange === 'INFORMATIONAL';
  // A sync message has Message ID 0; without its contents such a message could be one.
  if (payloads === undefined) {
    return id === 0 && informational ? { kind: 'unreadable', response, id } : { kind, id };
  }
  const sync = notifications(payloads, NOTIFY.messageIdSync)[0];
  if (sync === undefined) return { kind, id };
  const form = formOf(sync, informational ? null : message.exchange);
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
  };
  const send = numberAt(sync.data, -16);
  const receive = numberAt(sync.data, -8);
  return response
    ? { kind: 'sync-response', form, message: { kind: 'sync-response', ...common, p2: send, m2: receive } }
    : { kind: 'sync-request', form, message: { kind: 'sync-request', ...common, m1: send, p1: receive } };
}

function formOf({ data, spi, protocol }: NotifyPayload, otherExchange: string | null): Form {
  const octets = data.length / 2;
  const defect =
    otherExchange !== null
      ? `it is in a ${otherExchange} exchange, not an INFORMATIONAL one`
      : octets !== 12
        ? `its data has ${octets} octets, not 12`
        : spi !== ''
          ? `it has an SPI of ${spi.length / 2} octets`
          : null;
  return { defect, ignored: protocol === 0 ? null : `its Protocol ID is ${protocol}, not 0` };
}

/** The notifications of a type among payloads. */
export const notifications = (payloads: readonly Payload[], notify: number): readonly NotifyPayload[] =>
  payloads.filter((payload): payload is NotifyPayload => payload.type === 'N' && payload.notify === notify);

const nameOf = (payload: Payload): string =>
  payload.type === 'N' ? `N(${payload.notify})` : payload.type === 'D' ? 'D' : payload.name;

/** The 4 octets at an offset (from the end) of hexadecimal data; 0 if they are not there. */
function numberAt(data: string, offset: number): number {
  const digits = offset + 8 === 0 ? data.slice(offset) : data.slice(offset, offset + 8);
  return digits.length === 8 ? Number.parseInt(digits, 16) : 0;
}
