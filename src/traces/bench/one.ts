/** One measurement, in a process of its own so that its memory is its own: validates a file and prints figures. */
import { validateFile } from '../validate-file.ts';

const [path = '', keep] = process.argv.slice(2);
const before = process.cpuUsage();
const start = performance.now();
const { validation } = await validateFile(path, keep === undefined ? {} : { keep: Number(keep) });
const seconds = (performance.now() - start) / 1000;
const used = process.cpuUsage(before);
const processor = (used.user + used.system) / 1e6;
const { statistics, verdict, missing, findings } = validation;
// `maxRSS` is in KiB.
const memory = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ seconds, processor, memory, verdict, missing, findings: findings.length, statistics }),
);
