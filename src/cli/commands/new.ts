/** `ipsecha new`: a file to begin with, where the user stands. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { revisions } from '../../../model/index.ts';
import { orDidYouMean } from '../../questions/closest.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { type Define, ends } from '../options.ts';
import { printText } from '../out.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<file>', 'TypeScript file to write, as my-draft.ts')
    .option(
      '--from <example>',
      'what to begin with: an example of docs/examples by its name',
      'template-revision',
    )
    .addHelpText(
      'after',
      helpText(
        '\nThe template has every slot, filled as RFC 6311 has it. Ends in 2, and writes nothing, if the file is there already.',
      ),
    )
    .action(ends(run));

export interface NewOptions {
  /** Name of an example. */
  readonly from: string;
}

/** The examples that are shipped; they are run by tests, and import the specification by its path here. */
const EXAMPLES = fileURLToPath(new URL('../../../docs/examples/', import.meta.url));

export const examples = (): readonly string[] =>
  readdirSync(EXAMPLES)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => basename(name, '.ts'))
    .sort();

/** @throws UsageError if the file is there already, or cannot be written, or there is no such example */
export async function run(file: string, { from }: NewOptions): Promise<Exit> {
  const names = examples();
  if (!names.includes(from)) {
    throw new UsageError(
      `there is no example '${from}'${orDidYouMean(from, names)}`,
      `examples are: ${names.join(', ')}`,
    );
  }
  if (!['.ts', '.mts'].includes(extname(file))) {
    throw new UsageError(`${file} is not the name of a TypeScript file`, 'name it as in my-draft.ts');
  }
  const path = resolve(file);
  if (!existsSync(dirname(path))) {
    throw new UsageError(`there is no folder ${dirname(file)}`, 'make it first, or name another file');
  }
  const name = revisionName(file);
  try {
    // Never over what is there, not even if it comes to be there meanwhile.
    writeFileSync(path, begun(readFileSync(`${EXAMPLES}${from}.ts`, 'utf8'), from, file, name), {
      flag: 'wx',
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new UsageError(`${file} is there already`, 'name another file; nothing was changed');
    }
    throw new UsageError(
      `${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
      'name another file',
    );
  }
  const shown = /[\s'"\\]/.test(file) ? JSON.stringify(file) : file;
  printText(
    [
      `${file} has the revision '${name}'. Next:`,
      `  ipsecha check ${shown} --scenario single-failover`,
      `  ipsecha compare rfc6311 ${shown} --scenario single-failover`,
      '',
    ].join('\n'),
  );
  return EXIT.ok;
}

/** One word that no shipped revision has. */
function revisionName(file: string): string {
  const word = basename(file, extname(file)).replace(/[^\w.-]+/gu, '-');
  return revisions.some(({ name }) => name === word) ? `${word}-draft` : word;
}

/** The example as a file of the user's own: the specification is imported by its name, and the commands name the file. */
export function begun(text: string, example: string, file: string, name: string): string {
  return (
    text
      .replace(/ from '\.\.\/\.\.\/model\/index\.ts';[^\n]*/u, () => " from 'ipsecha/model';")
      .replaceAll(`docs/examples/${example}.ts`, () => file)
      .replaceAll('./my-revision.ts', () => file)
      // Messages and scenarios have names, too; that of the revision comes first before a title.
      .replace(/name: '[^']+',(?=\n +title:)/u, () => `name: '${name}',`)
  );
}
