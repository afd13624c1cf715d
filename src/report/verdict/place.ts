/** Where and when a finding is, in the words of its source: frames of a capture, lines of a text. */
import { placeText } from '../../traces/events/places.ts';
import type { Finding } from '../../traces/findings/finding.ts';

type Placed = Pick<Finding, 'event' | 'frame' | 'line' | 'alsoFrames'>;

/** `frame 35`, `frames 37, 40`, `line 12`; `event 11` only where there is neither. */
export const placesText = (finding: Placed): string => {
  const { frame, alsoFrames = [] } = finding;
  return frame === undefined || alsoFrames.length === 0
    ? placeText(finding)
    : `frames ${[frame, ...alsoFrames].join(', ')}`;
};

/** The same with its file, where there are several. */
export const placesInFile = (finding: Placed & Pick<Finding, 'file'>, files: readonly string[]): string =>
  files.length < 2 || finding.file === undefined
    ? placesText(finding)
    : `${placesText(finding)} of ${finding.file}`;

/** `12:00:31.250`: the time of day, in UTC as captures have it, or as a log without a zone tells it. */
export function clockText(time: number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(Math.round(time * 1000));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(11, 23);
}

/** `12:00:31`. */
export const secondsText = (time: number | undefined): string => clockText(time).slice(0, 8);

/** Who it is: an end is only called a cluster where something shows that it is one. */
export const whoText = ({ actor, end, supposed }: Pick<Finding, 'actor' | 'end' | 'supposed'>): string => {
  if (supposed !== true || end === undefined) return actor;
  return actor === 'cluster' ? `${end} (may be a cluster)` : end;
};
