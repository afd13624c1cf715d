/** Properties of IKE Message IDs, over the whole history of a logical endpoint. */
import { match } from 'ts-pattern';
import type { MessageId } from '../counters.ts';
import type { Content, Endpoint } from '../messages.ts';
import { broken, fine, type Seen, safety } from './property.ts';

type PerEnd<T> = Readonly<Record<Endpoint, T>>;

/** The highest Message ID used for a new request, -1 for none. */
export const messageIdMonotonicity = safety<PerEnd<number>>({
  id: 'message-id-monotonicity',
  title: 'Message IDs of new requests strictly increase',
  says: 'No Message ID is used for two different requests of one logical endpoint, and the Message IDs of new requests strictly increase.',
  rules: ['RFC7296-2.2-NEXT-ID', 'RFC6311-5.1-M1-FRESH', 'RFC6311-5.1-M1-BUMP', 'RFC6311-5.1-P2'],
  watch: {
    initial: { cluster: -1, peer: -1 },
    observe: (used, seen) => {
      if (seen.kind !== 'request-sent') return fine(used);
      if (seen.id <= used[seen.by]) {
        return broken(
          `the ${seen.by} uses Message ID ${seen.id} for a new request; it had used up to ${used[seen.by]}`,
        );
      }
      return fine({ ...used, [seen.by]: seen.id });
    },
  },
});

/** The contents of the requests that each end has processed, with the Message ID, as text. */
export const requestAtMostOnce = safety<PerEnd<readonly string[]>>({
  id: 'request-at-most-once',
  title: 'No request is processed twice',
  says: 'No request is processed twice by one logical endpoint.',
  rules: ['RFC7296-2.1-RETRANSMISSION', 'RFC7296-2.3-EXPECTED-ID', 'RFC6311-8.1-WHILE-SYNCING'],
  watch: {
    initial: { cluster: [], peer: [] },
    observe: (processed, seen) => {
      if (seen.kind !== 'request-processed') return fine(processed);
      const request = `${seen.id}:${seen.content}`;
      if (processed[seen.by].includes(request)) {
        return broken(`the ${seen.by} processes the same request with Message ID ${seen.id} a second time`);
      }
      return fine({ ...processed, [seen.by]: [...processed[seen.by], request].sort() });
    },
  },
});

/** Needs no memory: each response taken is compared with the request that waited. */
export const responseMatchesRequest = safety<null>({
  id: 'response-matches-request',
  title: 'A response is only taken for the request that it answers',
  says: 'A response is only taken for the request that it answers, not for another one with the same Message ID.',
  rules: ['RFC7296-2.1-RESPONSE-MATCH', 'RFC7296-2.2-NEXT-ID'],
  watch: {
    initial: null,
    observe: (state, seen) =>
      seen.kind === 'response-taken' && !isSameContent(seen.request, seen.answers)
        ? broken(
            `the ${seen.by} takes the response to another request for the answer to its request ${seen.id}`,
          )
        : fine(state),
  },
});

const isSameContent = (a: Content, b: Content): boolean => a === b;

/** What an end has shown to send next and to expect next. */
interface Shown {
  readonly sends: MessageId;
  readonly expects: MessageId;
}

export const countersNeverRegress = safety<PerEnd<Shown>>({
  id: 'counters-never-regress',
  title: 'What an end sends or expects next never goes down',
  says: 'What a logical endpoint sends next (its requests, its M1, its P2) or expects next (the requests that it answers, its M2, the P2 that it adopts) never goes down, seen from the other end. P1 is not counted: it is a question.',
  rules: [
    'RFC6311-5.1-M1-FRESH',
    'RFC6311-5.1-M1-SHARED',
    'RFC6311-5.1-M2',
    'RFC6311-5.1-P2',
    'RFC6311-5.1-ADOPT',
  ],
  watch: {
    initial: { cluster: { sends: 0, expects: 0 }, peer: { sends: 0, expects: 0 } },
    observe: (shown, seen) =>
      match(seen)
        .with({ kind: 'request-sent' }, ({ by, id }) => showing(shown, by, { sends: id }, { sends: id + 1 }))
        .with({ kind: 'request-processed' }, ({ by, id }) =>
          showing(shown, by, { expects: id }, { expects: id + 1 }),
        )
        .with({ kind: 'sync-request-sent' }, ({ by, m1 }) =>
          m1 < shown[by].sends
            ? broken<PerEnd<Shown>>(
                `the ${by} sends a sync request with M1 ${m1}, below ${shown[by].sends}, its next Message ID by what it had sent before`,
              )
            : showing(shown, by, { sends: m1 }),
        )
        .with({ kind: 'sync-request-accepted' }, ({ by, p2, m2 }) =>
          showing(shown, by, { sends: p2, expects: m2 }),
        )
        .with({ kind: 'sync-response-accepted' }, ({ by, p2, m2 }) =>
          showing(shown, by, { sends: m2, expects: p2 }),
        )
        .otherwise(() => fine(shown)),
  },
});

/** Compares what is shown now with what was shown before, and remembers what will be next. */
function showing(
  shown: PerEnd<Shown>,
  by: Endpoint,
  now: Partial<Shown>,
  next: Partial<Shown> = now,
): Seen<PerEnd<Shown>> {
  const before = shown[by];
  if (now.sends !== undefined && now.sends < before.sends) {
    return broken(
      `the ${by} goes back to sending ${now.sends}; before, its next Message ID was ${before.sends}`,
    );
  }
  if (now.expects !== undefined && now.expects < before.expects) {
    return broken(
      `the ${by} goes back to expecting ${now.expects}; before, it expected Message ID ${before.expects}`,
    );
  }
  return fine({ ...shown, [by]: { ...before, ...next } });
}
