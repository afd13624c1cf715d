// What an installed package takes, and whether that is within what was promised: node src/packed/measure.mjs node_modules
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MOST_FILES = 300;
const MOST_MEGABYTES = 45;

const [folder = 'node_modules'] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const octets = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
const megabytes = octets / 1e6;
console.log(`${files.length} files, ${megabytes.toFixed(1)} MB`);
if (files.length >= MOST_FILES || megabytes >= MOST_MEGABYTES) {
  console.error(`more than ${MOST_FILES} files or ${MOST_MEGABYTES} MB`);
  process.exitCode = 1;
}
