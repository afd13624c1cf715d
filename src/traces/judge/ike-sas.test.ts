/** Many IKE SAs: memory is bounded, and what was forgotten is never judged. */
import { describe, expect, it } from 'vitest';
import type { Event, MessageEvent } from '../events/event.ts';
import { ike, otherEnd, validateWhole as validate } from '../testing/events.ts';
import { validate as judge } from '../validate.ts';

const spis = (n: number): string => `${n.toString(16).padStart(16, '0')}:${'2'.repeat(16)}`;

/** An IKE SA from its beginning: so many exchanges, and last a request whose number was used before, if one is named. */
function sa(n: number, exchanges: number, again?: number): readonly Event[] {
  const message = (from: 'initiator' | 'responder', id: number, response: boolean): MessageEvent =>
    ike(
      from,
      { id, response, exchange: id === 0 ? 'IKE_SA_INIT' : id === 1 ? 'IKE_AUTH' : 'INFORMATIONAL' },
      undefined,
      spis(n),
    );
  const events = Array.from({ length: exchanges }, (_, id) => [
    message('initiator', id, false),
    message(otherEnd('initiator'), id, true),
  ]).flat();
  return again === undefined ? events : [...events, message('initiator', again, false)];
}

/** A response of the responder, to a request that nobody sent. */
const response = (n: number, id: number): MessageEvent =>
  ike('responder', { id, response: true }, undefined, spis(n));

/** Enough for a few of the SAs above. */
const remembered = 200;

describe('more IKE SAs than are remembered', () => {
  const all = Array.from({ length: 100 }, (_, n) => sa(n + 1, 6, n % 10 === 0 ? 3 : undefined));

  it('get the same verdicts, one after the other', () => {
    const [bounded, unbounded] = [validate(all.flat(), { remembered }), validate(all.flat())];
    expect(bounded).toEqual(unbounded);
    expect(bounded.findings.length).toBeGreaterThanOrEqual(10);
    expect(bounded.statistics.ikeSas).toBe(100);
  });

  it('are not judged when they go on after they were forgotten', () => {
    const late = ike('initiator', { id: 4 }, undefined, spis(2));
    const { verdict, findings, missing } = validate(
      [...all.slice(1, 10).flat(), ...all.slice(11, 20).flat(), late],
      {
        remembered,
      },
    );
    expect(findings).toEqual([]);
    expect(verdict).toBe('inconclusive');
    expect(missing.join()).toMatch(
      /memory for 18 IKE SAs: 1 messages of such as had been idle for longest are not judged/u,
    );
    // With memory enough it is a finding.
    expect(validate([...all.slice(1, 10).flat(), late]).findings.length).toBeGreaterThan(0);
  });

  it('have their findings weakened by what shows after they were closed', () => {
    // A response far beyond what was asked, and then another IKE SA that takes all memory.
    const { far, other } = { far: [...sa(1, 6), response(1, 60)], other: [...sa(2, 60), ...sa(3, 60)] };
    const verdictOn = (...more: readonly Event[]) => {
      const { verdict, findings } = judge([...far, ...other, ...more], { remembered });
      expect(findings.map(({ rule }) => rule)).toEqual(['RFC7296-2.2-RESPONSE-ID']);
      return [verdict, findings[0]?.condition === undefined];
    };
    expect(verdictOn()).toEqual(['violates', true]);
    expect(verdictOn({ event: 'gap', reason: 'lines are missing', sa: spis(2) })).toEqual(['violates', true]);
    for (const more of [
      { event: 'gap', reason: 'lines are missing' },
      { event: 'gap', reason: 'lines are missing', sa: spis(1) },
      response(1, 61),
    ] as const) {
      expect(verdictOn(more)).toEqual(['inconclusive', false]);
    }
  });

  it('go before those that are in use, and first those that nobody authenticated', () => {
    const steady = sa(5000, 60);
    const flood = Array.from({ length: 500 }, (_, n) => sa(n + 1, 1)).flat();
    const events = steady.flatMap((event, n) => [event, ...flood.slice(8 * n, 8 * n + 8)]);
    const { verdict, missing, statistics } = validate(events, { remembered: 500 });
    expect([verdict, missing]).toEqual(['conformant', []]);
    expect(statistics.ikeSas).toBe(481);
  });
});
