/** The tables of `traces/README.md`, which are made of what the `trace.json` in each folder says. */
import type { Origin, TraceFolder } from './golden.ts';

const row = (cells: readonly string[]): string =>
  `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Of an origin with one folder, its files; else its folders, each with the verdict on its first trace. */
function tableOf({ folders }: Origin): string {
  const [first, ...others] = folders;
  if (first !== undefined && others.length === 0) return tableOfFiles(first.folder);
  return table(
    ['trace', 'verdict', 'what a reader of RFC 6311, 7296 and 4303 finds'],
    folders.map(({ name, folder: { about, traces } }) => [`\`${name}\``, traces[0]?.verdict ?? '', about]),
  );
}

const tableOfFiles = ({ about, traces }: TraceFolder): string =>
  `${about[0]?.toUpperCase()}${about.slice(1)}.

${table(
  ['file', 'verdict', 'form'],
  traces.map((trace) => [`\`${trace.file}\``, trace.verdict, trace.about]),
)}`;

/** The page with each table made anew: between `<!-- table: ORIGIN -->` and `<!-- end -->`. */
export function withTables(page: string, origins: readonly Origin[]): string {
  return origins.reduce((text, origin) => {
    const begin = `<!-- table: ${origin.origin} -->\n`;
    const at = text.indexOf(begin);
    const end = text.indexOf('\n<!-- end -->', at);
    if (at < 0 || end < 0)
      throw new Error(`traces/README.md has no place for the table of "${origin.origin}"`);
    return `${text.slice(0, at + begin.length)}\n${tableOf(origin)}\n${text.slice(end)}`;
  }, page);
}
