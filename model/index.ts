/**
 * The specification: IKEv2 high availability, as pure functions. Start with `revisions`, `scenarios`,
 * `catalogue` and `properties`; the rules themselves are in `ike.ts`, `counter-sync.ts` and
 * `failover-count.ts`.
 */

export { type CatalogueEntry, catalogue, findRule, type RuleId } from './catalogue.ts';
export {
  type Clause,
  type ClauseActor,
  type ClauseDocument,
  type ClauseLevel,
  clauseLink,
  clauses,
  clausesOf,
  isModelled,
  type ModelledClause,
  type OtherClause,
  type RuleRef,
} from './clauses.ts';
export * from './ipsecha-01/failover-count.ts';
export * from './machine/cluster.ts';
export * from './machine/composition.ts';
export { sentAgain } from './machine/environment.ts';
export { queueTo } from './machine/network.ts';
export * from './machine/node.ts';
export * from './machine/system.ts';
export * from './properties/index.ts';
export type { Seen, Watch } from './properties/property.ts';
export * from './revisions/index.ts';
export { ablatable, without } from './revisions/without.ts';
export * from './rfc4303/3-esp-packets.ts';
export * from './rfc6311/5.1-message-id-sync.ts';
export * from './rfc6311/5.2-replay-counter-sync.ts';
export * from './rfc6311/5-counter-sync-exchange.ts';
export * from './rfc6311/6.4-replay-counter-notification.ts';
export * from './rfc6311/counter-sync.ts';
export * from './rfc6311/counter-sync-adoption.ts';
export * from './rfc6311/counter-sync-form.ts';
export * from './rfc6311/counter-sync-response.ts';
export * from './rfc7296/2.2-message-ids.ts';
export * from './rfc7296/2.8-rekeying.ts';
export * from './rfc7296/2-requests-and-responses.ts';
export {
  type Confidence,
  confidenceSays,
  type Document,
  type Level,
  type Rule,
  type RuleText,
  rule,
} from './rule.ts';
export * from './scenarios/index.ts';
export * from './settings/policies.ts';
export * from './settings/settings.ts';
export * from './state/member.ts';
export * from './state/messages.ts';
export * from './state/replay-window.ts';
export * from './state/step.ts';
