/** The catalogue of rules: collected from the functions that embody them, nowhere written by hand. */

import { sections as ipsecha00 } from './ipsecha-00/index.ts';
import { sections as ipsecha01 } from './ipsecha-01/index.ts';
import { sections as rfc4303 } from './rfc4303/index.ts';
import { sections as rfc6311 } from './rfc6311/index.ts';
import { sections as rfc7296 } from './rfc7296/index.ts';
import {
  type AnyRule,
  type Document,
  documentOf,
  isRule,
  linkOf,
  type Part,
  type RuleText,
  type Slots,
  sectionOf,
} from './rule.ts';

/** What each file of a section exports, by the path of the file. */
const sections = { ...rfc7296, ...rfc4303, ...rfc6311, ...ipsecha00, ...ipsecha01 };

/** What all files of sections export, each under its own name. */
type Exported = Together<(typeof sections)[keyof typeof sections]>;
type Together<Modules> = (Modules extends unknown ? (each: Modules) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** Everything that the files of the sections export: the rules, and the steps made of them. */
export const exported: Exported = Object.assign({}, ...Object.values(sections));

/** The id of every rule: a closed union. */
export type RuleId = {
  [K in keyof Exported]: Exported[K] extends { readonly text: RuleText } ? Exported[K]['text']['id'] : never;
}[keyof Exported];

/** The rules of ordinary IKE exchanges, as a revision holds them. Each slot can be filled by another function of the same form. */
export interface OrdinaryIke extends Slots<Exported, 'ike'> {}

/** The rules of ESP, as a revision holds them. */
export interface OrdinaryEsp extends Slots<Exported, 'esp'> {}

/** The rules of counter sync, as a revision holds them; what a revision lacks is absent. */
export interface CounterSync extends Slots<Exported, 'counterSync'> {}

/** The rules of replay counter sync, as a revision holds them; what a revision lacks is absent. */
export interface ReplayCounterSync extends Slots<Exported, 'replaySync'> {}

export interface CatalogueEntry extends RuleText<RuleId> {
  readonly document: Document;
  /** Number of the section; of slides the title of one. */
  readonly section: string;
  /** The section as published, where it is. */
  readonly link: string | null;
  /** Where the rule is stated: a file of the specification and a function in it, which is also the name of its slot. */
  readonly file: string;
  readonly functionName: string;
  /** Whether it can be left out: not where the model's own boxes never break it anyway. */
  readonly canBeLeftOut: boolean;
}

const entryOf = (file: string, functionName: string, { text, absent }: AnyRule): CatalogueEntry => ({
  ...text,
  // The ids of all that is exported are those of `RuleId`.
  id: text.id as RuleId,
  document: documentOf(text),
  section: sectionOf(text),
  link: linkOf(text),
  file,
  functionName,
  canBeLeftOut: absent !== null,
});

/** Every rule, by document, section and id. */
export const catalogue: readonly CatalogueEntry[] = Object.entries(sections)
  .flatMap(([file, section]) =>
    Object.entries(section).flatMap(([name, value]: [string, unknown]) =>
      isRule(value) ? [entryOf(file, name, value)] : [],
    ),
  )
  .sort((a, b) => (a.id < b.id ? -1 : 1));

/** The rule with this id, if there is one. */
export const findRule = (id: string): CatalogueEntry | undefined =>
  catalogue.find((entry) => entry.id === id);

/** The functions of all rules of one part that every revision with this part has, by their slots. */
export const slotsOf = <P extends Part>(part: P): Slots<Exported, P> =>
  // The very functions that `Slots` lists.
  Object.fromEntries(
    Object.entries(exported).filter(
      ([, value]: [string, unknown]) =>
        isRule(value) && value.text.part === part && value.text.optional !== true,
    ),
  ) as unknown as Slots<Exported, P>;
