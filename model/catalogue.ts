/** The catalogue of rules: collected from the functions that embody them, nowhere written by hand. */

import * as failoverCount from './ipsecha-01/failover-count.ts';
import * as box from './machine/node.ts';
import * as esp from './rfc4303/3-esp-packets.ts';
import * as syncRequest from './rfc6311/5.1-message-id-sync.ts';
import * as replayCounterSync from './rfc6311/5.2-replay-counter-sync.ts';
import * as replayCounterForm from './rfc6311/6.4-replay-counter-notification.ts';
import * as syncAdoption from './rfc6311/counter-sync-adoption.ts';
import * as syncForm from './rfc6311/counter-sync-form.ts';
import * as syncResponse from './rfc6311/counter-sync-response.ts';
import * as counters from './rfc7296/2.2-message-ids.ts';
import * as rekey from './rfc7296/2.8-rekeying.ts';
import * as ike from './rfc7296/2-requests-and-responses.ts';
import type { Rule, RuleText } from './rule.ts';

type RuleIn<Module> = Module extends unknown
  ? Extract<Module[keyof Module], { readonly text: RuleText }>
  : never;

/** The id of every rule: a closed union. */
export type RuleId = RuleIn<
  | typeof counters
  | typeof ike
  | typeof syncForm
  | typeof syncRequest
  | typeof syncResponse
  | typeof syncAdoption
  | typeof failoverCount
  | typeof box
  | typeof esp
  | typeof rekey
  | typeof replayCounterForm
  | typeof replayCounterSync
>['text']['id'];

export interface CatalogueEntry extends RuleText<RuleId> {
  /** Where the rule is stated: a file of the specification and a function in it. */
  readonly file: string;
  readonly functionName: string;
}

const isRule = (value: unknown): value is Rule<RuleId, () => unknown> =>
  typeof value === 'function' && 'text' in value;

const from = (file: string, module: object): readonly CatalogueEntry[] =>
  Object.entries(module).flatMap(([functionName, value]: [string, unknown]) =>
    isRule(value) ? [{ ...value.text, file, functionName }] : [],
  );

/** Every rule, by document, section and id. */
export const catalogue: readonly CatalogueEntry[] = [
  ...from('model/rfc7296/2.2-message-ids.ts', counters),
  ...from('model/rfc7296/2-requests-and-responses.ts', ike),
  ...from('model/rfc6311/counter-sync-form.ts', syncForm),
  ...from('model/rfc6311/5.1-message-id-sync.ts', syncRequest),
  ...from('model/rfc6311/counter-sync-response.ts', syncResponse),
  ...from('model/rfc6311/counter-sync-adoption.ts', syncAdoption),
  ...from('model/ipsecha-01/failover-count.ts', failoverCount),
  ...from('model/machine/node.ts', box),
  ...from('model/rfc4303/3-esp-packets.ts', esp),
  ...from('model/rfc7296/2.8-rekeying.ts', rekey),
  ...from('model/rfc6311/6.4-replay-counter-notification.ts', replayCounterForm),
  ...from('model/rfc6311/5.2-replay-counter-sync.ts', replayCounterSync),
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The rule with this id, if there is one. */
export const findRule = (id: string): CatalogueEntry | undefined =>
  catalogue.find((entry) => entry.id === id);
