import { describe, expect, test } from 'vitest';
import { clauses } from '../../model/index.ts';
import { coverage, coverageText, documentName } from './coverage.ts';

describe('coverage', () => {
  const all = coverage();

  test('has every clause once, in the order of the texts', () => {
    expect(all.flatMap(({ document, clauses: own }) => own.map(({ id }) => `${document} ${id}`))).toEqual(
      clauses.map(({ document, id }) => `${document} ${id}`),
    );
  });

  test('counts what it lists', () => {
    for (const { counts, clauses: own } of all) {
      expect(counts).toEqual({
        clauses: own.length,
        withKeyword: own.filter(({ level }) => level !== 'stated').length,
        modelled: own.filter(({ rules }) => rules.length > 0).length,
        notModelled: own.filter(({ notModelled }) => notModelled !== undefined).length,
      });
      expect(counts.modelled + counts.notModelled).toBe(counts.clauses);
    }
    // Each keyword of RFC 6311 is a clause, but for those that its section 2 explains.
    expect(all[0]).toMatchObject({ document: 'RFC6311', counts: { withKeyword: 32 } });
  });

  test('as text: a table for each document, and the counts', () => {
    const text = coverageText({});
    for (const { document, counts, clauses: own } of all) {
      expect(text).toContain(
        `${documentName(document)}: ${counts.clauses} clauses, ${counts.withKeyword} of them with a keyword; ${counts.modelled} by rules, ${counts.notModelled} not modelled\n`,
      );
      for (const { id, says, rules, notModelled } of own) {
        const row = text.split('\n').find((line) => line.startsWith(`${id} `) && line.includes(says));
        expect(row).toContain(notModelled === undefined ? rules.join(', ') : `not modelled, ${notModelled}`);
      }
    }
  });
});
