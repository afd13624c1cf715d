/** Real traces, maimed: events dropped, swapped, doubled, renumbered. The validator never crashes, and stays consistent. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findRule } from '../../model/index.ts';
import { sweep } from '../testing/sweep.ts';
import { readKeys } from './crypto/keys.ts';
import type { Event, MessageEvent } from './events/event.ts';
import { readCapture } from './sources/capture/capture.ts';
import { validateWhole as validate } from './testing/events.ts';

const TRACES = fileURLToPath(new URL('../../traces/', import.meta.url));
const captures = readdirSync(TRACES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const folder = `${TRACES}${name}/`;
    const keys = readKeys('keys.csv', readFileSync(`${folder}keys.csv`, 'utf8'));
    return readCapture('capture.pcap', readFileSync(`${folder}capture.pcap`), keys).events;
  });

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('swap' as const), at: fc.nat(200) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(200), to: fc.nat(200) }),
  fc.record({ kind: fc.constant('renumber' as const), at: fc.nat(200), id: fc.nat(0xffff_ffff) }),
  fc.record({ kind: fc.constant('turn' as const), at: fc.nat(200) }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutate(events: readonly MessageEvent[], change: Mutation): readonly MessageEvent[] {
  const at = change.at % Math.max(1, events.length);
  const event = events[at];
  if (event === undefined) return events;
  const without = events.toSpliced(at, 1);
  switch (change.kind) {
    case 'drop':
      return without;
    case 'swap':
      return without.toSpliced(at + 1, 0, event);
    case 'double':
      return events.toSpliced(change.to % (events.length + 1), 0, event);
    case 'renumber': {
      const { message } = event;
      const renumbered =
        message.kind === 'ike' ? { ...message, id: change.id } : { ...message, sequence: change.id };
      return events.with(at, { ...event, octets: `renumbered ${change.id}`, message: renumbered });
    }
    case 'turn':
      return events.with(at, { ...event, from: event.from === 'initiator' ? 'responder' : 'initiator' });
  }
}

it('judges whatever it is given', () => {
  let violating = 0;
  fc.assert(
    fc.property(
      fc.nat(captures.length - 1),
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      (which, changes) => {
        const events = changes.reduce<readonly Event[]>(
          (sofar, change) => mutate(sofar as readonly MessageEvent[], change),
          captures[which] ?? [],
        );
        const result = validate(events);
        const convicts = result.findings.some(({ condition }) => condition === undefined);
        expect(result.verdict === 'violates').toBe(convicts);
        if (result.verdict === 'violates') violating++;
        for (const { rule, event, explainedUntil, message, allowed } of result.findings) {
          expect(findRule(rule)?.id).toBe(rule);
          expect(event).toBeGreaterThanOrEqual(1);
          expect(event).toBeLessThanOrEqual(events.length);
          expect(explainedUntil).toBe(event - 1);
          expect(`${message}${allowed}`).not.toMatch(/undefined|NaN|Infinity|\[object/);
        }
        expect(validate(events)).toEqual(result);
      },
    ),
    { numRuns: sweep(15, 60), seed: 2026 },
  );
  expect(violating).toBeGreaterThan(sweep(10, 50));
});
