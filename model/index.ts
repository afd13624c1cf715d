/**
 * The specification: IKEv2 high availability (RFC 6311), as pure functions.
 *
 * **The route of a message.** An application at the active member wants an exchange: `machine/environment.ts` says
 * which steps are possible, and calls `beginRequest` (`machine/node.ts`), which calls `sendRequest`
 * (`rfc7296/2-requests-and-responses.ts`). The message lies on the network (`machine/network.ts`) until a box of the
 * other end takes it: `receive` (`machine/node.ts`) looks at its kind and hands it to the step of its section:
 *
 *     request, response             rfc7296/2-requests-and-responses.ts
 *     sync request, sync response   rfc6311/5.1-message-id-sync.ts, then 5.2-replay-counter-sync.ts for the delta
 *     ESP packet                    rfc4303/3.4.3-sequence-number-verification.ts
 *
 * A step asks the rules of its section, in the order of the text, and returns the new state of the box, the messages
 * that it sends, what the properties (`properties/`) see of it, and the ids of the rules that shaped it; or the rule
 * that forbids it.
 *
 * **Reading order.** `state/` (what is on the wire, what a box remembers), `rfc7296/` and `rfc4303/` (what there is
 * without any extension), `rfc6311/` (a file for each section: first its rules, then the step made of them),
 * `ipsecha-00/` and `ipsecha-01/` (what the drafts had instead), `machine/` (box, cluster, environment, network),
 * `properties/` (what must hold), `revisions/` (which rules a text has), `settings/` and `scenarios/` (what is
 * explored). `rule.ts` and `catalogue.ts` say what a rule is, and list all.
 */
import { catalogue } from './catalogue.ts';
import { clauses } from './clauses.ts';
import { textExamples } from './examples/appendix.ts';
import { frozen } from './frozen.ts';
import { progressProperties, properties, safetyProperties } from './properties/index.ts';
import { revisions } from './revisions/index.ts';
import { scenarios } from './scenarios/index.ts';
import { networks, settingSpecs, settingTable, shortForms, usual } from './settings/settings.ts';

export {
  type CatalogueEntry,
  type CounterSync,
  catalogue,
  findRule,
  type OrdinaryEsp,
  type OrdinaryIke,
  type ReplayCounterSync,
  type RuleId,
} from './catalogue.ts';
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
} from './clauses.ts';
export * from './examples/appendix.ts';
export * from './ipsecha-00/per-sa-counters.ts';
export * from './ipsecha-01/failover-count.ts';
export * from './ipsecha-01/solution.ts';
export * from './machine/cluster.ts';
export * from './machine/composition.ts';
export { sentAgain } from './machine/environment.ts';
export { receivingOf } from './machine/exchanges.ts';
export { queueTo } from './machine/network.ts';
export * from './machine/node.ts';
export * from './machine/system.ts';
export * from './properties/index.ts';
export { broken, fine, type Seen, safety, type Watch } from './properties/property.ts';
export * from './revisions/index.ts';
export * from './revisions/without.ts';
export * from './rfc4303/2.2.1-extended-sequence-numbers.ts';
export * from './rfc4303/3.3.3-sequence-number-generation.ts';
export * from './rfc4303/3.4.3-sequence-number-verification.ts';
export * from './rfc6311/3.4-counter-modes.ts';
export * from './rfc6311/5.1-message-id-sync.ts';
export * from './rfc6311/5.2-replay-counter-sync.ts';
export * from './rfc6311/5-counter-sync-exchange.ts';
export * from './rfc6311/6.1-message-id-sync-supported.ts';
export * from './rfc6311/6.2-replay-counter-sync-supported.ts';
export * from './rfc6311/6.3-message-id-sync-notification.ts';
export * from './rfc6311/6.4-replay-counter-notification.ts';
export * from './rfc6311/7-implementation-details.ts';
export * from './rfc6311/8.1-messages-outside-the-window.ts';
export * from './rfc6311/8.2-pending-ipsec-messages.ts';
export * from './rfc6311/8.3-inconsistent-sas.ts';
export * from './rfc6311/11-replays.ts';
export * from './rfc7296/1.4.1-deleting-an-sa.ts';
export * from './rfc7296/2.1-retransmission.ts';
export * from './rfc7296/2.2-message-ids.ts';
export * from './rfc7296/2.3-window.ts';
export * from './rfc7296/2.8.1-simultaneous-child-sa-rekeying.ts';
export * from './rfc7296/2.8-rekeying.ts';
export * from './rfc7296/2-requests-and-responses.ts';
export * from './rule.ts';
export * from './scenarios/index.ts';
export * from './settings/settings.ts';
export * from './state/member.ts';
export * from './state/messages.ts';
export * from './state/numbers.ts';
export * from './state/replay-window.ts';
export * from './state/step.ts';

// Nobody changes what is shipped, not by a shallow copy either: whoever wants another rule makes another record.
frozen([
  catalogue,
  clauses,
  networks,
  progressProperties,
  properties,
  revisions,
  safetyProperties,
  scenarios,
  settingSpecs,
  settingTable,
  shortForms,
  textExamples,
  usual,
]);
