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
    `${argument}: traces are not judged by a revision that has exchanges of its own`,
    'check, compare and simulate take it, and generate shows what its traces look like',
  );
}
