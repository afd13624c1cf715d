/** Proofs over the derived relation: what is proved, which clause is named where a rule is left out, what is refused. */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from '@effect/schema';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { properties } from '../../model/index.ts';
import { theorems, theoremsOfClusters } from '../../proofs/theorems.ts';
import { documentSchemas } from '../contracts/index.ts';
import { PACKAGE } from '../derive/load.ts';
import { UsageError } from '../questions/usage-error.ts';
import { document } from '../report/json.ts';
import { proofDocument } from '../report/proof.ts';
import { isWhole } from '../testing/sweep.ts';
import {
  type DerivedOptions,
  type DerivedResult,
  Interrupted,
  openFor,
  provableFor,
  proveDerived,
  type TheoremQuestion,
} from './derived.ts';
import {
  derivedCertificateOf,
  derivedCertificateText,
  differencesOf,
  readCertificate,
} from './derived-certificate.ts';
import { FAULTS, faultsTable } from './faults.ts';
import { askProgram, programs, versionOf } from './native-solver.ts';
import { refutationOf } from './refute.ts';
import { closeZ3, openZ3, type Z3 } from './z3.ts';

let z3: Z3;
let place: string;
beforeAll(async () => {
  z3 = await openZ3();
  place = await mkdtemp(join(tmpdir(), 'ipsecha-proofs-'));
});
afterAll(async () => {
  await closeZ3();
  await rm(place, { recursive: true });
});

const prove = (
  property: string,
  question: Partial<TheoremQuestion> = {},
  options: Pick<DerivedOptions, 'stepAlone'> = {},
): Promise<DerivedResult> =>
  proveDerived(
    { revision: 'rfc6311', property, set: [], without: [], ...question },
    { solver: `Z3 ${z3.version}`, ask: ({ text }) => z3.check(text, 600_000), ...options },
  );

let made = 0;

/** A revision in a file of its own. */
function authored(body: string): string {
  const name = `own-${++made}`;
  const file = join(place, `${name}.ts`);
  writeFileSync(
    file,
    `import { rfc6311 } from '${join(PACKAGE, 'model/index.ts')}';
const { counterSync } = rfc6311;
if (counterSync === null) throw new Error();
export default { ...rfc6311, name: '${name}', counterSync: { ...counterSync, ${body} } };
`,
  );
  return file;
}

test('ends at the next question, or between two paths, once it is interrupted', async () => {
  const z3 = vi.fn();
  const question = { revision: 'rfc6311', property: 'sync-request-once', set: [], without: [] };
  const proof = proveDerived(question, { solver: 'none', ask: z3, signal: { aborted: true } });
  await expect(proof).rejects.toThrow(Interrupted);
  expect(z3).not.toHaveBeenCalled();
});

test('nothing is proved of a rule that keeps something between two calls', async () => {
  const file = authored('isStale: ((n) => (...all) => n++ < 1e7 ? counterSync.isStale(...all) : false)(0)');
  const proof = prove('sync-request-once', { revision: file });
  await expect(proof).rejects.toThrow('a rule keeps something: n of counterSync.isStale changes');
  await expect(proof).rejects.toThrow(UsageError);
});

const brokenIn = ({ rows }: DerivedResult): readonly string[] =>
  rows.filter(({ result }) => result === 'broken').map(({ step, statement }) => `${step}: ${statement}`);

/** Minutes for a proof on a busy machine. */
const LONG = 600_000;

