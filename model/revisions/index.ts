/** The revisions that are shipped, in the order of their dates. */
import { ikev2 } from './ikev2.ts';
import type { Revision } from './revision.ts';
import { rfc6311 } from './rfc6311.ts';

export const revisions: readonly Revision[] = [ikev2, rfc6311];
export type { Revision } from './revision.ts';
export { ikev2, rfc6311 };
