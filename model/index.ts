/**
 * The specification: IKEv2 high availability, as pure functions. Start with `revisions`, `scenarios`,
 * `catalogue` and `properties`; the rules themselves are in `ike.ts`, `counter-sync.ts` and
 * `failover-count.ts`.
 */
import { frozen } from './frozen.ts';
import { properties } from './properties/index.ts';
import { revisions } from './revisions/index.ts';
import { catalogue } from './rules/catalogue.ts';
import { scenarios } from './scenarios/index.ts';
import { settingSpecs } from './settings.ts';

export * from './box.ts';
export * from './cluster.ts';
export * from './composition.ts';
export * from './counter-sync.ts';
export * from './counter-sync-adoption.ts';
export * from './counter-sync-form.ts';
export * from './counter-sync-request.ts';
export * from './counter-sync-response.ts';
export * from './counters.ts';
export * from './esp.ts';
export * from './failover-count.ts';
export * from './ike.ts';
export * from './member.ts';
export * from './messages.ts';
export * from './negotiation.ts';
export { queueTo } from './network.ts';
export * from './policies.ts';
export { sentAgain } from './possible-steps.ts';
export * from './properties/index.ts';
export type { Seen, Watch } from './properties/property.ts';
export * from './rekey.ts';
export * from './replay-counter-form.ts';
export * from './replay-counter-sync.ts';
export * from './replay-window.ts';
export * from './revisions/index.ts';
export { ablatable, without } from './revisions/without.ts';
export { type CatalogueEntry, catalogue, findRule, type RuleId } from './rules/catalogue.ts';
export {
  type Confidence,
  confidenceSays,
  type Document,
  type Level,
  type Rule,
  type RuleText,
  rule,
} from './rules/rule.ts';
export * from './scenarios/index.ts';
export * from './settings.ts';
export * from './step.ts';
export * from './system.ts';

// Nobody changes what is shipped, not by a shallow copy either: whoever wants another rule makes another record.
frozen([catalogue, properties, revisions, scenarios, settingSpecs]);
