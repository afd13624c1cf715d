/**
 * Messages of the specification as they would be on the wire: the opposite of `traces/judge/interpret.ts`.
 *
 * The specification begins after IKE_AUTH, with Message ID 0 for either end. On the wire, the initiator has used 0
 * and 1 for IKE_SA_INIT and IKE_AUTH by then; so all numbers of its requests are two higher here.
 */
import { match } from 'ts-pattern';
import {
  type Ask,
  type Content,
  type Endpoint,
  type Exchanges,
  type FieldKind,
  type Message,
  type Nonce,
  type NotifiedFields,
  otherEnd,
  type SaState,
} from '../../model/index.ts';
import type {
  End,
  EspMessage,
  IkeMessage,
  MessageEvent,
  NotifyPayload,
  Payload,
} from '../traces/events/event.ts';
import { NOTIFY } from '../traces/judge/interpret.ts';

/** What a trace is called by, so that several can stand in one file. */
export interface Naming {
  /** Number of the trace, from 0: part of all SPIs. */
  readonly trace: number;
  /** Which end of the first IKE SA the cluster is. */
  readonly clusterIs: End;
  /** Whether IKE_SA_INIT and IKE_AUTH come first. */
  readonly handshake: boolean;
  readonly esn: boolean;
  /** Whether the state of IKE is copied at each step, so that who takes over has the latest. */
  readonly copiesAlways: boolean;
  /** Whether a state sync can reach a member late: then it is no account of what that can take over with. */
  readonly copiesLate: boolean;
  /** Contents of the requests of the run that rekey something: the only ones in CREATE_CHILD_SA exchanges. */
  readonly rekeying: ReadonlySet<Content>;
  /** Messages and notifications that only the revision has; absent if it has none. */
  readonly exchanges?: Exchanges;
}

export type WireEvent = MessageEvent & { readonly from: End; readonly sa: string };

/** Requests of the initiator before those of the specification. */
const BEFORE = 2;

const hex = (number: number, digits = 8): string =>
  Math.max(0, number % 2 ** 32)
    .toString(16)
    .padStart(digits, '0')
    .slice(-digits);

/** A message as a tap sees it. Equal messages have equal octets, others have others. */
export function onTheWire(message: Message, naming: Naming): WireEvent {
  const ikeSa = message.kind === 'esp' ? undefined : message.ikeSa;
  const from = wireEnd(message.from, ikeSa, naming);
  return {
    event: 'seen',
    sa: spisOf(ikeSa, naming),
    from,
    octets: `${naming.trace} ${JSON.stringify(message)}`,
    integrity: 'good',
    message: message.kind === 'esp' ? espOf(message, naming) : ikeOf(message, naming),
  };
}

/** The end of an IKE SA that an endpoint is: who rekeyed it is the initiator of the new one (RFC 7296, 2.18). */
export function wireEnd(end: Endpoint, ikeSa: string | undefined, { clusterIs }: Naming): End {
  const cluster = ikeSa === undefined ? clusterIs : 'initiator';
  return end === 'cluster' ? cluster : cluster === 'initiator' ? 'responder' : 'initiator';
}

export function spisOf(ikeSa: string | undefined, { trace }: Naming): string {
  const generation = ikeSa === undefined ? 0 : 1 + textNumber(ikeSa);
  const spi = (side: string): string => `${side}${hex(generation, 7)}${hex(trace + 1)}`;
  return `${spi('1')}:${spi('2')}`;
}

/** A number for a name, always the same (FNV-1a). */
function textNumber(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h >>> 0) % 0xff_ffff;
}

/** How much higher the Message IDs of an end's requests are on the wire. */
const shift = (end: Endpoint, ikeSa: string | undefined, naming: Naming): number =>
  naming.handshake && ikeSa === undefined && wireEnd(end, ikeSa, naming) === 'initiator' ? BEFORE : 0;

function ikeOf(message: Exclude<Message, { kind: 'esp' }>, naming: Naming): IkeMessage {
  const plain = plainIkeOf(message, naming);
  const held = Object.entries(message.holds ?? {}).map(([name, fields]) =>
    ownNotification(name, fields, message, naming),
  );
  return held.length === 0 ? plain : { ...plain, payloads: [...(plain.payloads ?? []), ...held] };
}

