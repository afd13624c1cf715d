/**
 * The IKE SA of a cluster as a model for SPIN, written a second time: from the text of the rules (RFC 7296, RFC 6311,
 * the slides of October 2010), and not from the functions of `model/`, of which nothing is used here. What both have to
 * count alike are states, transitions and depth (`twin.test.ts`).
 *
 * A plain peer, window 1, no ESP, a network that may lose, reorder and replay. One step is one indivisible sequence
 * of Promela; what was sent once is on the network for ever. A number that may be absent, or one below the first, is
 * kept plus 1, and 0 where it is absent. Comments name the sections.
 */

/** Rules that can be left out, by the ids of the catalogue: so that a difference is seen to be one. */
export type TwinRule = 'RFC6311-5.1-DROP-STALE' | 'RFC6311-5.1-NONCE-CHECK' | 'IPSECHA01-FC-OBSERVED';

/** Properties that are watched in the twin as well. */
export type TwinProperty =
  | 'sync-response-fresh'
  | 'message-id-monotonicity'
  | 'request-at-most-once'
  | 'sync-request-once';

/** What the twin is made for. */
export interface TwinOptions {
  readonly revision: 'ikev2' | 'ipsecha-01' | 'rfc6311';
  /** Members of the cluster: 2 or 3. */
  readonly members: number;
  /** Requests of each end at most. */
  readonly requests: number;
  readonly failovers: number;
  /** Sync requests that are replaced by a new one at most; 0: none is. */
  readonly retries: number;
  readonly bump: number;
  /** When the active member copies its state: at any time, or never. */
  readonly stateSync: 'any' | 'never';
  readonly without: readonly TwinRule[];
  readonly property: TwinProperty;
}

/** What an end knows of the SA. */
const SA_FIELDS = {
  next: 'the Message ID of its next request (RFC 7296, 2.2)',
  outId: 'the Message ID of its request under way, plus 1 (RFC 7296, 2.3: one with a window of 1)',
  outContent: 'and what it asks for, plus 1',
  expects: 'the Message ID that it expects next (RFC 7296, 2.3)',
  doneId:
    'the Message ID of the request that it answered last, plus 1 (RFC 7296, 2.1: it keeps the response)',
  doneContent: 'and what that asked for, plus 1',
  seen: 'the highest value that it has seen from the other end, plus 1 (RFC 6311, 5.1, bullets 4 and 5)',
  m1Sent: 'the highest M1 that it knows to have been sent, plus 1 (RFC 6311, 5.1, bullets 1 and 3)',
  count: 'the Failover Count that it knows (slides of October 2010)',
} as const;

type SaField = keyof typeof SA_FIELDS;
const saFields = Object.keys(SA_FIELDS) as SaField[];

/** What a member waits for: nonce plus 1, M1, P1. */
const SYNC_FIELDS = ['nonce', 'm1', 'p1'] as const;

