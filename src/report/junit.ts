/**
 * JUnit XML, as continuous integration reads it: a suite for each file or exploration, a case for each rule or
 * property. What is inconclusive is an error, not a success.
 *
 * There is no standard; this keeps to what the schemas of Jenkins (junit-10.xsd) and Ant have in common.
 */
import { type Element, xmlText } from './xml.ts';

/** What became of a case. */
export type Outcome =
  | { readonly kind: 'passed' }
  /** `says`: one line; `details`: all of it. */
  | {
      readonly kind: 'failed' | 'error';
      readonly type: string;
      readonly says: string;
      readonly details: string;
    }
  | { readonly kind: 'skipped'; readonly says: string };

export interface TestCase {
  readonly name: string;
  /** What it belongs to, with dots between: readers make a tree of it. */
  readonly className: string;
  readonly outcome: Outcome;
}

export interface TestSuite {
  readonly name: string;
  /** Seconds that it took. */
  readonly seconds: number;
  readonly cases: readonly TestCase[];
}

/** The suites as a document. */
export function junitText(name: string, suites: readonly TestSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  return xmlText({
    name: 'testsuites',
    attributes: {
      name,
      tests: cases.length,
      failures: count(cases, 'failed'),
      errors: count(cases, 'error'),
      time: total(suites).toFixed(3),
    },
    inside: suites.map(suiteElement),
  });
}

const suiteElement = ({ name, seconds, cases }: TestSuite): Element => ({
  name: 'testsuite',
  attributes: {
    name,
    tests: cases.length,
    failures: count(cases, 'failed'),
    errors: count(cases, 'error'),
    skipped: count(cases, 'skipped'),
    time: seconds.toFixed(3),
  },
  inside: cases.map((each) => ({
    name: 'testcase',
    attributes: { name: each.name, classname: each.className, time: '0.000' },
    inside: outcomeElements(each.outcome),
  })),
});

function outcomeElements(outcome: Outcome): readonly Element[] {
  if (outcome.kind === 'passed') return [];
  if (outcome.kind === 'skipped') return [{ name: 'skipped', attributes: { message: outcome.says } }];
  return [
    {
      name: outcome.kind === 'failed' ? 'failure' : 'error',
      attributes: { type: outcome.type, message: outcome.says },
      inside: outcome.details,
    },
  ];
}

const count = (cases: readonly TestCase[], kind: Outcome['kind']): number =>
  cases.filter(({ outcome }) => outcome.kind === kind).length;

const total = (suites: readonly TestSuite[]): number => suites.reduce((sum, { seconds }) => sum + seconds, 0);
