/**
 * Which of several files one tap or one program wrote, one after the other: the files of a ring buffer, a log that was
 * rotated. Files of several taps tell of the same time, or of the same messages.
 */
import { basename, dirname } from 'node:path';

/** What is known of a file before it is judged. */
export interface Timed {
  readonly path: string;
  readonly format: string;
  /** The times of its first and last event, in seconds; absent if none has a time. */
  readonly span?: { readonly first: number; readonly last: number } | undefined;
  /** Digests of its messages, or of as many as are compared. */
  readonly digests: ReadonlySet<string>;
}

/** Of so many messages of a file digests are compared. */
export const MOST_DIGESTS = 20_000;

/** Files of one tap may overlap by this much, in seconds: frames of several queues are written as they come. */
const OVERLAP = 1;

/** Files with more than this share of their messages in common are of two taps whose clocks are far apart. */
const SAME_SHARE = 0.5;
const SAME_LEAST = 3;

const ENDINGS = /\.(?:gz|zst|xz|lz4|bz2)$/iu;

/** The same for files that were named by one program, which numbers or dates them. */
export const seriesOf = (path: string): string =>
  `${dirname(path)}/${basename(path)
    .replace(ENDINGS, '')
    .replace(/\.\d+$/u, '')
    .replace(/\d+/gu, '#')
    .replace(/(pcap(?:ng)?|cap)#$/u, '$1')}`;

/** Names that programs give to files that follow one another: dumpcap -b, tcpdump -C and -G, logrotate. */
const IN_SERIES = /_\d{5}_\d{14}|\.p?cap(?:ng)?\d+$|\.log[.-]\d+$|\d{8}[-_T]?\d{4,6}|(?:^|\D)1\d{9}(?:\D|$)/u;

export const isInSeries = (path: string): boolean => IN_SERIES.test(basename(path).replace(ENDINGS, ''));

/**
 * The files of each tap, in the order of their times.
 *
 * @param files of one run
 */
export function tapsOf<T extends Timed>(files: readonly T[]): readonly (readonly [T, ...T[]])[] {
  const taps: [T, ...T[]][] = [];
  const ofSeries = new Map<string, number>();
  for (const { path } of files) ofSeries.set(seriesOf(path), (ofSeries.get(seriesOf(path)) ?? 0) + 1);
  const isAlone = ({ path }: T): boolean => ofSeries.get(seriesOf(path)) === 1;
  const inOrder = files.toSorted(
    (one, other) =>
      startOf(one) - startOf(other) || one.path.localeCompare(other.path, 'en', { numeric: true }),
  );
  for (const file of inOrder) {
    const candidates = taps.filter((tap) => {
      const last = tap.at(-1);
      return (
        last !== undefined &&
        last.format === file.format &&
        (seriesOf(last.path) === seriesOf(file.path) || (isAlone(last) && isAlone(file))) &&
        follows(tap, file)
      );
    });
    const [best] = candidates.toSorted((one, other) => endOf(other) - endOf(one));
    if (best === undefined) taps.push([file]);
    else best.push(file);
  }
  return taps;
}

/** What has no times comes last. */
const startOf = ({ span }: Timed): number => span?.first ?? Number.MAX_VALUE;

const endOf = (tap: readonly Timed[]): number =>
  Math.max(...tap.map(({ span }) => span?.last ?? Number.NEGATIVE_INFINITY));

function follows(tap: readonly Timed[], { span, digests }: Timed): boolean {
  if (digests.size === 0 && span === undefined) return true;
  const overlap = span === undefined ? Number.NaN : endOf(tap) - span.first;
  if (!(overlap <= OVERLAP)) return false;
  for (const other of tap) {
    const [few, many] =
      other.digests.size < digests.size ? [other.digests, digests] : [digests, other.digests];
    let common = 0;
    for (const each of few) if (many.has(each)) common += 1;
    if (common > 0 && overlap > 0) return false;
    if (common >= SAME_LEAST && common > SAME_SHARE * few.size) return false;
  }
  return true;
}
