/** What a search found, for a terminal and for `--json`. */
import type { Meaning } from '../questions/meanings.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/** Entries of a list; of more, it is said how many there are. */
const LISTED = 15;

export function renderMeanings(words: string, found: readonly Meaning[], style: Terminal): string {
  const [first] = found;
  const more = found.length - LISTED;
  return [
    drawTable(
      {
        head: ['what', 'name', 'what is said of it'],
        rows: found.slice(0, LISTED).map(({ kind, id, title }) => [kind, id, title]),
      },
      style,
    ),
    ...(more > 0
      ? wrap(
          `${more} more speak of '${words}': with another word there are fewer, --json has all`,
          style.width,
        )
      : []),
    ...(first === undefined ? [] : wrap(`more about the first: ${first.see}`, style.width)),
    '',
  ].join('\n');
}

export const meaningDocument = ({ kind, id, title, says, see }: Meaning) => ({
  found: kind,
  id,
  title,
  says,
  see,
});
