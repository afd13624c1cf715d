/**
 * Validations as annotations of a workflow on GitHub: a line for each kind of finding, which the runner shows beside the
 * file. The form is that of its workflow commands.
 */
import type { Validation } from '../traces/findings/finding.ts';
import { saidOf } from './validation.ts';
import { folded, foldedPlaces, foldedSays } from './verdict/folded.ts';
import { summaryOf } from './verdict/summary.ts';

/** A file that could not be judged, and why. */
export interface NotJudged {
  readonly file: string;
  readonly problem: string;
}

export const annotations = (validations: readonly Validation[], failed: readonly NotJudged[]): string =>
  [
    ...validations.flatMap(ofValidation),
    ...failed.map(({ file, problem }) => annotation('error', { file, title: 'not read' }, problem)),
  ]
    .map((line) => `${line}\n`)
    .join('');

function ofValidation(result: Validation): readonly string[] {
  const { files, findings, verdict } = result;
  const [only] = files;
  if (findings.length === 0 && verdict === 'inconclusive') {
    return [annotation('warning', { file: only, title: 'inconclusive' }, summaryOf(result))];
  }
  return folded(findings).map((each) => {
    const { rule, file = only, line, condition } = each.first;
    const text = `${foldedPlaces(each, files)}: ${foldedSays(each, saidOf)}`;
    return annotation(condition === undefined ? 'error' : 'warning', { file, line, title: rule }, text);
  });
}

function annotation(
  level: 'error' | 'warning',
  {
    file,
    line,
    title,
  }: { readonly file: string | undefined; readonly line?: number | undefined; readonly title: string },
  text: string,
): string {
  const properties = [
    ...(file === undefined || file === '-' ? [] : [`file=${inProperty(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${inProperty(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${inText(text)}`;
}

const inText = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const inProperty = (text: string): string => inText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
