/** How an author's file is loaded, and how it is said where one went wrong. */
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MODEL_URL } from './model-url.ts';
import { thrown } from './thrown.ts';

/** Marks the file and what it imports beside it, so that they are taken for ES modules whatever is around them. */
export const MARK = '?ipsecha-revision';

/**
 * Runs in the thread of the loaders. `ipsecha/model` is the specification that runs, from wherever the file is;
 * and TypeScript needs no package.json that says `module`. The names of all files go to a port.
 */
export const loadingHooks = `
  let port;
  export const initialize = (data) => { port = data.port; };
  const marked = (url) => url !== undefined && url.includes('${MARK}');
  const plain = (url) => url.split('%3Ftsx-')[0].split('?')[0];
  export async function resolve(specifier, context, next) {
    if (specifier === 'ipsecha/model') return { url: '${MODEL_URL}', shortCircuit: true };
    const found = await next(specifier, context);
    if (marked(specifier)) return { ...found, format: 'module' };
    const beside = marked(context.parentURL) && /^\\.\\.?\\//.test(specifier);
    if (!beside || found.format !== 'commonjs' || !plain(found.url).endsWith('.ts')) return found;
    return { ...found, url: plain(found.url) + '${MARK}', format: 'module' };
  }
  export const load = async (url, context, next) => {
    const loaded = await next(url, marked(url) ? { ...context, format: 'module' } : context);
    port?.postMessage(url);
    return loaded;
  };
`;

/**
 * Why a file cannot be loaded, and what to do.
 *
 * @param argument the file as the user gave it
 */
export function notLoaded(error: unknown, argument: string, path: string): readonly [string, string] {
  const message = thrown(error);
  const whole = wholeMessage(error);
  // As esbuild has it: FILE:LINE:COLUMN: ERROR: what is wrong.
  const syntax = /^(.+):(\d+):(\d+): (?:ERROR|error): (.+)$/m.exec(whole);
  if (syntax !== null) {
    const [, file = '', line, column, what] = syntax;
    // The transpiler may call .mts .ts.
    const stem = (name: string): string => basename(name).replace(/\.[^.]+$/, '');
    const said = stem(file) === stem(path) ? argument : file;
    return [`${said}:${line}:${column}: ${what}`, 'mend the syntax; it is TypeScript or JavaScript'];
  }
  const where = placeIn(error, new Set([path]), path, '');
  const said = message.replace(/^Error: /, '').replaceAll(MARK, '');
  return [
    `${argument}${where} cannot be loaded: ${said}`,
    codeOf(error) === 'ERR_MODULE_NOT_FOUND'
      ? "the specification is imported from 'ipsecha/model', other files by their path and extension"
      : 'it has to be an ES module that exports a revision and does nothing else',
  ];
}

function wholeMessage(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : '';
  } catch {
    return '';
  }
}

function codeOf(error: unknown): unknown {
  try {
    return error instanceof Error && 'code' in error ? error.code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * `FILE:LINE:COLUMN` of the topmost place of a stack that is in one of the files; nothing, if there is none.
 *
 * @param argument stands for the path of the revision itself
 */
export function placeIn(error: unknown, files: ReadonlySet<string>, path: string, argument: string): string {
  for (const line of stackOf(error).split('\n')) {
    const found = /(\S+?)(?:\?[^:]*)?:(\d+):(\d+)\)?$/.exec(
      line.replace(/^.*\(/, '').replace(/^\s*at (?:async )?/, ''),
    );
    if (found === null) continue;
    const [, name = '', row, column] = found;
    const file = name.startsWith('file:') ? nameOf(name) : name;
    if (files.has(file)) return `${file === path ? argument : file}:${row}:${column}`;
  }
  return '';
}

function nameOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack) : '';
  } catch {
    return '';
  }
}

/** The same file as a URL, marked. */
export const markedUrl = (path: string): string => `${pathToFileURL(path).href}${MARK}`;
