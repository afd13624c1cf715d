/**
 * The processor time of one thread. Node.js tells that of the whole process, in which other threads may be at work
 * while one waits for its turn; Linux tells more.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** Processor time is counted in hundredths of a second there, whatever the machine. */
const MILLISECONDS_PER_TICK = 10;

/** What the system calls the thread that asks; nothing where it does not tell. */
export function taskOfThread(): { readonly task?: string } {
  try {
    const task = readlinkSync('/proc/thread-self').split('/').at(-1);
    return task === undefined ? {} : { task };
  } catch {
    return {};
  }
}

/** Milliseconds of processor time that a thread has had so far; those of the whole process where nothing else is told. */
export function processorTime(task: string | undefined): number {
  try {
    if (task !== undefined) {
      const stat = readFileSync(`/proc/self/task/${task}/stat`, 'latin1');
      // The name of the thread, in parentheses, may hold anything. The third field comes after it.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      if (Number.isFinite(ticks)) return ticks * MILLISECONDS_PER_TICK;
    }
  } catch {
    // It has ended, or the system does not tell.
  }
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
