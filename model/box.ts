/**
 * What a box does with a message that arrives, whatever the message is.
 */
import { match } from 'ts-pattern';
import { adopt, receiveSyncRequest, receiveSyncResponse } from './counter-sync.ts';
import { isAddressedTo, receiveRequest, receiveResponse, sendRequest } from './ike.ts';
import { type ActiveMember, isSyncing } from './member.ts';
import type { Content, Endpoint, Message } from './messages.ts';
import type { Policies } from './policies.ts';
import type { Revision } from './revisions/revision.ts';
import { rule } from './rules/rule.ts';
import { refused, type Step } from './step.ts';

/** RFC 6311, 8.1. Whether an ordinary message is looked at now. */
export const looksAtOrdinary = rule(
  {
    id: 'RFC6311-8.1-WHILE-SYNCING',
    document: 'RFC6311',
    section: '8.1',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'Ordinary messages while the sync request is unanswered',
    says: 'What the newly active member does with requests and responses while its counters are not yet known, the text leaves open: hold them back, or process them with the counters of the snapshot.',
  },
  (member: ActiveMember, whileSyncing: Policies['whileSyncing']): boolean =>
    whileSyncing === 'process' || !isSyncing(member),
);

/**
 * An application at the active member wants an exchange. It has to wait while the counters are being synced:
 * only from the response on is the next Message ID known (RFC 6311, 5.1).
 */
export function beginRequest(revision: Revision, by: Endpoint, member: ActiveMember, content: Content): Step {
  if (isSyncing(member)) return refused(adopt, 'its sync request is not answered yet, so M2 is not known');
  return sendRequest(revision.ike, by, member, content);
}

/** A message of the other end arrives at the active member. */
export function receive(
  revision: Revision,
  policies: Policies,
  by: Endpoint,
  member: ActiveMember,
  message: Message,
): Step {
  if (!isAddressedTo(by, message)) return notForUs(by);
  const { ike, counterSync } = revision;
  return match(message)
    .with({ kind: 'sync-request' }, (request) =>
      counterSync === null
        ? unknownExchange()
        : receiveSyncRequest(counterSync, policies, by, member, request),
    )
    .with({ kind: 'sync-response' }, (response) =>
      counterSync === null ? unknownExchange() : receiveSyncResponse(counterSync, by, member, response),
    )
    .otherwise((ordinary) => {
      if (!looksAtOrdinary(member, policies.whileSyncing)) {
        return refused(looksAtOrdinary, 'its sync request is not answered yet');
      }
      return ordinary.kind === 'request'
        ? receiveRequest(ike, by, member, ordinary)
        : receiveResponse(ike, by, member, ordinary);
    });
}

const notForUs = (by: Endpoint): Step => ({
  enabled: false,
  rule: 'RFC7296-2.2-NEXT-ID',
  because: `the message was sent by the ${by} itself`,
});

const unknownExchange = (): Step => ({
  enabled: false,
  rule: 'RFC6311-5-NEGOTIATED',
  because: 'counter sync is not part of this revision, or was not negotiated',
});
