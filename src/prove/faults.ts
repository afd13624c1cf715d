/** What breaks a proof: a rule that is left out, another reading, or an assumption that is dropped; and where it breaks. */
import type { TheoremQuestion } from './derived.ts';

/** A property, what is changed, and the step and statement at which the proof fails then. */
export type Fault = readonly [property: string, question: Partial<TheoremQuestion>, broken: string];

/** Each of these is proved as the text has it. */
export const FAULTS: readonly Fault[] = [
  ['sync-request-once', { without: ['RFC6311-5.1-DROP-STALE'] }, 'sync-request to the peer: the property'],
  ['sync-request-once', { set: ['m1-compare=next-expected'] }, 'sync-request to the peer: the property'],
  [
    'sync-request-once',
    { revision: 'ipsecha-01', without: ['IPSECHA01-FC-OBSERVED'] },
    'sync-request to the peer: the property',
  ],
  [
    'sync-response-fresh',
    { without: ['RFC6311-5.1-NONCE-CHECK'] },
    'sync-response to the cluster: the property',
  ],
  ['window-respected', { without: ['RFC7296-2.3-EXPECTED-ID'] }, 'request to the cluster: the property'],
  ['window-respected', { without: ['RFC7296-2.3-WINDOW'] }, 'request by the cluster: the property'],
  [
    'window-respected',
    { without: ['RFC7296-2.3-WINDOW'], set: ['window=2'] },
    'request by the cluster: the property',
  ],
  ['message-id-monotonicity', { assume: ['none'] }, 'failover: M1-ABOVE-USED'],
  ['message-id-monotonicity', { assume: ['none'], set: ['window=2'] }, 'failover: M1-ABOVE-USED'],
  ['message-id-monotonicity', { without: ['RFC6311-5.1-M2'] }, 'sync-request to the peer: M2-NOT-BELOW-M1'],
  [
    'message-id-monotonicity',
    { without: ['RFC6311-5.1-P2'] },
    'sync-request to the peer: NEXT-OF-PEER-ABOVE-USED',
  ],
  ['message-id-monotonicity', { without: ['RFC7296-2.2-NEXT-ID'] }, 'request by the cluster: the property'],
  ['request-at-most-once', { set: ['while-syncing=process'] }, 'request to the cluster: the property'],
  ['request-at-most-once', { without: ['RFC7296-2.3-EXPECTED-ID'] }, 'request to the peer: the property'],
  [
    'request-at-most-once',
    { without: ['RFC7296-2.3-EXPECTED-ID'], set: ['window=2'] },
    'request to the cluster: the property',
  ],
  [
    'response-matches-request',
    { without: ['RFC7296-2.1-RESPONSE-MATCH'] },
    'response to the cluster: the property',
  ],
  ['counters-never-regress', { assume: ['none'] }, 'failover: the property'],
  ['counters-never-regress', { without: ['RFC6311-5.1-P2'] }, 'sync-request to the peer: the property'],
  ['sync-negotiated', { without: ['RFC6311-5-NEGOTIATED'] }, 'failover: the property'],
  [
    'sync-once-per-failover',
    { without: ['RFC6311-7-ONCE-PER-FAILOVER'] },
    'retry by the cluster: the property',
  ],
  ['sync-once-per-failover', { set: ['retry=fresh'] }, 'retry by the cluster: the property'],
  ['esp-sequence-unique', { assume: ['none'] }, 'failover: COUNTER-NOT-BELOW-SENT'],
  ['esp-sequence-unique', { without: ['RFC6311-5.2-OWN-BUMP'] }, 'failover: COUNTER-NOT-BELOW-SENT'],
  ['esp-replay-rejected', { assume: ['none'] }, 'failover: ACCEPTED-IS-OLD'],
  ['esp-replay-rejected', { set: ['in-window=keep'] }, 'failover: ACCEPTED-IS-OLD'],
  [
    'esp-replay-rejected',
    { set: ['in-window=accept-outside', 'esp-while-syncing=pass'] },
    'esp to the cluster: the property',
  ],
  ['esp-replay-rejected', { without: ['RFC4303-3.4.3-ANTI-REPLAY'] }, 'esp to the peer: the property'],
  ['esn-inferred-right', { assume: ['none'] }, 'esp to the cluster: the property'],
  ['esn-inferred-right', { without: ['RFC4303-2.2.1-ESN'] }, 'esp to the peer: the property'],
  ['delta-added-once', { without: ['RFC6311-5.1-DROP-STALE'] }, 'sync-request to the peer: the property'],
  ['delta-added-once', { without: ['RFC6311-5.2-ORDER'] }, 'sync-request to the peer: the property'],
  ['recovery-possible', { assume: ['none'] }, 'failover: M1-ABOVE-USED'],
  ['recovery-possible', { set: ['m1-sharing=not-told'] }, 'failover: M1-KNOWN-OF-STANDBY'],
  ['recovery-possible', { without: ['RFC6311-5.1-M1-FRESH'] }, 'failover: SEEN-IS-ANSWERED'],
  ['recovery-possible', { without: ['RFC6311-5.1-M2'] }, 'sync-request to the peer: SEEN-IS-ANSWERED'],
  ['recovery-possible', { without: ['RFC6311-5.1-P2'] }, 'sync-request to the peer: CLUSTER-IS-READY'],
  ['recovery-possible', { without: ['RFC6311-5.1-P2'] }, 'sync-request to the peer: the property'],
  ['recovery-possible', { without: ['RFC6311-5.1-ADOPT'] }, 'sync-response to the cluster: PEER-IS-READY'],
  [
    'recovery-possible',
    { without: ['RFC6311-11-RESPONSE-ONCE'] },
    'sync-response to the cluster: PEER-IS-READY',
  ],
  ['recovery-possible', { without: ['RFC6311-5-RESPOND'] }, 'sync-request to the peer: SYNC-RESPONSE-SENT'],
  [
    'delta-added-once',
    { revision: 'ipsecha-01', without: ['IPSECHA01-FC-OBSERVED'] },
    'sync-request to the peer: the property',
  ],
  ['iv-never-repeats', { assume: ['none'] }, 'failover: IV-COUNT-ABOVE-USED'],
  ['iv-never-repeats', { set: ['ike-iv=message-id'] }, 'failover: the property'],
  ['iv-never-repeats', { set: ['ike-iv=message-id'], assume: ['ZERO-APART'] }, 'failover: IV-M1-ABOVE-USED'],
  [
    'iv-never-repeats',
    {
      set: ['ike-iv=message-id'],
      without: ['RFC7296-2.3-EXPECTED-ID'],
      assume: ['BUMP-COVERS-LAG', 'ZERO-APART'],
    },
    'request to the peer: the property',
  ],
  ['iv-never-repeats', { without: ['RFC6311-3.4-IV-UNIQUE'] }, 'request by the cluster: the property'],
  // With clusters at both ends.
  [
    'message-id-monotonicity',
    { assume: ['none'], set: ['peer-members=2'] },
    'failover of the peer: M1-ABOVE-USED-OF-PEER',
  ],
  ['request-at-most-once', { assume: ['none'], set: ['peer-members=2'] }, 'failover: M1-ABOVE-USED'],
  [
    'request-at-most-once',
    { set: ['peer-members=2', 'p2-counts=used-only'] },
    'sync-request to the peer: P2-ABOVE-PROCESSED',
  ],
  [
    'sync-request-once',
    { assume: ['none'], set: ['peer-members=2'] },
    'failover of the peer: ACCEPTED-IS-STALE',
  ],
  [
    'counters-never-regress',
    { assume: ['BUMP-COVERS-SHOWN'], set: ['peer-members=2'] },
    'failover of the peer: LEARNT-IS-SEEN-OF-PEER',
  ],
];

const inWords = ({ revision, set = [], without = [], assume = [] }: Partial<TheoremQuestion>): string =>
  [
    ...(revision === undefined ? [] : [`of \`${revision}\``]),
    ...without.map((rule) => `without ${rule}`),
    ...set.map((change) => `\`${change}\``),
    ...(assume.length === 0
      ? []
      : [assume.includes('none') ? 'nothing assumed' : `${assume.join(' and ')} alone assumed`]),
  ].join(', ');

/** As a table of Markdown. */
export const faultsTable = (): string =>
  [
    '| property | is not proved with | step | statement that fails |',
    '| --- | --- | --- | --- |',
    ...FAULTS.map(([property, question, broken]) => {
      const [step = '', statement = ''] = broken.split(': ');
      return `| \`${property}\` | ${inWords(question)} | ${step} | ${statement} |`;
    }),
  ].join('\n');
