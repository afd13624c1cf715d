/** `ipsecha import`: turns a source, or several of one run, into JSON Lines of our schema. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { UsageError } from '../../check/usage-error.ts';
import type { Ports } from '../../traces/capture/ports.ts';
import { importFile, importTogether } from '../../traces/import-file.ts';
import type { TraceFormat } from '../../traces/read-trace.ts';
import { expandFolders } from '../../traces/sources/folders.ts';
import { EXIT, type Exit } from '../exit.ts';
import { tellOthers } from '../folders.ts';
import { readingProgress } from '../reading-progress.ts';

export interface ImportOptions {
  readonly output?: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
  readonly decodeAs?: Ports;
}

export async function run(
  named: readonly string[],
  { output, keys, format, decodeAs }: ImportOptions,
): Promise<Exit> {
  const { files, others } = await expandFolders(named);
  tellOthers(others);
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
    const options = {
      ...{ keys, onProgress: progress.update },
      ...(format === undefined ? {} : { format }),
      ...(decodeAs === undefined ? {} : { ports: decodeAs }),
    };
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
