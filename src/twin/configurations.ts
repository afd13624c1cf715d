/** What is counted twice, and how much there is of it: by the explorer and by SPIN. */
import type { TwinOptions } from './promela.ts';

/** A configuration, and what both have to count. */
export interface TwinConfiguration extends TwinOptions {
  readonly counts: Counted;
  /** Whether it is small enough for `npm test`. */
  readonly isQuick: boolean;
}

/** Of a property that is violated the steps of the shortest run that violates it; how many states are seen until then, differs. */
export type Counted =
  | { readonly states: number; readonly transitions: number; readonly depth: number }
  | { readonly violatedIn: number };

const usual: TwinOptions = {
  revision: 'rfc6311',
  members: 2,
  requests: 1,
  failovers: 1,
  retries: 0,
  bump: 1,
  stateSync: 'any',
  without: [],
  property: 'message-id-monotonicity',
};

const holds = (
  changed: Partial<TwinOptions>,
  [states, transitions, depth]: readonly [number, number, number],
  isQuick = false,
): TwinConfiguration => ({ ...usual, ...changed, counts: { states, transitions, depth }, isQuick });

const violated = (changed: Partial<TwinOptions>, violatedIn: number, isQuick = false): TwinConfiguration => ({
  ...usual,
  ...changed,
  counts: { violatedIn },
  isQuick,
});

/** In the order of the table in docs/trust.md. */
export const configurations: readonly TwinConfiguration[] = [
  holds({ revision: 'ikev2' }, [164, 632, 8]),
  holds({ revision: 'ikev2', property: 'sync-response-fresh', failovers: 2 }, [280, 1_124, 10]),
  holds({ revision: 'ikev2', property: 'sync-response-fresh', requests: 2 }, [1_563, 7_145, 16], true),
  violated({ revision: 'ikev2', property: 'request-at-most-once' }, 4),
  holds({ revision: 'ipsecha-01', property: 'request-at-most-once', retries: 1 }, [826, 2_376, 12]),
  holds({ revision: 'ipsecha-01', property: 'request-at-most-once', requests: 2 }, [4_958, 17_049, 17], true),
  holds(
    { revision: 'ipsecha-01', property: 'sync-request-once', members: 3, failovers: 2 },
    [31_614, 111_916, 16],
  ),
  violated({ revision: 'ipsecha-01', property: 'sync-request-once', without: ['IPSECHA01-FC-OBSERVED'] }, 3),
  holds({ property: 'sync-response-fresh' }, [407, 1_160, 11]),
  holds({ bump: 0 }, [379, 1_123, 10]),
  holds({ requests: 2 }, [4_847, 16_777, 17], true),
  holds({ requests: 3, bump: 3, stateSync: 'never' }, [1_410, 4_083, 21]),
  holds({ failovers: 2, retries: 1, bump: 0 }, [6_127, 16_190, 16]),
  holds({ property: 'request-at-most-once', requests: 3, bump: 3 }, [32_032, 122_104, 23]),
  holds({ property: 'sync-request-once', requests: 2, failovers: 2, bump: 2 }, [35_587, 108_382, 20]),
  holds({ property: 'sync-response-fresh', requests: 4, bump: 4 }, [147_790, 602_781, 29]),
  violated({ requests: 3, bump: 1 }, 8),
  violated({ property: 'sync-request-once', without: ['RFC6311-5.1-DROP-STALE'] }, 3, true),
  violated({ property: 'sync-response-fresh', failovers: 2, without: ['RFC6311-5.1-NONCE-CHECK'] }, 5),
];

/** As a table of Markdown. */
export const configurationsTable = (): string =>
  [
    '| revision | members | requests | failovers | retries | bump | state syncs | property | states | transitions | depth |',
    '| --- | ---: | ---: | ---: | ---: | ---: | --- | --- | ---: | ---: | ---: |',
    ...configurations.map(
      ({ revision, without, members, requests, failovers, retries, bump, stateSync, property, counts }) => {
        const counted =
          'violatedIn' in counts
            ? [`violated in ${counts.violatedIn} steps`, '', '']
            : [counts.states, counts.transitions, counts.depth].map((count) => count.toLocaleString('en'));
        const cells = [
          [revision, ...without.map((rule) => `without ${rule}`)].join(' '),
          ...[members, requests, failovers, retries, revision === 'ikev2' ? '' : bump],
          stateSync,
          `\`${property}\``,
          ...counted,
        ];
        return `| ${cells.join(' | ')} |`;
      },
    ),
  ].join('\n');
