import { describe, expect, test } from 'vitest';
import { catalogue } from '../catalogue.ts';
import { isRule, rule } from '../rule.ts';
import { hasRule, ikev2, ipsecha00, ipsecha01, type Revision, revisions, rfc6311, rulesOf } from './index.ts';
import { ablatable, canBeLeftOut, without } from './without.ts';

const idsOf = (revision: Revision): readonly string[] => rulesOf(revision).map(({ id }) => id);

describe('the rules of a revision', () => {
  test('are those whose slots it fills', () => {
    const ids = revisions.map((revision) => new Set<string>(idsOf(revision)));
    const has = (id: string): readonly boolean[] => ids.map((each) => each.has(id));
    expect(revisions.map(({ name }) => name)).toEqual(['ikev2', 'ipsecha-00', 'ipsecha-01', 'rfc6311']);
    expect(has('RFC7296-2.2-NEXT-ID')).toEqual([true, true, true, true]);
    expect(has('RFC6311-5.1-M2')).toEqual([false, true, true, true]);
    expect(has('RFC6311-5.1-DROP-STALE')).toEqual([false, false, false, true]);
    expect(has('IPSECHA01-FC-CARRY')).toEqual([false, false, true, false]);
    expect(has('IPSECHA00-SA-COUNTERS-SENT')).toEqual([false, true, false, false]);
  });

  test('a slot that is filled by another function is filled', () => {
    const own: Revision = { ...ikev2, ike: { ...ikev2.ike, nextRequestId: () => 7 } };
    expect(idsOf(own)).toEqual(idsOf(ikev2));
    const stale = catalogue.find(({ id }) => id === 'RFC6311-5.1-DROP-STALE')!;
    expect([hasRule(rfc6311, stale), hasRule(ipsecha00, stale), hasRule(ikev2, stale)]).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe('leaving a rule out', () => {
  test('only a rule of the revision, and only one that shapes a step', () => {
    for (const revision of revisions) {
      const all = idsOf(revision);
      for (const { id } of catalogue) {
        const can = canBeLeftOut(revision, id);
        expect(without(revision, id) !== undefined).toBe(can);
        if (can) expect(all).toContain(id);
      }
      expect(ablatable(revision)).toEqual(all.filter((id) => canBeLeftOut(revision, id)));
    }
    expect(canBeLeftOut(rfc6311, 'RFC6311-5.1-ALONE')).toBe(false);
    expect([canBeLeftOut(rfc6311, 'no such rule'), without(rfc6311, 'no such rule')]).toEqual([
      false,
      undefined,
    ]);
    expect(without(ikev2, 'RFC6311-5.1-M2')).toBeUndefined();
    // It is optional, and the first draft lacks it.
    expect(without(ipsecha00, 'RFC6311-5.1-DROP-STALE')).toBeUndefined();
  });

  test('changes that slot, and nothing else', () => {
    const ablated = without(rfc6311, 'RFC6311-5.1-M2')!;
    expect(ablated.name).toBe('rfc6311 without RFC6311-5.1-M2');
    const { chooseM2, ...kept } = ablated.counterSync!;
    expect(chooseM2).not.toBe(rfc6311.counterSync?.chooseM2);
    expect({ ...kept, chooseM2: rfc6311.counterSync?.chooseM2 }).toEqual(rfc6311.counterSync);
    const { name: _name, counterSync: _one, ...rest } = ablated;
    const { name: _other, counterSync: _two, ...same } = rfc6311;
    expect(rest).toEqual(same);
  });

  /** What is left of each rule that says yes or no, or a number that nothing else shows. */
  test.each([
    ['RFC6311-5-NEGOTIATED', rfc6311, true],
    ['RFC6311-5-REPLAY-NEGOTIATED', rfc6311, true],
    ['RFC6311-5-RESPOND', rfc6311, false],
    ['RFC6311-5.1-DROP-STALE', rfc6311, false],
    ['RFC6311-5.1-M1-FRESH', rfc6311, 0],
    ['RFC6311-5.1-P1', rfc6311, 0],
    ['RFC6311-5.1-NONCE-ECHO', rfc6311, -1],
    ['RFC6311-5.1-NONCE-CHECK', rfc6311, true],
    ['RFC6311-7-TRIGGER', rfc6311, false],
    ['RFC6311-7-ONCE-PER-FAILOVER', rfc6311, true],
    ['RFC6311-11-RESPONSE-ONCE', rfc6311, true],
    ['RFC6311-5.2-NO-CYCLE', rfc6311, true],
    ['RFC6311-3.4-IV-UNIQUE', rfc6311, 0],
    ['RFC4303-3.3.3-NEVER-REPEAT', ikev2, true],
    ['RFC4303-3.4.3-ANTI-REPLAY', ikev2, true],
    ['RFC7296-2.1-RETRANSMISSION', ikev2, false],
    ['RFC7296-2.2-NO-WRAP', ikev2, true],
    ['RFC7296-2.3-WINDOW', ikev2, true],
    ['RFC7296-2.3-EXPECTED-ID', ikev2, true],
    ['IPSECHA01-FC-OBSERVED', ipsecha01, false],
    ['IPSECHA01-FC-MEMBERS', ipsecha01, false],
    ['IPSECHA01-FC-INITIAL', ipsecha01, -1],
  ] as const)('%s: what remains of it', (id, revision, said) => {
    const { part, functionName } = catalogue.find((each) => each.id === id)!;
    const slots = without(revision, id)![part] as unknown as Readonly<Record<string, () => unknown>>;
    expect(slots[functionName]?.()).toBe(said);
  });
});

test('a rule is a function with a text and an absence; nothing else is one', () => {
  const text = {
    id: 'X-1-Y',
    part: 'ike',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: '',
    says: '',
    returns: 'truth',
    seenBy: 'nobody',
  } as const;
  expect(isRule(rule({ ...text, absent: null }, (): boolean => true))).toBe(true);
  for (const other of [
    () => true,
    Object.assign(() => true, { text }),
    Object.assign(() => true, { absent: null }),
    { text, absent: null },
    null,
    undefined,
    'text',
  ]) {
    expect(isRule(other)).toBe(false);
  }
});
