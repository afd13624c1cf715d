import { findRule } from '../../model/index.ts';

/** The title of a rule; its id if it is not in the catalogue. */
export const findRuleTitle = (id: string): string => findRule(id)?.title ?? id;
