/**
 * What a step of a box is: either it is taken, with its effects, or a rule forbids it.
 */
import type { RuleId } from '../catalogue.ts';
import type { ActiveMember, Announced } from './member.ts';
import type { Endpoint, Message, NotifiedFields } from './messages.ts';
import type { Content, FailoverCount, IkeSaName, MessageId, Nonce, SequenceNumber, Spi } from './numbers.ts';

/** What the properties (`properties/`) see of a step. */
export type Observation =
  | {
      readonly kind: 'request-sent';
      readonly by: Endpoint;
      /** The IKE SA, where it is not the first. */
      readonly ikeSa?: IkeSaName;
      readonly id: MessageId;
      readonly content: Content;
      /** The lowest of its requests that wait for a response, this one included; and the size of the window. */
      readonly lowest: MessageId;
      readonly window: number;
    }
  | {
      readonly kind: 'request-processed';
      readonly by: Endpoint;
      readonly ikeSa?: IkeSaName;
      readonly id: MessageId;
      readonly content: Content;
      /** The lowest request that was still to come, and the size of the window. */
      readonly expected: MessageId;
      readonly window: number;
      /** P1 of its sync request, where that is not answered yet. */
      readonly declared?: MessageId;
    }
  | {
      readonly kind: 'response-taken';
      readonly by: Endpoint;
      readonly id: MessageId;
      /** Content of the request that waited for a response, and of the one that was answered. */
      readonly request: Content;
      readonly answers: Content;
    }
  | {
      readonly kind: 'sync-request-sent';
      readonly by: Endpoint;
      readonly ikeSa?: IkeSaName;
      readonly nonce: Nonce;
      readonly m1: MessageId;
      /** Absent in revisions that have no Failover Count. */
      readonly failoverCount?: FailoverCount;
      readonly announced: Announced;
      /** Whether a sync was begun for the same failover before; absent if not. */
      readonly again?: true;
    }
  | {
      /** A member took over, or counts anew; its sync requests carry this Failover Count. */
      readonly kind: 'failover-counted';
      readonly by: Endpoint;
      readonly count: FailoverCount;
      /** What it knew before. */
      readonly known: FailoverCount;
    }
  | {
      readonly kind: 'sync-request-accepted';
      readonly by: Endpoint;
      readonly ikeSa?: IkeSaName;
      readonly nonce: Nonce;
      readonly p2: MessageId;
      readonly m2: MessageId;
      readonly announced: Announced;
      /** Whether it had Message ID 0, the right form, and no other payload. */
      readonly wellFormed: boolean;
    }
  | {
      readonly kind: 'sync-response-accepted';
      readonly by: Endpoint;
      readonly ikeSa?: IkeSaName;
      /** Nonce of the response, and of the sync request that waits. */
      readonly nonce: Nonce;
      readonly pending: Nonce;
      /** What it expects and sends next, now that it has adopted P2 and M2. */
      readonly p2: MessageId;
      readonly m2: MessageId;
    }
  | {
      /** A message of IKE was encrypted, with an initialization vector that is not random. */
      readonly kind: 'iv-used';
      readonly by: Endpoint;
      readonly ikeSa?: IkeSaName;
      readonly iv: number;
    }
  | {
      /** The outgoing counters of all Child SAs were advanced, as the other end asked. */
      readonly kind: 'delta-applied';
      readonly by: Endpoint;
      /** Nonce or content of the request that asked. */
      readonly request: Nonce | Content;
      readonly announced: Announced;
    }
  | {
      readonly kind: 'esp-sent' | 'esp-accepted';
      readonly by: Endpoint;
      readonly spi: Spi;
      readonly number: SequenceNumber;
      readonly content: Content;
      /** Whether the counter began again after its maximum; absent if not. */
      readonly cycles?: true;
    }
  | {
      /** A packet that is new was dropped, since its number was inferred wrongly. */
      readonly kind: 'esp-misread';
      readonly by: Endpoint;
      readonly spi: Spi;
      readonly number: SequenceNumber;
      readonly inferred: SequenceNumber;
    }
  | {
      /** What an exchange of the revision's own has its own properties see. */
      readonly kind: 'own';
      readonly by: Endpoint;
      readonly name: string;
      readonly holds: NotifiedFields;
    };

/** What is observed where an end acts on the message that arrived. */
export type Acceptance = Extract<
  Observation,
  {
    readonly kind:
      | 'request-processed'
      | 'response-taken'
      | 'sync-request-accepted'
      | 'sync-response-accepted'
      | 'esp-accepted';
  }
>;

const ACCEPTS: Readonly<Record<Observation['kind'], boolean>> = {
  'request-processed': true,
  'response-taken': true,
  'sync-request-accepted': true,
  'sync-response-accepted': true,
  'esp-accepted': true,
  'request-sent': false,
  'sync-request-sent': false,
  'failover-counted': false,
  'iv-used': false,
  // Beside the request that asked, if that was acted on.
  'delta-applied': false,
  'esp-sent': false,
  'esp-misread': false,
  own: false,
};

/** Whether an observation says that an end acted on the message that arrived. */
export const isAcceptance = (seen: Observation): seen is Acceptance => ACCEPTS[seen.kind];

/** Whether a step answers a message: for the first time, or once more with the answer that it had given. */
export type Answer = 'none' | 'anew' | 'again';

/** A step that is taken. */
export interface Taken {
  readonly enabled: true;
  readonly answer: Answer;
  readonly member: ActiveMember;
  readonly sent: readonly Message[];
  readonly observations: readonly Observation[];
  /** Ids of the rules that shaped it. */
  readonly rules: readonly RuleId[];
}

/** A step that a rule forbids. */
export interface Refused {
  readonly enabled: false;
  /** Id of the first rule that forbids it; null where no rule does, but there is nothing that it could be a step of. */
  readonly rule: RuleId | null;
  readonly because: string;
}

export type Step = Taken | Refused;

type Named = { readonly text: { readonly id: RuleId } };

/** A step that a rule forbids. */
export const refused = (rule: Named, because: string): Refused => ({
  enabled: false,
  rule: rule.text.id,
  because,
});

/** What is no step at all: the text has no such exchange, or the message is not for this end. */
export const noStep = (because: string): Refused => ({ enabled: false, rule: null, because });

/** A step that is taken. */
export const taken = (
  member: ActiveMember,
  rules: readonly Named[],
  effects: {
    readonly answer?: Answer;
    readonly sent?: readonly Message[];
    readonly observations?: readonly Observation[];
  } = {},
): Taken => ({
  enabled: true,
  answer: effects.answer ?? 'none',
  member,
  sent: effects.sent ?? [],
  observations: effects.observations ?? [],
  rules: rules.map((each) => each.text.id),
});
