/** Validations as results of SARIF: findings, and what is missing. */
import { catalogue } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/finding.ts';
import type { SarifResult, SarifRule } from './sarif.ts';
import { saidOf } from './validation.ts';

/** Stands for every observation without which a trace cannot be judged. */
const MISSING: SarifRule = {
  id: 'missing-observation',
  title: 'An observation is missing',
  says: 'The trace does not show what would be needed to judge it.',
};

/** The rules of the specification, as SARIF lists them. */
export const specificationRules = (): readonly SarifRule[] =>
  catalogue.map(({ id, title, says, document, section }) => ({
    id,
    title,
    says,
    source: `${document}, ${section}`,
  }));

export const validationRules = (): readonly SarifRule[] => [...specificationRules(), MISSING];

export const validationResults = (result: Validation): readonly SarifResult[] => [
  ...result.findings.map((finding) => findingResult(finding, result)),
  ...result.missing.map(
    (what): SarifResult => ({
      rule: MISSING.id,
      kind: 'open',
      message: `missing: ${what}`,
      places: result.files.map((file) => ({ file, name: 'trace', kind: 'resource' })),
      properties: { revision: result.revision, notJudged: result.notJudged },
    }),
  ),
];

function findingResult(finding: Finding, { files, revision }: Validation): SarifResult {
  const { rule, allowed, file = files[0], message: _, ...properties } = finding;
  return {
    rule,
    // With a condition, it is for people to look at: nobody is convicted.
    kind: finding.condition === undefined ? 'fail' : 'open',
    message: `${saidOf(finding)}. Instead, the specification would have allowed: ${allowed}.`,
    places: [
      {
        ...(file === undefined ? {} : { file }),
        name: finding.frame === undefined ? `event ${finding.event}` : `frame ${finding.frame}`,
        kind: 'element',
      },
    ],
    properties: { ...properties, revision },
  };
}
