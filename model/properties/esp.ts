/** Properties of ESP sequence numbers. */
import { add, emptySet, has, type NumberSet } from '../number-set.ts';
import { broken, fine, safety } from './property.ts';

/** The numbers sent so far, per SPI. An SPI names one direction of one Child SA. */
export const espSequenceUnique = safety<Readonly<Record<string, NumberSet>>>({
  id: 'esp-sequence-unique',
  title: 'No ESP sequence number is sent twice',
  says: 'No sequence number is sent twice on one SA in one direction; with a counter-mode cipher that would be fatal.',
  rules: ['RFC4303-3.3.3-NEVER-REPEAT'],
  watch: {
    initial: {},
    observe: (sent, seen) => {
      if (seen.kind !== 'esp-sent') return fine(sent);
      const numbers = sent[seen.spi] ?? emptySet;
      if (has(numbers, seen.number)) {
        return broken(
          `the ${seen.by} sends ESP sequence number ${seen.number} of SPI ${seen.spi} a second time`,
        );
      }
      return fine({ ...sent, [seen.spi]: add(numbers, seen.number) });
    },
  },
});
