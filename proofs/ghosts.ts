/** What the proofs remember of the past, beyond what the properties do. */
import type { Endpoint, Observation } from '../model/index.ts';
import { nonceOf } from '../model/state/numbers.ts';
import type { Ghost } from './theorem.ts';

/** How what is remembered of an end is named among the ghosts. */
export const ghostOf = (name: string, end: Endpoint): string =>
  `${name}${end === 'cluster' ? 'Cluster' : 'Peer'}`;

/** The highest Message ID that an end has used for a request; -1 for none. */
export const used = (end: Endpoint): Ghost => ({
  says: `the highest Message ID that the ${end} has used for a request`,
  initial: -1,
  least: -1,
  after: (known, seen) => (isRequestOf(end, seen) && known !== null && seen.id > known ? seen.id : known),
});

/** The Message ID of the request of an end with the content `any`; null before it was sent. */
export const idOf = (end: Endpoint): Ghost => ({
  says: `the Message ID of the request of the ${end} that is looked at`,
  initial: null,
  least: 0,
  after: (known, seen, any) => (isRequestOf(end, seen) && seen.content === any ? seen.id : known),
});

/** The content of the request of an end with the Message ID `any`; null before it was sent. */
export const contentAt = (end: Endpoint): Ghost => ({
  says: `the content of the request of the ${end} with the Message ID that is looked at`,
  initial: null,
  least: 0,
  after: (known, seen, any) =>
    isRequestOf(end, seen) && seen.id === any && typeof seen.content === 'number' ? seen.content : known,
});

/** The M1 of the sync request of an end with the nonce that it drew after `any` others; null before it was sent. */
export const m1Of = (end: Endpoint): Ghost => ({
  says: `the M1 of the sync request ${end === 'cluster' ? '' : `of the ${end} `}that is looked at`,
  initial: null,
  least: 0,
  after: (known, seen, any) =>
    seen.kind === 'sync-request-sent' && seen.by === end && seen.nonce === nonceOf(end, any)
      ? seen.m1
      : known,
});

/** The highest M2 that an end has answered; -1 for none. */
export const m2By = (end: Endpoint): Ghost => ({
  says: `the highest M2 that the ${end} has answered`,
  initial: -1,
  least: -1,
  after: (known, seen) =>
    higher(known, seen.kind === 'sync-request-accepted' && seen.by === end ? seen.m2 : null),
});

/** The highest value of the other end that an end has learnt from sync messages; -1 for none. */
export const learntBy = (end: Endpoint): Ghost => ({
  says: `the highest value of the other end that the ${end} has learnt from sync messages`,
  initial: -1,
  least: -1,
  after: (known, seen) =>
    higher(
      known,
      seen.kind === 'sync-request-accepted' && seen.by === end
        ? seen.m2
        : seen.kind === 'sync-response-accepted' && seen.by === end
          ? seen.p2 - 1
          : null,
    ),
});

/** The Failover Count of the sync request of the cluster with the nonce `any`; null before it was sent, or if it has none. */
export const countOf: Ghost = {
  says: 'the Failover Count of the sync request that is looked at',
  initial: null,
  least: -1,
  after: (known, seen, any) =>
    seen.kind === 'sync-request-sent' && seen.by === 'cluster' && seen.nonce === any
      ? (seen.failoverCount ?? null)
      : known,
};

/** The highest sequence number that an end has sent; 0 for none. */
export const sentBy = (end: Endpoint): Ghost => ({
  says: `the highest sequence number that the ${end} has sent`,
  initial: 0,
  least: 0,
  after: (known, seen) => higher(known, seen.kind === 'esp-sent' && seen.by === end ? seen.number : null),
});

/** The highest sequence number that an end has accepted; 0 for none. */
export const acceptedBy = (end: Endpoint): Ghost => ({
  says: `the highest sequence number that the ${end} has accepted`,
  initial: 0,
  least: 0,
  after: (known, seen) => higher(known, seen.kind === 'esp-accepted' && seen.by === end ? seen.number : null),
});

export const higher = (known: number | null, number: number | null): number | null =>
  number !== null && known !== null && number > known ? number : known;

/** The sequence number of the packet of an end with the content `any`; null before it was sent. */
export const numberOf = (end: Endpoint): Ghost => ({
  says: `the sequence number of the packet of the ${end} that is looked at`,
  initial: null,
  least: 1,
  after: (known, seen, any) =>
    seen.kind === 'esp-sent' && seen.by === end && seen.content === any ? seen.number : known,
});

/** The highest initialization vector of IKE that an end has used; -1 for none. */
export const ivUsedBy = (end: Endpoint): Ghost => ({
  says: `the highest initialization vector of IKE that the ${end} has used`,
  initial: -1,
  least: -1,
  after: (known, seen) => higher(known, seen.kind === 'iv-used' && seen.by === end ? seen.iv : null),
});

/** The Message ID of the request of an end whose initialization vector would be `any`, made from it; null for none. */
export const requestWithVector = (end: Endpoint): Ghost => ({
  says: `the Message ID of the request of the ${end} that the initialization vector looked at is made from`,
  initial: null,
  least: 0,
  after: (known, seen, any) => (isRequestOf(end, seen) && 2 * seen.id === any ? seen.id : known),
});

/** The same of the responses of an end: the Message ID that one answered. */
export const responseWithVector = (end: Endpoint): Ghost => ({
  says: `the Message ID of the response of the ${end} that the initialization vector looked at is made from`,
  initial: null,
  least: 0,
  after: (known, seen, any) =>
    seen.kind === 'request-processed' && seen.by === end && 2 * seen.id + 1 === any ? seen.id : known,
});

const isRequestOf = (
  end: Endpoint,
  seen: Observation,
): seen is Extract<Observation, { kind: 'request-sent' }> => seen.kind === 'request-sent' && seen.by === end;
