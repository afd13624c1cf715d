import type { Revision } from '../revisions/revision.ts';
import { getsThrough } from '../rfc4303/3.4.3-sequence-number-verification.ts';
import type { ChildSa } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import { add, emptySet, has, type NumberSet } from '../state/number-set.ts';
import type { Content, Nonce } from '../state/numbers.ts';
import { everyKind, whenActive } from './places.ts';
import { broken, fine, type ProgressProperty, type PropertyText, safety } from './property.ts';
import { inStep } from './recovery.ts';

const withoutPackets: PropertyText['nothingToBreak'] = (_, { packets }) =>
  packets === 0 ? 'no packets are sent' : undefined;

/** The numbers sent so far, for each Child SA in each direction. */
export const espSequenceUnique = safety<Readonly<Record<string, NumberSet>>>({
  id: 'esp-sequence-unique',
  title: 'No ESP sequence number is sent twice',
  says: 'No sequence number is sent twice on one SA in one direction, and no counter begins again; with a counter-mode cipher that would be fatal.',
  rules: [
    'RFC4303-3.3.3-NEXT-NUMBER',
    'RFC4303-3.3.3-NEVER-REPEAT',
    'RFC6311-5.2-OWN-BUMP',
    'RFC6311-5.2-BUMP-SHARED',
    'RFC6311-5.2-NO-CYCLE',
  ],
  nothingToBreak: withoutPackets,
  watch: {
    initial: {},
    observe: (sent, seen) => {
      if (seen.kind !== 'esp-sent') return fine(sent);
      const sa = `${seen.by} ${seen.spi}`;
      const numbers = sent[sa] ?? emptySet;
      if (seen.cycles) return broken(`the counter of the ${seen.by} for SPI ${seen.spi} begins again`);
      if (has(numbers, seen.number)) {
        return broken(
          `the ${seen.by} sends ESP sequence number ${seen.number} of SPI ${seen.spi} a second time`,
        );
      }
      return fine({ ...sent, [sa]: add(numbers, seen.number) });
    },
  },
});

/** The packets that each end has accepted, by their contents. */
export const espReplayRejected = safety<Readonly<Record<Endpoint, readonly Content[]>>>({
  id: 'esp-replay-rejected',
  title: 'No ESP packet is accepted twice',
  says: 'No ESP packet is accepted twice by one logical endpoint, whichever of its members was active when.',
  rules: [
    'RFC4303-3.4.3-ANTI-REPLAY',
    'RFC6311-5.2-IN-WINDOW',
    'RFC6311-5.2-BUMP-SHARED',
    'RFC6311-8.2-OUTSIDE-WINDOW',
  ],
  nothingToBreak: withoutPackets,
  watch: {
    initial: { cluster: [], peer: [] },
    observe: (accepted, seen) => {
      if (seen.kind !== 'esp-accepted') return fine(accepted);
      const before = accepted[seen.by];
      if (before.includes(seen.content)) {
        return broken(
          `the ${seen.by} accepts the packet with sequence number ${seen.number} of SPI ${seen.spi} a second time`,
        );
      }
      return fine({ ...accepted, [seen.by]: [...before, seen.content].sort() });
    },
  },
});

/** The requests whose delta was added, for each end. */
export const deltaAddedOnce = safety<Readonly<Record<Endpoint, readonly (Content | Nonce)[]>>>({
  id: 'delta-added-once',
  title: 'No delta is added twice',
  says: 'The delta of one request is added to the outgoing ESP counters once, however often the request arrives.',
  rules: ['RFC6311-5.2-ONCE', 'RFC6311-5.2-ORDER', 'RFC6311-5.1-DROP-STALE', 'IPSECHA01-FC-OBSERVED'],
  nothingToBreak: ({ replaySync }, { replayCounterSync }) =>
    replaySync === null || replayCounterSync === 'neither' ? 'no delta is sent' : undefined,
  watch: {
    initial: { cluster: [], peer: [] },
    observe: (added, seen) => {
      if (seen.kind !== 'delta-applied') return fine(added);
      const before = added[seen.by];
      if (before.includes(seen.request)) {
        return broken(`the ${seen.by} adds the delta of the request ${seen.request} a second time`);
      }
      return fine({ ...added, [seen.by]: [...before, seen.request].sort() });
    },
  },
});

export const esnInferredRight = safety<null>({
  id: 'esn-inferred-right',
  title: 'No new packet is lost because its upper half is inferred wrongly',
  says: 'With extended sequence numbers, the receiver of a packet that is new in its anti-replay window infers the number that the packet has. That ends at 2^32 - W above the top of a window of W (RFC 4303, A2.2): an upper bound of all by which the counters are advanced and the window is not, which RFC 6311 does not give. Deltas add up on an SA that is idle.',
  rules: [
    'RFC4303-2.2.1-ESN',
    'RFC6311-5.2-OWN-BUMP',
    'RFC6311-5.2-PEER-DELTA',
    'RFC6311-5.2-REKEY-AFTER-SKIP',
  ],
  nothingToBreak: (_revision, { packets, esn }) =>
    packets === 0 || esn === 'off' ? 'no packets with extended sequence numbers are sent' : undefined,
  watch: {
    initial: null,
    observe: (_, seen) =>
      seen.kind === 'esp-misread'
        ? broken(
            `the ${seen.by} takes the packet with sequence number ${seen.number} of SPI ${seen.spi} for number ${seen.inferred}, and drops it`,
          )
        : fine(null),
  },
});

export const espGetsThrough: ProgressProperty = {
  id: 'esp-gets-through',
  title: 'Once the ends are in step, packets get through',
  says: 'Whenever both ends are in step after a failover, with no sync under way and no request outstanding, the next packet of either end on each Child SA that both have is accepted by the other: it is not taken for a replay. Packets that were sent before may be lost (RFC 6311, 8.2).',
  rules: [
    'RFC6311-5.2-OWN-BUMP',
    'RFC6311-5.2-PEER-DELTA',
    'RFC6311-5.2-IN-WINDOW',
    'RFC6311-5.2-REKEY-AFTER-SKIP',
    'RFC4303-2.2.1-ESN',
    'RFC4303-3.4.3-ANTI-REPLAY',
  ],
  nothingToBreak: withoutPackets,
  stuck: 'the two ends are in step, but the next packet of one of them would not be accepted by the other',
  claim: (world) => ({
    scope: inStep(world),
    goal: whenActive(world, (one, other) =>
      packetsGetThrough(world.revision, one.sa.childSas, other.sa.childSas),
    ),
    // That it holds wherever the ends are in step: no step at all may be needed.
    reached: { by: 'some run', without: everyKind(world) },
  }),
};

/** Whether the next packet of either end gets through, on each Child SA that both have. */
export const packetsGetThrough = (
  rules: Pick<Revision, 'esp'>,
  one: readonly ChildSa[],
  other: readonly ChildSa[],
): boolean =>
  one.every((child) => {
    const same = other.find(({ spi }) => spi === child.spi);
    return same === undefined || (getsThrough(rules, child, same) && getsThrough(rules, same, child));
  });
