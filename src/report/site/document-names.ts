/** Texts that have to be there. Others in `docs/` are taken as they are found. */
export const DOCUMENTS = {
  readme: 'README.md',
  findings: 'docs/findings.md',
  anomalies: 'traces/anomalies.md',
  captures: 'traces/README.md',
} as const;
