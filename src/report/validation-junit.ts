/** Validations as suites of JUnit: a case for each rule that a trace can be judged by. */
import type { Revision } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/findings/finding.ts';
import { judgedOnTraces } from '../traces/findings/not-judged.ts';
import type { Outcome, TestCase, TestSuite } from './junit.ts';
import { saidOf, seenText } from './validation.ts';
import { clockText, placesText, whoText } from './verdict/place.ts';

/** @param revision that the trace was judged by */
export function validationSuite(result: Validation, revision: Revision, seconds = 0): TestSuite {
  const className = `validate.${revision.name}`;
  const ids = new Set([...judgedOnTraces(revision), ...result.findings.map(({ rule }) => rule)]);
  return {
    name: result.files.join(', '),
    seconds,
    cases: [
      ...[...ids].sort().map((id): TestCase => ({ name: id, className, outcome: outcomeOf(id, result) })),
      { name: 'everything that is needed was observed', className, outcome: observed(result) },
    ],
  };
}

function outcomeOf(id: string, result: Validation): Outcome {
  const { findings, notJudged, notJudgedBecause, verdict, missing } = result;
  const broken = findings.filter(({ rule, condition }) => rule === id && condition === undefined);
  const [first] = broken;
  if (first !== undefined) {
    const more = broken.length === 1 ? '' : ` (and ${broken.length - 1} more)`;
    return {
      kind: 'failed',
      type: id,
      says: `${placeText(first)}: ${first.message}${more}`,
      details: broken.map(findingText).join('\n'),
    };
  }
  const open = findings.filter(({ rule }) => rule === id);
  if (open.length > 0) {
    const says = open.map((finding) => `${placeText(finding)}: ${saidOf(finding)}`).join('; ');
    return { kind: 'skipped', says: `inconclusive: ${says}` };
  }
  if (notJudged.includes(id)) {
    const why =
      notJudgedBecause === undefined
        ? 'contents of messages could not be read'
        : `not judged, ${notJudgedBecause}`;
    return { kind: 'skipped', says: why };
  }
  // What was not found may be hidden by what is missing: that is no success.
  if (verdict === 'inconclusive') return { kind: 'skipped', says: `inconclusive: ${missing.join('; ')}` };
  return { kind: 'passed' };
}

function observed(result: Validation): Outcome {
  const lacks = [
    ...result.missing,
    ...result.unread.map(({ at, reason }) => `${at === undefined ? '' : `frame or line ${at}: `}${reason}`),
  ];
  if (result.missing.length === 0) return { kind: 'passed' };
  return {
    kind: 'error',
    type: 'inconclusive',
    says: `missing: ${result.missing.join('; ')}`,
    details: [seenText(result), ...lacks].join('\n'),
  };
}

const placeText = (finding: Finding): string => {
  const time = clockText(finding.time);
  return time === '' ? placesText(finding) : `${placesText(finding)} (${time})`;
};

const findingText = (finding: Finding): string =>
  [
    `${placeText(finding)}, by the ${whoText(finding)}: ${finding.message}`,
    `  allowed: ${finding.allowed}`,
    ...(finding.prefixes ?? []).map(({ way, rule, because }) => `  ${way}: ${because} (${rule})`),
  ].join('\n');
