/** Which rules traces are judged by, and which of them need the contents of messages. */
import { catalogue, type Revision } from '../../model/index.ts';

/** What Message IDs, directions and sequence numbers show. */
const BY_HEADERS: ReadonlySet<string> = new Set([
  'RFC7296-2.1-RETRANSMISSION',
  'RFC7296-2.2-NEXT-ID',
  'RFC7296-2.2-NO-WRAP',
  'RFC7296-2.2-RESPONSE-ID',
  'RFC7296-2.3-EXPECTED-ID',
  'RFC4303-3.3.3-NEVER-REPEAT',
  'RFC4303-3.3.3-NEXT-NUMBER',
]);

/** What no trace of the wire shows, with or without contents: what members tell each other, or keep to themselves. */
const INSIDE: ReadonlySet<string> = new Set([
  'RFC4303-2.2.1-ESN',
  'RFC4303-3.4.3-ANTI-REPLAY',
  'RFC6311-5.1-M1-SHARED',
  'RFC6311-5.2-BUMP-SHARED',
  'RFC6311-5.2-IN-WINDOW',
  'RFC6311-5.2-OWN-BUMP',
  'RFC7296-2.1-RESPONSE-MATCH',
]);

/** Ids of the rules of a revision that cannot be judged where contents of messages are not read. */
export const notJudgedWithout = (revision: Revision): readonly string[] =>
  judgedOnTraces(revision).filter((id) => !BY_HEADERS.has(id));

/** Ids of the rules that no source tells enough of. */
export const notJudgedOnTraces = (): readonly string[] => [...INSIDE];

/** Ids of the rules of a revision that traces are judged by. */
export const judgedOnTraces = ({ counterSync, replaySync }: Revision): readonly string[] =>
  catalogue
    .filter(({ id, level, file }) => {
      if (INSIDE.has(id) || level === 'open') return false;
      if (file === 'model/ipsecha-01/failover-count.ts') return counterSync?.nextCount !== undefined;
      if (id === 'RFC6311-5.1-DROP-STALE') return counterSync?.isStale !== undefined;
      if (
        file === 'model/rfc6311/5.2-replay-counter-sync.ts' ||
        file === 'model/rfc6311/6.4-replay-counter-notification.ts'
      ) {
        return replaySync !== null && id !== 'IPSECHA01-DELTA-CONFIRMED';
      }
      return !file.startsWith('model/rfc6311/') || counterSync !== null;
    })
    .map(({ id }) => id);
