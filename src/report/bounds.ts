/** The settings of an exploration, as they stand beside its verdict. */
import { settingSpecs, usual } from '../../model/index.ts';

/** Always told: how large the system is, what the network may do, how far M1 is advanced, when state is copied. */
const ALWAYS = ['members', 'failovers', 'requests', 'bump', 'state-sync', 'network'];

/** What goes without saying: the readings that all scenarios take unless they say otherwise, and what is not there. */
export const untold: Readonly<Record<string, string | number>> = {
  packets: 0,
  delta: 0,
  'replay-counter-sync': 'neither',
  ...Object.fromEntries(
    settingSpecs.flatMap(({ key, field }) => {
      const value = Object.entries(usual).find(([name]) => name === field)?.[1];
      return value === undefined ? [] : [[key, value]];
    }),
  ),
};

/** Told although it is the usual one: what another setting is about. */
const mattersIn = (bounds: Readonly<Record<string, string | number>>, key: string): boolean =>
  key === 'lag' && bounds['state-sync'] === 'periodic';

/** In one line: `members=2 failovers=1 ...`; of the readings only those that are not the usual ones. */
export const boundsText = (bounds: Readonly<Record<string, string | number>>): string =>
  Object.entries(bounds)
    .filter(([key, value]) => ALWAYS.includes(key) || value !== untold[key] || mattersIn(bounds, key))
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
