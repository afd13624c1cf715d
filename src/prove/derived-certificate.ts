/**
 * What is kept of proofs over the derived relation, so that anyone can make them again and compare: no times, nothing
 * of the machine; every file that was read by its digest.
 */
import { UsageError } from '../questions/usage-error.ts';
import type { DerivedResult, ScheduleFound, TheoremQuestion } from './derived.ts';

/** One proof. */
export interface ProvedTheorem
  extends Omit<DerivedResult, 'seconds' | 'plain' | 'broken' | 'validation' | 'schedule' | 'inferred'> {
  readonly question: TheoremQuestion;
  readonly validation: Counts;
  readonly schedule?: Omit<ScheduleFound, 'validation'> & { readonly validation: Counts };
}

/** What of the paths that the model took is kept. */
type Counts = Omit<DerivedResult['validation'], 'disagreement'>;

const countsOf = ({ disagreement: _, ...counts }: DerivedResult['validation']): Counts => counts;

export interface DerivedCertificate {
  readonly certificate: 'ipsecha proofs';
  readonly proofs: readonly ProvedTheorem[];
}

export const derivedCertificateOf = (
  proofs: readonly { readonly question: TheoremQuestion; readonly result: DerivedResult }[],
): DerivedCertificate => ({
  certificate: 'ipsecha proofs',
  proofs: proofs.map(({ question, result }) => {
    // How something was found is no matter: it is a clause like others, and the question names it.
    const { seconds: _, plain: _plain, broken: _broken, inferred: _inferred, ...further } = result;
    const { validation, schedule, ...kept } = further;
    return {
      question,
      ...kept,
      ...(schedule === undefined
        ? {}
        : { schedule: { ...schedule, validation: countsOf(schedule.validation) } }),
      validation: countsOf(validation),
    };
  }),
});

/** As JSON; a row, a clause and a file stand on one line each. */
export const derivedCertificateText = (certificate: DerivedCertificate): string =>
  `${JSON.stringify(certificate, null, 1).replaceAll(/\{\n([^{}[\]]*)\n *\}/g, (_, fields: string) => `{${fields.replaceAll(/\n */g, ' ').trim()}}`)}\n`;

/** @throws UsageError if the text is not that of a certificate */
export function readCertificate(text: string, file: string): DerivedCertificate {
  const hint = 'a certificate is written by ipsecha prove --certificate FILE';
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is no JSON`, hint);
  }
  if (!isCertificate(read)) throw new UsageError(`${file} is no certificate of proofs`, hint);
  return read;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isCertificate = (value: unknown): value is DerivedCertificate =>
  isRecord(value) &&
  value['certificate'] === 'ipsecha proofs' &&
  Array.isArray(value['proofs']) &&
  value['proofs'].every(
    (proof: unknown) =>
      isRecord(proof) &&
      isRecord(proof['question']) &&
      typeof proof['question']['revision'] === 'string' &&
      typeof proof['question']['property'] === 'string' &&
      isTexts(proof['question']['set']) &&
      isTexts(proof['question']['without']) &&
      ['assume', 'with'].every((field) => {
        const given = (proof['question'] as Readonly<Record<string, unknown>>)[field];
        return given === undefined || isTexts(given);
      }) &&
      Array.isArray(proof['sources']),
  );

/** In what two accounts of one proof differ, in words; nothing if they say the same. The solvers may be others. */
export function differencesOf(kept: ProvedTheorem, made: ProvedTheorem): readonly string[] {
  const files = new Map(kept.sources.map(({ file, sha256 }) => [file, sha256]));
  const changed = made.sources
    .filter(({ file, sha256 }) => files.get(file) !== sha256)
    .map(({ file }) => file);
  const gone = kept.sources.filter(({ file }) => !made.sources.some((each) => each.file === file));
  const others = (Object.keys(made) as (keyof ProvedTheorem)[]).filter(
    (field) =>
      field !== 'sources' &&
      field !== 'solver' &&
      field !== 'others' &&
      JSON.stringify(kept[field]) !== JSON.stringify(made[field]),
  );
  return [
    ...changed.map((file) => `${file} is not as it was`),
    ...gone.map(({ file }) => `${file} is no longer read`),
    ...others.map((field) =>
      field === 'verdict'
        ? `the verdict was ${kept.verdict}, and is ${made.verdict}`
        : `'${field}' is not as it was`,
    ),
  ];
}
