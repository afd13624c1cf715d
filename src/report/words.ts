/** Messages and states of the specification in a few words, for charts and tables. */
import { match } from 'ts-pattern';
import type { Content, Member, Message, SaState, Value } from '../../model/index.ts';

/** `request 0 a`: number and content; the same content is the same request. */
export const messageWords = (message: Message): string =>
  match(message)
    .with({ kind: 'request' }, ({ id, content }) => `request ${id} ${letter(content)}`)
    .with({ kind: 'response' }, ({ id, answers }) => `response ${id} to ${letter(answers)}`)
    .with({ kind: 'sync-request' }, ({ m1, p1, failoverCount }) =>
      failoverCount === undefined
        ? `sync request M1=${m1} P1=${p1}`
        : `sync request count=${failoverCount} M1=${m1} P1=${p1}`,
    )
    .with({ kind: 'sync-response' }, ({ p2, m2 }) => `sync response P2=${p2} M2=${m2}`)
    .exhaustive();

/** The counters of a box. */
export function stateWords(value: Value | undefined): string {
  if (typeof value !== 'object') return String(value ?? '');
  if (value.role === 'down') return 'down';
  if (value.role === 'standby') return `holds: ${counters(value.snapshot)}`;
  const waits = value.sa.outstanding;
  const waiting = waits === null ? '' : `, waits for ${waits.id} ${letter(waits.content)}`;
  return value.sync === null
    ? `${counters(value.sa)}${waiting}`
    : `syncing (knows: ${counters(value.sa)}${waiting})`;
}

const counters = (sa: SaState): string => `sends ${sa.expectedSend}, expects ${sa.expectedReceive}`;

/** Contents of requests as letters: a, b, c ... */
const letter = (content: Content): string =>
  typeof content === 'number' && content < 26 ? String.fromCharCode(97 + content) : String(content);

/** What a box is in the beginning. */
export const roleWords = (value: Member): string => (value.role === 'active' ? 'active' : value.role);
