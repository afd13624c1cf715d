/** How the keys given fit the messages of a capture. */
import { BoundedMap } from '../common/bounded.ts';
import { u32 } from '../common/octets.ts';
import type { End, MessageEvent } from '../events/event.ts';
import { describePlace, InputError, type Place } from '../sources/input-error.ts';
import { canCheck } from './algorithms.ts';
import { ESP_HEADER, espIsRight } from './decrypt.ts';
import type { EspKeys, IkeKeys, Keys, UnusableRow } from './keys.ts';

type Integrity = MessageEvent['integrity'];

/** What the keys tell of an ESP packet. */
export interface CheckedEsp {
  readonly integrity: Integrity;
  /** The upper half of its extended sequence number, if it has one. */
  readonly upper?: number;
}

/** What became of a message: `unreadable` if its integrity value is right and what was decrypted makes no sense. */
export type Outcome = Integrity | 'unreadable';

interface Tally {
  good: number;
  bad: number;
  unchecked: number;
  unreadable: number;
}

const count = <K>(tallies: Map<K, Tally>, key: K, outcome: Outcome): void => {
  const tally = tallies.get(key) ?? { good: 0, bad: 0, unchecked: 0, unreadable: 0 };
  tally[outcome] += 1;
  tallies.set(key, tally);
};

/** A row of keys that fit nothing. */
export interface WrongRow {
  readonly place: Place;
  readonly problem: string;
  readonly hint?: string | undefined;
}

/** Keys of IKE SAs that fit none of their messages. */
export class WrongKeys extends InputError {
  /** By IKE SA. */
  readonly wrong: ReadonlyMap<string, WrongRow>;
  /** Whether the source has other IKE SAs, which can be judged in full. */
  readonly hasOthers: boolean;

  constructor(
    { place, problem, hint: own }: WrongRow,
    wrong: ReadonlyMap<string, WrongRow>,
    hasOthers: boolean,
  ) {
    const hint =
      own ??
      'Take SK_ei, SK_er, SK_ai and SK_ar of this SA from the log or key table of the run that was captured ' +
        '(initiator first), or leave the row out to read the headers alone.';
    super(place, problem, hint);
    this.wrong = wrong;
    this.hasOthers = hasOthers;
  }
}

/** @param result what becomes of these IKE SAs */
export const rightKeysMissing = (wrong: ReadonlyMap<string, WrongRow>, result: string): readonly string[] =>
  [...wrong].map(
    ([sa, { place, problem }]) =>
      `the right keys for SA ${sa}, ${result} (${describePlace(place)}: ${problem})`,
  );

/** Rows for SAs that are not in the capture are noted one by one up to so many. */
const MOST_IDLE = 3;

/** What is wrong with the keys of an IKE SA, if they fit nothing. */
function problemOf(row: IkeKeys, tallies: ReadonlyMap<End, Tally>): string | undefined {
  const nothingFits = [...tallies.values()].every(({ good }) => good === 0);
  for (const [from, { good, bad, unreadable }] of tallies) {
    const misfits = bad + unreadable;
    if (good > 0 || misfits === 0 || (misfits === 1 && !nothingFits)) continue;
    const end = from === 'initiator' ? 'i' : 'r';
    const messages =
      misfits === 1 ? 'the only encrypted message' : `any of the ${misfits} encrypted messages`;
    const own = row[from].protection.integrity === null;
    const wrong = unreadable > bad || own ? `SK_e${end} is wrong, or the cipher` : `SK_a${end} is wrong`;
    return `the keys for SA ${row.sa} do not fit ${messages} of its ${from}: ${wrong}`;
  }
  return undefined;
}

/** Looks up keys and counts with what success, so that wrong keys are not taken for forged messages. */
export class KeyUse {
  readonly keys: Keys;
  readonly #espBySpi = new Map<string, EspKeys[]>();
  readonly #ike = new BoundedMap<string, Map<End, Tally>>();
  readonly #esp = new Map<EspKeys, Tally>();
  /** SPIs of ESP SAs whose rows cannot be used, and those of them that were seen. */
  readonly #unusableSpis: ReadonlySet<string>;
  readonly #espSeen = new Set<string>();
  /** The upper half of the last packet that was right; null if the SA has none. */
  readonly #upper = new Map<EspKeys, number | null>();

  constructor(keys: Keys) {
    this.keys = keys;
    this.#unusableSpis = new Set((keys.unusable ?? []).flatMap(({ spi }) => spi ?? []));
    for (const row of keys.esp) {
      const rows = this.#espBySpi.get(row.spi);
      if (rows === undefined) this.#espBySpi.set(row.spi, [row]);
      else rows.push(row);
    }
  }

