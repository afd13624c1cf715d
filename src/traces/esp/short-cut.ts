/**
 * A short cut for ESP packets: from the frame to the memory of sequence numbers, without an event for each.
 *
 * A packet takes it if its number is plainly a new one and nothing more is to be known of it. Everything else (other
 * protocols, fragments, extension headers, cut frames, keys for the SA, numbers that may have been used) goes the
 * whole way, which says the same of what took the short cut (`short-cut.test.ts`).
 */
import { addressOf, withPort } from '../common/address.ts';
import { USUAL_ICV_LENGTH } from '../crypto/decrypt.ts';
import type { Keys } from '../crypto/keys.ts';
import type { Frame } from '../sources/capture/frames.ts';
import { type Link, linkOf } from '../sources/capture/link.ts';
import { looksLikeIke } from '../sources/capture/packet.ts';
import { strangeIn } from '../sources/capture/strangers.ts';
import { digestOf } from './digest.ts';
import type { EspSas, TrackedEsp } from './esp-sas.ts';
import { share } from './seeded-hash.ts';

/** Who judges ESP, and lets packets take the short cut. */
export interface ShortCutTarget {
  readonly sas: EspSas;
  /** Whether a packet with a new number needs no more than being noted, as things stand. */
  readonly isPlain: boolean;
  /** A packet took the short cut: it is an event like any other, and has a number. */
  countPacket(): void;
}

const UDP = 17;
const ESP = 50;
const NAT_PORT = 4500;
const ESP_HEADER = 8;
const SMALLEST = ESP_HEADER + USUAL_ICV_LENGTH;

export class EspShortCut {
  readonly #target: ShortCutTarget;
  /** SPIs that there are keys for, as signed numbers. */
  readonly #keyed: ReadonlySet<number>;
  /** Whether there are keys for any SPI. */
  readonly #allKeyed: boolean;
  #table = new SaTable();
  #linkType = -1;
  #link: Link | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #data: Uint8Array | undefined;

  constructor(target: ShortCutTarget, keys: Keys) {
    this.#target = target;
    // Those that are still there are learnt anew.
    target.sas.onForget = () => {
      this.#table = new SaTable();
    };
    const spis = [...keys.esp, ...(keys.unusable ?? [])].flatMap(({ spi }) => spi ?? []);
    this.#keyed = new Set(spis.map((spi) => Number.parseInt(spi, 16) | 0));
    this.#allKeyed = spis.includes('*');
  }

