/** What the boxes, messages and counts of a composition can look like, by the settings. Whether they do, is proved. */
import {
  type Endpoint,
  isActive,
  type Revision,
  type SaState,
  type Settings,
  type Value,
} from '../../model/index.ts';
import { integer, list, maybe, numbers, oneOf, record, type Shape, value } from './shape.ts';

/** The shapes of all that there can be in the worlds of one composition. */
export interface Shapes {
  readonly active: Shape;
  /** Any member that is not active; a standby alone can take over. */
  readonly standby: Shape;
  readonly inactive: Shape;
  readonly peer: Shape;
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
    ...isNot('peerMembers', [1], 'peer-members: only 1'),
    ...isNot('stateSync', ['any', 'never', 'each-step'], 'state-sync: only any, never, each-step'),
    ...isNot('stateSyncOrder', ['instant'], 'state-sync-order: only instant'),
    ...isNot('telling', ['with-sending'], 'telling: only with-sending'),
    ...isNot('answering', ['at-once'], 'answering: only at-once'),
    ...isNot('actives', [1], 'actives: only 1'),
    ...isNot('ikeIv', ['random'], 'ike-iv: only random'),
    ...isNot('afterFailover', ['go-on'], 'after-failover: only go-on'),
    ...isNot('counterForm', ['delta'], 'counter-form: only delta'),
    ...isNot('packets', [0, Infinity], 'packets of ESP within a bound'),
    ...isNot('replayCounterSync', ['neither', 'both'], 'replay-counter-sync: only neither, both'),
    ...(settings.replayCounterSync !== 'neither' && settings.messageIdSync !== 'both'
      ? ['a delta in a request of its own, as it is where message-id-sync is not both']
      : []),
    ...isNot('inWindow', ['advance', 'keep', 'accept-outside'], 'in-window: not learn'),
    ...isNot('esn', ['off'], 'esn: only off'),
    ...isNot('counters', ['from-zero'], 'counters: only from-zero'),
    ...isNot('childSas', [0, 1], 'child-sas: one, which stands for any'),
  ];
}

/** The members and the peer as they were when the SA was established, and what there can be later. */
export function shapesOf(revision: Revision, settings: Settings, initial: readonly Value[]): Shapes {
  const [cluster, peer] = [initial[0], initial[settings.members]];
  if (!isActive(cluster) || !isActive(peer))
    throw new Error('the first member and the peer are active at the start');
  const { counterSync } = revision;
  const delta = cluster.sa.announcedReplayCounters;
  const carriesDelta =
    settings.replayCounterSync !== 'neither' && delta.own && delta.other && revision.replaySync !== null;
  const sync = record({
    nonce: integer(),
    m1: integer(),
    p1: integer(),
    ...(carriesDelta ? { delta: value(settings.delta) } : {}),
  });
  const clusterSa = saShape(revision, settings, 'cluster', cluster.sa, carriesDelta);
  const standby = record({ role: value('standby'), snapshot: clusterSa });
  return {
    active: record({
      role: value('active'),
      sa: clusterSa,
      sync: counterSync === null ? value(null) : oneOf(value(null), sync),
      ...(counterSync?.isAwaited(false) === true ? { answered: maybe(sync) } : {}),
      ...(counterSync !== null && !counterSync.beginsSync(settings.syncTrigger, 'takeover')
        ? { yetToAsk: maybe(value(true)) }
        : {}),
    }),
    standby,
    inactive: oneOf(standby, record({ role: value('down') }), record({ role: value('closed') })),
    peer: record({
      role: value('active'),
      sa: saShape(revision, settings, 'peer', peer.sa, carriesDelta),
      sync: value(null),
    }),
    messages: messageShapes(revision, settings, carriesDelta),
  };
}

const numbered = record({ id: integer(), content: integer() });

/** What an end remembers. What only the other end can change, stays as it is. */
function saShape(
  revision: Revision,
  settings: Settings,
  end: Endpoint,
  initial: SaState,
  carriesDelta: boolean,
): Shape {
  const isCluster = end === 'cluster';
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
    ...(settings.m1Compare === 'earlier-syncs' && !isCluster ? { m1Seen: maybe(integer(-1)) } : {}),
    m1Sent: isCluster ? integer(-1) : value(m1Sent),
    ...(isCluster && revision.counterSync !== null ? { p1Sent: maybe(integer()) } : {}),
    failoverCount: isCluster && counts ? integer(-1) : value(failoverCount),
    failoverCountSeen: !isCluster && counts ? integer(-1) : value(failoverCountSeen),
    lastSync:
      settings.staleSync === 'answer-from-cache' && !isCluster
        ? oneOf(
            value(lastSync),
            record({
              request: syncRequestShape(revision, settings, carriesDelta),
              response: syncResponseShape(),
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
  });
}

/**
 * The anti-replay window of a receiver, whatever its size. Which numbers came is asked of one number at a time, so that
 * neither how many there are nor in which order they are kept need be known.
 */
const replayWindow = record({ highest: integer(), seen: numbers });

const syncRequestShape = (revision: Revision, settings: Settings, carriesDelta: boolean): Shape =>
  record({
    kind: value('sync-request'),
    from: value('cluster'),
    id: value(0),
    nonce: integer(),
    m1: integer(),
    p1: integer(),
    ...(carriesDelta ? { delta: value(settings.delta) } : {}),
    ...(revision.counterSync?.nextCount === undefined ? {} : { failoverCount: integer(-1) }),
    wellFormed: value(true),
    otherPayloads: value([]),
  });

const syncResponseShape = (delta?: unknown): Shape =>
  record({
    kind: value('sync-response'),
    from: value('peer'),
    id: value(0),
    nonce: integer(),
    p2: integer(),
    m2: integer(),
    ...(delta === undefined ? {} : { delta: value(delta) }),
    wellFormed: value(true),
    otherPayloads: value([]),
  });

function messageShapes(revision: Revision, settings: Settings, carriesDelta: boolean): readonly Shape[] {
  const ends: readonly Endpoint[] = ['cluster', 'peer'];
  const confirmed = carriesDelta ? revision.replaySync?.confirmDelta?.(settings.delta) : undefined;
  return [
    ...ends.flatMap((from) => [
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
      : [syncRequestShape(revision, settings, carriesDelta), syncResponseShape(confirmed)]),
  ];
}
