/** Which rules traces are judged by, and which of them need the contents of messages. */
import { type CatalogueEntry, catalogue, type Revision, type RuleId, rulesOf } from '../../../model/index.ts';

/** What a text only allows, or leaves open, cannot be broken. What it states can, with or without a keyword. */
const isAsked = ({ level }: CatalogueEntry): boolean => level !== 'open' && level !== 'MAY';

/** A fault against the others shows as one against another rule, or as nothing at all. */
const convicts = ({ convictedBy }: CatalogueEntry): boolean => convictedBy !== undefined;

/** Ids of the rules of a revision that traces are judged by. */
export const judgedOnTraces = (revision: Revision): readonly RuleId[] =>
  rulesOf(revision).flatMap((rule) => (isAsked(rule) && convicts(rule) ? [rule.id] : []));

/** Ids of the rules of a revision that cannot be judged where contents of messages are not read. */
export const notJudgedWithout = (revision: Revision): readonly RuleId[] =>
  rulesOf(revision).flatMap((rule) =>
    isAsked(rule) && convicts(rule) && rule.seenBy === 'contents' ? [rule.id] : [],
  );

/** Ids of the rules that no source says enough of. */
export const notJudgedOnTraces = (): readonly RuleId[] =>
  catalogue.flatMap((rule) => (rule.level !== 'open' && rule.seenBy === 'nobody' ? [rule.id] : []));

/** Ids of the rules of which the wire shows something, but no fault by their own names. */
export const shownAsOthers = (): readonly RuleId[] =>
  catalogue.flatMap((rule) =>
    rule.level !== 'open' && rule.seenBy !== 'nobody' && !convicts(rule) ? [rule.id] : [],
  );
