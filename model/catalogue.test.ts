import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalogue, findRule } from './catalogue.ts';
import { syncWellFormed } from './properties/counter-sync.ts';
import { properties } from './properties/index.ts';
import { revisions } from './revisions/index.ts';
import { ipsecha00 } from './revisions/ipsecha-00.ts';
import { ipsecha01 } from './revisions/ipsecha-01.ts';
import { rfc6311 } from './revisions/rfc6311.ts';
import { ablatable, without } from './revisions/without.ts';

const MODEL = fileURLToPath(new URL('.', import.meta.url));
const ids: readonly string[] = catalogue.map(({ id }) => id);

/**
 * What was published, with level, actor and confidence: a reader may rely on each of these. A new rule need not be
 * here; the list of all is in the transcripts (`docs/transcripts/other.md`).
 */
const PUBLISHED = [
  'IPSECHA00-SA-COUNTERS-ACCEPTED MUST newly active member D',
  'IPSECHA00-SA-COUNTERS-SENT MUST peer D',
  'IPSECHA01-DELTA-CONFIRMED MAY peer B',
  'IPSECHA01-FC-CARRY stated newly active member B',
  'IPSECHA01-FC-INITIAL open peer D',
  'IPSECHA01-FC-MEMBERS open cluster D',
  'IPSECHA01-FC-OBSERVED SHOULD peer B',
  'RFC4303-2.2.1-ESN stated receiver A',
  'RFC4303-3.3.3-NEVER-REPEAT MUST sender A',
  'RFC4303-3.3.3-NEXT-NUMBER MUST sender A',
  'RFC4303-3.4.3-ANTI-REPLAY MUST receiver A',
  'RFC6311-11-RESPONSE-ONCE MUST newly active member A',
  'RFC6311-3.4-IV-UNIQUE MUST both A',
  'RFC6311-5-NEGOTIATED stated both A',
  'RFC6311-5-REPLAY-NEGOTIATED stated both A',
  'RFC6311-5-RESPOND MUST peer A',
  'RFC6311-5-RESPONDER-ONLY-IF-ASKED MUST responder of IKE_AUTH A',
  'RFC6311-5-SHARED-CAPABILITY MUST cluster A',
  'RFC6311-5.1-ADOPT open newly active member D',
  'RFC6311-5.1-ALONE MUST both A',
  'RFC6311-5.1-DROP-STALE MUST peer A',
  'RFC6311-5.1-M1-BUMP RECOMMENDED newly active member A',
  'RFC6311-5.1-M1-FRESH MUST newly active member A',
  'RFC6311-5.1-M1-SHARED SHOULD newly active member A',
  'RFC6311-5.1-M2 MUST peer A',
  'RFC6311-5.1-MID-ZERO MUST both A',
  'RFC6311-5.1-NONCE-CHECK MUST newly active member A',
  'RFC6311-5.1-NONCE-ECHO MUST peer A',
  'RFC6311-5.1-P1 SHOULD newly active member A',
  'RFC6311-5.1-P2 MUST peer A',
  'RFC6311-5.2-BUMP-SHARED open newly active member D',
  'RFC6311-5.2-IN-WINDOW open newly active member D',
  'RFC6311-5.2-NO-CYCLE MUST both A',
  'RFC6311-5.2-ONCE MUST peer A',
  'RFC6311-5.2-ORDER MUST peer A',
  'RFC6311-5.2-OWN-BUMP MUST newly active member A',
  'RFC6311-5.2-PEER-DELTA MUST peer A',
  'RFC6311-5.2-REKEY-AFTER-SKIP SHOULD newly active member A',
  'RFC6311-5.2-STANDALONE stated both A',
  'RFC6311-6.1-FORMAT MUST both A',
  'RFC6311-6.2-FORMAT MUST both A',
  'RFC6311-6.3-FORMAT stated both A',
  'RFC6311-6.4-ALL-OR-NO-ESN stated both A',
  'RFC6311-6.4-CLUSTER-ONLY stated peer A',
  'RFC6311-6.4-FORMAT stated cluster A',
  'RFC6311-7-ONCE-PER-FAILOVER MUST newly active member A',
  'RFC6311-7-TRIGGER MAY newly active member A',
  'RFC6311-8.1-DECLARED-WINDOW MUST both A',
  'RFC6311-8.1-PENDING-IKE stated both A',
  'RFC6311-8.1-WHILE-SYNCING stated newly active member A',
  'RFC6311-8.2-OUTSIDE-WINDOW stated newly active member A',
  'RFC6311-8.3-INCONSISTENT stated both A',
  'RFC7296-2.1-RESPONSE-MATCH stated initiator A',
  'RFC7296-2.1-RETRANSMISSION MUST both A',
  'RFC7296-2.2-NEXT-ID stated initiator A',
  'RFC7296-2.2-NO-WRAP MUST both A',
  'RFC7296-2.2-RESPONSE-ID stated responder A',
  'RFC7296-2.3-EXPECTED-ID MUST responder A',
  'RFC7296-2.3-WINDOW MUST initiator A',
  'RFC7296-2.3-WINDOW-RESTARTS stated both A',
];

