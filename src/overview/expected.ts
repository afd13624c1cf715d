/** The verdicts that are expected of what is shipped; anything else is news. */
export const expectedChecks: readonly {
  readonly revision: string;
  readonly scenario: string;
  /** Properties that are violated, with the length of the shortest counterexample. */
  readonly broken: Readonly<Record<string, number>>;
  /** Properties that the bounds leave undecided. */
  readonly undecided?: readonly string[];
}[] = [
  {
    revision: 'ikev2',
    scenario: 'single-failover',
    broken: {
      'message-id-monotonicity': 3,
      'request-at-most-once': 4,
      'response-matches-request': 5,
      'counters-never-regress': 3,
      'recovery-possible': 3,
    },
  },
  {
    revision: 'ikev2',
    scenario: 'multiple-failover',
    broken: {
      'message-id-monotonicity': 3,
      'request-at-most-once': 4,
      'response-matches-request': 5,
      'counters-never-regress': 3,
      'recovery-possible': 4,
    },
  },
  {
    revision: 'ikev2',
    scenario: 'replay',
    broken: {
      'message-id-monotonicity': 3,
      'request-at-most-once': 4,
      'response-matches-request': 5,
      'counters-never-regress': 3,
      'recovery-possible': 5,
    },
  },
  // Nothing protects sync requests against replay.
  {
    revision: 'ipsecha-00',
    scenario: 'single-failover',
    broken: { 'sync-request-once': 3, 'recovery-possible': 4 },
  },
  {
    revision: 'ipsecha-00',
    scenario: 'multiple-failover',
    broken: { 'sync-request-once': 3, 'recovery-possible': 5 },
  },
  {
    revision: 'ipsecha-00',
    scenario: 'replay',
    broken: { 'sync-request-once': 3, 'recovery-possible': 6 },
  },
  { revision: 'ipsecha-01', scenario: 'single-failover', broken: {} },
  { revision: 'ipsecha-01', scenario: 'multiple-failover', broken: {} },
  // A sync request that is replaced after it arrived has an observed Failover Count. More retries would not help,
  // but the bound on them does not show that.
  { revision: 'ipsecha-01', scenario: 'replay', broken: {}, undecided: ['recovery-possible'] },
  { revision: 'rfc6311', scenario: 'single-failover', broken: {} },
  { revision: 'rfc6311', scenario: 'multiple-failover', broken: {} },
  { revision: 'rfc6311', scenario: 'replay', broken: {} },
];
