import { expect, test } from 'vitest';
import { establishedSa, type SaState } from '../../model/index.ts';
import { UnknownField, wrapped } from './arguments.ts';

/** A value as a rule is given it. */
const given = <T>(value: T): T => wrapped(structuredClone(value)) as T;

test('fields that a state has at times only can be asked for', () => {
  const sa = given<SaState>({ ...establishedSa(), outstanding: [{ id: 0, content: 1 }] });
  expect([sa.p1Sent, sa.m1Seen, sa.ivsSpent, sa.ikeSa, sa.outstanding[0]?.asks]).toEqual(
    Array(5).fill(undefined),
  );
});

test.each(['p1Snet', 'outstandings', 'windows'])('%s is no field of a state', (field) => {
  const sa = given(establishedSa()) as unknown as Readonly<Record<string, unknown>>;
  expect(() => sa[field]).toThrow(UnknownField);
  expect(() => sa[field]).toThrow('did you mean');
});

test('what stands twice in a value can be read in both places', () => {
  const request = { kind: 'sync-request', otherPayloads: [] as readonly string[] };
  const [sa, message] = given([{ lastSync: { request } }, request] as const);
  expect(sa.lastSync.request.otherPayloads).toEqual([]);
  expect(message.otherPayloads).toEqual([]);
  expect(() => (message as unknown as Record<string, unknown>)['othrPayloads']).toThrow(UnknownField);
});
