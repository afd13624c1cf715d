/** What a reader of a verdict does next: looks at the frames, reads the rule, sees what its absence leads to. */
import { findRule } from '../../../model/index.ts';
import type { Finding, Validation } from '../../traces/findings/finding.ts';

/** A filter for Wireshark's display of one file. */
export interface FrameFilter {
  readonly file: string;
  readonly filter: string;
}

/** So many frames are named in a filter. */
const MOST_FRAMES = 100;

/** The frames of findings, and those that they refer to, file by file. None for sources without frames. */
export function frameFilters({
  files,
  findings,
}: Pick<Validation, 'files' | 'findings'>): readonly FrameFilter[] {
  const frames = new Map<string, Set<number>>();
  const [only = '-'] = files;
  const note = (file: string, frame: number | undefined): void => {
    if (frame === undefined) return;
    const known = frames.get(file) ?? new Set();
    frames.set(file, known);
    if (known.size < MOST_FRAMES) known.add(frame);
  };
  for (const { file = only, frame, alsoFrames = [], first, takenOverFrom = [] } of findings) {
    for (const each of [frame, ...alsoFrames]) note(file, each);
    for (const each of first === undefined ? takenOverFrom : [first, ...takenOverFrom]) {
      note(each.file ?? file, each.frame);
    }
  }
  return [...frames].map(([file, numbers]) => ({ file, filter: filterOf([...numbers]) }));
}

/** `frame.number in {35,36,40..44}`, as Wireshark reads it. */
function filterOf(numbers: readonly number[]): string {
  const spans: [from: number, to: number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else spans.push([number, number]);
  }
  const texts = spans.flatMap(([from, to]) =>
    from === to ? [`${from}`] : to === from + 1 ? [`${from}`, `${to}`] : [`${from}..${to}`],
  );
  return `frame.number in {${texts.join(',')}}`;
}

/** Where a rule can be read: the section of the RFC as published; undefined for slides, and rules that nobody knows. */
export const ruleUrl = (rule: string): string | undefined => findRule(rule)?.link ?? undefined;

/** By rule, the command that shows what it leads to if nobody keeps it. */
export type Experiments = ReadonlyMap<string, string>;

export const NO_EXPERIMENTS: Experiments = new Map();

/** The rules of findings, each once, in the order of the first. */
export const rulesOf = (findings: readonly Pick<Finding, 'rule'>[]): readonly string[] => [
  ...new Set(findings.map(({ rule }) => rule)),
];
