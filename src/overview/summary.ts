/** What came out, in a few sentences: the numbered list at the head of `docs/findings.md`. */
import { readFile } from 'node:fs/promises';

const FINDINGS = new URL('../../docs/findings.md', import.meta.url);

/** A sentence, and the finding that it stands on. */
export interface Conclusion {
  /** In plain text. */
  readonly says: string;
  /** `F-01` and so on: headings of `docs/findings.md`. */
  readonly findings: readonly string[];
}

/** The sentences of the first numbered list, before any chapter. */
export function conclusionsIn(text: string): readonly Conclusion[] {
  const head = text.slice(0, text.indexOf('\n## '));
  return [...head.matchAll(/^\d+\. (.+(?:\n {3}.+)*)/gm)].map(([, item = '']) => {
    const sentence = item.replace(/\s+/g, ' ');
    return {
      says: sentence
        .replace(/ ?\((?:(?:\[[^\]]*\]\([^)]*\)|F-\d+)(?:, )?)+\)/g, '')
        .replaceAll('`', '')
        .trim(),
      findings: [...new Set([...sentence.matchAll(/F-\d+/g)].map(([id]) => id))],
    };
  });
}

/** @throws if the file is not there: it is part of the package */
export const conclusions = async (): Promise<readonly Conclusion[]> =>
  conclusionsIn(await readFile(FINDINGS, 'utf8'));
