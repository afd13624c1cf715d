/** What the boxes, messages and counts of a composition can look like, by the settings. Whether they do, is proved. */
import {
  type Endpoint,
  isActive,
  type Revision,
  type SaState,
  type Settings,
  type Value,
} from '../../model/index.ts';
import { Sum } from './linear.ts';
import { integer, list, made, maybe, numbers, oneOf, record, type Shape, value } from './shape.ts';
import { Text } from './symbolic.ts';

/** The shapes of the boxes of an end. */
export interface BoxShapes {
  readonly active: Shape;
  /** Any member that is not active; a plain peer has none. */
  readonly inactive: Shape;
}

/** The shapes of all that there can be in the worlds of one composition. */
export interface Shapes extends Readonly<Record<Endpoint, BoxShapes>> {
  readonly messages: readonly Shape[];
}

/** Settings of which no number but these is a bound; what they leave out, is said in words. */
export function unsupported(settings: Settings): readonly string[] {
  const isNot = <Field extends keyof Settings>(
    field: Field,
    allowed: readonly Settings[Field][],
    words: string,
  ): readonly string[] => (allowed.includes(settings[field]) ? [] : [words]);
  return [
    ...isNot('network', ['adversarial'], 'network: only the strongest, which can do what the others can'),
    ...isNot('rekey', ['none'], 'rekey: only none'),
    ...isNot('stateSync', ['any', 'never', 'each-step'], 'state-sync: only any, never, each-step'),
    ...isNot('stateSyncOrder', ['instant'], 'state-sync-order: only instant'),
    ...isNot('telling', ['with-sending'], 'telling: only with-sending'),
    ...isNot('answering', ['at-once'], 'answering: only at-once'),
    ...isNot('actives', [1], 'actives: only 1'),
    ...isNot('afterFailover', ['go-on'], 'after-failover: only go-on'),
    ...isNot('counterForm', ['delta'], 'counter-form: only delta'),
    ...isNot('packets', [0, Infinity], 'packets of ESP within a bound'),
    ...isNot('replayCounterSync', ['neither', 'both'], 'replay-counter-sync: only neither, both'),
    ...(settings.replayCounterSync !== 'neither' && settings.messageIdSync !== 'both'
      ? ['a delta in a request of its own, as it is where message-id-sync is not both']
      : []),
    ...isNot('inWindow', ['advance', 'keep', 'accept-outside'], 'in-window: not learn'),
    ...isNot('counters', ['from-zero'], 'counters: only from-zero'),
    ...isNot('childSas', [0, 1], 'child-sas: one, which stands for any'),
  ];
}

/** Whether an end is a cluster: it fails over, and sends sync requests. */
const isCluster = ({ peerMembers }: Pick<Settings, 'peerMembers'>, end: Endpoint): boolean =>
  end === 'cluster' || peerMembers > 1;

const ENDS: readonly Endpoint[] = ['cluster', 'peer'];

const otherThan = (end: Endpoint): Endpoint => (end === 'cluster' ? 'peer' : 'cluster');

/** What the sync messages of a composition hold. */
interface SyncShapes {
  readonly revision: Revision;
  readonly settings: Settings;
  readonly carriesDelta: boolean;
}

/** The boxes as they were when the SA was established, and what there can be later. */
export function shapesOf(revision: Revision, settings: Settings, initial: readonly Value[]): Shapes {
  const [cluster, peer] = [initial[0], initial[settings.members]];
  if (!isActive(cluster) || !isActive(peer))
    throw new Error('the first member of each end is active at the start');
  const delta = cluster.sa.announcedReplayCounters;
  const carriesDelta =
    settings.replayCounterSync !== 'neither' && delta.own && delta.other && revision.replaySync !== null;
  const all: SyncShapes = { revision, settings, carriesDelta };
  return {
    cluster: boxShapes(all, 'cluster', cluster.sa),
    peer: boxShapes(all, 'peer', peer.sa),
    messages: messageShapes(all),
  };
}

function boxShapes(all: SyncShapes, end: Endpoint, initial: SaState): BoxShapes {
  const { revision, settings, carriesDelta } = all;
  const { counterSync } = revision;
  const sa = saShape(all, end, initial);
  if (!isCluster(settings, end)) {
    return { active: record({ role: value('active'), sa, sync: value(null) }), inactive: oneOf() };
  }
  const sync = record({
    nonce: nonceShape(end),
    m1: integer(),
    p1: integer(),
    ...(carriesDelta ? { delta: value(settings.delta) } : {}),
  });
  return {
    active: record({
      role: value('active'),
      sa,
      sync: counterSync === null ? value(null) : oneOf(value(null), sync),
      ...(counterSync?.isAwaited(false) === true ? { answered: maybe(sync) } : {}),
      ...(counterSync !== null && !counterSync.beginsSync(settings.syncTrigger, 'takeover')
        ? { yetToAsk: maybe(value(true)) }
        : {}),
    }),
    inactive: oneOf(
      record({ role: value('standby'), snapshot: sa }),
      record({ role: value('down') }),
      record({ role: value('closed') }),
    ),
  };
}