  /** @returns whether the frame is done with */
  take(frame: Frame): boolean {
    if (this.#allKeyed || !this.#target.isPlain) return false;
    const { data, start, end } = frame;
    if (frame.linkType !== this.#linkType) {
      this.#linkType = frame.linkType;
      this.#link = linkOf(frame.linkType);
    }
    if (this.#link === undefined || frame.originalLength > end - start) return false;
    if (data !== this.#data) {
      this.#data = data;
      this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    }
    const at = this.#link(data, start, end);
    if (at < 0 || at + 40 > end) return false;
    const view = this.#view;
    const first = data[at]!;
    let protocol: number;
    let body: number;
    let ipEnd: number;
    if (first === 0x45) {
      ipEnd = at + view.getUint16(at + 2);
      // No fragment; Don't Fragment may be set.
      if ((view.getUint16(at + 6) & 0x3fff) !== 0) return false;
      protocol = data[at + 9]!;
      body = at + 20;
    } else if (first >> 4 === 6) {
      ipEnd = at + 40 + view.getUint16(at + 4);
      protocol = data[at + 6]!;
      body = at + 40;
    } else return false;
    if (ipEnd > end) return false;
    // A group may have several senders, each with numbers of its own.
    if (first === 0x45 ? data[at + 16]! >= 224 : data[at + 24] === 0xff) return false;
    let port = -1;
    if (protocol === UDP) {
      if (body + 8 > ipEnd) return false;
      port = view.getUint16(body + 2);
      if (port !== NAT_PORT && view.getUint16(body) !== NAT_PORT) return false;
      const length = view.getUint16(body + 4);
      if (length < 8 || body + length > ipEnd) return false;
      ipEnd = body + length;
      body += 8;
    } else if (protocol !== ESP) return false;
    if (ipEnd - body < SMALLEST) return false;
    const spi = view.getInt32(body);
    if (spi === 0 || this.#keyed.has(spi)) return false;
    const address = first === 0x45 ? at + 16 : at + 24;
    const sa =
      this.#table.find(view, address, first === 0x45 ? 4 : 16, port, spi) ??
      this.#learn(data, address, first === 0x45 ? 4 : 16, port, spi, data.subarray(body, ipEnd));
    if (sa === undefined) return false;
    const sequence = view.getUint32(body + 4);
    if (!this.#target.sas.isAhead(sa, sequence)) return false;
    const tail = ipEnd - USUAL_ICV_LENGTH;
    const { sas } = this.#target;
    sas.note(sa, sequence, digestOf(view, body, tail), digestOf(view, tail, ipEnd), frame.number);
    this.#target.countPacket();
    return true;
  }

  /** @returns nothing if it is no packet of ESP: of an SA the first one tells, since others go the whole way */
  #learn(
    ...[data, at, length, port, spi, packet]: readonly [
      Uint8Array,
      number,
      number,
      number,
      number,
      Uint8Array,
    ]
  ): TrackedEsp | undefined {
    if (port >= 0 && (strangeIn(packet) !== undefined || looksLikeIke(packet))) return undefined;
    const address = addressOf(data.subarray(at, at + length));
    const digits = (spi >>> 0).toString(16).padStart(8, '0');
    const sa = this.#target.sas.saOf(port < 0 ? address : withPort(address, port), digits);
    this.#table.add(this.#view, at, length, port, spi, sa);
    return sa;
  }
}

/** Which SA has which destination and SPI: a hash table over the octets of the address. */
class SaTable {
  #slots = new Int32Array(1024).fill(-1);
  readonly #sas: TrackedEsp[] = [];
  /** Six numbers for each: the four words of the address (of IPv4, one and zeros), port with length, SPI. */
  #keys = new Int32Array(6 * 512);

  find(view: DataView, at: number, length: number, port: number, spi: number): TrackedEsp | undefined {
    const words = length === 4 ? 1 : 4;
    const mark = (port << 8) | length;
    const mask = this.#slots.length - 1;
    const keys = this.#keys;
    for (let slot = hashOf(view, at, words, mark, spi) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!;
      if (entry < 0) return undefined;
      const key = 6 * entry;
      if (keys[key + 5] !== spi || keys[key + 4] !== mark || keys[key] !== view.getInt32(at)) continue;
      if (
        words === 1 ||
        (keys[key + 1] === view.getInt32(at + 4) &&
          keys[key + 2] === view.getInt32(at + 8) &&
          keys[key + 3] === view.getInt32(at + 12))
      ) {
        return this.#sas[entry];
      }
    }
  }

  add(view: DataView, at: number, length: number, port: number, spi: number, sa: TrackedEsp): void {
    const entry = this.#sas.length;
    this.#sas.push(sa);
    if (6 * entry >= this.#keys.length) {
      const larger = new Int32Array(2 * this.#keys.length);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    const words = length === 4 ? 1 : 4;
    for (let word = 0; word < words; word += 1) this.#keys[6 * entry + word] = view.getInt32(at + 4 * word);
    this.#keys[6 * entry + 4] = (port << 8) | length;
    this.#keys[6 * entry + 5] = spi;
    if (2 * this.#sas.length > this.#slots.length) this.#rehash();
    else this.#insert(entry);
  }

  #rehash(): void {
    this.#slots = new Int32Array(2 * this.#slots.length).fill(-1);
    for (let entry = 0; entry < this.#sas.length; entry += 1) this.#insert(entry);
  }

  #insert(entry: number): void {
    const key = 6 * entry;
    const words = (this.#keys[key + 4]! & 0xff) === 4 ? 1 : 4;
    let hash = share(4, this.#keys[key + 4]!) ^ share(5, this.#keys[key + 5]!);
    for (let word = 0; word < words; word += 1) hash ^= share(word, this.#keys[key + word]!);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot]! >= 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry;
  }
}

function hashOf(view: DataView, at: number, words: number, mark: number, spi: number): number {
  let hash = share(4, mark) ^ share(5, spi);
  for (let word = 0; word < words; word += 1) hash ^= share(word, view.getInt32(at + 4 * word));
  return hash;
}
