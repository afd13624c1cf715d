/** `ipsecha report -o DIR`: everything as one static site. */
import { access, constants, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { revisions } from '../../../model/index.ts';
import { isRevisionFile, revisionOf } from '../../author/revision-file.ts';
import { WholeFile } from '../../explore/whole-file.ts';
import { ruleExamples } from '../../overview/ablation-record.ts';
import { findingExamples } from '../../overview/finding-examples.ts';
import { overview } from '../../overview/overview.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { type Draft, packageContent } from '../../report/site/content.ts';
import { DOCUMENTS } from '../../report/site/document-names.ts';
import { siteFiles } from '../../report/site/site.ts';
import { progressLine } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';
import { collect, type Define, ends } from '../options.ts';
import { printText, say } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .requiredOption('-o, --output <dir>', 'folder to write to')
    .option(
      '--revision <file>',
      "an author's revision, to be shown beside those that are shipped; may be repeated",
      collect,
      [],
    )
    .action(ends(run));

export interface ReportOptions {
  readonly output: string;
  /** Files of revisions. */
  readonly revision?: readonly string[];
}

/**
 * Writes the pages into the folder, which is made if need be: all of them, once everything is computed, or none.
 *
 * @throws UsageError if the folder cannot be written to, or a file is none of a revision
 */
export async function run({ output, revision: drafted = [] }: ReportOptions): Promise<Exit> {
  const file = join(output, 'index.html');
  // Said before the work begins, not after.
  await writable(output, async () => {
    await makeFolder(output);
    await access(output, constants.W_OK);
  });
  const drafts = await draftsIn(drafted);
  const content = await packageContent();
  const stop = interruption();
  const line = progressLine(process.stderr);
  const tell = (what: string): void => line.update(what);
  const {
    result,
    examples,
    findingExamples: runs,
    surprises,
  } = await (async () => {
    const computed = await overview(
      stop,
      tell,
      drafts.map(({ revision }) => revision),
    );
    const without = await ruleExamples(content.ablation, { signal: stop, tell });
    const shown = await findingExamples(content.documents.get(DOCUMENTS.findings) ?? '', {
      signal: stop,
      tell,
    });
    return {
      examples: without.examples,
      findingExamples: shown.examples,
      surprises: [...without.surprises, ...shown.surprises],
      result: computed,
    };
  })().finally(() => {
    line.done();
    stop.done();
  });
  if (result.interrupted || stop.aborted) {
    say(`interrupted: ${file} was not written`);
    return EXIT.interrupted;
  }
  const hasApi = await access(join(output, 'api', 'index.html')).then(
    () => true,
    () => false,
  );
  const files = siteFiles({
    ...content,
    overview: result,
    examples,
    findingExamples: runs,
    drafts,
    surprises: [...result.surprises, ...surprises],
    hasApi,
  });
  await writable(output, async () => {
    const pages = files.map(({ name, markup }) => ({ page: new WholeFile(join(output, name)), markup }));
    try {
      for (const { page, markup } of pages) page.write(markup);
      for (const { page } of pages) page.finish();
    } finally {
      for (const { page } of pages) page.abandon();
    }
  });
  printText(`${file}\n`);
  return EXIT.ok;
}

/**
 * The revisions that authors wrote.
 *
 * @throws UsageError if one cannot be loaded, or is called like another one
 */
async function draftsIn(files: readonly string[]): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (const file of files) {
    if (!isRevisionFile(file)) {
      const problem = revisions.some(({ name }) => name === file) ? 'is shown in any case' : 'is no file';
      throw new UsageError(`--revision ${file}: it ${problem}`, 'name the file of a revision: ./draft.ts');
    }
    const revision = await revisionOf(file);
    if ([...revisions, ...drafts.map((draft) => draft.revision)].some(({ name }) => name === revision.name)) {
      throw new UsageError(
        `${file}: another revision is called '${revision.name}'`,
        'give it a name of its own',
      );
    }
    drafts.push({ revision, file, text: await readFile(file, 'utf8') });
  }
  return drafts;
}

async function writable(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new UsageError(
      `cannot write to ${folder}: ${error instanceof Error ? error.message : String(error)}`,
      'name a folder that can be written to: ipsecha report -o DIR',
    );
  }
}

/** Folder by folder: with `recursive`, Node never comes back where no folder can be made (`/proc/x`). */
async function makeFolder(path: string): Promise<void> {
  const code = await mkdir(path).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'EEXIST') return error.code;
      throw error;
    },
  );
  if (code === 'EEXIST' && !(await stat(path)).isDirectory()) throw new Error(`${path} is not a folder`);
  if (code === 'ENOENT') {
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}