/** A notification of the revision's own: its fields in their order, four octets each. */
function ownNotification(
  name: string,
  fields: NotifiedFields,
  { from, ikeSa }: Exclude<Message, { kind: 'esp' }>,
  naming: Naming,
): NotifyPayload {
  const known = naming.exchanges?.notifications?.[name];
  const shifts: Partial<Record<FieldKind, number>> = {
    'message-id-of-sender': shift(from, ikeSa, naming),
    'message-id-of-receiver': shift(otherEnd(from), ikeSa, naming),
  };
  const data = Object.entries(known?.fields ?? {}).map(([field, kind]) => {
    const value = fields[field];
    if (value === undefined || value === null) return '';
    if (kind === 'text') return Buffer.from(String(value)).toString('hex');
    if (kind === 'nonce' && typeof value !== 'boolean') return nonceOf(value);
    return hex(Number(value) + (shifts[kind] ?? 0));
  });
  return notify(known?.type ?? 0, data.join(''));
}

function plainIkeOf(message: Exclude<Message, { kind: 'esp' }>, naming: Naming): IkeMessage {
  const { from, ikeSa } = message;
  const own = shift(from, ikeSa, naming);
  const other = shift(otherEnd(from), ikeSa, naming);
  return match(message)
    .with(
      { kind: 'request' },
      ({ id, asks }): IkeMessage => ({
        ...{ kind: 'ike', exchange: exchangeOf(isRekeying(asks)), response: false, id: id + own },
        payloads: asks === undefined ? [] : asked(asks, from, naming),
      }),
    )
    .with(
      { kind: 'response' },
      ({ id, refused, later, answers }): IkeMessage => ({
        ...{
          kind: 'ike',
          exchange: exchangeOf(naming.rekeying.has(answers)),
          response: true,
          id: id + other,
        },
        payloads:
          refused === true
            ? [notify(CHILD_SA_NOT_FOUND, '')]
            : later === true
              ? [notify(TEMPORARY_FAILURE, '')]
              : [],
      }),
    )
    .with(
      { kind: 'sync-request' },
      (sync): IkeMessage => ({
        ...{ kind: 'ike', exchange: 'INFORMATIONAL', response: false, id: sync.id },
        payloads: [
          notify(
            NOTIFY.messageIdSync,
            nonceOf(sync.nonce) +
              (sync.failoverCount === undefined ? '' : hex(sync.failoverCount)) +
              hex(sync.m1 + own) +
              hex(sync.p1 + other),
          ),
          ...counters(sync, naming),
        ],
      }),
    )
    .with(
      { kind: 'sync-response' },
      (sync): IkeMessage => ({
        ...{ kind: 'ike', exchange: 'INFORMATIONAL', response: true, id: sync.id },
        payloads: [
          notify(NOTIFY.messageIdSync, nonceOf(sync.nonce) + hex(sync.p2 + own) + hex(sync.m2 + other)),
          ...counters(sync, naming),
        ],
      }),
    )
    .with(
      { kind: 'own' },
      ({ name, id, response }): IkeMessage => ({
        ...{ kind: 'ike', exchange: naming.exchanges?.messages?.[name]?.exchange ?? 'INFORMATIONAL' },
        ...{ response, id: id === 0 ? id : id + (response ? other : own), payloads: [] },
      }),
    )
    .exhaustive();
}

const REKEY_SA = 16393;
const CHILD_SA_NOT_FOUND = 44;
const TEMPORARY_FAILURE = 43;

const notify = (type: number, data: string, protocol = 0, spi = ''): NotifyPayload => ({
  ...{ type: 'N', notify: type, protocol, spi, data },
});

const others = (...names: readonly string[]): readonly Payload[] =>
  names.map((name) => ({ type: 'other', name }));

const exchangeOf = (rekeys: boolean): string => (rekeys ? 'CREATE_CHILD_SA' : 'INFORMATIONAL');

export const isRekeying = (asks: Ask | undefined): boolean =>
  asks?.kind === 'rekey-child' || asks?.kind === 'rekey-ike';

/** An SA is named by the SPI that the sender expects in what comes to it (RFC 7296, 1.3.3 and 1.4.1). */
const asked = (asks: Ask, from: Endpoint, naming: Naming): readonly Payload[] =>
  match(asks)
    .with({ kind: 'replay-counter-sync' }, ({ delta }) => [deltaPayload(delta, naming)])
    .with({ kind: 'rekey-child' }, ({ spi }) => [
      notify(REKEY_SA, '', 3, espSpi(spi, otherEnd(from), naming)),
      ...others('SA', 'Nonce', 'TSi', 'TSr'),
    ])
    .with({ kind: 'rekey-ike' }, () => others('SA', 'Nonce', 'KE'))
    .with({ kind: 'delete-child' }, ({ spi }): readonly Payload[] => [
      { type: 'D', protocol: 3, spis: [espSpi(spi, otherEnd(from), naming)] },
    ])
    .exhaustive();

/** RFC 6311, 6.4: 4 octets, or 8 with extended sequence numbers. */
const deltaPayload = (delta: number, { esn }: Naming): Payload =>
  notify(NOTIFY.replayCounterSync, esn ? `00000000${hex(delta)}` : hex(delta));

