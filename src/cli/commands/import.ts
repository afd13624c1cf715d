/** `ipsecha import`: turns a source, or several of one run, into JSON Lines of our schema. */
import { once } from 'node:events';
import { Option } from 'commander';
import type { WholeFile } from '../../explore/whole-file.ts';
import { jsonEscaped } from '../../report/text.ts';
import { importFile, importTogether } from '../../traces/import-file.ts';
import type { Ports } from '../../traces/sources/capture/ports.ts';
import { NO_PORTS } from '../../traces/sources/capture/ports.ts';
import { expandFolders } from '../../traces/sources/folders.ts';
import { InputError } from '../../traces/sources/input-error.ts';
import type { TraceFormat } from '../../traces/sources/read-trace.ts';
import { inputsOf } from '../../traces/sources/stream.ts';
import { decodeAs } from '../decode-as.ts';
import { EXIT, type Exit } from '../exit.ts';
import { sayOthers } from '../folders.ts';
import { helpText } from '../help.ts';
import { interruption } from '../interrupt.ts';
import { collect, DECODE_AS, type Define, ends, FORMATS } from '../options.ts';
import { say } from '../out.ts';
import { outputs } from '../output-file.ts';
import { readingProgress } from '../reading-progress.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('<file...>', "what validate takes, several if they are of one run; '-' reads standard input")
    .option('-o, --output <file>', 'file to write (standard output, if none is named)')
    .option('--keys <file>', 'as for validate; may be repeated', collect, [])
    .option('--decode-as <port>', DECODE_AS, decodeAs, NO_PORTS)
    .addOption(
      new Option('--format <format>', 'what the file is (told by its contents, if not named)').choices(
        FORMATS,
      ),
    )
    .addHelpText('after', helpText('\nEnds in 0 if all was read, in 2 if the file is cut off or unreadable.'))
    .action(ends(run));

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
  const { o: target } = outputs(
    { o: output === '-' ? undefined : output },
    { inputs: inputsOf(files, keys) },
  );
  sayOthers(others);
  const progress = readingProgress(process.stderr);
  const stop = interruption();
  try {
    const options = {
      ...{ keys, onProgress: progress.update, signal: stop.signal },
      ...(format === undefined ? {} : { format }),
      ...(decodeAs === undefined ? {} : { ports: decodeAs }),
    };
    const [file = '-'] = files;
    const write = writing(target);
    const { events, unread, remarks, missing, endsEarly } =
      files.length === 1
        ? await importFile(file, write, options)
        : await importTogether(files, write, options);
    target?.finish();
    progress.done();
    const told = [
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
    for (const line of told) say(line);
    if (stop.aborted) return EXIT.interrupted;
    return endsEarly === null ? EXIT.ok : EXIT.usage;
  } catch (error) {
    if (!stop.aborted || !(error instanceof InputError)) throw error;
    say(error.message);
    return EXIT.interrupted;
  } finally {
    progress.done();
    stop.done();
    // Does nothing unless something went wrong.
    target?.abandon();
  }
}

/** Writes to a file, or to standard output as fast as it is read. */
const writing =
  (target: WholeFile | undefined) =>
  async (text: string): Promise<void> => {
    if (target !== undefined) target.write(text);
    else if (!process.stdout.write(jsonEscaped(text))) await once(process.stdout, 'drain');
  };
