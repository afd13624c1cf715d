/** How the keys given fit the messages of a capture. */
import type { End, MessageEvent } from '../event.ts';
import { describePlace, InputError } from '../input-error.ts';
import type { EspKeys, Keys } from './keys.ts';

type Integrity = MessageEvent['integrity'];

/** What became of a message: `unreadable` if its integrity value is right and what was decrypted makes no sense. */
type Outcome = Integrity | 'unreadable';

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

/** Looks up keys and counts with what success, so that wrong keys are not taken for forged messages. */
export class KeyUse {
  readonly keys: Keys;
  readonly #espBySpi = new Map<string, EspKeys[]>();
  readonly #ike = new Map<string, Map<End, Tally>>();
  readonly #esp = new Map<EspKeys, Tally>();

  constructor(keys: Keys) {
    this.keys = keys;
    for (const row of keys.esp) {
      const rows = this.#espBySpi.get(row.spi);
      if (rows === undefined) this.#espBySpi.set(row.spi, [row]);
      else rows.push(row);
    }
  }

  /** The rows for an ESP packet. More than one if an SPI was used again. */
  espRows(spi: string, addresses: { source: string; destination: string }): readonly EspKeys[] {
    const fits = (pattern: string, address: string): boolean => pattern === '*' || pattern === address;
    return (this.#espBySpi.get(spi) ?? []).filter(
      (row) => fits(row.source, addresses.source) && fits(row.destination, addresses.destination),
    );
  }

  /** Counts an encrypted message of an IKE SA, or a fragment of one. Each end has keys of its own. */
  saw(sa: string, from: End, outcome: Outcome): void {
    const tallies = this.#ike.get(sa) ?? new Map<End, Tally>();
    count(tallies, from, outcome);
    this.#ike.set(sa, tallies);
  }

  /** Counts an ESP packet that `row` was tried on. */
  sawEsp(row: EspKeys, integrity: Integrity): void {
    count(this.#esp, row, integrity);
  }

  /**
   * @throws InputError if keys were given for an IKE SA and fit none of its messages, or none of those of one end
   * (where there are at least two: a single one may have been altered on its way)
   */
  refuseWrongKeys(): void {
    for (const [sa, tallies] of this.#ike) {
      const row = this.keys.ike.get(sa);
      if (row === undefined) continue;
      const nothingFits = [...tallies.values()].every(({ good }) => good === 0);
      for (const [from, { good, bad, unreadable }] of tallies) {
        const misfits = bad + unreadable;
        if (good > 0 || misfits === 0 || (misfits === 1 && !nothingFits)) continue;
        const end = from === 'initiator' ? 'i' : 'r';
        const messages =
          misfits === 1 ? 'the only encrypted message' : `any of the ${misfits} encrypted messages`;
        const wrong = unreadable > bad ? `SK_e${end} is wrong, or the cipher` : `SK_a${end} is wrong`;
        const hint =
          'Take SK_ei, SK_er, SK_ai and SK_ar of this SA from the log or key table of the run that was captured ' +
          '(initiator first), or leave the row out to read the headers alone.';
        throw new InputError(
          row.place,
          `the keys for SA ${sa} do not fit ${messages} of its ${from}: ${wrong}`,
          hint,
        );
      }
    }
  }

  /** What the user should know about keys that were of no use. */
  remarks(): readonly string[] {
    const without = [...this.#ike.keys()].filter((sa) => !this.keys.ike.has(sa));
    const idle = [...this.keys.ike.values()].filter((row) => !this.#ike.has(row.sa));
    const remarks =
      without.length === 0
        ? []
        : idle.map((row) => {
            const place = describePlace(row.place);
            return `${place} is for SA ${row.sa}, which is not in the capture; the capture has ${without.join(', ')}`;
          });
    for (const [row, { good, bad }] of this.#esp) {
      if (good > 0) continue;
      const place = describePlace(row.place);
      remarks.push(
        `${place}: the key for ESP SPI ${row.spi} fits none of its ${bad} packets; it may be wrong`,
      );
    }
    return remarks;
  }
}
