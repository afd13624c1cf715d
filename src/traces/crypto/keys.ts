/**
 * Keys, in the tables that Wireshark keeps them in.
 *
 * `ikev2_decryption_table`: initiator's SPI, responder's SPI, SK_ei, SK_er, encryption algorithm, SK_ai, SK_ar,
 * integrity algorithm. `esp_sa`: protocol, source, destination, SPI, encryption algorithm, its key, integrity
 * algorithm, its key; newer ones go on with the length of sequence numbers and their upper half, which are not needed. A
 * file may hold rows of both; lines that are blank or begin with `#` are passed over. Such tables grow over years: a row
 * that cannot be used refuses nothing, unless it is for an IKE SA that is to be judged.
 */
import { normalAddress } from '../common/address.ts';
import { fromHex } from '../common/octets.ts';
import { InputError, type Place } from '../sources/input-error.ts';
import {
  ESP_ENCRYPTION,
  ESP_GCM,
  ESP_INTEGRITY,
  espGcm,
  IKE_ENCRYPTION,
  IKE_INTEGRITY,
  NO_INTEGRITY,
  type Protection,
} from './algorithms.ts';
import { csvRow } from './csv-row.ts';

/** Keys of one direction of an SA, and what they are for. */
export interface DirectionKeys {
  readonly protection: Protection;
  readonly encryption: Uint8Array;
  /** Empty if the cipher has an integrity value of its own. */
  readonly integrity: Uint8Array;
}

export interface IkeKeys {
  /** Where the row stands, for messages. */
  readonly place: Place;
  /** Both SPIs, as in an event. */
  readonly sa: string;
  /** SK_ei and SK_ai. */
  readonly initiator: DirectionKeys;
  /** SK_er and SK_ar. */
  readonly responder: DirectionKeys;
}

export interface EspKeys extends DirectionKeys {
  readonly place: Place;
  /** Addresses without ports, or `*` for any. */
  readonly source: string;
  readonly destination: string;
  /** 8 hexadecimal digits, or `*` for any. */
  readonly spi: string;
}

/** A row that is of no use, and why. */
export interface UnusableRow {
  readonly place: Place;
  readonly problem: string;
  readonly hint: string | undefined;
  /** The IKE SA or the SPI of the ESP SA that it is for, if that much is plain. */
  readonly sa?: string;
  readonly spi?: string;
}

export interface Keys {
  /** By SA. */
  readonly ike: ReadonlyMap<string, IkeKeys>;
  readonly esp: readonly EspKeys[];
  readonly unusable?: readonly UnusableRow[];
}

export const NO_KEYS: Keys = { ike: new Map(), esp: [] };

/**
 * The keys in the text of a file.
 *
 * @throws InputError naming file and line if no row is of either table
 */
export function readKeys(file: string, text: string): Keys {
  const ike = new Map<string, IkeKeys>();
  const esp: EspKeys[] = [];
  const unusable: UnusableRow[] = [];
  let first: InputError | undefined;
  for (const [index, line] of text
    .replace(/^\ufeff/u, '')
    .split(/\r\n|[\r\n]/u)
    .entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const place = { file, line: index + 1 };
    let fields: Fields | undefined;
    try {
      fields = fieldsOf(place, line);
      if (isEsp(fields)) esp.push(espRow(place, fields));
      else addIke(ike, ikeRow(place, fields));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      first ??= error;
      const { problem, hint } = error;
      unusable.push({ place, problem, hint, ...(fields !== undefined && namedIn(fields)) });
    }
  }
  const isTable = ike.size > 0 || esp.length > 0 || unusable.some(({ sa, spi }) => (sa ?? spi) !== undefined);
  if (first !== undefined && !isTable) throw first;
  return { ike, esp, unusable };
}

const isEsp = ([protocol]: Fields): boolean => /^(?:ipv4|ipv6|any)$/iu.test(protocol);

