import { expect, test } from 'vitest';
import { type LeftOut, leftOutConclusion } from './conclusion.ts';

const leftOut: LeftOut = {
  revision: 'rfc6311',
  without: ['RFC6311-5.1-DROP-STALE'],
  scenario: 'replay',
  broken: [
    { id: 'sync-request-once', withThem: 'holds' },
    { id: 'recovery-fair', withThem: 'violated' },
  ],
  inconclusive: [],
};

test('what breaks without a rule, and what is broken anyway', () => {
  expect(leftOutConclusion([leftOut])).toBe(
    'Without RFC6311-5.1-DROP-STALE, rfc6311 breaks sync-request-once, which holds with the rule; it breaks recovery-fair with the rule, too (in replay).',
  );
});

test('of several scenarios it is said where', () => {
  const other = { ...leftOut, scenario: 'combined', broken: leftOut.broken.slice(0, 1) };
  expect(leftOutConclusion([{ ...leftOut, broken: other.broken }, other])).toBe(
    'Without RFC6311-5.1-DROP-STALE, rfc6311 breaks sync-request-once (replay, combined), which holds with the rule (in 2 scenarios).',
  );
});

test('nothing is claimed that was not found out', () => {
  const broken = [{ id: 'recovery-fair', withThem: 'not checked' } as const];
  expect(leftOutConclusion([{ ...leftOut, without: ['A', 'B'], broken }])).toBe(
    'Without A and B, rfc6311 breaks recovery-fair, and with the rules that was not found out (in replay).',
  );
  expect(leftOutConclusion([{ ...leftOut, broken: [] }])).toBe(
    'Without RFC6311-5.1-DROP-STALE, rfc6311 breaks nothing that was checked (in replay).',
  );
  expect(leftOutConclusion([{ ...leftOut, broken: [], inconclusive: ['recovery-fair'] }])).toBe(
    'Without RFC6311-5.1-DROP-STALE, rfc6311 is not known to break anything that was checked (in replay); 1 verdict is inconclusive.',
  );
});
