/**
 * A revision of one's own as a file, for `ipsecha check docs/examples/own-revision-file.ts` (or ablate, compare,
 * synthesise). The question: a sync request with an old M1 is dropped, so need the peer still take a maximum for
 * M2, or could it just send back the M1 that it got?
 */
import { type Revision, rfc6311 } from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('RFC 6311 has a counter sync');

export default {
  ...rfc6311,
  name: 'm2-is-m1',
  title: 'The peer sends M1 back as M2',
  source: 'a question about RFC 6311, 5.1',
  counterSync: { ...counterSync, chooseM2: (_sa, m1) => m1 },
} satisfies Revision;
