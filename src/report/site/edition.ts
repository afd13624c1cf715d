/** Which edition of the package a page was made from: what one cites, and where its sources can be seen. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { html, type Piece } from './html.ts';

export interface Edition {
  readonly version: string;
  /** In one sentence: what this is. */
  readonly description: string;
  readonly authors: string;
  /** The commit in full, and its date as `2026-11-30`; absent where neither git nor the package knows it. */
  readonly commit?: { readonly id: string; readonly date: string };
  /** Whether files were other than in the commit. */
  readonly isChanged: boolean;
  /** The address of the repository; absent as long as nobody has filled it in. */
  readonly repository?: string;
}

/** Hosts of addresses that are still to be filled in (RFC 2606 section 2). */
const TO_BE_FILLED_IN = /^[^/]*:\/\/(?:[^/]*\.)?invalid(?:[:/]|$)/;

/** What `npm run build` writes of its commit, for the package, which has no repository. */
export const COMMIT_FILE = 'dist/commit.json';

/** @param root the folder of the package */
export async function editionOf(root: string): Promise<Edition> {
  const { version, description, author, repository } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as Readonly<Record<'version' | 'description' | 'author', string>> & {
    readonly repository: { readonly url: string };
  };
  const url = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
  return {
    version,
    description,
    authors: author,
    ...((await commitByGit(root)) ?? (await commitByPackage(root))),
    ...(TO_BE_FILLED_IN.test(url) ? {} : { repository: url }),
  };
}

type Commit = Pick<Edition, 'commit' | 'isChanged'>;

/** The commit that is checked out; nothing if the folder is not the top of a repository. */
export async function commitByGit(root: string): Promise<Commit | undefined> {
  const git = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim();
  try {
    // Installed below somebody else's repository, that one's commit says nothing of us.
    if ((await git('rev-parse', '--show-prefix')) !== '') return undefined;
    const [id = '', date = ''] = (await git('show', '--no-patch', '--format=%H %cs', 'HEAD')).split(' ');
    return { commit: { id, date }, isChanged: (await git('status', '--porcelain')) !== '' };
  } catch {
    return undefined;
  }
}

const commitByPackage = (root: string): Promise<Commit> =>
  readFile(join(root, COMMIT_FILE), 'utf8').then(
    (text) => JSON.parse(text) as Commit,
    () => ({ isChanged: false }),
  );

/** The year of the edition; that of the first one, if its commit is not known. */
export const yearOf = ({ commit }: Edition): string => commit?.date.slice(0, 4) ?? '2026';

/** `version 1.0.0, commit 0123456789ab of 2026-11-30`. */
export function editionText({ version, commit, isChanged }: Edition): string {
  if (commit === undefined) return `version ${version}`;
  return `version ${version}, commit ${commit.id.slice(0, 12)} of ${commit.date}${isChanged ? ', with changes since' : ''}`;
}

/** A place in the sources: a link to it in the commit, or its path and line as text where there is no address. */
export function sourceLink(file: string, line: number, { repository, commit }: Edition): Piece {
  const text = html`<code>${file}:${line}</code>`;
  return repository === undefined || commit === undefined
    ? text
    : html`<a href="${repository}/blob/${commit.id}/${file}#L${line}">${text}</a>`;
}

/** A file of the sources: a link to it in the commit, or its path as text where there is no address. */
export function fileLink(file: string, { repository, commit }: Edition): Piece {
  const text = html`<code>${file}</code>`;
  return repository === undefined || commit === undefined
    ? text
    : html`<a href="${repository}/blob/${commit.id}/${file}">${text}</a>`;
}

/** The entry for a list of references. */
export const bibtex = (edition: Edition): string =>
  `@software{ipsecha,
  author  = {{${edition.authors}}},
  title   = {ipsecha: ${edition.description}},
  year    = {${yearOf(edition)}},
  version = {${edition.version}},${
    edition.commit === undefined
      ? ''
      : `\n  date    = {${edition.commit.date}},\n  note    = {Commit ${edition.commit.id}},`
  }${edition.repository === undefined ? '' : `\n  url     = {${edition.repository}},`}
}`;
