/**
 * `npm run record:proofs -- [revisions] [PROPERTY|RULE ...]`: proves every theorem of every shipped revision, and those of `rfc6311` and
 * the one of `ipsecha-01` without each of its rules, and writes what came out into `docs/proofs.json`, the
 * certificates beside the theorems, and the tables of `docs/proofs.md`. With names only the properties and the rules that are
 * named; what is there of others stays. With `revisions` no rule is left out, which is a matter of minutes; all of it takes the
 * better part of an hour of one core, and two processes can share the rules.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ablatable, revisions } from '../../model/index.ts';
import { theorems } from '../../proofs/theorems.ts';
import { UsageError } from '../questions/usage-error.ts';
import {
  type DerivedResult,
  provableFor,
  proveDerived,
  rulesCalled,
  type TheoremQuestion,
} from './derived.ts';
import { derivedCertificateOf, derivedCertificateText } from './derived-certificate.ts';
import { askProgram, programs, versionOf } from './native-solver.ts';
import {
  ABLATED,
  type Ablated,
  certificateFile,
  inOrder,
  type ProofsRecord,
  RECORD,
  type RecordedCell,
  type RecordedProof,
  type RecordedProperty,
  recordedProofs,
  recordText,
} from './recorded.ts';
import { PAGE, pageWith } from './recorded-page.ts';
import { refutationOf } from './refute.ts';
import type { Answer, Query } from './solver.ts';
import { closeZ3, openZ3 } from './z3.ts';

const MILLISECONDS_FOR_A_QUESTION = 600_000;
const SECONDS_FOR_A_RUN = 300;

const [first] = process.argv.slice(2);
const isOfRevisions = first === 'revisions';
const wanted = process.argv.slice(isOfRevisions ? 3 : 2);
const allRules = revisions.flatMap((revision) => ablatable(revision).map(String));
const unknown = wanted.filter(
  (name) => !theorems.some(({ property }) => property === name) && !allRules.includes(name),
);
if (unknown.length > 0) throw new Error(`there is no theorem of and no rule ${unknown.join(', ')}`);
const rulesWanted = wanted.filter((name) => allRules.includes(name));
const propertiesWanted = wanted.filter((name) => !allRules.includes(name));
const isWanted = (names: readonly string[], name: string): boolean =>
  names.length === 0 || names.includes(name);

const tell = (what: string): boolean => process.stderr.write(`${what}\n`);
const z3 = await openZ3();
const others = programs.flatMap((program) => {
  const version = versionOf(program);
  const ask = ({ text }: Query) => askProgram(program, text, MILLISECONDS_FOR_A_QUESTION);
  return version === null ? [] : [{ name: `${program} ${version}`, ask }];
});

/** What is impossible: of a step that a rule has nothing to do with, the same is asked with the rule and without. */
const impossible = new Set<string>();

async function ask({ text }: Query): Promise<Answer> {
  const digest = createHash('sha256').update(text, 'utf8').digest('base64');
  if (impossible.has(digest)) return { result: 'unsat' };
  const answer = await z3.check(text, MILLISECONDS_FOR_A_QUESTION);
  if (answer.result === 'unsat') impossible.add(digest);
  return answer;
}

const proved = (question: TheoremQuestion, further: typeof others): Promise<DerivedResult> =>
  proveDerived(question, { solver: `Z3 ${z3.version}`, others: further, ask });

const outcome = ({ verdict, because, rows }: DerivedResult): RecordedProof => ({
  verdict,
  broken: rows
    .filter(({ result }) => result === 'broken')
    .map(({ step, statement }) => `${step}: ${statement}`),
  ...(because === undefined ? {} : { because }),
});

