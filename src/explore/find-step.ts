/** A shortest run that ends with a step of some sort: an example of it. */
import { breathe } from './host.ts';
import { Interner } from './intern.ts';
import type { TakenStep } from './result.ts';
import { type Seen, Stepper } from './stepper.ts';
import type { System } from './system.ts';

export type FoundStep<C, M, O, A> =
  | {
      readonly kind: 'found';
      readonly initial: readonly C[];
      readonly steps: readonly TakenStep<C, M, O, A>[];
    }
  /** There is no such step in any run. */
  | { readonly kind: 'never' }
  | { readonly kind: 'inconclusive' };

/** Looks for such a step, breadth first, until the time is over or it is interrupted. */
export async function findStep<C, M, O, A>(
  system: System<C, M, O, A>,
  isIt: (seen: Seen<M, A>) => boolean,
  { seconds, signal }: { readonly seconds?: number; readonly signal?: { readonly aborted: boolean } } = {},
): Promise<FoundStep<C, M, O, A>> {
  const labels = new Interner<unknown>();
  const stepper = new Stepper(system, labels, isIt);
  const wanted = labels.idOf(true);
  const began = performance.now();
  /** The state before each, and the arc from there. */
  const parents = new Map<number, readonly [number, number]>();
  const queue = [...new Set(stepper.initial())];
  const seen = new Set(queue);
  const pathTo = (state: number): readonly [readonly C[], readonly TakenStep<C, M, O, A>[]] => {
    const steps: TakenStep<C, M, O, A>[] = [];
    let at = state;
    for (let before = parents.get(at); before !== undefined; before = parents.get(at)) {
      const [parent, arc] = before;
      steps.unshift(stepper.told(parent, stepper.arcsFrom(parent)[arc]!));
      at = parent;
    }
    return [stepper.valuesOf(at), steps];
  };
  for (let head = 0; head < queue.length; head++) {
    if (head % 256 === 255) {
      await breathe();
      if (signal?.aborted === true) return { kind: 'inconclusive' };
      if (seconds !== undefined && performance.now() - began >= seconds * 1000)
        return { kind: 'inconclusive' };
    }
    const state = queue[head]!;
    for (const [index, arc] of stepper.arcsFrom(state).entries()) {
      if (arc.label === wanted) {
        const [initial, steps] = pathTo(state);
        return { kind: 'found', initial, steps: [...steps, stepper.told(state, arc)] };
      }
      if (seen.has(arc.target)) continue;
      seen.add(arc.target);
      parents.set(arc.target, [state, index]);
      queue.push(arc.target);
    }
  }
  return { kind: 'never' };
}
