import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import type { System } from './system.ts';

/**
 * One component sends messages 0, 1, 2 ... up to `count` of them, another remembers the last that it received.
 * With s of n messages sent there are s + 1 states, s steps of receiving from each, and 1 of sending if s < n.
 */
const stream = (count: number): System<number, { readonly number: number }, number, string> => ({
  name: 'stream',
  components: ['sent', 'last received'],
  initial: [[0, -1]],
  rules: [
    {
      kind: 'send',
      touches: [0],
      receives: false,
      step: ([sent]) => ({
        outcomes:
          sent! < count
            ? [{ values: [sent! + 1], sent: [{ number: sent! }], observations: [], action: 'send' }]
            : [],
      }),
    },
    {
      kind: 'receive',
      touches: [1],
      receives: true,
      step: (_, { number }) => ({
        outcomes: [{ values: [number], sent: [], observations: [number], action: 'receive' }],
      }),
    },
  ],
  monitors: [
    {
      id: 'never-the-last',
      initial: null,
      observe: (state, number) =>
        number === count - 1 ? { ok: false, because: `${number} arrived` } : { ok: true, state },
    },
  ],
  progress: [],
});

test.each([1, 20, 32, 33, 64, 65, 100])('%i messages', async (n) => {
  const { statistics } = await explore(stream(n), { properties: [] });
  expect(statistics).toMatchObject({
    states: ((n + 1) * (n + 2)) / 2,
    transitions: (n * (n + 1)) / 2 + (n * (n + 1) * (n + 2)) / 3,
    depth: n + 1,
    distinct: { messages: n, sent: n + 1, 'last received': n + 1 },
    // Each once: sending for each value, receiving for each value and each message there can be with it.
    evaluations: n + 1 + (n + 1) * n,
  });
});

test('a counterexample across several words of messages', async () => {
  const { properties } = await explore(stream(70));
  expect(properties[0]).toMatchObject({
    verdict: 'violated',
    counterexample: { depth: 71, because: '69 arrived' },
  });
  if (properties[0]?.verdict !== 'violated') return;
  const { steps } = properties[0].counterexample;
  expect(steps.slice(0, 70).map(({ sent }) => sent)).toEqual(
    Array.from({ length: 70 }, (_, number) => [{ number }]),
  );
  expect(steps[70]).toMatchObject({ received: { number: 69 }, before: [70, -1], after: [70, 69] });
});
