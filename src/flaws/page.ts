/** `docs/flaws.md`: which flaws are found by what, as it was recorded. */
import type { FoundFlaw } from './find.ts';
import { flaws } from './flaws.ts';

export const RECORD = new URL('../../docs/flaws.json', import.meta.url);
export const PAGE = new URL('../../docs/flaws.md', import.meta.url);

export type Recorded = readonly FoundFlaw[];

const HEAD = `# Flaws that are found

Would a mistake in a draft be found by whoever just runs \`ipsecha check\`? Each of these was seeded into RFC 6311 (they stand in
\`src/flaws/flaws.ts\`), and every scenario was explored at its default size, the one with the fewest states first. The table
says what breaks there that holds without the flaw, with the length of the shortest counterexample and the seconds that
the exploration for this property took. \`npm run record:flaws\` writes it; \`src/flaws/flaws.test.ts\` holds it, but for the
seconds.

| flaw | found by | in scenario | steps | s |
| --- | --- | --- | --- | --- |
`;

export const flawsPage = (record: Recorded): string =>
  `${HEAD}${flaws
    .map(({ name, says }) => {
      const found = record.find(({ flaw }) => flaw === name);
      return found === undefined
        ? `| ${says} (\`${name}\`) | not found | | | |\n`
        : `| ${says} (\`${name}\`) | \`${found.property}\` | \`${found.scenario}\` | ${found.depth} | ${found.seconds.toFixed(1)} |\n`;
    })
    .join('')}`;
