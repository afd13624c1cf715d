/** Conditions that fail, and the rules that they belong to. */
import { nextRequestId, type Refused, type RuleId } from '../../../model/index.ts';

/** A condition that fails, by the id of its rule. */
export const refuse = (rule: RuleId, because: string): Refused => ({ enabled: false, rule, because });

/**
 * The rule that a message breaks which is refused so. What is no step of the text at all can only have been sent as an
 * ordinary message, out of order.
 */
export const ruleBrokenBy = ({ rule }: Refused): RuleId => rule ?? nextRequestId.text.id;
