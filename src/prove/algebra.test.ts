/** Both readings of the operations agree. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { type Algebra, isIndex, max, type Terms } from './algebra.ts';
import { concrete } from './concrete.ts';
import { smtlib } from './smtlib.ts';
import { closeZ3, openZ3 } from './z3.ts';

afterAll(closeZ3);

/** Numbers to compute with: three integers, two truth values. */
interface Given {
  readonly ints: readonly [number, number, number];
  readonly bools: readonly [boolean, boolean];
}

/** Every operation, in claims about what is given. */
function claims<T extends Terms>(a: Algebra<T>, { ints, bools }: Given): readonly T['bool'][] {
  const [x, y, z] = [a.int(ints[0]), a.int(ints[1]), a.int(ints[2])];
  const [p, q] = [a.truth(bools[0]), a.truth(bools[1])];
  const two = a.list(x, y);
  const three = a.append(two, z);
  return [
    a.eq(a.add(x, y), z),
    a.lt(x, y),
    a.le(x, y),
    a.eq(a.ite(p, x, y), z),
    a.eq(max(a, x, y), z),
    a.not(p),
    a.and(),
    a.and(p),
    a.and(p, q),
    a.or(),
    a.or(p, q),
    a.implies(p, q),
    a.eq(a.length(three), z),
    a.eq(a.at(three, a.int(2)), z),
    a.eq(a.at(three, a.int(0)), a.at(two, a.int(1))),
    isIndex(a, two, z),
    a.same('list', a.list(y, x), two),
    a.same('list', three, two),
    a.same('bool', p, q),
    a.same('int', x, z),
    a.and(isIndex(a, three, x), a.lt(a.at(three, x), y)),
  ];
}

describe('the two readings', () => {
  test('give the same truth value to every claim', async () => {
    const z3 = await openZ3();
    const small = fc.integer({ min: -3, max: 4 });
    const given = fc.record({
      ints: fc.tuple(small, small, small),
      bools: fc.tuple(fc.boolean(), fc.boolean()),
    });
    const property = fc.asyncProperty(given, async (numbers) => {
      const computed = claims(concrete, numbers);
      const asked = claims(smtlib, numbers).map((claim, index) => smtlib.eq(claim, `${computed[index]}`));
      const text = `(assert ${smtlib.not(smtlib.and(...asked))})`;
      expect((await z3.check(text, 10_000)).result, text).toBe('unsat');
    });
    await fc.assert(property, { numRuns: 60, seed: 6311 });
  });
});