/** The text of the model. */
export function promela(options: TwinOptions): string {
  const { revision, requests, failovers, retries, bump, without, property } = options;
  const syncs = revision === 'ikev2' ? 0 : failovers + retries;
  // No Message ID is higher: of the peer, whose numbers nothing raises; and of the cluster, with its sync requests.
  const idsOf = { Peer: upTo(requests + 1), Cluster: upTo(requests + (bump + 1) * syncs + 1) };
  const contents = upTo(requests);
  const nonces = upTo(syncs);
  const members = upTo(options.members).map((index) => `M${index}`);
  const others = (name: string): readonly string[] => members.filter((each) => each !== name);
  const has = (rule: TwinRule): boolean => !without.includes(rule);
  const hasCount = revision === 'ipsecha-01';

  // The network: for each possible request and response whether it was sent.
  const ordinary = (id: string | number, content: string | number): string =>
    `(${id})*${requests}+(${content})`;
  const answer = (nonce: number, p2: string | number, m2: string | number): string =>
    `(${nonce}*${idsOf.Peer.length}+(${p2}))*${idsOf.Cluster.length}+(${m2})`;
  const sets = {
    askedByCluster: idsOf.Cluster.length * requests,
    askedByPeer: idsOf.Peer.length * requests,
    answeredByCluster: idsOf.Peer.length * requests,
    answeredByPeer: idsOf.Cluster.length * requests,
    ...(syncs === 0 ? {} : { syncAnswered: syncs * idsOf.Peer.length * idsOf.Cluster.length }),
  };
  const lines: string[] = [
    `/* ${revision}: ${options.members} members, ${requests} requests, ${failovers} failovers, ${retries} retries, bump ${bump}, state syncs ${options.stateSync} */`,
    '#define HIGHER(a, b) ((a) > (b) -> (a) : (b))',
    '#define IN(set, at) ((set[(at) / 16] >> ((at) % 16)) & 1)',
    '#define ADD(set, at) set[(at) / 16] = set[(at) / 16] | (1 << ((at) % 16))',
    'typedef SA {',
    ...saFields.map((field) => `  byte ${field}; /* ${SA_FIELDS[field]} */`),
    '};',
    `typedef Member { SA sa; ${SYNC_FIELDS.map((field) => `byte ${field};`).join(' ')} };`,
    '#define ACTIVE 0\n#define STANDBY 1\n#define DOWN 2',
    ...members.map(
      (name, index) => `Member ${name}; byte role${name} = ${index === 0 ? 'ACTIVE' : 'STANDBY'};`,
    ),
    'SA peer;',
    'byte madeByCluster, madeByPeer, failovers, retries;',
    // Read within a step alone, and 0 between steps.
    'byte m1, p1, m2;',
    ...Object.entries(sets).map(([name, size]) => `int ${name}[${Math.ceil(size / 16)}];`),
    // 5.1: a nonce is drawn once, so it stands for its sync request.
    ...(syncs === 0 ? [] : [`byte m1In[${syncs}], p1In[${syncs}]; /* plus 1; 0: not sent */`]),
    ...(hasCount ? [`byte countIn[${syncs}]; /* the Failover Count in it */`] : []),
    ...memoryOf(property, requests, syncs),
  ];

  const steps: string[] = [];
  /** A step that can be taken where `guard` is so. */
  const step = (guard: string, ...does: readonly string[]): void => {
    steps.push(`  :: d_step { ${guard} -> ${does.length === 0 ? 'skip' : does.join(' ')} }`);
  };
  const clearedSa = (sa: string): string => saFields.map((field) => `${sa}.${field} = 0;`).join(' ');
  const clearedSync = (member: string): string =>
    SYNC_FIELDS.map((field) => `${member}.${field} = 0;`).join(' ');
  const copied = (to: string, from: string): string =>
    saFields.map((field) => `${to}.${field} = ${from}.${field};`).join(' ');
  /** RFC 6311, 9: after the exchange neither end waits for requests or responses that were under way. */
  const goneOn = (sa: string): string =>
    `${sa}.outId = 0; ${sa}.outContent = 0; ${sa}.doneId = 0; ${sa}.doneContent = 0;`;

  /** RFC 7296, 2.1 to 2.3: requests and responses of an end. */
  const exchanges = (guard: string, sa: string, end: 'Cluster' | 'Peer', other: 'Cluster' | 'Peer'): void => {
    // 2.3: with a window of 1 a new request waits for the response to the one before; 2.2: ids are consecutive.
    step(
      `${guard} && madeBy${end} < ${requests} && ${sa}.outId == 0`,
      watchSent(property, end, `${sa}.next`),
      `ADD(askedBy${end}, ${ordinary(`${sa}.next`, `madeBy${end}`)});`,
      `${sa}.outId = ${sa}.next + 1; ${sa}.outContent = madeBy${end} + 1; ${sa}.next = ${sa}.next + 1; madeBy${end}++;`,
    );
    for (const id of idsOf[other]) {
      for (const content of contents) {
        const asked = `${guard} && IN(askedBy${other}, ${ordinary(id, content)})`;
        const isAgain = `(${sa}.doneId == ${id + 1} && ${sa}.doneContent == ${content + 1})`;
        // 2.1: a retransmission has the response that was kept, which is on the network already.
        step(`${asked} && ${isAgain}`);
        // 2.3: else a request is processed if it is the one that is expected, and answered under its own id.
        step(
          `${asked} && !${isAgain} && ${sa}.expects == ${id} && ${sa}.doneId != ${id + 1}`,
          watchProcessed(property, end, content),
          `${sa}.doneId = ${id + 1}; ${sa}.doneContent = ${content + 1}; ${sa}.expects = ${id + 1};`,
          `${sa}.seen = HIGHER(${sa}.seen, ${id + 1}); ADD(answeredBy${end}, ${ordinary(id, content)});`,
        );
      }
    }
    // 2.1: a response belongs to the request with its Message ID.
    for (const id of idsOf[end]) {
      for (const content of contents) {
        step(
          `${guard} && IN(answeredBy${other}, ${ordinary(id, content)}) && ${sa}.outId == ${id + 1}`,
          `${sa}.outId = 0; ${sa}.outContent = 0;`,
        );
      }
    }
  };

  /** RFC 6311, 5.1, the request: from the member `name`, which counts as newly active. */
  const syncRequest = (name: string): string =>
    [
      // Bullet 1: above all that it knows of, earlier sync requests included, by the bump. Bullet 2: one more than
      // the last Message ID that it knows to have come from the peer.
      `m1 = HIGHER(${name}.sa.next, ${name}.sa.m1Sent) + ${bump}; p1 = HIGHER(${name}.sa.expects, ${name}.sa.doneId);`,
      `${name}.sa.m1Sent = m1 + 1; ${name}.nonce = failovers + retries + 1; ${name}.m1 = m1; ${name}.p1 = p1;`,
      'm1In[failovers + retries] = m1 + 1; p1In[failovers + retries] = p1 + 1;',
      // Slides: it carries the Failover Count; one that replaces another belongs to the same failover.
      ...(hasCount ? [`countIn[failovers + retries] = ${name}.sa.count;`] : []),
      // Bullet 3: the other members learn of it.
      ...others(name).map(
        (other) =>
          `if :: role${other} == STANDBY -> ${other}.sa.m1Sent = HIGHER(${other}.sa.m1Sent, m1 + 1); ${other}.sa.expects = HIGHER(${other}.sa.expects, p1) :: else fi;`,
      ),
    ].join(' ');

  for (const name of members) {
    const isActive = `role${name} == ACTIVE`;
    // RFC 6311, 8.1, strict: a member that waits for the response handles nothing else.
    exchanges(`${isActive} && ${name}.nonce == 0`, `${name}.sa`, 'Cluster', 'Peer');
    for (const nonce of nonces) {
      for (const p2 of idsOf.Peer) {
        for (const m2 of idsOf.Cluster) {
          // Bullet 7 and 11: only the response to the own request, once. A.4: the higher value of each is gone on with.
          const isOwn = has('RFC6311-5.1-NONCE-CHECK')
            ? `${name}.nonce == ${nonce + 1}`
            : `${name}.nonce != 0`;
          step(
            `${isActive} && ${isOwn} && IN(syncAnswered, ${answer(nonce, p2, m2)})`,
            ...(property === 'sync-response-fresh' ? [`assert(${name}.nonce == ${nonce + 1});`] : []),
            `${name}.sa.next = HIGHER(${name}.sa.next, ${m2}); ${name}.sa.expects = HIGHER(${name}.sa.expects, ${p2});`,
            `${name}.sa.seen = HIGHER(${name}.sa.seen, ${p2}); ${goneOn(`${name}.sa`)} ${clearedSync(name)}`,
          );
        }
      }
    }
    if (syncs > 0 && retries > 0) {
      step(
        `${isActive} && ${name}.nonce != 0 && retries < ${retries}`,
        syncRequest(name),
        'retries++; m1 = 0; p1 = 0;',
      );
    }
    for (const other of others(name)) {
      // RFC 6311, 1 and 4: state is copied to the other members, which is how one that was down comes back, too.
      if (options.stateSync === 'any') {
        step(
          `${isActive} && role${other} != ACTIVE`,
          `role${other} = STANDBY; ${copied(`${other}.sa`, `${name}.sa`)}`,
        );
      }
      // A standby takes over with what it has; the failed member loses all.
      step(
        `${isActive} && role${other} == STANDBY && failovers < ${failovers}`,
        `role${name} = DOWN; ${clearedSa(`${name}.sa`)} ${clearedSync(name)} role${other} = ACTIVE;`,
        // Slides: the count grows with each failover; our reading of what they leave open: all members know it.
        ...(hasCount
          ? [
              `${other}.sa.count++;`,
              ...others(other).map(
                (each) => `if :: role${each} == STANDBY -> ${each}.sa.count = ${other}.sa.count :: else fi;`,
              ),
            ]
          : []),
        ...(revision === 'ikev2' ? [] : [syncRequest(other)]),
        'failovers++; m1 = 0; p1 = 0;',
      );
    }
  }

  exchanges('true', 'peer', 'Peer', 'Cluster');
  for (const nonce of nonces) {
    // Bullet 4: the M1 has to be above the highest value seen. Slides: the count has to be one that was not observed.
    const isFresh =
      revision === 'rfc6311' && has('RFC6311-5.1-DROP-STALE')
        ? ` && m1In[${nonce}] > peer.seen`
        : hasCount && has('IPSECHA01-FC-OBSERVED')
          ? ` && countIn[${nonce}] > peer.count`
          : '';
    step(
      `m1In[${nonce}] != 0${isFresh}`,
      ...(property === 'sync-request-once'
        ? [`assert(!tookEffect[${nonce}]); tookEffect[${nonce}] = 1;`]
        : []),
      // Bullet 6: the higher of P1 and one more than the highest used. Bullet 5: at least M1, and above all received.
      `peer.next = HIGHER(peer.next, p1In[${nonce}] - 1); m2 = HIGHER(m1In[${nonce}] - 1, peer.seen);`,
      `peer.expects = m2; peer.seen = HIGHER(peer.seen, m1In[${nonce}]); ${goneOn('peer')}`,
      ...(hasCount ? [`peer.count = HIGHER(peer.count, countIn[${nonce}]);`] : []),
      // Bullet 7: with the nonce of the request.
      `ADD(syncAnswered, ${answer(nonce, 'peer.next', 'm2')}); m2 = 0;`,
    );
  }

  return [...lines, 'active proctype system()', '{', 'end:', '  do', ...steps, '  od', '}', ''].join('\n');
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** What a property remembers, and so is a part of each state. */
function memoryOf(property: TwinProperty, requests: number, syncs: number): readonly string[] {
  switch (property) {
    case 'message-id-monotonicity':
      return ['byte usedByCluster, usedByPeer; /* the highest Message ID of a request, plus 1 */'];
    case 'request-at-most-once':
      return [`bit processedByCluster[${requests}]; bit processedByPeer[${requests}];`];
    case 'sync-request-once':
      return syncs === 0 ? [] : [`bit tookEffect[${syncs}];`];
    case 'sync-response-fresh':
      return [];
  }
}

const watchSent = (property: TwinProperty, end: string, id: string): string =>
  property === 'message-id-monotonicity' ? `assert(${id} + 1 > usedBy${end}); usedBy${end} = ${id} + 1;` : '';

const watchProcessed = (property: TwinProperty, end: string, content: number): string =>
  property === 'request-at-most-once'
    ? `assert(!processedBy${end}[${content}]); processedBy${end}[${content}] = 1;`
    : '';
