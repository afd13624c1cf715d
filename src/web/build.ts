/** Writes what only a checkout knows, for the package: the programs of pages, and the commit (`npm run build`). */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COMMIT_FILE, commitByGit } from '../report/site/edition.ts';
import { builtFile, bundled, PROGRAMS } from './bundle.ts';

for (const program of PROGRAMS) await writeFile(builtFile(program), await bundled(program));

const root = fileURLToPath(new URL('../../', import.meta.url));
const commit = await commitByGit(root);
if (commit !== undefined) await writeFile(`${root}${COMMIT_FILE}`, `${JSON.stringify(commit)}\n`);