/** The first draft's counters of each SA: their form is not known; here SPI and number of each. */
const counters = (
  { delta, perSa, from }: Extract<Message, { kind: 'sync-request' | 'sync-response' }>,
  naming: Naming,
): readonly Payload[] => {
  if (delta !== undefined) return [deltaPayload(delta, naming)];
  if (perSa === undefined) return [];
  const data = perSa.map(({ spi, number }) => espSpi(spi, from, naming) + hex(number)).join('');
  return [notify(NOTIFY.replayCounterSync, data)];
};

const nonceOf = (nonce: Nonce): string =>
  typeof nonce === 'number' ? hex(nonce < 0 ? 0xffff_ffff : nonce) : `7${hex(textNumber(nonce), 7)}`;

function espOf({ spi, from, number }: Extract<Message, { kind: 'esp' }>, naming: Naming): EspMessage {
  return { kind: 'esp', spi: espSpi(spi, from, naming), sequence: number % 2 ** 32 };
}

/** Each direction of a Child SA has an SPI of its own. */
const espSpi = (spi: string, from: Endpoint, { trace }: Naming): string =>
  `${from === 'cluster' ? 'c' : 'd'}${hex(trace, 3)}${hex(textNumber(spi), 4)}`;

/** What an end can announce in IKE_AUTH, with the notification for it. */
const ANNOUNCEMENTS = [
  { of: 'announced', type: NOTIFY.messageIdSyncSupported },
  { of: 'announcedReplayCounters', type: NOTIFY.replayCounterSyncSupported },
] as const;

/** What an end of IKE_AUTH would announce, from the state of the cluster. */
const wouldAnnounce = (
  sa: SaState,
  end: End,
  { of }: (typeof ANNOUNCEMENTS)[number],
  clusterIs: End,
): boolean => sa[of][clusterIs === end ? 'own' : 'other'];

/**
 * The end that the cluster is, so that who announces something alone is the initiator: a responder announces only what
 * the initiator did (RFC 6311, 5). The one wished for, if that does not matter.
 */
export function clusterEnd(sa: SaState, wish: End): End {
  const isAlone = (clusterIs: End): boolean =>
    ANNOUNCEMENTS.some(
      (each) =>
        wouldAnnounce(sa, 'responder', each, clusterIs) && !wouldAnnounce(sa, 'initiator', each, clusterIs),
    );
  const other: End = wish === 'initiator' ? 'responder' : 'initiator';
  return isAlone(wish) && !isAlone(other) ? other : wish;
}

/**
 * IKE_SA_INIT and IKE_AUTH, in which both ends announce what they support (RFC 6311, 5), from the state of the cluster.
 * Where each end supports what the other does not, the responder is silent about its own: it was not asked, and neither
 * can be used whatever it says.
 */
export function handshake(sa: SaState, naming: Naming): readonly WireEvent[] {
  const spis = spisOf(undefined, naming);
  const clusterIs = wireEnd('cluster', undefined, naming);
  const announcedBy = (end: End): readonly Payload[] => [
    ...ANNOUNCEMENTS.filter(
      (each) => wouldAnnounce(sa, 'initiator', each, clusterIs) && wouldAnnounce(sa, end, each, clusterIs),
    ).map(({ type }) => notify(type, '')),
    ...(sa.window > 1 ? [notify(NOTIFY.setWindowSize, hex(sa.window))] : []),
  ];
  const message = (
    exchange: string,
    from: End,
    id: number,
    payloads: readonly Payload[],
    of = spis,
  ): WireEvent => ({
    event: 'seen',
    sa: of,
    from,
    octets: `${naming.trace} ${exchange} ${from}`,
    integrity: exchange === 'IKE_SA_INIT' ? 'unchecked' : 'good',
    message: { kind: 'ike', exchange, response: from === 'responder', id, payloads },
  });
  return [
    message(
      'IKE_SA_INIT',
      'initiator',
      0,
      others('SA', 'KE', 'Nonce'),
      `${spis.slice(0, 17)}${'0'.repeat(16)}`,
    ),
    message('IKE_SA_INIT', 'responder', 0, others('SA', 'KE', 'Nonce')),
    message('IKE_AUTH', 'initiator', 1, [
      ...others('IDi', 'AUTH', 'SA', 'TSi', 'TSr'),
      ...announcedBy('initiator'),
    ]),
    message('IKE_AUTH', 'responder', 1, [
      ...others('IDr', 'AUTH', 'SA', 'TSi', 'TSr'),
      ...announcedBy('responder'),
    ]),
  ];
}
