/**
 * Explores the shipped scenarios at a size, each in a process of its own, and writes docs/bounds.json and docs/bounds.md:
 *
 *     npm run bench:bounds -- medium [SCENARIO ...]
 *
 * What was not explored anew keeps its row. Seconds are those of the whole command, verdicts on progress included.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Size, scenarios } from '../../model/index.ts';
import { type BoundsRow, boundsPage, readBounds } from './bounds-page.ts';

const DATA = new URL('../../docs/bounds.json', import.meta.url);
const PAGE = new URL('../../docs/bounds.md', import.meta.url);
const CLI = fileURLToPath(new URL('../cli/ipsecha.mjs', import.meta.url));
/** Seconds and GiB after which a row says that it was not exhausted. */
const LIMITS = ['--time', '400', '--memory', '9'];

const [size, ...named] = process.argv.slice(2);
if (size !== 'medium' && size !== 'large') throw new Error('name a size: medium or large');
for (const { name } of scenarios) {
  if (named.length > 0 && !named.includes(name)) continue;
  const row = explored(name, size);
  console.log(JSON.stringify(row));
  const others = readBounds(readFileSync(DATA, 'utf8')).filter(
    ({ scenario, size: other }) => scenario !== name || other !== size,
  );
  const place = ({ scenario, size }: BoundsRow): number =>
    scenarios.findIndex((each) => each.name === scenario) + (size === 'large' ? scenarios.length : 0);
  const all = [...others, row].toSorted((a, b) => place(a) - place(b));
  writeFileSync(DATA, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(PAGE, boundsPage(all));
}

function explored(scenario: string, size: Size): BoundsRow {
  const began = performance.now();
  const args = [CLI, 'check', 'rfc6311', '--scenario', scenario, '--size', size, '--json', ...LIMITS];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (stdout === '') throw new Error(`${scenario}: ${stderr}`);
  const [result] = JSON.parse(stdout).results;
  const { states, transitions, depth, complete, bytesPerState } = result.statistics;
  return {
    scenario,
    size,
    bounds: result.bounds,
    states,
    transitions,
    depth,
    complete,
    bytesPerState: Math.round(bytesPerState),
    seconds: Math.round((performance.now() - began) / 100) / 10,
    broken: result.properties.flatMap((property: { id: string; verdict: string; depth?: number }) =>
      property.verdict === 'holds' ? [] : [`${property.id} ${property.depth ?? property.verdict}`],
    ),
  };
}
