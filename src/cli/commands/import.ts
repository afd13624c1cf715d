/** `ipsecha import`: turns a source, or several of one run, into JSON Lines of our schema. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { UsageError } from '../../check/usage-error.ts';
import { importFile, importTogether } from '../../traces/import-file.ts';
import type { TraceFormat } from '../../traces/read-trace.ts';
import { EXIT, type Exit } from '../exit.ts';
import { readingProgress } from '../reading-progress.ts';

export interface ImportOptions {
  readonly output?: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
}

export async function run(files: readonly string[], { output, keys, format }: ImportOptions): Promise<Exit> {
  const progress = readingProgress(process.stderr);
  const target = output === undefined || output === '-' ? process.stdout : createWriteStream(output);
  const failed = (error: Error): never => {
    throw new UsageError(
      `${output} cannot be written: ${error.message}`,
      'name a file in a folder that exists',
    );
  };
  if (target !== process.stdout) await once(target, 'open').catch(failed);
  const write = async (text: string): Promise<void> => {
    if (!target.write(text)) await once(target, 'drain');
  };
  try {
    const options = { keys, onProgress: progress.update, ...(format === undefined ? {} : { format }) };
    const [file = '-'] = files;
    const { events, unread, remarks, missing, endsEarly } =
      files.length === 1
        ? await importFile(file, write, options)
        : await importTogether(files, write, options);
    if (target !== process.stdout) {
      target.end();
      await finished(target);
    }
    progress.done();
    const lines = [
      ...remarks,
      ...missing.map((what) => `missing: ${what}`),
      ...unread
        .slice(0, 10)
        .map(
          ({ file: source, at, reason }) =>
            `${source}${at === undefined ? '' : `:${at}`}: not read: ${reason}`,
        ),
      ...(unread.length > 10 ? [`${unread.length - 10} more were not read`] : []),
      `${events} events${endsEarly === null ? '' : `; ${endsEarly}`}`,
    ];
    process.stderr.write(lines.map((line) => `ipsecha: ${line}\n`).join(''));
    return endsEarly === null ? EXIT.ok : EXIT.usage;
  } finally {
    progress.done();
  }
}
