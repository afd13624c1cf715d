/** Writes the programs of pages for the package: `npm run build`. */
import { writeFile } from 'node:fs/promises';
import { builtFile, bundled, PROGRAMS } from './bundle.ts';

for (const program of PROGRAMS) await writeFile(builtFile(program), await bundled(program));
