import { expect, test } from 'vitest';
import { established, exchange, request, sync } from '../testing/events.ts';
import { Validator } from '../validator.ts';
import { Effort } from './effort.ts';
import { NOTIFY } from './interpret.ts';

test('what is saved up is spent, and each message earns more', () => {
  const effort = new Effort();
  expect(effort.allows(2000, 1)).toBe(true);
  expect(effort.ranOut).toBe(false);
  expect(effort.allows(1, 1)).toBe(false);
  expect(effort.ranOut).toBe(true);
  effort.earn();
  expect(effort.allows(100, 1)).toBe(true);
  expect(effort.allows(1, 1)).toBe(false);
});

test('a search ends where it has reached too many states, unless nothing can arrive', () => {
  const effort = new Effort();
  expect(effort.allows(0, 1_000_000)).toBe(true);
  expect(effort.ranOut).toBe(false);
  expect(effort.allows(1, 257)).toBe(false);
  expect(effort.ranOut).toBe(true);
});

test('a copy goes its own way', () => {
  const effort = new Effort();
  const copy = effort.copy();
  expect(copy.allows(2000, 1)).toBe(true);
  expect(effort.allows(2000, 1)).toBe(true);
});

test('where no more may be spent, nobody is blamed, and the verdict says what is missing', () => {
  // Three sync requests that nobody answers, each of which may have arrived or not, and a number that is used again.
  const events = [
    ...established(NOTIFY.messageIdSyncSupported),
    ...exchange('responder', 0),
    ...[10, 20, 30].map((m1) => sync('responder', false, `000000${m1}`, [m1, 2])),
    ...exchange('initiator', 2),
    request('initiator', 2),
  ];
  const verdictOf = (most?: number) => {
    const validator = new Validator(
      { complete: true },
      most === undefined ? undefined : { most, earned: most },
    );
    for (const event of events) validator.take(event);
    return validator.end();
  };
  const usual = verdictOf();
  expect([usual.verdict, usual.findings.map(({ event }) => event)]).toEqual(['violates', [events.length]]);
  const { verdict, findings, missing, readings } = verdictOf(0);
  expect([verdict, findings]).toEqual(['inconclusive', []]);
  expect(missing.join()).toMatch(/so many states are possible that not all could be followed/u);
  expect(readings.map((each) => each.verdict)).not.toContain('violates');
});

test('where a search ended early, what seems to break a property is no finding either', () => {
  // In order, but only for who knows that a sync request may have arrived.
  const events = [
    ...established(NOTIFY.messageIdSyncSupported),
    ...exchange('responder', 0),
    ...[10, 20, 30].map((m1) => sync('responder', false, `000000${m1}`, [m1, 2])),
    ...exchange('initiator', 2),
    ...exchange('initiator', 3),
    request('responder', 1),
  ];
  const verdictOf = (allowance?: { readonly most: number; readonly earned: number }) => {
    const validator = new Validator({ complete: true }, allowance);
    for (const event of events) validator.take(event);
    const { verdict, findings } = validator.end();
    return [verdict, findings.map(({ message }) => message)];
  };
  expect(verdictOf()).toEqual(['conformant', []]);
  for (const most of [0, 2, 8, 16, 32]) {
    expect([most, ...verdictOf({ most, earned: most })]).toEqual([most, 'inconclusive', []]);
  }
});
