/** Messages and states of the specification in a few words, for charts and tables. */
import { match } from 'ts-pattern';
import type {
  Ask,
  Content,
  Member,
  Message,
  OwnNotifications,
  SaCounter,
  SaState,
  Value,
} from '../../model/index.ts';

/** `request 0 a`: number and content; the same content is the same request. */
export const messageWords = (message: Message): string =>
  match(message)
    .with(
      { kind: 'request' },
      ({ id, content, asks, ikeSa, holds }) =>
        `request ${id} ${asks === undefined ? contentWords(content) : askWords(asks)}${holdsWords(holds)}${saWords(ikeSa)}`,
    )
    .with(
      { kind: 'response' },
      ({ id, answers, refused, later, ikeSa, holds }) =>
        `response ${id} to ${contentWords(answers)}${refused ? ': refused' : later ? ': not now' : ''}${holdsWords(holds)}${saWords(ikeSa)}`,
    )
    .with(
      { kind: 'sync-request' },
      ({ m1, p1, failoverCount, delta, perSa, ikeSa, holds }) =>
        `sync request ${failoverCount === undefined ? '' : `count=${failoverCount} `}M1=${m1} P1=${p1}${deltaWords(delta, perSa, 'received')}${holdsWords(holds)}${saWords(ikeSa)}`,
    )
    .with(
      { kind: 'sync-response' },
      ({ p2, m2, delta, perSa, ikeSa, holds }) =>
        `sync response P2=${p2} M2=${m2}${deltaWords(delta, perSa, 'sent')}${holdsWords(holds)}${saWords(ikeSa)}`,
    )
    .with({ kind: 'esp' }, ({ spi, number }) => `ESP ${spi} number ${number}`)
    .with(
      { kind: 'own' },
      ({ name, id, holds, ikeSa }) => `${name} ${id}${holdsWords(holds)}${saWords(ikeSa)}`,
    )
    .exhaustive();

/** Notifications of a revision's own: `COUNT count=1 m1=3`. */
const holdsWords = (holds: OwnNotifications | undefined): string =>
  Object.entries(holds ?? {})
    .map(
      ([name, fields]) =>
        ` ${[name, ...Object.entries(fields).map(([field, value]) => `${field}=${String(value)}`)].join(' ')}`,
    )
    .join('');

const askWords = (asks: Ask): string =>
  match(asks)
    .with({ kind: 'replay-counter-sync' }, ({ delta }) => `delta=${delta}`)
    .with({ kind: 'rekey-child' }, ({ spi }) => `rekeys ${spi}`)
    .with({ kind: 'rekey-ike' }, () => 'rekeys the IKE SA')
    .with({ kind: 'delete-child' }, ({ spi }) => `deletes ${spi}`)
    .exhaustive();

const deltaWords = (
  delta: number | undefined,
  perSa: readonly SaCounter[] | undefined,
  what: string,
): string => {
  if (perSa !== undefined) return ` ${what} ${perSa.map(({ spi, number }) => `${spi}:${number}`).join(' ')}`;
  return delta === undefined ? '' : ` delta=${delta}`;
};

/** The first IKE SA goes without a name. */
const saWords = (ikeSa: string | undefined): string => (ikeSa === undefined ? '' : ` (IKE SA ${ikeSa})`);

/** The counters of a box. */
export function stateWords(value: Value | undefined): string {
  if (typeof value !== 'object') return String(value ?? '');
  if (value.role === 'queue') return value.messages.map(messageWords).join('; ');
  if (value.role === 'down') return 'down';
  if (value.role === 'closed') return 'closed: no number is left';
  if (value.role === 'standby') return `holds: ${counters(value.snapshot)}`;
  const waits = value.sa.outstanding.map(({ id, content }) => `${id} ${contentWords(content)}`);
  const waiting = [
    ...(waits.length === 0 ? [] : [`waits for ${waits.join(' and ')}`]),
    // A member that took over and goes by its snapshot for the time being.
    ...(value.yetToAsk === undefined ? [] : ['has yet to begin its sync']),
  ]
    .map((each) => `, ${each}`)
    .join('');
  return value.sync === null
    ? `${counters(value.sa)}${waiting}`
    : `syncing (knows: ${counters(value.sa)}${waiting})`;
}

/** Message IDs; and what was sent and received over a Child SA, once there was anything. */
const counters = (sa: SaState): string =>
  [
    `sends ${sa.expectedSend}, expects ${sa.expectedReceive}`,
    ...sa.childSas.flatMap(({ spi, sent, received }) =>
      sent === 0 && received.highest === 0
        ? []
        : [`${spi}: sent ${sent}, received ${received.highest}${seenWords(received.highest, received.seen)}`],
    ),
    ...(sa.ikeSa === undefined ? [] : [`IKE SA ${sa.ikeSa}`]),
  ].join('; ');

/** Says nothing where all numbers up to the highest in the window were seen, as usual. */
const seenWords = (highest: number, seen: readonly number[]): string =>
  seen.length > 0 && seen.length <= highest - (seen[0] ?? 0) ? ` (seen ${seen.join(', ')})` : '';

/** Contents of requests as letters: a, b, c ... */
export const contentWords = (content: Content): string =>
  typeof content === 'number' && content < 26 ? String.fromCharCode(97 + content) : String(content);

/** What a box is in the beginning. */
export const roleWords = (value: Member): string => (value.role === 'active' ? 'active' : value.role);
