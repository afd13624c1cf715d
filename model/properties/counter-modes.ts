/** A property of initialization vectors of counter modes. */
import { add, emptySet, has, type NumberSet } from '../state/number-set.ts';
import { broken, fine, safety } from './property.ts';

/** The initialization vectors that each end has used under each IKE SA: the keys are of an end and an IKE SA. */
export const ivNeverRepeats = safety<Readonly<Record<string, NumberSet>>>({
  id: 'iv-never-repeats',
  title: 'No initialization vector of IKE is used twice under a key',
  says: 'No two messages of IKE that an end encrypts under one IKE SA have the same initialization vector, whichever of its members sent them; with a counter mode that would give both away. A message that is sent again, octet for octet, is the same one.',
  rules: ['RFC6311-3.4-IV-UNIQUE', 'RFC6311-5.1-MID-ZERO'],
  nothingToBreak: (_, { ikeIv }) => (ikeIv === 'random' ? 'initialization vectors are random' : undefined),
  watch: {
    initial: {},
    observe: (used, seen) => {
      if (seen.kind !== 'iv-used') return fine(used);
      const key = seen.ikeSa === undefined ? seen.by : `${seen.by} of ${seen.ikeSa}`;
      const ivs = used[key] ?? emptySet;
      return has(ivs, seen.iv)
        ? broken(`the ${seen.by} encrypts a second message with the initialization vector ${seen.iv}`)
        : fine({ ...used, [key]: add(ivs, seen.iv) });
    },
  },
});
