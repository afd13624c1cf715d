/** Findings of one kind in one: the first of them, and how often. */
import type { Finding } from '../../traces/findings/finding.ts';
import { placesInFile, placesText } from './place.ts';

export interface Folded {
  readonly first: Finding;
  readonly last: Finding;
  readonly all: readonly Finding[];
}

/** What findings of one kind have in common: all that is said of them but the numbers. SPIs are no numbers. */
export const kindOf = ({ rule, actor, address, end, message, condition }: Finding): string =>
  JSON.stringify([rule, actor, address, end, shapeOf(message), condition === undefined]);

const shapeOf = (text: string): string =>
  text.replace(/(?<!SPI )\b\d{1,20}\b(?:(?:, | or )\d{1,20})*/gu, '#');

/** In the order of the first of each kind. */
export function folded(findings: readonly Finding[]): readonly Folded[] {
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) {
    const kind = kinds.get(kindOf(finding));
    if (kind === undefined) kinds.set(kindOf(finding), [finding]);
    else kind.push(finding);
  }
  return [...kinds.values()].flatMap((all) => {
    const [first, last] = [all[0], all.at(-1)];
    return first === undefined || last === undefined ? [] : [{ first, last, all }];
  });
}

/** `frame 35`; `frames 38 and 39`; `frames 35 to 44, 3 times`. */
export function foldedPlaces({ first, last, all }: Folded, files: readonly string[]): string {
  if (all.length === 1) return placesInFile(first, files);
  const [from, to] = [first, last].map((each) => placesText({ ...each, alsoFrames: [] }));
  const [kind = '', number = ''] = (from ?? '').split(' ');
  const [otherKind = '', otherNumber = ''] = (to ?? '').split(' ');
  const inFile = files.length < 2 || first.file === undefined ? '' : ` of ${first.file}`;
  const times = all.length === 2 ? '' : `, ${all.length} times`;
  const word = all.length === 2 ? 'and' : 'to';
  return kind === otherKind && first.file === last.file
    ? `${kind}s ${number} ${word} ${otherNumber}${inFile}${times}`
    : `${from}${inFile} ${word} ${placesInFile({ ...last, alsoFrames: [] }, files)}${times}`;
}

/** What is said of all of them: of the first, if they differ in numbers. */
export const foldedSays = ({ first, all }: Folded, saidOf: (finding: Finding) => string): string =>
  all.every((finding) => saidOf(finding) === saidOf(first))
    ? saidOf(first)
    : `${saidOf(first)}; the ${all.length === 2 ? 'other' : `${all.length - 1} others`} with other numbers`;
