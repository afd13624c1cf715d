/** Where a slot is written in an author's files: what a rule returns has no stack to tell it. */
import { readFileSync } from 'node:fs';

/**
 * `FILE:LINE` of the one place where a slot gets its function: `adopt: ...`, `adopt(sa) {`, `const adopt = ...` or
 * `function adopt`. The name of the file alone, where the files have none or several such places: no line is better than a
 * wrong one.
 *
 * @param slot part and slot, `counterSync.adopt`
 * @param path of the revision, as it stands among the files
 * @param argument stands for that path
 */
export function writtenAt(slot: string, files: readonly string[], path: string, argument: string): string {
  const name = slot.replace(/^.*\./, '');
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return argument;
  const written = new RegExp(
    String.raw`(?<![.\w$'"])${name.replaceAll('$', String.raw`\$`)} ?(?:[:=](?![=>])|\()`,
  );
  const places = [...new Set([path, ...files])].flatMap((file) =>
    linesOf(file).flatMap((line, index) =>
      written.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line)
        ? [`${file === path ? argument : file}:${index + 1}`]
        : [],
    ),
  );
  const [place] = places;
  return place !== undefined && places.length === 1 ? place : argument;
}

function linesOf(file: string): readonly string[] {
  try {
    return /\.[cm]?[jt]s$/.test(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
  } catch {
    return [];
  }
}
