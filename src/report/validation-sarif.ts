/** Validations as results of SARIF: findings, and what is missing. */
import { createHash } from 'node:crypto';
import { catalogue } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/findings/finding.ts';
import type { SarifResult, SarifRule } from './sarif.ts';
import { saidOf } from './validation.ts';
import { kindOf } from './verdict/folded.ts';
import { clockText, placesText } from './verdict/place.ts';

/** Stands for every observation without which a trace cannot be judged. */
const MISSING: SarifRule = {
  id: 'missing-observation',
  title: 'An observation is missing',
  says: 'The trace does not show what would be needed to judge it.',
};

/** The rules of the specification, as SARIF lists them. */
export const specificationRules = (): readonly SarifRule[] =>
  catalogue.map(({ id, title, says, document, section, link }) => ({
    id,
    title,
    says,
    source: `${document}, ${section}`,
    ...(link === null ? {} : { url: link }),
  }));

export const validationRules = (): readonly SarifRule[] => [...specificationRules(), MISSING];

export const validationResults = (result: Validation): readonly SarifResult[] => [
  ...findingResults(result),
  ...result.missing.map(
    (what): SarifResult => ({
      rule: MISSING.id,
      kind: 'open',
      message: `missing: ${what}`,
      places: result.files.map((file) => ({ file, name: 'trace', kind: 'resource', line: 1 })),
      properties: { revision: result.revision, notJudged: result.notJudged },
    }),
  ),
];

/** Of findings of one kind the first, the second and so on have fingerprints of their own, wherever they are. */
function findingResults(result: Validation): readonly SarifResult[] {
  const kinds = new Map<string, number>();
  return result.findings.map((finding) => {
    const kind = kindOf(finding);
    const before = kinds.get(kind) ?? 0;
    kinds.set(kind, before + 1);
    const fingerprint = createHash('sha256').update(`${kind} ${before}`).digest('hex').slice(0, 32);
    return { ...findingResult(finding, result), fingerprint };
  });
}

function findingResult(finding: Finding, { files, revision }: Validation): SarifResult {
  const { rule, allowed, file = files[0], message: _, ...properties } = finding;
  return {
    rule,
    // With a condition, it is for people to look at: nobody is convicted.
    kind: finding.condition === undefined ? 'fail' : 'open',
    message: `${whereText(finding)}: ${saidOf(finding)}. Instead, the specification would have allowed: ${allowed}.`,
    places: [
      {
        ...(file === undefined ? {} : { file }),
        name: placesText({ ...finding, alsoFrames: [] }),
        kind: 'element',
        line: finding.line ?? 1,
      },
    ],
    properties: { ...properties, revision },
  };
}

/** `frame 35, 12:00:31.250`. */
const whereText = (finding: Finding): string => {
  const time = clockText(finding.time);
  return time === '' ? placesText(finding) : `${placesText(finding)}, ${time}`;
};
