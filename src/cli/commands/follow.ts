/** `ipsecha validate --follow`: judges a source as it comes, and tells what turns out at once. */
import { once } from 'node:events';
import { mustBeConfirmed } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { type FollowedSource, followedJson, followedText, toldJson, toldText } from '../../report/follow.ts';
import { version } from '../../report/json.ts';
import { terminalOf } from '../../report/terminal.ts';
import { follow } from '../../traces/follow/follow.ts';
import { inputsOf } from '../../traces/sources/stream.ts';
import { EXIT, type Exit, exitFor } from '../exit.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { printJson, printText, say } from '../out.ts';
import { mustNotBePrintedOnto } from '../output-file.ts';
import type { ValidateOptions } from './validate.ts';

/** Options that ask for a whole document, which there is none of before the end. */
const WHOLE = ['each', 'annotations', 'markdown', 'junit', 'sarif', 'html'] as const;

export async function run(named: readonly string[], options: ValidateOptions): Promise<Exit> {
  const [path, other] = named;
  if (path === undefined || other !== undefined) {
    throw new UsageError('--follow takes one file, pipe or -', 'follow each in a command of its own');
  }
  const unfit = WHOLE.find((each) => options[each] !== undefined && options[each] !== false);
  if (unfit !== undefined) {
    throw new UsageError(
      `--follow and --${unfit} do not go together`,
      'judge the file afterwards for a document as a whole',
    );
  }
  mustNotBePrintedOnto([...inputsOf([path], options.keys), options.revision]);
  const revision = await revisionOf(options.revision);
  const source: FollowedSource = { file: path, revision: revision.name, version };
  const style = terminalOf(process.stdout);
  const isJson = options.json === true;
  const stop = interruption();
  const { keys, format, role, decodeAs, complete } = options;
  const followed = await follow(
    path,
    {
      ...{ revision, keys, roles: role, signal: stop.signal },
      ...(format !== undefined && { format }),
      ...(decodeAs !== undefined && { ports: decodeAs }),
      ...(complete !== undefined && { complete }),
      // Who reads slowly is waited for, so that nothing piles up here.
      afterLook: async () => {
        if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain', { signal: stop.signal });
      },
    },
    (told) => {
      if (isJson) printJson(toldJson(told, source, new Date()));
      else printText(toldText(told, source, new Date(), style));
    },
  ).finally(() => stop.done());
  await mustBeConfirmed(revision);
  if (isJson) printJson(followedJson(followed, source, new Date()));
  else printText(followedText(followed, source, new Date(), style));
  if (followed.stopped) {
    if (!isJson) printText(INTERRUPTED);
    return EXIT.interrupted;
  }
  if (followed.endsEarly !== null) {
    say(`${path}: ${followed.endsEarly}\n  The verdict is on what comes before.`);
    return EXIT.usage;
  }
  return exitFor(followed.verdict);
}
