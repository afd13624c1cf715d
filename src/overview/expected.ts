/** The verdicts that are expected of what is shipped; anything else is news. */
export const expectedChecks: readonly {
  readonly revision: string;
  readonly scenario: string;
  /** Properties that are violated, with the length of the shortest counterexample. */
  readonly broken: Readonly<Record<string, number>>;
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
  { revision: 'rfc6311', scenario: 'single-failover', broken: {} },
  { revision: 'rfc6311', scenario: 'multiple-failover', broken: {} },
  { revision: 'rfc6311', scenario: 'replay', broken: {} },
];