  /** The rows for an ESP packet. More than one if an SPI was used again. */
  espRows(spi: string, addresses: { source: string; destination: string }): readonly EspKeys[] {
    const fits = (pattern: string, address: string): boolean => pattern === '*' || pattern === address;
    if (this.#unusableSpis.has(spi)) this.#espSeen.add(spi);
    return [...(this.#espBySpi.get(spi) ?? []), ...(this.#espBySpi.get('*') ?? [])].filter(
      (row) => fits(row.source, addresses.source) && fits(row.destination, addresses.destination),
    );
  }

  /** Counts an encrypted message of an IKE SA, or a fragment of one. Each end has keys of its own. */
  saw(sa: string, from: End, outcome: Outcome): void {
    const tallies = this.#ike.get(sa) ?? new Map<End, Tally>();
    count(tallies, from, outcome);
    this.#ike.set(sa, tallies);
  }

  /** Checks the integrity value of an ESP packet, and counts with which rows that succeeds. */
  checkEsp(rows: readonly EspKeys[], packet: Uint8Array): CheckedEsp {
    let checked: CheckedEsp = { integrity: 'unchecked' };
    for (const row of rows) {
      if (!canCheck(row.protection)) continue;
      const upper = this.#upperHalves(row, packet).find((half) => espIsRight(packet, row, half ?? undefined));
      const integrity = upper === undefined ? 'bad' : 'good';
      count(this.#esp, row, integrity);
      if (upper === undefined) {
        if (checked.integrity === 'unchecked') checked = { integrity };
        continue;
      }
      this.#upper.set(row, upper);
      checked = { integrity, ...(upper !== null && { upper }) };
    }
    return checked;
  }

  /**
   * What the upper half of a packet's sequence number may be, null for none. Whether an SA uses extended sequence
   * numbers is not told by the table of keys; its first packets show it.
   */
  #upperHalves(row: EspKeys, packet: Uint8Array): readonly (number | null)[] {
    const known = this.#upper.get(row);
    if (known === undefined) return [null, 0];
    if (known === null) return [null];
    // Near the ends of the lower half the upper one may have changed.
    const lower = packet.length < ESP_HEADER ? 0 : u32(packet, 4);
    const next = lower < 2 ** 31 ? known + 1 : known - 1;
    return next < 0 || next >= 2 ** 32 ? [known] : [known, next];
  }

  /**
   * @throws WrongKeys if keys were given for an IKE SA and cannot be used, or fit none of its messages, or none of those
   * of one end (where there are at least two: a single one may have been altered on its way)
   */
  refuseWrongKeys(): void {
    const wrong = this.#wrong();
    const [first] = wrong.values();
    if (first !== undefined) throw new WrongKeys(first, wrong, this.#ike.size > wrong.size);
  }

  /** The same, as what is missing. */
  missing(): readonly string[] {
    return rightKeysMissing(this.#wrong(), 'whose messages are taken for ones that are not authentic');
  }

  /** By IKE SA. */
  #wrong(): ReadonlyMap<string, WrongRow> {
    const wrong = new Map<string, WrongRow>();
    for (const [sa, tallies] of this.#ike) {
      const row = this.keys.ike.get(sa);
      const problem = row && problemOf(row, tallies);
      const unusable = row === undefined ? this.#unusableFor(sa) : undefined;
      if (unusable !== undefined) wrong.set(sa, unusable);
      if (row !== undefined && problem !== undefined) wrong.set(sa, { place: row.place, problem });
    }
    return wrong;
  }

  #unusableFor(sa: string): UnusableRow | undefined {
    return this.keys.unusable?.find((row) => row.sa === sa);
  }

  /** What the user should know about rows that cannot be used: those of ESP SAs that were seen, and how many others. */
  #unusableRemarks(): readonly string[] {
    const unusable = this.keys.unusable ?? [];
    const needed = unusable.filter(({ spi }) => spi !== undefined && this.#espSeen.has(spi));
    const others = unusable.filter((row) => !needed.includes(row));
    const [first] = others;
    const more =
      others.length === 1 ? 'this row is not needed' : `${others.length} rows are not usable and not needed`;
    return [
      ...needed.map(
        ({ place, problem, spi }) =>
          `${describePlace(place)}: ${problem}; ESP SPI ${spi} is judged without keys`,
      ),
      ...(first === undefined ? [] : [`${describePlace(first.place)}: ${first.problem}; ${more}`]),
    ];
  }

  /** What the user should know about keys that were of no use. */
  remarks(): readonly string[] {
    const without = [...this.#ike.keys()].filter((sa) => !this.keys.ike.has(sa));
    const idle = [...this.keys.ike.values()].filter((row) => !this.#ike.has(row.sa));
    const remarks =
      without.length === 0
        ? []
        : idle.length > MOST_IDLE
          ? [
              `none of ${idle.length} rows of keys is for ${without.join(', ')} (the first: ${idle[0] === undefined ? '' : describePlace(idle[0].place)})`,
            ]
          : idle.map((row) => {
              const place = describePlace(row.place);
              return `${place} is for SA ${row.sa}, which is not in the capture; the capture has ${without.join(', ')}`;
            });
    for (const [row, { good, bad }] of this.#esp) {
      if (good > 0) continue;
      const place = describePlace(row.place);
      remarks.push(
        `${place}: the keys for ESP SPI ${row.spi} fit none of its ${bad} packets; they may be wrong`,
      );
    }
    remarks.push(...this.#unusableRemarks());
    return remarks;
  }
}
