/**
 * What is explored: how large, over which network, with which readings of the text. One table has all that is known
 * of a setting; the types are made of it.
 */
import type { Revision } from '../revisions/revision.ts';

/** Which revisions a setting means anything for. */
interface Scope {
  readonly has: (revision: Pick<Revision, 'counterSync' | 'replaySync'>) => boolean;
  /** What is said where it means nothing. */
  readonly lacks: string;
}

const everywhere: Scope = { has: () => true, lacks: '' };

const counterSync: Scope = {
  has: (revision) => revision.counterSync !== null,
  lacks: 'which has no counter sync',
};

const replaySync: Scope = {
  has: (revision) => revision.replaySync !== null,
  lacks: 'which has no replay counter sync',
};

const comparesM1: Scope = {
  has: (revision) => revision.counterSync?.isStale !== undefined,
  lacks: 'which accepts a sync request whatever its M1',
};

const comparesNoM1: Scope = {
  has: (revision) => revision.counterSync !== null && revision.counterSync.isStale === undefined,
  lacks: 'which has the sync requests counted (RFC 6311, 5.1), or has none',
};

const failoverCount: Scope = {
  has: (revision) => revision.counterSync?.hearsCount !== undefined,
  lacks: 'which has no Failover Count',
};

const perSaCounters: Scope = {
  has: (revision) => revision.replaySync?.sendBeyond !== undefined,
  lacks: 'which has one delta for all Child SAs',
};

interface Described<Policy extends boolean> {
  /** Its name on the command line, for `--set`. */
  readonly key: string;
  readonly meaning: string;
  /** Whether it is a reading of a text, rather than a bound of what is explored or a power of the environment. */
  readonly policy: Policy;
  readonly appliesTo: Scope;
}

