/** The revisions that are shipped, in the order of their dates. */
import { ikev2 } from './ikev2.ts';
import { ipsecha00 } from './ipsecha-00.ts';
import { ipsecha01 } from './ipsecha-01.ts';
import type { Revision } from './revision.ts';
import { rfc6311 } from './rfc6311.ts';

export const revisions: readonly Revision[] = [ikev2, ipsecha00, ipsecha01, rfc6311];
export {
  type Beginning,
  type Exchanges,
  type FieldKind,
  type OwnMessageKind,
  type OwnNotification,
  type Receiving,
  type Remembered,
  remembering,
} from './exchanges.ts';
export type { OwnScenario } from './own-scenario.ts';
export { hasRule, type OwnProperty, type Revision, rulesOf } from './revision.ts';
export { ikev2, ipsecha00, ipsecha01, rfc6311 };
