/** The text that traces are judged by. */
import type { Revision } from '../../model/index.ts';
import { revisionOf } from '../author/revision-file.ts';
import { UsageError } from '../questions/usage-error.ts';

/**
 * The revision with this name, or in this file.
 *
 * @throws UsageError also if it has exchanges of its own: traces are judged by rules, and would be found wrong where
 *   an exchange has another course
 */
export async function judgedRevision(argument: string): Promise<Revision> {
  const revision = await revisionOf(argument);
  if (revision.exchanges === undefined) return revision;
  throw new UsageError(
    `${argument}: nothing in a trace can be judged by this revision, since it has exchanges of its own`,
    'Rules tell what an end may send next, and none tells what such an exchange does to Message IDs and windows: ordinary messages would be found wrong for it. --revision with the one that it is made from judges those; check, compare and simulate take this one, and generate writes its traces',
  );
}
