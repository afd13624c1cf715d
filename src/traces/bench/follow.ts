/**
 * `npm run bench:follow`: the memory of `validate --follow -`, which is sent a week of IKE SAs, one in two minutes, each
 * with 300 ESP packets. `-- --days 30` makes it longer.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Event } from '../events/event.ts';
import { eventLine } from '../sources/jsonl.ts';

const { values } = parseArgs({
  options: { days: { type: 'string', default: '7' }, packets: { type: 'string', default: '300' } },
});

/** An IKE SA that is opened, used and deleted, and its ESP packets. */
function* session(n: number, packets: number): Generator<Event> {
  const begun = 1_000_000 + 120 * n;
  const [one, other] = [`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, '192.0.2.1'];
  const sa = `${(n + 1).toString(16).padStart(16, 'a')}:${(n + 1).toString(16).padStart(16, 'b')}`;
  const ike = (second: number, exchange: string, response: boolean, id: number, deletes = false): Event => ({
    ...{
      time: begun + second,
      observer: 'tap',
      sa,
      event: 'seen',
      from: response ? 'responder' : 'initiator',
    },
    ...(response ? { source: other, destination: one } : { source: one, destination: other }),
    message: {
      ...{ kind: 'ike', exchange, response, id },
      payloads: deletes ? [{ type: 'D', protocol: 1, spis: [] }] : [],
    },
    octets: `${n}-${id}-${response}`,
    integrity: 'good',
  });
  yield ike(0, 'IKE_SA_INIT', true, 0);
  yield ike(1, 'IKE_AUTH', false, 1);
  yield ike(2, 'IKE_AUTH', true, 1);
  const spi = (0x1000 + n).toString(16).padStart(8, '0');
  for (let sequence = 1; sequence <= packets; sequence += 1) {
    const octets = (n * packets + sequence).toString(16).padStart(32, '0');
    yield {
      ...{ time: begun + 2 + (50 * sequence) / packets, observer: 'tap', event: 'seen' },
      ...{ source: one, destination: other },
      // Each number takes a page of the memory of numbers, so that this is full in little more than a day.
      message: { kind: 'esp', spi, sequence: 32 * sequence },
      ...{ octets, octetsBeforeIntegrity: octets, integrityValue: octets.slice(-24), integrity: 'unchecked' },
    };
  }
  yield ike(60, 'INFORMATIONAL', false, 2, true);
  yield ike(61, 'INFORMATIONAL', true, 2);
}

const program = fileURLToPath(new URL('../../cli/ipsecha.mjs', import.meta.url));
const child = spawn(process.execPath, [program, 'validate', '--follow', '-'], {
  stdio: ['pipe', 'inherit', 'inherit'],
});
/** MiB of a process; where the system has no /proc, nothing. */
function memory(): string {
  try {
    const pages = /VmRSS:\s*(\d+)/u.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return `${(Number(pages) / 1024).toFixed(0)} MiB`;
  } catch {
    return 'memory not known';
  }
}
const aDay = 720;
for (let n = 0; n < Number(values.days) * aDay; n += 1) {
  const lines = [...session(n, Number(values.packets))].map(eventLine).join('');
  if (!child.stdin.write(lines)) await once(child.stdin, 'drain');
  if ((n + 1) % aDay === 0) console.log(`day ${(n + 1) / aDay}: ${memory()}`);
}
child.stdin.end();
await once(child, 'close');
