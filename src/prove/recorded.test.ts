/** `docs/proofs.json` is of the theorems and rules that there are, and the tables that are made of it are those of the page. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { ablatable, revisions } from '../../model/index.ts';
import { theorems } from '../../proofs/theorems.ts';
import { provableFor, proveDerived, rulesCalled } from './derived.ts';
import { readCertificate } from './derived-certificate.ts';
import { FAULTS } from './faults.ts';
import { certificateFile, inOrder, recordedProofs, recordText, standingOf, standings } from './recorded.ts';
import { PAGE, pageWith } from './recorded-page.ts';
import { closeZ3, openZ3 } from './z3.ts';

const record = recordedProofs();
const MINUTES = 600_000;

afterAll(closeZ3);

describe('the record', () => {
  test('has each theorem of each revision once, with what it assumes', async () => {
    for (const { name } of revisions) {
      const able = (await provableFor(name, [], [])).map(({ property }) => property);
      const known = record.properties.filter(({ revision }) => revision === name);
      expect(known.map(({ property }) => property)).toEqual(theorems.map(({ property }) => property));
      expect(
        known.filter(({ verdict }) => verdict !== 'nothing to break').map(({ property }) => property),
      ).toEqual(able);
      for (const { property, assumes } of known) {
        const theorem = theorems.find((each) => each.property === property);
        expect(assumes).toEqual(theorem?.assumes.map(({ id }) => id));
      }
    }
  });

  test('has no cell twice, and none of a rule or theorem that there is not', () => {
    const keys = record.cells.map(({ revision, rule, property }) => `${revision} ${rule} ${property}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { revision, rule, property } of record.cells) {
      const of = revisions.find(({ name }) => name === revision);
      expect(of === undefined ? [] : ablatable(of)).toContain(rule);
      expect(theorems.map((each) => each.property)).toContain(property);
    }
  });

  test('is written as it stands, and so are the tables of the page', () => {
    const { properties, cells } = record;
    expect(recordText({ properties: inOrder(properties), cells: inOrder(cells) })).toBe(
      readFileSync(new URL('../../docs/proofs.json', import.meta.url), 'utf8'),
    );
    const page = readFileSync(PAGE, 'utf8');
    expect(pageWith(record, page)).toBe(page);
  });

  test('agrees with what each proof needs', () => {
    let looked = 0;
    for (const [property, { revision = 'rfc6311', without = [], set, assume }, broken] of FAULTS) {
      // Cells are of the usual readings, with what the theorem assumes.
      if (set !== undefined || assume !== undefined) continue;
      const cell = record.cells.find(
        (each) => each.revision === revision && each.rule === without[0] && each.property === property,
      );
      if (cell === undefined) continue;
      expect(cell.broken).toContain(broken);
      looked++;
    }
    expect(looked).toBeGreaterThan(20);
  });

  test('is what certificates say', () => {
    for (const { name } of revisions) {
      const file = certificateFile(name);
      const { proofs } = readCertificate(
        readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'),
        file,
      );
      const proved = record.properties.filter(
        ({ revision, verdict }) => revision === name && verdict === 'proved',
      );
      expect(proofs.map(({ property, digest }) => ({ property, digest }))).toEqual(
        proved.map(({ property, digest }) => ({ property, digest })),
      );
    }
  });

  test('tells apart what is proved, refuted, open and nothing to break', () => {
    expect(standingOf(record, 'rfc6311', 'sync-request-once')).toEqual({ kind: 'proved', assumes: [] });
    expect(standingOf(record, 'ipsecha-00', 'sync-request-once').kind).toBe('refuted');
    expect(standingOf(record, 'ikev2', 'sync-request-once').kind).toBe('nothing to break');
    expect(standingOf(record, 'rfc6311', 'recovery-fair').kind).toBe('open');
    expect(standings(record).every(({ of }) => of.length === revisions.length)).toBe(true);
  });
});

test(
  'a proof and a cell are still what the record says',
  async () => {
    const [rule, property] = ['RFC7296-2.3-WINDOW', 'window-respected'];
    const z3 = await openZ3();
    const proved = (without: readonly string[]) =>
      proveDerived(
        { revision: 'ikev2', property, set: [], without },
        { solver: 'Z3', ask: ({ text }) => z3.check(text, MINUTES) },
      );
    const known = record.properties.find((each) => each.revision === 'ikev2' && each.property === property);
    const { verdict, digest } = await proved([]);
    // Where it differs, other questions are asked than those that were recorded: npm run record:proofs.
    expect({ verdict, digest }).toEqual({ verdict: 'proved', digest: known?.digest });
    const { rows } = await proved([rule]);
    expect(rows.filter(({ result }) => result === 'broken').map(({ statement }) => statement)).toContain(
      'the property',
    );
    const called = await rulesCalled({ revision: 'ikev2', property });
    expect(called).toContain(rule);
    expect(called).not.toContain('RFC4303-3.4.3-ANTI-REPLAY');
  },
  MINUTES,
);