describe('the catalogue', () => {
  test('has every rule that was published as it was; and all sorted, each once', () => {
    const all = catalogue.map(({ id, level, actor, confidence }) => `${id} ${level} ${actor} ${confidence}`);
    expect(PUBLISHED.filter((rule) => !all.includes(rule))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
  });

  test.each(catalogue)('$id is made of document, section and keyword', ({ id, document, section, file }) => {
    // The slides have titles instead of sections.
    const ofSlides = document.startsWith('IPSECHA');
    expect(id).toMatch(
      ofSlides ? /^IPSECHA\d{2}(-[A-Z0-9]+)+$/ : /^RFC\d{4}-\d+(\.\d+)*-[A-Z0-9]+(-[A-Z0-9]+)*$/,
    );
    expect(id.startsWith(ofSlides ? `${document}-` : `${document}-${section}-`)).toBe(true);
    // What the slides say of the Failover Count.
    if (ofSlides)
      expect(id.startsWith(`${document}-FC-`)).toBe(file === 'model/ipsecha-01/failover-count.ts');
    expect(section).toMatch(ofSlides ? /^[A-Z]/ : /^\d/);
  });

  test.each(catalogue)('$id is stated where it says', async ({ id, file, functionName }) => {
    expect(file).toMatch(/^model\/[a-z0-9-]+\/[a-z0-9.-]+\.ts$/);
    const module = await import(new URL(`../${file}`, import.meta.url).href);
    expect(module[functionName].text.id).toBe(id);
    const source = readFileSync(`${MODEL}/../${file}`, 'utf8');
    expect(source).toContain(`export const ${functionName} = rule(`);
  });

  test.each(catalogue)('$id says something, in sentences', ({ title, says }) => {
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(says).toMatch(/^[A-Z].*[.)]$/);
  });

  test('finds a rule by its id', () => {
    expect(findRule('RFC6311-5.1-P2')?.functionName).toBe('chooseP2');
    expect(findRule('RFC6311-5.1-P3')).toBeUndefined();
  });
});

/** Titles of the tests in this specification. */
const titles = sources('.test.ts').flatMap(({ text }) =>
  [...text.matchAll(/\b(?:test|describe)(?:\.each\([^)]*\))?\(\s*'([^']+)'/g)].map(([, title = '']) => title),
);

test.each(ids)('%s is named by a test of the specification', (id) => {
  expect(titles.filter((title) => title.startsWith(`${id}: `))).not.toEqual([]);
});

test('every rule that a property is there for is in the catalogue', () => {
  const wanted = [...properties, syncWellFormed].flatMap(({ rules }) => rules);
  expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  // Also those of properties that are not in the list.
  const named = sources('.ts').flatMap(({ file, text }) =>
    file.startsWith('properties/') && !file.endsWith('.test.ts')
      ? [...text.matchAll(/'((?:RFC|IPSECHA)\d[^']*)'/g)].map(([, id = '']) => id)
      : [],
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((id) => !ids.includes(id))).toEqual([]);
});

test('every rule id anywhere in the specification is in the catalogue', () => {
  const named = sources('.ts').flatMap(({ file, text }) =>
    // The list of clauses has a test of its own for this.
    file.startsWith('clauses.')
      ? []
      : [...text.matchAll(/\b(?:RFC\d{4}-\d[\d.]*|IPSECHA\d{2})-[A-Z][A-Z0-9-]*/g)].map(([id]) => id),
  );
  expect([...new Set(named)].filter((id) => !ids.includes(id) && id !== 'RFC6311-5.1-P3')).toEqual([]);
});

