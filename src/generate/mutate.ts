/** Tries the validator: traces of random runs, each with one fault put in; which faults are caught, and by which rule. */
import { setImmediate } from 'node:timers/promises';
import { type Revision, type RuleId, type Settings, scenarios, settingsFor } from '../../model/index.ts';
import { Random } from '../explore/walk/random.ts';
import type { Validation } from '../traces/findings/finding.ts';
import { validate } from '../traces/validate.ts';
import { type Generated, generate } from './generate.ts';
import { type Mutation, mutations } from './mutations.ts';
import type { WireEvent } from './wire.ts';

export interface MutationTally {
  readonly mutation: string;
  readonly does: string;
  /** The rules that may be named for it. */
  readonly rules: readonly RuleId[];
  readonly tried: number;
  /** With such a rule; by another one; and not at all. Of a mutation that breaks nothing: as it should be, or not. */
  readonly caught: number;
  readonly otherwise: number;
  readonly missed: number;
  /** How often each rule was named first. */
  readonly by: Readonly<Record<string, number>>;
  /** Why it cannot always be seen. */
  readonly unseen?: string;
  /** The first trace in which it was not caught with such a rule. */
  readonly example?: { readonly scenario: string; readonly trace: number };
}

export interface MutateRequest {
  readonly revision: Revision;
  readonly places: readonly { readonly scenario: string; readonly settings: Settings }[];
  readonly seed: number;
  /** Runs in each scenario. */
  readonly walks: number;
  readonly steps: number;
  readonly signal?: { readonly aborted: boolean };
}

/** Places whose traces have something for every mutation. */
export const usualPlaces = (revision: Revision): MutateRequest['places'] =>
  scenarios
    .filter(({ name }) =>
      ['single-failover', 'packets-during-failover', 'multiple-failover', 'combined', 'replay'].includes(
        name,
      ),
    )
    .map((scenario) => ({ scenario: scenario.name, settings: settingsFor(scenario, 'medium', revision) }));

export async function mutate(request: MutateRequest): Promise<readonly MutationTally[]> {
  const { revision, places, seed, walks, steps, signal } = request;
  const tallies = mutations.map(startOf);
  for (const { scenario, settings } of places) {
    const runs = generate({ revision, settings, observer: 'wire', seed, walks, steps });
    for (const run of runs) {
      await setImmediate();
      if (signal?.aborted === true) return tallies;
      const trace = run.events.filter(isOnTheWire);
      // What breaks something by itself would hide what is put in.
      if (validate(trace, { revision, complete: true }).verdict !== 'conformant') continue;
      mutations.forEach((mutation, index) => {
        const random = new Random(seed, 0x2000_0000 + run.naming.trace * mutations.length + index);
        const mutated = mutation.mutate(trace, random);
        if (mutated === undefined) return;
        count(tallies[index]!, mutation, validate(mutated, { revision, complete: true }), scenario, run);
      });
    }
  }
  return tallies;
}

const isOnTheWire = (event: Generated['events'][number]): event is WireEvent =>
  'message' in event && event.from !== undefined && event.sa !== undefined;

type Growing = { -readonly [Key in keyof MutationTally]: MutationTally[Key] } & {
  readonly by: Record<string, number>;
};

const startOf = ({ id, does, rules, unseen }: Mutation): Growing => ({
  ...{ mutation: id, does, rules, tried: 0, caught: 0, otherwise: 0, missed: 0, by: {} },
  ...(unseen === undefined ? {} : { unseen }),
});

function count(
  tally: Growing,
  { rules }: Mutation,
  { findings, verdict }: Validation,
  scenario: string,
  { naming: { trace } }: Generated,
): void {
  tally.tried++;
  const right = findings.find(({ rule }) => rules.includes(rule));
  const rule = (right ?? findings[0])?.rule;
  if (rule !== undefined) tally.by[rule] = (tally.by[rule] ?? 0) + 1;
  const isRight = rules.length === 0 ? verdict === 'conformant' : right !== undefined;
  if (isRight) tally.caught++;
  else {
    if (findings.length > 0) tally.otherwise++;
    else tally.missed++;
    tally.example ??= { scenario, trace };
  }
}
