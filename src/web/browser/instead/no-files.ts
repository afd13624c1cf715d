/** What `explore/checkpoint.ts` is in Node.js, in a page: there are no files, so nobody asks for checkpoints. */
import type * as node from '../../../explore/checkpoint.ts';

class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const none = (): never => {
  throw new CheckpointError('a page writes no checkpoints, and reads none');
};

/** What a checkpoint would be of. */
const identityOf = (): Readonly<Record<string, string>> => ({});

export { CheckpointError, identityOf, none as readCheckpoint, none as writeCheckpoint };

({
  CheckpointError,
  identityOf,
  readCheckpoint: none,
  writeCheckpoint: none,
}) satisfies typeof node;
