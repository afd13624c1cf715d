/** What `report/site/places.ts` is in a checkout, in the package: it was written down when that was built. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as checkout from '../../report/site/places.ts';

/** What the file holds. */
export interface PackedPlaces extends Pick<checkout.Places, 'mapping'> {
  readonly tests: readonly (readonly [
    rule: string,
    places: readonly { readonly file: string; readonly line: number }[],
  ])[];
}

async function placesIn(root: string): Promise<checkout.Places> {
  const { tests, mapping } = JSON.parse(
    await readFile(join(root, 'dist/places.json'), 'utf8'),
  ) as PackedPlaces;
  return { tests: new Map(tests), mapping };
}

export { placesIn };

({ placesIn }) satisfies typeof checkout;
