/** Properties of IKE Message IDs, over the whole history of a logical endpoint. */

import type { Revision } from '../revisions/revision.ts';
import type { Settings } from '../settings/settings.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Content, MessageId } from '../state/numbers.ts';
import { broken, fine, type Seen, safety } from './property.ts';

/** No requests at all: neither of an application, nor with a delta that no sync request carries. */
const withoutRequests = (
  { replaySync }: Revision,
  { requests, messageIdSync, replayCounterSync }: Settings,
): string | undefined =>
  requests === 0 && (replaySync === null || replayCounterSync === 'neither' || messageIdSync === 'both')
    ? 'no requests are sent'
    : undefined;

type PerEnd<T> = Readonly<Record<Endpoint, T>>;

/** An end under one of the IKE SAs that replaced one another: each has Message IDs of its own. */
const side = (by: Endpoint, ikeSa: string | undefined): string =>
  ikeSa === undefined ? by : `${by} of ${ikeSa}`;

/** The highest Message ID used for a new request, by each end under each IKE SA. */
export const messageIdMonotonicity = safety<Readonly<Record<string, number>>>({
  id: 'message-id-monotonicity',
  title: 'Message IDs of new requests strictly increase',
  says: 'No Message ID is used for two different requests of one logical endpoint, and the Message IDs of new requests strictly increase.',
  rules: ['RFC7296-2.2-NEXT-ID', 'RFC6311-5.1-M1-FRESH', 'RFC6311-5.1-M1-BUMP', 'RFC6311-5.1-P2'],
  nothingToBreak: withoutRequests,
  watch: {
    initial: {},
    observe: (used, seen) => {
      if (seen.kind !== 'request-sent') return fine(used);
      const sender = side(seen.by, seen.ikeSa);
      const highest = used[sender] ?? -1;
      if (seen.id <= highest) {
        return broken(
          `the ${seen.by} uses Message ID ${seen.id} for a new request; it had used up to ${highest}`,
        );
      }
      return fine({ ...used, [sender]: seen.id });
    },
  },
});

/** The contents of the requests that each end has processed, whatever their Message IDs were. */
export const requestAtMostOnce = safety<PerEnd<readonly Content[]>>({
  id: 'request-at-most-once',
  title: 'No request is processed twice',
  says: 'No request is processed twice by one logical endpoint, under whatever Message ID.',
  rules: [
    'RFC7296-2.1-RETRANSMISSION',
    'RFC7296-2.3-EXPECTED-ID',
    'RFC6311-8.1-WHILE-SYNCING',
    'RFC6311-8.1-PENDING-IKE',
  ],
  nothingToBreak: withoutRequests,
  watch: {
    initial: { cluster: [], peer: [] },
    observe: (processed, seen) => {
      if (seen.kind !== 'request-processed') return fine(processed);
      if (processed[seen.by].includes(seen.content)) {
        return broken(`the ${seen.by} processes the same request with Message ID ${seen.id} a second time`);
      }
      return fine({ ...processed, [seen.by]: [...processed[seen.by], seen.content].sort() });
    },
  },
});

