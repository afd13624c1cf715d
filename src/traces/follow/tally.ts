/** What was found in all that was seen of a source that is followed, as it stands by now. */
import { type Standing, standingOf } from '../findings/account.ts';
import type { Finding } from '../findings/finding.ts';
import type { IkeSaResult } from '../judge/ike-sa-readings.ts';

type Found = Pick<IkeSaResult, 'findings' | 'readings'>;

export class Tally {
  /** Findings that convict, and those under a condition. */
  certain = 0;
  conditional = 0;
  /** Whether readings of the text differ for any IKE SA. */
  readingsDiffer = false;
  #esp = 0;
  /** Under each reading: of how many IKE SAs a finding convicts, and of how many there is any. */
  readonly #readings: { violates: number; any: number }[];

  constructor(readings: number) {
    this.#readings = Array.from({ length: readings }, () => ({ violates: 0, any: 0 }));
  }

  /** An IKE SA is done with. */
  add(result: Found): void {
    this.#count(result, 1);
  }

  /** Something has weakened what was found in an IKE SA. */
  replace(before: Found, result: Found): void {
    this.#count(before, -1);
    this.#count(result, 1);
  }

  /** Findings of ESP stand as they are; no reading of the text is about them. */
  addEsp(findings: readonly Finding[]): void {
    this.#esp += findings.length;
    this.certain += findings.length;
  }

  #count({ findings, readings }: Found, by: 1 | -1): void {
    const certain = findings.filter(({ condition }) => condition === undefined).length;
    this.certain += by * certain;
    this.conditional += by * (findings.length - certain);
    this.readingsDiffer ||= readings.length > 0;
    const own = standingOf(findings);
    for (const [index, sum] of this.#readings.entries()) {
      const { violates, any } = readings[index] ?? own;
      if (violates) sum.violates += by;
      if (any) sum.any += by;
    }
  }

  get standing(): Standing {
    return { violates: this.certain > 0, any: this.certain + this.conditional > 0 };
  }

  /** @param index of a reading, in the order of `readingsOf` */
  under(index: number): Standing {
    const { violates = 0, any = 0 } = this.#readings[index] ?? {};
    return { violates: violates + this.#esp > 0, any: any + this.#esp > 0 };
  }
}
