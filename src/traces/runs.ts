/** Which of several files tell of the same run: those that tell of an SA in common. */
import { withoutPort } from './address.ts';
import type { Event } from './event.ts';
import { isMessage } from './merge/streams.ts';

/** By what a file is known to belong to others. It grows with the number of SAs. */
export class Marks {
  /** IKE SAs by their SPIs, ESP SAs by destination and SPI. */
  readonly sas = new Set<string>();
  readonly hosts = new Set<string>();

  note(event: Event): void {
    if (event.sa !== undefined) this.sas.add(event.sa);
    if (!isMessage(event)) return;
    const { source, destination, message } = event;
    if (source !== undefined) this.hosts.add(withoutPort(source));
    if (destination === undefined) return;
    const host = withoutPort(destination);
    this.hosts.add(host);
    if (message.kind === 'esp') this.sas.add(`${message.protocol ?? ''}${host} ${message.spi}`);
  }

  add({ sas, hosts }: Marks): void {
    for (const sa of sas) this.sas.add(sa);
    for (const host of hosts) this.hosts.add(host);
  }
}

export interface Marked {
  readonly marks: Marks;
  /** Of a log of charon there are no SPIs. */
  readonly format: string;
}

/**
 * Files of the same run, in the order in which they were named. A log that has no SPIs belongs to the run between the
 * same hosts, if there is one only.
 */
export function runsOf<T extends Marked>(files: readonly T[]): readonly (readonly T[])[] {
  const runs: { readonly files: T[]; readonly marks: Marks }[] = [];
  const isLog = ({ format }: T): boolean => format === 'charon';
  for (const file of files.filter((each) => !isLog(each))) {
    const run = { files: [file], marks: new Marks() };
    run.marks.add(file.marks);
    for (const other of runs.filter(({ marks }) => meet(marks.sas, run.marks.sas))) {
      run.files.unshift(...other.files);
      run.marks.add(other.marks);
      runs.splice(runs.indexOf(other), 1);
    }
    runs.push(run);
  }
  const withSpis = [...runs];
  for (const log of files.filter(isLog)) {
    const fitting = withSpis.filter(({ marks }) => meet(marks.hosts, log.marks.hosts));
    const [run] = fitting;
    if (run !== undefined && fitting.length === 1) run.files.push(log);
    else runs.push({ files: [log], marks: log.marks });
  }
  const place = (file: T | undefined): number => (file === undefined ? 0 : files.indexOf(file));
  return runs
    .map((run) => run.files.toSorted((one, other) => place(one) - place(other)))
    .toSorted(([one], [other]) => place(one) - place(other));
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const [few, many] = some.size < others.size ? [some, others] : [others, some];
  for (const each of few) if (many.has(each)) return true;
  return false;
}