/** What came of the theorems of a revision; with all solvers that there are, and a search for a run where a proof fails. */
async function ofRevision(revision: string): Promise<readonly RecordedProperty[]> {
  const found: RecordedProperty[] = [];
  const made: { readonly question: TheoremQuestion; readonly result: DerivedResult }[] = [];
  const able = (await provableFor(revision, [], [])).map(({ property }) => property);
  for (const { property, assumes: all } of theorems) {
    if (!isWanted(propertiesWanted, property)) continue;
    if (!able.includes(property)) {
      const nothing = { broken: [], assumes: all.map(({ id }) => id), questions: 0, digest: '' };
      found.push({ revision, property, verdict: 'nothing to break', ...nothing });
      continue;
    }
    const question = { revision, property, set: [], without: [] };
    const result = await proved(question, others);
    const refutation =
      result.broken === null
        ? null
        : await refutationOf(result, revision, SECONDS_FOR_A_RUN, { aborted: false });
    const assumes = result.assumptions.map(({ id }) => id);
    const refutedBy = refutation === null ? {} : { refutedBy: refutation.command };
    const { questions, digest } = result;
    found.push({ revision, property, ...outcome(result), assumes, ...refutedBy, questions, digest });
    if (result.verdict === 'proved') made.push({ question, result });
    tell(`${revision} ${property}: ${refutation === null ? result.verdict : 'refuted'}, ${result.seconds} s`);
  }
  if (propertiesWanted.length === 0) {
    mkdirSync(new URL('../../proofs/certificates', import.meta.url), { recursive: true });
    writeFileSync(
      new URL(`../../${certificateFile(revision)}`, import.meta.url),
      derivedCertificateText(derivedCertificateOf(made)),
    );
  }
  return found;
}

/** What is left of the theorems of a revision without each of its rules. */
async function withoutRules(
  { revision, rules, about }: Ablated,
  keep: (cell: RecordedCell) => void,
): Promise<void> {
  const properties = about.filter((property) => isWanted(propertiesWanted, property));
  const called = new Map<string, readonly string[]>();
  for (const property of properties) called.set(property, await rulesCalled({ revision, property }));
  for (const rule of rules.filter((each) => isWanted(rulesWanted, each))) {
    const start = performance.now();
    for (const property of properties) {
      const cell = { revision, rule, property };
      keep(
        called.get(property)?.includes(rule) === true
          ? { ...cell, ...(await withoutRule(cell)) }
          : { ...cell, verdict: 'proved', broken: [], isSame: true },
      );
    }
    tell(`${revision} without ${rule}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

async function withoutRule({
  revision,
  rule,
  property,
}: Omit<RecordedCell, 'verdict' | 'broken'>): Promise<RecordedProof> {
  try {
    return outcome(await proved({ revision, property, set: [], without: [rule] }, []));
  } catch (error) {
    // Without the rule no proof is made at all.
    if (error instanceof UsageError) return { verdict: 'inconclusive', broken: [], because: error.message };
    throw error;
  }
}

const SAME = (
  one: Pick<RecordedCell, 'revision' | 'property'> & { readonly rule?: string },
  other: typeof one,
): boolean => one.revision === other.revision && one.property === other.property && one.rule === other.rule;

/** What is there is read anew: another process may record other rules at the same time. */
function change(by: (record: ProofsRecord) => ProofsRecord): void {
  writeFileSync(RECORD, recordText(by(recordedProofs())));
}

if (rulesWanted.length === 0) {
  for (const { name } of revisions) {
    const found = await ofRevision(name);
    change(({ properties, cells }) => {
      const kept = properties.filter(
        (each) =>
          !found.some((other) => SAME(each, other)) &&
          (propertiesWanted.length > 0 || each.revision !== name),
      );
      return { properties: inOrder([...kept, ...found]), cells };
    });
  }
}
for (const ablated of isOfRevisions ? [] : ABLATED) {
  await withoutRules(ablated, (cell) => {
    change(({ properties, cells }) => ({
      properties,
      cells: inOrder([...cells.filter((each) => !SAME(each, cell)), cell]),
    }));
  });
}
await closeZ3();
writeFileSync(PAGE, pageWith(recordedProofs(), readFileSync(PAGE, 'utf8')));