describe('a revision without a rule', () => {
  const cases = revisions.flatMap((revision) =>
    ablatable(revision).map((id) => [revision.name, id, revision] as const),
  );
  test.each(cases)('%s without %s: differs in one slot, and in its name', (name, id, revision) => {
    const ablated = without(revision, id)!;
    const slots = ({ ike, esp, counterSync, replaySync }: typeof rfc6311) =>
      Object.entries({ ike, esp, counterSync, replaySync }).flatMap(([part, rules]) =>
        Object.entries(rules ?? {}).map(([slot, filled]) => [`${part}.${slot}`, filled] as const),
      );
    const before = new Map<string, unknown>(slots(revision));
    const after = slots(ablated);
    expect(after.map(([slot]) => slot)).toEqual([...before.keys()]);
    const changed = after.filter(([slot, filled]) => filled !== before.get(slot));
    expect(changed.map(([slot]) => slot.split('.')[1])).toEqual([findRule(id)?.functionName]);
    const { name: _name, ike, esp, counterSync, replaySync, ...rest } = ablated;
    expect(revision).toMatchObject(rest);
    expect(ablated.name).toBe(`${name} without ${id}`);
  });

  test('only what is part of a revision can be left out of it', () => {
    const [ikev2] = revisions;
    const ordinary = (id: string) =>
      ['ike', 'esp'].includes(findRule(id)?.part ?? '') && findRule(id)?.canBeLeftOut;
    expect(ablatable(ikev2!)).toEqual(ablatable(rfc6311).filter(ordinary));
    expect(ablatable(ikev2!)).toHaveLength(ids.filter(ordinary).length);
    expect(without(ikev2!, 'RFC6311-5.2-ONCE')).toBeUndefined();
    expect(without(rfc6311, 'IPSECHA01-DELTA-CONFIRMED')).toBeUndefined();
    expect(without(ikev2!, 'RFC6311-5.1-P2')).toBeUndefined();
    expect(without(rfc6311, 'RFC6311-5.1-P3')).toBeUndefined();
    // Each protects sync requests against replay in its own way, or not at all.
    const protection = (revision: typeof rfc6311) =>
      ablatable(revision).filter((id) => id.startsWith('IPSECHA') || id.endsWith('STALE'));
    expect(protection(rfc6311)).toEqual(['RFC6311-5.1-DROP-STALE']);
    expect(protection(ipsecha00)).toEqual(['IPSECHA00-SA-COUNTERS-ACCEPTED', 'IPSECHA00-SA-COUNTERS-SENT']);
    expect(protection(ipsecha01)).toEqual([
      'IPSECHA01-FC-CARRY',
      'IPSECHA01-FC-INITIAL',
      'IPSECHA01-FC-MEMBERS',
      'IPSECHA01-FC-OBSERVED',
    ]);
    expect(without(ipsecha00, 'RFC6311-5.1-DROP-STALE')).toBeUndefined();
    expect(without(rfc6311, 'RFC6311-6.3-FORMAT')).toBeUndefined();
  });

  test('RFC6311-5.1-NONCE-ECHO: what comes back instead is no nonce that was ever sent', () => {
    const ablated = without(rfc6311, 'RFC6311-5.1-NONCE-ECHO')!;
    for (const nonce of [0, 1, 2]) expect(ablated.counterSync?.echoNonce({ nonce })).not.toBe(nonce);
  });
});

function sources(suffix: string): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(MODEL, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(suffix))
    .map((file) => ({ file, text: readFileSync(`${MODEL}/${file}`, 'utf8') }));
}

test('no match has a remainder that nobody thought of: what needs nothing is listed', () => {
  const matching = sources('.ts').filter(({ file }) => !file.endsWith('.test.ts'));
  expect(matching.filter(({ text }) => text.includes('.otherwise(')).map(({ file }) => file)).toEqual([]);
  // They are read where matches are.
  expect(matching.filter(({ text }) => text.includes('.exhaustive(')).length).toBeGreaterThan(3);
});