/** The same row twice is one; of two that differ the first holds. */
function addIke(rows: Map<string, IkeKeys>, row: IkeKeys): void {
  const earlier = rows.get(row.sa);
  if (earlier === undefined) rows.set(row.sa, row);
  else if (!isSame(earlier, row)) {
    throw new InputError(
      row.place,
      `line ${earlier.place.line} has keys for SA ${row.sa} already`,
      'Remove one.',
    );
  }
}

const isSame = (one: IkeKeys, other: IkeKeys): boolean =>
  (['initiator', 'responder'] as const).every(
    (end) =>
      Buffer.compare(one[end].encryption, other[end].encryption) === 0 &&
      Buffer.compare(one[end].integrity, other[end].integrity) === 0 &&
      one[end].protection.encryption === other[end].protection.encryption &&
      one[end].protection.integrity === other[end].protection.integrity,
  );

/** The SA that a row is for, if its fields tell. */
function namedIn(fields: Fields): Pick<UnusableRow, 'sa' | 'spi'> {
  const bare = (text: string): string => text.replace(/^0x/iu, '').toLowerCase();
  if (isEsp(fields)) {
    const spi = bare(fields[3]).padStart(8, '0');
    return /^[0-9a-f]{8}$/u.test(spi) ? { spi } : {};
  }
  const sa = `${bare(fields[0])}:${bare(fields[1])}`;
  return /^[0-9a-f]{16}:[0-9a-f]{16}$/u.test(sa) ? { sa } : {};
}

/** All keys of several files; of two rows for one IKE SA the later one holds. */
export function joinKeys(all: readonly Keys[]): Keys {
  return {
    ike: new Map(all.flatMap((keys) => [...keys.ike])),
    esp: all.flatMap((keys) => keys.esp),
    unusable: all.flatMap((keys) => keys.unusable ?? []),
  };
}

type Fields = readonly [string, string, string, string, string, string, string, string];

const hasEight = (fields: readonly string[]): fields is Fields => fields.length === 8;

/** What newer rows of `esp_sa` have at their end. */
const MOST_FIELDS = 10;

function fieldsOf(place: Place, line: string): Fields {
  const fields = csvRow(line);
  const hint =
    'Expected SPIi,SPIr,SK_ei,SK_er,"algorithm",SK_ai,SK_ar,"algorithm" (ikev2_decryption_table) or ' +
    '"IPv4","source","destination","0xSPI","algorithm","0xkey","algorithm","0xkey" (esp_sa).';
  if (fields === undefined) throw new InputError(place, 'quotation marks that do not match', hint);
  const known = fields.slice(0, 8);
  if (hasEight(known) && isEsp(known) && fields.length <= MOST_FIELDS) return known;
  if (!hasEight(fields)) throw new InputError(place, `8 fields are needed, there are ${fields.length}`, hint);
  return fields;
}

function ikeRow(place: Place, fields: Fields): IkeKeys {
  const [spiI, spiR, encI, encR, encryption, intI, intR, integrity] = fields;
  const sa = `${digits(place, "the initiator's SPI", spiI, 16)}:${digits(place, "the responder's SPI", spiR, 16)}`;
  const protection = {
    encryption: algorithm(place, 'encryption', encryption, IKE_ENCRYPTION),
    integrity: algorithm(place, 'integrity', integrity, IKE_INTEGRITY),
  };
  checkPair(place, encryption, integrity, protection);
  const isChecked = protection.integrity?.value !== undefined;
  const integrityLengths = isChecked ? (protection.integrity?.keys ?? [0]) : [0];
  const [keyI, keyR] = isChecked || protection.integrity === null ? [intI, intR] : ['', ''];
  return {
    place,
    sa,
    initiator: {
      protection,
      encryption: key(place, 'SK_ei', encI, encryption, protection.encryption.keys),
      integrity: key(place, 'SK_ai', keyI, integrity, integrityLengths),
    },
    responder: {
      protection,
      encryption: key(place, 'SK_er', encR, encryption, protection.encryption.keys),
      integrity: key(place, 'SK_ar', keyR, integrity, integrityLengths),
    },
  };
}

