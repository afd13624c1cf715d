/** Which scenarios take how long to check, as far as one knows beforehand. */

/** The shipped scenarios by what they take at the small size with RFC 6311, the cheapest first. */
export const CHEAPEST: readonly string[] = [
  ...['shared-state', 'packets-multiple-failover', 'combined', 'replay-counter-only', 'message-id-only'],
  ...['missing-state-sync', 'packets-during-failover', 'simultaneous-failover', 'child-sas'],
  ...['counters-at-maximum', 'periodic-state-sync', 'larger-window', 'replay', 'rekey', 'single-failover'],
  ...['multiple-failover', 'negotiation'],
];
