import { describe, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { type Clause, clauseLink, clauses, clausesOf, isModelled } from './clauses.ts';

const rules = catalogue.filter(({ document }) => !document.startsWith('IPSECHA'));
const placeOf = ({ document, id }: Clause): string => `${document} ${id}`;

/**
 * How many sentences, or halves of one, with a keyword of RFC 2119 each section has: counted in the texts. Where a
 * document says what the keywords mean (RFC 6311, 2), they do not count.
 */
const KEYWORDS = {
  RFC6311: {
    '3.2': 1,
    '3.4': 2,
    '4': 2,
    '5': 4,
    '5.1': 11,
    '5.2': 4,
    '6.1': 2,
    '6.2': 2,
    '7': 1,
    '8.1': 1,
    '11': 2,
  },
  RFC7296: { '1.4.1': 8, '2.1': 7, '2.2': 2, '2.3': 12, '2.8': 15, '2.8.1': 2 + 1 },
  RFC4303: { '2.2': 5, '2.2.1': 2, '3.3.3': 5, '3.4.3': 12, A3: 1 },
} as const;

describe('the clauses', () => {
  test('have ids that say where they stand, each once', () => {
    const places = clauses.map(placeOf);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
    for (const clause of clauses) {
      const place = clause.bullet === undefined ? 'p[1-9]\\d*' : clause.bullet;
      const section = clause.section.replaceAll('.', '\\.');
      expect(clause.id).toMatch(new RegExp(`^${section}-${place}[b-z]?$`));
    }
  });

  test('of one place have letters without a gap, in the order of the text', () => {
    for (const [index, { document, id }] of clauses.entries()) {
      const letter = id.match(/[b-z]$/)?.[0];
      if (letter === undefined) continue;
      const before = clauses[index - 1];
      const stem = id.slice(0, -1);
      const wanted = letter === 'b' ? stem : stem + String.fromCharCode(letter.charCodeAt(0) - 1);
      expect(before && placeOf(before)).toBe(`${document} ${wanted}`);
    }
  });

  test.each(Object.entries(KEYWORDS))('%s: each keyword of the text is in the list', (document, counted) => {
    const found: Record<string, number> = {};
    for (const clause of clauses) {
      if (clause.document !== document || clause.level === 'stated') continue;
      found[clause.section] = (found[clause.section] ?? 0) + 1;
    }
    expect(found).toEqual(counted);
  });

  test('say something, in sentences without the keyword', () => {
    for (const { says } of clauses) expect(says).toMatch(/^[A-Z].*[.)]$/);
    // The keyword stands in `level`, and only there.
    for (const { says } of clauses) expect(says).not.toMatch(/\b(?:MUST|SHOULD|RECOMMENDED|MAY)\b/);
  });

  test('are embodied by rules, or not modelled for a reason', () => {
    for (const clause of clauses) {
      if (isModelled(clause)) {
        expect(clause.by.length, placeOf(clause)).toBeGreaterThan(0);
        expect(new Set(clause.by).size, placeOf(clause)).toBe(clause.by.length);
        expect('notModelled' in clause).toBe(false);
      } else {
        expect(clause.notModelled, placeOf(clause)).toMatch(/^because \S.*[^.]$/);
      }
    }
  });

  test('refer to rules of the catalogue only', () => {
    const known = new Set<string>(catalogue.map(({ id }) => id));
    const named = clauses.filter(isModelled).flatMap(({ by }) => by);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  test.each(rules)('have $id', ({ id, level }) => {
    const embodied = clausesOf(id);
    expect(embodied).not.toEqual([]);
    // What the catalogue calls open has no keyword in its text.
    if (level === 'open') expect(embodied.filter(isBinding).map(placeOf)).toEqual([]);
  });

  test('link to the section, at an anchor that the RFC Editor has', () => {
    const linkOf = (place: string) => {
      const clause = clauses.find((each) => placeOf(each) === place);
      return clause && clauseLink(clause);
    };
    expect(linkOf('RFC6311 5.1-4')).toBe('https://www.rfc-editor.org/rfc/rfc6311#section-5.1');
    expect(linkOf('RFC6311 A.4-p1')).toBe('https://www.rfc-editor.org/rfc/rfc6311#appendix-A.4');
    expect(linkOf('RFC7296 2.3-p4')).toBe('https://www.rfc-editor.org/rfc/rfc7296#section-2.3');
    expect(linkOf('RFC4303 A2.2-p1')).toBe('https://www.rfc-editor.org/rfc/rfc4303#appendix-A');
  });
});

/** Whether a clause is of the rule's own document and demands something. */
function isBinding({ document, level }: Clause): boolean {
  return document === 'RFC6311' && level !== 'stated';
}
