/**
 * `npm run record:flaws -- [FLAW ...]`: looks for every flaw (or for those that are named) in every scenario at its default
 * size, the one with the fewest states first, and writes what finds it into `docs/flaws.json` and `docs/flaws.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { find, places } from './find.ts';
import { flaws } from './flaws.ts';
import { flawsPage, PAGE, RECORD, type Recorded } from './page.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !flaws.some((each) => each.name === name));
if (unknown.length > 0) throw new Error(`there is no flaw ${unknown.join(', ')}`);

const tell = (what: string): boolean => process.stderr.write(`${what}\n`);
const known = wanted.length === 0 ? [] : (JSON.parse(readFileSync(RECORD, 'utf8')) as Recorded);
const all = await places(tell);
const record: Recorded[number][] = [];
for (const flaw of flaws) {
  const before = known.find((each) => each.flaw === flaw.name);
  const found =
    wanted.includes(flaw.name) || wanted.length === 0 || before === undefined
      ? await find(flaw, all)
      : before;
  tell(`${flaw.name}: ${found === undefined ? 'not found' : `${found.property}, ${found.scenario}`}`);
  if (found !== undefined) record.push(found);
}
writeFileSync(RECORD, `${JSON.stringify(record, null, 2)}\n`);
writeFileSync(PAGE, flawsPage(record));