describe('a proof', () => {
  test(
    'has every path taken by the model, leaves no shape, and finds each step possible',
    async () => {
      const result = await prove('sync-response-fresh');
      expect(result.verdict).toBe('proved');
      const { paths, agreed, empty, unknown, disagreement } = result.validation;
      expect({ agreed: agreed + empty, unknown, disagreement }).toEqual({
        agreed: paths,
        unknown: 0,
        disagreement: null,
      });
      expect(agreed).toBeGreaterThan(1000);
      const shapes = result.rows.filter(({ statement }) => statement === 'shapes');
      expect(shapes).toHaveLength(12);
      expect(shapes.every((row) => row.result === 'holds')).toBe(true);
      expect(result.sources.map(({ file }) => file)).toContain('model/rfc6311/5.1-message-id-sync.ts');
      // It is as the schema says.
      const shown = { result, refutation: null, verdict: 'proved' } as const;
      const printed: unknown = JSON.parse(JSON.stringify(document('prove', [proofDocument(shown)])));
      const decode = Schema.decodeUnknownSync(documentSchemas.prove as Schema.Decoder<unknown>, {
        onExcessProperty: 'error',
      });
      expect(() => decode(printed)).not.toThrow();
      // A certificate of it is read as it was written; made again it says the same, and a change is noticed.
      const question = { revision: 'rfc6311', property: 'sync-response-fresh', set: [], without: [] };
      const [kept] = readCertificate(
        derivedCertificateText(derivedCertificateOf([{ question, result }])),
        'c',
      ).proofs;
      const [again] = derivedCertificateOf([{ question, result: await prove('sync-response-fresh') }]).proofs;
      expect(differencesOf(kept!, again!)).toEqual([]);
      const [first, ...others] = kept!.sources;
      expect(differencesOf({ ...kept!, sources: [{ ...first!, sha256: '0' }, ...others] }, again!)).toEqual([
        `${first!.file} is not as it was`,
      ]);
    },
    LONG,
  );

  test.each([
    ['a window', { set: ['requests=3'] }, 'no such bound'],
    ['a rekeying', { set: ['rekey=child'] }, 'do not go so far: rekey'],
    ['what another cluster lacks', { set: ['peer-members=2'], infer: true }, 'with a plain peer only'],
    ['an unknown property', { property: 'recovery' }, 'no theorem'],
    ['an unknown assumption', { assume: ['BUMP'] }, "no assumption 'BUMP'"],
  ])('is not made of %s', async (_name, question, why) => {
    await expect(prove('sync-response-fresh', question)).rejects.toThrow(why);
  });

  test.each([
    ['chooseM1: (lowest, bump) => lowest * bump', 'not linear'],
    ['chooseM1: (lowest, bump) => lowest + bump + Date.now()', 'reads Date'],
    ["chooseM1: () => { throw new Error('never'); }", 'a rule threw Error: never'],
  ])('names a rule that it cannot follow: %s', async (body, why) => {
    await expect(prove('sync-response-fresh', { revision: authored(body) })).rejects.toThrow(why);
  });
});

test('is not made of exchanges of an author, whose messages and memory are not known', async () => {
  const revision = join(PACKAGE, 'docs/examples/three-message-sync.ts');
  await expect(prove('sync-request-once', { revision })).rejects.toThrow('it has exchanges of its own');
});

describe('programs that are installed', () => {
  // In CI both are; where there is none, there is nothing to try.
  const installed = programs.filter((program) => versionOf(program) !== null);
  const questions = [
    ['unsat', '(declare-const |a b| Int)(assert (< |a b| |a b|))\n'],
    ['sat', '(declare-const |a b| Int)(assert (= |a b| (- 7)))\n'],
  ] as const;

  test('answer as Z3 does, with values', async () => {
    for (const program of installed) {
      for (const [result, text] of questions) {
        const answer = await askProgram(program, text, 60_000);
        expect(answer.result).toBe(result);
        if (answer.result === 'sat') expect(answer.value('a b')).toBe(-7n);
      }
      await expect(askProgram(program, '(assert nonsense)', 60_000)).rejects.toThrow('does not understand');
    }
  });

  test('that answer otherwise leave nothing proved', async () => {
    const wrong = { name: 'wrong', ask: () => Promise.resolve({ result: 'sat', value: () => 0n } as const) };
    const result = await proveDerived(
      { revision: 'rfc6311', property: 'sync-response-fresh', set: [], without: [] },
      { solver: 'none', others: [wrong], ask: () => Promise.resolve({ result: 'unsat' }) },
    );
    expect(result.verdict).toBe('inconclusive');
    expect(result.because).toContain('wrong answers');
  });
});

