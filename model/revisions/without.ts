/**
 * Ablation: a revision with one rule replaced by its absence, so that one can ask what the rule is there for.
 */
import { type CatalogueEntry, exported, findRule, type RuleId } from '../catalogue.ts';
import { isRule } from '../rule.ts';
import { type Revision, rulesOf } from './revision.ts';

/** Ids of the rules that can be left out of a revision. */
export const ablatable = (revision: Revision): readonly RuleId[] =>
  rulesOf(revision).flatMap(({ id, canBeLeftOut }) => (canBeLeftOut ? [id] : []));

/** Whether a rule, by its id, can be left out of a revision. */
export const canBeLeftOut = (revision: Revision, ruleId: string): boolean =>
  ablatable(revision).some((id) => id === ruleId);

/** The revision without a rule; undefined if the rule is not part of it, or shapes no step. */
export function without(revision: Revision, ruleId: string): Revision | undefined {
  const entry = findRule(ruleId);
  const part = entry === undefined ? null : revision[entry.part];
  const absent = entry === undefined ? null : absenceOf(entry);
  if (entry === undefined || part === null || absent === null) return undefined;
  if (!Object.hasOwn(part, entry.functionName)) return undefined;
  return {
    ...revision,
    name: `${revision.name} without ${ruleId}`,
    [entry.part]: { ...part, [entry.functionName]: absent },
  };
}

function absenceOf({ functionName }: CatalogueEntry): unknown {
  const found = Object.entries(exported).find(([name]) => name === functionName)?.[1];
  return isRule(found) ? found.absent : null;
}
