/** Exit statuses: a contract. */
export const EXIT = {
  /** Holds, conformant, proved (or refuted, where that is expected). */
  ok: 0,
  /** Violated, does not conform. */
  violated: 1,
  /** Wrong usage, or input that cannot be read. */
  usage: 2,
  inconclusive: 3,
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** The status for a verdict of any command. */
export function exitFor(verdict: string): Exit {
  if (verdict === 'violated' || verdict === 'violates' || verdict === 'refuted') return EXIT.violated;
  return verdict === 'inconclusive' ? EXIT.inconclusive : EXIT.ok;
}

/** The status for several verdicts: the worst of them. */
export const exitForAll = (verdicts: readonly string[]): Exit => {
  const exits = verdicts.map(exitFor);
  if (exits.includes(EXIT.violated)) return EXIT.violated;
  return exits.includes(EXIT.inconclusive) ? EXIT.inconclusive : EXIT.ok;
};
