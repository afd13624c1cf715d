/** Statements that a proof lacks: what is tried, what is found in the place of a clause, and that nothing else is. */
import { Schema } from '@effect/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { candidatesOf } from '../../proofs/candidates.ts';
import { theorems } from '../../proofs/theorems.ts';
import { documentSchemas } from '../contracts/index.ts';
import { UsageError } from '../questions/usage-error.ts';
import { document } from '../report/json.ts';
import { proofDocument, renderProofOf } from '../report/proof.ts';
import { terminalOf } from '../report/terminal.ts';
import { isWhole } from '../testing/sweep.ts';
import { type DerivedResult, proveDerived, questionAgain, type TheoremQuestion } from './derived.ts';
import {
  derivedCertificateOf,
  derivedCertificateText,
  differencesOf,
  readCertificate,
} from './derived-certificate.ts';
import { closeZ3, openZ3, type Z3 } from './z3.ts';

let z3: Z3;
beforeAll(async () => {
  z3 = await openZ3();
});
afterAll(closeZ3);

const question: TheoremQuestion = {
  revision: 'rfc6311',
  property: 'sync-request-once',
  set: [],
  without: [],
  infer: true,
};

const prove = (
  asked: TheoremQuestion,
  clausesLeftOut: readonly string[] = [],
  secondsToInfer = 600,
): Promise<DerivedResult> =>
  proveDerived(asked, {
    solver: `Z3 ${z3.version}`,
    ask: ({ text }) => z3.check(text, 600_000),
    clausesLeftOut,
    secondsToInfer,
  });

const shownOf = (result: DerivedResult): string =>
  renderProofOf(
    { result, refutation: null, verdict: result.verdict === 'proved' ? 'proved' : 'inconclusive' },
    { ...terminalOf(process.stdout), width: 400 },
  );

/** Minutes for a proof on a busy machine. */
const LONG = 600_000;

describe('what is tried', () => {
  test.each(theorems)(
    'for $property: each statement once, under its own id, by its weaker one',
    (theorem) => {
      const candidates = candidatesOf(theorem);
      const ids = new Set(candidates.map(({ id }) => id));
      expect(ids.size).toBe(candidates.length);
      expect(new Set(candidates.map(({ says }) => says)).size).toBe(candidates.length);
      for (const { weaker } of candidates) expect(weaker === null || ids.has(weaker)).toBe(true);
      for (const { id } of theorem.clauses) expect(ids).not.toContain(id);
    },
  );

  test('is what was found before, where a question names it, and nothing else', async () => {
    const asked = { ...question, infer: false, with: ['PEER-SEEN-IS-FINE'] };
    const proof = prove(asked);
    await expect(proof).rejects.toThrow("no statement 'PEER-SEEN-IS-FINE'");
    await expect(proof).rejects.toThrow(UsageError);
  });
});

test('a question is asked again by what was found', () => {
  const { infer: _, ...plain } = question;
  const found = [{ id: 'M1-BELOW-PEER-SEEN', says: '' }];
  const inferred = { candidates: 3, inWalks: 2, kept: 1, found };
  expect(questionAgain(question, { inferred })).toEqual({ ...plain, with: ['M1-BELOW-PEER-SEEN'] });
  expect(questionAgain(question, { inferred: { ...inferred, found: null } })).toEqual({ ...plain, with: [] });
  expect(questionAgain(plain, {})).toEqual(plain);
});

const whole = (): void => {
  test(
    'a clause that was left out is found in other words, proved, and proved again by the certificate',
    async () => {
      const leftOut = ['ACCEPTED-IS-STALE'];
      const result = await prove(question, leftOut);
      expect(result.verdict).toBe('proved');
      expect(result.rows.every((row) => row.result === 'holds')).toBe(true);
      const found = result.inferred?.found?.map(({ id }) => id);
      expect(found).toContain('M1-LOOKED-AT-IN-EFFECT-NOT-ABOVE-PEER-SEEN');
      expect(result.clauses.map(({ id }) => id)).toEqual(expect.arrayContaining(found ?? ['']));
      expect(shownOf(result)).toMatch(
        /proved, with what was found\n.*the proof lacked these statements, proved/s,
      );
      const printed: unknown = JSON.parse(
        JSON.stringify(document('prove', [proofDocument({ result, refutation: null, verdict: 'proved' })])),
      );
      const decode = Schema.decodeUnknownSync(documentSchemas.prove as Schema.Decoder<unknown>, {
        onExcessProperty: 'error',
      });
      expect(() => decode(printed)).not.toThrow();
      const text = derivedCertificateText(
        derivedCertificateOf([{ question: questionAgain(question, result), result }]),
      );
      const [kept] = readCertificate(text, 'c').proofs;
      expect(kept?.question).not.toHaveProperty('infer');
      const again = await prove(kept!.question, leftOut);
      const [made] = derivedCertificateOf([{ question: kept!.question, result: again }]).proofs;
      expect(differencesOf(kept!, made!)).toEqual([]);
    },
    LONG,
  );

  test(
    'something is found in the place of two clauses, one of which is about standbys',
    async () => {
      const asked = { ...question, revision: 'ipsecha-01', property: 'failover-count-increases' };
      const result = await prove(asked, ['COUNT-KNOWN', 'COUNT-KNOWN-OF-STANDBY']);
      expect(result.verdict).toBe('proved');
      // Of several that say as much, any may stay: which, is a matter of the numbers that the solver gives.
      const found = result.inferred?.found?.map(({ id }) => id) ?? [];
      expect(found.length).toBeGreaterThan(0);
      expect(result.clauses.map(({ id }) => id)).toEqual(expect.arrayContaining(found));
      expect(result.clauses.map(({ id }) => id)).not.toContain('COUNT-KNOWN');
    },
    LONG,
  );

  test(
    'nothing is found where a rule is left out that the property needs: a walk breaks it',
    async () => {
      const result = await prove({ ...question, without: ['RFC6311-5.1-DROP-STALE'] });
      expect(result.verdict).toBe('not proved');
      expect(result.inferred).toMatchObject({ found: null, kept: 0 });
      expect(shownOf(result)).toMatch(
        /none of \d+ statements was found to make the proof: a run of the model/,
      );
    },
    LONG,
  );

  test(
    'nothing is found in no time, and nothing is proved',
    async () => {
      const result = await prove(question, ['ACCEPTED-IS-STALE'], 0);
      expect(result.verdict).toBe('not proved');
      expect(result.inferred).toMatchObject({ found: null });
      expect(result.inferred?.because).toContain('the 0 seconds for the search were over');
    },
    LONG,
  );
};

// Half a minute each; nothing is skipped otherwise, for it is not there.
if (isWhole) describe('a proof that lacks a clause', whole);