/** Needs no memory: each response taken is compared with the request that waited. */
export const responseMatchesRequest = safety<null>({
  id: 'response-matches-request',
  title: 'A response is only taken for the request that it answers',
  says: 'A response is only taken for the request that it answers, not for another one with the same Message ID.',
  rules: ['RFC7296-2.1-RESPONSE-MATCH', 'RFC7296-2.2-NEXT-ID'],
  nothingToBreak: withoutRequests,
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

export const countersNeverRegress = safety<AllShown>({
  id: 'counters-never-regress',
  title: 'What an end sends or expects next never goes down',
  says: 'What a logical endpoint sends next (its requests, its M1, its P2, what it adopts) or expects next (the requests that it answers, its M2, what it adopts) never goes down, seen from the other end. P1 is not counted: it is a question.',
  rules: [
    'RFC6311-5.1-M1-FRESH',
    'RFC6311-5.1-M1-SHARED',
    'RFC6311-5.1-M2',
    'RFC6311-5.1-P2',
    'RFC6311-5.1-ADOPT',
    'RFC6311-11-RESPONSE-ONCE',
  ],
  watch: {
    initial: {},
    // Asked at every step of every check and trace: a switch takes a fraction of what patterns take.
    observe: (shown, seen) => {
      switch (seen.kind) {
        case 'request-sent':
          return showing(shown, seen, { sends: seen.id }, { sends: seen.id + 1 });
        case 'request-processed':
          // With a window above 1, a request can be processed before one with a lower Message ID.
          return showing(
            shown,
            seen,
            { expects: seen.id },
            seen.id === seen.expected ? { expects: seen.id + 1 } : {},
          );
        case 'sync-request-sent': {
          const { sends } = shownBy(shown, seen);
          return seen.m1 < sends
            ? broken<AllShown>(
                `the ${seen.by} sends a sync request with M1 ${seen.m1}, below ${sends}, its next Message ID by what it had sent before`,
              )
            : showing(shown, seen, { sends: seen.m1 });
        }
        case 'sync-request-accepted':
          return showing(shown, seen, { sends: seen.p2, expects: seen.m2 });
        case 'sync-response-accepted':
          return showing(shown, seen, { sends: seen.m2, expects: seen.p2 });
        // Of these none shows where the counters of its end stand.
        case 'response-taken':
        case 'failover-counted':
        case 'iv-used':
        case 'delta-applied':
        case 'esp-sent':
        case 'esp-accepted':
        case 'esp-misread':
        case 'own':
          return fine(shown);
      }
    },
  },
});

/** By each end under each IKE SA. */
type AllShown = Readonly<Record<string, Shown>>;

interface Showing {
  readonly by: Endpoint;
  readonly ikeSa?: string;
}

const shownBy = (shown: AllShown, { by, ikeSa }: Showing): Shown =>
  shown[side(by, ikeSa)] ?? { sends: 0, expects: 0 };

/** Compares what is shown now with what was shown before, and remembers what will be next. */
function showing(
  shown: AllShown,
  who: Showing,
  now: Partial<Shown>,
  next: Partial<Shown> = now,
): Seen<AllShown> {
  const { by } = who;
  const before = shownBy(shown, who);
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
  return fine({ ...shown, [side(by, who.ikeSa)]: { ...before, ...next } });
}

/** Needs no memory: each request that is sent or processed is compared with the window that its end has. */
export const windowRespected = safety<null>({
  id: 'window-respected',
  title: 'No request outside the window is sent or processed',
  says: 'No request is sent whose Message ID exceeds the lowest unanswered one by the size of the window or more. None is processed whose Message ID exceeds the lowest one still expected by as much, or is below it; nor, once a sync request has declared P1, one below P1 (RFC 6311, 8.1).',
  rules: [
    'RFC7296-2.3-WINDOW',
    'RFC7296-2.3-EXPECTED-ID',
    'RFC7296-2.3-WINDOW-RESTARTS',
    'RFC6311-8.1-DECLARED-WINDOW',
  ],
  nothingToBreak: withoutRequests,
  watch: {
    initial: null,
    observe: (state, seen) => {
      if (seen.kind !== 'request-sent' && seen.kind !== 'request-processed') return fine(state);
      // Nobody sends SET_WINDOW_SIZE under an IKE SA that replaces another.
      const window = seen.ikeSa === undefined ? seen.window : 1;
      if (seen.kind === 'request-sent') {
        return seen.id < seen.lowest + window
          ? fine(state)
          : broken(
              `the ${seen.by} sends request ${seen.id} while request ${seen.lowest} is not answered, with a window of ${window}`,
            );
      }
      const { by, id, expected, declared } = seen;
      if (declared !== undefined && id < declared) {
        return broken(`the ${by} processes request ${id}, below P1 ${declared}, which it declared`);
      }
      return id < expected || id >= expected + window
        ? broken(
            `the ${by} processes request ${id}, though it expects ${expected}, with a window of ${window}`,
          )
        : fine(state);
    },
  },
});
