/** Everything that is to be proved for numbers without bounds. */
import type { Obligation } from '../src/prove/obligation.ts';
import { messageIdUnique, messageIdUniqueUnassumed } from './message-id-unique.ts';

/** By id; each id occurs once. */
export const obligations: readonly Obligation[] = [messageIdUnique, messageIdUniqueUnassumed];
