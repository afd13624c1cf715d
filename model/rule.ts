/**
 * A rule is one value: a pure function, what the text says about it, and all else that is known of it.
 *
 * The catalogue (`catalogue.ts`) is collected from these values, so a rule cannot be listed without being
 * modelled, nor modelled without being listed. The slots of a revision (`revisions/revision.ts`) are made of them.
 */

/** The documents that rules are taken from. The drafts are known from the slides of October 2010 only. */
export type Document = 'RFC6311' | 'RFC7296' | 'RFC4303' | 'IPSECHA00' | 'IPSECHA01';

/** How binding the text makes a rule; `levelSays` explains each level. */
export type Level = 'MUST' | 'SHOULD' | 'RECOMMENDED' | 'MAY' | 'stated' | 'open';

export const levelSays: Readonly<Record<Level, string>> = {
  MUST: 'the keyword of RFC 2119, or MUST NOT',
  SHOULD: 'the keyword of RFC 2119, or SHOULD NOT',
  RECOMMENDED: 'the keyword of RFC 2119',
  MAY: 'the keyword of RFC 2119',
  stated: 'the text says so without a keyword; judged like a MUST',
  open: 'the text does not say, or names several policies',
};

/** How sure we are that the text says this; `confidenceSays` explains each letter. */
export type Confidence = 'A' | 'B' | 'C' | 'D';

export const confidenceSays: Readonly<Record<Confidence, string>> = {
  A: 'the clause was read in the published text',
  B: "in the working group's slides, or agreed by two independent implementations",
  C: 'from knowledge of the published text, not looked up',
  D: 'our reading of something that the text leaves open',
};

/** The part of a revision that a rule is a slot of. */
export type Part = 'ike' | 'esp' | 'counterSync' | 'replaySync';

/** What the function of a rule returns. */
export type Returns =
  /** A Message ID, a sequence number or another count: a whole number, 0 or more. */
  | 'number'
  | 'truth'
  /** A nonce: the number or the string of a request. */
  | 'nonce'
  /** The state of an IKE SA, with the fields of the state that was given. */
  | 'state'
  /** Another plain value of the model, such as an anti-replay window. */
  | 'value';

/** Where a trace of the wire shows whether a rule was kept. */
export type SeenBy =
  /** In Message IDs, directions, exchange types and sequence numbers. */
  | 'headers'
  /** In the payloads, once decrypted. */
  | 'contents'
  /** Nowhere: it is about what a box keeps to itself, or what members exchange among themselves. */
  | 'nobody';

/** Which observation of the wire shows that an end broke a rule; `convictedBySays` explains each. */
export type ConvictedBy = 'contradiction' | 'complete observation' | 'either';

export const convictedBySays: Readonly<Record<ConvictedBy, string>> = {
  contradiction:
    'messages of that end which contradict each other, or one that contradicts itself: whatever else was not captured explains none of it',
  'complete observation':
    'only an observation in which nothing is missing, since a message that was not captured would explain what was seen',
  either:
    'messages of that end which contradict each other; where they do not, only an observation in which nothing is missing',
};

type AnyFunction = (...args: never[]) => unknown;

export interface RuleText<
  Id extends string = string,
  P extends Part = Part,
  Optional extends boolean = boolean,
> {
  /** Never changes once published: document, section (of the slides: `FC`, Failover Count), keyword. */
  readonly id: Id;
  readonly part: P;
  /** Whether there are revisions with this part that lack the rule. */
  readonly optional?: Optional;
  /** Title of the slide, where the document is known from slides. */
  readonly slide?: string;
  readonly level: Level;
  /** Whoever has to keep it. */
  readonly actor: string;
  readonly confidence: Confidence;
  readonly title: string;
  /** The rule in our words; the text itself is not quoted. */
  readonly says: string;
  /** What was wrong under this id in version 0.1.0, in one sentence; absent if nothing was. The id itself never changes. */
  readonly formerly?: string;
  readonly returns: Returns;
  readonly seenBy: SeenBy;
  /** Whether it only limits what happens, so that no step is marked by it; absent if steps are. */
  readonly leavesNoMark?: true;
  /** What has to be observed before an end can be said to have broken it; absent if no trace shows that. */
  readonly convictedBy?: ConvictedBy;
}

export type Rule<Id extends string, P extends Part, Optional extends boolean, F extends AnyFunction> = F & {
  readonly text: RuleText<Id, P, Optional>;
  /** What remains where the rule is left out; null for rules on forms that the model's own boxes never break. */
  readonly absent: F | null;
};

/** Ties what a rule says to the function that embodies it, and to its absence. */
export function rule<
  const Id extends string,
  const P extends Part,
  F extends AnyFunction,
  const Optional extends boolean = false,
>(
  { absent, ...text }: RuleText<Id, P, Optional> & { readonly absent: NoInfer<F> | null },
  embodiment: F,
): Rule<Id, P, Optional, F> {
  return Object.assign(embodiment, { text, absent });
}

/** A rule of whatever form. */
export type AnyRule = Rule<string, Part, boolean, AnyFunction>;

export const isRule = (value: unknown): value is AnyRule =>
  typeof value === 'function' && 'text' in value && 'absent' in value;

/** The document that a rule is taken from, by its id. */
export const documentOf = ({ id }: Pick<RuleText, 'id'>): Document =>
  id.slice(0, id.indexOf('-')) as Document;

/** The section of the document, by the id of the rule; of slides the title. */
export const sectionOf = ({ id, slide }: Pick<RuleText, 'id' | 'slide'>): string =>
  slide ?? id.split('-')[1] ?? '';

/** The section as published, where it is. */
export function linkOf(text: Pick<RuleText, 'id' | 'slide'>): string | null {
  const document = documentOf(text);
  return document.startsWith('RFC')
    ? `https://www.rfc-editor.org/rfc/${document.toLowerCase()}#section-${sectionOf(text)}`
    : null;
}

type SlotsIn<Module, P extends Part, Optional extends boolean> = {
  [K in keyof Module]: Module[K] extends { readonly text: RuleText<string, P, Optional> } ? K : never;
}[keyof Module];

type Slot<R> = R extends (...args: infer Args) => infer Result ? (...args: Args) => Result : never;

/** The slots of one part: the rules of it among the exports of modules. Each can be filled by another function of the same form. */
export type Slots<Module, P extends Part> = {
  readonly [K in SlotsIn<Module, P, false>]: Slot<Module[K]>;
} & {
  readonly [K in SlotsIn<Module, P, true>]?: Slot<Module[K]>;
};
