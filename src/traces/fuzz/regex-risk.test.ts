/** No regular expression that is used on input takes more than linear time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it, vi } from 'vitest';
import { regexRisk } from './regex-risk.ts';

const SRC = new URL('../../', import.meta.url).pathname;

/** The folders whose sources look at input, and what is in them but is not used on it. */
const FOLDERS = ['traces', 'cli', 'report'];
const ELSEWHERE =
  /\.test\.ts$|\.bench\.ts$|\/(?:fuzz|bench|testing|site)\/|\/cli\/transcript\.ts$|\/testing[a-z-]*\.ts$/u;

/** The regular expressions of a source: where they stand, and what they are. */
function expressionsIn(file: string): readonly (readonly [place: string, source: string, flags: string])[] {
  const text = readFileSync(file, 'utf8');
  const found: (readonly [string, string, string])[] = [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const look = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push([`${file.slice(SRC.length)}:${line}`, node.text.slice(1, end), node.text.slice(end + 1)]);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

it('is so in every source that looks at input', () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(SRC, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => join(entry.parentPath, entry.name)),
  ).filter((file) => !ELSEWHERE.test(file));
  const all = files.flatMap(expressionsIn);
  expect(all.length).toBeGreaterThan(50);
  const risky = all.flatMap(([place, source, flags]) => {
    const risk = regexRisk(source, flags);
    return risk === undefined ? [] : [`${place}: /${source}/${flags}: ${risk}`];
  });
  expect(risky).toEqual([]);
});

it('is so where it is put together, too', async () => {
  const made: RegExp[] = [];
  const plain = globalThis.RegExp;
  vi.resetModules();
  globalThis.RegExp = class extends plain {
    constructor(source: string | RegExp, flags?: string) {
      super(source, flags);
      made.push(this);
    }
  } as RegExpConstructor;
  try {
    await import('../sources/logs/registry.ts');
  } finally {
    globalThis.RegExp = plain;
  }
  const risks = made.flatMap(({ source, flags }) => {
    const risk = regexRisk(source, flags);
    return risk === undefined ? [] : [`/${source}/${flags}: ${risk}`];
  });
  expect(made.length).toBeGreaterThan(8);
  expect(risks).toEqual([]);
});

it('sees the forms that take longer, and passes those that do not', () => {
  const risk = (expression: RegExp): string | undefined => regexRisk(expression.source, expression.flags);
  for (const slow of [
    /^(?:a+)+$/u,
    /^(?:a|b*)*c/u,
    /^\s*[^,]*,/u,
    /^\s*(?:"([^"]*)"|([^",]*?))\s*(,|$)/u,
    /^\s+x?\s+$/u,
    /\s+$/u,
    /\{.*\}/u,
    /a.*b.*c/u,
  ]) {
    expect([slow, risk(slow)]).toEqual([slow, expect.any(String)]);
  }
  for (const quick of [
    /^\s*[^\s,]+,/u,
    /^(?:[0-9a-f]{2})*$/u,
    /^(?:,\d+)*$/u,
    /^\d+(?:\.\d+)?$/u,
    /[0-9]+/u,
    /<[a-z]+>/u,
    /^[^:]*:\d+$/u,
  ]) {
    expect([quick, risk(quick)]).toEqual([quick, undefined]);
  }
});
