/** What the fuzzer begins with: shipped traces in every format. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { joinKeys, NO_KEYS, readKeys } from '../crypto/keys.ts';
import { readCapture } from '../sources/capture/capture.ts';
import { writeEvents } from '../sources/jsonl.ts';
import { lineOfEntry } from '../sources/logs/journal.ts';
import { logFormatOf } from '../sources/logs/registry.ts';
import {
  enhancedPacket,
  hex,
  ike,
  interfaceBlock,
  ipv4,
  ipv6,
  join,
  number,
  payload,
  pcapOf,
  sectionHeader,
  TRACES,
  udp,
} from '../testing/captures.ts';
import type { Seed } from './cases.ts';

/** Of most files the beginning does: whole ones would only make the fuzzer slower. */
const BEGINNING = 2500;
const LARGEST = 24_000;
/** Of so many folders one gives its files whole. */
const WHOLE = 40;
/** So many files with keys are enough: there is not much to break in them. */
const KEY_FILES = 5;

/** Logs in every format that is read. */
const LOGS = new URL('../sources/logs/cases/', import.meta.url);

export function seeds(): readonly Seed[] {
  const all: Seed[] = [];
  const folders = readdirSync(TRACES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const [index, { name }] of folders.entries()) {
    const most = index % WHOLE === 0 ? LARGEST : BEGINNING;
    const folder = `${TRACES}${name}/`;
    const read = (file: string) =>
      existsSync(`${folder}${file}`) ? readKeys(file, readFileSync(`${folder}${file}`, 'utf8')) : NO_KEYS;
    const keys = joinKeys([read('keys.csv'), read('esp_keys.csv')]);
    const path = `${folder}capture.pcap`;
    if (existsSync(path)) {
      const octets = readFileSync(path).subarray(0, most);
      all.push({ name, format: 'pcap', octets, keys });
      const { events } = readCapture(name, octets, keys);
      all.push({
        name,
        format: 'jsonl',
        octets: Buffer.from(writeEvents(events.slice(0, most / 300))),
        keys,
      });
    }
    const log = `${folder}peer.log`;
    if (existsSync(log)) {
      all.push({ name, format: 'charon', octets: readFileSync(log).subarray(0, most), keys });
    }
    if (index < KEY_FILES && existsSync(`${folder}keys.csv`)) {
      all.push({ name, format: 'keys', octets: readFileSync(`${folder}keys.csv`), keys });
    }
  }
  const xfrm = readFileSync(new URL('../sources/logs/xfrm-state.sample.txt', import.meta.url));
  for (const name of readdirSync(LOGS)) {
    const octets = readFileSync(new URL(name, LOGS)).subarray(0, LARGEST);
    const format = logFormatOf(octets.toString('utf8').split('\n').map(lineOfEntry).join('\n'));
    if (format !== undefined) all.push({ name, format, octets, keys: NO_KEYS });
  }
  return [...all, { name: 'sample', format: 'xfrm', octets: xfrm, keys: NO_KEYS }, ...made()];
}

/** The seed of a case: of every second one in turn; of the others each format in turn, for some have few seeds. */
export function seedsInTurn(all: readonly Seed[]): (number: number) => Seed {
  const formats = [...new Set(all.map(({ format }) => format))];
  const byFormat = formats.map((wanted) => all.filter(({ format }) => format === wanted));
  return (number) => {
    const turn = Math.floor(number / 2);
    if (number % 2 === 0) return all[turn % all.length]!;
    const same = byFormat[turn % formats.length]!;
    return same[Math.floor(turn / formats.length) % same.length]!;
  };
}

/** Captures with what the shipped ones have not, and output of tshark. */
function made(): readonly Seed[] {
  const message = udp(500, 500, ike({ first: 41, body: payload(0, hex('0000 4024')) }));
  const esp = hex(`c0000001 00000007 ${'00'.repeat(40)}`);
  const stream = join(Buffer.from('IKETCP'), number(4 + 28 + 2, 2), number(0, 4), ike());
  const tcp = (octets: Uint8Array): Uint8Array =>
    ipv4(6, join(hex('9c40 1194 00000001 00000000 5018 ffff 00000000'), octets));
  const frames = [
    ipv4(17, message.subarray(0, 16), 0x2000),
    ipv4(17, message.subarray(16), 2),
    ipv6(17, message),
    ipv6(44, join(hex('3200 0001 00000009'), esp.subarray(0, 16))),
    ipv6(44, join(hex('3200 0010 00000009'), esp.subarray(16))),
    ipv4(50, esp),
    ipv4(50, esp),
    tcp(stream),
    tcp(stream.subarray(6)),
  ];
  const ng = join(
    sectionHeader(),
    interfaceBlock(101),
    ...frames.map((frame, n) => enhancedPacket(0, n * 1e6, frame)),
    sectionHeader(false),
    interfaceBlock(101, false),
    ...frames.map((frame, n) => enhancedPacket(0, n * 1e6, frame, false)),
  );
  const layers = {
    frame: { 'frame.number': '1', 'frame.time_epoch': '7.5' },
    ip: { 'ip.src': '192.0.2.1', 'ip.dst': '192.0.2.2' },
    udp: { 'udp.srcport': '500', 'udp.dstport': '500', 'udp.payload': Buffer.from(ike()).toString('hex') },
  };
  const packet = { _index: 'p', _source: { layers } };
  const text = (format: Seed['format'], content: string): Seed => ({
    name: 'made',
    format,
    octets: Buffer.from(content),
    keys: NO_KEYS,
  });
  return [
    { name: 'made', format: 'pcap', octets: pcapOf(frames), keys: NO_KEYS },
    { name: 'made, pcapng', format: 'pcap', octets: ng, keys: NO_KEYS },
    text('tshark-json', JSON.stringify([packet, packet, packet], null, 1)),
    text('tshark-ek', `{"index":{}}\n${JSON.stringify({ timestamp: '1', layers })}\n`.repeat(3)),
  ];
}
