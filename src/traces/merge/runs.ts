/** Which of several files tell of the same run: those that tell of an SA in common. */

import { withoutPort } from '../common/address.ts';
import type { Event, MessageEvent } from '../events/event.ts';
import { opensIkeSa } from '../judge/start.ts';
import { isStandIn } from '../sources/logs/message-teller.ts';
import { hasSpis } from '../sources/logs/registry.ts';
import { localOf } from './names.ts';
import { isMessage } from './streams.ts';

/** By what a file is known to belong to others. It grows with the number of SAs. */
export class Marks {
  /** IKE SAs by their SPIs, ESP SAs by destination and SPI. */
  readonly sas = new Set<string>();
  readonly hosts = new Set<string>();
  /** Of a log: its own address and that of the other end, and whether it has the beginning of an IKE SA between them. */
  readonly pairs = new Map<string, boolean>();

  note(event: Event): void {
    // What stands for SPIs is one log's own.
    if (event.sa !== undefined && !isStandIn(event.sa)) this.sas.add(event.sa);
    if (!isMessage(event)) return;
    this.#notePair(event);
    const { source, destination, message } = event;
    if (source !== undefined) this.hosts.add(withoutPort(source));
    if (destination === undefined) return;
    const host = withoutPort(destination);
    this.hosts.add(host);
    if (message.kind === 'esp') this.sas.add(`${message.protocol ?? ''}${host} ${message.spi}`);
  }

  add({ sas, hosts, pairs }: Marks): void {
    for (const sa of sas) this.sas.add(sa);
    for (const host of hosts) this.hosts.add(host);
    for (const [pair, opened] of pairs) this.pairs.set(pair, opened || this.pairs.get(pair) === true);
  }

  #notePair(event: MessageEvent): void {
    const local = localOf(event);
    const { source, destination, message } = event;
    if (local === undefined || source === undefined || destination === undefined) return;
    const [from, to] = [withoutPort(source), withoutPort(destination)];
    const pair = `${local} ${local === from ? to : from}`;
    const opened = message.kind === 'ike' && opensIkeSa(message);
    if (opened || !this.pairs.has(pair)) this.pairs.set(pair, opened || this.pairs.get(pair) === true);
  }
}

export interface Marked {
  readonly marks: Marks;
  /** Of a log of charon there are no SPIs. */
  readonly format: string;
}

/**
 * Files of the same run, in the order in which they were named. A log that has no SPIs belongs to the run between the
 * same hosts, if there is one only; two such logs belong together if they are of both ends, or of members of one end.
 */
export function runsOf<T extends Marked>(files: readonly T[]): readonly (readonly T[])[] {
  const runs: { readonly files: T[]; readonly marks: Marks }[] = [];
  const isLog = ({ format }: T): boolean => !hasSpis(format);
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
    const named = runs.filter(({ marks }) => meet(marks.sas, log.marks.sas));
    const near = withSpis.filter(({ marks }) => meet(marks.hosts, log.marks.hosts));
    const other = runs.filter((run) => !withSpis.includes(run) && areOfOne(run.marks, log.marks));
    const fitting = named.length > 0 ? named : near.length > 0 ? near : other;
    const [run] = fitting;
    if (run !== undefined && fitting.length === 1) {
      run.files.push(log);
      run.marks.add(log.marks);
    } else {
      const alone = { files: [log], marks: new Marks() };
      alone.marks.add(log.marks);
      runs.push(alone);
    }
  }
  const place = (file: T | undefined): number => (file === undefined ? 0 : files.indexOf(file));
  return runs
    .map((run) => run.files.toSorted((one, other) => place(one) - place(other)))
    .toSorted(([one], [other]) => place(one) - place(other));
}

/**
 * Whether two logs are those of both ends of an IKE SA; or of one end, the second without a beginning: the next file of
 * one daemon, or that of a member that took over.
 */
function areOfOne(one: Marks, other: Marks): boolean {
  return [...other.pairs].some(([pair, opened]) => {
    const [local, remote] = pair.split(' ');
    const before = one.pairs.get(pair);
    return one.pairs.has(`${remote} ${local}`) || (before !== undefined && !(before && opened));
  });
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  const [few, many] = some.size < others.size ? [some, others] : [others, some];
  for (const each of few) if (many.has(each)) return true;
  return false;
}
