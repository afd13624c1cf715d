/** RFC 4303, IP Encapsulating Security Payload (ESP), as far as a failover depends on it: its sections, by file. */
import * as extendedNumbers from './2.2.1-extended-sequence-numbers.ts';
import * as generation from './3.3.3-sequence-number-generation.ts';
import * as verification from './3.4.3-sequence-number-verification.ts';

export const sections = {
  'model/rfc4303/3.3.3-sequence-number-generation.ts': generation,
  'model/rfc4303/3.4.3-sequence-number-verification.ts': verification,
  'model/rfc4303/2.2.1-extended-sequence-numbers.ts': extendedNumbers,
};
