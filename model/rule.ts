/**
 * A rule is a pure function and what the text says about it, in one value.
 *
 * The catalogue (`catalogue.ts`) is collected from these functions, so a rule cannot be listed without being
 * modelled, nor modelled without being listed.
 */

/** The documents that rules are taken from. The drafts are known from the slides of October 2010 only. */
export type Document = 'RFC6311' | 'RFC7296' | 'RFC4303' | 'IPSECHA00' | 'IPSECHA01';

export type Level = 'MUST' | 'SHOULD' | 'RECOMMENDED' | 'MAY' | 'open';

/** How sure we are that the text says this; `confidenceSays` tells what each letter means. */
export type Confidence = 'A' | 'B' | 'C' | 'D';

export const confidenceSays: Readonly<Record<Confidence, string>> = {
  A: 'wording seen, quoted in a public implementation',
  B: "in the working group's slides, or agreed by two independent implementations",
  C: 'from knowledge of the published text, not looked up',
  D: 'our reading of something that the text leaves open',
};

export interface RuleText<Id extends string = string> {
  /** Never changes once published: document, section (of the slides: `FC`, Failover Count), keyword. */
  readonly id: Id;
  readonly document: Document;
  /** Number of the section; of the slides the title of one. */
  readonly section: string;
  readonly level: Level;
  /** Who has to keep it. */
  readonly actor: string;
  readonly confidence: Confidence;
  readonly title: string;
  /** The rule in our words; the text itself is not quoted. */
  readonly says: string;
}

export type Rule<Id extends string, F> = F & { readonly text: RuleText<Id> };

/** Ties what a rule says to the function that embodies it. */
export function rule<const Id extends string, F extends (...args: never[]) => unknown>(
  text: RuleText<Id>,
  embodiment: F,
): Rule<Id, F> {
  return Object.assign(embodiment, { text });
}
