/** How far a large file is read: a line on a terminal, nothing in a pipe. */
import type { WriteStream } from 'node:tty';
import { progressLine } from '../report/terminal.ts';
import type { ReadProgress } from '../traces/sources/files.ts';

/** Smaller files are read before anybody could look. */
const WORTH_SHOWING = 64 * 1024 * 1024;
/** Unless it takes longer than this, in seconds. */
const LONG = 2;
const MIB = 1024 * 1024;

export function readingProgress(stream: WriteStream & { fd: number }): {
  readonly update: (progress: ReadProgress) => void;
  readonly done: () => void;
} {
  const line = progressLine(stream);
  const begun = performance.now();
  return {
    update: ({ file, read, total }) => {
      const seconds = (performance.now() - begun) / 1000;
      if ((total ?? read) < WORTH_SHOWING && seconds < LONG) return;
      const rate = `${(read / MIB / Math.max(seconds, 0.001)).toFixed(0)} MiB/s`;
      const part = total === undefined ? '' : `, ${Math.floor((100 * read) / total)} %`;
      line.update(`${file}: ${(read / MIB).toFixed(0)} MiB read${part}, ${rate}`);
    },
    done: () => line.done(),
  };
}
