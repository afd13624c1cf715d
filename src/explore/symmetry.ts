/**
 * Of states that differ only in which of some interchangeable components has which value, one is kept: that in
 * which the ids of those components go up.
 *
 * The system declares the groups. Components of a group have their values interned together, so that the same
 * value has the same id in each. That they are interchangeable means: exchange two of them in a state, and the
 * steps from there are the same but for the exchange, with the same messages sent and the same observations made
 * (the action, which is what a person is told, may differ). `checkSymmetry` holds each evaluation of a rule to it.
 */
import { canonicalText } from './canonical.ts';
import { DeclarationDefect, SystemDefect } from './defect.ts';
import type { Outcome, StepRule, System } from './system.ts';

export class Symmetry {
  readonly groups: readonly Int32Array[];
  /** Exchanges of two neighbours in a group: all others are made of these. */
  readonly exchanges: readonly (readonly [number, number])[];

  /** @throws SystemDefect if a group names a component that does not exist, or one is in two groups */
  constructor(groups: readonly (readonly number[])[], components: readonly string[]) {
    const all = groups.flat();
    const strange = all.find((index, i) => components[index] === undefined || all.indexOf(index) !== i);
    if (strange !== undefined) {
      throw new SystemDefect(
        `component ${strange} does not exist, or is in two groups of interchangeable ones`,
      );
    }
    this.groups = groups.map((group) => Int32Array.from(group).sort());
    this.exchanges = this.groups.flatMap((group) =>
      Array.from(group.subarray(1), (index, i): [number, number] => [group[i]!, index]),
    );
  }

  /** Sorts the ids of each group. */
  sort(ids: { [index: number]: number }): void {
    sortGroups(this.groups, ids);
  }

  /** For each component the first of its group, or itself. */
  representatives(components: number): readonly number[] {
    const first = Array.from({ length: components }, (_, index) => index);
    for (const group of this.groups) for (const index of group) first[index] = group[0]!;
    return first;
  }
}

/** Sorts the ids of each group. Returns whether they were not sorted. */
export function sortGroups(groups: readonly Int32Array[], ids: { [index: number]: number }): boolean {
  let isChanged = false;
  for (let g = 0; g < groups.length; g++) {
    const group = groups[g]!;
    for (let i = 1; i < group.length; i++) {
      const id = ids[group[i]!]!;
      let j = i - 1;
      for (; j >= 0 && ids[group[j]!]! > id; j--) {
        ids[group[j + 1]!] = ids[group[j]!]!;
        isChanged = true;
      }
      ids[group[j + 1]!] = id;
    }
  }
  return isChanged;
}

/**
 * Holds rules of one kind that touch the same components to the symmetry, for given values and message.
 *
 * @param values - of all components; only those that the rules touch are looked at
 * @throws DeclarationDefect if after an exchange the steps are not the same
 */
export function checkSymmetry<C, M, O, A>(
  { rules, components }: Pick<System<C, M, O, A>, 'rules' | 'components'>,
  { exchanges }: Symmetry,
  rule: StepRule<C, M, O, A>,
  values: ReadonlyMap<number, C>,
  message: M | undefined,
): void {
  for (const [one, other] of exchanges) {
    const exchanged = (index: number): number => (index === one ? other : index === other ? one : index);
    if (!rule.touches.includes(one) && !rule.touches.includes(other)) continue;
    const plain = stepsOf(rules, rule, values, message, (index) => index);
    const turned = new Map([...values].map(([index, value]) => [exchanged(index), value]));
    const mirrored = stepsOf(rules, rule, turned, message, exchanged);
    if (plain !== mirrored) {
      throw new DeclarationDefect(
        `components '${components[one]}' and '${components[other]}' are declared interchangeable, but steps of kind '${rule.kind}' are not the same when they are exchanged`,
      );
    }
  }
}

/** What all rules of a kind that touch the same components (after an exchange) do, as one text. */
function stepsOf<C, M, O, A>(
  rules: readonly StepRule<C, M, O, A>[],
  like: StepRule<C, M, O, A>,
  values: ReadonlyMap<number, C>,
  message: M | undefined,
  exchanged: (index: number) => number,
): string {
  const touched = like.touches.map(exchanged).sort((a, b) => a - b);
  const texts = rules.flatMap((rule) => {
    if (rule.kind !== like.kind || rule.receives !== like.receives) return [];
    if ([...rule.touches].sort((a, b) => a - b).join() !== touched.join()) return [];
    const own = rule.touches.map((index) => values.get(index) as C);
    const { outcomes, boundedBy } = rule.receives ? rule.step(own, message as M) : rule.step(own);
    return [
      ...outcomes.map((outcome) => textOf(rule, outcome, exchanged)),
      ...(boundedBy === undefined ? [] : [boundedBy]),
    ];
  });
  return texts.sort().join('\n');
}

function textOf<C, M, O, A>(
  { touches }: StepRule<C, M, O, A>,
  { values, sent, observations, consumes }: Outcome<C, M, O, A>,
  exchanged: (index: number) => number,
): string {
  const placed = touches.map((index, i) => [exchanged(index), values[i]] as const);
  placed.sort(([a], [b]) => a - b);
  const messages = [...new Set(sent.map(canonicalText))].sort();
  return canonicalText([placed, messages, observations, consumes === true]);
}
