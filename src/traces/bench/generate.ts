/** Captures and event files for the benchmark, written in pieces: as large as is asked for. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapOf } from '../testing/captures.ts';

/** Octets of each packet's payload: initialization vector, ciphertext and integrity value. */
const PAYLOAD = 84;
const FRAME = 14 + 20 + 8 + PAYLOAD;
const RECORD = 16 + FRAME;
const ETHERNET = 1;
/** Records written at once. */
const PIECE = 8192;

/**
 * A pcap of Ethernet frames with ESP in IPv4: packets of all SAs in turn, each with its next number and octets of its
 * own. A packet in a hundred is swapped with the one before, one in a thousand comes twice.
 */
export function writeEspCapture(path: string, packets: number, sas: number): void {
  const file = openSync(path, 'w');
  // No frames yet: the header of the file alone.
  const header = pcapOf([], { linkType: ETHERNET });
  writeSync(file, header);
  const next = new Uint32Array(sas);
  const piece = Buffer.alloc(PIECE * RECORD);
  let random = 12_345;
  for (let n = 0; n < packets; ) {
    const records = Math.min(PIECE, packets - n);
    for (let at = 0; at < records; at += 1, n += 1) {
      const sa = n % sas;
      const place = at * RECORD;
      if (at > sas && n % 1000 === 999) {
        piece.copy(piece, place, place - sas * RECORD, place - sas * RECORD + RECORD);
        stamp(piece, place, n);
        continue;
      }
      next[sa] = next[sa]! + 1;
      stamp(piece, place, n);
      random = espFrame(piece, place + 16, sa, next[sa]!, random);
      if (at > sas && n % 100 === 99) swap(piece, place, place - sas * RECORD);
    }
    writeSync(file, piece, 0, records * RECORD);
  }
  closeSync(file);
}

/** The sequence numbers of two packets of one SA change places. */
function swap(piece: Buffer, one: number, other: number): void {
  const number = 16 + 14 + 20 + 4;
  const [a, b] = [piece.readUInt32BE(one + number), piece.readUInt32BE(other + number)];
  piece.writeUInt32BE(b, one + number);
  piece.writeUInt32BE(a, other + number);
}

function stamp(piece: Buffer, at: number, n: number): void {
  piece.writeUInt32LE(1_000_000 + Math.floor(n / 1e6), at);
  piece.writeUInt32LE(n % 1e6, at + 4);
  piece.writeUInt32LE(FRAME, at + 8);
  piece.writeUInt32LE(FRAME, at + 12);
}

function espFrame(piece: Buffer, at: number, sa: number, number: number, seed: number): number {
  piece.fill(0x02, at, at + 12);
  piece.writeUInt16BE(0x0800, at + 12);
  const ip = at + 14;
  piece.writeUInt16BE(0x4500, ip);
  piece.writeUInt16BE(FRAME - 14, ip + 2);
  piece.writeUInt32BE(0x0000_4000, ip + 4);
  piece.writeUInt32BE(0x4032_0000, ip + 8);
  piece.writeUInt32BE(0x0a00_0001, ip + 12);
  piece.writeUInt32BE((0x0a01_0000 + sa) >>> 0, ip + 16);
  piece.writeUInt32BE((0xc000_0000 + sa) >>> 0, ip + 20);
  piece.writeUInt32BE(number, ip + 24);
  let random = seed;
  for (let word = 28; word < 28 + PAYLOAD; word += 4) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    piece.writeInt32BE(random, ip + word);
  }
  return random;
}

/** JSON Lines of our schema, with an IKE exchange after every hundred ESP packets. */
export function writeEventLines(path: string, events: number, sas: number): void {
  const file = openSync(path, 'w');
  writeSync(file, '{"schema":"ipsecha-events","version":1}\n');
  const next = new Uint32Array(sas);
  const ids = new Uint32Array(sas);
  let lines: string[] = [];
  for (let n = 0; n < events; n += 1) {
    const sa = n % sas;
    const isEsp = n % 100 < 98;
    if (isEsp) next[sa] = next[sa]! + 1;
    lines.push(JSON.stringify(isEsp ? espEvent(n, sa, next[sa]!) : ikeEvent(n, ids)));
    if (lines.length === PIECE) {
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  if (lines.length > 0) writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const espEvent = (n: number, sa: number, sequence: number) => ({
  time: 1e6 + n / 1e5,
  observer: 'tap',
  frame: n + 1,
  event: 'seen',
  source: '10.0.0.1',
  destination: `10.1.${sa >> 8}.${sa & 255}`,
  message: { kind: 'esp', spi: hex(0xc0000000 + sa, 8), sequence },
  octets: hex(n, 32),
  octetsBeforeIntegrity: hex(n + 1, 32),
  integrityValue: hex(n + 2, 32),
  integrity: 'unchecked',
});

/** A request of the initiator and its response: 98 and 99 of each hundred. */
function ikeEvent(n: number, ids: Uint32Array) {
  const response = n % 100 === 99;
  const sa = Math.floor(n / 100) % ids.length;
  const id = ids[sa]!;
  if (response) ids[sa] = id + 1;
  return {
    time: 1e6 + n / 1e5,
    observer: 'tap',
    sa: `${hex(sa + 1, 16)}:${hex(sa + 1, 16)}`,
    frame: n + 1,
    event: 'seen',
    from: response ? 'responder' : 'initiator',
    source: response ? `10.1.${sa >> 8}.${sa & 255}:500` : '10.0.0.1:500',
    destination: response ? '10.0.0.1:500' : `10.1.${sa >> 8}.${sa & 255}:500`,
    message: { kind: 'ike', exchange: 'INFORMATIONAL', response, id, payloads: [] },
    octets: hex(n, 32),
    integrity: 'good',
  };
}
