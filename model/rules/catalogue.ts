/** The catalogue of rules: collected from the functions that embody them, nowhere written by hand. */
import * as box from '../box.ts';
import * as syncAdoption from '../counter-sync-adoption.ts';
import * as syncForm from '../counter-sync-form.ts';
import * as syncRequest from '../counter-sync-request.ts';
import * as syncResponse from '../counter-sync-response.ts';
import * as counters from '../counters.ts';
import * as esp from '../esp.ts';
import * as failoverCount from '../failover-count.ts';
import * as ike from '../ike.ts';
import * as rekey from '../rekey.ts';
import * as replayCounterForm from '../replay-counter-form.ts';
import * as replayCounterSync from '../replay-counter-sync.ts';
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
  ...from('model/counters.ts', counters),
  ...from('model/ike.ts', ike),
  ...from('model/counter-sync-form.ts', syncForm),
  ...from('model/counter-sync-request.ts', syncRequest),
  ...from('model/counter-sync-response.ts', syncResponse),
  ...from('model/counter-sync-adoption.ts', syncAdoption),
  ...from('model/failover-count.ts', failoverCount),
  ...from('model/box.ts', box),
  ...from('model/esp.ts', esp),
  ...from('model/rekey.ts', rekey),
  ...from('model/replay-counter-form.ts', replayCounterForm),
  ...from('model/replay-counter-sync.ts', replayCounterSync),
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The rule with this id, if there is one. */
export const findRule = (id: string): CatalogueEntry | undefined =>
  catalogue.find((entry) => entry.id === id);
