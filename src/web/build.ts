/** Writes the program of the page for the package: `npm run build`. */
import { writeFile } from 'node:fs/promises';
import { BUILT, bundled } from './bundle.ts';

await writeFile(BUILT, await bundled());