/** A cipher makes the integrity value itself, or another algorithm does; with neither, nothing can be checked. */
function checkPair(
  place: Place,
  encryption: string,
  integrity: string,
  { encryption: { tag }, integrity: other }: Protection,
): void {
  if (tag > 0 && other !== null) {
    const problem = `${encryption} has an integrity value of its own, and ${integrity} is given besides`;
    throw new InputError(place, problem, `Write "${NO_INTEGRITY}" and no key for it.`);
  }
}

function espRow(place: Place, fields: Fields): EspKeys {
  const [, source, destination, spi, encryption, encryptionKey, integrity, integrityKey] = fields;
  const cipher = algorithm(place, 'encryption', encryption, ESP_ENCRYPTION);
  const other = algorithm(place, 'integrity', integrity, ESP_INTEGRITY);
  // With a cipher that makes the integrity value itself, what stands beside it tells its length at most.
  const protection: Protection =
    cipher.tag === 0
      ? { encryption: cipher, integrity: other }
      : {
          encryption: encryption === ESP_GCM && other !== null ? espGcm(other.length) : cipher,
          integrity: null,
        };
  const integrityKeys = protection.integrity?.value === undefined ? '' : integrityKey;
  return {
    place,
    source: address(place, 'source', source),
    destination: address(place, 'destination', destination),
    spi: spi === '*' ? '*' : digits(place, 'the SPI', spiOf(spi), 8),
    protection,
    encryption: key(place, 'the encryption key', encryptionKey, encryption, cipher.keys),
    integrity: key(
      place,
      'the integrity key',
      integrityKeys,
      integrity,
      protection.integrity?.value === undefined ? [0] : protection.integrity.keys,
    ),
  };
}

/** Wireshark takes SPIs without their leading zeros. */
const spiOf = (text: string): string => {
  const bare = text.replace(/^0x/iu, '');
  return bare === '' || bare.length > 8 ? text : bare.padStart(8, '0');
};

/** Lower-case digits without `0x`. */
function digits(place: Place, what: string, text: string, count: number): string {
  const bare = text.replace(/^0x/iu, '').toLowerCase();
  if (/^[0-9a-f]*$/u.test(bare) && bare.length === count) return bare;
  throw new InputError(place, `${what} is ${shown(text)}, expected ${count} hexadecimal digits`);
}

function key(place: Place, what: string, text: string, name: string, lengths: readonly number[]): Uint8Array {
  const octets = fromHex(text.replace(/^0x/iu, ''));
  // Not the text itself: keys have no place in error messages, which end up in logs.
  if (octets === undefined) {
    throw new InputError(
      place,
      `${what} is not hexadecimal`,
      'Expected two hexadecimal digits for each octet.',
    );
  }
  if (!lengths.includes(octets.length)) {
    const expected = lengths.join(' or ');
    throw new InputError(place, `${what} has ${octets.length} octets, ${name} takes ${expected}`);
  }
  return octets;
}

function algorithm<T>(place: Place, what: string, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  // Null is an entry too: no algorithm.
  if (found !== undefined) return found;
  throw new InputError(place, `${what} algorithm ${shown(name)} is not known`, `Known: ${namesOf(known)}.`);
}

const namesOf = (known: ReadonlyMap<string, unknown>): string =>
  [...known.keys()].map((each) => `"${each}"`).join(', ');

function address(place: Place, what: string, text: string): string {
  const found = text === '*' ? '*' : normalAddress(text);
  if (found !== undefined) return found;
  throw new InputError(place, `the ${what} is ${shown(text)}, expected an IPv4 or IPv6 address or *`);
}

const shown = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
