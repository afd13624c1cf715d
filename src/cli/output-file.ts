/** Results that a command writes to files beside what it prints. */
import { writeFile } from 'node:fs/promises';
import { UsageError } from '../check/usage-error.ts';

/** @throws UsageError if the file cannot be written */
export async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file} cannot be written: ${why}`, 'name a file in a folder that exists');
  }
}