test('every property has a theorem, or is open with what one lacks; none has both', () => {
  const open = openFor('rfc6311', []).map(({ property }) => property);
  const proved = theorems.map(({ property }) => property);
  expect([...proved, ...open].toSorted()).toEqual(properties.map(({ id }) => id).toSorted());
});

describe('docs/proofs.md', () => {
  const page = readFileSync(join(PACKAGE, 'docs/proofs.md'), 'utf8');

  test.each([
    ['a plain peer', theorems, /^\| `([^`]+)`[^|]*\| yes \| ?([^|]*?) ?\|$/gm],
    ['clusters at both ends', theoremsOfClusters, /^\| `([^`]+)` \| proved \| ?([^|]*?) ?\|$/gm],
  ])('has each theorem with %s, and what it assumes', (_, all, row) => {
    const rows = [...page.matchAll(row)].map(([, property, assumed]) => [property, assumed]);
    expect(rows.toSorted()).toEqual(
      all.map(({ property, assumes }) => [property, assumes.map(({ id }) => id).join(', ')]).toSorted(),
    );
  });

  test('has what each proof needs, by the clause that fails without it', () => {
    expect(page).toContain(faultsTable());
  });
});

describe('the theorems of a revision', () => {
  test('are those of what it has', async () => {
    const of = async (revision: string): Promise<readonly string[]> =>
      (await provableFor(revision, [], [])).map(({ property }) => property);
    expect(await of('rfc6311')).not.toContain('failover-count-increases');
    expect(await of('ipsecha-01')).toContain('failover-count-increases');
    expect(await of('ikev2')).not.toContain('sync-request-once');
  });
});

