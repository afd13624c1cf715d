/**
 * Traces of the specification that the validator does not find conformant: what it gets wrong, as far as is known.
 * A verdict on a generated trace has to be right, or to be listed here; what is mended has to be taken off the list.
 */
import type { Settings } from '../../model/index.ts';
import type { Finding, Validation } from '../traces/finding.ts';
import type { Generated } from './generate.ts';

export interface Case {
  readonly revision: string;
  readonly settings: Settings;
  readonly generated: Generated;
}

export interface Misjudgement {
  readonly id: string;
  /** What the validator takes for a fault, and why it is none. */
  readonly why: string;
  readonly fits: (seen: Case, finding: Finding) => boolean;
  /** A trace that shows it, of seed 5 and 40 steps at size medium. */
  readonly example: {
    readonly revision: string;
    readonly scenario: string;
    readonly observer: 'wire' | 'peer-tap' | 'random';
    readonly trace: number;
  };
}

export const misjudgements: readonly Misjudgement[] = [
  {
    id: 'failover-count-on-the-wire',
    why: 'With the Failover Count, a sync request has 16 octets of data, which is taken for a wrong form.',
    fits: ({ revision }, { rule }) => revision === 'ipsecha-01' && rule === 'RFC6311-6.3-FORMAT',
    example: { revision: 'ipsecha-01', scenario: 'single-failover', observer: 'wire', trace: 5 },
  },
  {
    id: 'begins-late',
    why: 'A trace begins after a message was sent: its retransmission is taken for a new request, and the response to it for one to nothing.',
    fits: ({ generated: { late } }) => late > 0,
    example: { revision: 'rfc6311', scenario: 'single-failover', observer: 'random', trace: 111 },
  },
  {
    id: 'window-not-seen',
    why: 'Without the contents of IKE_AUTH, nobody knows how many requests may be under way (SET_WINDOW_SIZE); 1 is taken for granted.',
    fits: ({ settings, generated: { contents } }) => !contents && settings.window > 1,
    example: { revision: 'rfc6311', scenario: 'larger-window', observer: 'random', trace: 54 },
  },
  {
    id: 'syncs-not-read',
    why: 'Where sync messages cannot be read and both ends send them, some are taken for ordinary messages with Message ID 0.',
    fits: ({ settings, generated: { contents } }) => !contents && settings.peerMembers > 1,
    example: { revision: 'rfc6311', scenario: 'simultaneous-failover', observer: 'random', trace: 139 },
  },
  {
    id: 'overtaken-sync-request',
    why: 'Sync requests cross, and a tap at one end sees the response before the sync request that was sent before it: its P2 counts the M1 that is seen later.',
    fits: ({ settings, generated: { by } }, { rule }) =>
      settings.peerMembers > 1 && (by === 'peer-tap' || by === 'cluster-tap') && rule === 'RFC6311-5.1-P2',
    example: { revision: 'rfc6311', scenario: 'simultaneous-failover', observer: 'peer-tap', trace: 21 },
  },
];

/**
 * The findings that the run does not bear out: it breaks no such property. What a revision does not prevent, its
 * runs may break, and a finding of that is right.
 */
export const unfounded = ({ findings }: Validation, { breaks }: Generated): readonly Finding[] =>
  findings.filter(({ property }) => property === undefined || !breaks.includes(property));
