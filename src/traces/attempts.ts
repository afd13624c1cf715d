/** Attempts to make a message that was seen by a step of the specification: one function for each kind of message. */
import {
  beginRequest,
  type Content,
  type CounterSync,
  type Endpoint,
  hasMessageIdZero,
  isAlone,
  isWellFormed,
  type Refused,
  receive,
  type SyncRequest,
  type SyncResponse,
  sendSyncRequest,
  type Taken,
} from '../../model/index.ts';
import type { Attempt, Context, Inbox } from './explanation.ts';
import type { Form } from './interpret.ts';

/** A condition that fails, by the id of its rule. */
export const refuse = (rule: string, because: string): Refused => ({ enabled: false, rule, because });

const NOT_IN_REVISION = refuse('RFC6311-5-NEGOTIATED', 'this revision has no counter sync');

/** An attempt to begin a request with this Message ID. */
export const toSendRequest =
  (context: Context, id: number, content: Content): Attempt =>
  (member) => {
    if (member.sa.outstanding.some((each) => each.id === id)) {
      return [refuse('RFC7296-2.1-RETRANSMISSION', `request ${id} was sent before, with other octets`)];
    }
    const step = beginRequest(context.revision, context.end, member, content);
    if (!step.enabled) return [step];
    const request = step.sent[0];
    if (request?.kind === 'request' && request.id === id) return [step];
    return [
      {
        enabled: false,
        rule: 'RFC7296-2.2-NEXT-ID',
        because: `the next Message ID of its sender is ${member.sa.expectedSend}`,
      },
    ];
  };

/** An attempt to answer a request of the other end that has this Message ID, for the first time. */
export const toAnswer =
  (context: Context, inbox: Inbox, other: Endpoint, id: number): Attempt =>
  (member) =>
    (inbox.requests.get(id) ?? []).map((content) => {
      const step = receive(context.revision, context.policies, context.end, member, {
        kind: 'request',
        from: other,
        id,
        content,
      });
      if (step.enabled && step.member === member) {
        return {
          enabled: false,
          rule: 'RFC7296-2.1-RETRANSMISSION',
          because: `request ${id} was answered before, with other octets`,
        };
      }
      return step;
    });

/** An attempt to ask for the counters with just this M1, P1 and nonce. */
export const toSendSync =
  (context: Context, seen: SyncRequest): Attempt =>
  ({ sa }) => {
    const rules = context.revision.counterSync;
    if (rules === null) return [NOT_IN_REVISION];
    const p1Ahead = seen.p1 - rules.chooseP1(sa);
    if (p1Ahead < 0) {
      return [
        refuse(
          'RFC6311-5.1-P1',
          `P1 is ${seen.p1}, but ${sa.expectedReceive - 1} is known to have come from the other end`,
        ),
      ];
    }
    const bump = seen.m1 - rules.lowestM1(sa);
    return [sendSyncRequest(rules, context.end, sa, { nonce: seen.nonce, bump, p1Ahead })];
  };

/** Attempts to answer one of the sync requests with just this response. */
export const toAnswerSync =
  (context: Context, requests: readonly SyncRequest[], seen: SyncResponse): Attempt =>
  (member) =>
    requests.map((request): Taken | Refused => {
      const step = receive(context.revision, context.policies, context.end, member, request);
      if (!step.enabled) return step;
      // From a cache come the same octets; these are others.
      if (step.member === member) {
        return refuse('RFC6311-5.1-DROP-STALE', 'the sync request was answered before, with other octets');
      }
      const sent = step.sent[0];
      if (sent?.kind !== 'sync-response') return NOT_IN_REVISION;
      if (sent.nonce !== seen.nonce) {
        return refuse('RFC6311-5.1-NONCE-ECHO', `the nonce of the request is ${sent.nonce}`);
      }
      if (sent.p2 !== seen.p2) {
        return refuse(
          'RFC6311-5.1-P2',
          `P2 is ${seen.p2}, where P1 is ${request.p1} and the peer sends ${member.sa.expectedSend} next`,
        );
      }
      if (seen.m2 < sent.m2) {
        return refuse('RFC6311-5.1-M2', `M2 is ${seen.m2}, which has to be at least ${sent.m2}`);
      }
      // M2 may be higher than it has to be; the peer then expects just that.
      return { ...step, member: { ...step.member, sa: { ...step.member.sa, expectedReceive: seen.m2 } } };
    });

/** The first condition on the form of a sync message that fails. */
export function malformation(
  rules: CounterSync | null,
  message: SyncRequest | SyncResponse,
  form: Form,
): Refused | null {
  if (rules?.isWellFormed(message) === false) {
    return refuse(
      isWellFormed.text.id,
      `the notification is malformed: ${form.defect ?? 'its form is wrong'}`,
    );
  }
  if (rules?.isAlone(message) === false) {
    return refuse(isAlone.text.id, `it holds a further payload, ${message.otherPayloads.join(', ')}`);
  }
  if (rules?.hasMessageIdZero(message) === false) {
    return refuse(hasMessageIdZero.text.id, `its Message ID is ${message.id}, not 0`);
  }
  return null;
}