interface NumberSetting<Policy extends boolean> extends Described<Policy> {
  readonly values: 'number';
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** A number that is that of another setting, unless it is given one of its own. */
interface FollowingSetting<Policy extends boolean, Leader extends string> extends Described<Policy> {
  readonly values: 'number';
  readonly least: number;
  readonly most: number;
  /** The key of the setting that it follows: this is its value, too, until it is given a number. */
  readonly follows: Leader;
  readonly usual: NoInfer<Leader>;
}

interface Choice<Policy extends boolean, Value extends string> extends Described<Policy> {
  /** Each value, and what it means or which text says so. */
  readonly values: Readonly<Record<Value, string>>;
  /** What a scenario has where it says nothing else: the text's own reading. */
  readonly usual: NoInfer<Value>;
}

const number = <const P extends boolean>(setting: Omit<NumberSetting<P>, 'values'>): NumberSetting<P> => ({
  ...setting,
  values: 'number',
});

const follower = <const P extends boolean, const L extends string>(
  setting: Omit<FollowingSetting<P, L>, 'values' | 'usual'>,
): FollowingSetting<P, L> => ({ ...setting, values: 'number', usual: setting.follows });

const oneOf = <const P extends boolean, const V extends string>(setting: Choice<P, V>): Choice<P, V> =>
  setting;

const announcers = {
  both: 'both ends announce it',
  cluster: 'only the cluster announces it',
  peer: 'only the peer announces it',
  neither: 'neither end announces it',
  any: 'each possibility is explored',
} as const;

/** How far ESP counters can be advanced at once: a delta of 4 octets says no more (RFC 6311, 6.4). */
const FAR = 2 ** 32 - 1;

/** The powers of the environment, weakest first: each can do what those before it can. */
export const networks = ['reliable', 'fifo', 'no-replay', 'adversarial'] as const;

/** What the network may do to messages. */
export type Network = (typeof networks)[number];

/** Every setting, by the name of its field. */
export const settingTable = {
  members: number({
    key: 'members',
    least: 2,
    most: 12,
    usual: 2,
    policy: false,
    appliesTo: everywhere,
    meaning: 'members of the cluster',
  }),
  peerMembers: number({
    key: 'peer-members',
    least: 1,
    most: 10,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning: 'members of the other end; 1 is a plain peer',
  }),
  failovers: number({
    key: 'failovers',
    least: 0,
    most: 100,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning: 'failovers of the cluster at most',
  }),
  peerFailovers: number({
    key: 'peer-failovers',
    least: 0,
    most: 100,
    usual: 0,
    policy: false,
    appliesTo: everywhere,
    meaning: 'failovers of the other end at most',
  }),
  requests: number({
    key: 'requests',
    least: 0,
    most: 1000,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning: 'ordinary IKE requests of each side at most',
  }),
  packets: number({
    key: 'packets',
    least: 0,
    most: 1000,
    usual: 0,
    policy: false,
    appliesTo: everywhere,
    meaning: 'ESP packets of each side at most',
  }),
  window: number({
    key: 'window',
    least: 1,
    most: 64,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning: 'size of the IKE window: requests under way at once',
  }),
  replayWindow: number({
    key: 'replay-window',
    least: 1,
    most: 1024,
    usual: 4,
    policy: false,
    appliesTo: everywhere,
    meaning: 'size of the anti-replay window of ESP',
  }),
  childSas: number({
    key: 'child-sas',
    least: 1,
    most: 16,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning: 'Child SAs under the IKE SA',
  }),
  esn: oneOf({
    key: 'esn',
    values: { on: 'extended sequence numbers of 64 bits', off: 'sequence numbers of 32 bits' },
    usual: 'off',
    policy: false,
    appliesTo: everywhere,
    meaning: 'whether ESP uses extended sequence numbers',
  }),
  counters: oneOf({
    key: 'counters',
    values: {
      'from-zero': 'all counters begin at 0',
      'near-maximum': 'all counters begin so near their maximum that they reach it',
      'esp-near-maximum': 'only sequence numbers begin so near their maximum that they reach it',
    },
    usual: 'from-zero',
    policy: false,
    appliesTo: everywhere,
    meaning:
      'where Message IDs and sequence numbers (or only these) begin: at 0, or so near their maximum that they reach it',
  }),
  rekey: oneOf({
    key: 'rekey',
    values: { none: 'no SA', child: 'a Child SA', ike: 'the IKE SA', both: 'either' },
    usual: 'none',
    policy: false,
    appliesTo: everywhere,
    meaning: 'which SAs may be rekeyed, with one of its requests each time, by the end that rekey-by names',
  }),
  rekeyBy: oneOf({
    key: 'rekey-by',
    values: {
      cluster: 'the cluster',
      peer: 'the other end',
      both: 'both, and one Child SA also at once (RFC 7296, 2.8.1): the old one lives on until its DELETE then, whatever rekey-old says, and the IKE SA is rekeyed by the cluster alone',
    },
    usual: 'cluster',
    policy: false,
    appliesTo: everywhere,
    meaning: 'which end rekeys (rekey)',
  }),
  rekeyOf: oneOf({
    key: 'rekey-of',
    values: { first: 'the first that it has', any: 'any that it has' },
    usual: 'first',
    policy: false,
    appliesTo: everywhere,
    meaning: 'which of its Child SAs an end rekeys (rekey=child|both)',
  }),
  rekeyOld: oneOf({
    key: 'rekey-old',
    values: {
      'at-once': 'it is gone in the step of each end that makes the new one',
      'until-delete':
        'it lives on beside the new one until the end that asked for the rekeying has it deleted, in a request of its own (RFC 7296, 1.4.1 and 2.8)',
    },
    usual: 'at-once',
    policy: false,
    appliesTo: everywhere,
    meaning:
      'what becomes of a Child SA that was rekeyed. An IKE SA that was rekeyed is gone at once in either case. The new one is not rekeyed before the other end has shown that it receives on it',
  }),
  lowestNonce: oneOf({
    key: 'lowest-nonce',
    values: { cluster: 'in that of the cluster', peer: 'in that of the other end' },
    usual: 'peer',
    policy: false,
    appliesTo: everywhere,
    meaning:
      'in whose exchange the lowest of four nonces is, where both ends rekey one Child SA at once (rekey-by=both): what that exchange made is redundant (RFC 7296, 2.8.1). It is the same each time',
  }),
  network: oneOf({
    key: 'network',
    values: {
      adversarial: 'any message ever sent may arrive at any time, any number of times',
      'no-replay': 'messages may be lost and overtake one another; none arrives more often than it was sent',
      fifo: 'messages keep their order, and may be lost',
      reliable: 'every message arrives, in the order in which it was sent',
    } satisfies Record<Network, string>,
    usual: 'adversarial',
    policy: false,
    appliesTo: everywhere,
    meaning: 'what the network may do: replay; reorder and lose; lose; or nothing',
  }),
  retries: number({
    key: 'retries',
    least: 0,
    most: 100,
    usual: 0,
    policy: false,
    appliesTo: counterSync,
    meaning: 'sync requests that are replaced by a new one at most (retry=fresh), of each side',
  }),
  bump: number({
    key: 'bump',
    least: 0,
    most: 1000,
    usual: 0,
    policy: true,
    appliesTo: counterSync,
    meaning: 'how far the newly active member advances M1 past what it knows (RFC 6311, 5.1)',
  }),
  p1Ahead: number({
    key: 'p1-ahead',
    least: 0,
    most: 1000,
    usual: 0,
    policy: true,
    appliesTo: counterSync,
    meaning: 'how far P1 is above what the newly active member knows of the peer (RFC 6311, 5.1, bullet 2)',
  }),
  delta: number({
    key: 'delta',
    least: 0,
    most: FAR,
    usual: 0,
    policy: true,
    appliesTo: replaySync,
    meaning:
      'how far the peer is asked to advance its outgoing ESP counters (RFC 6311, 5.2, paragraphs 2 and 3), and what own-bump and window-move are unless they are given',
  }),
  ownBump: follower({
    key: 'own-bump',
    least: 0,
    most: FAR,
    follows: 'delta',
    policy: true,
    appliesTo: replaySync,
    meaning:
      'how far the newly active member advances its own outgoing ESP counters (RFC 6311, 5.2, paragraph 1)',
  }),
  windowMove: follower({
    key: 'window-move',
    least: 0,
    most: FAR,
    follows: 'delta',
    policy: true,
    appliesTo: replaySync,
    meaning:
      'how far the newly active member moves up its incoming anti-replay windows, where in-window has it move them (our reading of RFC 6311, 8.2)',
  }),
  stateSync: oneOf({
    key: 'state-sync',
    values: {
      any: 'at any time, or never (RFC 6311, 1: counters are copied now and then, so a snapshot can be stale)',
      never: 'never after the SA was established (our bound: the stalest snapshot that there is)',
      'each-step': 'at each step: a standby is never stale (RFC 6311, 4 has it expected, and not to be had)',
      'ike-each-step':
        'of IKE at each step, of ESP at any time, or never (our reading of what RFC 6311, 5, case 2 needs)',
      periodic:
        'so often that whoever takes over lacks at most the last requests and packets, as many as lag says (our reading of RFC 6311, 5.1, bullet 1, which recommends a bump for such a cluster)',
    },
    usual: 'any',
    policy: true,
    appliesTo: everywhere,
    meaning: 'when the active member may copy its state to the others',
  }),
  lag: number({
    key: 'lag',
    least: 1,
    most: 1000,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning:
      'requests at most that a member can lack when it takes over, of those sent and of those processed, and as many packets, where state-sync is periodic: a new one is sent only while each standby lacks fewer',
  }),
  stateSyncOrder: oneOf({
    key: 'state-sync-order',
    values: {
      instant: 'it is there as soon as it is made (as RFC 6311 assumes, though it does not say so)',
      delayed:
        'it can be late, and another made after it can overtake it (our reading: a state sync is a message between members); of those to one member one is late at a time',
    },
    usual: 'instant',
    policy: false,
    appliesTo: everywhere,
    meaning: 'whether a state sync reaches a member at once',
  }),
  stateSyncReceipt: oneOf({
    key: 'state-sync-receipt',
    values: {
      replace: 'what it knew is replaced (our reading: a copy is a copy)',
      'keep-maximum':
        'no counter that it knew goes back, nor does what it learnt of M1, of the Failover Count and of ESP counters (our reading)',
    },
    usual: 'replace',
    policy: true,
    appliesTo: everywhere,
    meaning: 'what a member makes of a state sync that reaches it',
  }),
  returning: oneOf({
    key: 'returning',
    values: {
      wiped: 'it has lost all, and comes back by a state sync alone',
      'with-memory':
        'it has the state of that moment still, and can take over again with it: its link was lost, or somebody switched over by hand. It hears nothing of what the newly active member tells the others as it takes over',
    },
    usual: 'wiped',
    policy: false,
    appliesTo: everywhere,
    meaning: 'what a member has that gave up its role',
  }),
  actives: number({
    key: 'actives',
    least: 1,
    most: 2,
    usual: 1,
    policy: false,
    appliesTo: everywhere,
    meaning:
      'members of an end at most that are active at once. With 2, a member can take over from one that goes on (split brain), which hears nothing of it, until one of the two gives up its role. Where a network delivers each message once (fifo, reliable), whichever active member takes it has it. RFC 6311 is for clusters in which one member is active, so it promises nothing here; what has to recover, has to do so once one of the two is left',
  }),
  remaining: oneOf({
    key: 'remaining',
    values: {
      either: 'whichever it is',
      newer: 'the one that took over',
      older: 'the one that had gone on',
    },
    usual: 'either',
    policy: false,
    appliesTo: everywhere,
    meaning: 'which of two active members remains active when the other gives up its role (actives=2)',
  }),
  answering: oneOf({
    key: 'answering',
    values: {
      'at-once': 'as it processes them: no failover comes between',
      apart: 'in a step of its own (a box may fail after it has processed a request and before it answers)',
    },
    usual: 'at-once',
    policy: false,
    appliesTo: everywhere,
    meaning:
      'when a box answers what it processes. Where the network may lose messages, an answer that was lost is the same as one that was never sent; so this shows something new only where it loses nothing (network=reliable)',
  }),
  retry: oneOf({
    key: 'retry',
    values: {
      same: 'as it was, octet for octet (RFC 7296, 2.1)',
      fresh: 'as a new one, with a higher M1 and a new nonce (an implementation; RFC 6311, 7 forbids it)',
    },
    usual: 'same',
    policy: true,
    appliesTo: counterSync,
    meaning: 'how an unanswered sync request is sent again',
  }),
  syncTrigger: oneOf({
    key: 'sync-trigger',
    values: {
      'at-once': 'as it takes over (RFC 6311, 7, a member may be proactive)',
      lazy: 'later, before it sends a request of its own at the latest (RFC 6311, 7; until then it goes by its snapshot)',
    },
    usual: 'at-once',
    policy: true,
    appliesTo: counterSync,
    meaning: 'when the newly active member begins counter sync',
  }),
  staleSync: oneOf({
    key: 'stale-sync',
    values: {
      drop: 'it is dropped silently (RFC 6311, 5.1, bullet 4)',
      'answer-from-cache': 'it is answered by the response that was kept (RFC 7296, 2.1)',
    },
    usual: 'drop',
    policy: true,
    appliesTo: comparesM1,
    meaning: 'what the peer does with a retransmission of the sync request that it accepted last',
  }),
  m1Compare: oneOf({
    key: 'm1-compare',
    values: {
      'highest-seen':
        'the highest Message ID seen from the cluster, sync requests included (RFC 6311, 5.1, bullet 4)',
      'earlier-syncs':
        'the M1 of earlier sync requests alone (RFC 6311, A.2 to A.4 and 9; a stale M1 is mended by M2)',
      'next-expected': 'the Message ID that it expects next (strongSwan)',
    },
    usual: 'highest-seen',
    policy: true,
    appliesTo: comparesM1,
    meaning: 'what the peer compares M1 with',
  }),
  p2Counts: oneOf({
    key: 'p2-counts',
    values: {
      'own-m1': 'the M1 that it sent, too (our reading: what was sent counts as used, RFC 6311, 11)',
      'used-only': 'only the Message IDs of its requests (RFC 6311, 5.1, bullet 6, to the letter)',
    },
    usual: 'own-m1',
    policy: true,
    appliesTo: counterSync,
    meaning:
      'what counts as used by an end that answers while a sync request of its own is under way, for P2',
  }),
  m2Counts: oneOf({
    key: 'm2-counts',
    values: {
      'sync-requests': 'the M1 of earlier sync requests, too (RFC 6311, 5.1, bullet 5, projected back)',
      'requests-only': 'only the Message IDs of its requests (our reading)',
    },
    usual: 'sync-requests',
    policy: true,
    appliesTo: comparesNoM1,
    meaning: 'what counts as received from the cluster, for M2',
  }),
  adopt: oneOf({
    key: 'adopt',
    values: {
      maximum: 'the higher of its own value and that of the response (RFC 6311, A.4; 9 for the peer)',
      replace: 'the values of the response, whatever its own are (our reading until 2026)',
    },
    usual: 'maximum',
    policy: true,
    appliesTo: counterSync,
    meaning: 'what the newly active member goes on with after the response',
  }),
  m1Sharing: oneOf({
    key: 'm1-sharing',
    values: {
      told: 'at once (RFC 6311, 5.1, bullet 3, a SHOULD)',
      'not-told': 'not at all (a SHOULD of RFC 6311, 5.1, bullet 3, that is not kept)',
    },
    usual: 'told',
    policy: true,
    appliesTo: comparesM1,
    meaning: 'whether the M1 and P1 that were sent reach the other members',
  }),
  bumpSharing: oneOf({
    key: 'bump-sharing',
    values: {
      told: 'at once (our reading)',
      'not-told': 'not at all (our reading: the text says nothing of it)',
    },
    usual: 'told',
    policy: true,
    appliesTo: replaySync,
    meaning: 'whether it reaches the other members how far the ESP counters were advanced',
  }),
  telling: oneOf({
    key: 'telling',
    values: {
      'with-sending': 'as it sends them: no failover comes between (our reading)',
      'before-sending': 'before it sends anything, each in a step of its own (our reading)',
      'after-sending':
        'after it has sent them, each in a step of its own (RFC 6311, 5.1, bullet 3, to the letter: the values sent)',
    },
    usual: 'with-sending',
    policy: true,
    appliesTo: counterSync,
    meaning:
      'when the newly active member tells the others M1 and P1, its Failover Count, and how far the ESP counters were advanced',
  }),
  failoverCount: oneOf({
    key: 'failover-count',
    values: {
      shared: 'all members know the latest at once (our reading)',
      'per-member': 'each member counts its own takeovers (our reading)',
      'in-state-sync': 'it travels with the state syncs (our reading)',
    },
    usual: 'shared',
    policy: true,
    appliesTo: failoverCount,
    meaning: 'how the members agree on the Failover Count (slides of October 2010, an open issue)',
  }),
  firstCount: oneOf({
    key: 'first-count',
    values: {
      one: 'it carries 1: the failover makes it grow from what the peer assumes (our reading)',
      zero: 'it carries 0, which the peer takes for observed (our reading: a count that begins with its first use)',
    },
    usual: 'one',
    policy: true,
    appliesTo: failoverCount,
    meaning:
      'what Failover Count the first failover of an SA carries (slides of October 2010, an open issue)',
  }),
  freshCount: oneOf({
    key: 'fresh-count',
    values: {
      same: 'the same one: it belongs to the same failover (our reading)',
      new: 'a new one, as after a further failover (our reading)',
    },
    usual: 'same',
    policy: true,
    appliesTo: failoverCount,
    meaning:
      'what Failover Count a sync request carries that replaces an unanswered one (retry=fresh; the slides do not say)',
  }),
  capabilityAfterRekey: oneOf({
    key: 'capability-after-rekey',
    values: {
      kept: 'it goes over to the new IKE SA (our reading)',
      lost: 'it ends with the old IKE SA, and nothing can be announced anew without IKE_AUTH (our reading)',
    },
    usual: 'kept',
    policy: true,
    appliesTo: counterSync,
    meaning:
      'what becomes of the announced capabilities when the IKE SA is rekeyed (RFC 6311, 5 leaves it open)',
  }),
  ikeWhileSyncing: oneOf({
    key: 'ike-while-syncing',
    values: {
      hold: 'they are not looked at (RFC 6311, 8.1, a strict policy)',
      process: 'they are processed, if they are inside the declared window: from P1 on (RFC 6311, 8.1)',
      'process-and-send':
        'they are processed so, and requests of its own are sent from M1 on (our reading: no text forbids it)',
    },
    usual: 'hold',
    policy: true,
    appliesTo: counterSync,
    meaning: 'what a member does with ordinary messages of IKE while its sync request is unanswered',
  }),
  espWhileSyncing: oneOf({
    key: 'esp-while-syncing',
    values: {
      hold: 'they are not looked at (our reading: 8.1 speaks of IKE only)',
      pass: 'they are accepted or dropped by the anti-replay window, as ever (RFC 6311, 8.2, a strict policy)',
    },
    usual: 'hold',
    policy: true,
    appliesTo: counterSync,
    meaning: 'what a member does with ESP packets while its sync request is unanswered',
  }),
  pending: oneOf({
    key: 'pending',
    values: {
      'give-up': 'they are given up (RFC 6311, 9)',
      'send-again': 'they are sent again under a new Message ID (strongSwan)',
      close: 'a member that takes over with one of them closes the IKE SA (another implementation)',
    },
    usual: 'give-up',
    policy: true,
    appliesTo: counterSync,
    meaning: 'what becomes of requests that were under way at the sync',
  }),
  ikeIv: oneOf({
    key: 'ike-iv',
    values: {
      random: 'at random, so that none comes twice (RFC 6311, 3.4 leaves the way open)',
      'message-id':
        'from the Message ID, requests apart from responses (our reading of some implementations)',
      counter: 'by a counter in the state of the IKE SA (our reading of some implementations)',
    },
    usual: 'random',
    policy: true,
    appliesTo: everywhere,
    meaning: 'how the initialization vectors of IKE messages are made under a counter mode',
  }),
  inWindow: oneOf({
    key: 'in-window',
    values: {
      advance:
        'they are moved up by window-move, and only what is above is accepted (the "safe" window of RFC 6311, 8.2, as we read it)',
      keep: 'they stay as in the snapshot (our reading)',
      'accept-outside':
        'they are moved up, and what is outside is accepted as well until the counters are in step (RFC 6311, 8.2)',
      learn: 'the first packet that comes sets them (RFC 6027, 3.5)',
    },
    usual: 'advance',
    policy: true,
    appliesTo: replaySync,
    meaning: 'what becomes of the incoming anti-replay windows of the newly active member',
  }),
  afterFailover: oneOf({
    key: 'after-failover',
    values: {
      'go-on': 'they go on (RFC 6311, 5.2: only a very large skip asks for more)',
      rekey:
        'they are rekeyed by the newly active member (RFC 6311, 5.2, a SHOULD after a very large skip; RFC 6027, 3.5)',
    },
    usual: 'go-on',
    policy: true,
    appliesTo: replaySync,
    meaning: 'what becomes of the Child SAs after a failover',
  }),
  counterForm: oneOf({
    key: 'counter-form',
    values: {
      delta: 'one delta for all Child SAs (RFC 6311, 5.2; slides of October 2010)',
      'per-sa': 'the counters of each Child SA (draft -00)',
    },
    usual: 'delta',
    policy: true,
    appliesTo: perSaCounters,
    meaning: 'how replay counters are conveyed: one delta for all Child SAs, or the counters of each',
  }),
  messageIdSync: oneOf({
    key: 'message-id-sync',
    values: announcers,
    usual: 'both',
    policy: false,
    appliesTo: counterSync,
    meaning: 'which ends announce IKEV2_MESSAGE_ID_SYNC_SUPPORTED; any: each possibility is explored',
  }),
  replayCounterSync: oneOf({
    key: 'replay-counter-sync',
    values: announcers,
    usual: 'neither',
    policy: false,
    appliesTo: replaySync,
    meaning: 'which ends announce IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED; any: each possibility is explored',
  }),
};

type Table = typeof settingTable;

/** What is explored: a value for each setting. */
export type Settings = {
  readonly [Field in keyof Table]: Table[Field] extends Choice<boolean, infer Value>
    ? Value
    : Table[Field] extends { readonly follows: infer Leader }
      ? number | Leader
      : number;
};

/** The settings that are readings of a text. */
export type PolicyField = {
  [Field in keyof Table]: Table[Field] extends { readonly policy: true } ? Field : never;
}[keyof Table];

/** Where the text leaves a choice, the choice is a named policy with its readings as values. */
export type Policies = Pick<Settings, PolicyField>;

/** A setting as one can give it on a command line. */
export type SettingSpec = {
  readonly key: string;
  readonly field: keyof Settings;
  readonly meaning: string;
  readonly policy: boolean;
  readonly appliesTo: Scope;
} & (
  | {
      readonly values: 'number';
      readonly least: number;
      readonly most: number;
      /** The key of the setting whose number it has as long as it is given none: also a value of it. */
      readonly follows?: string;
    }
  | {
      readonly values: readonly string[];
      /** What each value means, or which text says so. */
      readonly says: Readonly<Record<string, string>>;
    }
);

/** Every setting, by its name on the command line. */
export const settingSpecs: readonly SettingSpec[] = fieldsOf(settingTable).map((field) => {
  const setting = settingTable[field];
  const { key, meaning, policy, appliesTo } = setting;
  const common = { key, field, meaning, policy, appliesTo };
  return setting.values === 'number'
    ? {
        ...common,
        values: setting.values,
        least: setting.least,
        most: setting.most,
        ...('follows' in setting ? { follows: setting.follows } : {}),
      }
    : { ...common, values: Object.keys(setting.values), says: setting.values };
});

/** What a scenario has where it says nothing else: the readings of the text. */
export const usual: Settings = Object.fromEntries(
  fieldsOf(settingTable).map((field) => [field, settingTable[field].usual]),
) as unknown as Settings;

/** By the settings that they are of, since each step asks for them. */
const policiesKnown = new WeakMap<Settings, Policies>();

/** The policies among settings: how texts are read, without bounds and powers of the environment. */
export function policiesOf(settings: Settings): Policies {
  const known = policiesKnown.get(settings);
  if (known !== undefined) return known;
  const policies = Object.fromEntries(
    settingSpecs.flatMap(({ field, policy }) => (policy ? [[field, settings[field]]] : [])),
  ) as unknown as Policies;
  policiesKnown.set(settings, policies);
  return policies;
}

/** How far ESP counters are advanced at a failover. */
export interface Advances {
  /** The outgoing counters of the newly active member. */
  readonly own: number;
  /** Its incoming windows. */
  readonly window: number;
  /** The outgoing counters of the peer, which is asked for it. */
  readonly peer: number;
}

/** The three numbers, each in its own right or, where it is given none, the delta. */
export const advancesOf = ({
  delta,
  ownBump,
  windowMove,
}: Pick<Settings, 'delta' | 'ownBump' | 'windowMove'>): Advances => ({
  own: ownBump === 'delta' ? delta : ownBump,
  window: windowMove === 'delta' ? delta : windowMove,
  peer: delta,
});

function fieldsOf<T extends object>(table: T): readonly (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

/** Whether a setting means anything for a revision: a bound always, a reading where the revision leaves it open. */
export const appliesTo = ({ field, policy, appliesTo: { has } }: SettingSpec, revision: Revision): boolean =>
  has(revision) &&
  (!policy || revision.policies === undefined || revision.policies.some((each) => each === field));

/** A name on the command line that sets several settings at once. */
export interface ShortForm {
  readonly key: string;
  /** Its name in the list of what a revision leaves open. */
  readonly field: string;
  readonly meaning: string;
  /** Each value, and what it sets. */
  readonly values: Readonly<Record<string, Partial<Settings>>>;
}

/** Every short form; none has the name of a setting. */
export const shortForms: readonly ShortForm[] = [
  {
    key: 'while-syncing',
    field: 'whileSyncing',
    meaning: 'what a member does with any ordinary message or packet while its sync request is unanswered',
    values: {
      hold: { ikeWhileSyncing: 'hold', espWhileSyncing: 'hold' },
      process: { ikeWhileSyncing: 'process', espWhileSyncing: 'pass' },
    },
  },
];

/** The settings that a short form sets. */
export const specsOfShortForm = ({ values }: ShortForm): readonly SettingSpec[] =>
  settingSpecs.filter(({ field }) => Object.values(values).some((set) => field in set));

/** Whether a revision leaves a reading open. */
export const leavesOpen = (revision: Revision, field: PolicyField): boolean =>
  settingSpecs.some((spec) => spec.field === field && appliesTo(spec, revision));