/** A nonce of an end: a number, or a text with one in it (`nonceOf`). */
const nonceShape = (end: Endpoint): Shape =>
  end === 'cluster'
    ? integer()
    : made(
        integer(),
        (many) => (many instanceof Sum ? new Text(OF_PEER, many, '') : `${OF_PEER}${String(many)}`),
        (nonce) => (nonce instanceof Text ? nonce.value : Number(String(nonce).slice(OF_PEER.length))),
      );

const OF_PEER = 'p';

const numbered = record({ id: integer(), content: integer() });

/** What an end remembers. What only the other end can change, stays as it is. */
function saShape(all: SyncShapes, end: Endpoint, initial: SaState): Shape {
  const { revision, settings } = all;
  const [asks, isAsked] = [isCluster(settings, end), isCluster(settings, otherThan(end))];
  const underWay = settings.requests === 0 ? 0 : initial.window;
  const counts = revision.counterSync?.nextCount !== undefined;
  const {
    ikeSa: _,
    announced,
    announcedReplayCounters,
    window,
    m1Sent,
    failoverCount,
    failoverCountSeen,
    lastSync,
    childSas,
    rekeyedBy,
  } = initial;
  return record({
    announced: value(announced),
    announcedReplayCounters: value(announcedReplayCounters),
    window: value(window),
    expectedSend: integer(),
    outstanding: list(numbered, underWay, 'id'),
    expectedReceive: integer(),
    answered: list(numbered, underWay, 'id'),
    highestSeen: integer(-1),
    ...(settings.m1Compare === 'earlier-syncs' && isAsked ? { m1Seen: maybe(integer(-1)) } : {}),
    m1Sent: asks ? integer(-1) : value(m1Sent),
    ...(asks && revision.counterSync !== null ? { p1Sent: maybe(integer()) } : {}),
    failoverCount: asks && counts ? integer(-1) : value(failoverCount),
    failoverCountSeen: isAsked && counts ? integer(-1) : value(failoverCountSeen),
    lastSync:
      settings.staleSync === 'answer-from-cache' && isAsked
        ? oneOf(
            value(lastSync),
            record({
              request: syncRequestShape(all, otherThan(end)),
              response: syncResponseShape(otherThan(end)),
            }),
          )
        : value(lastSync),
    again: settings.pending === 'send-again' ? list(integer(), underWay) : value([]),
    childSas:
      childSas.length === 0
        ? value([])
        : list(
            record({
              spi: value(childSas[0]?.spi),
              esn: value(childSas[0]?.esn),
              replayWindow: value(childSas[0]?.replayWindow),
              sent: integer(),
              received: replayWindow,
            }),
            1,
          ),
    rekeyedBy: value(rekeyedBy),
    ...(settings.ikeIv === 'counter' ? { ivsSpent: maybe(integer()) } : {}),
  });
}

/**
 * The anti-replay window of a receiver, whatever its size. Which numbers came is asked of one number at a time, so that
 * neither how many there are nor in which order they are kept need be known.
 */
const replayWindow = record({ highest: integer(), seen: numbers });

const syncRequestShape = ({ revision, settings, carriesDelta }: SyncShapes, from: Endpoint): Shape =>
  record({
    kind: value('sync-request'),
    from: value(from),
    id: value(0),
    nonce: nonceShape(from),
    m1: integer(),
    p1: integer(),
    ...(carriesDelta ? { delta: value(settings.delta) } : {}),
    ...(revision.counterSync?.nextCount === undefined ? {} : { failoverCount: integer(-1) }),
    wellFormed: value(true),
    otherPayloads: value([]),
  });

/** The response to a sync request of an end. */
const syncResponseShape = (to: Endpoint, delta?: unknown): Shape =>
  record({
    kind: value('sync-response'),
    from: value(otherThan(to)),
    id: value(0),
    nonce: nonceShape(to),
    p2: integer(),
    m2: integer(),
    ...(delta === undefined ? {} : { delta: value(delta) }),
    wellFormed: value(true),
    otherPayloads: value([]),
  });

function messageShapes(all: SyncShapes): readonly Shape[] {
  const { revision, settings, carriesDelta } = all;
  const confirmed = carriesDelta ? revision.replaySync?.confirmDelta?.(settings.delta) : undefined;
  return [
    ...ENDS.flatMap((from) => [
      ...(settings.requests > 0
        ? [
            record({ kind: value('request'), from: value(from), id: integer(), content: integer() }),
            record({ kind: value('response'), from: value(from), id: integer(), answers: integer() }),
          ]
        : []),
      ...(settings.packets > 0
        ? [
            record({
              kind: value('esp'),
              from: value(from),
              spi: value('c1'),
              number: integer(1),
              content: integer(),
            }),
          ]
        : []),
    ]),
    ...(revision.counterSync === null
      ? []
      : ENDS.filter((end) => isCluster(settings, end)).flatMap((end) => [
          syncRequestShape(all, end),
          syncResponseShape(end, confirmed),
        ])),
  ];
}
