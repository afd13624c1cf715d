/** What the monitors of the properties remember, as far as it is about one item. */
import { emptySet, has, type NumberSet } from '../model/state/number-set.ts';
import { nonceOf } from '../model/state/numbers.ts';
import type { Shape } from '../src/derive/shape.ts';
import { integer, maybe, oneOf, record, value } from '../src/derive/shape.ts';
import type { Memory } from './theorem.ts';

/** A monitor without a memory. */
export const nothing: Memory = { shape: () => value(null), keep: (state) => state };

const same = (state: unknown): unknown => state;

/** A number for each end, once there is one. */
export const numberOfEach: Memory = {
  shape: () => record({ cluster: maybe(integer(-1)), peer: maybe(integer(-1)) }),
  keep: same,
};

/** A number for each end. */
export const countOfEach: Memory = {
  shape: () => record({ cluster: integer(-1), peer: integer(-1) }),
  keep: same,
};

/** What each end has shown to send and to expect next, once it has. */
export const shownByEach: Memory = {
  shape: () => record({ cluster: maybe(shown), peer: maybe(shown) }),
  keep: same,
};

const shown: Shape = record({ sends: integer(), expects: integer() });

/** Whether the item is among those that are remembered. */
const isKept = (items: unknown, any: unknown): boolean => (items as readonly unknown[]).includes(any);

const itemOrNone = (any: unknown): Shape => oneOf(value([]), value([any]));

/** Whether it is there, or the nonce of the peer with this number, or both. */
const kept = (items: unknown, any: number): readonly unknown[] =>
  [any, nonceOf('peer', any)].filter((item) => isKept(items, item));

/** A list of nonces: that of either end with the same number. */
export const listOfNonces: Memory = {
  shape: (any, peer) =>
    peer === 'plain'
      ? itemOrNone(any)
      : oneOf(...[[], [any], [nonceOf('peer', any)], [any, nonceOf('peer', any)]].map(value)),
  keep: kept,
};

/** The sets of the numbers that each end has sent on the Child SA. */
export const numbersOfEach: Memory = {
  shape: (any) => {
    const numberOrNone = maybe(oneOf(value([]), value([[any, any]])));
    return record({ [`cluster ${SPI}`]: numberOrNone, [`peer ${SPI}`]: numberOrNone });
  },
  keep: (state, any) =>
    Object.fromEntries(
      Object.entries(state as Readonly<Record<string, NumberSet | undefined>>).map(([sa, numbers]) => [
        sa,
        has(numbers ?? emptySet, any) ? [[any, any]] : [],
      ]),
    ),
};

/** The sets of the initialization vectors that each end has used under the first IKE SA. */
export const vectorsOfEach: Memory = {
  shape: (any) => {
    const vectorOrNone = maybe(oneOf(value([]), value([[any, any]])));
    return record({ cluster: vectorOrNone, peer: vectorOrNone });
  },
  keep: numbersOfEach.keep,
};

/** The Child SA that stands for any. */
export const SPI = 'c1';

/** A list of items for each end. */
export const listOfEach: Memory = {
  shape: (any) => record({ cluster: itemOrNone(any), peer: itemOrNone(any) }),
  keep: (state, any) => {
    const { cluster, peer } = state as { readonly cluster: unknown; readonly peer: unknown };
    return { cluster: isKept(cluster, any) ? [any] : [], peer: isKept(peer, any) ? [any] : [] };
  },
};

/** A list of nonces for each end, of sync requests of the other one. */
export const noncesOfEach: Memory = {
  shape: (any, peer) =>
    record({
      cluster: itemOrNone(peer === 'plain' ? any : nonceOf('peer', any)),
      peer: itemOrNone(any),
    }),
  keep: (state, any) => {
    const { cluster, peer } = state as { readonly cluster: unknown; readonly peer: unknown };
    return { cluster: kept(cluster, any), peer: kept(peer, any) };
  },
};
