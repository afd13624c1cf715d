/** The readings of what the text leaves open under which a trace conforms, in a sentence. */
import type { Reading } from '../traces/findings/finding.ts';

/** Nothing if the readings do not matter. All of them are in `--json`. */
export function readingsText(readings: readonly Reading[]): string | undefined {
  if (readings.length === 0) return undefined;
  const conform = readings.filter(({ verdict }) => verdict !== 'violates');
  if (conform.length === readings.length)
    return 'it conforms under every reading of what the text leaves open';
  if (conform.length === 0) return 'it conforms under no reading of what the text leaves open';
  const keys = Object.keys(readings[0]?.settings ?? {});
  const needed = keys.flatMap((key) => {
    const values = new Set(conform.map(({ settings }) => settings[key]));
    return values.size === 1 ? [`${key}=${[...values][0]}`] : [];
  });
  const text = conform.some(({ ofTheText }) => ofTheText)
    ? ''
    : ' (no reading of the text, but what some implementation does)';
  return `it conforms under ${conform.length} of ${readings.length} readings of what the text leaves open${needed.length === 0 ? '' : `: those with ${needed.join(', ')}`}${text}`;
}