const whole = (): void => {
  describe('a property of progress', () => {
    test(
      'is proved by a schedule, each step of which is taken by the model; its document is as the schema says',
      async () => {
        const result = await prove('recovery-possible', { set: ['state-sync=each-step'] });
        expect(result.verdict).toBe('proved');
        const { most, steps, validation } = result.schedule!;
        expect(most).toBe(4);
        expect(steps).toHaveLength(6);
        expect(validation.agreed + validation.empty).toBe(validation.paths);
        expect(validation.agreed).toBeGreaterThan(1000);
        const shown = { result, refutation: null, verdict: 'proved' } as const;
        const printed: unknown = JSON.parse(JSON.stringify(document('prove', [proofDocument(shown)])));
        const decode = Schema.decodeUnknownSync(documentSchemas.prove as Schema.Decoder<unknown>, {
          onExcessProperty: 'error',
        });
        expect(() => decode(printed)).not.toThrow();
      },
      LONG,
    );

    test(
      'is refuted by a run where the bump covers nothing',
      async () => {
        const result = await prove('recovery-possible', { assume: ['none'] });
        const refutation = await refutationOf(result, 'rfc6311', 60, { aborted: false });
        expect(refutation?.result.properties[0]).toMatchObject({ verdict: 'violated' });
        expect(refutation?.command).toContain('--set bump=0');
      },
      LONG,
    );
  });

  // A third of them: each takes two or three times as long as with a window of 1.
  test.each(['message-id-monotonicity', 'request-at-most-once', 'window-respected'])(
    'is proved of RFC 6311 with a window of 2: %s',
    async (property) => {
      expect((await prove(property, { set: ['window=2'] })).verdict).toBe('proved');
    },
    2 * LONG,
  );

  // Those of IKE that are about more than one step; those of ESP take minutes each.
  test.each(
    theoremsOfClusters
      .filter(({ ghosts, settings }) => Object.keys(ghosts).length > 0 && settings.packets === undefined)
      .map(({ property }) => property),
  )(
    'is proved of RFC 6311 with clusters at both ends: %s',
    async (property) => {
      const result = await prove(property, { set: ['peer-members=2'] });
      expect(result.verdict).toBe('proved');
      expect(result.scope.join()).toContain('both ends clusters of any number of members');
    },
    2 * LONG,
  );

  test(
    'between two clusters is refuted where a sync request can be acted on by one member after another',
    async () => {
      const result = await prove('sync-request-once', { assume: ['none'], set: ['peer-members=2'] });
      const refutation = await refutationOf(result, 'rfc6311', 60, { aborted: false });
      expect(refutation?.result.properties[0]).toMatchObject({ verdict: 'violated' });
      expect(refutation?.command).toContain('--scenario simultaneous-failover');
      // That run does not keep what the theorem assumes, and so does not refute it.
      const { assumptions } = await prove('sync-request-once', { set: ['peer-members=2'] });
      expect(await refutationOf({ ...result, assumptions }, 'rfc6311', 10, { aborted: false })).toBeNull();
    },
    2 * LONG,
  );

  test(
    'is refuted by a run of what it is about, and by no other',
    async () => {
      const result = await prove('esp-sequence-unique', { assume: ['none'] });
      const refutation = await refutationOf(result, 'rfc6311', 60, { aborted: false });
      // With a delta of 0: a packet, a failover, and a packet (`least.ts`).
      expect(refutation?.result.properties[0]).toMatchObject({ verdict: 'violated' });
      expect(refutation?.command).toContain('--set delta=0');
      // What is proved is proved of members that sync: of a run in which they do not, it says nothing.
      const faulty = await prove('request-at-most-once', { without: ['RFC7296-2.3-EXPECTED-ID'] });
      const found = await refutationOf(faulty, 'rfc6311', 60, { aborted: false });
      expect(found?.result.bounds).toMatchObject({ 'message-id-sync': 'both', retry: 'fresh', window: 1 });
    },
    LONG,
  );

  test(
    'is not made of steps that can no longer be taken',
    async () => {
      // Without it every number is one that was sent, and so refused: there are no packets at all.
      const result = await prove('esp-sequence-unique', { without: ['RFC4303-3.3.3-NEXT-NUMBER'] });
      expect(result.verdict).toBe('inconclusive');
      expect(result.because).toContain('packet by the cluster, packet by the peer');
    },
    LONG,
  );

  test.each(FAULTS)(
    '%s is not proved with %j',
    async (property, question, broken) => {
      const [stepAlone = ''] = broken.split(': ');
      const result = await prove(property, question, { stepAlone });
      expect(result.verdict).toBe('not proved');
      expect(brokenIn(result)).toContain(broken);
    },
    LONG,
  );

  test(
    'nothing is proved by a look at one step',
    async () => {
      const result = await prove('window-respected', {}, { stepAlone: 'failover' });
      expect(result.verdict).toBe('inconclusive');
      expect(result.because).toContain("only the step 'failover'");
    },
    LONG,
  );

  test(
    "an author's own choice of M1 is proved by the same clauses, and a faulty M2 is found out",
    async () => {
      const further = authored('chooseM1: (lowest, bump) => lowest + 2 * bump + 1');
      expect((await prove('message-id-monotonicity', { revision: further })).verdict).toBe('proved');
      const lower = authored('chooseM2: (sa, m1) => Math.max(sa.highestSeen + 1, m1 - 1)');
      const stepAlone = 'sync-request to the peer';
      const result = await prove('message-id-monotonicity', { revision: lower }, { stepAlone });
      expect(brokenIn(result)).toContain('sync-request to the peer: M2-NOT-BELOW-M1');
      expect((await prove('sync-request-once', { revision: lower })).verdict).toBe('proved');
    },
    LONG,
  );

  test(
    'initialization vectors below 0, which are none and which no number that is looked at stands for, are found out',
    async () => {
      const back = authored('}, ike: { ...rfc6311.ike, chooseIv: (spent) => 0 - Math.floor((spent + 1) / 2)');
      const stepAlone = 'request by the cluster';
      const result = await prove('iv-never-repeats', { revision: back }, { stepAlone });
      expect(brokenIn(result)).toContain('request by the cluster: shapes');
    },
    LONG,
  );
};

// Minutes; nothing is skipped otherwise, for it is not there.
if (isWhole) describe('all of it', whole);
