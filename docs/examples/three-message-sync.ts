/**
 * A counter sync of three messages: the peer answers a sync request, and acts on it only once the newly active member
 * confirms that it took the answer. So a sync request that comes again, or is replayed, changes nothing at the peer and
 * can be answered again: does that mend what is broken where the only answer is lost (finding F-11)?
 *
 *     newly active member                                   peer
 *     HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, M1, P1)}  -->
 *                             <--  HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, P2, M2)}
 *     HDR(0), SK {N(SYNC_CONFIRMED: nonce)}                 -->
 *
 *     ipsecha check docs/examples/three-message-sync.ts --scenario single-failover
 *     ipsecha compare rfc6311 docs/examples/three-message-sync.ts --scenario single-failover --property recovery-fair
 *
 * The file has a property and a scenario of its own besides, which are checked, drawn and compared like ours.
 *
 *     ipsecha check docs/examples/three-message-sync.ts --scenario confirmation-lost
 *     ipsecha compare rfc6311 docs/examples/three-message-sync.ts --property acts-when-confirmed --scenario confirmation-lost
 */
import {
  type ActiveMember,
  broken,
  type Endpoint,
  fine,
  type Nonce,
  noStep,
  type OwnMessage,
  type Policies,
  type Revision,
  receive,
  remembering,
  rfc6311,
  type SaState,
  type Step,
  type SyncRequest,
  type SyncResponse,
  safety,
  taken,
  under,
} from '../../model/index.ts'; // in a project of your own: from 'ipsecha/model'

/** What a box remembers besides. */
const own = remembering<{
  /** Peer: what it answered last and has not acted on. */
  readonly offered: { readonly request: SyncRequest; readonly response: SyncResponse } | null;
  /** Newly active member: the nonce that it confirms, until something shows that the peer has the confirmation. */
  readonly confirms: Nonce | null;
}>({ offered: null, confirms: null });

const confirmation = (by: Endpoint, sa: SaState, nonce: Nonce): OwnMessage => ({
  kind: 'own',
  name: 'confirmation',
  from: by,
  ...under(sa),
  id: 0,
  response: false,
  holds: { SYNC_CONFIRMED: { nonce } },
});

/** The peer acts on what it answered, by the very values that it told. */
function act(by: Endpoint, member: ActiveMember, policies: Policies): Step {
  const { offered } = own.of(member.sa);
  const { counterSync } = rfc6311;
  if (offered === null || counterSync === null) return noStep('nothing was answered');
  const { request, response } = offered;
  const told = { ...counterSync, chooseP2: () => response.p2, chooseM2: () => response.m2 };
  const step = receive({ ...rfc6311, counterSync: told }, policies, by, member, request);
  if (!step.enabled) return step;
  const { sa } = step.member;
  // What it has sent since it answered stays sent.
  const expectedSend = Math.max(sa.expectedSend, member.sa.expectedSend);
  return {
    ...step,
    member: { ...step.member, sa: own.with({ ...sa, expectedSend }, { offered: null }) },
    sent: [],
    observations: step.observations.map((seen) =>
      seen.kind === 'sync-request-accepted' ? { ...seen, p2: expectedSend } : seen,
    ),
  };
}

/** The nonces of the answers that were taken. */
const actsWhenConfirmed = safety<readonly Nonce[]>({
  id: 'acts-when-confirmed',
  title: 'The peer acts on a sync request only once its answer was taken',
  says: 'No end goes on with the numbers of a sync request before the other one has taken the answer to it.',
  rules: [],
  watch: {
    initial: [],
    observe: (answered, seen) => {
      if (seen.kind === 'sync-response-accepted') return fine([...new Set([...answered, seen.nonce])].sort());
      return seen.kind !== 'sync-request-accepted' || answered.includes(seen.nonce)
        ? fine(answered)
        : broken(
            `the ${seen.by} acts on the sync request with nonce ${seen.nonce}, and nobody took the answer`,
          );
    },
  },
});

export default {
  ...rfc6311,
  name: 'three-message-sync',
  title: 'Counter sync with a confirmation',
  source: 'a question about RFC 6311, 5.1',
  exchanges: {
    memory: own.initial,
    notifications: { SYNC_CONFIRMED: { type: 40970, fields: { nonce: 'nonce' } } },
    messages: {
      confirmation: {
        exchange: 'INFORMATIONAL',
        receive: (by, member, { holds }, policies) =>
          own.of(member.sa).offered?.request.nonce === holds['SYNC_CONFIRMED']?.['nonce']
            ? act(by, member, policies)
            : noStep('it confirms no answer that waits for it'),
      },
    },
    receives: {
      'sync-request': {
        // The peer answers, and remembers what it said. The same request has the same answer: if its P2 were another one,
        // a confirmation that names the nonce alone would not say which of the two was taken. And an older request does not
        // take the place of a newer one that waits.
        receive: (_by, member, request, _policies, usual) => {
          const { offered } = own.of(member.sa);
          if (offered?.request.nonce === request.nonce) {
            return taken(member, [], { answer: 'again', sent: [offered.response] });
          }
          if (offered !== null && request.m1 <= offered.request.m1) {
            return noStep('a newer sync request was answered');
          }
          const response = usual.enabled
            ? usual.sent.find(({ kind }) => kind === 'sync-response')
            : undefined;
          if (!usual.enabled || response?.kind !== 'sync-response') return usual;
          return {
            ...usual,
            member: { ...member, sa: own.with(member.sa, { offered: { request, response } }) },
            observations: [],
          };
        },
        obsolete: (_member, _request, usual) => usual,
      },
      'sync-response': {
        receive: (by, _member, { nonce }, _policies, usual) =>
          usual.enabled
            ? {
                ...usual,
                member: { ...usual.member, sa: own.with(usual.member.sa, { confirms: nonce }) },
                sent: [confirmation(by, usual.member.sa, nonce)],
              }
            : usual,
        obsolete: (_member, _response, usual) => usual,
      },
      response: {
        // A request under the new numbers was answered, so the peer has the confirmation.
        receive: (_by, _member, _response, _policies, usual) =>
          usual.enabled
            ? { ...usual, member: { ...usual.member, sa: own.with(usual.member.sa, { confirms: null }) } }
            : usual,
        obsolete: (_member, _response, usual) => usual,
      },
    },
    sendsAgain: (by, { sa }, _policies, usual) => {
      const { confirms } = own.of(sa);
      return confirms === null ? usual : [...usual, confirmation(by, sa, confirms)];
    },
  },
  properties: [actsWhenConfirmed],
  scenarios: [
    {
      name: 'confirmation-lost',
      title: 'The confirming member fails before the peer has heard of it',
      about: 'Two failovers over a network that loses messages and keeps their order, without anything else.',
      sizes: {
        small: { members: 3, failovers: 2, requests: 0, network: 'fifo' },
        medium: { members: 3, failovers: 2, requests: 1, bump: 1, network: 'fifo' },
      },
    },
  ],
} satisfies Revision;
