/** A capture of a flood of IKE SAs for the benchmark: each is opened, authenticated and used, or only half opened. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { pcapOf } from '../testing/captures.ts';

const RAW_IP = 101;
const PIECE = 1 << 20;

/** @param exchanges of each SA after IKE_SA_INIT, whose contents nobody can read */
export function writeIkeFlood(path: string, sas: number, exchanges: number): void {
  const file = openSync(path, 'w');
  // No frames yet: the header of the file alone.
  const header = pcapOf([], { linkType: RAW_IP });
  let pieces: Uint8Array[] = [header];
  let size = 0;
  for (let sa = 0; sa < sas; sa += 1) {
    for (let id = 0; id <= exchanges; id += 1) {
      for (const response of [false, true]) {
        const record = recordOf(sa, id, response);
        pieces.push(record);
        size += record.length;
      }
    }
    if (size < PIECE) continue;
    writeSync(file, Buffer.concat(pieces));
    pieces = [];
    size = 0;
  }
  writeSync(file, Buffer.concat(pieces));
  closeSync(file);
}

const IP = 16;
const UDP = IP + 20;
const IKE = UDP + 8;
const PAYLOAD = IKE + 28;

function recordOf(sa: number, id: number, response: boolean): Buffer {
  const isFirst = id === 0;
  const inside = isFirst ? 36 : 64;
  const record = Buffer.alloc(PAYLOAD + inside);
  record.writeUInt32LE(1_000_000 + sa, 0);
  record.writeUInt32LE(2 * id + Number(response), 4);
  record.writeUInt32LE(record.length - IP, 8);
  record.writeUInt32LE(record.length - IP, 12);
  record.writeUInt16BE(0x4500, IP);
  record.writeUInt16BE(record.length - IP, IP + 2);
  record.writeUInt32BE(0x4011_0000, IP + 8);
  const [initiator, responder] = [0x0a00_0000 + sa, 0xc000_0201];
  record.writeUInt32BE(response ? responder : initiator, IP + 12);
  record.writeUInt32BE(response ? initiator : responder, IP + 16);
  record.writeUInt16BE(500, UDP);
  record.writeUInt16BE(500, UDP + 2);
  record.writeUInt16BE(record.length - UDP, UDP + 4);
  record.writeUInt32BE(1, IKE);
  record.writeUInt32BE(sa, IKE + 4);
  // The first request has no SPI of the responder yet.
  if (!isFirst || response) {
    record.writeUInt32BE(2, IKE + 8);
    record.writeUInt32BE(sa, IKE + 12);
  }
  // A Nonce in IKE_SA_INIT, SK in IKE_AUTH and INFORMATIONAL.
  record[IKE + 16] = isFirst ? 40 : 46;
  record[IKE + 17] = 0x20;
  record[IKE + 18] = isFirst ? 34 : id === 1 ? 35 : 37;
  record[IKE + 19] = response ? 0x20 : 0x08;
  record.writeUInt32BE(id, IKE + 20);
  record.writeUInt32BE(record.length - IKE, IKE + 24);
  record.writeUInt16BE(inside, PAYLOAD + 2);
  record.writeUInt32BE(sa, PAYLOAD + 4);
  record.writeUInt32BE(2 * id + Number(response), PAYLOAD + 8);
  return record;
}
